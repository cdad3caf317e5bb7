"""Small specs that once gave code that a checker refused: each has to pass all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from generator.kit import HEAD, ROOT, emit_text, passes, put, python

CASES: Final = {
    "nameless": """
types:
  Kept: {description: d, section: s, typeParameters: [T], properties: {
    inner: {type: "{value: T, list: T[]}", description: d}}}
functions:
  give: {description: d, section: s, typeParameters: [T], parameters: [
    {name: a, type: "{value: T}", description: d}], returns: "{value: T}"}
classes:
  Box: {description: d, section: s, typeParameters: [T], properties: {
      held: {type: "{value: T}", description: d}},
    methods: {pack: {description: d, section: s, parameters: [
      {name: a, type: "{value: T, other: string}", description: d}]}}}
""",
    "constructed": """
classes:
  Point: {description: d, section: s,
    construct: {description: d, section: s, parameters: [{name: x, type: number, description: d}],
      overloads: [{parameters: [{name: s, type: string, description: d}]}]},
    call: {description: d, section: s, option: {properties: {a: {type: string, description: d}}},
      parameters: [{name: x, type: number, description: d}], returns: string}}
""",
    "aliases": """
types:
  Swap: {description: d, section: s, typeParameters: [A, B], type: "(b: B) => A"}
  Drop: {description: d, section: s, typeParameters: [A, B], type: "A[]"}
  Plain: {description: d, section: s, typeParameters: [A, B], type: "Record<string, A> | B"}
  Loose: {description: d, section: s, typeParameters: [A, {name: B, extends: Later}], type: "(a?: B) => A"}
  Deep: {description: d, section: s, typeParameters: [A, {name: B, default: string}],
    type: "Drop<B, A> | Swap<A, B>"}
  Later: {description: d, section: s, properties: {
    swap: {type: "Swap<string, number>", description: d},
    drop: {type: "Drop<string, number>", description: d},
    plain: {type: "Plain<number, boolean>", description: d},
    loose: {type: "Loose<string, Later>", description: d},
    deep: {type: "Deep<number>", description: d}}}
  Word: {description: d, section: s, type: "'a' | 'b'"}
  Gen: {description: d, section: s, typeParameters: [X], properties: {a: {type: X, description: d}}}
  Heir: {description: d, section: s, extends: "Gen<Word>", properties: {}}
functions:
  later: {description: d, section: s, returns: Later}
""",
    "bounds": """
types:
  Any1: {description: d, section: s, type: "Record<string, any>"}
  One: {description: d, section: s, typeParameters: [{name: T, extends: "Record<string, any>"}],
    properties: {a: {type: T, description: d}}}
  Two: {description: d, section: s, typeParameters: [{name: T, extends: Any1, default: Any1}],
    properties: {a: {type: T, description: d}}}
  Three: {description: d, section: s, typeParameters: [{name: T, extends: object | string}],
    properties: {a: {type: T, description: d}}}
  Four: {description: d, section: s, typeParameters: [T, {name: P, extends: "One<T>"}],
    properties: {a: {type: T, description: d}, b: {type: P, description: d}}}
  Data: {description: d, section: s, properties: {x: {type: number, description: d}}}
  All: {description: d, section: s, properties: {
    a: {type: "One<{width: number}>", description: d}, b: {type: "Two<Data>", description: d},
    c: {type: "Three<Data>", description: d}, d: {type: "Four<Data, One<Data>>", description: d}}}
""",
    "builtins_": """
classes:
  Taken: {description: d, section: s, methods: {
    float: {description: d, section: s, returns: string},
    str: {description: d, section: s, returns: number},
    property: {description: d, section: s, returns: boolean},
    overload: {description: d, section: s, parameters: [{name: n, type: number, description: d}],
      overloads: [{parameters: [{name: s, type: string, description: d}]}]},
    both_styles: {description: d, section: s, option: {properties: {}}},
    other: {description: d, section: s, parameters: [{name: n, type: number, description: d}]}},
    properties: {bool: {type: boolean, description: d}}}
""",
    "again": """
types:
  Base: {description: d, section: s, properties: {a: {type: string, description: d},
    b: {type: number, required: false, description: d}}}
  Near: {description: d, section: s, extends: Base, properties: {a: {type: "'x' | 'y'", description: d},
    b: {type: integer, description: d}}}
options:
  Shared: {description: d, section: s, properties: {a: {type: string, description: d}}}
classes:
  Node: {description: d, section: s, properties: {kind: {type: string, description: d}},
    methods: {find: {description: d, section: s, returns: Base}}}
  Leaf: {description: d, section: s, extends: Node, properties: {kind: {type: "'leaf'", description: d}},
    methods: {find: {description: d, section: s, returns: Near}}}
functions:
  f: {description: d, section: s, option: {extends: Shared, properties: {
    a: {type: string, required: true, description: d}}}, returns: Leaf}
""",
    "hidden": """
types:
  RX: {description: d, section: s, host: object}
  Size: {description: d, section: s, properties: {a: {type: number, description: d}}}
options:
  Opt: {description: d, section: s, properties: {a: {type: Size, description: d}}, success: Size}
classes:
  P: {description: d, section: s, properties: {RX: {type: RX, description: d},
      Size: {type: "Size[]", writable: true, description: d}},
    methods: {Opt: {description: d, section: s, option: Opt},
      other: {description: d, section: s, parameters: [{name: a, type: "Size | RX", description: d}]}}}
functions: {f: {description: d, section: s, option: Opt}}
""",
    "never": """
types:
  Gone: {description: d, section: s, properties: {a: {type: never, required: false, description: d},
    b: {type: "string | never", description: d}}}
functions:
  exit: {description: d, section: s, parameters: [{name: done, type: "() => never", description: d}],
    returns: never}
  leave: {description: d, section: s, option: {properties: {a: {type: string, description: d}}},
    returns: never}
""",
    "giving": """
types: {R: {description: d, section: s, properties: {errMsg: {type: string, description: d}}}}
functions:
  f: {description: d, section: s, parameters: [{name: a, type: number, description: d},
      {name: _a, type: number, description: d}, {name: R, type: string, description: d}],
    option: {properties: {a: {type: string, description: d}}, success: R, fail: R}}
  g: {description: d, section: s, parameters: [{name: K, type: string, description: d}], returns: K}
classes: {K: {description: d, section: s}}
""",
    "mappings": """
types:
  Bag: {description: d, section: s, properties: {}, others: string}
  Box: {description: d, section: s, properties: {}, others: number}
  Rec: {description: d, section: s, typeParameters: [T], properties: {}, others: "Rec<T> | T"}
functions:
  f: {description: d, section: s, option: {properties: {box: {type: Box, description: d},
    rec: {type: Rec<string>, description: d}}, success: Bag, fail: Bag}}
""",
    "unnamed": """
types:
  Held: {description: d, section: s, typeParameters: [T, {name: U, default: "T[]"}],
    properties: {a: {type: "{z: U}", description: d}, b: {type: "{str: T, list: string[]}", description: d}}}
functions:
  f: {description: d, section: s, typeParameters: [W, {name: T, default: string}],
    parameters: [{name: w, type: W, description: d}, {name: t, type: T, description: d}],
    returns: "{t: T, w: W}"}
""",
    "exactly": """
types:
  One: {description: d, section: s, properties: {a: {type: string, description: d}}}
  Two: {description: d, section: s, extends: One, properties: {b: {type: string, description: d}}}
classes:
  Base: {description: d, section: s, properties: {p: {type: One, writable: true, description: d},
      q: {type: One, description: d}},
    methods: {m: {description: d, section: s, option: {properties: {x: {type: string, description: d}}}, returns: One},
      n: {description: d, section: s, returns: One}}}
  Near: {description: d, section: s, extends: Base, properties: {p: {type: Two, writable: true, description: d},
      q: {type: Two, description: d}},
    methods: {m: {description: d, section: s, option: {properties: {x: {type: string, description: d}}}, returns: Two},
      n: {description: d, section: s, returns: Two, overloads: [
        {parameters: [{name: a, type: string, description: d}], returns: Two}]}}}
""",
    "heirs": """
classes:
  Base: {description: d, section: s, events: {go: {arguments: [{name: a, type: number, description: d}], description: d}},
    methods: {on: {description: d, section: s, event: adds}}}
  Heir: {description: d, section: s, extends: Base, methods: {on: {description: d, section: s, event: adds},
    off: {description: d, section: s, event: removes}}}
""",
    "letters": """
types:
  I: {description: "I: d", section: s, properties: {l: {type: number, description: d}}}
  O: {description: d, section: s, type: "I | string"}
functions:
  l: {description: d, section: s, parameters: [{name: O, type: I, description: d}], returns: I}
  I1: {description: "l", section: s, returns: O}
""",
    "wide": f"""
classes:
  Wide: {{description: d, section: s, properties: {{
    a: {{type: number, description: "{"位置" * 21}"}},
    b: {{type: number, description: "{"位置" * 23}"}},
    c: {{type: number, description: "{"位置" * 40}。"}},
    e: {{type: number, description: "{"word " * 17}abcdefgh"}}}}}}
functions:
  old: {{description: d, section: s, deprecated: "{"why not to use it " * 6}"}}
  older: {{description: d, section: s, deprecated: "short"}}
""",
    "related": """
types:
  Res: {description: d, section: s, typeParameters: [T], properties: {data: {type: T, description: d}}}
options:
  Opt: {description: d, section: s, typeParameters: [{name: T, extends: string | ArrayBuffer,
      default: string | ArrayBuffer}],
    properties: {url: {type: string, required: true, description: d}}, success: Res<T>}
functions:
  request: {description: d, section: s, typeParameters: [{name: T, extends: string | ArrayBuffer,
      default: string | ArrayBuffer}], option: Opt<T>, returns: string}
  called: {description: d, section: s, typeParameters: [T], option: {success: T, properties: {}}}
""",
}

USE: Final = """
from typing import Literal, assert_type

import again
import aliases
import bounds
import builtins_
import constructed
import giving
import mappings
import nameless
import related
import unnamed


def use() -> None:
    given = nameless.wx.give(nameless.GiveA(value=1))
    assert_type(given.value, int)
    later = aliases.wx.later()
    assert_type(later.swap(1.5), str)
    assert_type(later.drop, list[str])
    assert_type(later.plain, dict[str, float] | bool)
    assert_type(later.loose(), str)
    point: constructed.Point = constructed.Point(1)
    constructed.Point("text")
    constructed.Point([])  # type: ignore[call-overload]
    assert_type(point(1, a="text"), str)
    bounds.Two(a=bounds.Data(x=1))
    taken: builtins_.Taken
    related.wx.request(url="", success=heard)
    related.wx.request(url="")
    leaf = again.wx.f(a="must be given")
    again.wx.f()  # type: ignore[call-overload]
    assert_type(leaf.find().b, int)
    assert_type(leaf.kind, Literal["leaf"])
    giving.wx.f(1, 2, "text", a="text")
    mappings.wx.f(box={"a": 1}, fail=lambda res: print(res.others))
    both = unnamed.wx.f(b"", 1)
    assert_type(both.t, int)
    assert_type(both.w, bytes)


def heard(res: related.Res[str]) -> None:
    assert_type(res.data, str)
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    for name, body in CASES.items():
        head = f"wxgen: 1\npackage: {name}\ntitle: T\ndescription: D\nsection: S"
        put(emit_text(head + body, folder, f"{name}.yaml").files, folder)
    (folder / "use.py").write_text(USE, encoding="utf-8")
    return folder


def behind(folder: Path) -> Iterator[Path]:
    """The code that stubs hide."""
    return (stub.with_suffix(".py").relative_to(folder) for stub in sorted(folder.rglob("*.pyi")))


def test_mypy(out: Path) -> None:
    passes(python("-m", "mypy", "--strict", "use.py", *CASES, cwd=out))
    # A second time, with what the first has kept.
    passes(python("-m", "mypy", "--strict", "use.py", *CASES, cwd=out))


def test_mypy_behind_the_stubs(out: Path) -> None:
    passes(python("-m", "mypy", "--strict", *behind(out), cwd=out))


def test_pyright(out: Path) -> None:
    runtime = str(ROOT / "generator")
    settings = {"include": [*CASES], "extraPaths": [runtime], "typeCheckingMode": "strict"}
    (out / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    passes(python("-m", "pyright", cwd=out))


def test_stubtest(out: Path) -> None:
    allowed = out / "allowed"
    # It knows no alias that says the order of its variables.
    allowed.write_text(
        "".join(f"aliases.types.{name}\n" for name in ("Swap", "Drop", "Loose", "Deep"))
    )
    passes(python("-m", "mypy.stubtest", "--allowlist", allowed, *CASES, cwd=out))


def test_ruff(out: Path) -> None:
    ours = ("--config", ROOT / "pyproject.toml")
    passes(python("-m", "ruff", "check", *ours, *CASES, cwd=out))
    passes(python("-m", "ruff", "format", "--diff", *ours, *CASES, cwd=out))


def test_import(out: Path) -> None:
    code = "; ".join(f"from {name} import *" for name in CASES)
    passes(python("-W", "error", "-c", code, cwd=out))


def two_chapters(a: str, b: str, folder: Path) -> Path:
    """Emit a package `whole` of two chapters; returns the folder that it is in."""
    (folder / "a.yaml").write_text(HEAD + a, encoding="utf-8")
    (folder / "b.yaml").write_text(HEAD + b, encoding="utf-8")
    spec = f"{HEAD}package: whole\nchapters: {{a: a.yaml, b: b.yaml}}\n"
    return put(emit_text(spec, folder, "whole.yaml").files, folder / "out")


def test_a_bound_of_another_chapter(tmp_path: Path) -> None:
    base = "types: {A: {description: d, section: s, properties: {x: {type: string, description: d}}}}\n"
    made = (
        "types: {E: {description: d, section: s, typeParameters: [{name: T, extends: A, default: A}],"
        " properties: {x: {type: T, description: d}}}}\n"
    )
    folder = two_chapters(base, made, tmp_path)
    passes(python("-m", "ruff", "check", "--config", ROOT / "pyproject.toml", ".", cwd=folder))
    passes(python("-m", "mypy", "--strict", "whole", cwd=folder))
    passes(python("-c", "from whole import *; print(E(x=A(x='')))", cwd=folder))


def test_calls_answer_whatever_their_parameters_are_called(out: Path) -> None:
    code = (
        "import inspect, giving, mappings, never\n"
        "giving.wx.f(1, 2, 'text', a='text', fail=lambda res: print(type(res).__name__, res.errMsg))\n"
        "print(type(giving.wx.g('text')).__name__)\n"
        "mappings.wx.f(fail=lambda res: print(type(res).__name__))\n"
        "try:\n    never.wx.leave()\nexcept never.WxError as error:\n    print(error)\n"
        "print([*inspect.signature(giving.Wx.f).parameters])\n"
    )
    assert passes(python("-c", code, cwd=out)).splitlines() == [
        "R f:fail not supported",
        "K",
        "Bag",
        "leave:fail not supported",
        "['self', '_a_', '_a', '_R', 'option', 'a', 'success', 'fail']",
    ]


def test_a_function_like_a_type_of_another_chapter(tmp_path: Path) -> None:
    types = "types: {Stat: {description: d, section: s, properties: {errMsg: {type: string, description: d}, a: {type: string, description: d}}}}\n"
    calls = (
        "functions: {Stat: {description: d, section: s, returns: string},"
        " f: {description: d, section: s, option: {properties: {}, success: Stat, fail: Stat}}}\n"
    )
    folder = two_chapters(calls, types, tmp_path)
    code = "from whole import wx; wx.f(fail=lambda res: print(type(res).__name__, res.errMsg))"
    assert passes(python("-c", code, cwd=folder)) == "Stat f:fail not supported\n"
    passes(python("-m", "mypy", "--strict", "whole", cwd=folder))


def test_a_bound_of_many_names_takes_no_long_time(tmp_path: Path) -> None:
    """Each level names the one below twice, so that there are 2**60 ways down."""
    levels = "".join(
        f"  {name}{level}: {{description: d, section: s, type: {one}{level - 1} | {two}{level - 1}}}\n"
        for level in range(1, 60)
        for name, one, two in (("A", "A", "B"), ("B", "B", "A"))
    )
    spec = (
        "wxgen: 1\ntitle: T\ndescription: D\nsection: S\ntypes:\n"
        "  A0: {description: d, section: s, type: string}\n"
        "  B0: {description: d, section: s, type: number}\n"
        f"{levels}functions: {{f: {{description: d, section: s, returns: T, typeParameters: "
        "[{name: T, extends: A59}], parameters: [{name: a, type: T, description: d}]}}\n"
    )
    assert "def _f(self, a: T2) -> T2: ..." in emit_text(spec, tmp_path).files["wxsocket/api.pyi"]
