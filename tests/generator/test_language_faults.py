"""What can be wrong with the constructs of the language: each fault with its place and its words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from generator.kit import DS, FIELD, HEAD, OBJECT, call, check, classes, field, option, types

GENERIC: Final = (
    f"Page: {{{DS}, typeParameters: [T, {{name: C, default: string}}], properties: {{}}}}"
)
SHARED: Final = f"options: {{Base: {{{DS}, properties: {{a: {FIELD}}}}}}}\n"

WRONG: Final[dict[str, tuple[str, str]]] = {
    # Type variables.
    "too few type arguments": (
        types(f"{GENERIC}, A: {{{DS}, type: ^Page}}"),
        "'Page' takes 1 to 2 type arguments, found 0",
    ),
    "too many type arguments": (
        types(f"{GENERIC}, A: {{{DS}, type: '^Page<string, string, string>'}}"),
        "'Page' takes 1 to 2 type arguments, found 3",
    ),
    "one type argument too few": (
        types(f"P: {{{DS}, typeParameters: [T], properties: {{}}}}, A: {{{DS}, type: ^P}}"),
        "'P' takes 1 type argument, found 0",
    ),
    "a type argument for what takes none": (
        types(f"B: {OBJECT}, A: {{{DS}, type: ^B<string>}}"),
        "'B' takes no type arguments, found 1",
    ),
    "a type argument for a type variable": (
        call("typeParameters: [T], returns: ^T<string>"),
        "'T' takes no type arguments, found 1",
    ),
    "an unknown type argument": (
        types(f"{GENERIC}, A: {{{DS}, type: 'Page<^Strin>'}}"),
        "unknown type 'Strin', did you mean 'string'?",
    ),
    "an unknown bound": (
        call("typeParameters: [{name: T, extends: ^Strin}]"),
        "unknown type 'Strin', did you mean 'string'?",
    ),
    "an unknown default of a variable": (
        call("typeParameters: [{name: T, default: ^Strin}]"),
        "unknown type 'Strin', did you mean 'string'?",
    ),
    "a variable twice": (call("typeParameters: [T, ^T]"), "'T' is a type variable already"),
    "a variable of the class again": (
        classes(
            f"A: {{{DS}, typeParameters: [T], methods: {{m: {{{DS}, typeParameters: [^T]}}}}}}"
        ),
        "'T' is a type variable already",
    ),
    "a variable like a type": (
        f"types: {{A: {OBJECT}}}\n" + call("typeParameters: [{name: ^A}]"),
        "'A' is a type: choose another name",
    ),
    "a variable like a type of the language": (
        call("typeParameters: [^Promise]"),
        "'Promise' is a type: choose another name",
    ),
    "a variable without default after one with": (
        call("typeParameters: [{name: T, default: any}, ^U]"),
        "'U' needs a default too, as the one before it has one",
    ),
    "a default that needs itself": (
        types(f"A: {{{DS}, ^typeParameters: [{{name: T, default: A}}], properties: {{}}}}"),
        "a default of the type variables of 'A' needs 'A' itself",
    ),
    "a default that needs itself through a name": (
        types(
            f"A: {{{DS}, ^typeParameters: [{{name: T, default: B}}], properties: {{}}}}, "
            f"B: {{{DS}, type: A}}"
        ),
        "a default of the type variables of 'A' needs 'A' itself",
    ),
    # What extends what.
    "extends with wrong type arguments": (
        types(f"{GENERIC}, A: {{{DS}, properties: {{}}, extends: ^Page}}"),
        "'Page' takes 1 to 2 type arguments, found 0",
    ),
    "extends what is no name": (
        types(f"A: {{{DS}, properties: {{}}, extends: ^'string[]'}}"),
        "there is no object type 'string[]'",
    ),
    "extends what is no type": (
        types(f"A: {{{DS}, properties: {{}}, extends: 'A<^'}}"),
        "expected a type, found the end of the type",
    ),
    "an option type that extends an object": (
        f"types: {{A: {OBJECT}}}\noptions: {{B: {{{DS}, properties: {{}}, extends: ^A}}}}",
        "there is no option type 'A'",
    ),
    "an option type that extends itself": (
        f"options: {{B: {{{DS}, properties: {{}}, extends: ^B}}}}",
        "'B' extends itself",
    ),
    "a class that extends a type": (
        f"types: {{B: {OBJECT}}}\n" + classes(f"A: {{{DS}, extends: ^B}}"),
        "there is no class 'B'",
    ),
    # Options.
    "an unknown option type": (
        SHARED + call("option: ^Bas"),
        "there is no option type 'Bas', did you mean 'Base'?",
    ),
    "an unknown option type, the long way": (
        SHARED + call("option: {type: ^Bas}"),
        "there is no option type 'Bas', did you mean 'Base'?",
    ),
    "another call's own option type": (
        f"functions: {{g: {{{DS}, option: {{properties: {{}}}}}}, f: {{{DS}, option: ^GOption}}}}",
        "there is no option type 'GOption'",
    ),
    "a shared option object that cannot be left out": (
        f"options: {{Base: {{{DS}, properties: "
        "{a: {type: string, required: true, description: d}}}}\n"
        + call("option: {type: Base, optional: ^true}"),
        "the object cannot be left out: 'a' is required",
    ),
    "an inherited option that is required": (
        f"options: {{Base: {{{DS}, properties: "
        "{a: {type: string, required: true, description: d}}}}\n"
        + option("extends: Base, optional: ^true"),
        "the object cannot be left out: 'a' is required",
    ),
    "an option type of an overload without a name": (
        f"functions: {{f: {{{DS}, option: {{properties: {{}}}}, "
        "overloads: [{option: ^{properties: {}}}]}}",
        "'FOption' is declared in line 5 already",
    ),
    # Objects.
    "unknown others": (
        types(f"A: {{{DS}, properties: {{}}, others: ^B}}"),
        "unknown type 'B'",
    ),
    "an unknown value of others": (
        types(f"A: {{{DS}, properties: {{}}, others: {{key: number, value: ^B}}}}"),
        "unknown type 'B'",
    ),
    "an unknown type within an object without a name": (
        field("type: '{a: ^B}'"),
        "unknown type 'B'",
    ),
    "an example of a tuple of another length": (
        field("type: '[string, number]', example: ^[a]"),
        "the example ['a'] is no [string, number]",
    ),
    "an example of an object without a name": (
        field("type: '{a: string, b?: number}', example: ^{b: 1}"),
        "the example {'b': 1} is no {a: string, b?: number}",
    ),
    "a default that is another truth": (
        field("type: 'true', default: ^false"),
        "the default False is no true",
    ),
    "a property of an object that is writable": (
        field("type: string, ^writable: true"),
        "only a property of a class or of the namespace can be writable",
    ),
    "an option that is writable": (
        option("properties: {a: {type: string, description: d, ^writable: true}}"),
        "only a property of a class or of the namespace can be writable",
    ),
    # Types of the platform.
    "a host type of a name that may not be": (
        types(f"A: {{{DS}, host: ^'Sequense[float]'}}"),
        "'Sequense' is no name that such an annotation may use, did you mean 'Sequence'?",
    ),
    "a host type that is a program": (
        types(f"A: {{{DS}, host: ^'print(1)'}}"),
        "not a Python annotation",
    ),
    "a host type that calls": (
        types(f"A: {{{DS}, host: ^'int()'}}"),
        "not a Python annotation",
    ),
    "a host type that is no Python": (
        types(f"A: {{{DS}, host: ^'list['}}"),
        "not a Python annotation",
    ),
    "a host type that is a text": (
        types(f"A: {{{DS}, host: ^\"list['int']\"}}"),
        "not a Python annotation",
    ),
    "a host type that is too long": (
        types(f"A: {{{DS}, host: ^'{'int | ' * 40}int'}}"),
        "a Python annotation of more than 200 characters",
    ),
    # Listeners and events.
    "an unknown type among arguments": (
        call("listener: {description: d, arguments: [{name: a, type: ^B, description: d}]}"),
        "unknown type 'B'",
    ),
    "an unknown type that a listener returns": (
        call("listener: {description: d, returns: ^B}"),
        "unknown type 'B'",
    ),
    "an argument twice": (
        call(
            "listener: {description: d, arguments: [{name: a, type: any, description: d}, "
            "{name: ^a, type: any, description: d}]}"
        ),
        "'a' is a parameter already",
    ),
    "events without a method": (
        classes(f"A: {{{DS}, ^events: {{e: {{description: d}}}}}}"),
        "'A' has events, so it needs a method with event: adds",
    ),
    "a method without events": (
        classes(f"A: {{{DS}, methods: {{on: {{{DS}, event: ^adds}}}}}}"),
        "'A' has no events",
    ),
    "a function with events": (
        call("event: ^adds"),
        "only a method of a class with events can have one",
    ),
    "an event that is inherited": (
        classes(
            f"B: {{{DS}, methods: {{on: {{{DS}, event: adds}}}}, events: {{e: {{description: d}}}}}}, "
            f"A: {{{DS}, extends: B, events: {{^e: {{description: d}}}}}}"
        ),
        "'e' is an event of B already",
    ),
    "removes without a listener what nothing registers": (
        call("removes: ^onX"),
        "no call 'onX' registers a listener here",
    ),
    # Classes.
    "a constructor that returns": (
        classes(f"A: {{{DS}, construct: {{{DS}, ^returns: A}}}}"),
        "a constructor returns its class, A",
    ),
    "a constructor that listens": (
        classes(f"A: {{{DS}, construct: {{{DS}, ^listener: {{description: d}}}}}}"),
        "a constructor registers no listener",
    ),
    "an unknown type of a constructor": (
        classes(
            f"A: {{{DS}, construct: {{{DS}, parameters: [{{name: a, type: ^B, description: d}}]}}}}"
        ),
        "unknown type 'B'",
    ),
    "an unknown type of a property of the namespace": (
        "properties: {a: {type: ^B, description: d}}",
        "unknown type 'B'",
    ),
    "an unknown type of a shared option": (
        f"options: {{A: {{{DS}, properties: {{}}, success: ^B}}}}",
        "unknown type 'B'",
    ),
    "an option type declared twice": (
        f"types: {{A: {OBJECT}}}\noptions: {{^A: {{{DS}, properties: {{}}}}}}",
        "'A' is declared in line 5 already",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_fault(what: str, tmp_path: Path) -> None:
    body, message = WRONG[what]
    check(HEAD + body, [message], tmp_path)
