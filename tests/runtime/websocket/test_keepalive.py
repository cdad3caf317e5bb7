"""When a connection is pinged, and when it is called silent, on a clock that the tests turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from wxruntime.websocket.keepalive import Keepalive

INTERVAL, TIMEOUT = 20.0, 8.0
SOON = 0.5
"""More than what is given to a pong that may lie unread."""


class Timer:
    def __init__(self, when: float, action: Callable[[], None]) -> None:
        self.when = when
        self.action = action
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Clock:
    """What a keepalive needs of a loop."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, action: Callable[[], None]) -> Timer:
        timer = Timer(when, action)
        self.timers.append(timer)
        return timer

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer:
        return self.call_at(self.now + delay, action)

    @property
    def due(self) -> list[Timer]:
        self.timers = [timer for timer in self.timers if not timer.is_cancelled]
        return sorted(self.timers, key=lambda timer: timer.when)

    def pass_by(self, seconds: float) -> None:
        end = self.now + seconds
        while self.due and self.due[0].when <= end:
            timer = self.due[0]
            self.now = timer.when
            self.timers.remove(timer)
            timer.action()
        self.now = end


class Peer:
    """A connection, and a record of what is asked of it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.reads = 0
        self.pings: list[tuple[float, bytes]] = []
        self.silent_at: float | None = None
        loop = cast(asyncio.AbstractEventLoop, self.clock)
        self.keepalive = Keepalive(loop, self, INTERVAL, TIMEOUT)
        self.keepalive.start()

    def send_ping(self, payload: bytes) -> None:
        self.pings.append((self.clock.now, payload))

    def fall_silent(self) -> None:
        self.silent_at = self.clock.now
        self.keepalive.stop()

    def answer(self) -> None:
        self.keepalive.pong(self.pings[-1][1])

    def pause(self, seconds: float) -> None:
        self.keepalive.reading_pauses()
        self.clock.pass_by(seconds)
        self.keepalive.reading_resumes()


@pytest.fixture
def peer() -> Peer:
    return Peer()


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=SOON)


def test_pings_keep_their_interval_whenever_the_pong_comes(peer: Peer) -> None:
    for delay in (0.0, 3.0, TIMEOUT - 0.01):
        peer.clock.pass_by(INTERVAL - (peer.clock.now % INTERVAL))
        peer.clock.pass_by(delay)
        peer.answer()
    assert [when for when, _ in peer.pings] == [20, 40, 60]
    assert peer.silent_at is None


def test_a_peer_without_an_answer_is_silent_after_the_timeout(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at == near(INTERVAL + TIMEOUT)
    assert len(peer.pings) == 1
    assert peer.clock.due == []


@pytest.mark.parametrize("earlier", [False, True], ids=["made up", "of an earlier ping"])
def test_a_pong_with_another_payload_is_no_answer(peer: Peer, earlier: bool) -> None:
    peer.clock.pass_by(INTERVAL)
    first = peer.pings[0][1]
    peer.answer()
    peer.clock.pass_by(INTERVAL)
    peer.keepalive.pong(first if earlier else b"")
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at == near(2 * INTERVAL + TIMEOUT)


def test_a_pong_answers_once(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL)
    peer.answer()
    peer.answer()
    assert len(peer.clock.due) == 1


def test_what_is_read_meanwhile_gives_the_pong_time_but_not_for_ever(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL + TIMEOUT)
    while peer.silent_at is None and peer.clock.now < INTERVAL * 10:
        peer.reads += 1
        peer.clock.pass_by(0.01)
    assert peer.silent_at == near(INTERVAL + 2 * TIMEOUT)


# Pauses of reading, behind which a pong may wait.


def test_nobody_is_judged_while_reading_is_paused(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL)
    peer.pause(INTERVAL * 10)
    assert peer.silent_at is None


def test_a_pause_within_a_ping_gives_the_pong_the_whole_time_again(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL + 1)
    peer.pause(1)
    peer.clock.pass_by(TIMEOUT)
    assert peer.silent_at is None
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at == near(INTERVAL + 2 * TIMEOUT)


@pytest.mark.parametrize("length", [1.0, TIMEOUT, TIMEOUT * 5], ids=["short", "long", "longer"])
def test_after_any_pause_silence_counts_again(peer: Peer, length: float) -> None:
    peer.clock.pass_by(INTERVAL + 1)
    peer.pause(length)
    resumed = peer.clock.now
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at is not None
    assert resumed + TIMEOUT - 1 < peer.silent_at <= resumed + 2 * TIMEOUT + SOON


def test_a_pause_in_the_last_moment_puts_the_judgement_off(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL + TIMEOUT + 0.01)
    peer.pause(1)
    assert peer.silent_at is None
    peer.answer()
    peer.clock.pass_by(INTERVAL - TIMEOUT - 2)
    assert peer.silent_at is None


def test_a_pause_that_was_over_before_the_ping_delays_nothing(peer: Peer) -> None:
    peer.clock.pass_by(1)
    peer.pause(1)
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at == near(INTERVAL + TIMEOUT)


def test_a_pause_that_began_before_the_ping_and_goes_on_is_one(peer: Peer) -> None:
    peer.clock.pass_by(INTERVAL - 1)
    peer.pause(1 + TIMEOUT - 1)
    peer.clock.pass_by(TIMEOUT)
    assert peer.silent_at is None
    peer.clock.pass_by(INTERVAL * 10)
    assert peer.silent_at == near(INTERVAL + 2 * TIMEOUT)
