"""The names that a spec declares, and the types that its texts make of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wxgen.spec import raw
from wxgen.spec.diagnostics import Problem, Steps, did_you_mean
from wxgen.spec.document import Spec
from wxgen.spec.raw import Body
from wxgen.spec.records import TypeParameter
from wxgen.spec.typeexpr import CONTAINERS, PRIMITIVES, Named, Primitive, Type, names_in
from wxgen.spec.typeparser import TypeFault, parse_type

__all__ = ["ANY", "Names", "Scope", "option_name"]

ANY: Final = Primitive("any")
"""What stands for a type that could not be read, so that one fault is not followed by others."""

_OWN: Final = PRIMITIVES | CONTAINERS.keys()

Scope = Collection[str]
"""The names of the type variables that a text may use."""


@dataclass(frozen=True)
class _Declared:
    """A name: where it is declared, as what, and how many type arguments it takes."""

    path: Steps
    kind: str
    least: int
    most: int


class Names:
    """Every name of a spec; reads types, and collects what is wrong with them in `problems`."""

    def __init__(self, spec: Spec) -> None:
        """Collect the names of types, option types and classes; each may be declared once.

        Args:
            spec: The spec.
        """
        self.problems: list[Problem] = []
        self._spec = spec
        self._known: dict[str, _Declared] = {}
        self._parsed: dict[str, tuple[Type, tuple[Named, ...]] | TypeFault] = {}
        for prefix, document in spec.documents:
            for part, kind in (("types", "type"), ("options", "option type"), ("classes", "class")):
                for name, body in raw.entries(document.value, part):
                    if kind == "type" and "properties" in body:
                        self._declare(name, (*prefix, part, name), "object type", body)
                    else:
                        self._declare(name, (*prefix, part, name), kind, body)
        for prefix, document in spec.documents:
            for call_path, owner, name, body in raw.calls(document.value):
                for path, form in raw.forms((*prefix, *call_path), body):
                    option = form.get("option")
                    if isinstance(option, dict) and "type" not in option:
                        at = (*path, "option", "name")
                        self._declare(option_name(owner, name, option), at, "own option type", {})

    def of_kind(self, kind: str) -> list[str]:
        """The names that are declared as something.

        Args:
            kind: As what: "object type", "option type" or "class".
        """
        return [name for name, declared in self._known.items() if declared.kind == kind]

    def is_object(self, name: str) -> bool:
        """Whether the spec declares a name as a type that has properties."""
        declared = self._known.get(name)
        return declared is not None and declared.kind == "object type"

    def is_declared(self, name: str) -> bool:
        """Whether the spec declares a name."""
        return name in self._known

    def _declare(self, name: str, path: Steps, kind: str, body: Body) -> None:
        if name in _OWN:
            message = f"{name!r} is a type of the language itself"
            self.problems.append(Problem(path, message, key=True))
        elif name in self._known:
            first = self._spec.locate(Problem(self._known[name].path, "", key=True))
            place = f"line {first.mark.line}" + (f" of {first.label}" if first.label else "")
            message = f"{name!r} is declared in {place} already"
            self.problems.append(Problem(path, message, key=True))
        else:
            parameters = body.get("typeParameters")
            parameters = parameters if isinstance(parameters, list) else []
            needed = [
                one for one in parameters if not isinstance(one, dict) or "default" not in one
            ]
            self._known[name] = _Declared(path, kind, len(needed), len(parameters))

    # Types.

    def read(self, path: Steps, text: object, scope: Scope = ()) -> Type:
        """Read a type, and look its names up.

        Args:
            path: Where its text stands.
            text: Its text; what is no text is any type, because the schema complains.
            scope: The type variables that it may use.
        """
        if not isinstance(text, str) or not text:
            return ANY
        parsed = self._parse(text)
        if isinstance(parsed, TypeFault):
            self.problems.append(Problem(path, parsed.message, offset=parsed.offset))
            return ANY
        type_, names = parsed
        for used in names:
            self._look_up(path, used, scope)
        return type_

    def _parse(self, text: str) -> tuple[Type, tuple[Named, ...]] | TypeFault:
        found = self._parsed.get(text)
        if found is None:
            try:
                type_ = parse_type(text)
                found = type_, tuple(names_in(type_))
            except TypeFault as fault:
                found = fault
            self._parsed[text] = found
        return found

    def _look_up(self, path: Steps, used: Named, scope: Scope) -> None:
        count = len(used.arguments)
        declared = self._known.get(used.name)
        if used.name in scope:
            least = most = 0
        elif declared is not None:
            least, most = declared.least, declared.most
        else:
            hint = did_you_mean(used.name, {*self._known, *scope, *_OWN})
            message = f"unknown type {used.name!r}{hint}"
            self.problems.append(Problem(path, message, offset=used.offset))
            return
        if not least <= count <= most:
            wanted = str(most) if least == most else f"{least} to {most}"
            message = f"{used.name!r} takes {_arguments(wanted)}, found {count}"
            self.problems.append(Problem(path, message, offset=used.offset))

    def base(self, path: Steps, text: object, kind: str, scope: Scope = ()) -> Named | None:
        """Read what a thing extends, or which option type a call takes.

        Args:
            path: Where its text stands.
            text: Its text.
            kind: What it must be: "object type", "option type" or "class".
            scope: The type variables that it may use.

        Returns:
            The name; None if it is not there or of another kind.
        """
        if not isinstance(text, str) or not text:
            return None
        parsed = self._parse(text)
        if isinstance(parsed, TypeFault):
            self.problems.append(Problem(path, parsed.message, offset=parsed.offset))
            return None
        type_, names = parsed
        declared = self._known.get(type_.name) if isinstance(type_, Named) else None
        if declared is None or declared.kind != kind:
            hint = did_you_mean(text, self.of_kind(kind))
            self.problems.append(Problem(path, f"there is no {kind} {text.strip()!r}{hint}"))
            return None
        for used in names:
            self._look_up(path, used, scope)
        assert isinstance(type_, Named)
        return type_

    def parameters(
        self, path: Steps, body: Body, outer: Scope = ()
    ) -> tuple[tuple[TypeParameter, ...], frozenset[str]]:
        """Read the type variables of a thing.

        Args:
            path: Where the thing stands.
            body: The thing.
            outer: The type variables of the thing around it.

        Returns:
            Its own type variables, and the names of all that may be used in it.
        """
        listed = body.get("typeParameters")
        scope = set(outer)
        found: list[TypeParameter] = []
        for index, one in enumerate(listed if isinstance(listed, list) else ()):
            here = (*path, "typeParameters", index)
            entry: Mapping[str, Any] = one if isinstance(one, dict) else {"name": one}
            name = raw.text(entry, "name")
            if name is None or not _VARIABLE.match(name):
                continue  # the schema says so
            at = (*here, "name") if isinstance(one, dict) else here
            if name in scope:
                self.problems.append(Problem(at, f"{name!r} is a type variable already"))
            elif name in self._known or name in _OWN:
                self.problems.append(Problem(at, f"{name!r} is a type: choose another name"))
            scope.add(name)
            bound = (
                self.read((*here, "extends"), entry["extends"], scope)
                if ("extends" in entry)
                else None
            )
            default = (
                self.read((*here, "default"), entry["default"], scope)
                if ("default" in entry)
                else None
            )
            if default is None and found and found[-1].default is not None:
                message = f"{name!r} needs a default too, as the one before it has one"
                self.problems.append(Problem(at, message))
            found.append(TypeParameter(name, bound, default))
        return tuple(found), frozenset(scope)


_VARIABLE: Final = re.compile(r"[A-Z][A-Za-z0-9]*\Z")


def _arguments(wanted: str) -> str:
    if wanted == "0":
        return "no type arguments"
    return f"{wanted} type argument" if wanted == "1" else f"{wanted} type arguments"


def option_name(owner: str | None, name: str, option: Body) -> str:
    """The name of a call's own option type."""
    return raw.text(option, "name") or f"{owner or ''}{name[:1].upper()}{name[1:]}Option"
