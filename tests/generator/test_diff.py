"""What changes between two specs, and what of it breaks: each verdict is held against mypy.

A line that is right with the old package is wrong with the new one exactly when the change breaks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import yaml
from generator.kit import DS, HEAD, SECOND, SPEC, put, python
from hypothesis import given, settings
from hypothesis import strategies as st

from wxgen.diff import compare
from wxgen.diff.report import as_changelog, as_json, as_text
from wxgen.pipeline import emit, read_api
from wxgen.spec.typeexpr import text_of
from wxgen.spec.typeparser import parse_type

CHAPTERS: Final = Path(__file__).with_name("chapters") / "mini.yaml"
D: Final = "description: d"


@dataclass(frozen=True)
class Pair:
    """Two specs after their heads, what is told of them, and a line that uses the old one.

    Attributes:
        changes: One line a change: `breaks where: what`, or `right where: what`.
        line: A statement in a coroutine; "" where no type checker can tell.
    """

    old: str
    new: str
    changes: tuple[str, ...]
    line: str = ""


def call(body: str) -> str:
    return f"functions: {{f: {{{DS}, {body}}}}}\n" if body else f"functions: {{f: {{{DS}}}}}\n"


def option(properties: str, more: str = "") -> str:
    return call(f"option: {{properties: {{{properties}}}{', ' + more if more else ''}}}")


def result(properties: str, more: str = "") -> str:
    """A call that answers R, which has these properties."""
    return f"types: {{R: {{{DS}, properties: {{{properties}}}{more}}}}}\n" + call("returns: R")


def given_(properties: str) -> str:
    """A call that takes a G, which has these properties."""
    return f"types: {{G: {{{DS}, properties: {{{properties}}}}}}}\n" + call(
        f"parameters: [{{name: g, type: G, {D}}}]"
    )


def parameters(*each: str) -> str:
    return call(f"parameters: [{', '.join(f'{{{one}, {D}}}' for one in each)}]")


def listener(body: str) -> str:
    return (
        f"types: {{R: {{{DS}, properties: {{}}}}}}\n"
        f"functions: {{onF: {{{DS}, listener: {{{D}{body}}}}}}}\n"
    )


def class_(body: str, more: str = "") -> str:
    return f"classes: {{C: {{{DS}{body}}}{more}}}\n" + call("returns: C")


def field(type_: str, more: str = "") -> str:
    return f"a: {{type: {type_}, {D}{more}}}"


MUST: Final = ", required: true"
MAY: Final = ", required: false"
TWO: Final = field("string") + ", " + field("string").replace("a:", "b:", 1)

PAIRS: Final[dict[str, Pair]] = {
    # Calls.
    "a function is gone": Pair(call(""), "", ("breaks f: the function is gone",), "wx.f()"),
    "a function is new": Pair("", call(""), ("right f: a new function",), "print(wx)"),
    "a function has another name": Pair(
        call(""),
        call("").replace("{f:", "{g:"),
        ("breaks f: the function is gone", "right g: a new function"),
        "wx.f()",
    ),
    "a function is deprecated": Pair(
        call(""), call("deprecated: Use g."), ("right f: deprecated: Use g.",), "wx.f()"
    ),
    "a call takes an option object": Pair(
        call(""),
        option(field("string", MUST)),
        ("breaks f: it takes an option object", "right FOption: a new option type"),
        "wx.f()",
    ),
    "a call may take an option object": Pair(
        call(""),
        option(field("string"), "optional: true"),
        ("right f: it takes an option object", "right FOption: a new option type"),
        "wx.f()",
    ),
    "the option object must be given": Pair(
        option(field("string"), "optional: true"),
        option(field("string", MUST)),
        (
            "breaks f: the option object must be given now",
            "breaks FOption.a: it must be there now",
        ),
        "wx.f()",
    ),
    "the option object may be left out": Pair(
        option(field("string")),
        option(field("string"), "optional: true"),
        ("right f: the option object may be left out now",),
        'wx.f(a="x")',
    ),
    # Options.
    "an option is gone": Pair(
        option(TWO),
        option(field("string")),
        ("breaks FOption.b: the option is gone",),
        'wx.f(b="x")',
    ),
    "an option is new": Pair(
        option(field("string")), option(TWO), ("right FOption.b: a new option",), 'wx.f(a="x")'
    ),
    "a new option must be given": Pair(
        option(""),
        option(field("string", MUST)),
        ("breaks FOption.a: a new option, which must be given",),
        "wx.f()",
    ),
    "an option must be given": Pair(
        option(field("string")),
        option(field("string", MUST)),
        ("breaks FOption.a: it must be there now",),
        "wx.f()",
    ),
    "an option may be left out": Pair(
        option(field("string", MUST)),
        option(field("string")),
        ("right FOption.a: it may be missing now",),
        'wx.f(a="x")',
    ),
    "an option takes more": Pair(
        option(field("string")),
        option(field("string | number")),
        ("right FOption.a: it is string | number, and was string",),
        'wx.f(a="x")',
    ),
    "an option takes less": Pair(
        option(field("string | number")),
        option(field("string")),
        ("breaks FOption.a: it is string, and was string | number",),
        "wx.f(a=1.5)",
    ),
    "an integer may have a fraction": Pair(
        option(field("integer")),
        option(field("number")),
        ("right FOption.a: it is number, and was integer",),
        "wx.f(a=1)",
    ),
    "a number may not have a fraction": Pair(
        option(field("number")),
        option(field("integer")),
        ("breaks FOption.a: it is integer, and was number",),
        "wx.f(a=1.5)",
    ),
    "an option takes a longer enumeration": Pair(
        option(field("\"'a' | 'b'\"")),
        option(field("\"'a' | 'b' | 'c'\"")),
        ("right FOption.a: it is 'a' | 'b' | 'c', and was 'a' | 'b'",),
        'wx.f(a="b")',
    ),
    "an option takes a shorter enumeration": Pair(
        option(field("\"'a' | 'b'\"")),
        option(field("\"'a'\"")),
        ("breaks FOption.a: it is 'a', and was 'a' | 'b'",),
        'wx.f(a="b")',
    ),
    "an option takes a list of more": Pair(
        option(field("'string[]'")),
        option(field("'(string | integer)[]'")),
        ("right FOption.a: it is Array<string | integer>, and was string[]",),
        'wx.f(a=["x"])',
    ),
    "an option takes a function that is told more": Pair(
        option(field("'(x: string) => void'")),
        option(field("'(x: string | null) => void'")),
        ("breaks FOption.a: it is (x: string | null) => void, and was (x: string) => void",),
        "def g(x: str) -> None: ...\n    wx.f(a=g)",
    ),
    "an option takes a function that is told less": Pair(
        option(field("'(x: string | null) => void'")),
        option(field("'(x: string) => void'")),
        ("right FOption.a: it is (x: string) => void, and was (x: string | null) => void",),
        "def g(x: str | None) -> None: ...\n    wx.f(a=g)",
    ),
    "an option takes bytes no more": Pair(
        option(field("string | ArrayBuffer")),
        option(field("string")),
        ("breaks FOption.a: it is string, and was string | ArrayBuffer",),
        'wx.f(a=memoryview(b""))',
    ),
    "an option takes anything": Pair(
        option(field("string")),
        option(field("any")),
        ("right FOption.a: it is any, and was string",),
        'wx.f(a="x")',
    ),
    "an option took anything": Pair(
        option(field("any")),
        option(field("string")),
        ("breaks FOption.a: it is string, and was any",),
        "wx.f(a=1)",
    ),
    "a default is another": Pair(
        option(field("integer", ", default: 1")),
        option(field("integer", ", default: 2")),
        ("breaks FOption.a: the default is 2, and was 1",),
    ),
    "a default is new": Pair(
        option(field("integer")),
        option(field("integer", ", default: 0")),
        ("breaks FOption.a: the default is 0, and was none",),
    ),
    "true is not 1": Pair(
        option(field("any", ", default: true")),
        option(field("any", ", default: 1")),
        ("breaks FOption.a: the default is 1, and was True",),
    ),
    "an option has no effect any more": Pair(
        option(field("integer")),
        option(field("integer", ", support: ignored")),
        ("breaks FOption.a: support is ignored, and was full",),
    ),
    "an option type has another name": Pair(
        option(field("string")),
        option(field("string"), "name: GOption"),
        ("breaks FOption: the option type is gone", "right GOption: a new option type"),
        'wx.f(FOption(a="x"))',
    ),
    # Callbacks and results.
    "a callback is gone": Pair(
        "types: {R: {" + DS + ", properties: {}}}\n" + option("", "complete: R"),
        "types: {R: {" + DS + ", properties: {}}}\n" + option(""),
        ("breaks FOption.complete: the callback is gone",),
        "wx.f(complete=print)",
    ),
    "a callback receives something else": Pair(
        f"types: {{R: {{{DS}, properties: {{}}}}, S: {{{DS}, properties: {{}}}}}}\n"
        + option("", "fail: R"),
        f"types: {{R: {{{DS}, properties: {{}}}}, S: {{{DS}, properties: {{}}}}}}\n"
        + option("", "fail: S"),
        ("breaks FOption.fail: what it receives is S, and was R",),
        "def g(x: R) -> None: ...\n    wx.f(fail=g)",
    ),
    "a callback receives what extends what it received": Pair(
        f"types: {{R: {{{DS}, properties: {{}}}}, S: {{{DS}, extends: R, properties: {{}}}}}}\n"
        + option("", "success: R"),
        f"types: {{R: {{{DS}, properties: {{}}}}, S: {{{DS}, extends: R, properties: {{}}}}}}\n"
        + option("", "success: S"),
        (
            "right f: what it returns is Promise<S>, and was Promise<R>",
            "right FOption.success: what it receives is S, and was R",
        ),
        "def g(x: R) -> None: ...\n    wx.f(success=g)\n    r: R = await wx.f()",
    ),
    "a result has a property less": Pair(
        result(field("string")), result(""), ("breaks R.a: the property is gone",), "wx.f().a"
    ),
    "a result has a property more": Pair(
        result(""), result(field("string")), ("right R.a: a new property",), "r: R = wx.f()"
    ),
    "a result's property may be missing": Pair(
        result(field("string")),
        result(field("string", MAY)),
        ("breaks R.a: it may be missing now",),
        "a: str = wx.f().a",
    ),
    "a result's property is always there": Pair(
        result(field("string", MAY)),
        result(field("string")),
        ("right R.a: it must be there now",),
        "a: str | None = wx.f().a",
    ),
    "a result holds more": Pair(
        result(field("string")),
        result(field("string | ArrayBuffer")),
        ("breaks R.a: it is string | ArrayBuffer, and was string",),
        "a: str = wx.f().a",
    ),
    "a result holds less": Pair(
        result(field("string | ArrayBuffer")),
        result(field("string")),
        ("right R.a: it is string, and was string | ArrayBuffer",),
        "a: str | bytes = wx.f().a",
    ),
    "a result's list holds less": Pair(
        result(field("'(string | integer)[]'")),
        result(field("'string[]'")),
        ("breaks R.a: it is string[], and was Array<string | integer>",),
        "a: list[str | int] = wx.f().a",
    ),
    "a result holds anything": Pair(
        result(field("string")),
        result(field("any")),
        ("right R.a: it is any, and was string",),
        "a: str = wx.f().a",
    ),
    "a result held anything": Pair(
        result(field("any")),
        result(field("string")),
        ("breaks R.a: it is string, and was any",),
        "a: int = wx.f().a",
    ),
    "a result holds nobody knows what": Pair(
        result(field("string")),
        result(field("unknown")),
        ("breaks R.a: it is unknown, and was string",),
        "a: str = wx.f().a",
    ),
    "a result extends nothing any more": Pair(
        f"types: {{B: {{{DS}, properties: {{}}}}, R: {{{DS}, extends: B, properties: {{}}}}}}\n"
        + call("returns: R"),
        f"types: {{B: {{{DS}, properties: {{}}}}, R: {{{DS}, properties: {{}}}}}}\n"
        + call("returns: R"),
        ("breaks R: it no longer extends B",),
        "b: B = wx.f()",
    ),
    "a result extends something": Pair(
        f"types: {{B: {{{DS}, properties: {{}}}}, R: {{{DS}, properties: {{}}}}}}\n"
        + call("returns: R"),
        f"types: {{B: {{{DS}, properties: {{}}}}, R: {{{DS}, extends: B, properties: {{}}}}}}\n"
        + call("returns: R"),
        (),
        "r: R = wx.f()",
    ),
    "a call returns something": Pair(
        call(""), call("returns: string"), ("right f: it returns string",), "wx.f()"
    ),
    "a call returns nothing": Pair(
        call("returns: string"),
        call(""),
        ("breaks f: what it returns is nothing, and was string",),
        "a: str = wx.f()",
    ),
    "a call returns a promise": Pair(
        call("returns: string"),
        call("returns: Promise<string>"),
        ("breaks f: what it returns is Promise<string>, and was string",),
        "a: str = wx.f()",
    ),
    # What is given.
    "an object that is given has a property more": Pair(
        given_(""), given_(field("string", MAY)), ("right G.a: a new property",), "wx.f(G())"
    ),
    "an object that is given needs a property more": Pair(
        given_(""),
        given_(field("string")),
        ("breaks G.a: a new property, which must be given",),
        "wx.f(G())",
    ),
    "an object that is given takes less": Pair(
        given_(field("string | integer")),
        given_(field("string")),
        ("breaks G.a: it is string, and was string | integer",),
        "wx.f(G(a=1))",
    ),
    "an object that is given takes more": Pair(
        given_(field("string")),
        given_(field("string | integer")),
        ("right G.a: it is string | integer, and was string",),
        'wx.f(G(a="x"))',
    ),
    "an object that is given and received takes more": Pair(
        given_(field("string")).replace("functions: {", f"functions: {{g: {{{DS}, returns: G}}, "),
        given_(field("string | integer")).replace(
            "functions: {", f"functions: {{g: {{{DS}, returns: G}}, "
        ),
        ("breaks G.a: it is string | integer, and was string",),
        "a: str = wx.g().a",
    ),
    # Parameters.
    "a parameter is gone": Pair(
        parameters("name: a, type: string", "name: b, type: string"),
        parameters("name: a, type: string"),
        ("breaks f(b): the parameter is gone",),
        'wx.f("a", "b")',
    ),
    "a parameter is new": Pair(
        parameters("name: a, type: string"),
        parameters("name: a, type: string", "name: b, type: string, required: false"),
        ("right f(b): a new parameter",),
        'wx.f("a")',
    ),
    "a new parameter must be given": Pair(
        parameters("name: a, type: string"),
        parameters("name: a, type: string", "name: b, type: string"),
        ("breaks f(b): a new parameter, which must be given",),
        'wx.f("a")',
    ),
    "a parameter has another name": Pair(
        parameters("name: a, type: string"),
        parameters("name: b, type: string"),
        ("breaks f(a): the parameter is called 'b'",),
        'wx.f(a="x")',
    ),
    "a parameter takes all further arguments": Pair(
        parameters("name: a, type: string"),
        parameters("name: a, type: string, rest: true"),
        ("breaks f(a): it takes all further arguments",),
        'wx.f(a="x")',
    ),
    "a rest is new": Pair(
        parameters("name: a, type: string"),
        parameters("name: a, type: string", "name: b, type: any, rest: true"),
        ("right f(b): a new parameter",),
        'wx.f("x")',
    ),
    "a form is gone": Pair(
        call(f"parameters: [{{name: a, type: string, {D}}}], overloads: [{{}}]"),
        call(f"parameters: [{{name: a, type: string, {D}}}]"),
        ("breaks f (form 2): the form is gone",),
        "wx.f()",
    ),
    "a form is new": Pair(
        parameters("name: a, type: string"),
        call(f"parameters: [{{name: a, type: string, {D}}}], overloads: [{{}}]"),
        ("right f: it has 2 forms, and had 1",),
        'wx.f("a")',
    ),
    "forms change places": Pair(
        call(f"parameters: [{{name: a, type: string, {D}}}], overloads: [{{}}]"),
        call(f"overloads: [{{parameters: [{{name: a, type: string, {D}}}]}}]"),
        (),
        'wx.f("a")',
    ),
    # Listeners.
    "a listener receives something": Pair(
        listener(""),
        listener(", result: R"),
        ("breaks onF: the listener receives 1 arguments, and received 0",),
        "def g() -> None: ...\n    wx.onF(g)",
    ),
    "a listener receives more": Pair(
        listener(f", arguments: [{{name: a, type: string, {D}}}]"),
        listener(f", arguments: [{{name: a, type: string | null, {D}}}]"),
        ("breaks onF: what the listener receives is string | null, and was string",),
        "def g(a: str) -> None: ...\n    wx.onF(g)",
    ),
    "a listener has to return something": Pair(
        listener(", result: R"),
        listener(", result: R, returns: string"),
        ("breaks onF: the listener has to return something",),
        "def g(r: R) -> None: ...\n    wx.onF(g)",
    ),
    "a listener is told what nobody knew": Pair(
        listener(", arguments: unknown"),
        listener(", result: R"),
        ("breaks onF: the listener receives arguments that are told",),
        "def g(a: int, b: int) -> None: ...\n    wx.onF(g)",
    ),
    # Types.
    "a type is gone": Pair(
        f"types: {{A: {{{DS}, type: string}}}}\n",
        "",
        ("breaks A: the type is gone",),
        'a: A = "x"',
    ),
    "an enumeration that is given is longer": Pair(
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}]}}}}\n" + parameters("name: e, type: E"),
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}, {{value: b, {D}}}]}}}}\n"
        + parameters("name: e, type: E"),
        ("right E: a new value 'b'",),
        'wx.f("a")',
    ),
    "an enumeration that is received is longer": Pair(
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}]}}}}\n" + call("returns: E"),
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}, {{value: b, {D}}}]}}}}\n"
        + call("returns: E"),
        ("breaks E: a new value 'b'",),
        'a: Literal["a"] = wx.f()',
    ),
    "an enumeration that is given is shorter": Pair(
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}, {{value: b, {D}}}]}}}}\n"
        + parameters("name: e, type: E"),
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}]}}}}\n" + parameters("name: e, type: E"),
        ("breaks E: the value 'b' is gone",),
        'wx.f("b")',
    ),
    "an object is a name": Pair(
        f"types: {{A: {{{DS}, properties: {{{field('string')}}}}}}}\n",
        f"types: {{A: {{{DS}, type: string}}}}\n",
        ("breaks A: it is no object now",),
        'A(a="x")',
    ),
    "an object without a name has a property less": Pair(
        call('returns: "{a: string, b: string}"'),
        call('returns: "{a: string}"'),
        ("breaks f: what it returns is {a: string}, and was {a: string, b: string}",),
        "wx.f().b",
    ),
    # Classes.
    "a method is gone": Pair(
        class_(f", methods: {{m: {{{DS}}}}}"),
        class_(""),
        ("breaks C.m: the method is gone",),
        "wx.f().m()",
    ),
    "a method moves to the base": Pair(
        class_(f", extends: B, methods: {{m: {{{DS}}}}}", f", B: {{{DS}}}"),
        class_(", extends: B", f", B: {{{DS}, methods: {{m: {{{DS}}}}}}}"),
        ("right B.m: a new method",),
        "wx.f().m()",
    ),
    "a property is gone": Pair(
        class_(f", properties: {{{field('string')}}}"),
        class_(""),
        ("breaks C.a: the property is gone",),
        "wx.f().a",
    ),
    "a property can no longer be assigned": Pair(
        class_(f", properties: {{{field('string', ', writable: true')}}}"),
        class_(f", properties: {{{field('string')}}}"),
        ("breaks C.a: it can no longer be assigned",),
        'wx.f().a = "x"',
    ),
    "a property can be assigned": Pair(
        class_(f", properties: {{{field('string')}}}"),
        class_(f", properties: {{{field('string', ', writable: true')}}}"),
        ("right C.a: it can be assigned now",),
        "a: str = wx.f().a",
    ),
    "what can be assigned is more": Pair(
        class_(f", properties: {{{field('string', ', writable: true')}}}"),
        class_(f", properties: {{{field('string | integer', ', writable: true')}}}"),
        ("breaks C.a: it is string | integer, and was string",),
        "a: str = wx.f().a",
    ),
    "a class extends nothing any more": Pair(
        class_(", extends: B", f", B: {{{DS}}}"),
        class_("", f", B: {{{DS}}}"),
        ("breaks C: it no longer extends B",),
        "b: B = wx.f()",
    ),
    "an event is gone": Pair(
        class_(f", methods: {{on: {{{DS}, event: adds}}}}, events: {{a: {{{D}}}, b: {{{D}}}}}"),
        class_(f", methods: {{on: {{{DS}, event: adds}}}}, events: {{a: {{{D}}}}}"),
        ("breaks C: b: the event is gone",),
        'wx.f().on("b", print)',
    ),
    "a property of the namespace is gone": Pair(
        f"properties: {{{field('string')}}}\n",
        "",
        ("breaks wx.a: the property is gone",),
        "wx.a",
    ),
    # Type variables.
    "a type variable has another name": Pair(
        f"types: {{P: {{{DS}, typeParameters: [T], properties: {{{field('T')}}}}}}}\n"
        + call("typeParameters: [T], parameters: [{name: a, type: T, description: d}], returns: T"),
        f"types: {{P: {{{DS}, typeParameters: [U], properties: {{{field('U')}}}}}}}\n"
        + call("typeParameters: [U], parameters: [{name: a, type: U, description: d}], returns: U"),
        (),
        "a: int = wx.f(1)",
    ),
    "what was anything that one says is text": Pair(
        call("typeParameters: [T], parameters: [{name: a, type: T, description: d}], returns: T"),
        call("parameters: [{name: a, type: string, description: d}], returns: string"),
        (
            "breaks f(a): it is string, and was T",
            "breaks f: what it returns is string, and was T",
        ),
        "a: int = wx.f(1)",
    ),
    "a type takes a type argument more": Pair(
        f"types: {{P: {{{DS}, typeParameters: [T], properties: {{{field('T')}}}}}}}\n",
        f"types: {{P: {{{DS}, typeParameters: [T, U], properties: {{{field('T')}, b: {{type: U, "
        f"{D}}}}}}}}}\n",
        (
            "breaks P: it takes 2 type arguments, and took 1 type arguments",
            "right P.b: a new property",
        ),
        "a: P[int]",
    ),
    # The whole.
    "the package has another name": Pair(
        "package: a\n", "package: b\n", ("breaks a: the package is called 'b'",)
    ),
    "the namespace has another name": Pair(
        "namespace: a\n",
        "namespace: b\n",
        ("breaks a: the namespace is called 'b'",),
    ),
    "a constant has another value": Pair(
        f"constants: {{A: {{value: 1, {DS}}}}}\n",
        f"constants: {{A: {{value: 2, {DS}}}}}\n",
        ("right A: the constant is 2, and was 1",),
    ),
    "a constant is gone": Pair(
        f"constants: {{A: {{value: 1, {DS}}}}}\n", "", ("breaks A: the constant is gone",)
    ),
    # Equal types that are written differently.
    "equal types": Pair(
        f"types: {{A: {{{DS}, type: string | number}}}}\n"
        + option("a: {type: A, description: d}, b: {type: 'string[]', description: d}"),
        f"types: {{A: {{{DS}, type: '(number | string) | string'}}}}\n"
        + option(
            "a: {type: number | string, description: d}, "
            "b: {type: Array<string>, description: other words}"
        ),
        (),
        'wx.f(a=1, b=["x"])',
    ),
    "a type argument that is the default": Pair(
        f"types: {{P: {{{DS}, typeParameters: [{{name: T, default: string}}], "
        f"properties: {{{field('T')}}}}}}}\n" + call("returns: P"),
        f"types: {{P: {{{DS}, typeParameters: [{{name: T, default: string}}], "
        f"properties: {{{field('T')}}}}}}}\n" + call("returns: P<string>"),
        (),
        "a: str = wx.f().a",
    ),
    "an enumeration written out": Pair(
        f"types: {{E: {{{DS}, values: [{{value: a, {D}}}, {{value: b, {D}}}]}}}}\n"
        + option(field("E")),
        f"types: {{E: {{{DS}, values: [{{value: b, {D}}}, {{value: a, {D}}}]}}}}\n"
        + option(field("\"'a' | 'b'\"")),
        (),
        'wx.f(a="a")',
    ),
}


MORE: Final = yaml.safe_load(
    Path(__file__).with_name("diff_pairs.yaml").read_text(encoding="utf-8")
)
PAIRS.update(
    (
        what,
        Pair(
            one["old"],
            one["new"],
            tuple(one["changes"]),
            one.get("line", "").strip().replace("\n", "\n    "),
        ),
    )
    for what, one in MORE.items()
)


def told(old: Path, new: Path) -> tuple[str, ...]:
    return tuple(
        f"{'breaks' if change.breaks else 'right'} {change.where}: {change.what}"
        for change in compare(read_api(old), read_api(new))
    )


@pytest.mark.parametrize("what", PAIRS)
def test_changes(what: str, tmp_path: Path) -> None:
    pair = PAIRS[what]
    for name, body in (("old", pair.old), ("new", pair.new)):
        (tmp_path / name).write_text(HEAD + body, encoding="utf-8")
    assert told(tmp_path / "old", tmp_path / "new") == pair.changes


def test_the_verdicts_are_those_of_mypy(tmp_path: Path) -> None:
    """Every line is right with the old package, and wrong with the new one where that breaks."""
    checked = [pair for pair in PAIRS.values() if pair.line]
    for number, pair in enumerate(checked):
        for side, body in (("old", pair.old), ("new", pair.new)):
            name = f"{side}_{number}"
            spec = tmp_path / "specs" / name
            spec.parent.mkdir(exist_ok=True)
            spec.write_text(f"{HEAD}package: {name}\n{body}", encoding="utf-8")
            put(emit(spec).files, tmp_path)
            (tmp_path / f"use_{name}.py").write_text(
                f"from typing import Any, Literal\n\nfrom {name} import *\n\n\n"
                f"async def main() -> None:\n    {pair.line}\n",
                encoding="utf-8",
            )
    uses = sorted(path.name for path in tmp_path.glob("use_*.py"))
    run = python("-m", "mypy", "--config-file=", *uses, cwd=tmp_path)
    wrong = set(re.findall(r"^use_(\w+)\.py:\d+: error:", run.stdout, re.MULTILINE))
    assert not re.findall(r"^(?!use_).*: error:", run.stdout, re.MULTILINE), run.stdout
    for number, pair in enumerate(checked):
        breaks = any(change.startswith("breaks") for change in pair.changes)
        assert f"old_{number}" not in wrong, (pair.line, run.stdout)
        assert (f"new_{number}" in wrong) == breaks, (pair.line, pair.changes)


@pytest.mark.parametrize("path", [SPEC, SECOND, CHAPTERS], ids=lambda path: path.name)
def test_a_spec_is_like_itself(path: Path) -> None:
    assert compare(read_api(path), read_api(path)) == ()


def test_what_breaks_and_what_comes_is_the_other_way_round_what_goes() -> None:
    old, new = read_api(SPEC), read_api(SECOND)
    gone = {change.where for change in compare(old, new) if change.what.endswith("is gone")}
    come = {change.where for change in compare(new, old) if change.what.startswith("a new ")}
    assert {where for where in gone if where != "wx"} <= come


LEAVES: Final = st.sampled_from(["string", "number", "integer", "boolean", "'a'", "5", "any"])
TYPES: Final = st.recursive(
    LEAVES,
    lambda inner: (
        inner.map(lambda text: f"Array<{text}>")
        | st.tuples(inner, inner).map(" | ".join)
        | inner.map(lambda text: f"{{a: {text}}}")
        | inner.map(lambda text: f"(x: {text}) => void")
    ).map(lambda text: f"({text})"),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(TYPES)
def test_a_type_written_another_way_is_no_change(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    again = text_of(parse_type(text))
    for name, type_ in (("old", text), ("new", f"({again}) | ({again})")):
        body = option(f'a: {{type: "{type_}", description: d}}') + (
            f'types: {{R: {{{DS}, type: "{type_}"}}}}\n'
        )
        (folder / name).write_text(HEAD + body, encoding="utf-8")
    assert told(folder / "old", folder / "new") == ()


class TestReports:
    @pytest.fixture
    def specs(self, tmp_path: Path) -> Path:
        (tmp_path / "old.yaml").write_text(HEAD + option(TWO))
        (tmp_path / "new.yaml").write_text(HEAD + option(field("string | 'x'")) + "oddities: [o]\n")
        (tmp_path / "wrong.yaml").write_text("[]")
        return tmp_path

    def run(self, specs: Path, *arguments: str) -> tuple[int, str, str]:
        run = python("-m", "wxgen", "diff", *arguments, cwd=specs)
        return run.returncode, run.stdout, run.stderr

    def test_text(self, specs: Path) -> None:
        assert self.run(specs, "old.yaml", "new.yaml") == (
            1,
            "breaks  FOption.b: the option is gone\n"
            "right   FOption.a: it is string | 'x', and was string\n"
            "2 changes, of which 1 break callers\n",
            "",
        )

    def test_nothing(self, specs: Path) -> None:
        assert self.run(specs, "old.yaml", "old.yaml") == (
            0,
            "0 changes, of which 0 break callers\n",
            "",
        )

    def test_quiet(self, specs: Path) -> None:
        assert self.run(specs, "old.yaml", "new.yaml", "-q") == (1, "", "")

    def test_json(self, specs: Path) -> None:
        status, printed, _ = self.run(specs, "old.yaml", "new.yaml", "--json")
        assert status == 1
        assert json.loads(printed) == {
            "breaking": True,
            "changes": [
                {
                    "where": "FOption.a",
                    "what": "it is string | 'x', and was string",
                    "breaks": False,
                },
                {"where": "FOption.b", "what": "the option is gone", "breaks": True},
            ],
        }

    def test_changelog(self, specs: Path) -> None:
        status, printed, _ = self.run(specs, "old.yaml", "new.yaml", "--changelog")
        assert status == 1
        assert printed == (
            "### Breaking\n\n- `FOption.b`: the option is gone\n\n"
            "### Changed\n\n- `FOption.a`: it is string \\| 'x', and was string\n"
        )

    def test_wrong_specs_are_told_at_once(self, specs: Path) -> None:
        status, printed, told = self.run(specs, "wrong.yaml", "none.yaml")
        assert (status, printed) == (2, "")
        assert told.splitlines() == [
            "wrong.yaml:1:1: error: expected a mapping, found a list",
            "none.yaml:1:1: error: no such file",
        ]

    def test_types_that_are_too_deep(self, specs: Path) -> None:
        for name, last in (("old", "string"), ("new", "number")):
            names = [f"A{i}: {{{DS}, type: A{i + 1}}}" for i in range(100)]
            lists = ", ".join(names).replace("type: A", f"type: {'Array<' * 20}A")
            lists = lists.replace("}", ">" * 20 + "}")
            body = f"types: {{{lists}, A100: {{{DS}, type: {last}}}}}\n" + call(
                f"returns: Array<{last}>"
            )
            (specs / f"{name}.yaml").write_text(HEAD + body)
        status, printed, told = self.run(specs, "old.yaml", "new.yaml")
        assert (status, printed) == (2, "")
        assert told == (
            "error: new.yaml: types stand for types too deep to be compared with those of old.yaml\n"
        )

    def test_empty(self) -> None:
        assert as_text(()) == "0 changes, of which 0 break callers\n"
        assert json.loads(as_json(())) == {"breaking": False, "changes": []}
        assert as_changelog(()) == "Nothing has changed.\n"
