"""Large, deep and hostile specs: a fault within a moment, or a package, and never a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from generator.kit import DS, HEAD, faults

from wxgen.pipeline import read_api

QUICK = 5.0
"""Seconds within which each of these must be done, on any machine."""


@pytest.fixture(autouse=True)
def quickly() -> object:
    """Every test of this file is over within a moment."""
    start = time.process_time()
    yield
    assert time.process_time() - start < QUICK


def aliases(count: int, type_: str = "A{}") -> str:
    lines = [f"  A{i}: {{{DS}, type: {type_.format(i + 1, i + 1)}}}\n" for i in range(count)]
    return f"{HEAD}types:\n{''.join(lines)}  A{count}: {{{DS}, type: string}}\n"


def read(text: str, folder: Path) -> None:
    file = folder / "s"
    file.write_text(text, encoding="utf-8")
    read_api(file)


class TestNamesForNames:
    def test_as_many_as_may_be(self, tmp_path: Path) -> None:
        read(aliases(100), tmp_path)

    @pytest.mark.parametrize("count", [101, 200, 2000])
    def test_too_many(self, count: int, tmp_path: Path) -> None:
        first, *others = faults(aliases(count), tmp_path)
        assert first.endswith("stands for more than 100 names, one for another")
        assert len(others) == count // 101 - 1

    def test_a_circle_of_many(self, tmp_path: Path) -> None:
        text = aliases(2000).replace("type: string", "type: A0")
        assert len(faults(text, tmp_path)) == 2001

    def test_each_twice(self, tmp_path: Path) -> None:
        text = aliases(60, '"A{} | A{}"') + (
            f"  B: {{{DS}, properties: {{a: {{type: A0, default: 1, description: d}}}}}}\n"
        )
        (found,) = faults(text, tmp_path)
        assert found.endswith("the default 1 is no A0")

    def test_lists_in_lists(self, tmp_path: Path) -> None:
        example = "[" * 40 + "1" + "]" * 40
        text = aliases(40, '"A{}[] | A{}[]"') + (
            f"  B: {{{DS}, properties: "
            f"{{a: {{type: A0, required: false, example: {example}, description: d}}}}}}\n"
        )
        (found,) = faults(text, tmp_path)
        assert found.endswith("is no A0")


def families(count: int, part: str = "types") -> str:
    body = "properties: {}" if part == "types" else ""
    lines = [f"  A{i}: {{{DS}, extends: A{i + 1}, {body}}}\n" for i in range(count)]
    return f"{HEAD}{part}:\n{''.join(lines)}  A{count}: {{{DS}, {body}}}\n"


@pytest.mark.parametrize("part", ["types", "classes"])
class TestFamilies:
    def test_as_many_as_may_be(self, part: str, tmp_path: Path) -> None:
        read(families(32, part), tmp_path)

    @pytest.mark.parametrize("count", [33, 970, 3000])
    def test_too_many(self, part: str, count: int, tmp_path: Path) -> None:
        found = faults(families(count, part), tmp_path)
        assert len(found) == count // 33
        assert all(line.endswith("extends more than 32, one after another") for line in found)


def objects(count: int, *names: str) -> str:
    lines = []
    for i in range(count):
        fields = [f"{name}: {{type: A{i + 1}, description: d}}" for name in names]
        lines.append(f"  A{i}: {{{DS}, properties: {{{', '.join(fields)}}}}}\n")
    return (
        f"{HEAD}types:\n{''.join(lines)}  A{count}: {{{DS}, properties: {{}}}}\n"
        f"functions: {{f: {{{DS}, option: {{properties: {{}}, fail: A0}}}}}}\n"
    )


class TestObjectsInObjects:
    def test_as_deep_as_may_be(self, tmp_path: Path) -> None:
        read(objects(31, "a"), tmp_path)

    @pytest.mark.parametrize("count", [32, 250, 1000])
    def test_too_deep(self, count: int, tmp_path: Path) -> None:
        found = faults(objects(count, "a"), tmp_path)
        assert found
        assert all(line.endswith("is nested more than 32 objects deep") for line in found)

    def test_too_many_parts(self, tmp_path: Path) -> None:
        first, *_ = faults(objects(18, "a", "b"), tmp_path)
        assert first.endswith("consists of more than 1000 parts")

    def test_what_may_be_left_out_does_not_count(self, tmp_path: Path) -> None:
        read(
            objects(60, "a").replace(", description: d}}", ", required: false, description: d}}"),
            tmp_path,
        )

    def test_objects_may_hold_each_other(self, tmp_path: Path) -> None:
        read(
            objects(20, "a")
            .replace("A20: {", "A20: {")
            .replace("properties: {}}", "properties: {a: {type: A0, description: d}}}", 1),
            tmp_path,
        )


class TestFiles:
    def test_a_megabyte_of_nothing(self, tmp_path: Path) -> None:
        found = faults("\0" * 1_000_000, tmp_path)
        assert len(found) == 101
        assert found[0] == "1:1: the text holds U+0000, a control character"
        assert found[-1] == "1:101: more such characters follow"

    def test_bad_characters_on_many_lines(self, tmp_path: Path) -> None:
        found = faults("a\n" * 200_000 + "\x01", tmp_path)
        assert found == ["200001:1: the text holds U+0001, a control character"]

    def test_one_key_many_times(self, tmp_path: Path) -> None:
        keys = "".join(f"k{i}: 1\n" for i in range(2_000))
        found = faults(HEAD + keys + keys, tmp_path)
        assert len(found) == 4_000

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
    def test_another_encoding(self, encoding: str, tmp_path: Path) -> None:
        file = tmp_path / "s"
        file.write_bytes(HEAD.replace("T", "é").encode(encoding))
        with pytest.raises(Exception, match="not UTF-8"):
            read_api(file)

    def test_ten_megabytes(self, tmp_path: Path) -> None:
        word = "word " * 200
        text = HEAD + "oddities:\n" + f"- {word}\n" * 10_000
        read(text, tmp_path)
