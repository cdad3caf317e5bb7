"""What is on which page of the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from wxgen.docs import nodes as build
from wxgen.docs.examples import javascript, option_style
from wxgen.emit.filters import both_styles, constant_text, value_of, value_text
from wxgen.python.additions import Addition
from wxgen.python.annotations import familiar
from wxgen.python.code import Code, Symbol
from wxgen.python.docstrings import returns_text, since_text
from wxgen.python.examples import example, form_text, variable
from wxgen.python.names import literal
from wxgen.python.records import PyCall, PyChapter, PyClass, PyField, PyOption, PyPackage, PyType
from wxgen.spec.records import Notes

__all__ = ["Entry", "Page", "Pages"]

Uri = Callable[[str, str], str]
"""From the page that a link is on to the page that it leads to."""


@dataclass(frozen=True)
class Entry:
    """A name that the search knows: what it is, and its anchor."""

    name: str
    kind: str
    anchor: str


@dataclass
class Page:
    """A page.

    Attributes:
        content: Makes its sections.
        below: The pages that the navigation shows below it.
        entries: What the search finds there by a part of the name.
    """

    name: str
    content: Callable[[Page], nodes.section]
    below: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


class Pages:
    """Every page of the reference of a package."""

    def __init__(self, package: PyPackage) -> None:
        """Lay out the pages and know where each thing is.

        Args:
            package: What the reference is about.
        """
        self.package = package
        self.uri: Uri = lambda from_, to: f"{to}.html"
        self.pages: dict[str, Page] = {}
        self._taken = {"search", "genindex", "py-modindex"}
        self._places: dict[tuple[str, str], tuple[str, str]] = {}
        root = self._add("index", self._index)
        for chapter in package.chapters:
            above = root
            if chapter.folder:
                above = self._add(f"{chapter.folder}/index", self._chapter(chapter))
                root.below.append(above.name)
            self._lay_out(chapter, above)
        if package.unsupported:
            root.below.append(self._add("unsupported", self._unsupported).name)

    def _add(self, name: str, content: Callable[[Page], nodes.section]) -> Page:
        # Names that differ in case only are one file on some systems.
        while name.lower() in self._taken:
            name += "_"
        self._taken.add(name.lower())
        self.pages[name] = Page(name, content)
        return self.pages[name]

    def _lay_out(self, chapter: PyChapter, above: Page) -> None:
        folder = f"{chapter.folder}/" if chapter.folder else ""

        def add(name: str, content: Callable[[Page], nodes.section]) -> Page:
            page = self._add(folder + name, content)
            above.below.append(page.name)
            return page

        for class_ in chapter.reference:
            page = add(class_.name, self._class(class_))
            self._places[chapter.folder, class_.name] = (page.name, "")
            page.entries.append(Entry(class_.name, "class", class_.name))
            for call in class_.calls:
                place = (page.name, call.label)
                self._places[chapter.folder, call.label] = place
                owner = self.package.instance if call.source.owner is None else class_.name
                kind = "function" if call.source.owner is None else "method"
                page.entries.append(Entry(f"{owner}.{call.name}", kind, call.label))
                if call.option is not None and not call.option.source.shared:
                    anchor = f"option.{call.option.name}"
                    self._places[chapter.folder, call.option.name] = (page.name, anchor)
                    page.entries.append(Entry(call.option.name, "class", anchor))
            for addition in class_.additions:
                kind = "method" if "(" in addition.shown else "attribute"
                name = f"{class_.name}.{addition.name}"
                page.entries.append(Entry(name, kind, f"added.{addition.name}"))
        shared = [option for option in chapter.options if option.source.shared]
        if chapter.types or shared:
            page = add("types", self._types(chapter, shared))
            names = [*(each.name for each in chapter.types), *(each.name for each in shared)]
            for name in names:
                self._places[chapter.folder, name] = (page.name, name)
                page.entries.append(Entry(name, "class", name))
        if chapter.source.constants:
            page = add("limits", self._limits(chapter))
            names = [each.name for each in chapter.source.constants]
            page.entries += [Entry(name, "data", name) for name in names]

    # Pages.

    def _index(self, page: Page) -> nodes.section:
        package = self.package
        chapter = package.chapters[0]
        styles = both_styles(package, chapter)
        found = build.section(
            chapter.source.title,
            "top",
            *self._about(chapter),
            build.section("How to call", "calling", *_calling(styles)),
        )
        for other in package.chapters:
            if other.folder:
                found += self._contents(page, other, other.source.title, f"contents.{other.folder}")
            elif other.reference:
                found += self._contents(page, other, "Contents", "contents")
        return found

    def _chapter(self, chapter: PyChapter) -> Callable[[Page], nodes.section]:
        def content(page: Page) -> nodes.section:
            found = build.section(chapter.source.title, "top", *self._about(chapter))
            found += self._contents(page, chapter, "Contents", "contents")
            return found

        return content

    def _about(self, chapter: PyChapter) -> Iterator[nodes.Node]:
        yield build.text(chapter.source.description)
        for words in chapter.source.cautions:
            yield build.admonition(nodes.caution, build.text(words))
        yield from _oddities(chapter.source.notes)

    def _contents(self, page: Page, chapter: PyChapter, title: str, anchor: str) -> nodes.section:
        rows: list[Sequence[build.Cell]] = []
        for class_ in chapter.reference:
            words = str(class_.doc[0]) if class_.doc else ""
            rows.append([self._links(page, chapter, class_.name, class_.name), build.inline(words)])
            for call in class_.calls:
                owner = variable(self.package, class_.name)
                name = f"{owner}.{call.name}"
                shown = self._links(page, chapter, call.label, name)
                rows.append([shown, build.inline(call.source.description)])
        return build.section(title, anchor, build.table(("name", "what it does"), rows, kind="two"))

    def _links(self, page: Page, chapter: PyChapter, key: str, shown: str) -> build.Cell:
        return [build.link(shown, self._uri(page, *self._places[chapter.folder, key]))]

    def _class(self, class_: PyClass) -> Callable[[Page], nodes.section]:
        def content(page: Page) -> nodes.section:
            found = build.section(class_.name, class_.name, *build.doc(class_.doc))
            if class_.fields:
                found += self._fields(page, "attribute", class_.fields)
            for call in class_.calls:
                found += self._call(page, class_, call)
            if class_.additions:
                found += self._additions(class_)
            return found

        return content

    def _additions(self, class_: PyClass) -> nodes.section:
        found = build.section(f"{class_.name}: added by the bindings", "added")
        found += build.plain(nodes.Text("Not part of the document; none changes what is."))
        for each in class_.additions:
            is_new = each.name == "__init__"
            shown = each.shown.format(
                class_.name if is_new else variable(self.package, class_.name)
            )
            title = _heading(each, class_)
            # The constructor's text is that of the class.
            body = each.doc if not is_new or each.doc != class_.doc else ()
            found += build.section(title, f"added.{each.name}", build.code(shown), *build.doc(body))
        return found

    def _types(
        self, chapter: PyChapter, shared: Sequence[PyOption]
    ) -> Callable[[Page], nodes.section]:
        def content(page: Page) -> nodes.section:
            title = "Types" if not chapter.folder else f"{chapter.source.title}: types"
            found = build.section(title, "top")
            for option in shared:
                words = build.doc(option.doc)
                arguments = self._arguments(page, "option", option.all_fields)
                found += build.section(option.name, option.name, *words, arguments)
            for type_ in chapter.types:
                found += build.section(type_.name, type_.name, *self._type(page, type_))
            return found

        return content

    def _type(self, page: Page, type_: PyType) -> Iterator[nodes.Node]:
        if type_.doc:
            yield build.plain(*build.inline(str(type_.doc[0])))
        if type_.source is not None:
            yield from _since(type_.source.notes)
        for base in type_.bases:
            first = base.parts[0]
            if isinstance(first, Symbol) and first.module[:1] == ".":
                shown = self._annotation(page, base)
                yield build.plain(nodes.Text("Has everything that "), *shown, nodes.Text(" has."))
        if type_.inherited or type_.fields:
            yield self._fields(page, "attribute", type_.inherited + type_.fields)
        if type_.values:
            rows: list[Sequence[build.Cell]] = [
                [[build.literal(literal(value.value))], build.inline(value_text(value))]
                for value in type_.values
            ]
            yield build.table(("value", "description"), rows, kind="two")
        elif type_.alias is not None:
            yield build.plain(nodes.Text("The same as "), *self._annotation(page, type_.alias))
        if type_.source is not None:
            yield from _oddities(type_.source.notes)
            yield from _section(type_.source.notes)

    def _limits(self, chapter: PyChapter) -> Callable[[Page], nodes.section]:
        def content(page: Page) -> nodes.section:
            title = "Limits and other constants"
            if chapter.folder:
                title = f"{chapter.source.title}: limits and other constants"
            dot = f".{chapter.folder}" if chapter.folder else ""
            module = build.literal(f"{self.package.name}{dot}.constants")
            found = build.section(title, "top", build.plain(nodes.Text("In "), module))
            for each in chapter.source.constants:
                body = [
                    build.code(f"{each.name} = {literal(each.value)}"),
                    build.text(constant_text(each)),
                    *_section(each.notes),
                ]
                found += build.section(each.name, each.name, *body)
            return found

        return content

    def _unsupported(self, page: Page) -> nodes.section:
        rows: list[Sequence[build.Cell]] = [
            [[build.literal(what)], build.inline(happens)]
            for what, happens in self.package.unsupported
        ]
        found = build.table(("what", "what happens"), rows, kind="two")
        return build.section("Ignored or not supported", "top", found)

    # A call.

    def _call(self, page: Page, class_: PyClass, call: PyCall) -> nodes.section:
        source = call.source
        found = build.section(call.label, call.label, build.text(source.description))
        found += list(_since(source.notes))
        found += list(_support(call))
        found += self._examples(class_, call)
        if call.parameters:
            found += self._arguments(page, "parameter", call.parameters)
        if call.option is not None and call.option.all_fields:
            table = self._arguments(page, "option", call.option.all_fields)
            if not call.option.source.shared:
                table["ids"] = [f"option.{call.option.name}"]
            else:
                shown = self._annotation(page, Code((call.option.symbol,)))
                found += build.plain(nodes.Text("Its options are those of "), *shown)
            found += table
        if call.other_forms:
            found += build.plain(nodes.Text("It can also be called so:"))
            found += [build.code(form_text(each)) for each in call.other_forms]
        if source.listener is not None:
            found += build.text(source.listener.description)
        if call.result_fields:
            found += self._fields(page, "the listener's res", call.result_fields)
        returns = returns_text(source)
        if returns:
            shown = self._annotation(page, call.returns)
            label = nodes.strong("", "Returns ")
            found += build.plain(label, *shown, nodes.Text(": "), *build.inline(returns))
        if source.failures:
            rows: list[Sequence[build.Cell]] = [
                [[build.literal(each.errMsg)], build.inline(each.when)] for each in source.failures
            ]
            found += build.table(("fails with", "when"), rows, kind="two")
        for limit in source.limits:
            value = f"{limit.constant} = {literal(value_of(self.package, limit.constant))}"
            said = build.inline(limit.description)
            label = nodes.strong("", "Limit ")
            found += build.plain(label, build.literal(value), nodes.Text(": "), *said)
        found += [build.text(words) for words in source.behaviour]
        for caution in source.cautions:
            found += build.admonition(nodes.caution, build.text(caution))
        found += list(_oddities(source.notes))
        found += list(_section(source.notes))
        return found

    def _examples(self, class_: PyClass, call: PyCall) -> nodes.Element:
        python = [_label("Python"), build.code(example(self.package, class_, call))]
        style = option_style(self.package, class_, call)
        if style:
            python += [_label("Python, with an option object"), build.code(style)]
        script = javascript(self.package, class_, call)
        platform = [_label("JavaScript, on the platform"), build.code(script, "javascript")]
        return nodes.container(
            "",
            nodes.container("", *python, classes=["side"]),
            nodes.container("", *platform, classes=["side"]),
            classes=["sides"],
        )

    def _fields(self, page: Page, title: str, fields: Sequence[PyField]) -> nodes.table:
        rows: list[Sequence[build.Cell]] = [
            [
                [build.literal(each.name)],
                self._annotation(page, each.annotation),
                build.inline(each.doc),
            ]
            for each in fields
        ]
        return build.table((title, "type", "description"), rows, kind="three")

    def _arguments(self, page: Page, title: str, fields: Sequence[PyField]) -> nodes.table:
        rows: list[Sequence[build.Cell]] = [
            [
                [build.literal(each.name)],
                self._annotation(page, each.annotation),
                [build.literal(each.default) if each.default else nodes.Text("required")],
                build.inline(each.doc),
            ]
            for each in fields
        ]
        return build.table((title, "type", "default", "description"), rows, kind="four")

    def _annotation(self, page: Page, annotation: Code) -> list[nodes.Node]:
        """An annotation, with a link for each type that has a place."""
        found: list[nodes.Node] = []
        words = ""
        for part in annotation.parts:
            place = None
            if isinstance(part, Symbol) and part.module[:1] == ".":
                folder = part.module.rpartition(".")[0].lstrip(".")
                place = self._places.get((folder, part.name))
            if isinstance(part, Symbol) and place is not None:
                found += [build.literal(words)] if words else []
                found.append(build.link(part.name, self._uri(page, *place)))
                words = ""
            else:
                words += part if isinstance(part, str) else familiar(part)
        found += [build.literal(words)] if words else []
        return [nodes.inline("", "", *found, classes=["annotation"])]

    def _uri(self, page: Page, name: str, anchor: str) -> str:
        target = self.uri(page.name, name) if name != page.name else ""
        return f"{target}#{anchor}" if anchor else target or "#"


def _calling(styles: str) -> Iterator[nodes.Node]:
    if styles:
        words = "Every call that takes options takes them in either of two ways, never mixed:"
        yield build.text(words)
        yield build.code(styles)
    yield build.text(
        "`success`, `fail` and `complete` run inside the call, before it returns. They and all "
        "listeners may be plain functions or `async def` functions. `None` for an option means that "
        "it is absent."
    )
    yield build.text(
        "A call that returns no value of its own returns a `Call`. `await call` gives what `success` "
        "receives, and raises `WxError` when the call failed; `WxError.errMsg` is the text that "
        "`fail` receives. `call.done()` tells whether that is decided; `call.result(timeout=None)` "
        "waits for it from plain code or another thread, `timeout` in seconds."
    )


def _heading(addition: Addition, class_: PyClass) -> str:
    if addition.name == "__init__":
        return f"{class_.name}(...)"
    if addition.name.startswith("__"):
        return addition.shown.format("...")
    return addition.name


def _label(words: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(words), classes=["side-label"])


def _since(notes: Notes) -> Iterator[nodes.Node]:
    words = since_text(notes)
    if words:
        yield build.plain(*build.inline(words))


def _support(call: PyCall) -> Iterator[nodes.Node]:
    if call.source.support == "ignored":
        words = "Ignored here: the call is accepted, and has no effect."
        yield build.admonition(nodes.warning, build.text(words))
    elif call.source.support == "none":
        error = build.literal(f"{call.label}:fail not supported")
        said = build.plain(nodes.Text("Not supported here: the call fails with "), error)
        yield build.admonition(nodes.warning, said)


def _oddities(notes: Notes) -> Iterator[nodes.Node]:
    for words in notes.oddities:
        yield build.admonition(nodes.note, build.text(words))


def _section(notes: Notes) -> Iterator[nodes.Node]:
    if notes.section:
        words = f"Section of the document: {notes.section}"
        yield nodes.paragraph("", "", nodes.Text(words), classes=["source-section"])
