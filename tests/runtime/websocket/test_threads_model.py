"""Threads, loops and closes in every order, against a model of what may come of it.

The first test knows exactly what each call answers: one thread does everything, in plain code and in
event loops. In the second one threads do what they like at the same time, so it knows only what must
hold whichever of them was first.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servers import PATIENCE
from servers.echo import EchoServer
from servers.texts import (
    CLOSE_NOT_CONNECTED,
    CLOSE_OK,
    CONNECT_OK,
    NO_TASK,
    NOT_OPEN,
    SEND_NOT_CONNECTED,
    SEND_OK,
    TOO_MANY,
)
from wxruntime.call import Call
from wxsocket import GeneralCallbackResult, SocketTask, Wx, WxError
from wxsocket.testing import FakeServer

LIMIT = 5

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

CONNECT, SEND, CLOSE, SEND_MAIN, CLOSE_MAIN = "connect", "send", "close", "send main", "close main"

Op = tuple[str, int]
"""A call, and the number of the link that it is made on; numbers wrap around."""

one_op: st.SearchStrategy[Op] = st.tuples(
    st.sampled_from([CONNECT, CONNECT, CONNECT, SEND, CLOSE, SEND_MAIN, CLOSE_MAIN]),
    st.integers(0, 7),
)
some_ops = st.lists(one_op, min_size=1, max_size=6)


@pytest.fixture(autouse=True)
def problems() -> Iterator[list[object]]:
    """What reached a thread's exception hook, or the exception handler of any loop."""
    found: list[object] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler = Handler(logging.ERROR)
    logger = logging.getLogger("asyncio")  # where a loop's own exception handler writes
    logger.addHandler(handler)
    before = threading.excepthook
    threading.excepthook = lambda arguments: found.append(arguments.exc_value)
    yield found
    threading.excepthook = before
    logger.removeHandler(handler)


@dataclass(eq=False)
class Answer:
    """What the callbacks of one call received."""

    log: list[tuple[str, GeneralCallbackResult]] = field(default_factory=list)
    call: Call[GeneralCallbackResult] | None = None

    @property
    def options(self) -> dict[str, Any]:
        def note(kind: str) -> Callable[[GeneralCallbackResult], None]:
            return lambda res: self.log.append((kind, res))

        return {kind: note(kind) for kind in ("success", "fail", "complete")}

    @property
    def errMsg(self) -> str:
        return self.log[0][1].errMsg

    @property
    def is_accepted(self) -> bool:
        return bool(self.log) and self.log[0][0] == "success"

    def check(self) -> None:
        """See that the call was answered once, as its callbacks and its result say alike."""
        assert [kind for kind, _ in self.log] in (["success", "complete"], ["fail", "complete"])
        assert self.log[0][1] is self.log[1][1]
        assert self.errMsg.split(":")[1].startswith("ok" if self.is_accepted else "fail")
        if self.call is not None:
            try:
                result = self.call.result(timeout=PATIENCE).errMsg
            except WxError as failure:
                result = failure.errMsg
                assert not self.is_accepted
            assert result == self.errMsg


@dataclass(eq=False)
class Made:
    """A link, and its events."""

    answer: Answer
    task: SocketTask | None = None
    events: list[str] = field(default_factory=list)

    @property
    def holds_place(self) -> bool:
        return self.answer.is_accepted and self.task is not None and self.task.readyState < 2

    def check(self, *, is_told: bool) -> None:
        """See that the link has ended as it should.

        Args:
            is_told: Whether its loop went on until then, so that it tells of the close.
        """
        assert self.task is not None
        assert self.task.readyState == 3
        count = Counter(self.events)
        assert count["open"] <= 1
        if not self.answer.is_accepted:
            assert self.events == []
        elif is_told:
            assert count["close"] == 1
        else:
            assert count["close"] <= 1
        if "close" in count:
            assert self.events[-1] == "close"


class Program:
    """Makes calls on one `Wx`, and keeps what comes of each. To be used from any thread."""

    def __init__(self, app: Wx, url: str) -> None:
        self.app = app
        self.url = url
        self.made: list[Made] = []
        self.answers: list[Answer] = []

    def do(self, op: Op) -> Answer:
        kind, number = op
        answer = Answer()
        self.answers.append(answer)
        made = self.made[number % len(self.made)] if self.made else None
        task = None if made is None else made.task
        if kind == CONNECT:
            self._connect(answer)
        elif kind == SEND_MAIN:
            answer.call = self.app.sendSocketMessage(data="main", **answer.options)
        elif kind == CLOSE_MAIN:
            answer.call = self.app.closeSocket(code=1000, **answer.options)
        elif task is None:
            self.answers.remove(answer)
        elif kind == SEND:
            answer.call = task.send(data="x" * number, **answer.options)
        else:
            answer.call = task.close(code=1000, **answer.options)
        self.check_places()
        return answer

    def _connect(self, answer: Answer) -> None:
        made = Made(answer)
        task = self.app.connectSocket(url=self.url, **answer.options)
        # On another thread than the loop's the first events may have passed already.
        task.onOpen(lambda res: made.events.append("open"))
        task.onError(lambda res: made.events.append("error"))
        task.onClose(lambda res: made.events.append("close"))
        made.task = task
        self.made.append(made)

    def check_places(self) -> None:
        """See that no more links hold a place than may."""
        assert sum(made.holds_place for made in list(self.made)) <= LIMIT

    def turn(self) -> None:
        """Drive plain code for a moment."""
        try:
            self.app.run(timeout=0.001)
        except TimeoutError:
            pass


# What one thread does, of which everything is known.


class Model:
    """The states that the links are in, by the contract: 0 connecting, 1 open, 2 closing, 3 closed."""

    def __init__(self) -> None:
        self.states: list[int] = []
        self.main: int | None = None

    def answer(self, op: Op) -> str:
        """Carry out a call, and return what it answers."""
        kind, number = op
        at = number % len(self.states) if self.states else -1
        main = None if self.main is None else self.states[self.main]
        if kind == CONNECT:
            if sum(state < 2 for state in self.states) >= LIMIT:
                self.states.append(3)
                return TOO_MANY
            if main in (None, 3):
                self.main = len(self.states)
            self.states.append(0)
            return CONNECT_OK
        if kind == SEND_MAIN:
            return SEND_OK if main == 1 else SEND_NOT_CONNECTED
        if kind == CLOSE_MAIN:
            self.states = [
                2 if state < 2 and (index != self.main or state == 1) else state
                for index, state in enumerate(self.states)
            ]
            return CLOSE_OK if main == 1 else CLOSE_NOT_CONNECTED
        if at < 0:
            return ""
        if kind == SEND:
            return SEND_OK if self.states[at] == 1 else NOT_OPEN
        if self.states[at] >= 2:
            return NO_TASK
        self.states[at] = 2
        return CLOSE_OK

    def settle(self, links: Sequence[int]) -> None:
        """Let what is under way come to its end."""
        for at in links:
            self.states[at] = {0: 1, 2: 3}.get(self.states[at], self.states[at])

    def end(self, links: Sequence[int]) -> None:
        """The loop of these links has ended."""
        for at in links:
            self.states[at] = 3


Phase = tuple[str, list[Op], list[Op]]
"""Where calls are made, those before the links there have settled, and those after."""

PLAIN, RUN, CLOSED_LOOP = "plain", "asyncio.run", "closed loop"
phases = st.lists(
    st.tuples(st.sampled_from([PLAIN, PLAIN, RUN, CLOSED_LOOP]), some_ops, some_ops),
    min_size=1,
    max_size=5,
)


@given(phases)
@settings(BOUNDED, max_examples=60)
def test_one_thread_that_changes_loops(problems: list[object], program: list[Phase]) -> None:
    problems.clear()
    server = FakeServer()
    done = Program(Wx(network=server), "ws://example.com")
    model = Model()
    plain: list[int] = []

    def make(ops: list[Op]) -> list[int]:
        first = len(done.made)
        for op in ops:
            answer, expected = done.do(op), model.answer(op)
            if expected:
                assert answer.errMsg == expected
        return list(range(first, len(done.made)))

    def is_settled(links: list[int]) -> bool:
        states = [_task(done.made[at]).readyState for at in links]
        return states == [model.states[at] for at in links]

    async def in_a_loop(before: list[Op], after: list[Op]) -> list[int]:
        here = make(before)
        # Links of plain code stand still meanwhile, so that their states are those of the calls.
        model.settle(here)
        await _until(lambda: is_settled(here))
        here += make(after)
        await asyncio.sleep(0)
        return here

    for where, before, after in program:
        if where == PLAIN:
            plain += make(before)
            model.settle(plain)
            deadline = time.monotonic() + PATIENCE
            while not is_settled(plain):
                assert time.monotonic() < deadline, "links of plain code do not settle"
                done.turn()
            plain += make(after)
        elif where == RUN:
            model.end(asyncio.run(in_a_loop(before, after)))
        else:
            loop = asyncio.new_event_loop()
            here = loop.run_until_complete(in_a_loop(before, after))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
            model.end(here)
        states = [_task(made).readyState for made in done.made]
        assert states == model.states
    done.app.close()
    for at, made in enumerate(done.made):
        made.check(is_told=at in plain)
    for answer in done.answers:
        answer.check()
    assert problems == []


def _task(made: Made) -> SocketTask:
    assert made.task is not None
    return made.task


async def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the links of a loop do not settle"
        await asyncio.sleep(0)


# What several threads do at the same time.


@dataclass(frozen=True)
class Step:
    """What the main thread does, and what others do meanwhile.

    Attributes:
        where: Plain code, `run`, `asyncio.run`, or a loop that is shut down and closed by hand.
        ops: The calls of the main thread.
        threads: The calls of each of the others.
        joins: Whether to wait for the others before the next step.
    """

    where: str
    ops: list[Op]
    threads: list[list[Op]]
    joins: bool


DRIVEN = "run()"
steps = st.lists(
    st.builds(
        Step,
        where=st.sampled_from([PLAIN, DRIVEN, DRIVEN, RUN, CLOSED_LOOP]),
        ops=some_ops,
        threads=st.lists(some_ops, max_size=3),
        joins=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.needs_sockets
@given(steps)
@example([Step(PLAIN, [], [[(CONNECT, 0)]] * 3, True), Step(DRIVEN, [(CLOSE_MAIN, 0)], [], True)])
@settings(BOUNDED, max_examples=60)
def test_many_threads(echo: EchoServer, problems: list[object], program: list[Step]) -> None:
    problems.clear()
    done = Program(Wx(), echo.url)
    running: list[threading.Thread] = []
    raised: list[BaseException] = []

    def work(ops: list[Op]) -> None:
        try:
            for op in ops:
                done.do(op)
                time.sleep(0)  # let another thread go first
        except BaseException as problem:
            raised.append(problem)

    def start(step: Step) -> list[threading.Thread]:
        threads = [threading.Thread(target=work, args=(ops,)) for ops in step.threads]
        for thread in threads:
            thread.start()
        running.extend(threads)
        return threads

    async def in_a_loop(step: Step) -> None:
        first = len(done.made)
        threads = start(step)
        work(step.ops)
        here = done.made[first:]
        for _ in range(len(here)):
            await asyncio.sleep(0.001)
        if step.joins:
            while any(thread.is_alive() for thread in threads):
                await asyncio.sleep(0.001)
            await asyncio.sleep(0)

    for step in program:
        if step.where in (PLAIN, DRIVEN):
            threads = start(step)
            work(step.ops)
            if step.where == DRIVEN:
                done.turn()
            if step.joins:
                for thread in threads:
                    thread.join(PATIENCE)
        elif step.where == RUN:
            asyncio.run(in_a_loop(step))
        else:
            loop = asyncio.new_event_loop()
            loop.run_until_complete(in_a_loop(step))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
    for thread in running:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a call hangs"
    assert raised == []
    done.app.close()
    for answer in done.answers:
        if answer.call is not None:
            try:
                answer.call.result(timeout=PATIENCE)
            except WxError:
                pass
        answer.check()
    was_in_a_loop = any(step.where in (RUN, CLOSED_LOOP) for step in program)
    for made in done.made:
        made.check(is_told=not was_in_a_loop)
    assert problems == []
