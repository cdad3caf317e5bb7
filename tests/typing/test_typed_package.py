"""The types as a whole: complete, true to what runs, and shown by Python itself."""

from __future__ import annotations

import ast
import inspect
import json
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from checkers import GENERATED, tool

import wxsocket

STUB: Final = ast.parse((GENERATED / "wxsocket" / "api.pyi").read_text(encoding="utf-8"))


def calls() -> dict[str, list[ast.FunctionDef]]:
    """Every call of the stub, with each form that it has."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for class_ in STUB.body:
        if isinstance(class_, ast.ClassDef):
            for member in class_.body:
                if isinstance(member, ast.FunctionDef) and member.name[0] != "_":
                    found.setdefault(f"{class_.name}.{member.name}", []).append(member)
    return found


CALLS: Final = calls()
POSITIONAL: Final = inspect.Parameter.POSITIONAL_ONLY
KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY


def forms(name: str) -> list[ast.FunctionDef]:
    """The forms of a call; the one that takes keywords is the last."""
    return sorted(CALLS[name], key=lambda form: len(form.args.kwonlyargs))


def of(name: str) -> Callable[..., Any]:
    """The function that runs for a call."""
    class_, _, member = name.partition(".")
    function: Callable[..., Any] = getattr(getattr(wxsocket, class_), member)
    return function


def plain(annotation: ast.expr | str | None) -> str:
    """An annotation in one way of writing."""
    parsed = ast.parse(annotation, mode="eval") if isinstance(annotation, str) else annotation
    return "" if parsed is None else ast.unparse(parsed)


def test_every_type_is_known(tmp_path: Path) -> None:
    run = tool(
        *("pyright", "--verifytypes", "wxsocket", "--ignoreexternal", "--outputjson"), cwd=tmp_path
    )
    completeness = json.loads(run.stdout)["typeCompleteness"]
    unknown = [
        f"{symbol['name']}: {diagnostic['message']}"
        for symbol in completeness["symbols"]
        for diagnostic in symbol["diagnostics"]
        if not symbol["isTypeKnown"]
    ]
    assert not unknown, "\n".join(unknown)
    assert completeness["completenessScore"] == 1
    assert completeness["packageName"] == "wxsocket"
    assert completeness["exportedSymbolCounts"]["withKnownType"] > 100


def test_the_stub_has_calls() -> None:
    assert len(CALLS) == 13
    assert {len(forms(name)) for name in CALLS} == {1, 2}


@pytest.mark.parametrize("name", CALLS)
def test_python_shows_the_same_parameters(name: str) -> None:
    shown = inspect.signature(of(name))
    found = [
        (each.name, each.kind, plain(each.annotation), each.default)
        for each in shown.parameters.values()
        if each.name != "self"
    ]
    # One form takes the option object, or the listener; the other one takes keywords. Together, none
    # of them must be given, which Python shows as "...".
    together = len(CALLS[name]) == 2
    expected: list[tuple[str, Any, str, object]] = []
    for form in forms(name):
        for given in form.args.posonlyargs:
            if given.arg != "self":
                default = ... if together else inspect.Parameter.empty
                expected.append((given.arg, POSITIONAL, plain(given.annotation), default))
        for given, value in zip(form.args.kwonlyargs, form.args.kw_defaults, strict=True):
            default = ... if value is None else ast.literal_eval(value)
            expected.append((given.arg, KEYWORD, plain(given.annotation), default))
    assert found == expected
    assert {plain(shown.return_annotation)} == {plain(form.returns) for form in CALLS[name]}


@pytest.mark.parametrize("name", CALLS)
def test_python_shows_the_same_docstring(name: str) -> None:
    # A text is in the stub too where editors look up keywords in it; there each is one line.
    texts = [text for form in CALLS[name] if (text := ast.get_docstring(form)) is not None]
    assert len(texts) == len(CALLS[name]) - 1
    for text in texts:
        assert text.split() == (inspect.getdoc(of(name)) or "").split()


@pytest.mark.parametrize("name", CALLS)
def test_help_shows_parameters_and_docstring(name: str) -> None:
    text = pydoc.plain(pydoc.render_doc(of(name)))
    documentation = inspect.getdoc(of(name))
    assert documentation is not None
    for line in documentation.splitlines():
        assert line in text
    signature = text.splitlines()[2]
    for parameter in inspect.signature(of(name)).parameters:
        assert parameter in signature


@pytest.mark.parametrize("name", [name for name in CALLS if len(CALLS[name]) == 2])
def test_the_object_has_the_same_options(name: str) -> None:
    taking_object, taking_keywords = forms(name)
    option = getattr(wxsocket, plain(taking_object.args.posonlyargs[1].annotation))
    assert list(inspect.signature(option).parameters) == [
        given.arg for given in taking_keywords.args.kwonlyargs
    ]
    for given, value in zip(
        taking_keywords.args.kwonlyargs, taking_keywords.args.kw_defaults, strict=True
    ):
        parameter = inspect.signature(option).parameters[given.arg]
        assert plain(parameter.annotation) == plain(given.annotation)
        expected = inspect.Parameter.empty if value is None else ast.literal_eval(value)
        assert parameter.default == expected
        assert parameter.kind is KEYWORD
