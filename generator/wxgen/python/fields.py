"""A field of the spec in Python."""

from __future__ import annotations

from wxgen.python.annotations import Annotator, holds_none
from wxgen.python.code import NONE, union
from wxgen.python.docstrings import field_text
from wxgen.python.names import identifier, literal
from wxgen.python.records import PyField
from wxgen.spec.records import Field

__all__ = ["py_field"]


def py_field(
    field: Field, annotator: Annotator, *, given: bool, is_result: bool = False
) -> PyField:
    """Say a field, a parameter or an option in Python.

    Args:
        field: The field.
        annotator: Writes its type.
        given: Whether users give it.
        is_result: Whether an engine fills it; what none fills may be absent.
    """
    annotation = annotator.annotation(field.type, given=given)
    name, text = identifier(field.name), field_text(field, is_result=is_result)
    if field.required and not (is_result and field.support != "full"):
        return PyField(name, annotation, "", text, field)
    # None stands for absent, also where there is a default.
    if not holds_none(field.type):
        annotation = union((annotation, NONE))
    return PyField(name, annotation, literal(field.default), text, field)
