"""What is wrong with a spec beyond the schema: each fault with its line and column.

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
    SECOND,
    SPEC,
    call,
    check,
    classes,
    faults,
    field,
    option,
    parameters,
    types,
)

from wxgen.pipeline import emit, read_api
from wxgen.spec.api import Api
from wxgen.spec.diagnostics import SpecError
from wxgen.spec.records import EnumType, NewName, ObjectType
from wxgen.spec.typeexpr import Named

# What is wrong, by what it is about: the spec after its head, and what is said.
WRONG: Final[dict[str, tuple[str, str]]] = {
    "unknown type": (
        field("type: ^bool"),
        "unknown type 'bool', did you mean 'boolean'?",
    ),
    "unknown type, far from any other": (field("type: ^Xyzzy"), "unknown type 'Xyzzy'"),
    "unknown type, not at the beginning": (
        field("type: string | Array<^str>"),
        "unknown type 'str', did you mean 'string'?",
    ),
    "unknown type in quotes": (
        field("type: '(stat: ^Stat) => void'"),
        "unknown type 'Stat'",
    ),
    "unknown type over several lines": (
        "types:\n  A:\n    description: d\n    section: s\n    properties:\n      a:\n"
        "        description: d\n        type: ^>-\n          string |\n          Strin\n",
        "unknown type 'Strin', did you mean 'string'?",
    ),
    "unknown type of a parameter": (
        parameters("name: a, type: ^Bool"),
        "unknown type 'Bool', did you mean 'boolean'?",
    ),
    "unknown type of a success": (
        option("properties: {}, success: ^Result"),
        "unknown type 'Result'",
    ),
    "unknown type of a listener": (
        call("listener: {description: d, result: ^Result}"),
        "unknown type 'Result'",
    ),
    "unknown type that is returned": (call("returns: ^Task"), "unknown type 'Task'"),
    "unknown type of a new name": (types(f"A: {{{DS}, type: ^B}}"), "unknown type 'B'"),
    "unknown type of an event": (
        classes(
            f"A: {{{DS}, methods: {{on: {{{DS}, event: adds}}}}, "
            "events: {e: {description: d, result: ^B}}}"
        ),
        "unknown type 'B'",
    ),
    "unknown type of an overload": (
        call("overloads: [{parameters: [{name: a, type: ^B, description: d}]}]"),
        "unknown type 'B'",
    ),
    "unknown type that an overload returns": (
        call("overloads: [{parameters: [{name: a, type: string, description: d}], returns: ^B}]"),
        "unknown type 'B'",
    ),
    "a type variable of another call": (
        f"functions: {{f: {{{DS}, typeParameters: [V], returns: V}}, g: {{{DS}, returns: ^V}}}}",
        "unknown type 'V'",
    ),
    "no type": (field("type: string ^/ ArrayBuffer"), "a type cannot hold '/'"),
    "an incomplete type": (
        field("type: 'Array<string^'"),
        "expected '>', found the end of the type",
    ),
    "declared twice": (
        f"types: {{A: {OBJECT}}}\nclasses: {{^A: {{{DS}}}}}",
        "'A' is declared in line 5 already",
    ),
    "an option declared twice": (
        f"types: {{FOption: {OBJECT}}}\n"
        + option("^properties: {}").replace("^", "").replace("option: {", "option: ^{"),
        "'FOption' is declared in line 5 already",
    ),
    "an option's own name declared twice": (
        f"types: {{A: {OBJECT}}}\n" + option("^name: A, properties: {}"),
        "'A' is declared in line 5 already",
    ),
    "a name of the language itself": (
        types(f"^Array: {OBJECT}"),
        "'Array' is a type of the language itself",
    ),
    "a class with a name of the language itself": (
        classes(f"^ArrayBuffer: {{{DS}}}"),
        "'ArrayBuffer' is a type of the language itself",
    ),
    "unknown constant": (
        f"constants: {{MAX_LINKS: {{value: 5, {DS}}}}}\n"
        + call("limits: [{constant: ^MAX_LINK, description: d}]"),
        "unknown constant 'MAX_LINK', did you mean 'MAX_LINKS'?",
    ),
    "unknown constant without any": (
        call("limits: [{constant: ^A, description: d}]"),
        "unknown constant 'A'",
    ),
    "unknown engine": (
        "engine: ^websockets",
        "there is no engine 'websockets', did you mean 'websocket'?",
    ),
    "unknown base": (
        types(f"Result: {OBJECT}, B: {{{DS}, properties: {{}}, extends: ^Reslt}}"),
        "there is no object type 'Reslt', did you mean 'Result'?",
    ),
    "a base that is no object": (
        types(f"A: {{{DS}, type: string}}, B: {{{DS}, properties: {{}}, extends: ^A}}"),
        "there is no object type 'A'",
    ),
    "unknown base of a class": (
        classes(f"A: {{{DS}, extends: ^B}}"),
        "there is no class 'B'",
    ),
    "a base of a class that is a type": (
        f"types: {{B: {OBJECT}}}\n" + classes(f"A: {{{DS}, extends: ^B}}"),
        "there is no class 'B'",
    ),
    "its own base": (
        types(f"A: {{{DS}, properties: {{}}, extends: ^A}}"),
        "'A' extends itself",
    ),
    "a new name for itself": (types(f"A: {{{DS}, type: ^A}}"), "'A' is defined by itself"),
    "a default of another type": (
        field("type: integer, default: ^'5'"),
        "the default '5' is no integer",
    ),
    "an example of another type": (
        field("type: Array<string>, example: ^[1]"),
        "the example [1] is no Array<string>",
    ),
    "an example of a record of another type": (
        field("type: 'Record<string, integer>', example: ^{a: b}"),
        "the example {'a': 'b'} is no Record<string, integer>",
    ),
    "a default with a fraction": (
        field("type: integer, default: ^1.5"),
        "the default 1.5 is no integer",
    ),
    "a default that is no number": (
        field("type: number, default: ^true"),
        "the default True is no number",
    ),
    "a default that is no text": (field("type: string, default: ^1"), "the default 1 is no string"),
    "a default that is not true or false": (
        field("type: boolean, default: ^0"),
        "the default 0 is no boolean",
    ),
    "a default of no member": (
        field("type: \"integer | 'all'\", default: ^every"),
        "the default 'every' is no integer | 'all'",
    ),
    "a default for a list": (
        field("type: Array<string>, default: ^a"),
        "the default 'a' is no Array<string>",
    ),
    "a default for an object": (
        types(
            f"B: {OBJECT}, A: {{{DS}, properties: {{a: {{description: d, type: B, default: ^b}}}}}}"
        ),
        "the default 'b' is no B",
    ),
    "a default that is no value of an enumeration": (
        types(
            f"E: {{{DS}, values: [{{value: r, description: d}}]}}, "
            f"A: {{{DS}, properties: {{a: {{description: d, type: E, default: ^w}}}}}}"
        ),
        "the default 'w' is no E",
    ),
    "a default that only equals a value of an enumeration": (
        types(
            f"E: {{{DS}, values: [{{value: 1, description: d}}]}}, "
            f"A: {{{DS}, properties: {{a: {{description: d, type: E, default: ^true}}}}}}"
        ),
        "the default True is no E",
    ),
    "a default through a new name": (
        types(
            f"E: {{{DS}, type: integer}}, "
            f"A: {{{DS}, properties: {{a: {{description: d, type: E, default: ^x}}}}}}"
        ),
        "the default 'x' is no E",
    ),
    "a parameter's default of another type": (
        parameters("name: a, type: boolean, default: ^1"),
        "the default 1 is no boolean",
    ),
    "required with a default": (
        field("type: string, required: true, default: ^a"),
        "'a' is required, so it can have no default",
    ),
    "an object that cannot be left out": (
        option("optional: ^true, properties: {a: {type: string, required: true, description: d}}"),
        "the object cannot be left out: 'a' is required",
    ),
    "a callback among the properties": (
        option(f"properties: {{^success: {FIELD}}}"),
        "'success' is a callback: write it beside properties, with what it gets",
    ),
    "a callback that receives a list": (
        option("properties: {}, success: ^Array<string>"),
        "success receives an object, so name an object type",
    ),
    "a callback written as a function": (
        option("properties: {}, fail: ^() => void"),
        "fail receives an object, so name an object type",
    ),
    "rest not last": (
        parameters("name: a, type: any, rest: ^true", "name: b, type: any, required: false"),
        "only the last parameter can take the rest",
    ),
    "required after optional": (
        parameters("name: a, type: any, required: false", "name: b, type: any").replace(
            ", {description: d, name: b", ", ^{description: d, name: b"
        ),
        "'b' is required, so it cannot follow the optional 'a'",
    ),
    "a parameter twice": (
        parameters("name: a, type: any", "name: ^a, type: any"),
        "'a' is a parameter already",
    ),
    "removes what nothing registers": (
        f"functions: {{onChange: {{{DS}, listener: {{description: d}}}}, "
        f"offChange: {{{DS}, listener: {{description: d}}, removes: ^onChanged}}}}",
        "no call 'onChanged' registers a listener here, did you mean 'onChange'?",
    ),
    "removes itself": (
        f"functions: {{offChange: {{{DS}, listener: {{description: d}}, removes: ^offChange}}}}",
        "no call 'offChange' registers a listener here",
    ),
    "removes what has no listener": (
        f"functions: {{a: {{{DS}}}, offA: {{{DS}, listener: {{description: d}}, removes: ^a}}}}",
        "no call 'a' registers a listener here",
    ),
    "removes what a class registers": (
        f"functions: {{offA: {{{DS}, listener: {{description: d}}, removes: ^onA}}}}\n"
        f"classes: {{A: {{{DS}, methods: {{onA: {{{DS}, listener: {{description: d}}}}}}}}}}",
        "no call 'onA' registers a listener here",
    ),
    "a value twice": (
        types(
            f"E: {{{DS}, values: [{{value: a, description: d}}, {{value: ^a, description: d}}]}}"
        ),
        "'a' is a value of E already",
    ),
    "a whole number twice": (
        types(
            f"E: {{{DS}, values: [{{value: 1, description: d}}, {{value: ^1.0, description: d}}]}}"
        ),
        "1 is a value of E already",
    ),
    "a property like an inherited method": (
        classes(
            f"B: {{{DS}, methods: {{m: {{{DS}}}}}}}, "
            f"C: {{{DS}, extends: B, properties: {{^m: {FIELD}}}}}"
        ),
        "'m' is a method of B already",
    ),
    "a method like an inherited property": (
        classes(
            f"B: {{{DS}, properties: {{m: {FIELD}}}}}, "
            f"C: {{{DS}, extends: B, methods: {{^m: {{{DS}}}}}}}"
        ),
        "'m' is a property of B already",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_fault(what: str, tmp_path: Path) -> None:
    body, message = WRONG[what]
    check(HEAD + body, [message], tmp_path)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (
            f"A: {{{DS}, properties: {{}}, extends: ^B}}, B: {{{DS}, properties: {{}}, extends: ^A}}",
            ["'A' extends itself", "'B' extends itself"],
        ),
        (
            f"A: {{{DS}, type: ^Array<B>}}, B: {{{DS}, type: ^'string | C'}}, C: {{{DS}, type: ^A}}",
            [f"'{name}' is defined by itself" for name in "ABC"],
        ),
    ],
)
def test_every_member_of_a_circle_is_told(body: str, messages: list[str], tmp_path: Path) -> None:
    check(HEAD + types(body), messages, tmp_path)


def test_objects_and_classes_may_go_round(tmp_path: Path) -> None:
    text = HEAD + (
        f"types: {{A: {{{DS}, properties: {{b: {{type: Array<B>, description: d}}}}}},\n"
        f"B: {{{DS}, properties: {{a: {{type: A, description: d}}, m: {{type: M, description: d}}}}}}}}\n"
        f"classes: {{M: {{{DS}, properties: {{a: {{type: A, description: d}}, "
        f"m: {{type: M, description: d}}}}}}}}\n"
        f"functions: {{f: {{{DS}, option: {{properties: {{a: {{type: A, required: true, "
        f"description: d}}}}}}}}}}\n"
    )
    (tmp_path / "s").write_text(text)
    files = emit(tmp_path / "s").files
    assert (
        "wx.f(a=A(b=[]))" in files["wxsocket/API.md"]
        or "wx.f(a=A(b=[B(" in files["wxsocket/API.md"]
    )


def test_the_line_that_the_contract_shows(tmp_path: Path) -> None:
    text = HEAD + f"types:\n  A:\n    {DS.replace(', ', chr(10) + '    ')}\n    type: bool\n"
    file = tmp_path / "spec.yaml"
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        emit(file, label="spec.yaml")
    line = "spec.yaml:9:11: error: unknown type 'bool', did you mean 'boolean'?"
    assert caught.value.lines() == [line]


def test_every_fault_is_told_in_the_order_of_the_text(tmp_path: Path) -> None:
    text = HEAD + (
        "functions:\n"
        f"  f: {{{DS}, returns: ^Xyzzy}}\n"
        f"  g: {{{DS}, limits: [{{constant: ^NO, description: d}}],\n"
        "      parameters: [{name: a, type: '^str | ^nmber', description: d}]}\n"
        "engine: ^none\n"
        "types:\n"
        f"  E: {{{DS}, values: [{{value: 1, description: d}}, {{value: ^1, description: d}}]}}\n"
        f"  ^Record: {{{DS}, type: 'string |^'}}\n"
        f"classes: {{^E: {{{DS}, extends: ^F}}}}\n"
    )
    messages = [
        "unknown type 'Xyzzy'",
        "unknown constant 'NO'",
        "unknown type 'str', did you mean 'string'?",
        "unknown type 'nmber', did you mean 'number'?",
        "there is no engine 'none'",
        "1 is a value of E already",
        "'Record' is a type of the language itself",
        "expected a type, found the end of the type",
        "'E' is declared in line 11 already",
        "there is no class 'F'",
    ]
    check(text, messages, tmp_path)


def test_faults_of_every_step_are_told_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
functions:
  one:
    description: D
    section: S
    colour: red
    parameters: [{name: a, type: bool, description: D}]
"""
    )
    assert faults(text, tmp_path) == [
        "9:5: unknown key 'colour'",
        "10:34: unknown type 'bool', did you mean 'boolean'?",
    ]
    text = (
        text.replace("    colour: red\n", "")
        + "types:\n  Call: {description: D, section: S, type: strin}\n"
    )
    assert faults(text, tmp_path) == [
        "9:34: unknown type 'bool', did you mean 'boolean'?",
        "11:3: 'Call' is the bindings' own: choose another name",
        "11:44: unknown type 'strin', did you mean 'string'?",
    ]


def test_a_type_is_no_less_declared_where_the_rest_is_wrong(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
functions:
  one: {description: D, section: S, option: {properties: {}}, colour: red}
  two: {description: D, section: S, parameters: [{name: a, type: OneOption, description: D}]}
  three: 3
classes:
  Task: {description: D, section: S, methods: {do: {option: {properties: {}, name: [1]}}}}
"""
    )
    found = faults(text, tmp_path)
    assert "6:63: unknown key 'colour'" in found
    assert not [fault for fault in found if "unknown type" in fault]


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\x85", "\x1b"])
def test_text_that_is_not_what_it_seems_is_refused(char: str, tmp_path: Path) -> None:
    for text in (char, f'"\\u{ord(char):04x}"'):
        found = faults(HEAD.replace("section: S", f"section: {text}"), tmp_path)
        assert len(found) == 1
        assert found[0].startswith("4:")
        assert f"U+{ord(char):04X}" in found[0]


@pytest.fixture(scope="module")
def api() -> Api:
    return read_api(SECOND)


def read_text(text: str, folder: Path) -> Api:
    """The API of a spec that is written down in a test."""
    file = folder / "s"
    file.write_text(text, encoding="utf-8")
    return read_api(file, label="s")


class TestRight:
    def test_types_of_every_kind(self, api: Api) -> None:
        kinds = {type_.name: type(type_) for type_ in api.types}
        assert kinds["ReadResult"] is ObjectType
        assert kinds["Mode"] is EnumType
        assert kinds["Data"] is NewName

    def test_required_where_nothing_is_said(self, api: Api) -> None:
        """Options may be left out, results and parameters are there."""
        calls = {call.name: call for call in api.functions}
        option = calls["readFile"].option
        assert option is not None
        assert [field.name for field in option.fields if field.required] == ["path"]
        stat = next(type_ for type_ in api.types if type_.name == "Stat")
        assert isinstance(stat, ObjectType)
        assert [field.name for field in stat.fields if not field.required] == ["owner"]
        assert [field.required for field in calls["readFileSync"].parameters] == [
            True,
            False,
            False,
        ]

    def test_calls_and_options_in_the_order_of_the_spec(self, api: Api) -> None:
        assert [call.name for call in api.calls][-5:] == [
            "global",
            "return",
            "on",
            "close",
            "onClose",
        ]
        assert [option.name for option in api.options] == [
            "ReadFileOption",
            "SizesOption",
            "GetStorageOption",
            "ManagerGlobalOption",
        ]

    def test_a_type_variable_is_known_in_its_call(self, api: Api) -> None:
        (call,) = (call for call in api.functions if call.type_parameters)
        assert call.option is not None
        (otherwise,) = (field for field in call.option.fields if field.name == "otherwise")
        assert isinstance(otherwise.type, Named)
        assert otherwise.type.name == "V"

    def test_what_a_spec_leaves_out(self, tmp_path: Path) -> None:
        api = read_text(HEAD, tmp_path)
        assert (api.namespace, api.engine) == ("wx", None)
        assert (api.constants, api.types, api.functions, api.classes) == ((), (), (), ())

    def test_a_whole_number_may_be_written_with_a_point(self, tmp_path: Path) -> None:
        text = HEAD + types(f"E: {{{DS}, values: [{{value: 1.0, description: d}}]}}")
        (found,) = read_text(text, tmp_path).types
        assert isinstance(found, EnumType)
        assert repr(found.values[0].value) == "1"

    @pytest.mark.parametrize(
        ("type_", "default"),
        [
            ("string", "a"),
            ("number", "1"),
            ("number", "1.5"),
            ("integer", "-3"),
            ("boolean", "false"),
            ("any", "x"),
            ("\"integer | 'all'\"", "all"),
            ("\"integer | 'all'\"", "7"),
            ("5 | 6", "6"),
        ],
    )
    def test_a_default_that_fits(self, type_: str, default: str, tmp_path: Path) -> None:
        text = HEAD + field(f"type: {type_}, default: {default}")
        (found,) = read_text(text, tmp_path).types
        assert isinstance(found, ObjectType)
        assert found.fields[0].default is not None
        assert not found.fields[0].required

    @pytest.mark.parametrize("path", [SPEC, SECOND], ids=lambda path: path.name)
    def test_nothing_clashes(self, path: Path) -> None:
        assert read_api(path).calls

    def test_an_unreadable_type_is_any_for_the_rest(self, tmp_path: Path) -> None:
        """One fault of a type is not followed by others."""
        assert len(faults(HEAD + field("type: '/', default: 1"), tmp_path)) == 1
