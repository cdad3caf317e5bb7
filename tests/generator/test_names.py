"""Names of a spec in Python: what they become, and which cannot be had.

In the specs below `^` stands where the fault is reported, and is no part of the spec.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from generator.kit import (
    DS,
    FIELD,
    HEAD,
    OBJECT,
    SPEC,
    call,
    check,
    classes,
    emit_text,
    faults,
    marked,
    option,
    passes,
    put,
    python,
    types,
)
from hypothesis import given
from hypothesis import strategies as st

from wxgen.python.names import documented, identifier

# What is wrong, by what it is about: the spec after its head, and what is said.
WRONG: Final[dict[str, tuple[str, str]]] = {
    "a method like a property": (
        classes(f"A: {{{DS}, properties: {{m: {FIELD}}}, methods: {{^m: {{{DS}}}}}}}"),
        "'m' and 'm' are both 'm' in Python",
    ),
    "a property like the method that carries a call out": (
        classes(f"A: {{{DS}, properties: {{_m: {FIELD}}}, methods: {{^m: {{{DS}}}}}}}"),
        "'m' and '_m' are both '_m' in Python",
    ),
    "a type like the namespace's class": (
        types(f"^Wx: {OBJECT}"),
        "'Wx' is the namespace's class: choose another name",
    ),
    "a type like the bindings' own": (
        types(f"^WxError: {OBJECT}"),
        "'WxError' is the bindings' own: choose another name",
    ),
    "an option like the bindings' own": (
        option("name: Call, properties: {}").replace("option: {", "^option: {"),
        "'Call' is the bindings' own: choose another name",
    ),
    "a member like a type": (
        types(f"Size: {OBJECT}, A: {{{DS}, properties: {{^Size: {FIELD}}}}}"),
        "'Size' would hide the type of that name",
    ),
    "a namespace with a capital": (
        "^namespace: Wx",
        "'Wx' cannot be the namespace: choose another name",
    ),
    "a namespace like a module": (
        "^namespace: options",
        "'options' cannot be the namespace: choose another name",
    ),
    "a namespace whose class is the bindings' own": (
        "^namespace: call",
        "'call' cannot be the namespace: choose another name",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_fault(what: str, tmp_path: Path) -> None:
    body, message = WRONG[what]
    check(HEAD + body, [message], tmp_path)


def test_names_that_clash_are_all_told(tmp_path: Path) -> None:
    member = f"^m: {{{DS}}}"
    text = HEAD + (
        f"types:\n  ^Wx: {OBJECT}\n  ^Call: {OBJECT}\n"
        f"classes:\n  A: {{{DS}, properties: {{m: {FIELD}, n: {FIELD}}}, "
        f"methods: {{{member}, {member.replace('m', 'n')}}}}}\n"
    )
    messages = [
        "'Wx' is the namespace's class: choose another name",
        "'Call' is the bindings' own: choose another name",
        "'m' and 'm' are both 'm' in Python",
        "'n' and 'n' are both 'n' in Python",
    ]
    check(text, messages, tmp_path)


@pytest.mark.parametrize(
    ("place", "member", "owner"),
    [
        ("functions:\n", f"  ^run: {{{DS}}}\n", "Wx"),
        ("functions:\n", f"  ^engine: {{{DS}}}\n", "Wx"),
        ("    methods:\n", f"      ^waitClosed: {{{DS}}}\n", "SocketTask"),
    ],
)
def test_name_of_the_engine(place: str, member: str, owner: str, tmp_path: Path) -> None:
    spec = SPEC.read_text(encoding="utf-8")
    assert spec.count(place) == 1
    text, places = marked(spec.replace(place, f"{place}{member}"))
    name = member.strip(" ^").partition(":")[0]
    wanted = f"{places[0]}: {name!r} is a name of the bindings' own on {owner}"
    assert wanted in faults(text, tmp_path)


@pytest.mark.parametrize("name", ["Mapping", "Any", "T", "O", "None", "TypeVar", "WxAdditions"])
def test_names_that_only_the_modules_use_are_free(name: str, tmp_path: Path) -> None:
    """The name that an emitted module has for something else gives way to the spec's."""
    emission = emit_text(
        HEAD
        + types(f"{name}: {{{DS}, properties: {{a: {{type: string, description: d}}}}}}")
        + "\n"
        + call(f"returns: {name}"),
        tmp_path,
    )
    put(emission.files, tmp_path)
    code = f"import wxsocket; print(wxsocket.{identifier(name)}(a='x').a)"
    assert passes(python("-c", code, cwd=tmp_path)) == "x\n"


NAMES: Final = st.from_regex(r"[A-Za-z0-9_$][A-Za-z0-9_.$-]{0,63}", fullmatch=True)


OWN_NAMES: Final = ("self", "option", "fields", "listener", "event", "answer", "answered")


def test_the_methods_own_names_give_way_to_parameters(tmp_path: Path) -> None:
    """Parameters, options and both have the names that emitted methods use within."""
    listed = ", ".join(f"{{name: {name}, type: number, {DS[:14]}}}" for name in OWN_NAMES)
    options = ", ".join(f"{name}: {{type: string, {DS[:14]}}}" for name in OWN_NAMES)
    option = f"option: {{success: Res, fail: Res, complete: Res, properties: {{{options}}}}}"
    result = f"{{{DS}, properties: {{errMsg: {FIELD}, size: {{type: number, {DS[:14]}}}}}}}"
    calls = {
        "placed": f"parameters: [{listed}]",
        "promised": f"parameters: [{listed}], returns: Promise<string>",
        "opted": option,
        "both": f"parameters: [{listed}], {option}",
        "made": f"parameters: [{listed}], {option}, returns: number",
        "ignored": f"parameters: [{listed}], {option}, support: ignored",
    }
    spec = f"{HEAD}types: {{Res: {result}}}\nfunctions:\n" + "".join(
        f"  {name}: {{{DS}, {body}}}\n" for name, body in calls.items()
    )
    out = put(emit_text(spec, tmp_path).files, tmp_path / "out")
    mypy = ("-m", "mypy", "--strict")
    passes(python(*mypy, "wxsocket", cwd=out))
    passes(python(*mypy, "wxsocket/api.py", cwd=out))
    numbers = ", ".join(map(str, range(len(OWN_NAMES))))
    texts = ", ".join(f'{name}="{name}"' for name in OWN_NAMES)
    (out / "use.py").write_text(
        "import inspect\n\nimport wxsocket\nfrom wxsocket import Wx, WxError\n\n\n"
        "class Fake(Wx):\n    pass\n\n\n"
        "heard: list[str] = []\n"
        "def note(res: wxsocket.Res) -> None:\n    heard.append(res.errMsg)\n\n\n"
        f"wx = Fake()\n"
        f"wx.opted({texts}, fail=note)\n"
        f"wx.opted(wxsocket.OptedOption({texts}, fail=note))\n"
        f"wx.both({numbers}, {texts}, fail=note)\n"
        f"wx.both({numbers}, wxsocket.BothOption({texts}, fail=note))\n"
        f"wx.made({numbers}, {texts}, fail=note)\n"
        f"wx.ignored({numbers}, {texts}, success=note)\n"
        f"try:\n    wx.placed({numbers})\n"
        "except WxError as error:\n    heard.append(error.errMsg)\n"
        "print(*heard, sep='\\n')\n",
        encoding="utf-8",
    )
    passes(python(*mypy, "use.py", cwd=out))
    told = passes(python("use.py", cwd=out)).splitlines()
    failed = ["opted", "opted", "both", "both", "made"]
    assert told == [
        *(f"{name}:fail not supported" for name in failed),
        "ignored:ok",
        "placed:fail not supported",
    ]


@given(NAMES)
def test_every_name_becomes_one_that_python_allows(name: str) -> None:
    changed = identifier(name)
    assert changed.isidentifier()
    compile(f"def f({changed}: int) -> None: {changed} = 1", "name", "exec")
    assert documented(changed) == name


@given(NAMES, NAMES)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert (identifier(one) == identifier(other)) is (one == other)


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("url", "url"),
        ("tcpNoDelay", "tcpNoDelay"),
        ("errMsg", "errMsg"),
        ("match", "match"),
        ("self", "self"),
        ("str", "str"),
        ("_hidden", "_hidden"),
        ("a_b", "a_b"),
        ("global", "global_"),
        ("None", "None_"),
        ("global_", "global_x5f"),
        ("global__", "global_x5f_"),
        ("scope.camera", "scope__camera"),
        ("DB.Collection", "DB__Collection"),
        ("a__b", "a_x5f_b"),
        ("a-b$c", "a_x2db_x24c"),
        ("$x", "_x24x"),
        ("a_x2db", "a_x5fx2db"),
        ("2d", "_2d"),
        ("_2d", "_x5f2d"),
    ],
)
def test_name(name: str, python: str) -> None:
    assert identifier(name) == python
    assert documented(python) == name
