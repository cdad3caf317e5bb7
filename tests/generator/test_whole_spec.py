"""Every fault of a spec at once, whatever else is wrong with it, each where it is and each once."""

from __future__ import annotations

from pathlib import Path

import pytest
from generator.kit import DS, FIELD, HEAD, OBJECT, check

SPECS = {
    "an unknown engine beside an unknown key": (
        "^colour: red\nengine: ^nope\n",
        ["unknown key 'colour'", "there is no engine 'nope'"],
    ),
    "wrong defaults beside an unknown key": (
        f"types: {{A: {{{DS}, ^colour: red, properties: "
        "{a: {type: integer, default: ^x, description: d}}}}\n",
        ["unknown key 'colour'", "the default 'x' is no integer"],
    ),
    "circles beside an unknown key": (
        f"^colour: red\ntypes: {{A: {{{DS}, properties: {{}}, extends: ^B}}, "
        f"B: {{{DS}, properties: {{}}, extends: ^A}}, C: {{{DS}, type: ^'C[]'}}}}\n",
        [
            "unknown key 'colour'",
            "'A' extends itself",
            "'B' extends itself",
            "'C' is defined by itself",
        ],
    ),
    "names that clash beside a circle": (
        f"types: {{A: {{{DS}, properties: {{}}, extends: ^A}}, ^Wx: {OBJECT}}}\n",
        ["'A' extends itself", "'Wx' is the namespace's class: choose another name"],
    ),
    "a missing key beside what only the whole shows": (
        "functions: {^f: {description: d, removes: ^g, limits: "
        "[{constant: ^A, description: d}]}}\n",
        [
            "missing key 'section'",
            "no call 'g' registers a listener here",
            "unknown constant 'A'",
        ],
    ),
    "what is of a wrong kind is left out": (
        f"types: {{A: ^1, B: {{{DS}, properties: ^[]}}, C: {{{DS}, values: ^3}}}}\n"
        f"functions: {{f: {{{DS}, option: ^3, returns: ^Xyzzy}}, g: ^[]}}\n"
        f"classes: {{M: {{{DS}, methods: {{m: ^3}}, events: ^7}}}}\n",
        [
            "expected a mapping, found a whole number",
            "expected a mapping, found a list",
            "expected a list, found a whole number",
            "expected text or a mapping, found a whole number",
            "unknown type 'Xyzzy'",
            "expected a mapping, found a list",
            "expected a mapping, found a whole number",
            "expected a mapping, found a whole number",
        ],
    ),
    "a name that is none is not told twice": (
        f"types: {{^a: {OBJECT}}}\nfunctions: {{^f-g: {{{DS}}}}}\nnamespace: ^'-'\n",
        [
            "a type's name starts with a capital and holds at most 96 letters, digits, _ and $, "
            "with dots between its parts",
            "a name starts with a letter, _ or $ and holds at most 64 letters, digits, _ and $",
            "a name starts with a letter and holds at most 64 letters and digits",
        ],
    ),
    "a fault of YAML is not told again": (
        "oddities: [^!x y]\nengine: ^nope\n",
        ["tag '!x': tags have no meaning here", "there is no engine 'nope'"],
    ),
}


@pytest.mark.parametrize("what", SPECS)
def test_faults(what: str, tmp_path: Path) -> None:
    body, messages = SPECS[what]
    check(HEAD + body, messages, tmp_path)


def test_many(tmp_path: Path) -> None:
    """One fault of each step in one spec."""
    check(
        HEAD
        + "2: ^x\n".replace("2: ^x", "^2: x")
        + "engine: ^socket\n"
        + "types:\n"
        + f"  A: {{{DS}, ^colour: red, properties: {{a: {{type: ^bool, description: d}}}}}}\n"
        + f"  ^Wx: {{{DS}, type: string}}\n"
        + f"  B: {{{DS}, properties: {{a: {FIELD}}}, extends: ^C}}\n"
        + f"functions: {{f: {{{DS}, limits: [{{constant: ^MOST, description: d}}]}}}}\n",
        [
            "a key must be text, not a number; write '2' in quotes",
            "there is no engine 'socket', did you mean 'websocket'?",
            "unknown key 'colour'",
            "unknown type 'bool', did you mean 'boolean'?",
            "'Wx' is the namespace's class: choose another name",
            "there is no object type 'C'",
            "unknown constant 'MOST'",
        ],
        tmp_path,
    )
