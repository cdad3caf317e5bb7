"""Whatever a spec says: a package that is Python and says its texts, or faults with their places."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from generator.kit import HEAD, ROOT, SECOND, SPEC, passes, put, python
from hypothesis import given, settings
from hypothesis import strategies as st

from wxgen.pipeline import Emission, emit
from wxgen.spec.diagnostics import SpecError
from wxgen.spec.source import parse

EXAMPLES: Final = [
    HEAD + text
    for text in re.findall(
        r"```yaml\n(.*?)```", (ROOT / "spec" / "README.md").read_text("utf-8"), re.S
    )
    if "wxgen:" not in text
]
RIGHT: Final = [parse(text, "s").value for text in EXAMPLES] + [
    parse(path.read_text("utf-8"), "s").value for path in (SECOND, SPEC)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def tried(text: str, folder: Path) -> Emission | None:
    """Emit what a text gives; else its faults are where it has characters, and are printable."""
    file = folder / "any.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    before = sorted(folder.iterdir())
    try:
        emission = emit(file, label="s")
    except SpecError as error:
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert error.faults
        assert len(set(error.faults)) == len(error.faults)
        for fault in error.faults:
            assert 1 <= fault.mark.line <= len(lines)
            assert 1 <= fault.mark.column <= len(lines[fault.mark.line - 1]) + 1
        assert all(line.isprintable() for line in error.lines())
        return None
    finally:
        assert sorted(folder.iterdir()) == before
    for path, emitted in emission.files.items():
        if path.endswith((".py", ".pyi")):
            compile(emitted, path, "exec")
    return emission


# Right specs with something wrong in them.

SCRAPS: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.text(max_size=12),
    st.sampled_from(
        ["string", "A", "Result", "T", "any[]", "'a'", "f", "wx", "class", "_", "none", "0.0.1"]
    ),
    st.sampled_from([[], {}, ["string"], {"type": "string", "description": "d"}, [[[]]]]),
)
KEYS: Final = st.sampled_from(
    ["type", "extends", "properties", "option", "returns", "removes", "event", "others", "support"]
) | st.text(max_size=8)


def ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything within a value."""
    found = []
    for key in (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    ):
        found += [(*way, key), *ways(value[key], (*way, key))]
    return found


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """A right spec in which a few things were taken away, put in, or replaced."""
    spec = json.loads(json.dumps(draw(st.sampled_from(RIGHT))))
    for _ in range(draw(st.integers(1, 4))):
        *steps, last = draw(st.sampled_from(ways(spec) or [("title",)]))
        holder = spec
        for step in steps:
            holder = holder[step]
        action = draw(st.sampled_from(["remove", "replace", "add", "copy"]))
        if action == "remove" and isinstance(holder, dict | list) and last in ways_of(holder):
            del holder[last]
        elif action == "replace":
            holder[last] = deepcopy(draw(SCRAPS))  # what is drawn is shared
        elif action == "copy":
            source = spec
            for step in draw(st.sampled_from(ways(spec) or [()])):
                source = source[step]
            holder[last] = json.loads(json.dumps(source))
        elif isinstance(holder, dict):
            holder[draw(KEYS)] = deepcopy(draw(SCRAPS))
    return spec


def ways_of(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


@settings(max_examples=60, deadline=None)
@given(spec=broken())
def test_a_broken_spec_has_faults_or_is_right(spec: Any, folder: Path) -> None:
    tried(json.dumps(spec, indent=1), folder)


TEXTS: Final = [*EXAMPLES, SECOND.read_text("utf-8"), SPEC.read_text("utf-8")]
CHARS: Final = st.text("ab1 .:-?[]{}&*|>'\"%@#,\n\t!<\0é\u2028", max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    which=st.integers(0, len(TEXTS) - 1),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), CHARS), min_size=1, max_size=3),
)
def test_a_broken_text_has_faults_or_is_right(
    which: int, cuts: list[tuple[float, int, str]], folder: Path
) -> None:
    text = TEXTS[which]
    for where, length, new in cuts:
        at = int(where * len(text))
        text = text[:at] + new + text[at + length :]
    tried(text, folder)


# Right specs.

WORDS: Final = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Zl", "Zp"],
        exclude_characters="\u202a\u202b\u202c"
        "\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff",
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() != "")
NAMES: Final = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,8}", fullmatch=True)
PROPERTIES: Final = st.from_regex(r"[A-Za-z0-9_$][A-Za-z0-9_.$-]{0,8}", fullmatch=True)
TYPE_NAMES: Final = ["Alpha", "Beta.Gamma", "De_lta", "Eps$", "Zeta.eta.Theta"]
CLASS_NAMES: Final = ["Kappa", "Lambda.Mu"]
VALUES: Final = ["'a'", "5", "true", "string", "number", "integer", "boolean", "ArrayBuffer", "any"]
TYPES: Final = st.recursive(
    st.sampled_from([*VALUES, "object", "unknown", "function", *TYPE_NAMES, *CLASS_NAMES]),
    lambda inner: st.one_of(
        inner.map(lambda text: f"Array<{text}>"),
        inner.map(lambda text: f"Promise<{text}>"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) | ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"[{two[0]}, {two[1]}]"),
        inner.map(lambda text: f"Record<string, {text}>"),
        st.tuples(inner, inner).map(lambda two: f"{{a: {two[0]}, b?: {two[1]}}}"),
        st.tuples(inner, inner).map(lambda two: f"((x: {two[0]}, y?: {two[1]}) => void)"),
    ),
    max_leaves=4,
)


def fields(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    body = st.fixed_dictionaries(
        {"type": TYPES, "description": WORDS},
        optional={"required": st.booleans(), "unit": WORDS, "since": st.just("1.2.3"), **more},
    )
    taken = {"success", "fail", "complete"}
    names = PROPERTIES.filter(lambda name: name not in taken)
    return st.dictionaries(names, body, max_size=3)


HEADED: Final = {"description": WORDS, "section": WORDS}


def _value_of(entry: Any) -> str:
    return repr(entry["value"])


def _name_of(entry: Any) -> str:
    return str(entry["name"])


def some(
    entries: st.SearchStrategy[dict[str, Any]], key: Callable[[Any], str]
) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(entries, min_size=1, max_size=3, unique_by=key)


VALUED: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {"value": st.text(max_size=6) | st.integers(), "description": WORDS}
)
NAMED: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {"name": PROPERTIES, "type": TYPES, "description": WORDS}
)
OBJECTS: Final = st.fixed_dictionaries({**HEADED, "properties": fields()})
OTHERS: Final = st.one_of(
    OBJECTS,
    st.fixed_dictionaries({**HEADED, "type": st.sampled_from(["string | number", "Array<any>"])}),
    st.fixed_dictionaries({**HEADED, "host": st.sampled_from(["Sequence[float]", "object"])}),
    st.fixed_dictionaries(
        {
            **HEADED,
            "values": some(VALUED, _value_of),
        }
    ),
)
# A value that users never make must not need itself, so what is received here has no fields of types.
RESULT: Final = "Result"
CALLS: Final = st.one_of(
    st.fixed_dictionaries(HEADED),
    st.fixed_dictionaries({**HEADED, "returns": TYPES}, optional={"returnsDescription": WORDS}),
    st.fixed_dictionaries(
        {
            **HEADED,
            "option": st.fixed_dictionaries({"properties": fields(), "success": st.just(RESULT)}),
        }
    ),
    st.fixed_dictionaries(
        {
            **HEADED,
            "listener": st.fixed_dictionaries({"description": WORDS, "result": st.just(RESULT)}),
        }
    ),
    st.fixed_dictionaries(
        {
            **HEADED,
            "parameters": some(NAMED, _name_of),
        }
    ),
)
METHODS: Final = st.dictionaries(NAMES, CALLS, max_size=3)


@st.composite
def right(draw: st.DrawFn) -> dict[str, Any]:
    """A spec that nothing is wrong with, but that names may clash."""
    spec = {"wxgen": 1, "title": draw(WORDS), "description": draw(WORDS), "section": draw(WORDS)}
    result = {
        "description": "d",
        "section": "s",
        "properties": {"errMsg": {"type": "string", "description": "d"}},
    }
    types = {name: draw(OTHERS) for name in TYPE_NAMES}
    classes = {
        name: {
            "description": draw(WORDS),
            "section": "s",
            "properties": draw(fields()),
            "methods": draw(METHODS),
        }
        for name in CLASS_NAMES
    }
    return {
        **spec,
        "types": {RESULT: result, **types},
        "functions": draw(METHODS),
        "classes": classes,
    }


def words_of(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=60, deadline=None)
@given(spec=right())
def test_a_right_spec_gives_python_that_says_its_texts(spec: dict[str, Any], folder: Path) -> None:
    emission = tried(json.dumps(spec), folder)
    if emission is None:
        return  # names that clash, or a type too large
    tree = ast.parse(emission.files["wxsocket/api.py"])
    texts = [
        words_of(ast.get_docstring(node) or "")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    for call in spec["functions"].values():
        assert any(words_of(call["description"]) in text for text in texts)


def test_right_specs_are_right_for_mypy_and_can_be_imported(tmp_path: Path) -> None:
    """A sample: every example of the language's page, each a package of its own."""
    names = []
    for number, text in enumerate(EXAMPLES):
        names.append(f"package_{number}")
        spec = tmp_path / f"{number}.yaml"
        spec.write_text(f"package: package_{number}\n{text}", encoding="utf-8")
        put(emit(spec).files, tmp_path)
    (tmp_path / "all.py").write_text(
        "".join(f"import {name}\nfrom {name} import *\n" for name in names)
    )
    passes(python("all.py", cwd=tmp_path))
    passes(python("-m", "mypy", "--strict", "--config-file=", *names, cwd=tmp_path))


def test_right_specs_are_as_a_formatter_leaves_them(folder: Path, tmp_path: Path) -> None:
    count = 0

    @settings(max_examples=30, deadline=None, database=None)
    @given(spec=right())
    def write(spec: dict[str, Any]) -> None:
        nonlocal count
        emission = tried(json.dumps(spec), folder)
        if emission is not None:
            count += 1
            (tmp_path / str(count)).mkdir()
            put(emission.files, tmp_path / str(count))

    write()
    assert count > 5
    settings_of_ours = ("--config", ROOT / "pyproject.toml")
    passes(python("-m", "ruff", "format", "--diff", *settings_of_ours, ".", cwd=tmp_path))
    passes(python("-m", "ruff", "check", *settings_of_ours, ".", cwd=tmp_path))
