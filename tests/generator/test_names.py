"""Names of a spec in Python: what they become, and which cannot be had.

In the specs below `^` stands where the fault is reported, and is no part of the spec.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from generator.kit import DS, FIELD, HEAD, OBJECT, check, classes, option, parameters, types
from hypothesis import given
from hypothesis import strategies as st

from wxgen.python import identifier

# What is wrong, by what it is about: the spec after its head, and what is said.
WRONG: Final[dict[str, tuple[str, str]]] = {
    "two properties with one name": (
        types(f"A: {{{DS}, properties: {{a.b: {FIELD}, ^a-b: {FIELD}}}}}"),
        "'a-b' and 'a.b' are both 'a_b' in Python",
    ),
    "two options with one name": (
        option(f"properties: {{global: {FIELD}, ^global_: {FIELD}}}"),
        "'global_' and 'global' are both 'global_' in Python",
    ),
    "two parameters with one name": (
        parameters("name: a.b, type: any", "^name: a_b, type: any"),
        "'a_b' and 'a.b' are both 'a_b' in Python",
    ),
    "a method like a property": (
        classes(f"A: {{{DS}, properties: {{m: {FIELD}}}, methods: {{^m: {{{DS}}}}}}}"),
        "'m' and 'm' are both 'm' in Python",
    ),
    "a field like an inherited one": (
        types(
            f"B: {{{DS}, properties: {{a.b: {FIELD}}}}}, "
            f"C: {{{DS}, extends: B, properties: {{^a-b: {FIELD}}}}}"
        ),
        "'a-b' and 'a.b' are both 'a_b' in Python",
    ),
    "a type like the namespace's class": (
        types(f"^Wx: {OBJECT}"),
        "'Wx' is the namespace's class: choose another name",
    ),
    "a type like the bindings' own": (
        types(f"^WxError: {OBJECT}"),
        "'WxError' is the bindings' own: choose another name",
    ),
    "a type like an annotation": (
        types(f"^Mapping: {OBJECT}"),
        "'Mapping' is the bindings' own: choose another name",
    ),
    "a type like the type variable": (
        types(f"^T: {OBJECT}"),
        "'T' is the bindings' own: choose another name",
    ),
    "a type that Python has for itself": (
        types(f"^None: {OBJECT}"),
        "'None' is a word of Python: choose another name",
    ),
    "an option like the bindings' own": (
        option("name: Call, properties: {}").replace("option: {", "^option: {"),
        "'Call' is the bindings' own: choose another name",
    ),
    "a member like a type": (
        types(f"Size: {OBJECT}, A: {{{DS}, properties: {{^Size: {FIELD}}}}}"),
        "'Size' would hide the type of that name",
    ),
    "a function like the engine's": (
        f"engine: websocket\nfunctions: {{^run: {{{DS}}}}}",
        "'run' is a name of the bindings' own on Wx",
    ),
    "a property like the engine's": (
        "engine: websocket\n"
        + classes(f"SocketTask: {{{DS}, properties: {{^readyState: {FIELD}}}}}"),
        "'readyState' is a name of the bindings' own on SocketTask",
    ),
    "a type like an engine's class": (
        f"engine: websocket\ntypes: {{^SocketTaskExtras: {OBJECT}}}",
        "'SocketTaskExtras' is the bindings' own: choose another name",
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
    "a namespace whose class Python has for itself": (
        "^namespace: none",
        "'none' cannot be the namespace: choose another name",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_fault(what: str, tmp_path: Path) -> None:
    body, message = WRONG[what]
    check(HEAD + body, [message], tmp_path)


def test_names_that_clash_are_all_told(tmp_path: Path) -> None:
    text = HEAD + (
        "types:\n"
        f"  ^Wx: {{{DS}, properties: {{a.b: {FIELD}, ^a-b: {FIELD}, ^a_b: {FIELD}}}}}\n"
        f"  ^Any: {OBJECT}\n"
    )
    messages = [
        "'Wx' is the namespace's class: choose another name",
        "'a-b' and 'a.b' are both 'a_b' in Python",
        "'a_b' and 'a-b' are both 'a_b' in Python",
        "'Any' is the bindings' own: choose another name",
    ]
    check(text, messages, tmp_path)


NAMES: Final = st.from_regex(r"[A-Za-z][A-Za-z0-9_.$-]{0,63}", fullmatch=True)


@given(NAMES)
def test_every_name_becomes_one_that_python_allows(name: str) -> None:
    changed = identifier(name)
    assert changed.isidentifier()
    compile(f"def f({changed}: int) -> None: {changed} = 1", "name", "exec")
    assert identifier(changed) == changed
    assert changed.rstrip("_").replace("_", "") == "".join(filter(str.isalnum, name))


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("url", "url"),
        ("tcpNoDelay", "tcpNoDelay"),
        ("global", "global_"),
        ("None", "None_"),
        ("match", "match"),
        ("scope.camera", "scope_camera"),
        ("a-b$c", "a_b_c"),
        ("self", "self_"),
        ("str", "str_"),
        ("property", "property_"),
        ("overload", "overload_"),
        ("errMsg", "errMsg"),
    ],
)
def test_name(name: str, python: str) -> None:
    assert identifier(name) == python
