"""The pytest plugin: alone, beside pytest-asyncio, beside anyio's plugin."""

from __future__ import annotations

import textwrap

import pytest

pytest_plugins = ["pytester"]

PLAIN = ["-p", "no:asyncio", "-p", "no:anyio"]
BESIDE = {
    "pytest-asyncio": ["-p", "no:anyio"],
    "pytest-asyncio auto": ["-p", "no:anyio", "--asyncio-mode=auto"],
    "anyio": ["-p", "no:asyncio"],
    "anyio beside pytest-asyncio": [],
}
MARKS = {
    "pytest-asyncio": "@pytest.mark.asyncio",
    "pytest-asyncio auto": "",
    "anyio": "@pytest.mark.anyio",
    "anyio beside pytest-asyncio": "@pytest.mark.anyio",
}

HEAD = """
    import asyncio

    import pytest
    from wxsocket import Wx

    links = []

    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""


def run(
    pytester: pytest.Pytester, options: list[str], body: str, **outcomes: int
) -> pytest.RunResult:
    """Run a file of tests in a process of its own, and see how they end."""
    pytester.makepyfile(textwrap.dedent(HEAD) + textwrap.dedent(body))
    result = pytester.runpytest_subprocess(
        "-p", "no:xdist", "-p", "no:cacheprovider", *options, timeout=60
    )
    result.assert_outcomes(**outcomes)
    return result


PLAIN_TESTS = """
    def test_green(wx_server, wx_app):
        with wx_app.connectSocket(url="ws://host/") as task:
            task.send(data="x")
            assert wx_server.links[0].received == ["x"]

    def test_listener(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        @task.onMessage
        def _(res):
            assert res.data == "other", "said by the listener"
        wx_server.links[0].send("one")
        wx_server.links[0].close()
        wx_app.run()

    def test_nothing_was_driven(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        @task.onMessage
        async def _(res):
            await asyncio.sleep(0)
            assert not res.data
        wx_server.links[0].send("one")

    def test_callback(wx_app):
        wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)

    def test_own_failure(wx_server, wx_app):
        wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)
        raise LookupError("by the test")

    def test_own_skip(wx_server, wx_app):
        wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)
        pytest.skip("by the test")

    def test_app_of_its_own(wx_server):
        app = Wx(network=wx_server)
        with app.connectSocket(url="ws://host/") as task:
            task.onClose(lambda res: 1 / 0)

    def test_several(wx_app):
        for _ in range(2):
            wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)

    def test_left_open(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        links.append(wx_server.links[0])

    def test_was_closed():
        assert links.pop().closedWith == (1000, "")

    def test_without_the_fixtures():
        Wx().sendSocketMessage(data="x", fail=lambda res: 1 / 0)
"""


def test_plain_tests(pytester: pytest.Pytester) -> None:
    result = run(pytester, PLAIN, PLAIN_TESTS, passed=4, failed=6, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*said by the listener*",
            "FAILED *::test_listener - AssertionError*",
            "FAILED *::test_nothing_was_driven - AssertionError*",
            "FAILED *::test_callback - ZeroDivisionError*",
            "FAILED *::test_own_failure - LookupError: by the test",
            "FAILED *::test_app_of_its_own - ZeroDivisionError*",
            "FAILED *::test_several - *callbacks raised*",
        ]
    )


@pytest.mark.parametrize("beside", BESIDE)
def test_plain_tests_beside_others(pytester: pytest.Pytester, beside: str) -> None:
    run(pytester, BESIDE[beside], PLAIN_TESTS, passed=4, failed=6, skipped=1)


COROUTINES = """
    MARK
    async def test_green(wx_server, wx_app):
        async with wx_app.connectSocket(url="ws://host/") as task:
            link = await wx_server.nextLink()
            await task.send(data="x")
            assert await link.nextMessage() == "x"
            link.send("y")
            assert await task.receive() == "y"

    MARK
    async def test_listener(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        @task.onMessage
        def _(res):
            assert res.data == "other", "said by the listener"
        link = await wx_server.nextLink()
        link.send("one")
        link.close()
        await task.waitClosed()

    MARK
    async def test_ends_at_once(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        @task.onMessage
        async def _(res):
            await asyncio.sleep(0)
            assert not res.data
        (await wx_server.nextLink()).send("one")

    MARK
    async def test_at_the_close(wx_server, wx_app):
        task = wx_app.connectSocket(url="ws://host/")
        await wx_server.nextLink()
        task.onClose(lambda res: 1 / 0)

    MARK
    async def test_own_failure(wx_server, wx_app):
        wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)
        raise LookupError("by the test")

    MARK
    async def test_own_failure_alone(wx_server, wx_app):
        wx_app.connectSocket(url="ws://host/")
        raise LookupError("alone")

    MARK
    async def test_own_skip(wx_server, wx_app):
        wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)
        pytest.skip("by the test")

    class TestMethod:
        MARK
        async def test_left_open(self, wx_server, wx_app):
            async with asyncio.timeout(5):
                task = wx_app.connectSocket(url="ws://host/")
                links.append(await wx_server.nextLink())

    def test_was_closed():
        assert links.pop().closedWith == (1000, "")
"""


@pytest.mark.parametrize("beside", BESIDE)
def test_coroutines(pytester: pytest.Pytester, beside: str) -> None:
    body = COROUTINES.replace("MARK", MARKS[beside])
    result = run(pytester, BESIDE[beside], body, passed=3, failed=5, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*said by the listener*",
            "FAILED *::test_listener* - AssertionError*",
            "FAILED *::test_ends_at_once* - AssertionError*",
            "FAILED *::test_at_the_close* - ZeroDivisionError*",
            "FAILED *::test_own_failure* - LookupError: by the test",
            "FAILED *::test_own_failure_alone* - LookupError: alone",
        ]
    )


def test_links_that_a_fixture_makes_on_the_loop_of_pytest_asyncio(
    pytester: pytest.Pytester,
) -> None:
    run(
        pytester,
        BESIDE["pytest-asyncio"],
        """
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def task(wx_app):
            task = wx_app.connectSocket(url="ws://host/")
            async with asyncio.timeout(5):
                while task.readyState == 0:
                    await asyncio.sleep(0)
            yield task
            assert task.readyState == 3

        def test_plain(task, wx_server):
            assert task.readyState == 1
            links.append(wx_server.links[0])

        def test_was_closed():
            assert links.pop().closedWith == (1000, "")
        """,
        passed=2,
    )


def test_what_is_raised_in_a_teardown(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        PLAIN,
        """
        @pytest.fixture
        def late(wx_app):
            yield
            wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)

        def test_late(late):
            pass
        """,
        passed=1,
        errors=1,
    )


def test_what_is_raised_in_a_setup(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        PLAIN,
        """
        @pytest.fixture
        def early(wx_app):
            wx_app.sendSocketMessage(data="x", fail=lambda res: 1 / 0)

        def test_early(early):
            pass
        """,
        failed=1,
    )
