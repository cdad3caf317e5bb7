"""What editors offer and show, asked of the language server that they use."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from checkers import BIN, ROOT
from langserver import LanguageServer, document, serving

import wxsocket
from wxgen.pipeline import emit
from wxgen.spec.api import Api
from wxgen.spec.records import Call, Field, ObjectType
from wxgen.spec.typeexpr import Named

API: Final[Api] = emit(ROOT / "spec" / "websocket.yaml").api
OPTIONED: Final = [call for call in API.calls if call.option is not None]
LISTENING: Final = [call for call in API.calls if call.listener is not None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    command = shutil.which("pyright-langserver", path=BIN) or shutil.which("pyright-langserver")
    if command is None:
        pytest.skip("pyright-langserver is not installed")
    with serving([command, "--stdio"], tmp_path_factory.mktemp("editor")) as client:
        yield client


def label(call: Call) -> str:
    """How a call is named in a program, which has the task of a link too."""
    return f"wx.{call.name}" if call.owner is None else f"task.{call.name}"


def program(line: str) -> str:
    """A program with a line in it that may name a task."""
    return document("def main(task: SocketTask) -> None:", f"    {line}")


def required(call: Call) -> str:
    """The keywords that a call must have, each with a string."""
    assert call.option is not None
    return "".join(f"{field.name}='x', " for field in call.option.fields if field.required)


def names(call: Call) -> list[str]:
    """The options of a call in the order in which it has them."""
    assert call.option is not None
    return [*(field.name for field in call.option.fields), *call.option.callbacks]


def result_fields(call: Call, callback: str = "") -> list[Field]:
    """The fields of what a listener, or a callback, receives."""
    if call.option is not None:
        result = call.option.callbacks[callback]
    else:
        assert call.listener is not None
        result = call.listener.result or Named("")
    types = {type_.name: type_ for type_ in API.types}
    assert isinstance(result, Named)
    type_ = types[result.name]
    assert isinstance(type_, ObjectType)
    return list(type_.fields)


def texts(call: Call) -> list[str]:
    """All that the spec tells of a call."""
    found = [call.description, *call.behaviour, *call.cautions]
    found += [*call.notes.oddities, call.notes.section]
    for failure in call.failures:
        found += [failure.errMsg, failure.when]
    if call.notes.since is not None:
        found.append(f"Since base library {call.notes.since}.")
    if call.listener is not None:
        found.append(call.listener.description)
    if call.option is not None:
        for field in call.option.fields:
            found += [field.description, field.unit or "", *field.notes.oddities]
            found.append("" if field.default is None else f"Default: {field.default!r}.")
    return found


def bare(text: str) -> str:
    """A text without spaces and the marks that Markdown needs."""
    for mark in ("&nbsp;", "\\", " ", "\n"):
        text = text.replace(mark, "")
    return text


@pytest.mark.parametrize("call", OPTIONED, ids=label)
def test_options_are_offered(server: LanguageServer, call: Call) -> None:
    assert call.option is not None
    expected = [f"{name}=" for name in names(call)]
    for line in (
        f"{label(call)}(¦)",
        f"{call.option.name}(¦)",
        f"{label(call)}({call.option.name}(¦))",
        f"{label(call)}({required(call)}¦)",
    ):
        offered = [name for name in server.completions(program(line)) if name.endswith("=")]
        left = [name for name in expected if name not in line]
        assert sorted(offered) == sorted(left), line


@pytest.mark.parametrize("call", [*API.calls], ids=label)
def test_calls_are_offered(server: LanguageServer, call: Call) -> None:
    owner, _, name = label(call).partition(".")
    assert name in server.completions(program(f"{owner}.¦"))
    assert name in server.completions(program(f"{owner}.{name[:3]}¦"))


@pytest.mark.parametrize("call", [*API.calls], ids=label)
def test_calls_are_explained(server: LanguageServer, call: Call) -> None:
    owner, _, name = label(call).partition(".")
    shown = server.hover(program(f"{owner}.{name[:2]}¦{name[2:]}"))
    assert [text for text in texts(call) if bare(text) not in bare(shown)] == []
    if call.option is not None:
        # Both styles.
        assert f"option: {call.option.name}" in shown
        for option in names(call):
            assert f"    {option}: " in shown


@pytest.mark.parametrize("call", OPTIONED, ids=label)
def test_options_are_explained(server: LanguageServer, call: Call) -> None:
    assert call.option is not None
    option = call.option.name
    shown = server.hover(program(f"{option[:2]}¦{option[2:]}({required(call)})"))
    assert bare(f"The options of {call.label}.") in bare(shown)
    assert bare(call.notes.section) in bare(shown)
    # And each keyword where it is given.
    for field in call.option.fields:
        line = f"{label(call)}({required(call)}{field.name[:1]}¦{field.name[1:]}=None)"
        if field.required:
            line = line.replace(f"{field.name}='x', ", "")
        shown = server.hover(program(line))
        assert f"(parameter) {field.name}: " in shown
        # The server reads one line of the docstring, so it may not know how the sentence ends.
        assert bare(field.description) in bare(shown)


@pytest.mark.parametrize("type_", API.types, ids=lambda type_: type_.name)
def test_types_are_explained(server: LanguageServer, type_: ObjectType) -> None:
    shown = server.hover(program(f"print({type_.name[:2]}¦{type_.name[2:]})"))
    for text in (type_.description, *type_.notes.oddities, type_.notes.section):
        assert bare(text) in bare(shown)


@pytest.mark.parametrize("call", OPTIONED, ids=label)
def test_parameters_are_listed(server: LanguageServer, call: Call) -> None:
    assert call.option is not None
    signature = inspect.signature(getattr(wxsocket, call.option.name))
    expected = ["*"]
    for name in names(call):
        default = signature.parameters[name].default
        shown = "" if default is inspect.Parameter.empty else f" = {default!r}"
        expected.append(f"{name}: …{shown}")

    def outline(parameters: list[str]) -> list[str]:
        found: list[str] = []
        for parameter in parameters:
            name, colon, rest = parameter.partition(": ")
            _, equals, default = rest.rpartition(" = ")
            found.append(f"{name}: …{equals}{default if equals else ''}" if colon else name)
        return found

    (listed,) = server.signatures(program(f"{call.option.name}(¦)"))
    assert sorted(outline(listed[0])) == sorted(expected)
    both = server.signatures(program(f"{label(call)}(¦)"))
    lists = sorted((parameters for parameters, _ in both), key=len)
    assert lists[0] == [f"option: {call.option.name}", "/"]
    assert lists[1] == listed[0]
    for _, documentation in both:
        assert bare(call.description) in bare(documentation)


def test_defaults_are_shown(server: LanguageServer) -> None:
    connecting = max(
        server.signatures(document("wx.connectSocket(¦)")), key=lambda one: len(one[0])
    )
    assert "tcpNoDelay: bool | None = False" in connecting[0]
    assert "url: str" in connecting[0]
    assert "timeout: float | None = None" in connecting[0]
    closing = max(server.signatures(document("wx.closeSocket(¦)")), key=lambda one: len(one[0]))
    assert "code: int | None = 1003" in closing[0]
    ((parameters, _),) = server.signatures(document("CloseSocketOption(¦)"))
    assert "code: int | None = 1003" in parameters


@pytest.mark.parametrize("call", LISTENING, ids=label)
def test_results_are_offered_to_listeners(server: LanguageServer, call: Call) -> None:
    for line in (f"{label(call)}(lambda res: res.¦)", f"{label(call)}(lambda res: print(res.¦))"):
        offered = server.completions(program(line))
        public = [name for name in offered if name[0] != "_"]
        assert public == [field.name for field in result_fields(call)], line
    shown = server.hover(program(f"{label(call)}(lambda re¦s: res)"))
    assert call.listener is not None
    assert isinstance(call.listener.result, Named)
    assert f"(parameter) res: {call.listener.result.name}" in shown


@pytest.mark.parametrize("call", OPTIONED, ids=label)
def test_results_are_offered_to_callbacks(server: LanguageServer, call: Call) -> None:
    assert call.option is not None
    for callback in call.option.callbacks:
        arguments = f"{required(call)}{callback}=lambda res: res.¦"
        for line in (
            f"{label(call)}({arguments})",
            f"{label(call)}({call.option.name}({arguments}))",
        ):
            offered = server.completions(program(line))
            public = [name for name in offered if name[0] != "_"]
            assert public == [field.name for field in result_fields(call, callback)], line


def test_results_are_offered_after_awaiting(server: LanguageServer) -> None:
    offered = server.completions(
        document("async def main() -> None:", "    (await wx.closeSocket()).¦")
    )
    assert "errMsg" in offered
    lines = ("async def main() -> None:", "    async with wx.connectSocket(url='x') as task:")
    offered = server.completions(document(*lines, "        task.¦"))
    assert {"send", "close", "onMessage", "readyState"} <= offered.keys()
    offered = server.completions(document(*lines, "        async for each in task: each.¦"))
    assert {"isalnum", "count"} <= offered.keys()
