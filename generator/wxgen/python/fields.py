"""A field of the spec in Python."""

from __future__ import annotations

from collections.abc import Iterable

from wxgen.python.annotations import Annotator, holds_none
from wxgen.python.code import NONE, union
from wxgen.python.docstrings import field_text
from wxgen.python.names import identifier, literal, own
from wxgen.python.records import PyField
from wxgen.spec.records import Field
from wxgen.spec.typeexpr import Primitive, Record

__all__ = ["others_field", "py_field"]


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
    if not isinstance(field.type, Primitive):
        annotator = annotator.at(f"{annotator.place}{field.name[:1].upper()}{field.name[1:]}")
    annotation = annotator.annotation(field.type, given=given)
    name, text = identifier(field.name), field_text(field, is_result=is_result)
    if field.rest or (field.required and not (is_result and field.support != "full")):
        return PyField(name, annotation, "", text, field)
    # None stands for absent, also where there is a default.
    if not holds_none(field.type):
        annotation = union((annotation, NONE))
    return PyField(name, annotation, literal(field.default), text, field)


def others_field(
    record: Record, annotator: Annotator, fields: Iterable[PyField], *, given: bool
) -> PyField:
    """Say in Python that an object may have further keys.

    Known keys stay attributes, which checkers know; the others are in a mapping beside them.

    Args:
        record: What they hold.
        annotator: Writes its types.
        fields: The fields that the object has.
        given: Whether users give it.
    """
    name = own("others", {field.name for field in fields})
    annotation = annotator.annotation(record, given=given)
    return PyField(name, union((annotation, NONE)), "None", "Further keys, and what they hold.")
