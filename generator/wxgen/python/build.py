"""From an API to its records in terms of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from wxgen.python import docstrings as docs
from wxgen.python.additions import runtime_class
from wxgen.python.annotations import ANY, Annotator, host_code
from wxgen.python.calls import Form, PyCalls, deprecation
from wxgen.python.code import NONE, Code, Symbol, builtin, subscript
from wxgen.python.engine import Behind, interface_of, modules_beside
from wxgen.python.fields import others_field, py_field
from wxgen.python.generics import arguments_of, filled
from wxgen.python.inventory import names_of, renamed, unsupported
from wxgen.python.names import class_name, identifier, literal, quoted
from wxgen.python.places import PUBLIC, Places
from wxgen.python.polarity import given_types
from wxgen.python.records import (
    Head,
    Method,
    Parameter,
    PyCall,
    PyChapter,
    PyClass,
    PyField,
    PyOption,
    PyPackage,
    PyType,
)
from wxgen.python.results import Results
from wxgen.python.unnamed import UnnamedTypes
from wxgen.python.variables import Variables
from wxgen.spec.api import Api, Chapter
from wxgen.spec.records import (
    CALLBACKS,
    Call,
    Class,
    EnumType,
    Field,
    HostType,
    NamedType,
    NewName,
    ObjectType,
    Option,
    Signature,
    TypeParameter,
)
from wxgen.spec.typeexpr import Named, Type, names_in

__all__ = ["pythonize"]

_SELF: Final = Parameter("self")


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
        self._api = api
        self._taken = names_of(api)
        self._places = Places(api, self._taken)
        self._given = given_types(api)
        self._results = Results(api, self._places.symbols)
        self._variables = Variables(self._taken)
        self._unnamed = UnnamedTypes(self._taken)
        self._types = {type_.name: type_ for type_ in api.types}
        self._classes = {class_.name: class_ for class_ in api.classes}
        self._declared = {option.name: option for option in api.options}
        self._options: dict[str, PyOption] = {}
        self._members: dict[str, dict[str, object]] = {}

    def package(self) -> PyPackage:
        api = self._api
        chapters = [_Chapter(self, chapter) for chapter in api.chapters]
        for chapter in chapters:
            chapter.make_options()
        built = {chapter.source.name: chapter.build() for chapter in chapters}
        ordered = [built[chapter.name] for chapter in api.chapters]
        # Classes for objects without a name are found on the way.
        for index, source in enumerate(api.chapters):
            more = tuple(self._unnamed.found.get(self._places.module(source, "types"), ()))
            ordered[index] = replace(ordered[index], types=(*ordered[index].types, *more))
        root = ordered[0]
        lent: list[tuple[Symbol, tuple[str, ...]]] = []
        if self._places.has_chapters:
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
            has_chapters=self._places.has_chapters,
            lent=tuple(lent),
            exports=tuple(self._exports(ordered)),
            taken=self._taken,
            variables=self._variables.found,
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
            symbol = self._places.namespace(chapter.source)
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
                yield Symbol(self._places.module(source, "types"), type_.name)
            for class_ in (*chapter.classes, *chapter.derived):
                yield Symbol(self._places.module(source, "api"), class_.name)
            for option in chapter.options:
                yield option.symbol
        yield Symbol(".api", class_name(self._api.namespace))
        interface = interface_of(self._api.engine)
        for name in interface.exports if interface is not None else ():
            yield Symbol(interface.module, name) if interface is not None else PUBLIC[0]


class _Chapter:
    """Builds what one chapter gives."""

    def __init__(self, whole: _Pythonizer, source: Chapter) -> None:
        self.source = source
        self._whole = whole
        self._places = whole._places
        self._interface = interface_of(source.engine)
        module = self._places.module(source, "types")
        find = whole._unnamed.finder(module, lambda: self._annotator)
        self._annotator = Annotator(self._places.symbols, find, {}, self._places.parameters)

    # Type variables.

    def _within(self, annotator: Annotator, parameters: Sequence[TypeParameter]) -> Annotator:
        """Return an annotator that knows type variables, and define them."""
        variables = self._whole._variables
        known = annotator.within(variables.symbols(parameters))
        for one in parameters:
            bound = known.annotation(one.bound, given=False) if one.bound is not None else None
            default = (
                known.annotation(one.default, given=False) if one.default is not None else None
            )
            variables.define(one, bound, default)
        return known

    def _generic(self, codes: Sequence[Code]) -> list[Code]:
        return [subscript(Symbol("typing", "Generic"), *codes)] if codes else []

    def _base(self, named: Named, annotator: Annotator) -> Code:
        """A base class, with all type arguments: Python fills none in at run time."""
        whole = self._whole
        thing = whole._types.get(named.name) or whole._classes.get(named.name)
        parameters: Sequence[TypeParameter] = ()
        if thing is not None and not isinstance(thing, EnumType | HostType):
            parameters = thing.type_parameters
        elif named.name in whole._declared:
            parameters = whole._declared[named.name].type_parameters
        types = arguments_of(parameters, named).values()
        arguments = [annotator.annotation(each, given=False) for each in types]
        symbol = self._places.symbols[named.name]
        return subscript(symbol, *arguments) if arguments else Code((symbol,))

    # Types.

    def build(self) -> PyChapter:
        source = self.source
        classes = tuple(self._class(class_) for class_ in _bases_first(source.classes))
        return PyChapter(
            folder=self._places.folder(source),
            source=source,
            types=tuple(self._type(type_) for type_ in _bases_first(source.types)),
            options=tuple(
                self._whole._options[option.name] for option in _bases_first([*source.all_options])
            ),
            classes=classes,
            namespace=self._namespace(),
            derived=tuple(self._derived()),
        )

    def _type(self, type_: NamedType) -> PyType:
        annotator = self._annotator.at(type_.name)
        name, doc = identifier(type_.name), docs.of_type(type_)
        match type_:
            case ObjectType():
                return self._object(type_)
            case EnumType(values=values):
                literals = [Code((literal(entry.value),)) for entry in values]
                alias = subscript(Symbol("typing", "Literal"), *literals)
                return PyType(name, doc, alias=alias, values=values, source=type_)
            case HostType(python=python):
                return PyType(name, doc, alias=host_code(python), source=type_)
            case NewName(type=meant, type_parameters=parameters):
                annotator = self._within(annotator, parameters)
                given = type_.name in self._whole._given
                return PyType(
                    name, doc, alias=annotator.annotation(meant, given=given), source=type_
                )

    def _object(self, type_: ObjectType) -> PyType:
        fields = self._fields(type_)
        variables = self._whole._variables.symbols(type_.type_parameters).values()
        annotator = self._within(self._annotator, type_.type_parameters)
        inherited: dict[str, PyField] = {}
        bases: list[Code] = []
        if type_.extends is not None:
            bases.append(self._base(type_.extends, annotator))
            line: list[ObjectType] = []
            above = self._whole._results.object(type_.extends)
            while above is not None:
                line.append(above)
                above = self._whole._results.object(above.extends)
            for each in reversed(line):
                inherited |= {field.name: field for field in self._fields(each)}
        fields = tuple(_overriding(field, inherited) for field in fields)
        return PyType(
            name=identifier(type_.name),
            doc=docs.of_type(type_),
            fields=fields,
            inherited=tuple(inherited.values()),
            bases=(*bases, *self._generic([*variables])),
            source=type_,
        )

    def _fields(self, type_: ObjectType) -> tuple[PyField, ...]:
        given = type_.name in self._whole._given
        annotator = self._within(self._annotator, type_.type_parameters).at(type_.name)
        found = [
            py_field(field, annotator, given=given, is_result=not given) for field in type_.fields
        ]
        if type_.others is not None:
            found.append(others_field(type_.others, annotator, found, given=given))
        return tuple(found)

    # Options.

    def make_options(self) -> None:
        for option in _bases_first([*self.source.options]):
            self._option(option, option.type_parameters, None)
        for call in self._all_calls():
            for form in call.forms:
                own = form.option
                if own is None or own.shared or own.name in self._whole._options:
                    continue
                self._option(own, self._used(own, form, call), call)

    def _all_calls(self) -> Iterator[Call]:
        yield from self.source.calls
        for class_ in self.source.classes:
            yield from (made for made in (class_.construct, class_.call) if made is not None)

    def _used(self, option: Option, form: Signature, call: Call) -> tuple[TypeParameter, ...]:
        """The type variables that a call's own option object uses."""
        owner = self._whole._classes.get(call.owner or "")
        known = {one.name: one for one in (*form.type_parameters,
                                           *(owner.type_parameters if owner else ()))}  # fmt: skip
        types = [*(field.type for field in option.fields), *option.callbacks.values()]
        types += option.extends.arguments if option.extends is not None else ()
        names = {used.name for type_ in types for used in names_in(type_)}
        return tuple(one for name, one in known.items() if name in names)

    def _option(
        self, option: Option, parameters: Sequence[TypeParameter], call: Call | None
    ) -> None:
        annotator = self._within(self._annotator, parameters)
        inherited: dict[str, PyField] = {}
        bases: list[Code] = []
        if option.extends is not None:
            bases.append(self._base(option.extends, annotator))
            fields = self._option_fields(option.extends, annotator)
            inherited = {field.name: field for field in fields}
        own_fields = [_overriding(field, inherited) for field in self._own(option, annotator)]
        variables = [*self._whole._variables.symbols(parameters).values()]
        self._whole._options[option.name] = PyOption(
            name=identifier(option.name),
            symbol=self._places.symbols[option.name],
            fields=tuple(own_fields),
            inherited=tuple(inherited.values()),
            bases=(*bases, *self._generic(variables)),
            variables=tuple(variables),
            parameters=tuple(one.name for one in parameters),
            doc=docs.of_option(option, call),
            source=option,
        )

    def _own(self, option: Option, annotator: Annotator) -> Iterator[PyField]:
        place = annotator.at(option.name)
        for field in sorted(option.fields, key=lambda field: not field.required):
            yield py_field(field, place, given=True)
        yield from self._callback_fields(option.name, option.callbacks, annotator)

    def _option_fields(self, named: Named, annotator: Annotator) -> list[PyField]:
        """The fields of an option type with its type arguments, what is required first."""
        fields, callbacks = self._option_parts(named)
        place = annotator.at(named.name)
        found = [py_field(field, place, given=True) for field in fields]
        found += self._callback_fields(named.name, callbacks, annotator)
        return sorted(found, key=_rank)

    def _option_parts(self, named: Named) -> tuple[list[Field], dict[str, Type]]:
        """The fields and callbacks of an option type, those of its bases first."""
        option = self._whole._declared[named.name]
        arguments = arguments_of(option.type_parameters, named)
        fields: dict[str, Field] = {}
        callbacks: dict[str, Type] = {}
        if option.extends is not None:
            base = filled(option.extends, arguments)
            assert isinstance(base, Named)
            inherited, callbacks = self._option_parts(base)
            fields = {field.name: field for field in inherited}
        for field in option.fields:
            fields[field.name] = replace(field, type=filled(field.type, arguments))
        callbacks |= {name: filled(each, arguments) for name, each in option.callbacks.items()}
        ordered: dict[str, Type] = {
            name: callbacks[name] for name in CALLBACKS if name in callbacks
        }
        return [*fields.values()], ordered

    def _callback_fields(
        self, name: str, callbacks: Mapping[str, Type], annotator: Annotator
    ) -> Iterator[PyField]:
        for callback, result in callbacks.items():
            place = annotator.at(f"{name}{callback.capitalize()}Result")
            kind = Code.of(place.callback((result,)), " | None")
            yield PyField(callback, kind, "None", docs.callback_text(callback))

    # Calls.

    def _call(self, call: Call, annotator: Annotator, behind: Behind | None) -> PyCall:
        owner = self._whole._classes.get(call.owner or "")
        forms: list[Form] = []
        for source in call.forms:
            forms += self._form(call, source, annotator, owner)
        answer = self._whole._variables.own("T")
        return PyCalls(call, tuple(forms), self._whole._results, answer, behind).call()

    def _form(
        self, call: Call, source: Signature, outer: Annotator, owner: Class | None
    ) -> Iterator[Form]:
        annotator = self._told(source, self._within(outer, source.type_parameters))
        annotator = annotator.at(f"{call.owner or ''}{call.name[:1].upper()}{call.name[1:]}")
        option = None
        option_code = NONE
        fields: list[PyField] = []
        callbacks: dict[str, Type] = {}
        if source.option is not None and source.option_type is not None:
            option = self._whole._options[source.option.name]
            named = source.option_type
            option_code = annotator.annotation(named, given=True)
            if not source.option.shared and option.variables:
                own = [annotator.variables.get(each, ANY) for each in option.parameters]
                option_code = subscript(option.symbol, *own)
            fields = self._option_fields(named, annotator)
            callbacks = self._option_parts(named)[1]
        parameters = tuple(py_field(field, annotator, given=True) for field in source.parameters)
        returns = self._returns(source, annotator, callbacks)
        form = Form(source, annotator, option, option_code, tuple(fields), parameters, returns,
                    callbacks)  # fmt: skip
        if call.event is None or owner is None or not owner.events:
            yield form
            return
        for event in owner.events:
            listener = replace(
                event.listener, optional=call.event == "removes" or event.listener.optional
            )
            yield replace(form, source=replace(source, listener=listener), event=event)

    def _told(self, source: Signature, annotator: Annotator) -> Annotator:
        """Return an annotator without the type variables that relate nothing to each other.

        One that stands once is its default, or anything.
        """
        if not source.type_parameters:
            return annotator
        types = [field.type for field in source.parameters]
        if source.returns is not None:
            types.append(source.returns)
        if source.option is not None and source.option_type is not None:
            fields, callbacks = self._option_parts(source.option_type)
            types += [field.type for field in fields]
            types += callbacks.values()
            if source.returns is None and "success" in callbacks:
                types.append(callbacks["success"])
        if source.listener is not None:
            types += [field.type for field in source.listener.parameters]
            types += [each for each in (source.listener.result, source.listener.returns) if each]
        names = [used.name for type_ in types for used in names_in(type_)]
        alone = {
            one.name: ANY if one.default is None else annotator.annotation(one.default, given=False)
            for one in source.type_parameters
            if names.count(one.name) < 2
        }
        return annotator.within(alone)

    @staticmethod
    def _returns(source: Signature, annotator: Annotator, callbacks: Mapping[str, Type]) -> Code:
        if source.returns is not None:
            place = annotator.at(f"{annotator.place}Result")
            return place.returned(source.returns)
        if source.option is None:
            return NONE
        call = PUBLIC[0]
        success = callbacks.get("success")
        if success is None:
            return subscript(call, NONE)
        return subscript(call, annotator.annotation(success, given=False))

    # Classes.

    def _class(self, class_: Class) -> PyClass:
        whole = self._whole
        behind = self._behind(class_.name)
        annotator = self._within(self._annotator, class_.type_parameters).at(class_.name)
        variables = [*whole._variables.symbols(class_.type_parameters).values()]
        bases = [self._base(class_.extends, annotator)] if class_.extends is not None else []
        inherited = whole._members.get(class_.extends.name, {}) if class_.extends else {}
        properties = [*self._properties(class_.name, class_.fields, annotator)]
        calls = [self._call(call, annotator, behind) for call in class_.methods]
        members: dict[str, object] = dict(inherited)
        properties = [self._marked(each, members) for each in properties]
        calls = [
            replace(
                call,
                method=self._marked(call.method, members),
                forms=tuple(self._marked(each, members, call.forms) for each in call.forms),
                hook=self._marked(call.hook, members),
                hook_forms=tuple(
                    self._marked(each, members, call.hook_forms) for each in call.hook_forms
                ),
            )
            for call in calls
        ]
        for call in calls:
            members[call.method.name] = tuple(each.head for each in call.forms)
            members[call.hook.name] = tuple(each.head for each in call.hook_forms)
        members |= {each.name: (each.head,) for each in properties}
        whole._members[class_.name] = members
        more = [*self._special(class_, annotator)]
        return PyClass(
            name=identifier(class_.name),
            doc=docs.of_class(class_),
            bases=(*bases, *self._bases(behind), *self._generic(variables)),
            fields=tuple(py_field(field, annotator, given=False) for field in class_.fields),
            properties=(*more, *properties),
            calls=tuple(calls),
            constants=tuple(self._constants(behind)),
            additions=behind.additions.additions if behind is not None else (),
        )

    @staticmethod
    def _marked(
        method: Method, inherited: Mapping[str, object], forms: Sequence[Method] = ()
    ) -> Method:
        """Mark a method that a base has with another signature."""
        above = inherited.get(method.name)
        heads = tuple(each.head for each in forms) or (method.head,)
        if above is None or above == heads:
            return method
        return replace(method, ignores=(*method.ignores, "override"))

    def _special(self, class_: Class, annotator: Annotator) -> Iterator[Method]:
        """The constructor, and what makes instances callable or indexable."""
        if class_.construct is not None:
            yield from self._made(class_.construct, annotator, "__init__", NONE)
        if class_.call is not None:
            returns = None
            yield from self._made(class_.call, annotator, "__call__", returns)
        if class_.others is not None:
            key = Parameter("name", annotator.annotation(class_.others.key, given=True))
            value = annotator.annotation(class_.others.value, given=False)
            yield Method(
                "__getitem__",
                Head((_SELF, key), value),
                (),
                ("Get a further property.",),
                (_not_supported(f"{class_.name}[...]"),),
            )

    def _made(
        self, call: Call, annotator: Annotator, name: str, returns: Code | None
    ) -> Iterator[Method]:
        [form, *others] = [
            each for source in call.forms for each in self._form(call, source, annotator, None)
        ]
        calls = PyCalls(call, (form, *others), self._whole._results, ANY, None).call()
        heads = [each.head for each in calls.forms]
        head = calls.method.head
        body: Code = Code(("pass",)) if name == "__init__" else _not_supported(call.label)
        if returns is not None:
            head = Head(head.parameters, returns)
            heads = [Head(each.parameters, returns) for each in heads]
        overload = (Code((Symbol("typing", "overload"),)),)
        doc = calls.method.doc
        if len(heads) > 1:
            for each in heads:
                yield Method(name, each, overload, (), (Code(("...",)),))
            parameters = (_SELF, Parameter("arguments", ANY, stars="*"),
                          Parameter("fields", ANY, stars="**"))  # fmt: skip
            head = Head(parameters, returns or ANY)
        yield Method(name, head, (), doc, () if name == "__init__" else (body,))

    def _properties(
        self, owner: str, fields: Sequence[Field], annotator: Annotator
    ) -> Iterator[Method]:
        for source in fields:
            field = py_field(source, annotator, given=False)
            made = self._whole._results.instance(source.type)
            label = source.name if owner == "" else f"{owner}.{source.name}"
            body = Code.of("return ", made) if made is not None else _not_supported(label)
            marks = deprecation(source.notes.deprecated)
            yield Method(
                field.name,
                Head((_SELF,), field.annotation),
                (builtin("property"), *marks),
                (field.doc,),
                (body,),
            )
            if source.writable:
                given = py_field(source, annotator, given=True)
                value = Parameter("value", given.annotation)
                yield Method(
                    field.name,
                    Head((_SELF, value), NONE),
                    (Code((f"{field.name}.setter",)),),
                    (),
                    (_not_supported(label),),
                )

    def _namespace(self) -> PyClass | None:
        source = self.source
        symbol = self._places.namespace(source)
        behind = self._behind(class_name(self._whole._api.namespace))
        if source.name and not (source.functions or source.fields or behind):
            return None
        constants = [*self._constants(behind)]
        if behind is not None and behind.interface.limits:
            constants.insert(0, behind.limits(self._places.module(source, "constants")))
        annotator = self._annotator.at(symbol.name)
        return PyClass(
            name=symbol.name,
            doc=docs.of_namespace(self._whole._api, source),
            bases=tuple(self._bases(behind)),
            fields=tuple(py_field(field, annotator, given=False) for field in source.fields),
            properties=tuple(self._properties("", source.fields, annotator)),
            calls=tuple(self._call(call, self._annotator, behind) for call in source.functions),
            constants=tuple(constants),
            additions=behind.additions.additions if behind is not None else (),
        )

    # What the engine adds.

    def _behind(self, name: str) -> Behind | None:
        if self._interface is None:
            return None
        if name == class_name(self._whole._api.namespace):
            return Behind(self._interface, self._interface.namespace)
        class_ = self._interface.classes.get(name)
        return Behind(self._interface, class_) if class_ is not None else None

    def _results_of(self, behind: Behind) -> Iterator[tuple[str, Code]]:
        """The class attributes that the engine wants, each a class that a listener receives."""
        for attribute, name in behind.class_.results.items():
            for call in self.source.calls:
                owner = call.owner or class_name(self._whole._api.namespace)
                result = call.listener.result if call.listener is not None else None
                if call.name == name and result is not None and self._behind(owner) == behind:
                    yield attribute, self._annotator.annotation(result, given=False)

    def _bases(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            yield behind.base(result for _, result in self._results_of(behind))

    def _constants(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            for attribute, result in self._results_of(behind):
                yield Code.of(f"{attribute} = ", result)

    def _derived(self) -> Iterator[PyClass]:
        if self._interface is None:
            return
        for name, (base, additional) in self._interface.derived.items():
            runtime = runtime_class(self._interface.module, additional)
            behind = self._behind(base)
            # Generic in the same classes as the class that it extends.
            results = [] if behind is None else [code for _, code in self._results_of(behind)]
            symbol = Symbol(self._interface.module, additional)
            yield PyClass(
                name=name,
                doc=runtime.doc,
                bases=(
                    subscript(symbol, *results) if results else Code((symbol,)),
                    Code((self._places.symbols[base],)),
                ),
                additions=runtime.additions,
            )


def _not_supported(label: str) -> Code:
    error = Symbol("wxruntime.support", "not_supported")
    return Code.of("raise ", error, f"({quoted(label)})")


def _rank(field: PyField) -> tuple[bool, int]:
    """Required fields first, callbacks last."""
    last = (
        CALLBACKS.index(field.name) + 1 if field.source is None and field.name in CALLBACKS else 0
    )
    return bool(field.default), last


def _overriding(field: PyField, inherited: Mapping[str, PyField]) -> PyField:
    above = inherited.get(field.name) or inherited.get(field.source.name if field.source else "")
    changed = above is not None and above.annotation != field.annotation
    return replace(field, overrides=True) if changed else field


_E = TypeVar("_E", NamedType, Class, Option)


def _bases_first(things: Sequence[_E]) -> Iterator[_E]:
    """Order things so that each comes after the one that it extends."""
    known = {thing.name: thing for thing in things}
    done: set[str] = set()
    for thing in things:
        line = [thing]
        base: Named | None = getattr(thing, "extends", None)
        while base is not None and base.name in known and base.name not in done:
            line.append(known[base.name])
            base = getattr(line[-1], "extends", None)
        for each in reversed(line):
            if each.name not in done:
                done.add(each.name)
                yield each
