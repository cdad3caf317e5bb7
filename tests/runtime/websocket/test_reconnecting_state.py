"""The state of a reconnecting socket against its history, and against what must never happen."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from wxruntime.websocket.backoff import Backoff
from wxruntime.websocket.reconnect_state import Phase, ReconnectState, Verdict

STEADY = 5.0
BACKOFF = Backoff(initial=1, factor=2, maximum=20, jitter=0, steady=STEADY)


class Histories(RuleBasedStateMachine):
    """Does anything in any order; works out from the history alone what must come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.opened_at: float | None = None  # of the link that is open
        self.attempting = False
        self.ended = False
        self.attempts = 0
        self.failures = 0  # since the delay started again
        self.sent = 0  # messages are numbers, in the order in which they are sent
        self.queued: list[int] = []
        self.written: list[int] = []
        self.failed: list[int] = []

    @initialize(limit=st.integers(0, 4))
    def begin(self, limit: int) -> None:
        self.limit = limit
        self.state: ReconnectState[int] = ReconnectState(BACKOFF, limit)

    @rule(seconds=st.floats(0, 10))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def attempt(self) -> None:
        expected = not (self.attempting or self.opened_at is not None or self.ended)
        assert self.state.attempt() is expected
        if expected:
            self.attempting = True
            self.attempts += 1

    @rule()
    def open(self) -> None:
        expected = self.attempting and not self.ended
        assert self.state.opened(self.now) is expected
        if expected:
            self.attempting = False
            self.opened_at = self.now

    @rule()
    def lose(self) -> None:
        delay = self.state.lost(self.now)
        if self.ended or not (self.attempting or self.opened_at is not None):
            assert delay is None
            return
        if self.opened_at is not None and self.now - self.opened_at >= STEADY:
            self.failures = 0
        assert delay == min(2**self.failures, 20)
        self.failures += 1
        self.attempting = False
        self.opened_at = None

    @rule()
    def end(self) -> None:
        assert self.state.end() is not self.ended
        self.ended = True
        self.attempting = False
        self.opened_at = None

    @rule(writable=st.booleans())
    def send(self, writable: bool) -> None:
        self.sent += 1
        verdict = self.state.submit(self.sent, writable=writable)
        if self.ended:
            assert verdict is Verdict.ENDED
            self.failed.append(self.sent)
        elif verdict is Verdict.WRITE:
            assert writable
            assert self.opened_at is not None
            self.written.append(self.sent)
        elif verdict is Verdict.FULL:
            assert len(self.queued) == self.limit
            self.failed.append(self.sent)
        else:
            assert verdict is Verdict.QUEUED
            assert len(self.queued) < self.limit
            self.queued.append(self.sent)

    @rule()
    def write_what_waits(self) -> None:
        message = self.state.next_to_write()
        if self.opened_at is None or not self.queued:
            assert message is None
        else:
            assert message == self.queued.pop(0)
            self.written.append(message)

    @rule()
    def fail_what_waits(self) -> None:
        message = self.state.next_to_fail()
        if not self.ended or not self.queued:
            assert message is None
        else:
            assert message == self.queued.pop(0)
            self.failed.append(message)

    @invariant()
    def messages_are_written_in_order(self) -> None:
        assert self.written == sorted(self.written)

    @invariant()
    def each_message_has_one_fate(self) -> None:
        assert sorted(self.written + self.queued + self.failed) == list(range(1, self.sent + 1))

    @invariant()
    def phase_follows_history(self) -> None:
        if not hasattr(self, "state"):
            return
        if self.ended:
            expected = Phase.ENDED
        elif self.opened_at is not None:
            expected = Phase.OPEN
        else:
            expected = Phase.ATTEMPTING if self.attempting else Phase.WAITING
        assert self.state.phase is expected
        assert self.state.has_ended is self.ended
        assert self.state.attempts == self.attempts


Histories.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestHistories = Histories.TestCase
