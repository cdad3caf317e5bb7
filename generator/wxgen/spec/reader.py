"""From the files of a spec to the API that they describe.

:func:`read` reads whatever there is: what does not fit the schema is left out, and a name that has
to be cut off from a circle is. So the API that it returns is sound, also where the spec is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from wxgen.spec import raw
from wxgen.spec.api import Api, Chapter
from wxgen.spec.diagnostics import Problem, Steps
from wxgen.spec.document import Document, Spec
from wxgen.spec.graphs import depths
from wxgen.spec.hosts import host_fault
from wxgen.spec.names import ANY, Names, Scope
from wxgen.spec.raw import Body
from wxgen.spec.records import (
    CALLBACKS,
    Call,
    Class,
    Constant,
    EnumType,
    EnumValue,
    Event,
    HostType,
    NamedType,
    NewName,
    ObjectType,
    Option,
)
from wxgen.spec.signatures import PROPERTY, Signatures, notes_of, repeated
from wxgen.spec.typeexpr import Named, Primitive, Record, names_in
from wxgen.spec.values import Values

__all__ = ["DEEPEST_ALIAS", "DEEPEST_FAMILY", "PACKAGE", "read"]

PACKAGE: Final = "wxsocket"
"""What the package is called of a spec that does not say it."""

DEEPEST_FAMILY: Final = 32
"""How many types may extend each other in a row."""
DEEPEST_ALIAS: Final = 100
"""How many names may stand for each other in a row."""


def read(spec: Spec) -> tuple[Api, list[Problem]]:
    """Read the API that a spec describes.

    Args:
        spec: The spec, valid by the schema or not.

    Returns:
        The API; it holds no circle among what extends something, nor among names for types. And
        what is wrong with names, types and values.
    """
    reader = _Reader(spec)
    api = reader.api()
    return api, reader.problems


_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_TYPE_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_$]*(?:\.[A-Za-z][A-Za-z0-9_$]*)*\Z")
_NAMESPACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")


class _Reader:
    """Reads one spec, and collects what is wrong as it goes."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._names = Names(spec)
        self._found: list[Problem] = []
        self._bases = {
            **self._families("types", "object type"),
            **self._families("options", "option type"),
            **self._families("classes", "class"),
        }
        self._objects = {base.name for base in self._bases.values()}
        self._objects.update(_received(spec))
        # Defaults are held against named types, so those without fields are read first.
        self._plain = self._plain_types()
        self._aliases = {one.name for one in self._plain.values() if isinstance(one, NewName)}
        values = Values({one.name: one for one in self._plain.values()}, self._names.is_declared)
        self._signatures = Signatures(self._names, values)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in no order."""
        return [*self._names.problems, *self._signatures.problems, *self._found]

    def api(self) -> Api:
        root = self._spec.root.value if isinstance(self._spec.root.value, dict) else {}
        shared = {
            prefix: tuple(self._shared(prefix, document))
            for prefix, document in self._spec.documents
        }
        self._signatures.shared.update(
            (option.name, option) for options in shared.values() for option in options
        )
        namespace = raw.text(root, "namespace") or ""
        return Api(
            package=raw.text(root, "package") or PACKAGE,
            namespace=namespace if _NAMESPACE.match(namespace) else "wx",
            chapters=tuple(
                self._chapter(prefix, document, shared[prefix])
                for prefix, document in self._spec.documents
            ),
        )

    def _chapter(self, prefix: Steps, document: Document, options: tuple[Option, ...]) -> Chapter:
        root = document.value if isinstance(document.value, dict) else {}
        return Chapter(
            name=str(prefix[1]) if prefix else "",
            label=document.label,
            digest=document.digest,
            title=raw.text(root, "title") or "",
            description=raw.text(root, "description") or "",
            engine=raw.text(root, "engine"),
            cautions=raw.texts(root, "cautions"),
            notes=notes_of(root),
            constants=tuple(
                _constant((*prefix, "constants", name), name, body)
                for name, body in raw.entries(root, "constants")
            ),
            types=tuple(
                self._type((*prefix, "types", name), name, body)
                for name, body in raw.entries(root, "types")
                if _TYPE_NAME.match(name)
            ),
            options=options,
            fields=self._signatures.fields(prefix, root, (), required=True, writable=True),
            functions=tuple(
                self._signatures.call((*prefix, "functions", name), name, None, body, ())
                for name, body in raw.entries(root, "functions")
                if _NAME.match(name)
            ),
            classes=tuple(
                self._class((*prefix, "classes", name), name, body)
                for name, body in raw.entries(root, "classes")
                if _TYPE_NAME.match(name)
            ),
            lists_chapters="chapters" in root,
        )

    def _shared(self, prefix: Steps, document: Document) -> Iterator[Option]:
        for name, body in raw.entries(document.value, "options"):
            path = (*prefix, "options", name)
            if _TYPE_NAME.match(name):
                extends = self._bases.get(path)
                yield self._signatures.option(path, name, body, (), extends, shared=True)

    # What extends what.

    def _families(self, part: str, kind: str) -> dict[Steps, Named]:
        """Read what each type, option type or class extends; cut off what goes round or too deep."""
        bases: dict[str, tuple[Steps, Named]] = {}
        for prefix, document in self._spec.documents:
            for name, body in raw.entries(document.value, part):
                path = (*prefix, part, name)
                scope = _variables(body)
                base = self._names.base((*path, "extends"), body.get("extends"), kind, scope)
                if base is not None and name not in bases:
                    bases[name] = path, base
        deep, circular = depths({name: [base.name] for name, (_, base) in bases.items()})
        kept: dict[Steps, Named] = {}
        for name, (path, base) in bases.items():
            at = (*path, "extends")
            if name in circular:
                self._found.append(Problem(at, f"{name!r} extends itself"))
            elif deep[name] > 0 and deep[name] % (DEEPEST_FAMILY + 1) == 0:
                message = f"{name!r} extends more than {DEEPEST_FAMILY}, one after another"
                self._found.append(Problem(at, message))
            else:
                kept[path] = base
        return kept

    # Types.

    def _plain_types(self) -> dict[Steps, NamedType]:
        """Read the types that have no fields; a name that stands for itself becomes any type."""
        found: dict[Steps, NamedType] = {}
        for prefix, document in self._spec.documents:
            for name, body in raw.entries(document.value, "types"):
                if "properties" not in body and _TYPE_NAME.match(name):
                    path = (*prefix, "types", name)
                    found[path] = self._plain_type(path, name, body)
        aliases = {one.name: one for one in found.values() if isinstance(one, NewName)}
        deep, circular = depths(
            {
                name: [used.name for used in names_in(alias.type) if used.name in aliases]
                for name, alias in aliases.items()
            }
        )
        for name, alias in aliases.items():
            at = (*alias.path, "type")
            if name in circular:
                self._found.append(Problem(at, f"{name!r} is defined by itself"))
            elif deep[name] > 0 and deep[name] % (DEEPEST_ALIAS + 1) == 0:
                message = f"{name!r} stands for more than {DEEPEST_ALIAS} names, one for another"
                self._found.append(Problem(at, message))
            else:
                continue
            found[alias.path] = replace(alias, type=ANY)
        return found

    def _plain_type(self, path: Steps, name: str, body: Body) -> NamedType:
        description, notes = raw.text(body, "description") or "", notes_of(body)
        if "values" in body:
            values = [
                EnumValue(_whole(one["value"]), raw.text(one, "description") or "", notes_of(one))
                for _, one in raw.items(body, "values")
                if isinstance(one.get("value"), str | int | float)
            ]
            for index in repeated([value.value for value in values]):
                message = f"{values[index].value!r} is a value of {name} already"
                self._found.append(Problem((*path, "values", index, "value"), message))
            return EnumType(path, name, description, tuple(values), notes)
        if "host" in body:
            python = raw.text(body, "host") or "object"
            message = host_fault(python)
            if message:
                self._found.append(Problem((*path, "host"), message))
            return HostType(path, name, description, python.strip(), notes)
        variables, scope = self._names.parameters(path, body)
        parsed = self._names.read((*path, "type"), body.get("type"), scope)
        return NewName(path, name, description, parsed, variables, notes)

    def _type(self, path: Steps, name: str, body: Body) -> NamedType:
        if path in self._plain:
            return self._plain[path]
        variables, scope = self._names.parameters(path, body)
        description, notes = raw.text(body, "description") or "", notes_of(body)
        fields = self._signatures.fields(path, body, scope, required=True)
        extends, others = self._bases.get(path), self._others(path, body, scope)
        if others is not None and not fields and extends is None and self._is_mapping(name, others):
            # Of an object whose keys are all unknown, nothing but a dictionary is known.
            return NewName(path, name, description, others, variables, notes)
        return ObjectType(path, name, description, fields, extends, others, variables, notes)

    def _is_mapping(self, name: str, others: Record) -> bool:
        """Whether an object is no more than a mapping.

        Nothing extends it, no callback receives it, and it holds nothing that may hold it again.
        """
        return name not in self._objects and not any(
            self._names.is_object(used.name) or used.name in self._aliases
            for used in names_in(others.value)
        )

    def _others(self, path: Steps, body: Body, scope: Scope) -> Record | None:
        """Read what properties of any further name hold."""
        others = body.get("others")
        if isinstance(others, dict):
            key = raw.text(others, "key")
            value = self._names.read((*path, "others", "value"), others.get("value"), scope)
            return Record(Primitive(key if key in ("number", "integer") else "string"), value)
        if isinstance(others, str):
            return Record(Primitive("string"), self._names.read((*path, "others"), others, scope))
        return None

    # Classes.

    def _class(self, path: Steps, name: str, body: Body) -> Class:
        variables, scope = self._names.parameters(path, body)

        def own(key: str) -> Call | None:
            found = body.get(key)
            if not isinstance(found, dict):
                return None
            return self._signatures.call((*path, key), key, name, found, scope)

        return Class(
            path=path,
            name=name,
            description=raw.text(body, "description") or "",
            extends=self._bases.get(path),
            fields=self._signatures.fields(path, body, scope, required=True, writable=True),
            methods=tuple(
                self._signatures.call((*path, "methods", method), method, name, call, scope)
                for method, call in raw.entries(body, "methods")
                if _NAME.match(method)
            ),
            events=tuple(
                self._event((*path, "events", event), event, listener, scope)
                for event, listener in raw.entries(body, "events")
                if PROPERTY.match(event)
            ),
            others=self._others(path, body, scope),
            construct=own("construct"),
            call=own("call"),
            type_parameters=variables,
            notes=notes_of(body),
        )

    def _event(self, path: Steps, name: str, body: Body, scope: Scope) -> Event:
        listener = self._signatures.listener(path, body, scope)
        return Event(path, name, listener, notes_of(body))


def _received(spec: Spec) -> Iterator[str]:
    """The names in what success, fail and complete receive."""
    for _, document in spec.documents:
        holders = [body for _, body in raw.entries(document.value, "options")]
        for path, _, _, body in raw.calls(document.value):
            holders += [raw.mapping(form, "option") for _, form in raw.forms(path, body)]
        for holder in holders:
            for callback in CALLBACKS:
                yield from re.findall(r"[A-Z][\w$.]*", raw.text(holder, callback) or "")


def _constant(path: Steps, name: str, body: Body) -> Constant:
    value = body.get("value")
    return Constant(
        path=path,
        name=name,
        value=value if isinstance(value, str | int | float) else "",
        description=raw.text(body, "description") or "",
        notes=notes_of(body),
    )


def _variables(body: Body) -> frozenset[str]:
    listed = body.get("typeParameters")
    names = [
        one.get("name") if isinstance(one, dict) else one
        for one in (listed if isinstance(listed, list) else ())
    ]
    return frozenset(name for name in names if isinstance(name, str))


def _whole(value: str | float) -> str | int:
    """JSON Schema takes 1.0 for a whole number too."""
    return int(value) if isinstance(value, float) else value
