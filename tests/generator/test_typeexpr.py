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
    Named,
    Parameter,
    Primitive,
    Record,
    Type,
    TypeFault,
    Union,
    names_in,
    parse_type,
)

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
        ("Stat<string>", 4, f"expected {END}, found '<'"),
        ("string[", 7, f"expected ']', found {END}"),
        ("string[3]", 7, "expected ']', found '3'"),
        ("[string]", 0, "expected a type, found '['"),
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
        ("(a?: string) => void", 2, "a type cannot hold '?'"),
        ("=> void", 0, "expected a type, found '=>'"),
        ("'abc", 0, 'a type cannot hold "\'"'),
        (r"'a\'b'", 0, 'a type cannot hold "\'"'),
        ("1.5", 1, "a type cannot hold '.'"),
        ("1234567890123456", 15, f"expected {END}, found '6'"),
        ("--1", 0, "a type cannot hold '-'"),
        ("{a: string}", 0, "a type cannot hold '{'"),
        ("string;", 6, "a type cannot hold ';'"),
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


def shown(type_: Type) -> str:
    """Print a type as an expression, with no more parentheses than it needs."""
    match type_:
        case Primitive(name) | Named(name):
            return name
        case Literal(int(value)):
            return str(value)
        case Literal(value):
            quote = '"' if "'" in str(value) else "'"
            return f"{quote}{value}{quote}"
        case Array(Primitive() | Named() | Array() as item):
            return f"{shown(item)}[]"
        case Array(item):
            return f"Array<{shown(item)}>"
        case Record(key, value):
            return f"Record<{shown(key)}, {shown(value)}>"
        case Function(parameters, returns):
            each = [f"{parameter.name}: {shown(parameter.type)}" for parameter in parameters]
            return f"({', '.join(each)}) => {shown(returns)}"
        case Union(members):
            return " | ".join(
                f"({shown(member)})" if isinstance(member, Union | Function) else shown(member)
                for member in members
            )


def bare(type_: Type) -> Type:
    """The same type without the offsets of its names."""
    match type_:
        case Named(name):
            return Named(name)
        case Array(item):
            return Array(bare(item))
        case Record(key, value):
            return Record(bare(key), bare(value))
        case Function(parameters, returns):
            each = tuple(
                Parameter(parameter.name, bare(parameter.type)) for parameter in parameters
            )
            return Function(each, bare(returns))
        case Union(members):
            return Union(tuple(map(bare, members)))
        case _:
            return type_


names = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,8}", fullmatch=True)
literals = st.text(st.characters(exclude_characters="'\\"), max_size=8) | st.text(
    st.characters(exclude_characters='"\\'), max_size=8
).map(lambda text: text.replace("'", ""))
leaves: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from(sorted(PRIMITIVES)).map(Primitive),
    names.filter(lambda name: name not in PRIMITIVES | {"Array", "Record"}).map(Named),
    literals.map(Literal),
    st.integers(-(10**15) + 1, 10**15 - 1).map(Literal),
)
types = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Array),
        st.builds(Record, inner, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda members: Union(tuple(members))),
        st.builds(
            Function,
            st.lists(st.builds(Parameter, names, inner), max_size=2).map(tuple),
            inner,
        ),
    ),
    max_leaves=12,
)


@given(types)
def test_a_printed_type_is_read_as_it_was(type_: Type) -> None:
    assert bare(parse_type(shown(type_))) == type_


@given(types, st.sampled_from(["", " ", "\n", "\t  "]))
def test_space_means_nothing(type_: Type, space: str) -> None:
    text = shown(type_)
    assert bare(parse_type(f"{space}{text}{space}")) == type_


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
        assert bare(parse_type(shown(bare(parsed)))) == bare(parsed)
