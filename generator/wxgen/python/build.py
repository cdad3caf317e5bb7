"""From an API to its records in terms of Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wxgen.python.classes import Classes
from wxgen.python.code import Code, Symbol
from wxgen.python.engine import interface_of, modules_beside
from wxgen.python.forms import Forms
from wxgen.python.inventory import renamed, unsupported
from wxgen.python.names import class_name, identifier
from wxgen.python.options import Options
from wxgen.python.places import PUBLIC
from wxgen.python.records import (
    PyChapter,
    PyPackage,
)
from wxgen.python.types import Types, bases_first
from wxgen.python.whole import Whole
from wxgen.spec.api import Api, Chapter

__all__ = ["pythonize"]


def pythonize(api: Api) -> PyPackage:
    """Give everything in an API its Python name and type.

    Args:
        api: The API. :func:`clashes` must have found nothing.

    Returns:
        What the templates print.
    """
    return _Pythonizer(api).package()


class _Pythonizer:
    """Builds the package of one API."""

    def __init__(self, api: Api) -> None:
        self._whole = Whole(api)

    def package(self) -> PyPackage:
        api = self._whole.api
        chapters = [_Chapter(self._whole, chapter) for chapter in api.chapters]
        for chapter in chapters:
            chapter.options.make()
        built = {chapter.source.name: chapter.build() for chapter in chapters}
        ordered = [built[chapter.name] for chapter in api.chapters]
        # Classes for objects without a name are found on the way.
        for index, source in enumerate(api.chapters):
            more = tuple(
                self._whole.unnamed.found.get(self._whole.places.module(source, "types"), ())
            )
            ordered[index] = replace(ordered[index], types=(*ordered[index].types, *more))
        root = ordered[0]
        lent: list[tuple[Symbol, tuple[str, ...]]] = []
        if self._whole.places.has_chapters:
            root, lent = self._joined(ordered)
            ordered[0] = root
        assert root.namespace is not None
        interface = interface_of(api.engine)
        return PyPackage(
            name=api.package,
            api=api,
            instance=identifier(api.namespace),
            namespace=root.namespace,
            chapters=tuple(ordered),
            has_chapters=self._whole.places.has_chapters,
            lent=tuple(lent),
            exports=tuple(self._exports(ordered)),
            taken=self._whole.taken,
            variables=self._whole.variables.found,
            unnamed=self._whole.unnamed.symbols,
            renamed=tuple(renamed(api)),
            left_out=(),
            unsupported=tuple(unsupported(api)),
            engine_module=interface.module if interface is not None else "",
            beside=modules_beside(interface) if interface is not None else (),
        )

    def _joined(
        self, chapters: Sequence[PyChapter]
    ) -> tuple[PyChapter, list[tuple[Symbol, tuple[str, ...]]]]:
        """Put the functions of all chapters into one namespace.

        The chapter with an engine brings its base class along; the members of the others come when
        they are touched.
        """
        root, *others = chapters
        assert root.namespace is not None
        bases: list[Code] = []
        later: list[Code] = []
        lent: list[tuple[Symbol, tuple[str, ...]]] = []
        for chapter in others:
            if chapter.namespace is None:
                continue
            symbol = self._whole.places.namespace(chapter.source)
            if chapter.source.engine is not None:
                bases.append(Code((symbol,)))
            else:
                later.append(Code((symbol,)))
                names = dict.fromkeys(method.name for method in chapter.namespace.methods)
                lent.append((symbol, tuple(names)))
        namespace = replace(
            root.namespace, bases=(*bases, *root.namespace.bases), lent=tuple(later)
        )
        return replace(root, namespace=namespace), lent

    def _exports(self, chapters: Sequence[PyChapter]) -> Iterator[Symbol]:
        yield from PUBLIC
        for chapter in chapters:
            source = chapter.source
            for type_ in chapter.types:
                yield Symbol(self._whole.places.module(source, "types"), type_.name)
            for class_ in (*chapter.classes, *chapter.derived):
                yield Symbol(self._whole.places.module(source, "api"), class_.name)
            for option in chapter.options:
                yield option.symbol
        yield Symbol(".api", class_name(self._whole.api.namespace))
        interface = interface_of(self._whole.api.engine)
        for name in interface.exports if interface is not None else ():
            yield Symbol(interface.module, name) if interface is not None else PUBLIC[0]


class _Chapter:
    """Builds what one chapter gives."""

    def __init__(self, whole: Whole, source: Chapter) -> None:
        self.source = source
        self._whole = whole
        self._types = Types(whole, source)
        self.options = Options(whole, source, self._types)
        self._classes = Classes(whole, source, self._types, Forms(whole, self._types, self.options))

    def build(self) -> PyChapter:
        source = self.source
        classes = tuple(self._classes.class_(class_) for class_ in bases_first(source.classes))
        return PyChapter(
            folder=self._whole.places.folder(source),
            source=source,
            types=tuple(self._types.type(type_) for type_ in bases_first(source.types)),
            options=tuple(
                self._whole.options[option.name] for option in bases_first([*source.all_options])
            ),
            classes=classes,
            namespace=self._classes.namespace(),
            derived=tuple(self._classes.derived()),
        )
