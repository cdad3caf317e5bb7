"""What callbacks and listeners receive, and how to make it where no platform does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wxgen.python.annotations import ANY, holds_none
from wxgen.python.code import Code, Symbol
from wxgen.python.names import identifier, literal
from wxgen.spec.api import Api
from wxgen.spec.records import Class, EnumType, Field, NamedType, NewName, ObjectType
from wxgen.spec.typeexpr import (
    Array,
    Literal,
    Named,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
)

__all__ = ["Results"]

_EMPTY: Final = {
    "string": '""',
    "number": "0",
    "integer": "0",
    "boolean": "False",
    "ArrayBuffer": 'b""',
    "object": "{}",
    "any": "None",
    "unknown": "None",
    "null": "None",
    "undefined": "None",
    "void": "None",
}
_NOTHING: Final = Code.of(Symbol("typing", "cast"), "(", ANY, ", None)")
_WX_ERROR: Final = Code((Symbol("wxruntime.errors", "WxError"),))

# How deep objects within objects are made; the text would grow with each level.
_DEEPEST: Final = 2


class Results:
    """The objects of an API as what is received."""

    def __init__(self, api: Api, symbols: Mapping[str, Symbol]) -> None:
        self._types: dict[str, NamedType] = {type_.name: type_ for type_ in api.types}
        self._classes: dict[str, Class] = {class_.name: class_ for class_ in api.classes}
        self._symbols = symbols

    def object(self, type_: Type | None) -> ObjectType | None:
        """The named object that a type is, if it is one."""
        found = self._types.get(type_.name) if isinstance(type_, Named) else None
        return found if isinstance(found, ObjectType) else None

    def fields(self, object_: ObjectType) -> tuple[Field, ...]:
        """The fields of an object, the inherited ones first."""
        line: list[ObjectType] = []
        found: ObjectType | None = object_
        while found is not None:
            line.append(found)
            found = self.object(found.extends)
        fields = {field.name: field for each in reversed(line) for field in each.fields}
        return tuple(fields.values())

    def maker(self, type_: Type | None, name: str) -> tuple[tuple[Code, ...], Code]:
        """Return how to make a result from an ``errMsg``.

        Args:
            type_: The result.
            name: What to call a function that does it, if one is needed.

        Returns:
            Statements, and then what to call with ``errMsg=``; that is the class of errors where
            the result is no object.
        """
        object_ = self.object(type_)
        if object_ is None:
            return (), _WX_ERROR
        symbol = self._symbols[object_.name]
        wanted = [field for field in self.fields(object_) if _is_wanted(field)]
        if [field.name for field in wanted] == ["errMsg"]:
            return (), Code((symbol,))
        returned: Code = Code((symbol,))
        if object_.type_parameters:
            returned = Code.of(
                symbol, "[", Code.joined(", ", [ANY] * len(object_.type_parameters)), "]"
            )
        head = Code.of(f"def {name}(errMsg: ", Symbol("builtins", "str"), ") -> ", returned, ":")
        if not wanted:
            return (head, Code.of("    return ", symbol, "()"), Code(())), Code((name,))
        arguments = [
            Code.of("        ", self._argument(field, "errMsg", 1), ",") for field in wanted
        ]
        return (
            head,
            Code.of("    return ", symbol, "("),
            *arguments,
            Code(("    )",)),
            Code(()),
        ), Code((name,))

    @staticmethod
    def is_error(maker: Code) -> bool:
        """Whether a result is made as an error, since it is no object."""
        return maker == _WX_ERROR

    def nothing(self, type_: Type, annotation: Code) -> Code:
        """Return what a call returns that has no other way to answer: nothing, whatever its type."""
        made = self.instance(type_) or self.empty(type_)
        if made != _NOTHING:
            return made
        quote = "'" if '"' in str(annotation) else '"'
        return Code.of(Symbol("typing", "cast"), f"({quote}", annotation, f"{quote}, None)")

    def empty(self, type_: Type, depth: int = 0) -> Code:
        """Return what stands for no value of a type."""
        match type_:
            case Primitive(name) if name in _EMPTY:
                return Code((_EMPTY[name],))
            case Literal(value):
                return Code((literal(value),))
            case Array():
                return Code(("[]",))
            case Tuple(items):
                inner = Code.joined(", ", (self.empty(item, depth + 1) for item in items))
                return Code.of("(", inner, ",)" if len(items) == 1 else ")")
            case Record():
                return Code(("{}",))
            case Union(members):
                return Code(("None",)) if holds_none(type_) else self.empty(members[0], depth)
            case Named(name):
                return self._named(name, depth)
        return _NOTHING

    def class_of(self, type_: Type | None) -> Symbol | None:
        """The class that a type is, if it is one."""
        if isinstance(type_, Promise):
            return None
        if isinstance(type_, Named) and type_.name in self._classes:
            return self._symbols[type_.name]
        return None

    def instance(self, type_: Type | None) -> Code | None:
        """An object of the class that a type is, with nothing behind it."""
        symbol = self.class_of(type_)
        if symbol is None or not isinstance(type_, Named):
            return None
        if self._constructed(self._classes[type_.name]):
            return Code.of(symbol, ".__new__(", symbol, ")")
        return Code.of(symbol, "()")

    def _constructed(self, class_: Class) -> bool:
        """Whether a class, or one that it extends, has a constructor."""
        found: Class | None = class_
        while found is not None:
            if found.construct is not None:
                return True
            found = self._classes.get(found.extends.name) if found.extends is not None else None
        return False

    def _named(self, name: str, depth: int) -> Code:
        if (made := self.instance(Named(name))) is not None:
            return made
        match self._types.get(name):
            case ObjectType() as object_ if depth < _DEEPEST:
                fields = [field for field in self.fields(object_) if _is_wanted(field)]
                inner = Code.joined(
                    ", ", (self._argument(field, '""', depth + 1) for field in fields)
                )
                return Code.of(self._symbols[name], "(", inner, ")")
            case EnumType(values=values):
                return Code((literal(values[0].value),))
            case NewName(type=meant) if depth < _DEEPEST:
                return self.empty(meant, depth + 1)
        return _NOTHING

    def _argument(self, field: Field, errMsg: str, depth: int) -> Code:
        is_text = field.name == "errMsg" and field.type == Primitive("string")
        value = Code((errMsg,)) if is_text else self.empty(field.type, depth)
        return Code.of(f"{identifier(field.name)}=", value)


def _is_wanted(field: Field) -> bool:
    return (field.required and field.support == "full") or field.name == "errMsg"
