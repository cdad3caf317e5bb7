"""Python text as formatters want it: lines within a width, whatever is in them."""

from __future__ import annotations

import ast
import functools
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Protocol

from wxgen.python.code import Code
from wxgen.python.docstrings import Doc, Entries
from wxgen.python.names import literal, quoted
from wxgen.python.records import Method, Parameter

__all__ = ["WIDTH", "call", "definition", "docstring", "evaluable", "exports", "split", "statement"]

WIDTH: Final = 100
"""The longest line of what is emitted."""

_SKIP: Final = "  # fmt: skip"

_IGNORED: Final = "  # type: ignore[{},unused-ignore]"


class Namer(Protocol):
    """Gives code its names."""

    def __call__(self, code: Code, /) -> str: ...

    def hint(self, code: Code, /) -> str: ...

    def body(self, lines: Sequence[Code], /) -> list[str]: ...


def statement(start: str, text: str, end: str = "", *, indent: int = 0) -> str:
    """Return a statement, broken where it is too long.

    What no formatter would break this way is marked as not to be formatted.

    Args:
        start: How it begins, up to where it may be broken.
        text: The expression that may be broken.
        end: How it ends.
        indent: The column that it stands in. The first line comes without its indent.
    """
    line = f"{start}{text}{end}"
    if indent + columns(line) <= WIDTH:
        return line
    margin = " " * indent
    return f"\n{margin}".join([*_broken(start, text, end, indent)]) + _SKIP


def definition(method: Method, scope: Namer, *, indent: int, stub: bool) -> str:
    """Return a method.

    Args:
        method: The method.
        scope: Gives code its names.
        indent: The column that it stands in. The first line comes without its indent.
        stub: Whether it is for a stub: without a body, and with entries of its docstring in one
            line each, since editors read no more of them.
    """
    bare = (stub and not method.doc) or method.body == _BARE
    lines = [line for each in method.decorators for line in call(f"@{scope(each)}", indent)]
    lines += _head(method, scope, indent, tail=" ..." if bare else "", stub=stub)
    if method.doc:
        lines.append(f"    {docstring(method.doc, indent + 4, joined=stub)}")
    if not stub and not bare:
        body = scope.body(method.body)
        if method.doc and body and body[0].startswith("def "):
            lines.append("")
        for line in body:
            lines += (f"    {each}" if each else "" for each in call(line, indent + 4))
    if method.ignores and method.decorators:
        lines[0] += _ignored(method)  # where mypy tells of the whole method
    margin = " " * indent
    later = [f"{margin}{line}" if line else "" for line in lines[1:]]
    return "\n".join([lines[0], *later])


_BARE: Final = (Code(("...",)),)


def _ignored(method: Method) -> str:
    return _IGNORED.format(",".join(method.ignores))


def _head(method: Method, scope: Namer, indent: int, *, tail: str, stub: bool) -> list[str]:
    parts = [_parameter(each, scope, stub=stub) for each in method.head.parameters]
    returns = scope.hint(method.head.returns)
    mark = _ignored(method) if method.ignores else ""
    line = f"def {method.name}({', '.join(parts)}) -> {returns}:{tail}"
    if indent + columns(line) <= WIDTH:
        return [f"{line}{mark}"]
    lines = [f"def {method.name}({mark}"]
    for part in parts:
        name, colon, rest = part.partition(": ")
        annotation, equals, default = rest.partition(" = ")
        lines += _item(f"{name}{colon}", annotation, f"{equals}{default},", indent + 4)
    lines += (line[4:] for line in _item(") -> ", returns, f":{tail}", indent))
    if any(indent + columns(line) > WIDTH or line.endswith(("(", "[")) for line in lines[1:]):
        lines[-1] += _SKIP
    return lines


def _parameter(parameter: Parameter | str, scope: Namer, *, stub: bool) -> str:
    if isinstance(parameter, str):
        return parameter
    name, annotation, default, stars = parameter
    if stub and len(default) > 40:
        default = "..."
    if annotation is None:
        return f"{stars}{name}={default}" if default else f"{stars}{name}"
    text = f"{stars}{name}: {scope.hint(annotation)}"
    return f"{text} = {default}" if default else text


# Breaking.


def call(line: str, indent: int, end: str = "") -> list[str]:
    """Return a statement that ends with a call, broken as formatters do where it is too long.

    Args:
        line: The statement.
        indent: The column that it stands in.
        end: What follows the call.
    """
    if indent + columns(line) + len(end) <= WIDTH or line[-1:] != ")":
        return [line + end]
    start = len(line) - len(line.lstrip())
    opening = line.index("(")
    margin = " " * (start + 4)
    inner = line[opening + 1 : -1]
    head = line[: opening + 1]
    if indent + len(margin) + columns(inner) <= WIDTH:
        return [head, margin + inner, f"{' ' * start}){end}"]
    items: list[str] = []
    for item in split(inner, ", "):
        broken = call(margin + item, indent, ",")
        items += broken
    return [head, *items, f"{' ' * start}){end}"]


def _broken(start: str, text: str, end: str, indent: int) -> Iterator[str]:
    """Break an expression at its outermost brackets, or its alternatives, as often as needed."""
    alternatives = split(text, " | ")
    if len(alternatives) > 1:
        yield f"{start}("
        for number, alternative in enumerate(alternatives):
            mark = "| " if number else ""
            yield from _item(mark, alternative, "", indent + 4)
        yield f"){end}"
        return
    opening = next((at for at, char in enumerate(text) if char in "[({"), None)
    if text[:1] in ("'", '"') or opening is None or text[-1:] not in "])}":
        yield from _text(start, text, end, indent)
        return
    yield start + text[: opening + 1]
    items = split(text[opening + 1 : -1], ", ")
    # A comma after a single item would make it a tuple.
    comma = "" if len(items) == 1 else ","
    for item in items:
        yield from _item("", item, comma, indent + 4)
    yield text[-1] + end


def _item(start: str, text: str, end: str, indent: int) -> Iterator[str]:
    line = f"{start}{text}{end}"
    lines = [line] if indent + columns(line) <= WIDTH else _broken(start, text, end, indent)
    return (f"    {line}" for line in lines)


def _text(start: str, text: str, end: str, indent: int) -> Iterator[str]:
    """A string in pieces, or something that cannot be broken."""
    if text[:1] not in ("'", '"'):
        yield f"{start}{text}{end}"
        return
    yield f"{start}("
    value = ast.literal_eval(text)
    room = max(WIDTH - indent - 8, 20)
    pieces: list[str] = [""]
    for char in value:
        if len(quoted(pieces[-1] + char)) > room and pieces[-1]:
            pieces.append("")
        pieces[-1] += char
    yield from (f"    {quoted(piece)}" for piece in pieces)
    yield f"){end}"


def evaluable(text: str, missing: AbstractSet[str]) -> str:
    """Put the parts of a type into quotes that cannot be evaluated where it stands.

    Args:
        text: The type.
        missing: The names that are not there.
    """
    return " | ".join(_quoted_part(part, missing) for part in split(text, " | "))


def _quoted_part(text: str, missing: AbstractSet[str]) -> str:
    names = set(re.findall(r"\w+", text))
    if names.isdisjoint(missing) or text.startswith(("Literal[", "_Literal[")):
        return text
    head, bracket, rest = text.partition("[")
    if not bracket or head in missing:
        return quoted(text)
    items = split(rest[:-1], ", ")
    parts = [
        _quoted_part(item, missing) if " | " not in item else _quoted_union(item, missing)
        for item in items
    ]
    return f"{head}[{', '.join(parts)}]"


def _quoted_union(text: str, missing: AbstractSet[str]) -> str:
    if text[:1] == "[":
        return _quoted_part(text, missing)
    return text if not missing & set(re.findall(r"\w+", text)) else quoted(text)


def split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands in no brackets and no string."""
    parts: list[str] = [""]
    depth = 0
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                parts[-1] += text[at : at + 2]
                at += 2
                continue
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif depth == 0 and text.startswith(separator, at):
            parts.append("")
            at += len(separator)
            continue
        depth += (char in "[({") - (char in "])}") if not quote else 0
        parts[-1] += char
        at += 1
    return parts


# Docstrings.


def docstring(doc: Doc, indent: int = 0, *, joined: bool = False) -> str:
    """Return a docstring literal, its later lines indented.

    Args:
        doc: The blocks; any text at all.
        indent: The column of the docstring.
        joined: Whether an entry of a section is to be one line when it is read. It is broken with
            backslashes then.
    """
    width = WIDTH - indent
    if len(doc) == 1 and isinstance(doc[0], str) and _is_plain(doc[0], width - 6):
        return f'"""{doc[0]}"""'
    lines: list[str] = []
    for block in doc:
        if isinstance(block, Entries):
            lines += ("", *_entries(block, width, joined=joined and block.title == "Args"))
        elif lines:
            lines += ("", *_wrapped(_escaped(block), width))
        else:
            # The opening quotes take room, and formatters want a space before another quote.
            start = "    " if block[:1] == '"' else "   "
            lines += _wrapped(_escaped(block), width, first=start) or [start]
            if len(doc) == len(lines) == 1 and columns(lines[0]) + 3 > width:
                # So do the closing ones, which formatters put on a line of their own after several.
                lines = _wrapped(_escaped(block), width - 3, first=start)
            lines[0] = lines[0][3:]
    # The margin of what is read is that of the later lines.
    if len(lines) == 1:
        last = lines[0]
        space = " " if last[-1:] == '"' or _ends_open(last) else ""
        return f'"""{last}{space}"""'
    margin = " " * indent
    later = [f"{margin}{line}" if line else "" for line in lines[1:]]
    body = "\n".join([lines[0], *later])
    return f'"""{body}\n{margin}"""'


def _is_plain(text: str, room: int) -> bool:
    """Whether a text stands on one line as it is, as most do."""
    return (
        0 < len(text) <= room
        and text.isascii()
        and text.isprintable()
        and '"' not in text
        and "\\" not in text
        and text == text.strip()
    )


def _ends_open(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _entries(block: Entries, width: int, *, joined: bool) -> Iterator[str]:
    yield f"{_escaped(block.title)}:"
    room = width - 4 - (2 if joined else 0)
    for name, text in block.entries:
        if not name:
            parts = _wrapped(_escaped(text), room, "    ")
            yield from (f"    {part.strip()}" for part in parts)
            continue
        *parts, last = _wrapped(_escaped(f"{name}: {text}"), room, "    ")
        end = " \\" if joined else ""
        yield from (f"    {part}{end}" for part in parts)
        yield f"    {last}"


def _wrapped(text: str, width: int, later: str = "", first: str = "") -> list[str]:
    """Break a text into lines: the first begins with ``first``, the others with ``later``."""
    if len(first) + len(text) <= width and text.isprintable() and text[-1:] != " ":
        return [first + text]
    if "  " in text or text[:1] == " " or text[-1:] == " " or not text.isprintable():
        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        )
    # As nearly always; textwrap comes to the same in much more time.
    lines: list[str] = []
    words = text.split(" ")
    line = first + words[0]
    for word in words[1:]:
        if len(line) + len(word) < width:
            line = f"{line} {word}"
        else:
            lines.append(line)
            line = later + word
    return [*lines, line]


def columns(text: str) -> int:
    """Return how many columns a text takes, as formatters count them."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


@functools.cache
def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _escaped(text: str) -> str:
    if "\\" not in text and '"""' not in text:
        return text
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def exports(names: Sequence[str]) -> str:
    """Return the statement that says what a module exports."""
    lines = [f"    {literal(name)},\n" for name in names]
    return f"__all__ = [\n{''.join(lines)}]" if lines else "__all__: list[str] = []"
