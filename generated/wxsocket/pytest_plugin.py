# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 2f18822b421a43d2).
# Do not edit; run: wxgen generate
"""The pytest plugin: fixtures for tests of apps without a network.

A test that uses one fails when a callback or listener raises.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wxruntime.websocket.pytest_plugin import closed_at_end, pytest_runtest_call, wx_server
from wxruntime.websocket.testing import FakeServer

from .api import Wx

__all__ = ["pytest_runtest_call", "wx_app", "wx_server"]


@pytest.fixture
def wx_app(request: pytest.FixtureRequest, wx_server: FakeServer) -> Iterator[Wx]:
    """A `Wx` on `wx_server`, closed with 1000 when the test's function has ended."""
    yield from closed_at_end(request, Wx(network=wx_server))
