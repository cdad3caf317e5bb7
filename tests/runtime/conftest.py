"""The servers and event loops of these tests.

A test with the fixture ``echo`` runs on the network and in memory, so that `FakeServer` cannot drift
from the network, unless it is marked with ``needs_sockets``.
"""

import pytest

from servers.fixtures import each_loop as each_loop
from servers.fixtures import either_echo as echo  # noqa: F401
from servers.fixtures import start as start


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_sockets: what only a network does")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "echo" in metafunc.fixturenames:
        is_real = metafunc.definition.get_closest_marker("needs_sockets") is not None
        networks = ["network"] if is_real else ["network", "memory"]
        metafunc.parametrize("echo", networks, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A network in memory is the same on every loop: one is enough for it."""
    spare = {item for item in items if "memory" in item.name and "uvloop" in item.name}
    if spare:
        config.hook.pytest_deselected(items=list(spare))
        items[:] = [item for item in items if item not in spare]
