"""The example of a locustfile, as the README runs it."""

from __future__ import annotations

from pathlib import Path

from servers.echo import EchoServer
from servers.load import headless, needs_locust, run_locust

LOCUSTFILE = Path(__file__).with_name("locustfile.py")


@needs_locust
def test_the_example_reports_what_the_server_has_seen(tmp_path: Path, echo: EchoServer) -> None:
    load = run_locust(
        tmp_path, LOCUSTFILE, *headless(5, 2), "--host", echo.url, "--stop-timeout", "5"
    )
    assert load.code == 0, load.stderr
    assert load.requests["connect"] == len(echo.clients) == 5
    assert load.requests["echo"] == sum(len(client.received) for client in echo.clients) >= 5
