"""What emitted modules of types take from the runtime instead of from `typing` and `dataclasses`."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import pytest

from wxruntime.records import TypeAliasType, TypeVar, dataclass

A: Any = TypeVar("A")
B: Any = TypeVar("B", bound=int, default=int)


def test_a_name_for_types_stands_in_types() -> None:
    swap: Any = TypeAliasType("Swap", {"b": B}, type_params=(A, B))
    assert repr(swap) == "Swap"
    assert swap.__value__ == {"b": B}
    assert swap.__type_params__ == (A, B)
    made = swap[int, str]
    assert typing.get_origin(made) is swap
    assert typing.get_args(made) == (int, str)
    assert typing.get_args(swap | None) == (swap, type(None))
    assert typing.get_args("Later" | swap) == (typing.ForwardRef("Later"), swap)
    assert typing.get_args(typing.Union[swap, int]) == (swap, int)  # noqa: UP007
    with pytest.raises(TypeError, match="Swap is a name for types, and has no instances"):
        swap()


def test_a_field_that_is_said_again_has_not_the_default_of_the_base() -> None:
    @dataclass(kw_only=True)
    class Base:
        a: str | None = None
        b: int = 1

    @dataclass(kw_only=True)
    class Derived(Base):
        a: str

    made: Any = Derived
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'a'"):
        made()
    assert made(a="x") == made(a="x", b=1)
    assert {field.name for field in dataclasses.fields(made)} == {"a", "b"}
    assert Base().a is None
