"""How emitted code answers what no engine carries out."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest

from wxruntime.callbacks import witnessed
from wxruntime.errors import WxError
from wxruntime.support import accept, is_given, not_supported, note_ignored, refuse


@dataclass
class Result:
    errMsg: str


@dataclass
class Option:
    """An option object that notes which of its callbacks were called."""

    called: list[tuple[str, Result]] = field(default_factory=list)

    def success(self, res: Result) -> None:
        self.called.append(("success", res))

    def fail(self, res: Result) -> None:
        self.called.append(("fail", res))

    def complete(self, res: Result) -> None:
        self.called.append(("complete", res))


class Bare:
    """An option object without callbacks."""


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "wxsocket"]


def test_a_refused_call_runs_fail_then_complete_with_the_same_object() -> None:
    option = Option()
    call = refuse("scanCode", option, Result)
    assert [name for name, _ in option.called] == ["fail", "complete"]
    assert option.called[0][1] == Result("scanCode:fail not supported")
    assert option.called[0][1] is option.called[1][1]
    assert call.done()
    with pytest.raises(WxError) as caught:
        call.result()
    assert caught.value.errMsg == "scanCode:fail not supported"


def test_a_refused_call_that_nobody_sees_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    refuse("scanCode", Bare(), Result)
    assert len(warnings(caplog)) == 1
    assert warnings(caplog)[0].startswith("scanCode:fail not supported")


def test_a_refused_call_that_a_callback_sees_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refuse("scanCode", Option(), Result)
    assert warnings(caplog) == []


def test_a_call_accepted_without_effect_runs_success_then_complete(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(3):
        option = Option()
        call = accept("test_support.vibrate", option, Result)
        assert [name for name, _ in option.called] == ["success", "complete"]
        assert option.called[0][1] is option.called[1][1]
        assert call.result() is option.called[0][1]
        assert call.result().errMsg == "test_support.vibrate:ok"
    assert warnings(caplog) == ["test_support.vibrate is accepted, but has no effect"]


def test_an_ignored_option_is_noted_the_first_time_that_it_is_not_its_default(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "wxsocket")
    for value in (None, 5, 6, 7):
        note_ignored("test_support.call", "depth", value, 5)
    note_ignored("test_support.call", "width", 1, None)
    note_ignored("test_support.other", "depth", 1, None)
    assert warnings(caplog) == [
        "the option 'depth' of test_support.call is accepted, but has no effect",
        "the option 'width' of test_support.call is accepted, but has no effect",
        "the option 'depth' of test_support.other is accepted, but has no effect",
    ]


@pytest.mark.parametrize(
    ("value", "default", "given"),
    [
        (None, None, False),
        (None, 5, False),
        (5, 5, False),
        (6, 5, True),
        (0, None, True),
        (False, None, True),
        ("", None, True),
        (False, True, True),
        (0, 0, False),
    ],
)
def test_an_option_is_given_when_it_is_not_its_default(
    value: object, default: object, given: bool
) -> None:
    assert is_given(value, default) is given


def test_what_a_callback_raises_does_not_keep_the_next_from_being_called() -> None:
    option = Option()

    def fail(res: Result) -> None:
        raise ValueError(res.errMsg)

    untyped: Any = option
    untyped.fail = fail
    with witnessed() as raised:
        refuse("scanCode", option, Result)
    assert [name for name, _ in option.called] == ["complete"]
    assert [str(error) for error in raised] == ["scanCode:fail not supported"]


def test_coroutines_of_callbacks_run_on_the_loop_that_runs_here() -> None:
    async def main() -> list[str]:
        said: list[str] = []

        async def fail(res: Result) -> None:
            await asyncio.sleep(0)
            said.append(res.errMsg)

        untyped: Any = Bare()
        untyped.fail = fail
        refuse("scanCode", untyped, Result)
        await asyncio.sleep(0.01)
        return said

    assert asyncio.run(main()) == ["scanCode:fail not supported"]


def test_the_error_names_the_call() -> None:
    assert not_supported("Camera.close").errMsg == "Camera.close:fail not supported"
