"""The state of a link against a model that is simpler than it: the sequence of what happened."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wxruntime.websocket.state import ABNORMAL, CloseFrame, End, LinkState, State

FRAMES = st.none() | st.builds(CloseFrame, st.integers(1000, 4999), st.text(max_size=5))


class Histories(RuleBasedStateMachine):
    """Does anything in any order, and works out from the history alone what must be reported."""

    def __init__(self) -> None:
        super().__init__()
        self.link = LinkState()
        self.history: list[str] = []
        self.reported: list[str] = []

    def happened(self, *events: str) -> bool:
        return any(event in self.history for event in events)

    @property
    def ended(self) -> bool:
        return self.happened("ended", "refused")

    @rule()
    def open(self) -> None:
        expected = not self.ended and not self.happened("opened", "closed", "given up")
        assert self.link.open() is expected
        if expected:
            self.history.append("opened")
            self.reported.append("open")

    @rule()
    def give_up(self) -> None:
        expected = not self.history
        assert self.link.give_up("timeout") is expected
        if expected:
            self.history.append("given up")

    @rule()
    def close(self) -> None:
        gone = self.ended or self.happened("closed", "failed", "peer closed")
        assert self.link.close() is not gone
        if not gone:
            self.history.append("closed")

    @rule()
    def peer_closes(self) -> None:
        self.link.peer_closes()
        if self.happened("opened") and not self.ended:
            self.history.append("peer closed")

    @rule()
    def fail(self) -> None:
        # An opening that was given up has a cause already.
        under_way = self.happened("opened") and not self.ended
        expected = under_way and not self.happened("failed")
        assert self.link.fail("broken") is expected
        if expected:
            self.history.append("failed")
            self.reported.append("error")

    @rule(frame=FRAMES, cause=st.text(min_size=1))
    def end(self, frame: CloseFrame | None, cause: str) -> None:
        end = self.link.end(frame, cause)
        assert end == self.expected_end(frame, cause)
        self.history.append("ended")
        if end is not None:
            self.reported += ["error"] if end.error is not None else []
            self.reported.append("close")

    def expected_end(self, frame: CloseFrame | None, cause: str) -> End | None:
        if self.ended:
            return None
        if not self.happened("opened"):
            if self.happened("given up"):
                return End("timeout", ABNORMAL)
            text = "the link was closed before it was open" if self.happened("closed") else cause
            return End(text, ABNORMAL)
        if self.happened("failed"):
            return End(None, ABNORMAL)
        if frame is not None:
            return End(None, frame)
        return End(None if self.happened("closed", "peer closed") else cause, ABNORMAL)

    @rule()
    def refuse(self) -> None:
        if not self.history:  # only a link that has not begun can be refused
            self.link.refuse()
            self.history.append("refused")

    @invariant()
    def state_follows_history(self) -> None:
        if self.ended:
            expected = State.CLOSED
        elif self.happened("closed", "failed", "peer closed"):
            expected = State.CLOSING
        else:
            expected = State.OPEN if self.happened("opened") else State.CONNECTING
        assert self.link.value is expected

    @invariant()
    def place_is_held_while_connecting_or_open(self) -> None:
        over = self.ended or self.happened("closed", "failed", "peer closed")
        assert self.link.holds_place is not over

    @invariant()
    def reports_make_sense(self) -> None:
        assert self.reported.count("close") <= 1
        assert self.reported.count("open") <= 1
        if "close" in self.reported:
            assert self.reported[-1] == "close"


Histories.TestCase.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)
TestHistories = Histories.TestCase
