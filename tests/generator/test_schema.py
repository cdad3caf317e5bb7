"""The schema of the spec language: for each of its rules, a spec that is wrong because of that rule.

In the specs below `^` stands where the fault is reported, and is no part of the spec.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest
from generator.kit import HEAD, SECOND, SPEC
from jsonschema import Draft202012Validator

from wxgen.spec.diagnostics import SpecError
from wxgen.spec.schema import compile_schema, schema, validate
from wxgen.spec.source import parse

# A place in a spec, around the body of a fixture.
PLACES: Final = {
    "all": "{}",
    "head": HEAD + "{}",
    "constant": HEAD + "constants: {{A: {{{}}}}}",
    "type": HEAD + "types: {{A: {{{}}}}}",
    "field": HEAD + "types: {{A: {{description: d, section: s, properties: {{a: {{{}}}}}}}}}",
    "value": HEAD + "types: {{A: {{description: d, section: s, values: [{{{}}}]}}}}",
    "call": HEAD + "functions: {{f: {{{}}}}}",
    "option": HEAD + "functions: {{f: {{description: d, section: s, option: {{{}}}}}}}",
    "listener": HEAD + "functions: {{f: {{description: d, section: s, listener: {{{}}}}}}}",
    "parameter": HEAD + "functions: {{f: {{description: d, section: s, parameters: [{{{}}}]}}}}",
    "overload": HEAD + "functions: {{f: {{description: d, section: s, overloads: [{{{}}}]}}}}",
    "limit": HEAD + "functions: {{f: {{description: d, section: s, limits: [{{{}}}]}}}}",
    "class": HEAD + "classes: {{A: {{{}}}}}",
    "shared": HEAD + "options: {{A: {{{}}}}}",
    "own": HEAD + "functions: {{f: {{description: d, section: s, option: {}}}}}",
    "variables": HEAD + "functions: {{f: {{description: d, section: s, typeParameters: {}}}}}",
    "others": HEAD + "types: {{A: {{description: d, section: s, properties: {{}}, others: {}}}}}",
    "arguments": (
        HEAD + "functions: {{f: {{description: d, section: s, "
        "listener: {{description: d, arguments: {}}}}}}}"
    ),
}

MAPPING = "expected a mapping, found {}".format
TEXT = "expected text, found {}".format
LIST = "expected a list, found {}".format
BOOL = "expected true or false, found {}".format
EMPTY = "must not be empty"
MISSING = "missing key '{}'".format
UNKNOWN = "unknown key '{}'".format
NAMESPACE = "a name starts with a letter and holds at most 64 letters and digits"
NAME = "a name starts with a letter, _ or $ and holds at most 64 letters, digits, _ and $"
TYPE_NAME = (
    "a type's name starts with a capital and holds at most 96 letters, digits, _ and $, with dots "
    "between its parts"
)
PROPERTY_NAME = (
    "a property's name starts with a letter, a digit, _ or $ and holds at most 64 of them, . and -"
)
CHAPTER = (
    "a chapter's name starts with a small letter and holds at most 64 small letters, digits and _"
)
PACKAGE = (
    "a package's name is a Python identifier of at most 64 letters, digits and _, and no keyword"
)
VARIABLE = "a type variable's name starts with a capital and holds at most 64 letters and digits"
VERSION = "a version is three numbers with dots, such as 1.5.0"
FORMS = (
    "a type has exactly one of properties (an object, which alone may extend another and have "
    "others), values (an enumeration), type (another name) and host (a type of the platform); the "
    "first and the third may have typeParameters"
)
OPTION_FORMS = (
    "an option has type (one that calls share) and nothing else that describes it, or it is "
    "described by properties, extends, name, success, fail and complete"
)
LISTENER_FORMS = "a listener has result (one object) or arguments, not both"
ALONE = "a listener stands alone, without option, parameters and returns; "
FORM = ALONE + "returnsDescription goes with returns"
TAKES = (
    ALONE + "removes goes with a listener or alone, event stands alone; returnsDescription goes "
    "with returns"
)
NUMBER, WHOLE, A_LIST, A_MAPPING, SOME_TEXT = (
    "a number",
    "a whole number",
    "a list",
    "a mapping",
    "text",
)
DS = "description: d, section: s"
DT = "description: d, type: string"
OPTION = "option: {properties: {}}"
LISTENER = "listener: {description: d}"
PARAMETERS = "parameters: [{name: a, type: string, description: d}]"

# Each rule of the schema: the place of the fixture, its body, and what is said.
FIXTURES: Final[dict[str, tuple[str, str, str]]] = {
    "#/type": ("all", "^[]", MAPPING(A_LIST)),
    "#/required/wxgen": ("all", "^title: T\ndescription: D\nsection: S", MISSING("wxgen")),
    "#/required/title": ("all", "^wxgen: 1\ndescription: D\nsection: S", MISSING("title")),
    "#/required/description": ("all", "^wxgen: 1\ntitle: T\nsection: S", MISSING("description")),
    "#/required/section": ("all", "^wxgen: 1\ntitle: T\ndescription: D", MISSING("section")),
    "#/additionalProperties": (
        "head",
        "^function: {}",
        UNKNOWN("function") + ", did you mean 'functions'?",
    ),
    "#/properties/wxgen/const": (
        "all",
        "title: T\ndescription: D\nsection: S\nwxgen: ^2",
        "must be 1, not 2",
    ),
    "#/properties/title/$ref": (
        "all",
        "wxgen: 1\ntitle: ^1\ndescription: D\nsection: S",
        TEXT(WHOLE),
    ),
    "#/properties/description/$ref": (
        "all",
        "wxgen: 1\ntitle: T\ndescription: ^[]\nsection: S",
        TEXT(A_LIST),
    ),
    "#/properties/section/$ref": (
        "all",
        "wxgen: 1\ntitle: T\ndescription: D\nsection: ^{}",
        TEXT(A_MAPPING),
    ),
    "#/properties/namespace/$ref": ("head", "namespace: ^a b", NAMESPACE),
    "#/properties/engine/$ref": ("head", "engine: ^../x", NAMESPACE),
    "#/properties/cautions/$ref": ("head", "cautions: ^c", LIST(SOME_TEXT)),
    "#/properties/oddities/$ref": ("head", "oddities: ^c", LIST(SOME_TEXT)),
    "#/properties/constants/type": ("head", "constants: ^[]", MAPPING(A_LIST)),
    "#/properties/constants/propertyNames/pattern": (
        "head",
        f"constants: {{^Max: {{value: 1, {DS}}}}}",
        "a constant's name is written in capitals, digits and _",
    ),
    "#/properties/constants/additionalProperties/$ref": (
        "head",
        "constants: {MAX: ^5}",
        MAPPING(WHOLE),
    ),
    "#/properties/types/type": ("head", "types: ^[]", MAPPING(A_LIST)),
    "#/properties/types/propertyNames/$ref": (
        "head",
        f"types: {{^a: {{{DS}, type: string}}}}",
        TYPE_NAME,
    ),
    "#/properties/types/additionalProperties/$ref": (
        "head",
        "types: {A: ^string}",
        MAPPING("text"),
    ),
    "#/properties/functions/type": ("head", "functions: ^[]", MAPPING(A_LIST)),
    "#/properties/functions/propertyNames/$ref": ("head", f"functions: {{^f-g: {{{DS}}}}}", NAME),
    "#/properties/functions/additionalProperties/$ref": (
        "head",
        "functions: {f: ^d}",
        MAPPING(SOME_TEXT),
    ),
    "#/properties/classes/type": ("head", "classes: ^[]", MAPPING(A_LIST)),
    "#/properties/classes/propertyNames/$ref": (
        "head",
        f"classes: {{^__init__: {{{DS}}}}}",
        TYPE_NAME,
    ),
    "#/properties/classes/additionalProperties/$ref": (
        "head",
        "classes: {A: ^null}",
        MAPPING("nothing"),
    ),
    "#/$defs/propertyName/type": ("parameter", f"{DT}, name: ^1.5", TEXT(NUMBER)),
    "#/$defs/line/type": ("field", f"{DT}, unit: ^1", TEXT(WHOLE)),
    "#/$defs/line/minLength": ("field", f"{DT}, unit: ^''", EMPTY),
    "#/$defs/line/pattern": ("field", f'{DT}, unit: ^"a\\nb"', "must be one line of text"),
    "#/$defs/text/type": ("head", "cautions: [^1]", TEXT(WHOLE)),
    "#/$defs/text/minLength": ("head", "cautions: [^'']", EMPTY),
    "#/$defs/texts/type": ("head", "cautions: ^{}", LIST(A_MAPPING)),
    "#/$defs/texts/minItems": ("head", "^cautions: []", EMPTY),
    "#/$defs/texts/items/$ref": ("head", "cautions: [a, ^b: c]", TEXT(A_MAPPING)),
    "#/$defs/section/$ref": ("call", "description: d, section: ^''", EMPTY),
    "#/$defs/version/type": ("call", f"{DS}, since: ^1.5", TEXT(NUMBER)),
    "#/$defs/version/pattern": ("call", f"{DS}, since: ^1.5.0b1", VERSION),
    "#/$defs/type/type": ("type", f"{DS}, type: ^[string]", TEXT(A_LIST)),
    "#/$defs/type/minLength": ("type", f"{DS}, type: ^''", EMPTY),
    "#/$defs/constant/type": ("head", "constants: {A: ^[]}", MAPPING(A_LIST)),
    "#/$defs/constant/required/value": ("head", f"constants: {{^A: {{{DS}}}}}", MISSING("value")),
    "#/$defs/constant/required/description": (
        "head",
        "constants: {^A: {value: 1, section: s}}",
        MISSING("description"),
    ),
    "#/$defs/constant/required/section": (
        "head",
        "constants: {^A: {value: 1, description: d}}",
        MISSING("section"),
    ),
    "#/$defs/constant/additionalProperties": (
        "constant",
        f"value: 1, {DS}, ^unit: s",
        UNKNOWN("unit"),
    ),
    "#/$defs/constant/properties/value/type": (
        "constant",
        f"{DS}, value: ^true",
        "expected a whole number, a number or text, found true or false",
    ),
    "#/$defs/constant/properties/description/$ref": (
        "constant",
        "value: 1, section: s, description: ^''",
        EMPTY,
    ),
    "#/$defs/constant/properties/section/$ref": (
        "constant",
        "value: 1, description: d, section: ^''",
        EMPTY,
    ),
    "#/$defs/constant/properties/since/$ref": ("constant", f"value: 1, {DS}, since: ^x", VERSION),
    "#/$defs/property/type": (
        "type",
        f"{DS}, properties: {{a: ^string}}",
        MAPPING(SOME_TEXT),
    ),
    "#/$defs/property/required/type": (
        "type",
        f"{DS}, properties: {{^a: {{description: d}}}}",
        MISSING("type"),
    ),
    "#/$defs/property/required/description": (
        "type",
        f"{DS}, properties: {{^a: {{type: string}}}}",
        MISSING("description"),
    ),
    "#/$defs/property/additionalProperties": (
        "field",
        f"{DT}, ^requierd: true",
        UNKNOWN("requierd") + ", did you mean 'required'?",
    ),
    "#/$defs/property/properties/type/$ref": ("field", "description: d, type: ^1", TEXT(WHOLE)),
    "#/$defs/property/properties/documented/$ref": ("field", f"{DT}, documented: ^''", EMPTY),
    "#/$defs/property/properties/required/type": (
        "field",
        f"{DT}, required: ^'yes'",
        BOOL(SOME_TEXT),
    ),
    "#/$defs/property/properties/default/type": (
        "field",
        f"{DT}, default: ^[a]",
        "expected text, a number, a whole number or true or false, found a list",
    ),
    "#/$defs/property/properties/fallback/$ref": ("field", f"{DT}, fallback: ^1", TEXT(WHOLE)),
    "#/$defs/property/properties/unit/$ref": ("field", f"{DT}, unit: ^[]", TEXT(A_LIST)),
    "#/$defs/property/properties/description/$ref": (
        "field",
        "type: string, description: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/property/properties/since/$ref": ("field", f"{DT}, since: ^'2'", VERSION),
    "#/$defs/property/properties/deprecated/$ref": (
        "field",
        f"{DT}, deprecated: ^true",
        TEXT("true or false"),
    ),
    "#/$defs/properties/type": ("type", f"{DS}, properties: ^[]", MAPPING(A_LIST)),
    "#/$defs/properties/propertyNames/$ref": (
        "type",
        f"{DS}, properties: {{^a b: {{{DT}}}}}",
        PROPERTY_NAME,
    ),
    "#/$defs/properties/additionalProperties/$ref": (
        "type",
        f"{DS}, properties: {{a: ^1}}",
        MAPPING(WHOLE),
    ),
    "#/$defs/namedType/type": ("head", "types: {A: ^[]}", MAPPING(A_LIST)),
    "#/$defs/namedType/required/description": (
        "head",
        "types: {^A: {section: s, type: string}}",
        MISSING("description"),
    ),
    "#/$defs/namedType/required/section": (
        "head",
        "types: {^A: {description: d, type: string}}",
        MISSING("section"),
    ),
    "#/$defs/namedType/additionalProperties": (
        "type",
        f"{DS}, type: string, ^cautions: [c]",
        UNKNOWN("cautions"),
    ),
    "#/$defs/namedType/properties/description/$ref": (
        "type",
        "section: s, type: string, description: ^''",
        EMPTY,
    ),
    "#/$defs/namedType/properties/section/$ref": (
        "type",
        "description: d, type: string, section: ^''",
        EMPTY,
    ),
    "#/$defs/namedType/properties/oddities/$ref": (
        "type",
        f"{DS}, type: string, oddities: ^o",
        LIST(SOME_TEXT),
    ),
    "#/$defs/namedType/properties/since/$ref": (
        "type",
        f"{DS}, type: string, since: ^v1.0.0",
        VERSION,
    ),
    "#/$defs/namedType/properties/deprecated/$ref": (
        "type",
        f"{DS}, type: string, deprecated: ^''",
        EMPTY,
    ),
    "#/$defs/namedType/properties/properties/$ref": (
        "type",
        f"{DS}, properties: ^p",
        MAPPING(SOME_TEXT),
    ),
    "#/$defs/namedType/properties/values/type": (
        "type",
        f"{DS}, values: ^{{}}",
        LIST(A_MAPPING),
    ),
    "#/$defs/namedType/properties/values/minItems": ("type", f"{DS}, ^values: []", EMPTY),
    "#/$defs/namedType/properties/values/items/type": (
        "type",
        f"{DS}, values: [^a]",
        MAPPING(SOME_TEXT),
    ),
    "#/$defs/namedType/properties/values/items/required/value": (
        "type",
        f"{DS}, values: [^{{description: d}}]",
        MISSING("value"),
    ),
    "#/$defs/namedType/properties/values/items/required/description": (
        "type",
        f"{DS}, values: [^{{value: a}}]",
        MISSING("description"),
    ),
    "#/$defs/namedType/properties/values/items/additionalProperties": (
        "value",
        "value: a, description: d, ^section: s",
        UNKNOWN("section"),
    ),
    "#/$defs/namedType/properties/values/items/properties/value/type": (
        "value",
        "description: d, value: ^1.5",
        "expected text or a whole number, found a number",
    ),
    "#/$defs/namedType/properties/values/items/properties/description/$ref": (
        "value",
        "value: a, description: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/namedType/properties/values/items/properties/since/$ref": (
        "value",
        "value: a, description: d, since: ^''",
        VERSION,
    ),
    "#/$defs/namedType/properties/type/$ref": ("type", f"{DS}, type: ^1", TEXT(WHOLE)),
    "#/$defs/namedType/anyOf": ("head", f"types: {{^A: {{{DS}}}}}", FORMS),
    "#/$defs/namedType/dependentRequired/extends/properties": (
        "type",
        f"{DS}, type: string, ^extends: B",
        "key 'extends' needs key 'properties' beside it",
    ),
    "#/$defs/option/additionalProperties": (
        "option",
        "properties: {}, ^succes: any",
        UNKNOWN("succes") + ", did you mean 'success'?",
    ),
    "#/$defs/option/properties/name/$ref": ("option", "properties: {}, name: ^o", TYPE_NAME),
    "#/$defs/option/properties/optional/type": (
        "option",
        "properties: {}, optional: ^1",
        BOOL(WHOLE),
    ),
    "#/$defs/option/properties/properties/$ref": ("option", "properties: ^[]", MAPPING(A_LIST)),
    "#/$defs/option/properties/success/$ref": ("option", "properties: {}, success: ^''", EMPTY),
    "#/$defs/option/properties/fail/$ref": ("option", "properties: {}, fail: ^''", EMPTY),
    "#/$defs/option/properties/complete/$ref": ("option", "properties: {}, complete: ^''", EMPTY),
    "#/$defs/listener/type": ("call", f"{DS}, listener: ^l", MAPPING(SOME_TEXT)),
    "#/$defs/listener/required/description": (
        "call",
        f"{DS}, ^listener: {{}}",
        MISSING("description"),
    ),
    "#/$defs/listener/additionalProperties": (
        "listener",
        "description: d, ^section: s",
        UNKNOWN("section"),
    ),
    "#/$defs/listener/properties/result/$ref": ("listener", "description: d, result: ^''", EMPTY),
    "#/$defs/listener/properties/optional/type": (
        "listener",
        "description: d, optional: ^'false'",
        BOOL(SOME_TEXT),
    ),
    "#/$defs/listener/properties/description/$ref": ("listener", "description: ^''", EMPTY),
    "#/$defs/parameter/type": ("call", f"{DS}, parameters: [^a]", MAPPING(SOME_TEXT)),
    "#/$defs/parameter/required/name": (
        "call",
        f"{DS}, parameters: [^{{{DT}}}]",
        MISSING("name"),
    ),
    "#/$defs/parameter/required/type": (
        "call",
        f"{DS}, parameters: [^{{name: a, description: d}}]",
        MISSING("type"),
    ),
    "#/$defs/parameter/required/description": (
        "call",
        f"{DS}, parameters: [^{{name: a, type: string}}]",
        MISSING("description"),
    ),
    "#/$defs/parameter/properties/name/$ref": ("parameter", f"{DT}, name: ^''", PROPERTY_NAME),
    "#/$defs/parameter/properties/type/$ref": (
        "parameter",
        "name: a, description: d, type: ^''",
        EMPTY,
    ),
    "#/$defs/parameter/properties/required/type": (
        "parameter",
        f"name: a, {DT}, required: ^1",
        BOOL(WHOLE),
    ),
    "#/$defs/parameter/properties/default/type": (
        "parameter",
        f"name: a, {DT}, default: ^null",
        "expected text, a number, a whole number or true or false, found nothing",
    ),
    "#/$defs/parameter/properties/rest/type": (
        "parameter",
        f"name: a, {DT}, rest: ^1",
        BOOL(WHOLE),
    ),
    "#/$defs/parameter/properties/unit/$ref": ("parameter", f"name: a, {DT}, unit: ^''", EMPTY),
    "#/$defs/parameter/properties/description/$ref": (
        "parameter",
        "name: a, type: string, description: ^''",
        EMPTY,
    ),
    "#/$defs/parameters/type": ("call", f"{DS}, parameters: ^{{}}", LIST(A_MAPPING)),
    "#/$defs/parameters/minItems": ("call", f"{DS}, ^parameters: []", EMPTY),
    "#/$defs/parameters/items/$ref": ("call", f"{DS}, parameters: [^null]", MAPPING("nothing")),
    "#/$defs/failure/type": ("call", f"{DS}, failures: [^MAX]", MAPPING(SOME_TEXT)),
    "#/$defs/failure/required/errMsg": (
        "call",
        f"{DS}, failures: [^{{when: w}}]",
        MISSING("errMsg"),
    ),
    "#/$defs/failure/required/when": (
        "call",
        f"{DS}, failures: [^{{errMsg: e}}]",
        MISSING("when"),
    ),
    "#/$defs/failure/additionalProperties": (
        "call",
        f"{DS}, failures: [{{errMsg: e, when: w, ^wehn: w}}]",
        "unknown key 'wehn'",
    ),
    "#/$defs/failure/properties/errMsg/$ref": (
        "call",
        f"{DS}, failures: [{{errMsg: ^'', when: w}}]",
        EMPTY,
    ),
    "#/$defs/failure/properties/when/$ref": (
        "call",
        f"{DS}, failures: [{{errMsg: e, when: ^''}}]",
        EMPTY,
    ),
    "#/$defs/limit/type": ("call", f"{DS}, limits: [^MAX]", MAPPING(SOME_TEXT)),
    "#/$defs/limit/required/constant": (
        "call",
        f"{DS}, limits: [^{{description: d}}]",
        MISSING("constant"),
    ),
    "#/$defs/limit/required/description": (
        "call",
        f"{DS}, limits: [^{{constant: A}}]",
        MISSING("description"),
    ),
    "#/$defs/limit/additionalProperties": (
        "limit",
        "constant: A, description: d, ^value: 5",
        UNKNOWN("value"),
    ),
    "#/$defs/limit/properties/constant/type": (
        "limit",
        "description: d, constant: ^5",
        TEXT(WHOLE),
    ),
    "#/$defs/limit/properties/constant/minLength": (
        "limit",
        "description: d, constant: ^''",
        EMPTY,
    ),
    "#/$defs/limit/properties/description/$ref": ("limit", "constant: A, description: ^''", EMPTY),
    "#/$defs/call/type": ("head", "functions: {f: ^[]}", MAPPING(A_LIST)),
    "#/$defs/call/required/description": (
        "head",
        "functions: {^f: {section: s}}",
        MISSING("description"),
    ),
    "#/$defs/call/required/section": (
        "head",
        "functions: {^f: {description: d}}",
        MISSING("section"),
    ),
    "#/$defs/call/additionalProperties": (
        "call",
        f"{DS}, ^return: string",
        UNKNOWN("return") + ", did you mean 'returns'?",
    ),
    "#/$defs/call/properties/description/$ref": ("call", "section: s, description: ^''", EMPTY),
    "#/$defs/call/properties/section/$ref": ("call", "description: d, section: ^1", TEXT(WHOLE)),
    "#/$defs/call/properties/since/$ref": ("call", f"{DS}, since: ^'1.5'", VERSION),
    "#/$defs/call/properties/deprecated/$ref": ("call", f"{DS}, deprecated: ^''", EMPTY),
    "#/$defs/call/properties/listener/$ref": ("call", f"{DS}, listener: ^[]", MAPPING(A_LIST)),
    "#/$defs/call/properties/parameters/$ref": ("call", f"{DS}, parameters: ^a", LIST(SOME_TEXT)),
    "#/$defs/call/properties/overloads/type": ("call", f"{DS}, overloads: ^{{}}", LIST(A_MAPPING)),
    "#/$defs/call/properties/overloads/minItems": ("call", f"{DS}, ^overloads: []", EMPTY),
    "#/$defs/call/properties/removes/$ref": ("call", f"{DS}, {LISTENER}, removes: ^a.b", NAME),
    "#/$defs/call/properties/returns/$ref": ("call", f"{DS}, returns: ^''", EMPTY),
    "#/$defs/call/properties/returnsDescription/$ref": (
        "call",
        f"{DS}, returns: string, returnsDescription: ^''",
        EMPTY,
    ),
    "#/$defs/call/properties/failures/type": ("call", f"{DS}, failures: ^{{}}", LIST(A_MAPPING)),
    "#/$defs/call/properties/failures/minItems": ("call", f"{DS}, ^failures: []", EMPTY),
    "#/$defs/call/properties/failures/items/$ref": (
        "call",
        f"{DS}, failures: [^[]]",
        MAPPING(A_LIST),
    ),
    "#/$defs/call/properties/limits/type": ("call", f"{DS}, limits: ^{{}}", LIST(A_MAPPING)),
    "#/$defs/call/properties/limits/minItems": ("call", f"{DS}, ^limits: []", EMPTY),
    "#/$defs/call/properties/limits/items/$ref": ("call", f"{DS}, limits: [^[]]", MAPPING(A_LIST)),
    "#/$defs/call/properties/cautions/$ref": ("call", f"{DS}, cautions: ^c", LIST(SOME_TEXT)),
    "#/$defs/call/properties/oddities/$ref": ("call", f"{DS}, oddities: ^c", LIST(SOME_TEXT)),
    "#/$defs/call/properties/behaviour/$ref": ("call", f"{DS}, behaviour: ^c", LIST(SOME_TEXT)),
    "#/$defs/call/dependentRequired/returnsDescription/returns": (
        "call",
        f"{DS}, ^returnsDescription: r",
        "key 'returnsDescription' needs key 'returns' beside it",
    ),
    "#/$defs/class/type": ("head", "classes: {A: ^c}", MAPPING(SOME_TEXT)),
    "#/$defs/class/required/description": (
        "head",
        "classes: {^A: {section: s}}",
        MISSING("description"),
    ),
    "#/$defs/class/required/section": (
        "head",
        "classes: {^A: {description: d}}",
        MISSING("section"),
    ),
    "#/$defs/class/additionalProperties": (
        "class",
        f"{DS}, ^method: {{}}",
        UNKNOWN("method") + ", did you mean 'methods'?",
    ),
    "#/$defs/class/properties/description/$ref": ("class", "section: s, description: ^''", EMPTY),
    "#/$defs/class/properties/section/$ref": ("class", "description: d, section: ^''", EMPTY),
    "#/$defs/class/properties/since/$ref": ("class", f"{DS}, since: ^latest", VERSION),
    "#/$defs/class/properties/deprecated/$ref": ("class", f"{DS}, deprecated: ^''", EMPTY),
    "#/$defs/class/properties/oddities/$ref": ("class", f"{DS}, oddities: ^o", LIST(SOME_TEXT)),
    "#/$defs/class/properties/properties/$ref": (
        "class",
        f"{DS}, properties: ^[]",
        MAPPING(A_LIST),
    ),
    "#/$defs/class/properties/methods/type": ("class", f"{DS}, methods: ^[]", MAPPING(A_LIST)),
    "#/$defs/class/properties/methods/additionalProperties/$ref": (
        "class",
        f"{DS}, methods: {{m: ^d}}",
        MAPPING(SOME_TEXT),
    ),
    "#/$defs/class/properties/events/type": ("class", f"{DS}, events: ^[]", MAPPING(A_LIST)),
    "#/$defs/class/properties/events/propertyNames/$ref": (
        "class",
        f"{DS}, events: {{^'a:b': {{description: d}}}}",
        PROPERTY_NAME,
    ),
    "#/$defs/class/properties/events/additionalProperties/$ref": (
        "class",
        f"{DS}, events: {{e: ^d}}",
        MAPPING(SOME_TEXT),
    ),
    "#/$defs/namespace/type": ("head", "namespace: ^1", TEXT(WHOLE)),
    "#/$defs/namespace/pattern": ("head", "namespace: ^w_x", NAMESPACE),
    "#/$defs/name/type": ("call", f"{DS}, listener: {{description: d}}, removes: ^1", TEXT(WHOLE)),
    "#/$defs/name/pattern": ("head", f"functions: {{^a-b: {{{DS}}}}}", NAME),
    "#/$defs/typeName/type": ("own", "{properties: {}, name: ^1}", TEXT(WHOLE)),
    "#/$defs/typeName/pattern": ("head", f"types: {{^A..B: {{{DS}, type: string}}}}", TYPE_NAME),
    "#/$defs/propertyName/pattern": (
        "head",
        f"types: {{A: {{{DS}, properties: {{^-a: {{{DT}}}}}}}}}",
        PROPERTY_NAME,
    ),
    "#/$defs/variableName/type": ("variables", "[{name: ^1}]", TEXT(WHOLE)),
    "#/$defs/variableName/pattern": ("variables", "[{name: ^a}]", VARIABLE),
    "#/$defs/deprecated/$ref": ("call", f"{DS}, deprecated: ^1", TEXT(WHOLE)),
    "#/$defs/support/enum": (
        "call",
        f"{DS}, support: ^maybe",
        "'maybe' is not one of 'full', 'ignored', 'none'",
    ),
    "#/properties/package/type": ("head", "package: ^1", TEXT(WHOLE)),
    "#/properties/package/pattern": ("head", "package: ^class", PACKAGE),
    "#/properties/chapters/type": ("head", "chapters: ^[]", MAPPING(A_LIST)),
    "#/properties/chapters/minProperties": ("head", "^chapters: {}", EMPTY),
    "#/properties/chapters/propertyNames/pattern": ("head", "chapters: {^A: a.yaml}", CHAPTER),
    "#/properties/chapters/additionalProperties/$ref": ("head", "chapters: {a: ^1}", TEXT(WHOLE)),
    "#/properties/options/type": ("head", "options: ^[]", MAPPING(A_LIST)),
    "#/properties/options/propertyNames/$ref": (
        "head",
        f"options: {{^a: {{{DS}, properties: {{}}}}}}",
        TYPE_NAME,
    ),
    "#/properties/options/additionalProperties/$ref": ("head", "options: {A: ^1}", MAPPING(WHOLE)),
    "#/properties/properties/$ref": ("head", "properties: ^[]", MAPPING(A_LIST)),
    "#/$defs/typeParameters/type": ("variables", "^{}", LIST(A_MAPPING)),
    "#/$defs/typeParameters/minItems": ("call", f"{DS}, ^typeParameters: []", EMPTY),
    "#/$defs/typeParameters/items/type": (
        "variables",
        "[^1]",
        "expected text or a mapping, found a whole number",
    ),
    "#/$defs/typeParameters/items/pattern": ("variables", "[^a]", VARIABLE),
    "#/$defs/typeParameters/items/required/name": (
        "variables",
        "[^{default: string}]",
        MISSING("name"),
    ),
    "#/$defs/typeParameters/items/additionalProperties": (
        "variables",
        "[{name: A, ^bound: string}]",
        UNKNOWN("bound"),
    ),
    "#/$defs/typeParameters/items/properties/name/$ref": (
        "variables",
        "[{name: ^[]}]",
        TEXT(A_LIST),
    ),
    "#/$defs/typeParameters/items/properties/extends/$ref": (
        "variables",
        "[{name: A, extends: ^1}]",
        TEXT(WHOLE),
    ),
    "#/$defs/typeParameters/items/properties/default/$ref": (
        "variables",
        "[{name: A, default: ^1}]",
        TEXT(WHOLE),
    ),
    "#/$defs/property/properties/oddities/$ref": ("field", f"{DT}, oddities: ^o", LIST(SOME_TEXT)),
    "#/$defs/property/properties/support/$ref": (
        "field",
        f"{DT}, support: ^1",
        "1 is not one of 'full', 'ignored', 'none'",
    ),
    "#/$defs/property/properties/writable/type": ("field", f"{DT}, writable: ^1", BOOL(WHOLE)),
    "#/$defs/others/type": ("others", "^[]", "expected text or a mapping, found a list"),
    "#/$defs/others/minLength": ("others", "^''", EMPTY),
    "#/$defs/others/required/key": (
        "head",
        f"types: {{A: {{{DS}, properties: {{}}, ^others: {{value: string}}}}}}",
        MISSING("key"),
    ),
    "#/$defs/others/required/value": (
        "head",
        f"types: {{A: {{{DS}, properties: {{}}, ^others: {{key: string}}}}}}",
        MISSING("value"),
    ),
    "#/$defs/others/additionalProperties": (
        "others",
        "{key: string, value: string, ^type: string}",
        UNKNOWN("type"),
    ),
    "#/$defs/others/properties/key/enum": (
        "others",
        "{key: ^boolean, value: string}",
        "'boolean' is not one of 'string', 'number', 'integer'",
    ),
    "#/$defs/others/properties/value/$ref": ("others", "{key: string, value: ^1}", TEXT(WHOLE)),
    "#/$defs/namedType/properties/extends/$ref": (
        "type",
        f"{DS}, properties: {{}}, extends: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/namedType/properties/others/$ref": (
        "type",
        f"{DS}, properties: {{}}, others: ^1",
        "expected text or a mapping, found a whole number",
    ),
    "#/$defs/namedType/properties/host/$ref": ("type", f"{DS}, host: ^1", TEXT(WHOLE)),
    "#/$defs/namedType/properties/typeParameters/$ref": (
        "type",
        f"{DS}, type: string, typeParameters: ^1",
        LIST(WHOLE),
    ),
    "#/$defs/namedType/properties/values/items/properties/deprecated/$ref": (
        "value",
        "value: a, description: d, deprecated: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/namedType/dependentRequired/others/properties": (
        "type",
        f"{DS}, type: string, ^others: string",
        "key 'others' needs key 'properties' beside it",
    ),
    "#/$defs/namedType/not/anyOf/0": (
        "head",
        f"types: {{^A: {{{DS}, properties: {{}}, values: [{{value: a, description: d}}]}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/1": (
        "head",
        f"types: {{^A: {{{DS}, properties: {{}}, type: string}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/2": (
        "head",
        f"types: {{^A: {{{DS}, properties: {{}}, host: int}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/3": (
        "head",
        f"types: {{^A: {{{DS}, values: [{{value: a, description: d}}], type: string}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/4": (
        "head",
        f"types: {{^A: {{{DS}, values: [{{value: a, description: d}}], host: int}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/5": (
        "head",
        f"types: {{^A: {{{DS}, values: [{{value: a, description: d}}], typeParameters: [A]}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/6": (
        "head",
        f"types: {{^A: {{{DS}, type: string, host: int}}}}",
        FORMS,
    ),
    "#/$defs/namedType/not/anyOf/7": (
        "head",
        f"types: {{^A: {{{DS}, host: int, typeParameters: [A]}}}}",
        FORMS,
    ),
    "#/$defs/sharedOption/type": ("head", "options: {A: ^[]}", MAPPING(A_LIST)),
    "#/$defs/sharedOption/required/description": (
        "head",
        "options: {^A: {section: s, properties: {}}}",
        MISSING("description"),
    ),
    "#/$defs/sharedOption/required/section": (
        "head",
        "options: {^A: {description: d, properties: {}}}",
        MISSING("section"),
    ),
    "#/$defs/sharedOption/required/properties": (
        "head",
        f"options: {{^A: {{{DS}}}}}",
        MISSING("properties"),
    ),
    "#/$defs/sharedOption/additionalProperties": (
        "shared",
        f"{DS}, properties: {{}}, ^optional: true",
        UNKNOWN("optional"),
    ),
    "#/$defs/sharedOption/properties/description/$ref": (
        "shared",
        "section: s, properties: {}, description: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/section/$ref": (
        "shared",
        "description: d, properties: {}, section: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/oddities/$ref": (
        "shared",
        "description: d, section: s, properties: {}, oddities: ^1",
        LIST(WHOLE),
    ),
    "#/$defs/sharedOption/properties/since/$ref": (
        "shared",
        "description: d, section: s, properties: {}, since: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/deprecated/$ref": (
        "shared",
        "description: d, section: s, properties: {}, deprecated: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/typeParameters/$ref": (
        "shared",
        "description: d, section: s, properties: {}, typeParameters: ^1",
        LIST(WHOLE),
    ),
    "#/$defs/sharedOption/properties/extends/$ref": (
        "shared",
        "description: d, section: s, properties: {}, extends: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/properties/$ref": (
        "shared",
        "description: d, section: s, properties: ^1",
        MAPPING(WHOLE),
    ),
    "#/$defs/sharedOption/properties/success/$ref": (
        "shared",
        "description: d, section: s, properties: {}, success: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/fail/$ref": (
        "shared",
        "description: d, section: s, properties: {}, fail: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/sharedOption/properties/complete/$ref": (
        "shared",
        "description: d, section: s, properties: {}, complete: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/option/type": ("own", "^1", "expected text or a mapping, found a whole number"),
    "#/$defs/option/minLength": ("own", "^''", EMPTY),
    "#/$defs/option/anyOf": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{optional: true}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/properties/type/$ref": ("own", "{type: ^1}", TEXT(WHOLE)),
    "#/$defs/option/properties/extends/$ref": ("own", "{extends: ^1}", TEXT(WHOLE)),
    "#/$defs/option/properties/first/type": ("own", "{type: A, first: ^1}", BOOL(WHOLE)),
    "#/$defs/option/not/anyOf/0": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, name: B}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/not/anyOf/1": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, extends: B}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/not/anyOf/2": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, properties: {{}}}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/not/anyOf/3": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, success: B}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/not/anyOf/4": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, fail: B}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/option/not/anyOf/5": (
        "head",
        f"functions: {{f: {{{DS}, ^option: {{type: A, complete: B}}}}}}",
        OPTION_FORMS,
    ),
    "#/$defs/listener/not/anyOf/0": (
        "head",
        f"functions: {{f: {{{DS}, ^listener: {{description: d, result: string, arguments: unknown}}}}}}",
        LISTENER_FORMS,
    ),
    "#/$defs/listener/properties/returns/$ref": (
        "listener",
        "description: d, returns: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/listener/properties/since/$ref": (
        "listener",
        "description: d, since: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/listener/properties/deprecated/$ref": (
        "listener",
        "description: d, deprecated: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/listener/properties/arguments/type": (
        "arguments",
        "^1",
        "expected a list or text, found a whole number",
    ),
    "#/$defs/listener/properties/arguments/pattern": (
        "arguments",
        "^any",
        "arguments are a list, or the word unknown",
    ),
    "#/$defs/listener/properties/arguments/minItems": (
        "listener",
        "description: d, ^arguments: []",
        EMPTY,
    ),
    "#/$defs/listener/properties/arguments/items/$ref": ("arguments", "[^1]", MAPPING(WHOLE)),
    "#/$defs/parameter/additionalProperties": (
        "parameter",
        f"name: a, {DT}, ^support: full",
        UNKNOWN("support"),
    ),
    "#/$defs/parameter/properties/documented/$ref": (
        "parameter",
        f"name: a, {DT}, documented: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/parameter/properties/fallback/$ref": (
        "parameter",
        f"name: a, {DT}, fallback: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/parameter/properties/since/$ref": (
        "parameter",
        f"name: a, {DT}, since: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/parameter/properties/deprecated/$ref": (
        "parameter",
        f"name: a, {DT}, deprecated: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/form/type": ("call", f"{DS}, overloads: [^1]", MAPPING(WHOLE)),
    "#/$defs/form/additionalProperties": (
        "overload",
        "^description: d",
        UNKNOWN("description") + ", did you mean 'returnsDescription'?",
    ),
    "#/$defs/form/dependentRequired/returnsDescription/returns": (
        "overload",
        "^returnsDescription: d",
        "key 'returnsDescription' needs key 'returns' beside it",
    ),
    "#/$defs/form/properties/typeParameters/$ref": ("overload", "typeParameters: ^1", LIST(WHOLE)),
    "#/$defs/form/properties/option/$ref": (
        "overload",
        "option: ^1",
        "expected text or a mapping, found a whole number",
    ),
    "#/$defs/form/properties/listener/$ref": ("overload", "listener: ^1", MAPPING(WHOLE)),
    "#/$defs/form/properties/parameters/$ref": ("overload", "parameters: ^1", LIST(WHOLE)),
    "#/$defs/form/properties/returns/$ref": ("overload", "returns: ^1", TEXT(WHOLE)),
    "#/$defs/form/properties/returnsDescription/$ref": (
        "overload",
        "returns: string, returnsDescription: ^1",
        TEXT(WHOLE),
    ),
    "#/$defs/form/not/anyOf/0": ("call", f"{DS}, overloads: [^{{{LISTENER}, {OPTION}}}]", FORM),
    "#/$defs/form/not/anyOf/1": ("call", f"{DS}, overloads: [^{{{LISTENER}, {PARAMETERS}}}]", FORM),
    "#/$defs/form/not/anyOf/2": (
        "call",
        f"{DS}, overloads: [^{{{LISTENER}, returns: string}}]",
        FORM,
    ),
    "#/$defs/call/properties/support/$ref": (
        "call",
        f"{DS}, support: ^1",
        "1 is not one of 'full', 'ignored', 'none'",
    ),
    "#/$defs/call/properties/typeParameters/$ref": (
        "call",
        f"{DS}, typeParameters: ^1",
        LIST(WHOLE),
    ),
    "#/$defs/call/properties/option/$ref": (
        "call",
        f"{DS}, option: ^[]",
        "expected text or a mapping, found a list",
    ),
    "#/$defs/call/properties/event/enum": (
        "call",
        f"{DS}, event: ^on",
        "'on' is not one of 'adds', 'removes'",
    ),
    "#/$defs/call/properties/overloads/items/$ref": (
        "overload",
        "option: ^[]",
        "expected text or a mapping, found a list",
    ),
    "#/$defs/call/not/anyOf/0": (
        "head",
        f"functions: {{^f: {{{DS}, {LISTENER}, {OPTION}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/1": (
        "head",
        f"functions: {{^f: {{{DS}, {LISTENER}, {PARAMETERS}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/2": (
        "head",
        f"functions: {{^f: {{{DS}, {LISTENER}, returns: string}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/3": (
        "head",
        f"functions: {{^f: {{{DS}, removes: on, {OPTION}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/4": (
        "head",
        f"functions: {{^f: {{{DS}, removes: on, {PARAMETERS}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/5": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, {OPTION}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/6": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, {PARAMETERS}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/7": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, {LISTENER}}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/8": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, removes: on}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/9": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, overloads: [{{}}]}}}}",
        TAKES,
    ),
    "#/$defs/call/not/anyOf/10": (
        "head",
        f"functions: {{^f: {{{DS}, event: adds, returns: string}}}}",
        TAKES,
    ),
    "#/$defs/class/properties/extends/$ref": ("class", f"{DS}, extends: ^1", TEXT(WHOLE)),
    "#/$defs/class/properties/typeParameters/$ref": (
        "class",
        f"{DS}, typeParameters: ^1",
        LIST(WHOLE),
    ),
    "#/$defs/class/properties/others/$ref": (
        "class",
        f"{DS}, others: ^1",
        "expected text or a mapping, found a whole number",
    ),
    "#/$defs/class/properties/construct/$ref": ("class", f"{DS}, construct: ^1", MAPPING(WHOLE)),
    "#/$defs/class/properties/call/$ref": ("class", f"{DS}, call: ^1", MAPPING(WHOLE)),
    "#/$defs/class/properties/methods/propertyNames/$ref": (
        "class",
        f"{DS}, methods: {{^a-b: {{{DS}}}}}",
        NAME,
    ),
}

# What explains a schema and checks nothing.
ANNOTATIONS: Final = {"$schema", "title", "description", "default", "x-message"}

# A rule of one piece, and those that hold further schemas.
SINGLE: Final = {
    "$ref",
    "const",
    "enum",
    "minItems",
    "minLength",
    "minProperties",
    "pattern",
    "type",
}
BY_NAME: Final = {"properties", "$defs"}
BELOW: Final = {"items", "propertyNames", "additionalProperties"}


def rules(subschema: dict[str, Any], at: str = "#") -> Iterator[str]:
    """Yield the place of every rule in a schema, as a JSON pointer.

    A list of keys, or of what may not be, holds one rule for each of them.
    """
    for keyword, value in subschema.items():
        here = f"{at}/{keyword}"
        if keyword in ANNOTATIONS:
            continue
        if keyword in SINGLE or value is False:
            yield here
        elif keyword in BY_NAME:
            for name, below in value.items():
                yield from rules(below, f"{here}/{name}")
        elif keyword in BELOW:
            yield from rules(value, here)
        elif keyword == "required":
            yield from (f"{here}/{key}" for key in value)
        elif keyword == "dependentRequired":
            yield from (f"{here}/{key}/{other}" for key in value for other in value[key])
        elif keyword == "anyOf":
            yield here
        elif keyword == "not":
            # Only a mapping is meant: another kind of value has its fault already.
            assert value.keys() == {"type", "anyOf"}, here
            assert value["type"] == "object"
            yield from (f"{here}/anyOf/{index}" for index in range(len(value["anyOf"])))
        else:
            raise AssertionError(f"no test knows the keyword {here}")


def without(rule: str) -> dict[str, Any]:
    """The schema, but for one of its rules."""
    changed = copy.deepcopy(schema())
    *steps, last = rule.split("/")[1:]
    holder: Any = changed
    for step in steps:
        holder = holder[step]
    if isinstance(holder, dict):
        del holder[last]
    elif last.isdigit():
        del holder[int(last)]
    else:
        holder.remove(last)
    return changed


def marked(rule: str) -> tuple[str, str]:
    """A fixture's spec, and the fault that it has, as `line:column: message`."""
    place, body, message = FIXTURES[rule]
    before, mark, after = PLACES[place].format(body).partition("^")
    assert mark, "the fixture does not say where"
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return before + after, f"{line}:{column}: {message}"


def found(text: str, rules: dict[str, Any]) -> list[str]:
    lines = SpecError("s", validate(parse(text, "s"), rules)).lines()
    return [line.removeprefix("s:").replace(" error:", "", 1) for line in lines]


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    assert sorted(FIXTURES) == sorted(rules(schema()))
    assert len(FIXTURES) > 150


@pytest.mark.parametrize("rule", FIXTURES)
def test_a_spec_fails_because_of_the_rule(rule: str) -> None:
    text, fault = marked(rule)
    assert found(text, schema()) == [fault]
    assert found(text, without(rule)) == []
    # The fast decision is the same.
    assert not compile_schema(schema())(parse(text, "s").value)
    assert compile_schema(without(rule))(parse(text, "s").value)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_every_definition_is_used() -> None:
    text = repr(schema())
    assert [name for name in schema()["$defs"] if f"'#/$defs/{name}'" not in text] == []


def test_everything_is_said_that_a_pattern_asks_for() -> None:
    """A pattern says nothing to the author of a spec, so words stand beside it."""

    def silent(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if "pattern" in value and "x-message" not in value:
                yield value["pattern"]
            for below in value.values():
                yield from silent(below)

    assert list(silent(schema())) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[]", A_LIST),
        ("word", SOME_TEXT),
        ("1", WHOLE),
        ("true", "true or false"),
        ("~", "nothing"),
    ],
)
def test_what_is_no_mapping_is_no_spec(text: str, kind: str) -> None:
    assert found(text, schema()) == [f"1:1: {MAPPING(kind)}"]


def test_an_empty_mapping_lacks_everything() -> None:
    assert found("{}", schema()) == [
        f"1:1: {MISSING(key)}" for key in ("description", "section", "title", "wxgen")
    ]


def test_several_faults_are_all_reported_in_the_order_of_the_text() -> None:
    text = "wxgen: 3\ntitel: T\ndescription: ''\nsection: S\nfunctions:\n  f-g: 1\n  h: {}\n"
    assert found(text, schema()) == [
        "1:1: missing key 'title'",
        "1:8: must be 1, not 3",
        "2:1: unknown key 'titel', did you mean 'title'?",
        "3:14: must not be empty",
        f"6:3: {NAME}",
        "6:8: expected a mapping, found a whole number",
        "7:3: missing key 'description'",
        "7:3: missing key 'section'",
    ]


@pytest.mark.parametrize("path", [SPEC, SECOND], ids=lambda path: path.name)
def test_real_specs_fit(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert validate(parse(text, "s")) == validate(parse(text, "s"), schema()) == []
