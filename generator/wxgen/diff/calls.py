"""Changes of functions, methods and constructors: what they take, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator

from wxgen.diff.changes import Change, deprecation, gone_or_new, pairs, support
from wxgen.diff.families import fields_of, used
from wxgen.diff.fields import Fields
from wxgen.diff.shapes import Scope, Side, scope_of
from wxgen.spec.records import CALLBACKS, Call, Listener, Option, Signature
from wxgen.spec.typeexpr import Promise, Type, text_of

__all__ = ["Calls"]


class Calls:
    """Compares calls."""

    def __init__(self, fields: Fields) -> None:
        """Know how fields are compared.

        Args:
            fields: Compares fields and types.
        """
        self._fields = fields

    def call(
        self, where: str, old: Call, new: Call, old_outer: Scope, new_outer: Scope
    ) -> Iterator[Change]:
        """Compare two calls of one name.

        Args:
            where: What the call is called.
            old: The old one.
            new: The new one.
            old_outer: The type variables of the old one's class.
            new_outer: Those of the new one's.
        """
        yield from self._events(where, old, new)
        yield from support(where, old.support, new.support)
        yield from deprecation(where, old.notes, new.notes)
        scopes = old_outer, new_outer
        for index, form in enumerate(old.forms):
            name = where if index == 0 else f"{where} (form {index + 1})"
            best = new.forms[index] if index < len(new.forms) else None
            found = list(self._form(name, form, best, *scopes)) if best is not None else []
            if best is None or any(change.breaks for change in found):
                # Another form may do what this one did.
                others = [list(self._form(name, form, other, *scopes)) for other in new.forms]
                right = [each for each in others if not any(change.breaks for change in each)]
                if right:
                    found = []
                elif best is None:
                    found = [Change(name, "the form is gone", True)]
            yield from found
        if len(new.forms) > len(old.forms):
            yield Change(where, f"it has {len(new.forms)} forms, and had {len(old.forms)}", False)

    def _events(self, where: str, old: Call, new: Call) -> Iterator[Change]:
        if old.event != new.event:
            yield Change(where, "it takes something else", True)
        if (old.removes is None) != (new.removes is None):
            yield Change(where, "it takes something else", True)
        elif old.removes != new.removes:
            yield Change(where, f"it removes what {new.removes} registers", True)

    def _form(
        self, where: str, old: Signature, new: Signature, old_outer: Scope, new_outer: Scope
    ) -> Iterator[Change]:
        shapes = self._fields.shapes
        old_scope = scope_of(shapes, "call", old.type_parameters, old_outer)
        new_scope = scope_of(shapes, "call", new.type_parameters, new_outer)
        for before, now in zip(old.type_parameters, new.type_parameters, strict=False):
            yield from self._fields.variable(where, before, now)
        yield from self._listeners(where, old, new, old_scope, new_scope)
        yield from self._parameters(where, old, new, old_scope, new_scope)
        yield from self._takes_option(where, old, new, old_scope, new_scope)
        yield from self._returns(where, old, new, old_scope, new_scope)

    # What it takes.

    def _listeners(
        self, where: str, old: Signature, new: Signature, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        if old.listener is not None and new.listener is not None:
            yield from self.listener(where, old.listener, new.listener, old_scope, new_scope)
        elif old.listener is not None:
            yield Change(where, "it takes no listener", True)
        elif new.listener is not None:
            yield Change(where, "it takes a listener", not new.listener.optional)

    def listener(
        self, where: str, old: Listener, new: Listener, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        """Compare two listeners.

        Args:
            where: What registers them.
            old: The old one.
            new: The new one.
            old_scope: The type variables of the old one.
            new_scope: Those of the new one.
        """
        if old.optional != new.optional:
            state = "may be left out" if new.optional else "must be given"
            yield Change(where, f"the listener {state} now", not new.optional)
        was, now = _received(old), _received(new)
        if was is None or now is None:
            if was is not now:
                what = "arguments that nobody tells" if now is None else "arguments that are told"
                yield Change(where, f"the listener receives {what}", now is not None)
        elif len(was) != len(now):
            what = f"the listener receives {len(now)} arguments, and received {len(was)}"
            yield Change(where, what, True)
        else:
            for before, after in zip(was, now, strict=True):
                yield from self._fields.types(
                    where,
                    "what the listener receives",
                    before,
                    after,
                    old_scope,
                    new_scope,
                    received=True,
                )
        if old.returns is None and new.returns is not None:
            yield Change(where, "the listener has to return something", True)
        elif new.returns is not None:
            yield from self._fields.types(
                where,
                "what the listener returns",
                old.returns,
                new.returns,
                old_scope,
                new_scope,
                given=True,
            )
        elif old.returns is not None:
            yield Change(where, "the listener need not return anything", False)

    def _parameters(
        self, where: str, old: Signature, new: Signature, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        for index, field in enumerate(old.parameters):
            name = f"{where}({field.name})"
            if index >= len(new.parameters):
                yield Change(name, "the parameter is gone", True)
                continue
            other = new.parameters[index]
            if field.rest != other.rest:
                count = "one argument" if field.rest else "all further arguments"
                yield Change(name, f"it takes {count}", True)
            elif field.name != other.name and not field.rest:
                # Beside an option object it has no name for callers.
                yield Change(name, f"the parameter is called {other.name!r}", old.option is None)
            yield from self._fields.field(name, field, other, old_scope, new_scope, given=True)
        for field in new.parameters[len(old.parameters) :]:
            breaks = field.required and not field.rest
            what = "a new parameter" + (", which must be given" if breaks else "")
            yield Change(f"{where}({field.name})", what, breaks)

    def _takes_option(
        self, where: str, old: Signature, new: Signature, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        if old.option is None or new.option is None:
            if old.option is not None:
                yield Change(where, "it takes no option object", True)
            elif new.option is not None:
                # Beside an option object parameters are taken by position only.
                breaks = not new.option_optional or bool(old.parameters)
                yield Change(where, "it takes an option object", breaks)
            return
        if old.option_optional != new.option_optional:
            state = "may be left out" if new.option_optional else "must be given"
            yield Change(where, f"the option object {state} now", not new.option_optional)
        if old.option_first != new.option_first and (old.parameters or new.parameters):
            yield Change(where, "the option object stands elsewhere", True)
        elif not new.option_first and len(new.parameters) > len(old.parameters):
            yield Change(where, "the option object stands behind a new parameter", True)
        # What else changes in a type of one name is told of the type.
        if old.option.name != new.option.name or _arguments(old) != _arguments(new):
            was = used(old, self._fields.old.options)
            now = used(new, self._fields.new.options)
            yield from self.options(where, was, now, old_scope, new_scope)

    def options(
        self,
        where: str,
        was: list[Option],
        now: list[Option],
        old_scope: Scope,
        new_scope: Scope,
    ) -> Iterator[Change]:
        """Compare two option types, with what they inherit.

        Args:
            where: What they are called.
            was: The old one, and what it extends.
            now: The new one, and what it extends.
            old_scope: The type variables of the old one.
            new_scope: Those of the new one.
        """
        for name, before, after in pairs(fields_of(was), fields_of(now)):
            field = f"{where}.{name}"
            if before is None and after is not None:
                what = "a new option" + (", which must be given" if after.required else "")
                yield Change(field, what, after.required)
            elif before is not None and after is not None:
                yield from self._fields.field(
                    field, before, after, old_scope, new_scope, given=True
                )
            else:
                yield from gone_or_new(field, "option", before, after)
        for name in CALLBACKS:
            told, tells = _callback(was, name), _callback(now, name)
            if told is None or tells is None:
                yield from gone_or_new(f"{where}.{name}", "callback", told, tells)
            else:
                yield from self._fields.types(
                    f"{where}.{name}",
                    "what it receives",
                    told,
                    tells,
                    old_scope,
                    new_scope,
                    received=True,
                )

    def option_scopes(self, old: Option, new: Option) -> tuple[Scope, Scope]:
        """Return the type variables that two option types may use."""
        shapes, was, now = self._fields.shapes, self._fields.old, self._fields.new
        return (
            scope_of(shapes, "class", was.variables[old.name], {}),
            scope_of(shapes, "class", now.variables[new.name], {}),
        )

    # What comes of it.

    def _returns(
        self, where: str, old: Signature, new: Signature, old_scope: Scope, new_scope: Scope
    ) -> Iterator[Change]:
        was = _result(old, self._fields.old)
        now = _result(new, self._fields.new)
        if was is None and now is not None:
            yield Change(where, f"it returns {text_of(now)}", False)
        elif was is not None:
            yield from self._fields.types(
                where, "what it returns", was, now, old_scope, new_scope, received=True
            )


def _result(form: Signature, side: Side) -> Type | None:
    """What a form returns; None if that is nothing or the listener."""
    if form.returns is not None or form.option is None:
        return form.returns
    success = _callback(used(form, side.options), "success")
    return Promise(success) if success is not None else None


def _arguments(form: Signature) -> tuple[Type, ...]:
    return form.option_type.arguments if form.option_type is not None else ()


def _received(listener: Listener) -> list[Type] | None:
    """What a listener receives; None if nobody tells."""
    if listener.unknown:
        return None
    if listener.result is not None:
        return [listener.result]
    return [field.type for field in listener.parameters]


def _callback(options: list[Option], name: str) -> Type | None:
    return next((one.callbacks[name] for one in options if name in one.callbacks), None)
