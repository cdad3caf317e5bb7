"""Texts in Markdown: no text of a spec becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from wxgen.python.annotations import familiar
from wxgen.python.code import Code, Symbol
from wxgen.python.docstrings import Doc, Entries, paragraph
from wxgen.python.records import PyChapter, PyPackage

__all__ = ["Reference", "bars", "cell", "code", "markdown", "paragraphs", "span"]


def markdown(text: str) -> str:
    """Return a text for a Markdown paragraph: it can start no HTML, link, list or heading of its own.

    Code between backticks stays code.
    """
    joined = paragraph(text)
    if _MARKUP.search(joined) is None:
        return joined
    shown = ""
    at = 0
    # As Markdown has it: code ends at as many backticks as it began with.
    for span in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", joined):
        shown += _escaped(joined[at : span.start()]) + span[0]
        at = span.end()
    shown += _escaped(joined[at:])
    shown = re.sub(r"^([-+=])", r"\\\1", shown)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", shown)


_MARKUP: Final = re.compile(r"[\\`*_\[\]#~&<>]|^[-+=]|^\d+[.)]")
"""What :func:`markdown` changes."""


def cell(text: str) -> str:
    """Return a text for a cell of a Markdown table."""
    return bars(markdown(text))


def bars(text: str) -> str:
    """Return Markdown for a cell of a table."""
    return text.replace("|", "\\|")


def code(text: str) -> str:
    """Return a text as code in a cell of a Markdown table."""
    return bars(span(text))


def paragraphs(doc: Doc) -> str:
    """Return a docstring as Markdown."""
    return "\n\n".join(map(_block, doc))


class Reference:
    """The anchors of a page, and links to them."""

    def __init__(self, package: PyPackage, folder: str) -> None:
        """Know the headings of every page.

        Args:
            package: What the pages are about.
            folder: The folder of the page that the links are on.
        """
        self._folder = folder
        self._texts: dict[Code | Symbol, str] = {}
        self._anchors = {
            chapter.folder: dict(_anchors(_headings(chapter))) for chapter in package.chapters
        }

    def link(self, text: str, heading: str) -> str:
        """Return code that leads to a heading."""
        return self._link(text, self._folder, self._anchors[self._folder][heading])

    def _link(self, text: str, folder: str, anchor: str) -> str:
        page = ""
        if folder != self._folder:
            page = f"{'../' if self._folder else ''}{folder}{'/' if folder else ''}API.md"
        return f"[{span(text)}]({page}#{anchor})"

    def text(self, annotation: Code | Symbol) -> str:
        """Return an annotation, with a link for each type of the page."""
        shown = self._texts.get(annotation)
        if shown is None:
            shown = self._texts[annotation] = self._text(annotation)
        return shown

    def _text(self, annotation: Code | Symbol) -> str:
        parts = annotation.parts if isinstance(annotation, Code) else (annotation,)
        shown = ""
        plain = ""
        for part in parts:
            folder = part.module.rpartition(".")[0].lstrip(".") if isinstance(part, Symbol) else ""
            anchors = self._anchors.get(folder, {})
            if isinstance(part, Symbol) and part.module[:1] == "." and part.name in anchors:
                shown += span(plain) if plain else ""
                shown += self._link(part.name, folder, anchors[part.name])
                plain = ""
            else:
                plain += part if isinstance(part, str) else familiar(part)
        return shown + (span(plain) if plain else "")


def _headings(chapter: PyChapter) -> Iterator[str]:
    """The headings of a page, in its order."""
    yield chapter.source.title
    yield "Contents"
    for class_ in chapter.reference:
        yield class_.name
        if class_.additions:
            yield f"{class_.name}: added by the bindings"
        yield from (call.label for call in class_.calls)
    yield "Option objects for several calls"
    yield from (option.name for option in chapter.options if option.source.shared)
    yield "Types"
    yield from (type_.name for type_ in chapter.types)


def _anchors(headings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name headings as Markdown does: the same name again gets a number."""
    seen: dict[str, int] = {}
    for heading in headings:
        anchor = re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-")
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        yield heading, f"{anchor}-{count}" if count else anchor


def span(text: str) -> str:
    """Return a text as code."""
    if "`" not in text and text[:1] != " ":
        return f"`{text}`"
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or text[:1] == " " == text[-1:] else ""
    return f"{fence}{space}{text}{space}{fence}"


def _block(block: str | Entries) -> str:
    if isinstance(block, str):
        return markdown(block)
    entries = [
        f"{span(name)}: {markdown(text)}" if name else markdown(text)
        for name, text in block.entries
    ]
    if len(entries) == 1 and not block.entries[0][0]:
        return f"{markdown(block.title)}: {entries[0]}"
    return "\n".join([f"{markdown(block.title)}:", "", *(f"- {entry}" for entry in entries)])


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]#~])", r"\\\1", text)
