"""A spec of several files: what they share, and where their faults are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest
from generator.kit import DS, HEAD, OBJECT, SPEC

from wxgen.pipeline import read_api
from wxgen.spec.diagnostics import SpecError

ROOT: Final = HEAD + "package: wx_all\nchapters: {one: one.yaml, two: parts/two.yaml}\n"


def put(folder: Path, **files: str) -> Path:
    (folder / "parts").mkdir()
    for name, text in files.items():
        path = folder / ("parts/two.yaml" if name == "two" else f"{name}.yaml")
        path.write_text(text, encoding="utf-8")
    return folder / "root.yaml"


def faults(root: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read_api(root, label="root.yaml")
    return [line.replace(" error:", "") for line in caught.value.lines()]


def test_all_belongs_together(tmp_path: Path) -> None:
    root = put(
        tmp_path,
        root=ROOT + f"types: {{Shared: {OBJECT}}}\n",
        one=HEAD + f"functions: {{f: {{{DS}, returns: Shared}}}}\n"
        f"options: {{Base: {{{DS}, properties: {{}}, success: Shared}}}}\n",
        two=HEAD.replace("title: T", "title: Two")
        + f"package: other\nnamespace: other\nfunctions: {{g: {{{DS}, option: Base}}}}\n"
        f"classes: {{C: {{{DS}}}}}\n",
    )
    api = read_api(root)
    assert (api.package, api.namespace) == ("wx_all", "wx")
    assert [chapter.name for chapter in api.chapters] == ["", "one", "two"]
    assert [chapter.title for chapter in api.chapters] == ["T", "T", "Two"]
    assert [Path(chapter.label).name for chapter in api.chapters] == [
        "root.yaml",
        "one.yaml",
        "two.yaml",
    ]
    assert len({chapter.digest for chapter in api.chapters}) == 3
    assert [call.name for call in api.functions] == ["f", "g"]
    f, g = api.functions
    assert (f.path, g.path) == (
        ("chapters", "one", "functions", "f"),
        ("chapters", "two", "functions", "g"),
    )
    assert g.option is not None
    assert g.option.name == "Base"
    assert [option.name for option in api.options] == ["Base"]


def test_a_chapter_is_also_a_spec_of_its_own(tmp_path: Path) -> None:
    shutil.copy(SPEC, tmp_path / "one.yaml")
    root = put(
        tmp_path,
        root=ROOT,
        two=HEAD + f"functions: {{g: {{{DS}}}}}\n",
    )
    api = read_api(root)
    assert [chapter.engine for chapter in api.chapters] == [None, "websocket", None]
    assert api.engine == "websocket"
    alone = read_api(tmp_path / "one.yaml")
    assert len(api.functions) == len(alone.functions) + 1


def test_faults_of_every_file_are_told_at_once(tmp_path: Path) -> None:
    root = put(
        tmp_path,
        root=ROOT + "colour: red\n",
        one=HEAD + f"types: {{A: {{{DS}, type: strin}}}}\n",
        two=HEAD + f"functions: {{f: {{{DS}, returns: Nope, colour: red}}}}\n3: x\n",
    )
    assert faults(root) == [
        "root.yaml:7:1: unknown key 'colour'",
        "one.yaml:5:47: unknown type 'strin', did you mean 'string'?",
        "parts/two.yaml:5:54: unknown type 'Nope'",
        "parts/two.yaml:5:60: unknown key 'colour'",
        "parts/two.yaml:6:1: a key must be text, not a number; write '3' in quotes",
    ]


@pytest.mark.parametrize(
    ("one", "two", "fault"),
    [
        (
            f"types: {{A: {OBJECT}}}",
            f"classes: {{A: {{{DS}}}}}",
            "parts/two.yaml:5:11: 'A' is declared in line 5 of one.yaml already",
        ),
        (
            f"functions: {{f: {{{DS}}}}}",
            f"functions: {{f: {{{DS}}}}}",
            "parts/two.yaml:5:13: 'f' is a function of one.yaml already",
        ),
        (
            "properties: {f: {type: string, description: d}}",
            "properties: {f: {type: string, description: d}}",
            "parts/two.yaml:5:14: 'f' is a property of one.yaml already",
        ),
        (
            f"constants: {{A: {{value: 1, {DS}}}}}",
            f"constants: {{A: {{value: 1, {DS}}}}}",
            "parts/two.yaml:5:13: 'A' is a constant of one.yaml already",
        ),
        (
            "",
            "chapters: {three: three.yaml}",
            "parts/two.yaml:5:1: 'two' is a chapter, so it has no chapters itself",
        ),
        (
            f"types: {{A: {{{DS}, type: B}}}}",
            f"types: {{B: {{{DS}, type: A}}}}",
            "one.yaml:5:47: 'A' is defined by itself",
        ),
        (
            f"constants: {{A: {{value: 1, {DS}}}}}",
            f"functions: {{f: {{{DS}, limits: [{{constant: B, description: d}}]}}}}",
            "parts/two.yaml:5:65: unknown constant 'B'",
        ),
    ],
)
def test_faults_between_files(one: str, two: str, fault: str, tmp_path: Path) -> None:
    root = put(tmp_path, root=ROOT, one=HEAD + one + "\n", two=HEAD + two + "\n")
    assert fault in faults(root)
    assert len(faults(root)) == (2 if "itself" in fault and "type" in one else 1)


def test_an_engine_in_two_chapters(tmp_path: Path) -> None:
    shutil.copy(SPEC, tmp_path / "one.yaml")
    root = put(tmp_path, root=ROOT, two=HEAD + "engine: websocket\n")
    assert faults(root) == ["parts/two.yaml:5:9: one.yaml has the engine 'websocket' already"]


@pytest.mark.parametrize(
    ("chapters", "fault"),
    [
        ("{one: no.yaml}", "there is no file 'no.yaml' beside root.yaml"),
        ("{one: root.yaml}", "a spec is no chapter of itself"),
        ("{one: .}", "there is no file '.' beside root.yaml"),
        ("{one: 'a\\0b'}", "there is no file"),
    ],
)
def test_files_that_are_none(chapters: str, fault: str, tmp_path: Path) -> None:
    root = put(tmp_path, root=f"{HEAD}chapters: {chapters}\n")
    (found,) = faults(root)
    assert found.startswith(f"root.yaml:5:17: {fault}")


def test_a_chapter_that_is_no_yaml(tmp_path: Path) -> None:
    root = put(tmp_path, root=ROOT, one="a: [", two="")
    assert faults(root) == [
        "one.yaml:1:5: not valid YAML: expected the node content, but found '<stream end>' "
        "(while parsing a flow node, from 1:5)",
        "parts/two.yaml:1:1: the file is empty",
    ]
