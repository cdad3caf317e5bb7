"""The life of a link against a model that is simpler than it: the sequence of what happened."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wxsocket.engine.life import ABNORMAL, CloseFrame, Ending, Life, State

FRAMES = st.none() | st.builds(CloseFrame, st.integers(1000, 4999), st.text(max_size=5))


class Lives(RuleBasedStateMachine):
    """Does anything in any order, and works out from the history alone what must be reported."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.history: list[str] = []
        self.reported: list[str] = []

    def happened(self, *events: str) -> bool:
        return any(event in self.history for event in events)

    @property
    def ended(self) -> bool:
        return self.happened("ended", "refused")

    @rule()
    def open(self) -> None:
        expected = not self.ended and not self.happened("opened", "closed")
        assert self.life.open() is expected
        if expected:
            self.history.append("opened")
            self.reported.append("open")

    @rule()
    def close(self) -> None:
        gone = self.ended or self.happened("closed", "failed", "peer closed")
        assert self.life.close() is not gone
        if not gone:
            self.history.append("closed")

    @rule()
    def peer_closes(self) -> None:
        self.life.peer_closes()
        if self.happened("opened") and not self.ended:
            self.history.append("peer closed")

    @rule()
    def fail(self) -> None:
        under_way = self.happened("opened", "closed") and not self.ended
        expected = under_way and not self.happened("failed")
        assert self.life.fail() is expected
        if expected:
            self.history.append("failed")
            self.reported.append("error")

    @rule(frame=FRAMES, cause=st.text(min_size=1))
    def end(self, frame: CloseFrame | None, cause: str) -> None:
        ending = self.life.end(frame, cause)
        assert ending == self.expected_ending(frame, cause)
        self.history.append("ended")
        if ending is not None:
            self.reported += ["error"] if ending.error is not None else []
            self.reported.append("close")

    def expected_ending(self, frame: CloseFrame | None, cause: str) -> Ending | None:
        if self.ended:
            return None
        if not self.happened("opened"):
            text = "the link was closed before it was open" if self.happened("closed") else cause
            return Ending(text, ABNORMAL)
        if self.happened("failed"):
            return Ending(None, ABNORMAL)
        if frame is not None:
            return Ending(None, frame)
        return Ending(None if self.happened("closed", "peer closed") else cause, ABNORMAL)

    @rule()
    def refuse(self) -> None:
        if not self.history:  # only a link that has not begun can be refused
            self.life.refuse()
            self.history.append("refused")

    @invariant()
    def state_follows_history(self) -> None:
        if self.ended:
            expected = State.CLOSED
        elif self.happened("closed", "failed", "peer closed"):
            expected = State.CLOSING
        else:
            expected = State.OPEN if self.happened("opened") else State.CONNECTING
        assert self.life.state is expected

    @invariant()
    def place_is_held_while_connecting_or_open(self) -> None:
        over = self.ended or self.happened("closed", "failed", "peer closed")
        assert self.life.holds_place is not over

    @invariant()
    def reports_make_sense(self) -> None:
        assert self.reported.count("close") <= 1
        assert self.reported.count("open") <= 1
        if "close" in self.reported:
            assert self.reported[-1] == "close"


Lives.TestCase.settings = settings(max_examples=300, stateful_step_count=12, deadline=None)
TestLives = Lives.TestCase
