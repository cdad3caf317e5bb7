"""The spec language by its own page: every example is a spec, and means what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from generator.kit import HEAD, ROOT

from wxgen.pipeline import read_api
from wxgen.spec.api import Api
from wxgen.spec.records import (
    Call,
    Class,
    EnumType,
    HostType,
    NamedType,
    NewName,
    ObjectType,
    TypeParameter,
)
from wxgen.spec.schema import schema
from wxgen.spec.typeexpr import Literal, Named, Primitive, Record, Tuple, Union
from wxgen.spec.typeparser import parse_type

PAGE: Final = (ROOT / "spec" / "README.md").read_text(encoding="utf-8")
HEADED, *EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def read(text: str, folder: Path) -> Api:
    file = folder / "s.yaml"
    file.write_text(text, encoding="utf-8")
    return read_api(file)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_is_a_spec(number: int, tmp_path: Path) -> None:
    read(HEAD + EXAMPLES[number], tmp_path)


def test_the_first_example_is_a_whole_head(tmp_path: Path) -> None:
    api = read(re.sub(r"engine:.*\n", "", HEADED), tmp_path)
    assert (api.package, api.title, api.namespace) == ("mydisk", "Disk", "wx")
    assert api.cautions
    assert api.notes.oddities


def test_every_key_of_the_language_is_on_the_page() -> None:
    keys = {
        key
        for part in [schema(), *schema()["$defs"].values()]
        for key in part.get("properties", {})
    }
    assert {key for key in keys if not re.search(rf"\b{key}\b", PAGE)} == set()


def test_every_type_on_the_page_is_one() -> None:
    table = re.search(r"\| written \| means \|\n\|---\|---\|\n(.*?)\n\n", PAGE, re.DOTALL)
    assert table is not None
    for row in table[1].splitlines():
        for text in re.findall(r"`([^`]+)`", row.replace(r"\|", "@").split("|")[1]):
            parse_type(text.replace("@", "|"))


def test_the_limits_are_those_of_the_code() -> None:
    from wxgen.spec.reader import DEEPEST_ALIAS, DEEPEST_FAMILY
    from wxgen.spec.rules import DEEPEST_VALUE, LARGEST_VALUE
    from wxgen.spec.source import MAX_DEPTH, MAX_NODES

    limits = " ".join(PAGE.split("## Limits")[1].split())
    assert f"at most {MAX_DEPTH} levels deep and has at most {MAX_NODES:,} values" in limits
    assert f"at most {DEEPEST_ALIAS} names" in limits
    assert f"at most {DEEPEST_FAMILY} types" in limits
    assert f"at most {LARGEST_VALUE:,} parts and at most {DEEPEST_VALUE} objects" in limits


def example(*words: str) -> str:
    """The one example that holds all of these."""
    found: str
    (found,) = [text for text in EXAMPLES if all(word in text for word in words)]
    return str(found)


def type_(api: Api, name: str) -> NamedType:
    return next(one for one in api.types if one.name == name)


def call(api: Api, name: str) -> Call:
    return next(one for one in api.calls if one.name == name)


def class_(api: Api, name: str) -> Class:
    return next(one for one in api.classes if one.name == name)


class TestMeanings:
    def test_objects(self, tmp_path: Path) -> None:
        api = read(HEAD + example("Samples"), tmp_path)
        stat, samples = type_(api, "Stat"), type_(api, "Samples")
        assert isinstance(stat, ObjectType)
        assert isinstance(samples, NewName)
        assert stat.extends == Named("Result")
        assert stat.others == Record(
            Primitive("string"), Union((Primitive("string"), Primitive("number")))
        )
        assert samples.type == Record(Primitive("integer"), Primitive("number"))
        size, owner, mode = stat.fields
        assert (size.required, size.documented, size.unit, size.example) == (
            True,
            "number",
            "bytes",
            1024,
        )
        assert (owner.required, owner.notes.since) == (False, "2.1.0")
        assert (mode.required, mode.default) == (False, "r")
        assert mode.notes.oddities
        assert mode.notes.deprecated

    def test_enumerations(self, tmp_path: Path) -> None:
        errno = type_(read(HEAD + example("Errno"), tmp_path), "Errno")
        assert isinstance(errno, EnumType)
        assert [value.value for value in errno.values] == [1300001, 1300002]
        assert errno.values[1].notes.since == "2.0.1"
        assert errno.values[1].notes.deprecated

    def test_other_names(self, tmp_path: Path) -> None:
        point = type_(read(HEAD + example("Point:"), tmp_path), "Point")
        assert isinstance(point, NewName)
        assert point.type == Tuple((Primitive("number"), Primitive("number")))

    def test_types_of_the_platform(self, tmp_path: Path) -> None:
        array = type_(read(HEAD + example("Path2D:"), tmp_path), "Float32Array")
        assert isinstance(array, HostType)
        assert array.python == "Sequence[float]"

    def test_type_variables(self, tmp_path: Path) -> None:
        api = read(HEAD + example("Page<string>"), tmp_path)
        page, names = type_(api, "Page"), type_(api, "Names")
        assert isinstance(page, ObjectType)
        assert isinstance(names, NewName)
        assert page.type_parameters == (
            TypeParameter("T"),
            TypeParameter(
                "C", Union((Primitive("string"), Primitive("number"))), Primitive("string")
            ),
        )
        assert names.type == Named("Page", 0, (Primitive("string"),))

    def test_option_objects(self, tmp_path: Path) -> None:
        api = read(HEAD + example("readFile:\n"), tmp_path)
        read_file, hide = api.functions
        assert [option.name for option in api.options] == ["ReadFileOption", "HideOption"]
        assert not read_file.option_optional
        assert hide.option_optional
        assert read_file.option is not None
        assert [field.required for field in read_file.option.fields] == [True, False]
        assert set(read_file.option.callbacks) == {"success", "fail", "complete"}

    def test_shared_option_types(self, tmp_path: Path) -> None:
        api = read(HEAD + example("reconnect"), tmp_path)
        connect, reconnect, send = api.functions
        assert connect.option is not None
        assert connect.option is reconnect.option
        assert (connect.option_optional, reconnect.option_optional) == (False, True)
        assert connect.option.extends == Named("CallbackOption")
        assert send.option is not None
        assert send.option.extends == Named("ConnectOption")
        assert [option.name for option in api.options] == [
            "CallbackOption",
            "ConnectOption",
            "SendOption",
        ]

    def test_parameters(self, tmp_path: Path) -> None:
        get, log = read(HEAD + example("getStorageSync"), tmp_path).functions
        assert get.returns == Named("T")
        assert get.type_parameters == (TypeParameter("T", None, Primitive("any")),)
        assert [(one.required, one.rest) for one in log.parameters] == [
            (False, False),
            (True, True),
        ]

    def test_an_option_beside_parameters(self, tmp_path: Path) -> None:
        observe, to_file = read(HEAD + example("toFile"), tmp_path).functions
        assert not observe.forms[0].option_first
        assert to_file.forms[0].option_first
        assert to_file.option is not None
        assert to_file.parameters

    def test_listeners(self, tmp_path: Path) -> None:
        api = read(HEAD + example("onShare"), tmp_path)
        assert call(api, "offProgress").listener is None
        assert call(api, "offProgress").removes == "onProgress"
        progress, message, share = (
            call(api, name).listener for name in ("onProgress", "onMessage", "onShare")
        )
        assert progress is not None
        assert message is not None
        assert share is not None
        assert [field.required for field in progress.parameters] == [True, False]
        assert message.unknown
        assert share.returns is not None

    def test_overloads(self, tmp_path: Path) -> None:
        (call,) = read(HEAD + example("ReadOption"), tmp_path).functions
        assert len(call.forms) == 4
        assert [len(form.parameters) for form in call.forms] == [1, 2, 0, 0]
        assert call.forms[2].option is not None
        assert call.forms[3].returns == parse_type("string[]")

    def test_classes(self, tmp_path: Path) -> None:
        context = class_(read(HEAD + example("fillStyle"), tmp_path), "Context")
        assert context.extends == Named("Node")
        assert context.others == Record(Primitive("string"), Primitive("any"))
        assert [field.writable for field in context.fields] == [True, False]
        assert context.construct is not None
        assert context.construct.parameters[0].type == Named("T")
        assert context.call is not None
        assert context.call.returns == Primitive("boolean")

    def test_named_events(self, tmp_path: Path) -> None:
        session = class_(read(HEAD + example("addAnchors"), tmp_path), "Session")
        assert [method.event for method in session.methods] == ["adds", "removes"]
        assert [event.name for event in session.events] == ["addAnchors", "resize"]

    def test_the_namespace(self, tmp_path: Path) -> None:
        api = read(HEAD + example("MAX_NAME"), tmp_path)
        assert [field.name for field in api.fields] == ["env"]
        assert [limit.constant for limit in api.functions[0].limits] == ["MAX_NAME"]

    def test_support(self, tmp_path: Path) -> None:
        (vibrate,) = read(HEAD + example("vibrate:"), tmp_path).functions
        assert vibrate.support == "none"
        assert vibrate.option is not None
        assert vibrate.option.fields[0].support == "ignored"
        assert vibrate.option.fields[0].type == Union((Literal("heavy"), Literal("light")))
