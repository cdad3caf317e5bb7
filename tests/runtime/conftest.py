"""The servers and event loops of these tests."""

from servers.fixtures import each_loop as each_loop
from servers.fixtures import echo as echo
from servers.fixtures import start as start
