"""APIs to measure generators with: as many like calls as wanted, and one as large as the whole `wx` API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

__all__ = ["like_calls", "openapi", "whole_api"]

FIELDS: Final = ("path", "encoding", "mode", "flags")

# As many as the platform documents.
FUNCTIONS: Final = 495
CLASSES: Final = 104
METHODS: Final = 741
TYPES: Final = 903


def like_calls(count: int) -> str:
    """Write a spec of so many functions, each with an option type and a result of its own."""
    lines = [*_head(), "types:"]
    for number in range(count):
        lines += _object(f"Result{number}", f"call{number}", ("errMsg: string", "size: number"))
    lines.append("functions:")
    for number in range(count):
        results = dict.fromkeys(("success", "fail", "complete"), f"Result{number}")
        fields = [f"{name}: string" for name in FIELDS]
        lines += _with_options("  ", f"call{number}", fields, results)
    return "\n".join(lines) + "\n"


def whole_api() -> str:
    """Write a spec with the functions, classes, methods and types of the whole `wx` API."""
    lines = [*_head(), "types:"]
    lines += _object("GeneralCallbackResult", "common", ("errMsg: string",))
    for number in range(1, TYPES):
        if number % 5 == 0:
            lines += _enumeration(f"Type{number}", f"section{number}")
        else:
            fields = (f"owner: Type{number // 5 * 5 or 1}", "size: number", "names: string[]")
            lines += _object(f"Type{number}", f"section{number}", fields)
    lines.append("functions:")
    for number in range(FUNCTIONS):
        lines += _call("  ", f"call{number}", number)
    lines.append("classes:")
    for number in range(CLASSES):
        lines += [
            f"  Class{number}:",
            f"    description: What stands for thing {number} of the platform, and what it can do.",
            f"    section: Class{number}",
            "    properties:",
            "      state: {type: string, writable: true, description: What it is doing now.}",
            "    methods:",
        ]
        share = METHODS * (number + 1) // CLASSES - METHODS * number // CLASSES
        for method in range(share):
            lines += _call("      ", f"method{method}", number * 7 + method + 2)
    return "\n".join(lines) + "\n"


def _head() -> list[str]:
    return [
        "wxgen: 1",
        "package: measured",
        "title: Measured",
        "description: An API to measure with.",
        "section: Measured",
    ]


def _object(name: str, section: str, fields: tuple[str, ...]) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    description: What is told of {section}, each time that it is asked for."
    yield f"    section: {section}"
    yield "    properties:"
    for field in fields:
        label, _, type_ = field.partition(": ")
        yield f"      {label}: {{type: '{type_}', description: The {label} of it.}}"


def _enumeration(name: str, section: str) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    description: How {section} can be."
    yield f"    section: {section}"
    yield "    values:"
    for value in ("first", "second", "third"):
        yield f"      - {{value: {value}, description: The {value} way.}}"


def _call(margin: str, name: str, number: int) -> Iterator[str]:
    """A call of one of five kinds in turn: with options, two with parameters, two with listeners."""
    kind = number % 5
    if kind in (0, 1):
        fields = (f"kind: Type{number % 900 + 1}", "timeout: number", "label: string")
        names = ("success", "fail", "complete")
        yield from _with_options(
            margin, name, fields, dict.fromkeys(names, "GeneralCallbackResult")
        )
        return
    yield f"{margin}{name}:"
    yield f"{margin}  description: Do what {name} does, which takes a moment, and tell how that went."
    yield f"{margin}  section: {name}"
    yield f"{margin}  since: 2.{number % 30}.0"
    if kind == 4:
        result = f"Type{number % 180 * 5 + 1}"
        yield f"{margin}  listener: {{result: {result}, description: Called with what changed.}}"
        return
    yield f"{margin}  parameters:"
    yield f"{margin}    - {{name: path, type: string, description: Where it is.}}"
    yield f"{margin}    - {{name: size, type: number, required: false, description: How large it is.}}"
    yield f"{margin}  returns: {'string' if kind == 2 else f'Class{number % CLASSES}'}"


def _with_options(
    margin: str, name: str, fields: tuple[str, ...] | list[str], results: dict[str, str]
) -> Iterator[str]:
    yield f"{margin}{name}:"
    yield f"{margin}  description: Do what {name} does, which takes a moment, and tell how that went."
    yield f"{margin}  section: {name}"
    yield f"{margin}  option:"
    for callback, result in results.items():
        yield f"{margin}    {callback}: {result}"
    yield f"{margin}    properties:"
    for field in fields:
        label, _, type_ = field.partition(": ")
        yield f"{margin}      {label}:"
        yield f"{margin}        type: {type_}"
        yield f"{margin}        required: true"
        yield f"{margin}        description: The {label} of what it is done to."


def openapi(count: int) -> dict[str, Any]:
    """Say the API of :func:`like_calls` in OpenAPI, for other generators."""

    def schema(fields: dict[str, str]) -> dict[str, Any]:
        properties = {
            name: {"type": kind, "description": f"The {name}."} for name, kind in fields.items()
        }
        return {"type": "object", "required": list(fields), "properties": properties}

    def content(name: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    return {
        "openapi": "3.0.3",
        "info": {"title": "Measured", "version": "1.0"},
        "paths": {
            f"/call{number}": {
                "post": {
                    "operationId": f"call{number}",
                    "description": f"Carry out call {number}.",
                    "requestBody": {"required": True, "content": content(f"Call{number}Option")},
                    "responses": {
                        "200": {
                            "description": f"What call {number} gives.",
                            "content": content(f"Result{number}"),
                        }
                    },
                }
            }
            for number in range(count)
        },
        "components": {
            "schemas": {
                name: value
                for number in range(count)
                for name, value in (
                    (f"Call{number}Option", schema(dict.fromkeys(FIELDS, "string"))),
                    (f"Result{number}", schema({"errMsg": "string", "size": "number"})),
                )
            }
        },
    }
