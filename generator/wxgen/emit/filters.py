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
from wxgen.python.examples import example, variable
from wxgen.python.names import literal, sorted_names
from wxgen.python.records import Method, PyClass, PyField, PyPackage, PyType
from wxgen.python.scope import Scope
from wxgen.spec.records import Constant, EnumValue

__all__ = ["FILTERS", "GLOBALS"]


def bases(class_: PyClass, scope: Scope) -> str:
    """The bases as a class statement has them."""
    return f"({', '.join(map(scope, class_.bases))})" if class_.bases else ""


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
    start, text = f"{field.name}: ", scope(field.annotation)
    if len(default) > 60:
        return layout.statement(f"{start}{text} = ", field.default, indent=4)
    return layout.statement(start, text, default, indent=4)


def alias(type_: PyType, scope: Scope) -> str:
    """The statement that gives a type its name."""
    assert type_.alias is not None
    start = f"{type_.name}: {scope.own('typing', 'TypeAlias')} = "
    text = scope(type_.alias)
    if type_.values:
        if len(start + text) <= layout.WIDTH:
            return start + text
        values = [f"    {literal(value.value)}," for value in type_.values]
        kind = scope.own("typing", "Literal")
        return "\n".join([f"{start}{kind}[", *values, "]"])
    # In quotes: it may name itself, or what is defined later.
    return layout.statement(start, literal(text))


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
    return next(constant.value for constant in package.constants if constant.name == name)


def both_styles(package: PyPackage) -> str:
    """The first function with options, in both styles."""
    for call in package.namespace.calls:
        if call.option is not None:
            name = f"{package.instance}.{call.name}"
            return f"{name}(...)\n{name}({call.option.name}(...))"
    return f"{package.instance}.call(...)\n{package.instance}.call(CallOption(...))"


def package_doc(package: PyPackage) -> Doc:
    """The docstring of the package."""
    api = package.api
    return (
        f"Typed bindings of the {api.namespace} API: {api.title}.",
        docs.sentence(api.description),
        "The reference is `API.md`, beside this file.",
    )


def _words(*texts: str) -> str:
    return " ".join(text for text in texts if text)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "alias": alias,
    "bars": md.bars,
    "bases": bases,
    "cell": md.cell,
    "code": md.code,
    "constant": constant,
    "constant_doc": lambda constant: (constant_text(constant),),
    "constant_text": constant_text,
    "declaration": declaration,
    "definition": definition,
    "docstring": layout.docstring,
    "exported": exported,
    "exports": lambda names: layout.exports(sorted_names(names)),
    "literal": literal,
    "md": md.markdown,
    "package_doc": package_doc,
    "paragraphs": md.paragraphs,
    "returns_text": docs.returns_text,
    "sentence": docs.sentence,
    "span": md.span,
    "statement": statement,
    "value_text": value_text,
}
GLOBALS: Final[Mapping[str, Any]] = {
    "both_styles": both_styles,
    "example": example,
    "value_of": value_of,
    "variable": lambda package, name: variable(package, name),
    "version": __version__,
}
