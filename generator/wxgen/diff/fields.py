"""Changes of fields, parameters and types: what users give, and what they receive."""

from __future__ import annotations

from collections.abc import Iterator

from wxgen.diff.changes import Change, deprecation, support
from wxgen.diff.shapes import NONE, Scope, Shapes, Side
from wxgen.python.generics import bound_of
from wxgen.spec.records import EnumType, Field, NamedType, NewName, TypeParameter
from wxgen.spec.typeexpr import Named, Record, Type, text_of

__all__ = ["Fields"]


class Fields:
    """Compares fields and types."""

    def __init__(self, shapes: Shapes, old: Side, new: Side) -> None:
        """Know both APIs.

        Args:
            shapes: Where shapes are made and compared.
            old: The old API.
            new: The new API.
        """
        self.shapes = shapes
        self.old = old
        self.new = new

    def directions(self, name: str) -> tuple[bool, bool]:
        """Whether users give values of a named type, and whether they receive them."""
        given = name in self.old.given
        return given, name in self.old.received or not given

    # Types.

    def types(
        self,
        where: str,
        what: str,
        old: Type | None,
        new: Type | None,
        old_scope: Scope,
        new_scope: Scope,
        *,
        given: bool = False,
        received: bool = False,
        absent: tuple[bool, bool] = (False, False),
        wide: tuple[bool, bool] | None = None,
    ) -> Iterator[Change]:
        """Compare two types.

        Args:
            where: Whose types they are.
            what: What they are types of, such as "it".
            old: The old type; None is nothing.
            new: The new one.
            old_scope: The type variables of the old one.
            new_scope: Those of the new one.
            given: Whether users give such values.
            received: Whether users receive them.
            absent: Whether such a value might be missing, which is None, and may be now.
            wide: Whether the type was emitted as what users give, and is now; None is where they
                give it.
        """
        widths = wide or (False, False)
        if old == new and old_scope == new_scope and widths[0] == widths[1]:
            return
        breaks = changed = False
        for direction in (True,) * given + (False,) * received:
            widths = wide or (direction, direction)
            was = self._shape(self.old, old, old_scope, given=widths[0])
            now = self._shape(self.new, new, new_scope, given=widths[1])
            changed = changed or was != now
            was, now = self._maybe(was, absent[0]), self._maybe(now, absent[1])
            value, wanted = (was, now) if direction else (now, was)
            breaks = breaks or not self.shapes.fits(value, wanted)
        if not changed:
            return
        if _shown(old) != _shown(new):
            yield Change(where, f"{what} is {_shown(new)}, and was {_shown(old)}", breaks)
        elif widths[0] != widths[1]:
            use = "given, too" if widths[1] else "only received"
            yield Change(where, f"{what} is another {_shown(new)}, because it is {use}", breaks)
        else:
            yield Change(where, f"{what} is another {_shown(new)}", breaks)

    def _maybe(self, shape: int, absent: bool) -> int:
        return self.shapes.union(shape, NONE) if absent else shape

    def _shape(self, side: Side, type_: Type | None, scope: Scope, *, given: bool) -> int:
        return NONE if type_ is None else self.shapes.of(side, type_, scope, given=given)

    def named(self, name: str, old: NamedType, new: NamedType) -> Iterator[Change]:
        """Compare two named types that are no objects."""
        given, received = self.directions(name)
        old_scope = self._scope(old)
        new_scope = self._scope(new)
        breaks = changed = False
        for direction in (True,) * given + (False,) * received:
            was = self.shapes.of(self.old, _use(old), old_scope, given=direction)
            now = self.shapes.of(self.new, _use(new), new_scope, given=direction)
            changed = changed or was != now
            value, wanted = (was, now) if direction else (now, was)
            breaks = breaks or not self.shapes.fits(value, wanted)
        if changed:
            text = "it stands for other values"
            if isinstance(old, NewName) and isinstance(new, NewName) and old.type != new.type:
                text = f"it is {text_of(new.type)}, and was {text_of(old.type)}"
            yield Change(name, text, breaks)

    def values(self, name: str, old: EnumType, new: EnumType) -> Iterator[Change]:
        """Compare two enumerations."""
        given, received = self.directions(name)
        was = {one.value: one for one in old.values}
        now = {one.value: one for one in new.values}
        for value in dict.fromkeys([*was, *now]):
            if value not in now:
                yield Change(name, f"the value {value!r} is gone", given)
            elif value not in was:
                yield Change(name, f"a new value {value!r}", received)
            else:
                yield from deprecation(f"{name} {value!r}", was[value].notes, now[value].notes)

    def _scope(self, named: NamedType) -> Scope:
        parameters = named.type_parameters if isinstance(named, NewName) else ()
        return {
            one.name: self.shapes.make("variable", "class", index)
            for index, one in enumerate(parameters)
        }

    def others(
        self,
        owner: str,
        old: Record | None,
        new: Record | None,
        old_scope: Scope,
        new_scope: Scope,
        *,
        given: bool,
    ) -> Iterator[Change]:
        """Compare what properties of further names hold."""
        where = f"{owner} (other properties)"
        if old is not None and new is None:
            yield Change(where, "they are gone", True)
        elif old is None and new is not None:
            yield Change(where, "there may be some", False)
        else:
            yield from self.types(
                where, "each", old, new, old_scope, new_scope, given=given, received=not given
            )

    def variable(self, owner: str, old: TypeParameter, new: TypeParameter) -> Iterator[Change]:
        """Compare two type variables."""
        if old.bound != new.bound:
            before, after = bound_of(old, self.old.types), bound_of(new, self.new.types)
            breaks = after is not None and (
                before is None
                or not self.shapes.fits(
                    self._shape(self.old, before, {}, given=False),
                    self._shape(self.new, after, {}, given=False),
                )
            )
            text = "anything" if new.bound is None else text_of(new.bound)
            yield Change(owner, f"{new.name} may be {text}", breaks)
        if old.default != new.default and old.default is not None and new.default is not None:
            message = f"{new.name} is {text_of(new.default)} when nothing says it"
            yield Change(owner, message, True)

    # Fields.

    def field(
        self,
        where: str,
        old: Field,
        new: Field,
        old_scope: Scope,
        new_scope: Scope,
        *,
        given: bool = False,
        received: bool = False,
        wide: tuple[bool, bool] | None = None,
    ) -> Iterator[Change]:
        """Compare two fields, options or parameters of one name.

        Args:
            where: What the field is called.
            old: The old one.
            new: The new one.
            old_scope: The type variables of the old one.
            new_scope: Those of the new one.
            given: Whether users give it.
            received: Whether users receive it.
            wide: See :meth:`types`.
        """
        absent = _absent(old), _absent(new)
        if old.required != new.required:
            breaks = given
            if not new.required:
                was = self._shape(self.old, old.type, old_scope, given=False)
                breaks = received and not self.shapes.fits(NONE, was)
            state = "must be there" if new.required else "may be missing"
            yield Change(where, f"it {state} now", breaks)
        yield from self.types(
            where,
            "it",
            old.type,
            new.type,
            old_scope,
            new_scope,
            given=given,
            received=received,
            absent=absent,
            wide=wide,
        )
        if (type(old.default), old.default) != (type(new.default), new.default) and given:
            shown = [_default(one.default) for one in (new, old)]
            if not (new.required or old.required):
                yield Change(where, f"the default is {shown[0]}, and was {shown[1]}", True)
        yield from support(where, old.support, new.support)
        yield from deprecation(where, old.notes, new.notes)

    def property(
        self, where: str, old: Field, new: Field, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        """Compare two properties of a class or of the namespace."""
        if old.writable != new.writable:
            state = "can be assigned now" if new.writable else "can no longer be assigned"
            yield Change(where, f"it {state}", not new.writable)
        yield from self.field(
            where,
            old,
            new,
            old_scope,
            new_scope,
            given=old.writable and new.writable,
            received=True,
        )


def _use(named: NamedType) -> Type:
    """A name with its own type variables."""
    parameters = named.type_parameters if isinstance(named, NewName) else ()
    return Named(named.name, 0, tuple(Named(one.name) for one in parameters))


def _absent(field: Field) -> bool:
    return not field.required and not field.rest


def _shown(type_: Type | None) -> str:
    return "nothing" if type_ is None else text_of(type_)


def _default(value: object) -> str:
    return "none" if value is None else repr(value)
