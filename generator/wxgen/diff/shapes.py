"""Types as Python sees them, so that those written differently are one, and which fits which.

A shape is a number that stands for a type with all names for types taken out; equal types have equal
numbers, in both APIs. So the work is linear in what is different, however often names are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from wxgen.diff.hosts import host_shape
from wxgen.python.generics import arguments_of
from wxgen.python.polarity import directions
from wxgen.spec.api import Api
from wxgen.spec.records import EnumType, HostType, NewName, TypeParameter
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Object,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
)

__all__ = ["NONE", "Scope", "Shapes", "Side", "scope_of"]

Scope = Mapping[str, int]
"""The shape of each type variable."""


class Side:
    """One of the two APIs, and what its names stand for."""

    def __init__(self, api: Api) -> None:
        """Look the names up.

        Args:
            api: The API.
        """
        self.api = api
        self.types = {one.name: one for one in api.types}
        self.options = {one.name: one for one in api.options}
        self.classes = {one.name: one for one in api.classes}
        self.variables = dict(_variables(api))
        self.parameters = {
            one.name: one.type_parameters
            for one in (*api.types, *api.options, *api.classes)
            if not isinstance(one, EnumType | HostType)
        }
        used = directions(api)
        self.given = {name for name, given in used if given}
        self.received = {name for name, given in used if not given}


def _variables(api: Api) -> Iterator[tuple[str, tuple[TypeParameter, ...]]]:
    """Yield each option type, and the type variables that it may use."""
    for option in api.options:
        yield option.name, option.type_parameters
    methods = [(one.type_parameters, call) for one in api.classes for call in one.methods]
    for outer, call in [*(((), call) for call in api.functions), *methods]:
        for form in call.forms:
            if form.option is not None and not form.option.shared:
                yield form.option.name, (*outer, *form.type_parameters)


class Shapes:
    """Makes the shapes of both APIs, and compares them."""

    def __init__(self, new: Side) -> None:
        """Begin without any.

        Args:
            new: The new API, whose classes say what extends what.
        """
        self._new = new
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._kinds: list[tuple[Any, ...]] = []
        self._meant: dict[tuple[int, str, tuple[int, ...], bool], int] = {}
        self._known: dict[tuple[int, int, bool], bool] = {}
        assert self.make("none") == NONE

    def make(self, *kind: Any) -> int:
        """Return the number of a shape: a word, and the numbers of its parts."""
        if kind not in self._numbers:
            self._numbers[kind] = len(self._kinds)
            self._kinds.append(kind)
        return self._numbers[kind]

    def union(self, *shapes: int) -> int:
        """Return the shape of one of several."""
        members: set[int] = set()
        for shape in shapes:
            kind = self._kinds[shape]
            members |= set(kind[1:]) if kind[0] == "union" else {shape}
        return members.pop() if len(members) == 1 else self.make("union", *sorted(members))

    def of(self, side: Side, type_: Type, scope: Scope, *, given: bool) -> int:
        """Return the shape of a type.

        Args:
            side: The API that it belongs to.
            type_: The type.
            scope: The type variables that it may use.
            given: Whether users give such values, or receive them.
        """

        def of(part: Type) -> int:
            return self.of(side, part, scope, given=given)

        match type_:
            case Primitive(name):
                return self._primitive(name, given=given)
            case Literal(value):
                return self.make("literal", type(value).__name__, value)
            case Named(name) if name in scope:
                return scope[name]
            case Named():
                return self._named(side, type_, scope, given=given)
            case Array(item):
                return self.make("sequence" if given else "list", of(item))
            case Tuple(items):
                return self.make("tuple", *map(of, items))
            case Record(key, value):
                return self.make("mapping" if given else "dict", of(key), of(value))
            case Promise(value):
                return self.make("awaitable", of(value))
            case Union(members):
                return self.union(*map(of, members))
            case Object(members, others):
                known = tuple((one.name, of(one.type), one.required) for one in members)
                rest = of(others) if others is not None else None
                return self.make("object", given, tuple(sorted(known)), rest)
            case Function(parameters, returns):
                answer = self.make("anything") if given and returns == _VOID else of(returns)
                if any(one.rest or not one.required for one in parameters):
                    return self.make("function", _LOOSE[given], answer)
                takes = [self.of(side, one.type, scope, given=not given) for one in parameters]
                return self.make("function", tuple(takes), answer)

    def _primitive(self, name: str, *, given: bool) -> int:
        if name in ("null", "undefined", "void"):
            return NONE
        if name == "never":
            return self.make("union")
        if name == "unknown" or (name == "any" and given):
            return self.make("anything")
        if name == "object":
            held = self.make("anything" if given else "any")
            return self.make("mapping" if given else "dict", self.make("string"), held)
        if name == "function":
            return self.make("function", _LOOSE[given], self.make("anything" if given else "any"))
        if name == "ArrayBuffer" and given:
            return self.union(*map(self.make, ("bytes", "bytearray", "memoryview")))
        return self.make("bytes" if name == "ArrayBuffer" else name)

    def _named(self, side: Side, named: Named, scope: Scope, *, given: bool) -> int:
        thing = side.types.get(named.name)
        # A name for a type is emitted once: as given, if it is anywhere.
        if isinstance(thing, NewName):
            given = named.name in side.given
        complete = arguments_of(side.parameters.get(named.name, ()), named)
        arguments = {
            name: self.of(side, part, scope, given=given) for name, part in complete.items()
        }
        key = (id(side), named.name, tuple(arguments.values()), given)
        if key not in self._meant:
            self._meant[key] = self._meaning(side, named.name, arguments, given=given)
        return self._meant[key]

    def _meaning(self, side: Side, name: str, arguments: Scope, *, given: bool) -> int:
        match side.types.get(name):
            case NewName(type=meant):
                return self.of(side, meant, arguments, given=given)
            case EnumType(values=values):
                kinds = [(type(one.value).__name__, one.value) for one in values]
                return self.union(*(self.make("literal", *kind) for kind in kinds))
            case HostType(python=python):
                return host_shape(self, python, given=given)
            case _:
                return self.make("class", name, *arguments.values())

    # Which fits which.

    def fits(self, value: int, wanted: int, *, lenient: bool = False) -> bool:
        """Tell whether a value of one type is right wherever another is wanted.

        What may be anything is right everywhere; but where a caller could take a value for
        anything, no other type is.

        Args:
            value: The shape of the value.
            wanted: The shape that is wanted.
            lenient: Whether a value is right, too, where a caller could take one for anything.
        """
        key = (value, wanted, lenient)
        if key not in self._known:
            self._known[key] = value == wanted or self._fits(value, wanted, lenient)
        return self._known[key]

    def _same(self, value: int, wanted: int) -> bool:
        """Whether a list of one is right where a list of the other is wanted."""
        return self.fits(value, wanted) and self.fits(wanted, value, lenient=True)

    def _all_same(self, values: Sequence[int], wanted: Sequence[int]) -> bool:
        return len(values) == len(wanted) and all(map(self._same, values, wanted))

    def _fits(self, value: int, wanted: int, lenient: bool) -> bool:
        a, b = self._kinds[value], self._kinds[wanted]
        if a == ("any",) or b == ("anything",) or (lenient and b == ("any",)):
            return True

        def fits(one: int, other: int) -> bool:
            return self.fits(one, other, lenient=lenient)

        if a[0] == "union":
            return all(fits(one, wanted) for one in a[1:])
        if b[0] == "union":
            if any(fits(value, one) for one in b[1:]):
                return True
            both = [self.make("literal", "bool", truth) for truth in (False, True)]
            return a == ("boolean",) and all(one in b[1:] for one in both)
        match a, b:
            case (("literal", kind, _), (name,)):
                return name in _LITERALS[kind]
            case ((narrow,), (wide,)):
                return wide in _PROMOTED.get(narrow, ())
            case (("list" | "sequence", x), ("sequence", y)) | (
                ("awaitable", x),
                ("awaitable", y),
            ):
                return fits(x, y)
            case (("list", x), ("list", y)):
                return self._same(x, y)
            case (("tuple", *items), ("sequence", y)):
                return all(fits(x, y) for x in items)
            case (("tuple", *xs), ("tuple", *ys)):
                return len(xs) == len(ys) and all(map(fits, xs, ys))
            case (("dict" | "mapping", k, x), ("mapping", l, y)):
                return self._same(k, l) and fits(x, y)
            case (("dict", *xs), ("dict", *ys)) | (("host", *xs), ("host", *ys)):
                return self._all_same(xs, ys)
            case (("view", name, *xs), ("view", other, *ys)):
                return name == other and len(xs) == len(ys) and all(map(fits, xs, ys))
            case (("list" | "sequence", x), ("view", name, y)) if name in _VIEWS:
                return fits(x, y)
            case (("class", *_), ("class", *_)):
                return self._extends(a, b)
            case (("function", takes, x), ("function", wants, y)):
                return self._takes(takes, wants, lenient) and fits(x, y)
            case (("object", _, *_), ("object", _, *_)):
                return self._object_fits(a, b)
        return False

    def _takes(self, takes: Any, wants: Any, lenient: bool) -> bool:
        """Whether a function that takes this is right where one that takes that is wanted."""
        if isinstance(takes, tuple) and isinstance(wants, tuple):
            return len(takes) == len(wants) and all(
                self.fits(want, take, lenient=lenient)
                for want, take in zip(wants, takes, strict=True)
            )
        # Users may give any function where they cannot be told more, and call it with anything.
        return lenient or takes == wants or wants == _LOOSE[True] or takes == _LOOSE[False]

    def _extends(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
        """Whether the new API's class or object type of a name is one of another, too."""
        name: str | None = a[1]
        while name is not None:
            if name == b[1]:
                # A class's type arguments are given and received.
                return name != a[1] or self._all_same(a[2:], b[2:])
            thing = self._new.classes.get(name) or self._new.types.get(name)
            base = getattr(thing, "extends", None) or getattr(
                self._new.options.get(name), "extends", None
            )
            name = base.name if base is not None else None
        return False

    def _object_fits(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
        _, given, members, others = a
        has = {name: (shape, required) for name, shape, required in members}
        wants = {name: (shape, required) for name, shape, required in b[2]}
        if given and (has.keys() - wants.keys() or (others is not None and b[3] is None)):
            return False
        return all(
            (name in has and self.fits(has[name][0], shape) and (has[name][1] or not required))
            if name in has or required
            else given
            for name, (shape, required) in wants.items()
        )


NONE: Final = 0
"""The shape of nothing."""

_VOID: Final = Primitive("void")
_LOOSE: Final = {True: "whatever", False: "anything"}
"""What a function takes that nobody tells: one that is given, one that is received."""

_VIEWS: Final = ("Sequence", "Collection", "Iterable")
_LITERALS: Final[Mapping[str, tuple[str, ...]]] = {
    "str": ("string",),
    "int": ("integer", "number"),
    "bool": ("boolean", "integer", "number"),
}
_PROMOTED: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("integer", "number"),
    "integer": ("number",),
}


def scope_of(
    shapes: Shapes, owner: str, parameters: tuple[TypeParameter, ...], outer: Scope
) -> Scope:
    """Give each type variable of a thing a shape: the same for that of the same place.

    Args:
        shapes: Where shapes are made.
        owner: Whose variables they are, as "class" or "call".
        parameters: The variables.
        outer: The type variables around it.
    """
    own = {one.name: shapes.make("variable", owner, i) for i, one in enumerate(parameters)}
    return {**outer, **own}
