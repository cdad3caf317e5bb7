"""The calls of a document: what they take, what they return, what is said about them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeVar

from wxgen.spec import raw
from wxgen.spec.diagnostics import Problem, Steps
from wxgen.spec.names import Names, Scope, option_name
from wxgen.spec.raw import Body
from wxgen.spec.records import (
    CALLBACKS,
    Call,
    Failure,
    Field,
    Limit,
    Listener,
    Notes,
    Option,
    Signature,
    Support,
)
from wxgen.spec.typeexpr import Named, Type
from wxgen.spec.values import Values

__all__ = ["PROPERTY", "Signatures", "notes_of", "repeated"]

PROPERTY: Final = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.$-]*\Z")
"""What names of properties look like. Others have their fault already, and are left out."""

T = TypeVar("T")


class Signatures:
    """Reads calls and fields, and collects what is wrong with them in `problems`."""

    def __init__(self, names: Names, values: Values) -> None:
        """Know the names and values of the spec.

        Args:
            names: The names that types may use.
            values: What defaults and examples are held against.
        """
        self.problems: list[Problem] = []
        self.shared: dict[str, Option] = {}
        self._names = names
        self._values = values

    def call(self, path: Steps, name: str, owner: str | None, body: Body, outer: Scope) -> Call:
        """Read a function, a method or a constructor.

        Args:
            path: Where it stands.
            name: Its name.
            owner: Its class, if it has one.
            body: What the spec says about it.
            outer: The type variables of its class.
        """
        event = raw.text(body, "event")
        return Call(
            path=path,
            name=name,
            owner=owner,
            description=raw.text(body, "description") or "",
            forms=tuple(
                self._form(at, name, owner, form, outer) for at, form in raw.forms(path, body)
            ),
            removes=raw.text(body, "removes"),
            event=_one_of(event, _EVENTS),
            failures=tuple(
                Failure(raw.text(one, "errMsg") or "", raw.text(one, "when") or "")
                for _, one in raw.items(body, "failures")
            ),
            limits=tuple(
                Limit(raw.text(one, "constant") or "", raw.text(one, "description") or "")
                for _, one in raw.items(body, "limits")
            ),
            cautions=raw.texts(body, "cautions"),
            behaviour=raw.texts(body, "behaviour"),
            support=_support(body),
            notes=notes_of(body),
        )

    def _form(
        self, path: Steps, name: str, owner: str | None, body: Body, outer: Scope
    ) -> Signature:
        variables, scope = self._names.parameters(path, body, outer)
        option, option_type = self._option(path, name, owner, body.get("option"), scope)
        chosen = raw.mapping(body, "option")
        listener = body.get("listener")
        return Signature(
            path=path,
            option=option,
            option_type=option_type,
            option_optional=raw.flag(chosen, "optional"),
            option_first=raw.flag(chosen, "first"),
            listener=(
                self.listener((*path, "listener"), listener, scope)
                if isinstance(listener, dict)
                else None
            ),
            parameters=self._parameters(path, "parameters", body, scope),
            returns=self._type(path, "returns", body, scope),
            returns_description=raw.text(body, "returnsDescription"),
            type_parameters=variables,
        )

    def _type(self, path: Steps, key: str, body: Body, scope: Scope) -> Type | None:
        if key not in body:
            return None
        return self._names.read((*path, key), body[key], scope)

    # Options.

    def _option(
        self, path: Steps, name: str, owner: str | None, body: object, scope: Scope
    ) -> tuple[Option | None, Named | None]:
        """Read the option that a call takes, and what the call calls it."""
        path = (*path, "option")
        if isinstance(body, str):
            return self._shared(path, body, scope)
        if not isinstance(body, dict):
            return None, None
        if "type" in body:
            return self._shared((*path, "type"), body["type"], scope)
        own = option_name(owner, name, body)
        extends = self._names.base((*path, "extends"), body.get("extends"), "option type", scope)
        return self.option(path, own, body, scope, extends), Named(own)

    def _shared(
        self, path: Steps, text: object, scope: Scope
    ) -> tuple[Option | None, Named | None]:
        named = self._names.base(path, text, "option type", scope)
        return (self.shared.get(named.name), named) if named is not None else (None, None)

    def option(
        self,
        path: Steps,
        name: str,
        body: Body,
        outer: Scope,
        extends: Named | None,
        *,
        shared: bool = False,
    ) -> Option:
        """Read an option type.

        Args:
            path: Where it stands.
            name: Its name.
            body: What the spec says about it.
            outer: The type variables of its call.
            extends: What it extends.
            shared: Whether it stands below ``options``.
        """
        variables, scope = self._names.parameters(path, body, outer) if shared else ((), outer)
        fields = self.fields(path, body, scope, required=False)
        for field in fields:
            if field.name in CALLBACKS:
                message = (
                    f"{field.name!r} is a callback: write it beside properties, with what it gets"
                )
                self.problems.append(Problem(field.path, message, key=True))
        return Option(
            path=path,
            name=name,
            fields=fields,
            callbacks={
                callback: self._names.read((*path, callback), body[callback], scope)
                for callback in CALLBACKS
                if callback in body
            },
            extends=extends,
            type_parameters=variables,
            shared=shared,
            description=raw.text(body, "description") or "",
            notes=notes_of(body),
        )

    # Listeners.

    def listener(self, path: Steps, body: Body, scope: Scope) -> Listener:
        """Read a listener.

        Args:
            path: Where it stands.
            body: What the spec says about it.
            scope: The type variables that it may use.
        """
        return Listener(
            path=path,
            result=self._type(path, "result", body, scope),
            optional=raw.flag(body, "optional"),
            description=raw.text(body, "description") or "",
            parameters=self._parameters(path, "arguments", body, scope),
            unknown=body.get("arguments") == "unknown",
            returns=self._type(path, "returns", body, scope),
        )

    # Fields.

    def fields(
        self, path: Steps, body: Body, scope: Scope, *, required: bool, writable: bool = False
    ) -> tuple[Field, ...]:
        """Read the properties of a thing.

        Args:
            path: Where the thing stands.
            body: The thing.
            scope: The type variables that it may use.
            required: Whether a property must be there of which nothing else is said.
            writable: Whether its properties may be writable.
        """
        path = (*path, "properties")
        found = tuple(
            self._field((*path, name), name, entry, scope, required=required)
            for name, entry in raw.entries(body, "properties")
            if PROPERTY.match(name)
        )
        if not writable:
            for field in found:
                if field.writable:
                    message = "only a property of a class or of the namespace can be writable"
                    self.problems.append(Problem((*field.path, "writable"), message, key=True))
        return found

    def _parameters(self, path: Steps, key: str, body: Body, scope: Scope) -> tuple[Field, ...]:
        path = (*path, key)
        fields = tuple(
            self._field((*path, index), raw.text(entry, "name") or "", entry, scope, required=True)
            for index, entry in raw.items(body, key)
            if PROPERTY.match(raw.text(entry, "name") or "")
        )
        for index in repeated([field.name for field in fields]):
            field = fields[index]
            message = f"{field.name!r} is a parameter already"
            self.problems.append(Problem((*field.path, "name"), message))
        for field, following in itertools.pairwise(fields):
            if field.rest:
                message = "only the last parameter can take the rest"
                self.problems.append(Problem((*field.path, "rest"), message))
            if not field.required and following.required and not following.rest:
                message = (
                    f"{following.name!r} is required, so it cannot follow the optional "
                    f"{field.name!r}"
                )
                self.problems.append(Problem(following.path, message))
        return fields

    def _field(self, path: Steps, name: str, body: Body, scope: Scope, *, required: bool) -> Field:
        text = raw.text(body, "type") or ""
        type_ = self._names.read((*path, "type"), text, scope)
        default = body.get("default")
        if not isinstance(default, str | int | float):
            default = None
        said = body.get("required")
        required = said if isinstance(said, bool) else required and default is None
        for key in ("default", "example"):
            value = body.get(key)
            if value is not None and not self._values.fit(value, type_):
                message = f"the {key} {value!r} is no {text.strip()}"
                self.problems.append(Problem((*path, key), message))
        if default is not None and required:
            message = f"{name!r} is required, so it can have no default"
            self.problems.append(Problem((*path, "default"), message))
        return Field(
            path=path,
            name=name,
            type=type_,
            type_text=text,
            description=raw.text(body, "description") or "",
            required=required,
            documented=raw.text(body, "documented"),
            default=default,
            fallback=raw.text(body, "fallback"),
            unit=raw.text(body, "unit"),
            example=body.get("example"),
            rest=raw.flag(body, "rest"),
            writable=raw.flag(body, "writable"),
            support=_support(body),
            notes=notes_of(body),
        )


_EVENTS: Final[Mapping[str, Literal["adds", "removes"]]] = {"adds": "adds", "removes": "removes"}
_SUPPORTS: Final[Mapping[str, Support]] = {"full": "full", "ignored": "ignored", "none": "none"}


def _one_of(text: str | None, known: Mapping[str, T]) -> T | None:
    return known.get(text) if text is not None else None


def _support(body: Body) -> Support:
    return _one_of(raw.text(body, "support"), _SUPPORTS) or "full"


_NO_NOTES: Final = Notes()


def notes_of(body: Body) -> Notes:
    """Read what is said about a thing beside what it is."""
    if not _NOTED & body.keys():
        return _NO_NOTES
    return Notes(
        section=raw.text(body, "section") or "",
        since=raw.text(body, "since"),
        deprecated=raw.text(body, "deprecated"),
        oddities=raw.texts(body, "oddities"),
    )


_NOTED: Final = frozenset({"section", "since", "deprecated", "oddities"})


def repeated(values: Iterable[Any]) -> Iterator[int]:
    """Yield the index of each value that an earlier one equals."""
    seen: set[Any] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index
        seen.add(value)
