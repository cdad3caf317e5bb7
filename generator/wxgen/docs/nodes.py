"""Pieces of a page as document nodes. A text stays a text: no markup language reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from docutils import nodes

from wxgen.python.docstrings import Doc, paragraph, sentence

__all__ = [
    "Cell",
    "admonition",
    "bullets",
    "code",
    "doc",
    "inline",
    "link",
    "literal",
    "plain",
    "section",
    "table",
    "text",
]

Cell = Sequence[nodes.Node]
"""What a cell of a table holds, within its paragraph."""


def inline(words: str) -> list[nodes.Node]:
    """Return a text with what stands between backticks as code."""
    joined = paragraph(words)
    found: list[nodes.Node] = []
    at = 0
    for span in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", joined):
        if span.start() > at:
            found.append(nodes.Text(joined[at : span.start()]))
        found.append(literal(span[2].strip() or span[2]))
        at = span.end()
    if at < len(joined):
        found.append(nodes.Text(joined[at:]))
    return found


def literal(words: str) -> nodes.literal:
    """Return a text as code."""
    return nodes.literal(words, words)


def plain(*parts: nodes.Node) -> nodes.paragraph:
    """Return a paragraph."""
    return nodes.paragraph("", "", *parts)


def text(words: str) -> nodes.paragraph:
    """Return a sentence or several as a paragraph."""
    return plain(*inline(sentence(words)))


def code(words: str, language: str = "python") -> nodes.literal_block:
    """Return a block of highlighted code."""
    # Force: an example that the highlighter cannot read is shown all the same.
    return nodes.literal_block(words, words, language=language, force=True)


def link(shown: str, uri: str) -> nodes.reference:
    """Return code that leads to another place of the site."""
    return nodes.reference("", "", literal(shown), internal=True, refuri=uri)


def section(title: str, anchor: str, *body: nodes.Node) -> nodes.section:
    """Return a section with its heading."""
    heading = nodes.title(title, "", nodes.Text(title))
    return nodes.section("", heading, *body, ids=[anchor])


def bullets(items: Iterable[Sequence[nodes.Node]]) -> nodes.bullet_list:
    """Return a list."""
    return nodes.bullet_list("", *(nodes.list_item("", plain(*item)) for item in items))


def admonition(kind: Callable[..., nodes.Element], *body: nodes.Node) -> nodes.Element:
    """Return a box: a note, a caution, a warning."""
    return kind("", *body)


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: str) -> nodes.table:
    """Return a table; on a narrow screen each row becomes a block, as its class says."""
    group = nodes.tgroup("", cols=len(head))
    for _ in head:
        group += nodes.colspec("", colwidth=1)
    titles = [[nodes.Text(name)] for name in head]
    group += nodes.thead("", _row(titles))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["reference-table", kind])


def doc(blocks: Doc) -> list[nodes.Node]:
    """Return a docstring."""
    found: list[nodes.Node] = []
    for block in blocks:
        if isinstance(block, str):
            found.append(plain(*inline(block)))
        elif len(block.entries) == 1 and not block.entries[0][0]:
            found.append(plain(*inline(f"{block.title}: {block.entries[0][1]}")))
        else:
            found += [plain(nodes.strong("", block.title)), bullets(map(_entry, block.entries))]
    return found


def _entry(entry: tuple[str, str]) -> Cell:
    name, words = entry
    return [literal(name), nodes.Text(": "), *inline(words)] if name else inline(words)


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", plain(*cell)) for cell in cells))
