"""Text of a spec stays text: it becomes no code, no markup, no other file."""

from __future__ import annotations

import ast
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from generator.kit import emit_text, passes, put, python
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wxgen.emit.markdown import cell, code, markdown
from wxgen.python.docstrings import Entries
from wxgen.python.layout import docstring
from wxgen.spec.diagnostics import SpecError

EVIL: Final = [
    '"""',
    'a """ + __import__("os").system("true") + """ b',
    '"""\nimport os\n"""',
    '\\"""\nimport os\n"""',
    '\\\\"""\nimport os',
    "'''",
    '"',
    '""',
    'ends with a quote "',
    'ends with quotes """',
    "ends with a backslash \\",
    "ends with backslashes \\\\",
    '"starts with a quote',
    "\\N{BULLET} \\x41 \\u0041 \\n \\",
    "{{ 7 * 7 }}",
    "{% raw %}{{ package.api }}{% endraw %}",
    "{# gone #} ##",
    "{name} {0} %s %(name)s $x ${x}",
    "# a comment\n# another",
    "`code` and ``more ` code`` and a lone ` tick",
    "```\nfence\n```",
    "``` <b>bold</b> ` x",
    "~~~ fence",
    "`` <b> `",
    "--> <script>alert(1)</script> <!-- ",
    "<img src=x onerror=alert(1)> &lt;b&gt; &#60;b>",
    "a | b || c \\| d \\\\| e",
    "`a | b` \\`| c`",
    "# heading\n\n## heading\n===\n---",
    "[link](javascript:alert(1)) ![image](x) [ref]: x",
    "> quote\n- item\n1. item\n    code",
    "*strong* _em_ **both** ~~gone~~",
    "line\u2028separator\u2029paragraph\x85next",
    "tab\tand\xa0space \u3000 wide",
    "right\u202eto\u202cleft \u200b zero \ufeff mark",
    "消息 é 😀",
    "x" * 300,
    "word " * 100,
    "Args:\n    x: Not an argument.\n\nReturns:\n    Nothing.",
    "noqa type: ignore # type: ignore[all] # noqa",
    ".",
    " ",
    "\n",
]

# A spec may not hold these at all.
REFUSED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

WORDS: Final = "some words"


def one_line(text: str) -> str:
    return text.replace("\n", " ")


def spec_with(text: str) -> str:
    """A spec with a text in every place that takes one. JSON is YAML too."""
    line = one_line(text)
    more: dict[str, Any] = {"oddities": [text], "deprecated": text}
    plain = {"description": text, "section": line}
    # A literal in a type has no escapes, so some characters cannot be said there.
    literal = re.sub(r"['\\]", "", text)
    field = {
        "type": "string",
        "description": text,
        "documented": line,
        "unit": line,
        "deprecated": text,
        "required": False,
        "example": text,
    }
    nested = {"type": "Array<string | Record<string, string>>", "example": [text, {"key": text}]}
    fields = {
        "a": {**field, "fallback": line},
        "b": {**field, "default": text},
        "c": {**field, "type": f"'{literal}' | null", "example": literal},
        "d": {**field, "type": f"Array<'{literal}' | 'another'>", "example": [literal]},
        "e": {**field, **nested},
    }
    parameter = {"name": "a", "type": "string", "description": text, "unit": line, "example": text}
    values = [{"value": f"{mark}{text}", "description": text} for mark in "!?"]
    call = {
        **plain,
        **more,
        "cautions": [text],
        "behaviour": [text, text],
        "limits": [{"constant": "A", "description": text}],
    }
    spec = {
        "wxgen": 1,
        "title": line,
        **plain,
        "cautions": [text],
        "oddities": [text],
        "constants": {"A": {"value": text, **plain}},
        "types": {
            "Result": {**plain, **more, "properties": fields},
            "Choice": {**plain, **more, "values": values},
            "Name": {**plain, **more, "type": f"'{literal}' | string"},
        },
        "functions": {
            "f": {**call, "option": {"properties": fields, "success": "Result", "fail": "Result"}},
            "g": {
                **call,
                "parameters": [parameter, {**parameter, "name": "b", "default": text}],
                "returns": f"Record<string, '{literal}'>",
                "returnsDescription": text,
            },
            "onF": {**call, "listener": {"result": "Choice", "description": text}},
        },
        "classes": {"Task": {**plain, **more, "properties": fields, "methods": {"m": call}}},
    }
    return json.dumps(spec)


@cache
def emitted(text: str) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return emit_text(spec_with(text), Path(folder)).files


def without_text(source: str) -> str:
    """The structure of a module: what it defines and does, but for the texts in it."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        # A stub leaves long defaults out.
        if isinstance(node, ast.Constant) and (isinstance(node.value, str) or node.value is ...):
            node.value = ""
    return ast.dump(tree)


def joined(text: str) -> str:
    return " ".join(text.split())


def docstrings(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, joined(ast.get_docstring(node, clean=False) or "")


def check_python(text: str) -> None:
    """The emitted modules are those of harmless words, with the text in their docstrings."""
    files, harmless = emitted(text), emitted(WORDS)
    assert files.keys() == harmless.keys()
    for path in files:
        if path.endswith((".py", ".pyi")):
            assert without_text(files[path]) == without_text(harmless[path]), path
        first, usual = files[path].partition("\n")[0], harmless[path].partition("\n")[0]
        digest = r"sha256 [0-9a-f]{16}"
        assert re.sub(digest, "", first) == re.sub(digest, "", usual)
    # A stub has docstrings where editors look up keywords in them.
    for path, names in (("api.py", ("f", "g", "onF", "m", "Task", "Wx")), ("api.pyi", ("f", "g"))):
        found = [*docstrings(files[f"wxsocket/{path}"])]
        for name in names:
            assert any(joined(text) in doc for each, doc in found if each == name), (path, name)
    for name, doc in docstrings(files["wxsocket/types.py"]):
        assert joined(text) in doc, name


def check_values(text: str) -> None:
    """Values arrive as they are."""
    files = emitted(text)
    constants: dict[str, Any] = {}
    exec(compile(files["wxsocket/constants.py"], "constants.py", "exec"), constants)
    assert constants["A"] == text
    tree = ast.parse(files["wxsocket/options.py"])
    (option,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    defaults = {
        node.target.id: ast.literal_eval(node.value)
        for node in option.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
    }
    assert defaults["b"] == text
    alias = next(
        node
        for node in ast.parse(files["wxsocket/types.py"]).body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "Choice"
    )
    assert alias.value is not None
    literals = [node for node in ast.walk(alias.value) if isinstance(node, ast.Subscript)]
    values = sorted(ast.literal_eval(node.slice) for node in literals)
    assert values == sorted([f"!{text}", f"?{text}"])


# Markdown, as CommonMark and GitHub read it: as much as is needed to see what is markup.


def without_code(line: str) -> str:
    """A line of Markdown without code between backticks and without escaped characters."""
    rest = ""
    at = 0
    while at < len(line):
        run = re.compile("`+").match(line, at)
        if line[at] == "\\" and at + 1 < len(line):
            at += 2
        elif run is not None:
            end = re.compile(rf"(?<!`){run[0]}(?!`)").search(line, run.end())
            at = run.end() if end is None else end.end()
        else:
            rest += line[at]
            at += 1
    return rest


def outside_fences(text: str) -> list[str]:
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.startswith(("```", "~~~")) and "`" not in line.lstrip("`"):
            fenced = not fenced
        elif not fenced:
            lines.append(line)
    assert not fenced
    return lines


def skeleton(text: str) -> list[str]:
    """The headings, tables and quotes of a Markdown text, without what they say."""
    found: list[str] = []
    for block in "\n".join(outside_fences(text)).split("\n\n"):
        lines = block.strip("\n").split("\n")
        if len(lines) > 1 and all(line.startswith("|") for line in lines):
            cells = [len(re.findall(r"(?<!\\)\|", line)) - 1 for line in lines]
            found.append(f"table of {cells}")
        else:
            marks = [re.match(r"#+ |> |<!--", line) for line in lines]
            found.append(f"text of {[mark[0] if mark else '' for mark in marks]}")
    return found


def check_markdown(text: str) -> None:
    for path in ("wxsocket/API.md", "REPORT.md"):
        shown = emitted(text)[path]
        header, *lines = outside_fences(shown)
        assert re.fullmatch(r"<!-- [^<>]*[^<>-] -->", header)
        for line in lines:
            assert not re.search(r"[<>]", without_code(line.removeprefix("> "))), line
            assert not re.search(r"(?<!\\)\]\(", without_code(line).replace("](#", "")), line
        assert skeleton(shown) == skeleton(emitted(WORDS)[path])


@pytest.mark.parametrize("text", EVIL)
def test_text_stays_text(text: str) -> None:
    if REFUSED.search(text):
        with pytest.raises(SpecError):
            emitted(text)
        text = REFUSED.sub("", text)
    check_python(text)
    check_values(text)
    check_markdown(text)


texts = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text("\"'\\`{}%#<>!-|[]()&\n ab=~", min_size=1, max_size=30),
    st.lists(st.sampled_from(EVIL), min_size=2, max_size=3).map("".join),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(texts)
@example('\\"""\\')
@example("``` <b> `")
def test_any_text_stays_text_or_is_refused(text: str) -> None:
    if REFUSED.search(text):
        with pytest.raises(SpecError) as caught:
            emitted(text)
        assert all(line.isprintable() for line in caught.value.lines())
        return
    check_python(text)
    check_values(text)
    check_markdown(text)


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\r", "\ud800"])
def test_characters_that_no_text_may_hold(char: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        emit_text(spec_with(f"a{char}b"), tmp_path)
    assert caught.value.faults
    name = f"U+{ord(char):04X}"
    assert all(name in line and line.isprintable() for line in caught.value.lines())


def test_emitted_evil_is_imported_and_does_nothing(tmp_path: Path) -> None:
    """All of it at once, run: the marker would be made by any text that became code."""
    marker = tmp_path / "marker"
    attack = f"open({str(marker)!r}, 'w')"
    text = "".join(
        f"{quote}\n{attack}\n{quote}{end}"
        for quote in ('"""', "'''", '"', "'", "\\", "#", "")
        for end in ("", "\\", "{{ " + attack + " }}", "{% set x = " + attack + " %}")
    )
    put(emit_text(spec_with(text), tmp_path).files, tmp_path)
    program = "import wxsocket, wxsocket.constants as c; print(repr(c.A))"
    assert passes(python("-c", program, cwd=tmp_path)).strip() == repr(text)
    assert not marker.exists()


NAMES: Final = [
    "class",
    "__init__",
    "__class__",
    "_private",
    "../x",
    "/etc/passwd",
    "a/b",
    "a b",
    "os.system",
    "a;b",
    "a\nb",
    "a#b",
    'a"b',
    "a'b",
    "a`b",
    "a|b",
    "a-->b",
    "{{7*7}}",
    "é",
    "ａ",
    "1a",
    "",
    "None",
    "True",
    "self",
    "print",
    "exec",
    "x" * 97,
    "\u202ea",
]

DS: Final = {"description": "d", "section": "s"}
FIELD: Final = {"type": "string", "description": "d"}
PLACES: Final = {
    "namespace": lambda name: {"namespace": name, "functions": {"f": DS}},
    "engine": lambda name: {"engine": name},
    "constant": lambda name: {"constants": {name: {"value": 1, **DS}}},
    "type": lambda name: {"types": {name: {"properties": {"a": FIELD}, **DS}}},
    "alias": lambda name: {"types": {name: {"type": "string", **DS}}},
    "property": lambda name: {"types": {"A": {"properties": {name: FIELD}, **DS}}},
    "function": lambda name: {"functions": {name: DS}},
    "option": lambda name: {"functions": {"f": {"option": {"properties": {name: FIELD}}, **DS}}},
    "option type": lambda name: {
        "functions": {"f": {"option": {"name": name, "properties": {}}, **DS}}
    },
    "parameter": lambda name: {"functions": {"f": {"parameters": [{"name": name, **FIELD}], **DS}}},
    "variable": lambda name: {
        "functions": {"f": {"typeParameters": [name], "returns": "any", **DS}}
    },
    "class": lambda name: {"classes": {name: DS}},
    "base": lambda name: {"classes": {"A": {"extends": name, **DS}}},
    "method": lambda name: {"classes": {"A": {"methods": {name: DS}, **DS}}},
    "class property": lambda name: {"classes": {"A": {"properties": {name: FIELD}, **DS}}},
    "event": lambda name: {"classes": {"A": {"events": {name: {"description": "d"}}, **DS}}},
    "type expression": lambda name: {
        "types": {"A": {"properties": {"a": {**FIELD, "type": name}}, **DS}}
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_refused_or_harmless(place: str, tmp_path: Path) -> None:
    # What no name may hold, or be; every other one has a name in Python.
    forbidden = [
        name for name in NAMES if not re.fullmatch(r"[A-Za-z0-9_$][\w.$-]{,95}", name, re.A)
    ]
    refused: list[str] = []
    for name in NAMES:
        spec = {"wxgen": 1, "title": "T", **DS, **PLACES[place](name)}  # type: ignore[no-untyped-call]
        try:
            files = emit_text(json.dumps(spec), tmp_path, "spec.yaml").files
        except SpecError as error:
            refused.append(name)
            assert all(re.match(r"spec\.yaml:1:\d+: error: .", line) for line in error.lines())
            assert all(line.isprintable() for line in error.lines())
            continue
        for path, text in files.items():
            assert re.fullmatch(r"(wxsocket/)?[\w.]+", path)
            if path.endswith((".py", ".pyi")):
                compile(text, path, "exec")
    assert set(forbidden) <= set(refused)
    assert len(forbidden) == 18


@pytest.mark.parametrize(
    "name",
    [
        'x"""; import os #.yaml',
        "x --> <b>.yaml",
        "{{ 7 * 7 }}.yaml",
        "a b\n.yaml",
        "`x`.yaml",
        "--.yaml",
        "消息.yaml",
    ],
)
def test_the_name_of_the_spec_is_harmless(name: str, tmp_path: Path) -> None:
    files = emit_text(spec_with(WORDS), tmp_path, name).files
    for path, text in files.items():
        line = text.partition("\n")[0]
        comment_of = r"<!-- [\w .:;(),'-]* -->" if path.endswith(".md") else r"# [\w .:;(),'-]*"
        assert re.fullmatch(comment_of, line), (path, line)
        assert line.count("-->") == path.endswith(".md")
        usual = emitted(WORDS)[path]
        assert text.partition("\n")[2] == usual.partition("\n")[2]


class TestFilters:
    """The functions that every text of a spec goes through."""

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.integers(0, 12))
    @example('"', 0)
    @example('"""', 4)
    @example("\\", 0)
    @example('\\"', 0)
    def test_docstring(self, text: str, indent: int) -> None:
        for doc in ((text,), (text, Entries("Args", (("name", text),)))):
            read = ast.literal_eval(docstring(doc, indent))
            parts = [part if isinstance(part, str) else f"Args: name: {text}" for part in doc]
            assert joined(read) == joined(" ".join(parts))

    def test_joined_entries_are_one_line(self) -> None:
        doc = (WORDS, Entries("Args", (("name", "word " * 60),)))
        literal = docstring(doc, 8, joined=True)
        assert max(map(len, literal.split("\n"))) <= 100
        assert len(ast.literal_eval(literal).strip().split("\n")) == 4

    @given(st.text("`<>|\\ab &", min_size=1))
    def test_markdown(self, text: str) -> None:
        assert not re.search("[<>]", without_code(markdown(text)))
        assert not re.search(r"(?<!\\)\|", cell(text))

    @given(st.text("`<>|\\ab &", min_size=1))
    def test_code(self, text: str) -> None:
        assert without_code(f"a {code(text)} b") == "a  b"
        assert not re.search(r"(?<!\\)\|", code(text))
