"""The servers of these tests."""

from servers.fixtures import echo as echo
from servers.fixtures import start as start
