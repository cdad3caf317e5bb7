"""Type expressions: what they mean, what is wrong with the others, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxgen.spec.typeexpr import (
    PRIMITIVES,
    Array,
    Function,
    Literal,
    Member,
    Named,
    Object,
    Parameter,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
    names_in,
    text_of,
)
from wxgen.spec.typeparser import TypeFault, parse_type

STRING, NUMBER, VOID = Primitive("string"), Primitive("number"), Primitive("void")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("string", STRING),
        ("  string\n", STRING),
        ("(string)", STRING),
        ("((string))", STRING),
        ("Stat", Named("Stat", 0)),
        ("  Stat", Named("Stat", 2)),
        ("String", Named("String", 0)),
        ("$x_1", Named("$x_1", 0)),
        ("'all'", Literal("all")),
        ('"it\'s"', Literal("it's")),
        ("''", Literal("")),
        ("'a|b, c>'", Literal("a|b, c>")),
        ("'消息'", Literal("消息")),
        ("0", Literal(0)),
        ("-12", Literal(-12)),
        ("999999999999999", Literal(999999999999999)),
        ("Array<string>", Array(STRING)),
        ("string[]", Array(STRING)),
        ("string[][]", Array(Array(STRING))),
        ("Array<string[]>", Array(Array(STRING))),
        ("Array < string >", Array(STRING)),
        ("Record<string, number>", Record(STRING, NUMBER)),
        ("Record<string,Array<number>>", Record(STRING, Array(NUMBER))),
        ("string | number", Union((STRING, NUMBER))),
        ("string|number|'x'", Union((STRING, NUMBER, Literal("x")))),
        ("string | number[]", Union((STRING, Array(NUMBER)))),
        ("(string | number)[]", Array(Union((STRING, NUMBER)))),
        ("string | (number | void)", Union((STRING, Union((NUMBER, VOID))))),
        ("() => void", Function((), VOID)),
        ("()=>void", Function((), VOID)),
        ("(res: Stat) => void", Function((Parameter("res", Named("Stat", 6)),), VOID)),
        (
            "(a: string, b: number | Stat) => string | number",
            Function(
                (
                    Parameter("a", STRING),
                    Parameter("b", Union((NUMBER, Named("Stat", 24)))),
                ),
                Union((STRING, NUMBER)),
            ),
        ),
        ("(string: string) => void", Function((Parameter("string", STRING),), VOID)),
        ("() => () => void", Function((), Function((), VOID))),
        ("(() => void) | string", Union((Function((), VOID), STRING))),
        ("(() => void)[]", Array(Function((), VOID))),
        ("DB.Collection", Named("DB.Collection", 0)),
        ("Stat<string>", Named("Stat", 0, (STRING,))),
        ("Map2<string, A.B<number>>", Named("Map2", 0, (STRING, Named("A.B", 14, (NUMBER,))))),
        ("Promise<string>", Promise(STRING)),
        ("Promise<void>[]", Array(Promise(VOID))),
        ("true | false", Union((Literal(True), Literal(False)))),
        ("[string]", Tuple((STRING,))),
        ("[string, number[]]", Tuple((STRING, Array(NUMBER)))),
        ("[string, number][]", Array(Tuple((STRING, NUMBER)))),
        ("{}", Object(())),
        ("{a: string}", Object((Member("a", STRING),))),
        (
            "{ a: string; b?: number, 'c-d': {} }",
            Object((Member("a", STRING), Member("b", NUMBER, False), Member("c-d", Object(())))),
        ),
        ("{a: string;}", Object((Member("a", STRING),))),
        ("{[key: string]: number}", Record(STRING, NUMBER)),
        (
            "{a: string, [index: number]: string}",
            Object((Member("a", STRING),), Record(NUMBER, STRING)),
        ),
        (
            "(a?: string, b?: number) => void",
            Function((Parameter("a", STRING, False), Parameter("b", NUMBER, False)), VOID),
        ),
        ("(...rest: number[]) => void", Function((Parameter("rest", NUMBER, rest=True),), VOID)),
        (
            "(a?: string, ...rest: any[]) => void",
            Function(
                (
                    Parameter("a", STRING, False),
                    Parameter("rest", Primitive("any"), rest=True),
                ),
                VOID,
            ),
        ),
    ],
)
def test_right(text: str, meant: Type) -> None:
    assert parse_type(text) == meant


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_primitive(name: str) -> None:
    assert parse_type(name) == Primitive(name)


END = "the end of the type"


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, f"expected a type, found {END}"),
        ("   ", 0, f"expected a type, found {END}"),
        ("|", 0, "expected a type, found '|'"),
        ("string |", 8, f"expected a type, found {END}"),
        ("string | | number", 9, "expected a type, found '|'"),
        ("string number", 7, f"expected {END}, found 'number'"),
        ("string/ArrayBuffer", 6, "a type cannot hold '/'"),
        ("string  / number", 8, "a type cannot hold '/'"),
        ("Array", 0, "Array is written Array<T>"),
        ("Array<>", 6, "expected a type, found '>'"),
        ("Array<string", 12, f"expected '>', found {END}"),
        ("Array<string, number>", 0, "Array is written Array<T>"),
        ("Array.<string>", 5, "a type cannot hold '.'"),
        ("string | Record<string>", 9, "Record is written Record<K, V>"),
        ("Record", 0, "Record is written Record<K, V>"),
        ("string[", 7, f"expected ']', found {END}"),
        ("string[3]", 7, "expected ']', found '3'"),
        ("(string", 7, f"expected ')', found {END}"),
        ("string)", 6, f"expected {END}, found ')'"),
        ("()", 2, f"expected '=>', found {END}"),
        ("() =>", 5, f"expected a type, found {END}"),
        ("(a: string)", 11, f"expected '=>', found {END}"),
        ("(a: string b: number) => void", 11, "expected ',', found 'b'"),
        ("(a: string, 3) => void", 12, "expected a name, found '3'"),
        ("(a: string,) => void", 11, "expected a name, found ')'"),
        ("(a: string, b) => void", 13, "expected ':', found ')'"),
        ("(a: ) => void", 4, "expected a type, found ')'"),
        ("=> void", 0, "expected a type, found '=>'"),
        ("'abc", 0, 'a type cannot hold "\'"'),
        (r"'a\'b'", 0, 'a type cannot hold "\'"'),
        ("1.5", 1, "a type cannot hold '.'"),
        ("1234567890123456", 15, f"expected {END}, found '6'"),
        ("--1", 0, "a type cannot hold '-'"),
        ("string;", 6, f"expected {END}, found ';'"),
        ("Stat<>", 5, "expected a type, found '>'"),
        ("Promise", 0, "Promise is written Promise<T>"),
        ("Promise<string, number>", 0, "Promise is written Promise<T>"),
        ("string<number>", 6, f"expected {END}, found '<'"),
        ("[]", 1, "expected a type, found ']'"),
        ("[string", 7, f"expected ']', found {END}"),
        ("{a string}", 3, "expected ':', found 'string'"),
        ("{a: string b: number}", 11, "expected '}', found 'b'"),
        ("{a: string", 10, f"expected '}}', found {END}"),
        ("{3: string}", 1, "expected a name, found '3'"),
        ("{a.b: string}", 1, "expected a name, found 'a.b'"),
        ("{a: string, a?: number}", 12, "'a' is a property already"),
        ("{[key: boolean]: string}", 7, "a key is a string, a number or an integer"),
        ("{[a: string]: T, [b: string]: T}", 18, "only one index signature"),
        (
            "(a?: string, b: number) => void",
            13,
            "'b' must be optional too, as the one before it is",
        ),
        ("(...a: string) => void", 7, "the rest is an array, such as any[]"),
        ("(...a: any[], b: string) => void", 12, "only the last parameter takes the rest"),
        ("A..B", 1, "a type cannot hold '.'"),
        ("{" * 40, 1, "expected a name, found '{'"),
        ("[" * 40 + "string" + "]" * 40, 32, "the type is nested too deeply"),
        ("{a: " * 40 + "string" + "}" * 40, 128, "the type is nested too deeply"),
        ("größe", 2, "a type cannot hold 'ö'"),
        ("(" * 40 + "string" + ")" * 40, 32, "the type is nested too deeply"),
        ("Array<" * 40 + "string" + ">" * 40, 192, "the type is nested too deeply"),
        ("() => " * 40 + "void", 192, "the type is nested too deeply"),
        ("string" + "[]" * 3000, 70, "the type is nested too deeply"),
    ],
)
def test_wrong(text: str, offset: int, message: str) -> None:
    with pytest.raises(TypeFault) as caught:
        parse_type(text)
    assert (caught.value.offset, caught.value.message) == (offset, message)
    assert str(caught.value) == message


def test_names_in_the_order_of_the_text() -> None:
    text = "A | Array<B> | Record<C, D[]> | (e: F, g: 'G' | H) => I | string"
    names = list(names_in(parse_type(text)))
    assert [name.name for name in names] == ["A", "B", "C", "D", "F", "H", "I"]
    assert all(text[name.offset :].startswith(name.name) for name in names)


OWN = PRIMITIVES | {"Array", "Promise", "Record", "true", "false"}
names = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,8}", fullmatch=True)
dotted = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,4}(\.[A-Z][a-z0-9]{0,4}){0,2}", fullmatch=True)
literals = st.text(st.characters(exclude_characters="'\\"), max_size=8) | st.text(
    st.characters(exclude_characters='"\\'), max_size=8
).map(lambda text: text.replace("'", ""))
leaves: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from(sorted(PRIMITIVES)).map(Primitive),
    dotted.filter(lambda name: name not in OWN).map(Named),
    literals.map(Literal),
    st.booleans().map(Literal),
    st.integers(-(10**15) + 1, 10**15 - 1).map(Literal),
)


def parameters(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[tuple[Parameter, ...]]:
    """Those that must be given, then others, then one that takes the rest."""
    some = st.lists(st.tuples(names, inner), max_size=2)
    return st.builds(
        lambda required, optional, rest: (
            *(Parameter(name, type_) for name, type_ in required),
            *(Parameter(name, type_, False) for name, type_ in optional),
            *(Parameter(name, type_, rest=True) for name, type_ in rest[:1]),
        ),
        some,
        some,
        some,
    )


def objects(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Object]:
    keys = names | literals
    members = st.lists(
        st.builds(Member, keys, inner, st.booleans()), max_size=3, unique_by=lambda one: one.name
    ).map(tuple)
    others = st.builds(Record, st.sampled_from([STRING, NUMBER]), inner)
    # One that has none but further members is a record.
    made = st.builds(Object, members, st.none() | others)
    return made.filter(lambda one: bool(one.members) or one.others is None)


types = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Array),
        inner.map(Promise),
        st.builds(Record, inner, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Tuple(tuple(items))),
        st.builds(
            Named,
            dotted.filter(lambda name: name not in OWN),
            st.just(0),
            st.lists(inner, min_size=1, max_size=2).map(tuple),
        ),
        objects(inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda members: Union(tuple(members))),
        st.builds(Function, parameters(inner), inner),
    ),
    max_leaves=12,
)


@given(types)
def test_a_printed_type_is_read_as_it_was(type_: Type) -> None:
    assert parse_type(text_of(type_)) == type_


@given(types, st.sampled_from(["", " ", "\n", "\t  "]))
def test_space_means_nothing(type_: Type, space: str) -> None:
    text = text_of(type_)
    assert parse_type(f"{space}{text}{space}") == type_


@given(
    st.text(max_size=40)
    | st.text("Array<>Record|()[]:,=> 'x\"10-\\", max_size=40)
    | st.lists(
        st.sampled_from(["Array<", ">", "(", ")", "=>", ":", "|", "a", "'b'", "[]", ","])
    ).map("".join)
)
def test_any_text_is_a_type_or_a_fault_within_it(text: str) -> None:
    try:
        parsed = parse_type(text)
    except TypeFault as fault:
        assert 0 <= fault.offset <= len(text)
        assert fault.message
    else:
        assert parse_type(text_of(parsed)) == parsed
