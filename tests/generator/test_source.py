"""YAML to plain values with positions, faults of YAML and of the schema in words."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wxgen.spec.diagnostics import Fault, Mark, SpecError, did_you_mean
from wxgen.spec.document import Document
from wxgen.spec.schema import schema, validate
from wxgen.spec.source import MAX_DEPTH, load, load_spec, parse, read_text

SPEC = """\
# A comment.
functions:
  connectSocket:
    description: Opens a link.
    option:
      url: {type: string, required: true}
      tags: [a, 'b c', "d"]
    note: >-
      several
      lines
  closeSocket: &close
    description:
  same: *close
"""


def faults(text: str) -> list[str]:
    """What is wrong with a YAML text, as `line:column: message`."""
    with pytest.raises(SpecError) as caught:
        parse(text, "s")
    return [line.removeprefix("s:").replace(" error:", "") for line in caught.value.lines()]


def broken(text: str, rules: object) -> list[str]:
    """What is wrong with a valid YAML text by a schema, as `line:column: message`."""
    assert isinstance(rules, dict)
    found = SpecError("s", validate(parse(text, "s"), rules)).lines()
    return [line.removeprefix("s:").replace(" error:", "") for line in found]


class TestDiagnostics:
    def test_lines_are_sorted_and_each_fault_is_told_once(self) -> None:
        late, early = Fault(Mark(10, 1), "late"), Fault(Mark(9, 20), "early")
        error = SpecError("dir/spec.yaml", [late, early, late])
        assert error.faults == (early, late)
        assert error.lines() == [
            "dir/spec.yaml:9:20: error: early",
            "dir/spec.yaml:10:1: error: late",
        ]
        assert str(error) == "\n".join(error.lines())
        assert error.path == "dir/spec.yaml"

    def test_a_fault_is_one_printable_line(self) -> None:
        (line,) = SpecError("a\nb", [Fault(Mark(1, 1), "x\r\x1b[0m\ud800\u2028é消")]).lines()
        assert line == "a\\nb:1:1: error: x\\r\\x1b[0m\\ud800\\u2028é消"
        line.encode("utf-8")

    @pytest.mark.parametrize(
        ("word", "meant"),
        [
            ("bool", "boolean"),
            ("str", "string"),
            ("String", "string"),
            ("STRING", "string"),
            ("arraybuffer", "ArrayBuffer"),
            ("requierd", "required"),
        ],
    )
    def test_guess(self, word: str, meant: str) -> None:
        known = ["string", "number", "boolean", "ArrayBuffer", "required", "integer", "object"]
        assert did_you_mean(word, known) == f", did you mean '{meant}'?"
        assert did_you_mean(word, set(known)) == f", did you mean '{meant}'?"

    @pytest.mark.parametrize("word", ["", "xyzzy", "string", "x" * 100_000])
    def test_no_guess(self, word: str) -> None:
        assert did_you_mean(word, ["string", "boolean"]) == ""


class TestDocument:
    def test_values(self) -> None:
        assert parse(SPEC, "s").value == {
            "functions": {
                "connectSocket": {
                    "description": "Opens a link.",
                    "option": {
                        "url": {"type": "string", "required": True},
                        "tags": ["a", "b c", "d"],
                    },
                    "note": "several lines",
                },
                "closeSocket": {"description": None},
                "same": {"description": None},
            }
        }

    @pytest.mark.parametrize(
        ("path", "value", "key"),
        [
            ((), (2, 1), (2, 1)),
            (("functions",), (3, 3), (2, 1)),
            (("functions", "connectSocket"), (4, 5), (3, 3)),
            (("functions", "connectSocket", "description"), (4, 18), (4, 5)),
            (("functions", "connectSocket", "option", "url"), (6, 12), (6, 7)),
            (("functions", "connectSocket", "option", "url", "required"), (6, 37), (6, 27)),
            (("functions", "connectSocket", "option", "tags", 1), (7, 17), (7, 17)),
            (("functions", "closeSocket", "description"), (12, 17), (12, 5)),
            (("functions", "same", "description"), (12, 17), (12, 5)),
            (("functions", "same"), (11, 16), (13, 3)),
            (("functions", "connectSocket", "nothing", "there"), (4, 5), (4, 5)),
            (("nothing",), (2, 1), (2, 1)),
        ],
    )
    def test_marks(
        self, path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
    ) -> None:
        document = parse(SPEC, "s")
        assert document.at(*path) == Mark(*value)
        assert document.key_at(*path) == Mark(*key)

    @pytest.mark.parametrize(
        ("text", "offset", "mark"),
        [
            ("a: some text", 5, (1, 9)),
            ("a: 'some text'", 5, (1, 10)),
            ('a: "some text"', 5, (1, 10)),
            ("a: some text  # comment", 5, (1, 9)),
            ("a: 'it''s text'", 5, (1, 4)),
            ('a: "\\x41 text"', 5, (1, 4)),
            ("a: |\n  some text", 5, (1, 4)),
            ("a: some\n  text", 5, (1, 4)),
            ("a: 'some\n  text'", 5, (1, 4)),
            ("b: 1", 5, (1, 1)),
        ],
    )
    def test_text_at(self, text: str, offset: int, mark: tuple[int, int]) -> None:
        assert parse(text, "s").text_at(("a",), offset) == Mark(*mark)

    def test_digest_is_the_same_everywhere(self) -> None:
        digest = hashlib.sha256(b"a: 1\nb: 2\n").hexdigest()
        for text in ("a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "\ufeffa: 1\nb: 2\n"):
            document = parse(text, "s")
            assert document.digest == digest
            assert document.key_at("a") == Mark(1, 1)
            assert document.at("b") == Mark(2, 4)
        assert parse("a: 1\nb: 3\n", "s").digest != digest

    def test_label(self) -> None:
        assert parse("a", "dir/s.yaml").label == "dir/s.yaml"


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            *((text, None) for text in ("~", "null", "Null", "NULL", "---")),
            *((text, True) for text in ("true", "True", "TRUE")),
            *((text, False) for text in ("false", "False", "FALSE")),
            *((text, text) for text in ("on", "off", "yes", "no", "y", "n", "tRUE", "nULL", "=")),
            *((text, text) for text in ("2020-01-01", "1:20", "1_000", "0b1", "1.5.0", "<<")),
            *((text, text) for text in ("0o8", "-0x1", "e5", ".", "+", "-.nan", "1e", "inf")),
            *((f"'{text}'", text) for text in ("true", "1", "", "~")),
            ("0777", 777),
            ("0o17", 15),
            ("0xFf", 255),
            ("+12", 12),
            ("-12", -12),
            ("1e5", 1e5),
            ("-.5", -0.5),
            ("1.", 1.0),
            ("12.5E-1", 1.25),
            ('"\\ud83d\\ude00"', "\U0001f600"),
            ('"\\t\\n\\u2028"', "\t\n\u2028"),
        ],
    )
    def test_are_those_of_the_core_schema(self, text: str, value: object) -> None:
        found = parse(text, "s").value
        assert (found, type(found)) == (value, type(value))

    def test_numbers_that_are_none(self) -> None:
        text = "[.inf, -.Inf, .NaN, 1e999, " + "9" * 101 + ", 0.5" + "0" * 100 + "]"
        assert faults(text) == [
            "1:2: a number must be finite",
            "1:8: a number must be finite",
            "1:15: a number must be finite",
            "1:21: a number must be finite",
            "1:28: a number of more than 100 digits",
            "1:131: a number of more than 100 digits",
        ]
        assert faults("9" * 10_000) == ["1:1: a number of more than 100 digits"]

    def test_characters_that_are_none(self) -> None:
        assert faults('a: "x\\0"\nb: ["\\ud800", "\\r"]\n"\\e": c') == [
            "1:4: the text holds U+0000, a control character",
            "2:5: the text holds U+D800, a lone surrogate",
            "2:15: the text holds U+000D, a control character",
            "3:1: the text holds U+001B, a control character",
        ]

    def test_characters_that_may_not_stand_there(self) -> None:
        text = "a: x\x00y\nb:\t\x85\n\ud800: '\u2028'\n# \ufeff"
        assert faults(text) == [
            "1:5: the text holds U+0000, a control character",
            "2:4: the text holds U+0085, a control character",
            "3:1: the text holds U+D800, a lone surrogate",
            "3:5: the text holds U+2028, a character that must be escaped",
            "4:3: the text holds U+FEFF, a character that must be escaped",
        ]


class TestYamlFaults:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: [1\nb: 2", "2:2: not valid YAML: expected ',' or ']'"),
            ("a: 1\n\tb: 2", "2:1: not valid YAML: found character '\\t'"),
            ("a: *b", "1:4: not valid YAML: found undefined alias 'b'"),
            ("a: @", "1:4: not valid YAML: found character '@'"),
            ('a: "', "1:5: not valid YAML: found unexpected end of stream"),
            ('"\\UFFFFFFFF"', "1:4: not valid YAML: a number or an escape is too large"),
            ("%YAML 1." + "9" * 5000 + "\n---", "1:9: not valid YAML: a number or an escape"),
            ("%YAML 2.0\n---", "1:1: not valid YAML: found incompatible YAML document"),
            ("!x!y z", "1:1: not valid YAML: found undefined tag handle '!x!'"),
            ("", "1:1: the file is empty"),
            ("# comment\n", "1:1: the file is empty"),
            ("a: 1\n---\nb: 2", "2:1: more than one document in the file"),
        ],
    )
    def test_that_end_the_reading(self, text: str, fault: str) -> None:
        (found,) = faults(text)
        assert found.startswith(fault)

    def test_syntax_fault_says_where_its_context_is(self) -> None:
        (found,) = faults("b:\n  c: [1\nd: 2")
        assert found.endswith("(while parsing a flow sequence, from 2:6)")

    def test_all_are_told(self) -> None:
        text = "a: 1\n1: x\na: {b: .inf, b: !t y}\n? [k]\n: z\nnull: 0\n~: 0\n? \n: 0\n"
        assert faults(text) == [
            "2:1: a key must be text, not a number; write '1' in quotes",
            "3:1: duplicate key 'a', first at 1:1",
            "3:8: a number must be finite",
            "3:14: duplicate key 'b', first at 3:5",
            "3:17: tag '!t': tags have no meaning here",
            "4:3: a key must be text, not a mapping or a list",
            "6:1: a key must be text, not nothing; write 'null' in quotes",
            "7:1: a key must be text, not nothing; write '~' in quotes",
            "8:2: a key must be text, not nothing",
        ]

    def test_duplicates_name_the_first(self) -> None:
        assert faults("a: 1\na: 2\na: 3") == [
            "2:1: duplicate key 'a', first at 1:1",
            "3:1: duplicate key 'a', first at 1:1",
        ]

    def test_faults_before_a_syntax_fault_are_told(self) -> None:
        assert len(faults("a: !t x\nb: [")) == 2

    @pytest.mark.parametrize("tag", ["!", "!!str", "!!python/object:os.system", "!<tag:x,2000:y>"])
    def test_any_tag(self, tag: str) -> None:
        for text in (f"a: {tag} x", f"a: {tag} [x]", f"a: {tag} {{x: y}}"):
            (found,) = faults(text)
            assert found.startswith("1:4: tag '")

    def test_merge_key_is_a_key_like_others(self) -> None:
        assert parse("a: &a {b: 1}\nc: {<<: *a}", "s").value["c"] == {"<<": {"b": 1}}

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: &a [*a]", "1:8: alias '*a' stands inside its own anchor"),
            ("a: &a {b: {c: *a}}", "1:15: alias '*a' stands inside its own anchor"),
            ("&a {*a : b}", "1:5: alias '*a' stands inside its own anchor"),
        ],
    )
    def test_circle(self, text: str, fault: str) -> None:
        assert fault in faults(text)

    def test_aliases_that_blow_up(self) -> None:
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in range(1, 40):
            lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
        (found,) = faults("\n".join(lines))
        assert found.endswith("more than 200000 values, counting what aliases repeat")

    def test_many_values_are_no_fault(self) -> None:
        assert parse(json.dumps([1] * 5000), "s").value == [1] * 5000

    @pytest.mark.parametrize("nest", ["[", "{a: ", "- ", "? ", "[[],"])
    def test_nested_too_deep(self, nest: str) -> None:
        (found, *_) = faults(nest * 50_000)
        assert found.endswith(f"nested deeper than {MAX_DEPTH} levels")

    def test_nested_too_deep_by_aliases(self) -> None:
        half = "[" * 60 + "x" + "]" * 60
        (found,) = faults(f"a: &a {half}\nb: {half.replace('x', '*a')}")
        assert found.endswith(f"nested deeper than {MAX_DEPTH} levels")

    def test_nested_as_deep_as_may_be(self) -> None:
        text = "[" * (MAX_DEPTH - 1) + "x" + "]" * (MAX_DEPTH - 1)
        assert parse(text, "s").value == json.loads(text.replace("x", '"x"'))
        assert faults(f"[{text}]") != []

    def test_deep_in_the_stack(self) -> None:
        """Little stack is left: still a fault, as long as there is enough to begin at all."""

        def descend(levels: int) -> str:
            if levels:
                return descend(levels - 1)
            with pytest.raises(SpecError) as caught:
                parse("[" * 99 + "]" * 99 + "]", "s")
            return str(caught.value)

        left = sys.getrecursionlimit() - len(inspect.stack())
        assert "nested too deep to be read" in descend(left - 200)
        assert "not valid YAML" in descend(0)


PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["name", "description"],
    "additionalProperties": False,
    "properties": {
        "name": {"$ref": "#/$defs/name"},
        "description": {"type": "string", "minLength": 1},
        "required": {"type": "boolean"},
        "age": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["number", "string", "boolean", 1, None, True]},
        "version": {"const": 1},
        "friends": {"type": "array", "items": {"$ref": "#"}, "minItems": 1, "uniqueItems": True},
        "map": {
            "type": "object",
            "propertyNames": {"$ref": "#/$defs/name"},
            "minProperties": 1,
            "x-message": "not about type or size",
        },
    },
    "$defs": {
        "name": {
            "type": "string",
            "pattern": "^[a-z]+$",
            "x-message": "a name is written in small letters",
        }
    },
}


def person(**more: str) -> str:
    entries = {"name": "jo", "description": "Jo.", **more}
    return "".join(f"{key}: {value}\n" for key, value in entries.items())


class TestValidate:
    def test_valid(self) -> None:
        assert broken(person(age="3", friends="[{name: al, description: Al.}]"), PERSON) == []

    def test_every_fault_is_told_in_order(self) -> None:
        text = "age: x\nname: JO\nfriends:\n  - name: 5\n    descripton: ''\n"
        assert broken(text, PERSON) == [
            "1:1: missing key 'description'",
            "1:6: expected a whole number, found text",
            "2:7: a name is written in small letters",
            "4:5: missing key 'description'",
            "4:11: expected text, found a whole number",
            "5:5: unknown key 'descripton', did you mean 'description'?",
        ]

    @pytest.mark.parametrize(
        ("entry", "value", "fault"),
        [
            ("requierd", "true", "3:1: unknown key 'requierd', did you mean 'required'?"),
            ("nam", "x", "3:1: unknown key 'nam'"),
            ("<<", "{}", "3:1: unknown key '<<'"),
            ("required", "yes", "3:11: expected true or false, found text"),
            ("required", "", "3:10: expected true or false, found nothing"),
            ("required", "[]", "3:11: expected true or false, found a list"),
            ("map", "on", "3:6: expected a mapping, found text"),
            ("friends", "{}", "3:10: expected a list, found a mapping"),
            ("age", "1.5", "3:6: expected a whole number, found a number"),
            ("age", "true", "3:6: expected a whole number, found true or false"),
            ("age", "-1", "3:6: must not be less than 0"),
            ("kind", "bool", "3:7: 'bool' is not one of 'number', 'string', 'boolean', 1, nothing,"
             " true, did you mean 'boolean'?"),
            ("kind", "5", "3:7: 5 is not one of 'number', 'string', 'boolean', 1, nothing, true"),
            ("kind", "[]", "3:1: a list is not one of 'number', 'string', 'boolean', 1, nothing,"
             " true"),
            ("version", "2", "3:10: must be 1, not 2"),
            ("friends", "[]", "3:1: must not be empty"),
            ("map", "{}", "3:1: must not be empty"),
            ("map", "{Ab: 1}", "3:7: a name is written in small letters"),
        ],
    )  # fmt: skip
    def test_words_and_places(self, entry: str, value: str, fault: str) -> None:
        assert broken(person(**{entry: value}), PERSON) == [fault]

    def test_empty_text(self) -> None:
        assert broken("name: jo\ndescription: ''", PERSON) == ["2:14: must not be empty"]

    def test_missing_key_is_told_at_the_mapping_s_own_key(self) -> None:
        rules = {"properties": {"jo": {"required": ["name", "description"]}}}
        assert broken("# c\njo:\n  name: jo", rules) == ["2:1: missing key 'description'"]

    def test_wrong_root(self) -> None:
        for text in ("[]", "x", "---"):
            (found,) = broken(text, PERSON)
            assert ": expected a mapping, found " in found

    def test_name_with_a_newline_at_its_end(self) -> None:
        (found,) = broken(person(name='"jo\\n"'), PERSON)
        assert found == "1:7: a name is written in small letters"

    @pytest.mark.parametrize(
        ("rules", "value", "fault"),
        [
            ({"pattern": "^a$"}, "b", "1:4: 'b' does not match ^a$"),
            ({"pattern": "a\\$"}, "'a$ b'", None),
            ({"minLength": 2}, "b", "1:4: must hold at least 2 characters"),
            ({"maxLength": 1}, "bb", "1:4: must not hold more than 1 character"),
            ({"minItems": 2}, "[1]", "1:1: must hold at least 2 items"),
            ({"maxItems": 2}, "[1, 2, 3]", "1:1: must not hold more than 2 items"),
            ({"minProperties": 2}, "{b: 1}", "1:1: must hold at least 2 keys"),
            ({"maxProperties": 0}, "{b: 1}", "1:1: must not hold more than 0 keys"),
            ({"maximum": 2}, "3", "1:4: must not be more than 2"),
            ({"exclusiveMinimum": 2}, "2", "1:4: must be more than 2"),
            ({"exclusiveMaximum": 2}, "2", "1:4: must be less than 2"),
            ({"multipleOf": 2}, "3", "1:4: must be a multiple of 2"),
            ({"uniqueItems": True}, "[1, 1]", "1:1: must not hold the same item twice"),
            ({"prefixItems": [True], "items": False}, "[1, 2]", "1:1: holds too many items"),
            ({"contains": {"const": 1}}, "[2]", "1:1: does not fit here"),
            ({"contains": {"const": 1}, "x-message": "one 1"}, "[2]", "1:1: one 1"),
            ({"not": {"const": 1}}, "1", "1:4: does not fit here"),
            ({"not": {"const": 1}, "x-message": "no 1"}, "1", "1:4: no 1"),
            ({"not": {"required": ["b"]}, "x-message": "no b"}, "{b: 1}", "1:1: no b"),
            (False, "1", "1:1: key 'a' does not belong here"),
            ({"items": False}, "[1]", "1:1: holds too many items"),
            ({"prefixItems": [False]}, "[1]", "1:4: does not fit here"),
            ({"type": ["string", "array", "null"]}, "1",
             "1:4: expected text, a list or nothing, found a whole number"),
            ({"propertyNames": {"enum": ["required"]}}, "{requierd: 1}",
             "1:5: unknown key 'requierd', did you mean 'required'?"),
            ({"propertyNames": {"maxLength": 1}}, "{bb: 1}",
             "1:5: a key must not hold more than 1 character"),
            ({"propertyNames": {"anyOf": [{"const": "x"}, {"const": "y"}]}}, "{z: 1}",
             "1:5: 'z' is not one of 'x', 'y'"),
            ({"dependentRequired": {"b": ["c"]}}, "{b: 1}", "1:5: key 'b' needs key 'c' beside it"),
            ({"patternProperties": {"^x-": True}, "additionalProperties": False}, "{x-b: 1, c: 2}",
             "1:13: unknown key 'c'"),
            ({"if": {"required": ["b"]}, "then": {"required": ["c"]}}, "{b: 1}",
             "1:1: missing key 'c'"),
            ({"if": {"required": ["b"]}, "then": {"required": ["c"], "x-message": "b needs c"}},
             "{b: 1}", "1:1: b needs c"),
            ({"if": {"type": "string"}, "else": {"const": 1}}, "2", "1:4: must be 1, not 2"),
            ({"enum": list(range(20))}, "20",
             "1:4: 20 is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 8 more"),
            ({"pattern": "^a$"}, "b" * 100, f"1:4: '{'b' * 57}...' does not match ^a$"),
        ],
    )  # fmt: skip
    def test_keywords(self, rules: object, value: str, fault: str | None) -> None:
        found = broken(f"a: {value}", {"properties": {"a": rules}})
        assert found == ([] if fault is None else [fault])

    def test_message_of_a_mapping_does_not_hide_what_is_missing_or_unknown(self) -> None:
        rules = {"required": ["a"], "additionalProperties": False, "x-message": "other"}
        assert broken("b: 1", rules) == ["1:1: missing key 'a'", "1:1: unknown key 'b'"]

    def test_nested_too_deep_for_the_schema(self) -> None:
        rules: dict[str, Any] = {"type": "array", "items": {"$ref": "#"}}
        for _ in range(5):
            rules["items"] = {"allOf": [rules["items"]]}
        nested = "[" * 99 + "]" * 99
        (found,) = broken(nested, rules)
        assert found == "1:99: nested too deep to be checked"


class TestUnevaluated:
    RULES: dict[str, Any] = {  # noqa: RUF012
        "allOf": [{"$ref": "#/$defs/base"}],
        "properties": {"extra": True},
        "if": {"required": ["kind"]},
        "then": {"properties": {"only": True}},
        "unevaluatedProperties": False,
        "$defs": {"base": {"properties": {"name": {"type": "string"}, "kind": True}}},
    }

    def test_unknown_key_is_guessed_from_all_branches(self) -> None:
        assert broken("nmae: x\nextra: 1", self.RULES) == [
            "1:1: unknown key 'nmae', did you mean 'name'?"
        ]

    def test_fault_of_a_branch_does_not_make_its_keys_unknown(self) -> None:
        assert broken("name: 1\nkind: 2\nother: 3", self.RULES) == [
            "1:7: expected text, found a whole number",
            "3:1: unknown key 'other'",
        ]

    def test_key_of_a_branch_that_does_not_apply(self) -> None:
        assert broken("only: 1\nname: x", self.RULES) == ["1:1: key 'only' does not belong here"]
        assert broken("only: 1\nkind: x", self.RULES) == []


class TestBranches:
    KINDS: dict[str, Any] = {  # noqa: RUF012
        "oneOf": [
            {"type": "string", "pattern": "^[a-z]+$", "x-message": "small letters"},
            {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"const": "array"}, "of": {"type": "string"}},
                "additionalProperties": False,
            },
            {
                "type": "object",
                "required": ["kind", "keys"],
                "properties": {
                    "kind": {"const": "object"},
                    "keys": {"type": "array", "items": {"$ref": "#"}},
                },
                "additionalProperties": False,
            },
        ]
    }

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("1", ["1:1: expected text or a mapping, found a whole number"]),
            ("ABC", ["1:1: small letters"]),
            ("{kind: array, of: 1}", ["1:19: expected text, found a whole number"]),
            ("{kind: array, off: x}", ["1:15: unknown key 'off', did you mean 'of'?"]),
            ("{kind: object, of: x}", ["1:1: missing key 'keys'", "1:16: unknown key 'of'"]),
            (
                "{kind: aray}",
                ["1:8: 'aray' is not one of 'array', 'object', did you mean 'array'?"],
            ),
            (
                "{kind: object, keys: [a, B, {kind: array, of: 2}, 3]}",
                [
                    "1:26: small letters",
                    "1:47: expected text, found a whole number",
                    "1:51: expected text or a mapping, found a whole number",
                ],
            ),
        ],
    )
    def test_the_branch_that_was_meant_is_told(self, text: str, found: list[str]) -> None:
        assert broken(text, self.KINDS) == found

    @pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
    def test_message_when_no_branch_is_nearer_than_another(self, keyword: str) -> None:
        rules = {keyword: [{"required": ["a"]}, {"required": ["b"]}], "x-message": "a or b"}
        assert broken("c: 1", rules) == ["1:1: a or b"]

    def test_message_when_the_value_as_a_whole_does_not_fit(self) -> None:
        rules = {"anyOf": [{"enum": ["a"]}, {"pattern": "^b"}], "x-message": "a or b..."}
        assert broken("c", rules) == ["1:1: a or b..."]
        assert broken("1", {**rules, "type": "string"})[0].endswith("expected text, found a whole"
                                                                    " number")  # fmt: skip

    def test_message_does_not_hide_a_deeper_fault(self) -> None:
        rules = {**self.KINDS, "x-message": "a type"}
        assert broken("{kind: array, of: 1}", rules) == [
            "1:19: expected text, found a whole number"
        ]
        assert broken("1", rules) == ["1:1: a type"]

    def test_more_than_one_branch_fits(self) -> None:
        rules: dict[str, Any] = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
        assert broken("{a: 1, b: 2}", rules) == ["1:1: fits more than one of the forms it may have"]
        rules["x-message"] = "either a or b"
        assert broken("{a: 1, b: 2}", rules) == ["1:1: either a or b"]

    def test_branch_with_fewer_unknown_keys_is_nearer(self) -> None:
        one = {"additionalProperties": False, "properties": {"a": True}}
        two = {"additionalProperties": False, "properties": {"b": True, "c": True}}
        assert broken("{b: 1, c: 2, d: 3}", {"oneOf": [one, two]}) == ["1:14: unknown key 'd'"]

    def test_kinds_are_those_of_the_value_itself(self) -> None:
        inner = {"a": {"type": "boolean"}}
        rules = {"anyOf": [{"type": "array", "properties": inner}, {"type": "string"}]}
        assert broken("{a: 1}", rules) == ["1:1: expected a list or text, found a mapping"]

    def test_branches_in_branches(self) -> None:
        inner = {"anyOf": [{"type": "string"}, {"type": "array"}]}
        rules = {"anyOf": [inner, {"type": "object", "required": ["a"]}]}
        assert broken("1", rules) == ["1:1: expected text, a list or a mapping, found a whole"
                                      " number"]  # fmt: skip
        assert broken("{}", rules) == ["1:1: missing key 'a'"]


class TestLoad:
    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        def fault(path: Path, label: str | None = None) -> str:
            document, found = load(path, label or str(path))
            assert document is None
            (line,) = SpecError(label or str(path), found).lines()
            return line

        assert fault(tmp_path / "no", "no.yaml") == "no.yaml:1:1: error: no such file"
        assert fault(tmp_path) == f"{tmp_path}:1:1: error: is a folder, not a file"
        assert "cannot be read: " in fault(tmp_path / ("long" * 100))
        assert "cannot be read: " in fault(tmp_path / "a\0b")
        (tmp_path / "a").write_bytes("é: 1\nb: é".encode() + b"\xe9")
        assert fault(tmp_path / "a", "a") == "a:2:5: error: not UTF-8: byte 0xe9"
        (tmp_path / "b").write_bytes("a: 1".encode("utf-16"))
        assert "not UTF-8" in fault(tmp_path / "b")

    def test_the_project_s_own_spec(self) -> None:
        spec = Path(__file__).parents[2] / "spec" / "websocket.yaml"
        document, found = load(spec, "label")
        assert document is not None
        assert (document.label, found) == ("label", [])

    def test_schema(self) -> None:
        assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


# Whatever the text: a document or a SpecError.


def check(document: Document, text: str) -> None:
    """Check that every mark is a real position."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = document.places
    for mark in [*places.marks.values(), *places.keys.values(), *places.inline.values()]:
        assert 1 <= mark.line <= len(lines)
        assert 1 <= mark.column <= len(lines[mark.line - 1]) + 1


def survives(text: str) -> None:
    try:
        document = parse(text, "s")
    except SpecError as error:
        "\n".join(error.lines()).encode("utf-8")
    else:
        check(document, text)
        validate(document, PERSON)


YAML_LIKE = st.text(st.sampled_from("ab1.:-?[]{}&*!|>'\"%@#, \n\t\r\\xuU~<e\0\ud800"), max_size=40)
SLICES = st.tuples(st.integers(0, len(SPEC)), st.integers(0, 10), YAML_LIKE)


@settings(max_examples=200, deadline=None)
@given(st.text() | YAML_LIKE)
def test_any_text(text: str) -> None:
    survives(text)


@settings(max_examples=120, deadline=None)
@given(st.lists(SLICES, min_size=1, max_size=3))
def test_any_mutation_of_a_document(mutations: list[tuple[int, int, str]]) -> None:
    text = SPEC
    for start, length, new in mutations:
        text = text[:start] + new + text[start + length :]
    survives(text)


@settings(max_examples=80, deadline=None)
@given(data=st.binary() | st.text().map(str.encode))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(data)
    spec, found = load_spec(file)
    assert spec is not None or found


PLAIN = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t")
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | FLOATS | st.text(PLAIN),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(PLAIN, max_size=50), inner),
    max_leaves=20,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to all values in a value."""
    found = [path]
    if isinstance(value, dict):
        found += [way for key, item in value.items() for way in paths(item, (*path, key))]
    if isinstance(value, list):
        found += [way for index, item in enumerate(value) for way in paths(item, (*path, index))]
    return found


@settings(max_examples=120, deadline=None)
@given(VALUES, st.sampled_from([None, 1]))
def test_json_comes_back(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    document = parse(text, "s")
    assert document.value == value
    assert json.dumps(document.value) == json.dumps(value)
    assert set(document.places.marks) == set(paths(value))
    check(document, text)
    lines = text.split("\n")
    for path, mark in document.places.keys.items():
        assert lines[mark.line - 1][mark.column - 1 :].startswith(json.dumps(path[-1]))


WORDS = st.text("abcé消 -'\"#:,\n", max_size=12)
ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None)
@given(ITEMS, st.booleans())
def test_yaml_comes_back(value: object, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    document = parse(text, "s")
    assert document.value == value
    check(document, text)


@settings(max_examples=200, deadline=None)
@given(st.text() | YAML_LIKE)
def test_libyaml_reads_as_python_does(text: str) -> None:
    same(text)


@settings(max_examples=80, deadline=None)
@given(ITEMS, st.booleans())
def test_libyaml_reads_what_is_yaml_as_python_does(value: object, flow: bool) -> None:
    same(yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True))


@pytest.mark.parametrize("name", ["websocket.yaml", "schema.json"])
def test_libyaml_reads_specs_as_python_does(name: str) -> None:
    same((Path(__file__).parents[2] / "spec" / name).read_text(encoding="utf-8"))


def same(text: str) -> None:
    """Both ways of reading give the same document, the same places and the same faults."""
    fast, found = read_text(text, "s")
    slow, wanted = read_text(text, "s", fast=False)
    assert found == wanted
    assert fast == slow
    if fast is not None and slow is not None:
        assert fast.places == slow.places


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_any_value_can_be_held_against_a_schema(value: object) -> None:
    document = parse(json.dumps(value), "s")
    for rules in (PERSON, TestUnevaluated.RULES, TestBranches.KINDS, schema()):
        found = validate(document, rules)
        assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "text",
    [
        "k: &a ! v",
        "k: &a ! [b]",
        "&x-y ! b: c",
        "- &a !",
        "a: 5 ! b",
        "a: what? b",
        "a: |\n  ! b\n  ? c",
    ],
)
def test_signs_behind_a_word(text: str) -> None:
    same(text + "\n")
