"""What is easily lost on the way from a spec to a package: defaults, versions, directions, depths."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from generator.kit import DS, HEAD, emit_text, faults, put

from wxgen.spec.typeexpr import text_of
from wxgen.spec.typeparser import parse_type

SPEC: Final = f"""{HEAD}package: small_print
types:
  Base: {{{DS}, properties: {{raw: {{type: ArrayBuffer, description: d}}}}}}
  Given:
    {DS.replace(", ", chr(10) + "    ")}
    since: 2.3.4
    extends: Base
    properties:
      a: {{type: string, description: d, required: false, since: 1.2.3, deprecated: use b}}
  Key: {{{DS}, since: 3.4.5, deprecated: gone soon, type: "string | ArrayBuffer"}}
  Received:
    {DS.replace(", ", chr(10) + "    ")}
    properties: {{raw: {{type: ArrayBuffer, description: d}}, o: {{type: object, description: d}}}}
functions:
  f:
    {DS.replace(", ", chr(10) + "    ")}
    option:
      properties:
        zero: {{type: integer, description: d, required: false, default: 0}}
        off: {{type: boolean, description: d, required: false, default: false}}
        empty: {{type: string, description: d, required: false, default: ""}}
        given: {{type: Given, description: d, required: false}}
        key: {{type: Key, description: d, required: false}}
        hook: {{type: "(res: Received, raw: ArrayBuffer) => void", description: d, required: false}}
      success: Received
  g:
    {DS.replace(", ", chr(10) + "    ")}
    listener:
      description: d
      arguments:
        - {{name: raw, type: ArrayBuffer, description: d}}
        - {{name: o, type: object, description: d}}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return dict(emit_text(SPEC, tmp_path_factory.mktemp("small_print")).files)


@pytest.fixture(scope="module")
def package(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ModuleType]:
    folder = put(files, tmp_path_factory.mktemp("emitted"))
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("small_print")
    finally:
        sys.path.remove(str(folder))


def section(reference: str, heading: str) -> str:
    """What the reference has under a heading."""
    _, _, rest = reference.partition(f"\n### {heading}\n")
    return rest.partition("\n##")[0]


def body(text: str, class_: str) -> str:
    """The text of a class in a module."""
    return text.partition(f"class {class_}")[2].partition("\n\n\n")[0]


class TestDefaults:
    """A default that is false is a default all the same."""

    @pytest.mark.parametrize(
        ("name", "default"), [("zero", 0), ("off", False), ("empty", "")], ids=str
    )
    def test_the_option_has_it(self, package: ModuleType, name: str, default: object) -> None:
        value = getattr(package.FOption(), name)
        assert (type(value), value) == (type(default), default)
        assert inspect.signature(package.Wx.f).parameters[name].default == default

    @pytest.mark.parametrize("default", ["0", "False", "''"])
    def test_the_docs_name_it(self, files: dict[str, str], default: str) -> None:
        for name in ("options.py", "api.pyi", "API.md"):
            assert f"Default: {default}." in files[f"small_print/{name}"], name

    @pytest.mark.parametrize(
        ("type_", "value"),
        [
            ("integer", "true"),
            ("integer", "false"),
            ("number", "true"),
            ("integer", "1.5"),
            ("boolean", "1"),
            ("boolean", "0"),
            ("string", "0"),
            ("'1 | 2'", "true"),
            ("'true'", "1"),
        ],
    )
    def test_of_another_type_is_a_fault(self, type_: str, value: str, tmp_path: Path) -> None:
        text = f"type: {type_}, required: false, default: {value}, description: d"
        spec = f"{HEAD}functions: {{f: {{{DS}, option: {{properties: {{a: {{{text}}}}}}}}}}}\n"
        (found,) = faults(spec, tmp_path)
        assert found.endswith(f"is no {type_.strip(chr(39))}")


class TestNotes:
    """Since when there is something, and whether it is deprecated, is told where it is explained."""

    def test_of_a_field(self, files: dict[str, str]) -> None:
        told = "d. Since base library 1.2.3. Deprecated: use b."
        assert told in body(files["small_print/types.py"], "Given")
        assert told in section(files["small_print/API.md"], "Given")

    def test_of_an_object_type(self, files: dict[str, str]) -> None:
        told = "Since base library 2.3.4."
        assert told in body(files["small_print/types.py"], "Given")
        assert told in section(files["small_print/API.md"], "Given")
        assert "2.3.4" not in body(files["small_print/types.py"], "Received")

    def test_of_a_name_for_another_type(self, files: dict[str, str]) -> None:
        _, _, text = files["small_print/types.py"].partition("Key: ")
        assert "Since base library 3.4.5." in text
        assert "Deprecated: gone soon." in text
        reference = section(files["small_print/API.md"], "Key")
        assert "Since base library 3.4.5." in reference
        assert "gone soon." in reference


class TestDirections:
    """What users give is typed as wide as may be, what they receive as it is."""

    def test_the_base_of_a_given_type_is_given(self, files: dict[str, str]) -> None:
        text = files["small_print/types.py"]
        assert "raw: bytes | bytearray | memoryview\n" in body(text, "Base")

    def test_what_further_keys_of_a_given_type_hold_is_given(self, tmp_path: Path) -> None:
        text = (
            f"{HEAD}types:\n"
            f"  Held: {{{DS}, properties: {{raw: {{type: ArrayBuffer, description: d}}}}}}\n"
            f"  Given: {{{DS}, properties: {{}}, others: 'Record<string, Held>'}}\n"
            f"functions: {{f: {{{DS}, parameters: [{{name: a, type: Given, description: d}}]}}}}\n"
        )
        types = emit_text(text, tmp_path).files["wxsocket/types.py"]
        assert "raw: bytes | bytearray | memoryview\n" in body(types, "Held")

    def test_what_only_callbacks_receive_is_received(self, files: dict[str, str]) -> None:
        text = body(files["small_print/types.py"], "Received")
        assert "raw: bytes\n" in text
        assert "o: dict[str, Any]\n" in text

    def test_arguments_of_listeners_are_received(self, files: dict[str, str]) -> None:
        for name in ("api.py", "api.pyi"):
            assert "Callable[[bytes, dict[str, Any]], " in files[f"small_print/{name}"]

    def test_arguments_of_a_given_function_are_received(self, files: dict[str, str]) -> None:
        text = files["small_print/options.py"]
        assert "hook: Callable[[Received, bytes], object] | None = None" in text


def chain(count: int, *, fields: int = 1) -> str:
    """Objects that hold each other through names for other types only."""
    lines = []
    for i in range(count):
        held = ", ".join(f"f{n}: {{type: N{i}, description: d}}" for n in range(fields))
        lines.append(f"  A{i}: {{{DS}, properties: {{{held}}}}}\n")
        lines.append(f"  N{i}: {{{DS}, type: A{i + 1}}}\n")
    return f"{HEAD}types:\n{''.join(lines)}  A{count}: {{{DS}, properties: {{}}}}\n"


class TestThroughNames:
    """What stands behind names for other types counts as if it stood there itself."""

    def test_depth_is_that_of_objects_alone(self, tmp_path: Path) -> None:
        emit_text(chain(31), tmp_path)

    def test_too_deep(self, tmp_path: Path) -> None:
        found = faults(chain(32), tmp_path)
        assert [line.split(": ", 1)[1] for line in found] == [
            "a value of 'A0' is nested more than 32 objects deep"
        ]

    def test_too_many_parts(self, tmp_path: Path) -> None:
        first, *_ = faults(chain(16, fields=2), tmp_path)
        assert first.endswith("consists of more than 1000 parts")


class TestTypeTexts:
    def test_types_side_by_side_are_not_nested(self) -> None:
        text = f"[{', '.join(['string'] * 100)}]"
        assert text_of(parse_type(text)) == text

    @pytest.mark.parametrize("text", ['"it\'s"', "'it is'", "'say \"it\"'", '{"it\'s": string}'])
    def test_quotes_are_those_that_the_text_does_not_hold(self, text: str) -> None:
        assert text_of(parse_type(text)) == text


def test_an_object_with_a_required_option_that_may_be_left_out_is_one_fault(
    tmp_path: Path,
) -> None:
    fields = ", ".join(
        f"{name}: {{type: string, required: true, description: d}}" for name in "abc"
    )
    text = (
        f"{HEAD}functions: {{f: {{{DS}, option: {{optional: true, properties: {{{fields}}}}}}}}}\n"
    )
    found = faults(text, tmp_path)
    assert len(found) == 1
    assert found[0].endswith("the object cannot be left out: 'a' is required")


def test_as_many_parts_as_may_be(tmp_path: Path) -> None:
    def spec(count: int) -> str:
        fields = ", ".join(f"f{n}: {{type: Part, description: d}}" for n in range(count))
        part = f"Part: {{{DS}, properties: {{}}}}"
        return f"{HEAD}types:\n  {part}\n  Whole: {{{DS}, properties: {{{fields}}}}}\n"

    emit_text(spec(999), tmp_path)
    (found,) = faults(spec(1000), tmp_path)
    assert found.endswith("a value of 'Whole' consists of more than 1000 parts")
