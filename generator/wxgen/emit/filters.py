"""What templates can ask for: pieces of Python, and words about the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from wxgen import __version__
from wxgen.emit import markdown as md
from wxgen.python import docstrings as docs
from wxgen.python import layout
from wxgen.python.code import Code, Symbol
from wxgen.python.docstrings import Doc
from wxgen.python.examples import example, form_text, target, variable
from wxgen.python.names import literal, sorted_names
from wxgen.python.records import (
    Method,
    PyCall,
    PyChapter,
    PyClass,
    PyField,
    PyOption,
    PyPackage,
    PyType,
)
from wxgen.python.scope import Scope
from wxgen.spec.graphs import components
from wxgen.spec.records import Constant, EnumValue

__all__ = ["FILTERS", "GLOBALS"]


def class_head(class_: PyClass | PyType | PyOption, scope: Scope, stub: bool = False) -> str:
    """The line that begins a class; a stub without members ends in it."""
    found = class_.bases
    end = ":"
    if stub and isinstance(class_, PyClass):
        found = (*found, *class_.lent)
        end = ":" if any(class_.forms) else ": ..."
    if not found:
        return f"class {class_.name}{end}"
    return "\n".join(
        layout.call(f"class {class_.name}({', '.join(map(scope.base, found))})", 0, end)
    )


def definition(method: Method, scope: Scope, indent: int, stub: bool = False) -> str:
    """A method."""
    return layout.definition(method, scope, indent=indent, stub=stub)


def statement(code: Code, scope: Scope, indent: int) -> str:
    """An assignment."""
    name, equals, value = scope(code).partition(" = ")
    return layout.statement(f"{name}{equals}", value, indent=indent)


def declaration(field: PyField, scope: Scope) -> str:
    """A field of a dataclass."""
    default = f" = {field.default}" if field.default else ""
    start, text = f"{field.name}: ", scope.hint(field.annotation)
    if field.overrides:
        return f"{start}{text}{default}  # type: ignore[assignment,misc,unused-ignore]"
    if len(default) > 60:
        return layout.statement(f"{start}{text} = ", field.default, indent=4)
    return layout.statement(start, text, default, indent=4)


def aliases(chapter: PyChapter) -> list[tuple[PyType, frozenset[str]]]:
    """The names for other types, each after those that it is made of where that can be.

    Each comes with the names that are not defined yet where it stands.
    """
    known = {type_.name: type_ for type_ in chapter.types if type_.alias is not None}
    needs = {
        type_.name: [symbol.name for symbol in type_.alias.symbols if symbol.name in known]
        for type_ in known.values()
        if type_.alias is not None
    }
    ordered = list(dict.fromkeys(name for group in components(needs) for name in group))
    return [(known[name], frozenset(ordered[at:])) for at, name in enumerate(ordered)]


def alias(type_: PyType, scope: Scope, later: frozenset[str]) -> str:
    """The statement that gives a type its name."""
    assert type_.alias is not None
    if type_.values:
        start = f"{type_.name}: {scope.own('typing', 'TypeAlias')} = "
        kind = scope.own("typing", "Literal")
        text = " | ".join(f"{kind}[{literal(value.value)}]" for value in type_.values)
        return layout.statement(start, text)
    missing = {symbol.name for symbol in type_.alias.symbols if not scope.is_there(symbol)}
    text = layout.evaluable(scope.hint(type_.alias), missing | later)
    parts = layout.split(text, " | ")
    if len(parts) > 1 and any(part[:1] in "\"'" for part in parts):
        text = f"{scope.own('typing', 'Union')}[{', '.join(parts)}]"
    if type_.variables:
        # Says in which order type arguments stand, also those that nothing is made of.
        kind = scope.own("typing_extensions", "TypeAliasType")
        variables = ", ".join(map(scope, type_.variables))
        comma = "," if len(type_.variables) == 1 else ""
        arguments = f"{literal(type_.name)}, {text}, type_params=({variables}{comma})"
        return layout.statement(f"{type_.name} = ", f"{kind}({arguments})")
    return layout.statement(f"{type_.name}: {scope.own('typing', 'TypeAlias')} = ", text)


def exported(symbols: Iterable[Symbol], scope: Scope, *more: str) -> list[str]:
    """The names that a package exports, sorted as linters want it."""
    return sorted_names([*(scope(symbol) for symbol in symbols), *more])


def constant(constant: Constant, scope: Scope) -> str:
    """The statement that defines a constant."""
    start = f"{constant.name}: {scope.own('typing', 'Final')} = "
    return layout.statement(start, literal(constant.value))


def constant_text(constant: Constant) -> str:
    """What a constant is."""
    return _words(docs.sentence(constant.description), docs.since_text(constant.notes))


def value_text(value: EnumValue) -> str:
    """What a value of an enumeration means."""
    return _words(docs.sentence(value.description), docs.since_text(value.notes))


def value_of(package: PyPackage, name: str) -> str | float:
    """The value of a constant."""
    return next(constant.value for constant in package.api.constants if constant.name == name)


def both_styles(package: PyPackage, chapter: PyChapter) -> str:
    """A call with options in both styles; the package's own page shows one of any chapter.

    Returns:
        The code, or "" where no call takes options.
    """
    for each in (chapter,) if chapter.folder else package.chapters:
        for class_ in each.reference:
            for call in class_.calls:
                if call.option is not None and not call.parameters:
                    name = f"{target(package, class_, call)}.{call.name}"
                    return f"{name}(...)\n{name}({call.option.name}(...))"
    return ""


def package_doc(package: PyPackage) -> Doc:
    """The docstring of the package."""
    api = package.api
    return (
        f"Typed bindings of the {api.namespace} API: {api.title}.",
        docs.sentence(api.description),
        "The reference is `API.md`, beside this file.",
    )


def chapter_doc(chapter: PyChapter) -> Doc:
    """The docstring of a chapter."""
    return (docs.sentence(chapter.source.title), docs.sentence(chapter.source.description))


def all_names(package: PyPackage) -> list[str]:
    """What a package exports."""
    return [*(symbol.name for symbol in package.exports), package.instance]


def places(package: PyPackage, scope: Scope) -> list[tuple[str, list[str]]]:
    """The modules that a package's names are found in, but for its own class."""
    found: dict[str, list[str]] = {}
    for symbol in package.exports:
        scope.hint(symbol)
        if symbol.module[0] == "." and symbol.name != package.namespace.name:
            found.setdefault(symbol.module, []).append(symbol.name)
    return [(module, sorted_names(names)) for module, names in sorted(found.items())]


def call_of(package: PyPackage, label: str) -> PyCall:
    """The call of that name."""
    return next(
        call
        for chapter in package.chapters
        for class_ in chapter.reference
        for call in class_.calls
        if call.label == label
    )


def _words(*texts: str) -> str:
    return " ".join(text for text in texts if text)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "alias": alias,
    "aliases": aliases,
    "all_names": all_names,
    "bars": md.bars,
    "cell": md.cell,
    "class_head": class_head,
    "code": md.code,
    "chapter_doc": chapter_doc,
    "constant": constant,
    "constant_doc": lambda constant: (constant_text(constant),),
    "constant_text": constant_text,
    "declaration": declaration,
    "definition": definition,
    "docstring": layout.docstring,
    "exported": exported,
    "exports": lambda names: layout.exports(sorted_names(names)),
    "form_text": form_text,
    "example": lambda call, package, owner: example(package, owner, call),
    "link": lambda text, reference, heading: reference.link(text, heading),
    "linked": lambda annotation, reference: reference.text(annotation),
    "literal": literal,
    "md": md.markdown,
    "package_doc": package_doc,
    "places": places,
    "paragraphs": md.paragraphs,
    "returns_text": docs.returns_text,
    "sentence": docs.sentence,
    "span": md.span,
    "statement": statement,
    "value_text": value_text,
}
GLOBALS: Final[Mapping[str, Any]] = {
    "both_styles": both_styles,
    "call_of": call_of,
    "value_of": value_of,
    "variable": lambda package, name: variable(package, name),
    "version": __version__,
}
