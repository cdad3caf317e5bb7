"""What a spec claims of its engine, held against what the engine declares that it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wxgen.spec.api import Api, Chapter
from wxgen.spec.diagnostics import Problem, did_you_mean
from wxgen.spec.records import CALLBACKS, Call, Field, NewName, ObjectType, Option
from wxgen.spec.rules import lineage
from wxgen.spec.typeexpr import Named, Type
from wxruntime.engines import ENGINE_NAMES, EngineCall, EngineInterface, engine_interface

__all__ = ["engine_rules"]


def engine_rules(api: Api) -> list[Problem]:
    """Find what a spec claims of an engine that the engine does not do.

    Args:
        api: The API, as :func:`wxgen.spec.reader.read` gives it.
    """
    return [problem for chapter in api.chapters for problem in _chapter(api, chapter)]


def _chapter(api: Api, chapter: Chapter) -> Iterator[Problem]:
    name = chapter.engine
    if name is None:
        return
    if name not in ENGINE_NAMES:
        hint = did_you_mean(name, ENGINE_NAMES)
        yield Problem((*chapter.path, "engine"), f"there is no engine {name!r}{hint}")
        return
    other = next(one for one in api.chapters if one.engine == name)
    if other is not chapter:
        message = f"{other.label} has the engine {name!r} already"
        yield Problem((*chapter.path, "engine"), message)
        return
    yield from _Comparison(api, chapter, engine_interface(name)).problems()


class _Comparison:
    """Compares a chapter with an engine."""

    def __init__(self, api: Api, chapter: Chapter, engine: EngineInterface) -> None:
        self._chapter = chapter
        self._engine = engine
        self._options = {option.name: option for option in api.options}
        self._objects = {one.name: one for one in api.types if isinstance(one, ObjectType)}
        self._aliases = {one.name: one for one in api.types if isinstance(one, NewName)}
        self._constants = {constant.name for constant in api.constants}

    def problems(self) -> Iterator[Problem]:
        classes = {class_.name: class_ for class_ in self._chapter.classes}
        functions = self._engine.namespace.calls
        missing = [name for name in self._engine.classes if name not in classes]
        here = [call for call in self._chapter.functions if call.name in functions]
        if missing or not here:
            yield self._misfit(missing)
            return
        for constant in self._engine.limits:
            if constant not in self._constants:
                yield self._at_engine(f"needs the constant {constant!r}")
        for call in self._chapter.functions:
            yield from self._call(call, functions)
        for class_ in self._chapter.classes:
            known = self._engine.classes.get(class_.name)
            for method in class_.methods:
                yield from self._call(method, known.calls if known is not None else {})
            for field in class_.fields:
                yield from self._unfilled(field)

    def _misfit(self, missing: list[str]) -> Problem:
        if missing:
            return self._at_engine(f"needs the class {missing[0]!r}: it is for another API")
        some = ", ".join(self._engine.namespace.calls)
        return self._at_engine(f"carries out {some}, and none of them is here")

    def _at_engine(self, what: str) -> Problem:
        message = f"the engine {self._engine.name!r} {what}"
        return Problem((*self._chapter.path, "engine"), message)

    def _call(self, call: Call, known: Mapping[str, EngineCall]) -> Iterator[Problem]:
        if call.support != "full":
            return
        engine = known.get(call.name)
        if engine is None:
            yield self._remedied(call.path, f"does not carry out {call.name!r}")
            return
        if (call.option is not None) != (engine.option is not None):
            takes = "an option object" if engine.option is not None else "a listener"
            yield self._wrong(call, f"gives {call.name!r} {takes}")
            return
        if (call.listener is not None) != (engine.option is None):
            yield self._wrong(call, f"gives {call.name!r} a listener")
            return
        if engine.returns != isinstance(call.returns, Named):
            what = "returns an object of a class" if engine.returns else "returns no object"
            yield self._wrong(call, f"{what} from {call.name!r}")
        if call.option is not None:
            yield from self._option(call.option, engine)
        elif call.listener is not None:
            yield from self._result(call.listener.result, engine)

    def _option(self, option: Option, engine: EngineCall) -> Iterator[Problem]:
        for one in lineage(option, self._options):
            for field in one.fields:
                if field.support == "full" and field.name not in engine.options:
                    yield self._remedied(field.path, f"does nothing with {field.name!r}")
            for callback in CALLBACKS:
                if callback in one.callbacks:
                    yield from self._result(one.callbacks[callback], engine)

    def _result(self, result: Type | None, engine: EngineCall) -> Iterator[Problem]:
        while isinstance(result, Named) and result.name in self._aliases:
            result = self._aliases[result.name].type
        if not isinstance(result, Named) or result.name not in self._objects:
            return
        for one in lineage(self._objects[result.name], self._objects):
            for field in one.fields:
                if field.name not in engine.result_fields:
                    yield from self._unfilled(field)

    def _unfilled(self, field: Field) -> Iterator[Problem]:
        if field.support == "full":
            yield self._remedied(field.path, f"does not fill {field.name!r}")

    def _remedied(self, path: tuple[str | int, ...], what: str) -> Problem:
        remedy = "write support: ignored or support: none"
        return Problem(path, f"the engine {self._engine.name!r} {what}: {remedy}", key=True)

    def _wrong(self, call: Call, what: str) -> Problem:
        return Problem(call.path, f"the engine {self._engine.name!r} {what}", key=True)
