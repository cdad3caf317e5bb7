"""Docstrings and widths as formatters want them, whatever a text holds."""

from __future__ import annotations

import ast
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxgen.python.layout import columns, docstring


def read(literal: str) -> str:
    return inspect.cleandoc(ast.literal_eval(literal)).strip()


@pytest.mark.parametrize("size", [90, 96, 97, 120, 300])
def test_a_word_longer_than_a_line_is_whole(size: int) -> None:
    assert read(docstring(("x" * size,), 4)) == "x" * size
    assert read(docstring(("x" * size, "further"), 4)) == "x" * size + "\n\nfurther"


@pytest.mark.parametrize("doc", [('"quoted" text',), ('"quoted"', "further"), ('a "quote"',)])
def test_quotes_at_the_ends_stay_apart_from_those_of_the_literal(doc: tuple[str, ...]) -> None:
    literal = docstring(doc, 4)
    assert '""""' not in literal
    assert read(literal).split("\n\n") == list(doc)


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_no_character_is_lost(words: list[str]) -> None:
    assert read(docstring((" ".join(words),), 4)).split() == words


def test_columns() -> None:
    assert columns("text") == 4
    assert columns("中文") == 4  # wide
    assert columns("é") == columns("e\u0301") == 1  # composed, and with a mark of its own
