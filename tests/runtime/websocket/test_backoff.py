"""The delays between attempts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxruntime.websocket.backoff import Backoff, Delays


def test_delays_grow_up_to_the_maximum_and_start_again() -> None:
    delays = Delays(Backoff(), lambda: 0.5)
    assert [delays.next() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    delays.restart()
    assert delays.next() == 1


@given(
    st.builds(
        Backoff,
        initial=st.floats(0, 100),
        factor=st.floats(1, 1e9),
        maximum=st.floats(0, 100),
        jitter=st.floats(0, 1),
    ),
    st.lists(st.floats(0, 1), max_size=50),
)
def test_each_delay_is_drawn_around_its_middle(backoff: Backoff, draws: list[float]) -> None:
    drawn = iter(draws)
    delays = Delays(backoff, lambda: next(drawn))
    middle = min(backoff.initial, backoff.maximum)
    for draw in draws:
        spread = middle * backoff.jitter
        assert delays.next() == pytest.approx(middle - spread + 2 * spread * draw, abs=1e-9)
        middle = min(middle * backoff.factor, backoff.maximum)


@pytest.mark.parametrize(
    "wrong",
    [
        {"initial": -1},
        {"initial": float("nan")},
        {"initial": "1"},
        {"initial": True},
        {"factor": 0.9},
        {"factor": float("inf")},
        {"maximum": float("inf")},
        {"jitter": 1.1},
        {"jitter": None},
        {"steady": -0.1},
    ],
)
def test_numbers_out_of_range(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is "):
        Backoff(**wrong)
