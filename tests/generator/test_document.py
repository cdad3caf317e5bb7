"""The document and the spec: every row of the document's tables is in the spec, and no row else.

The rows below were written down from the document, not from the spec.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from generator.kit import SPEC

from wxgen.pipeline import read_api
from wxgen.spec.api import Api
from wxgen.spec.records import Call, Field, ObjectType
from wxgen.spec.source import parse
from wxgen.spec.typeexpr import Named

RUNS: Final = SPEC.parents[1] / "tests" / "generator" / "specs" / "document-runs.txt"

# The properties of option objects: the printed type, the printed default, whether required.
OPTIONS: Final = {
    "sendSocketMessage": {"data": ("string/ArrayBuffer", "-", "Yes")},
    "connectSocket": {
        "url": ("string", "-", "Yes"),
        "header": ("Object", "-", "No"),
        "protocols": ("Array.<string>", "-", "No"),
        "tcpNoDelay": ("boolean", "false", "No"),
        "timeout": ("number", "-", "No"),
    },
    "closeSocket": {
        "code": ("number", "1003 (indicates a normal connection closure)", "No"),
        "reason": ("string", "-", "No"),
    },
    "SocketTask.close": {
        "code": ("number", "1003 (indicates a normal connection closure)", "No"),
        "reason": ("string", "-", "No"),
    },
    "SocketTask.send": {"data": ("string/ArrayBuffer", "-", "Yes")},
}

# Each of those option objects also has these rows: Function, no default, not required.
CALLBACKS: Final = ("success", "fail", "complete")

# The properties of what listeners receive, with their printed type.
LISTENERS: Final = {
    "onSocketOpen": {"header": "object"},
    "onSocketMessage": {"data": "string/ArrayBuffer"},
    "onSocketError": {"errMsg": "string"},
    "onSocketClose": {"code": "number", "reason": "reason"},
    "SocketTask.onClose": {"code": "number", "reason": "reason"},
    "SocketTask.onError": {"errMsg": "string"},
    "SocketTask.onMessage": {"data": "string/ArrayBuffer"},
    "SocketTask.onOpen": {"header": "object"},
}

# In the document's order.
FUNCTIONS: Final = [
    "sendSocketMessage",
    "onSocketOpen",
    "onSocketMessage",
    "onSocketError",
    "onSocketClose",
    "connectSocket",
    "closeSocket",
]
METHODS: Final = ["close", "onClose", "onError", "onMessage", "onOpen", "send"]

# What the public contract calls the types.
NAMES: Final = {
    "sendSocketMessage": "SendSocketMessageOption",
    "connectSocket": "ConnectSocketOption",
    "closeSocket": "CloseSocketOption",
    "SocketTask.close": "SocketTaskCloseOption",
    "SocketTask.send": "SocketTaskSendOption",
    "onSocketOpen": "OnSocketOpenListenerResult",
    "onSocketMessage": "OnSocketMessageListenerResult",
    "onSocketError": "OnSocketErrorListenerResult",
    "onSocketClose": "OnSocketCloseListenerResult",
    "SocketTask.onClose": "OnSocketCloseListenerResult",
    "SocketTask.onError": "OnSocketErrorListenerResult",
    "SocketTask.onMessage": "OnSocketMessageListenerResult",
    "SocketTask.onOpen": "OnSocketOpenListenerResult",
}


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    """The spec as it is written."""
    value: dict[str, Any] = parse(SPEC.read_text(encoding="utf-8"), "s").value
    return value


@pytest.fixture(scope="module")
def api() -> Api:
    return read_api(SPEC)


def calls(api: Api) -> dict[str, Call]:
    return {
        call.name if call.owner is None else f"{call.owner}.{call.name}": call for call in api.calls
    }


def printed(field: Field) -> str:
    """The type as the document prints it."""
    return field.type_text if field.documented is None else field.documented


def default_of(field: Field) -> str:
    if field.default is None:
        return "-"
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def result_of(api: Api, call: Call) -> ObjectType:
    assert call.listener is not None
    assert isinstance(call.listener.result, Named)
    name = call.listener.result.name
    (found,) = (type_ for type_ in api.types if type_.name == name)
    assert isinstance(found, ObjectType)
    return found


class TestRows:
    def test_functions_and_methods_in_the_order_of_the_document(self, api: Api) -> None:
        assert [call.name for call in api.functions] == FUNCTIONS
        assert [class_.name for class_ in api.classes] == ["SocketTask"]
        assert [call.name for call in api.classes[0].methods] == METHODS
        assert api.classes[0].fields == ()
        assert api.classes[0].events == ()

    def test_each_call_takes_what_the_document_says(self, api: Api) -> None:
        takes = dict.fromkeys(OPTIONS, "option") | dict.fromkeys(LISTENERS, "listener")
        assert {
            name: "option" if call.option else "listener" if call.listener else "nothing"
            for name, call in calls(api).items()
        } == takes
        assert all(not call.parameters and not call.overloads for call in api.calls)

    @pytest.mark.parametrize("name", OPTIONS)
    def test_option_rows(self, name: str, api: Api) -> None:
        option = calls(api)[name].option
        assert option is not None
        rows = {
            field.name: (printed(field), default_of(field), "Yes" if field.required else "No")
            for field in option.fields
        }
        wanted = {
            row: (type_, default.partition(" ")[0], required)
            for row, (type_, default, required) in OPTIONS[name].items()
        }
        assert rows == wanted
        assert list(rows) == list(wanted)

    @pytest.mark.parametrize("name", OPTIONS)
    def test_callback_rows(self, name: str, api: Api) -> None:
        option = calls(api)[name].option
        assert option is not None
        assert {
            callback: result.name if isinstance(result, Named) else result
            for callback, result in option.callbacks.items()
        } == dict.fromkeys(CALLBACKS, "GeneralCallbackResult")

    @pytest.mark.parametrize("name", LISTENERS)
    def test_listener_rows(self, name: str, api: Api) -> None:
        result = result_of(api, calls(api)[name])
        assert {field.name: printed(field) for field in result.fields} == LISTENERS[name]
        assert all(field.required and field.default is None for field in result.fields)

    def test_the_object_may_be_left_out_where_the_sample_does(self, api: Api) -> None:
        assert {name for name, call in calls(api).items() if call.option_optional} == {
            "closeSocket",
            "SocketTask.close",
        }

    def test_names_of_the_types(self, api: Api) -> None:
        found = {
            name: call.option.name if call.option else result_of(api, call).name
            for name, call in calls(api).items()
        }
        assert found == NAMES

    def test_no_type_beyond_the_rows(self, api: Api) -> None:
        used = {result_of(api, calls(api)[name]).name for name in LISTENERS}
        assert {type_.name for type_ in api.types} == used | {"GeneralCallbackResult"}
        (general,) = (type_ for type_ in api.types if type_.name == "GeneralCallbackResult")
        assert isinstance(general, ObjectType)
        assert [(field.name, field.type_text) for field in general.fields] == [("errMsg", "string")]


class TestAround:
    def test_sections(self, api: Api) -> None:
        assert {name: call.notes.section for name, call in calls(api).items()} == {
            name: name for name in (*FUNCTIONS, *(f"SocketTask.{name}" for name in METHODS))
        }
        assert (api.notes.section, api.classes[0].notes.section) == ("WebSocket", "SocketTask")
        assert {type_.name: type_.notes.section for type_ in api.types} == {
            "GeneralCallbackResult": "WebSocket",
            "OnSocketOpenListenerResult": "onSocketOpen",
            "OnSocketMessageListenerResult": "onSocketMessage",
            "OnSocketErrorListenerResult": "onSocketError",
            "OnSocketCloseListenerResult": "onSocketClose",
        }

    def test_only_connect_socket_names_a_return_value(self, api: Api) -> None:
        found = {
            name: call.returns for name, call in calls(api).items() if call.returns is not None
        }
        assert list(found) == ["connectSocket"]
        assert isinstance(found["connectSocket"], Named)
        assert found["connectSocket"].name == "SocketTask"

    def test_limits(self, api: Api) -> None:
        values = {
            constant.name: (constant.value, constant.notes.section) for constant in api.constants
        }
        assert values == {
            "MAX_LINKS": (5, "connectSocket"),
            "MAX_LINKS_BEFORE_1_5_0": (1, "connectSocket"),
            "MULTIPLE_LINKS_SINCE": ("1.5.0", "connectSocket"),
            "MAX_REASON_BYTES": (123, "closeSocket"),
        }
        assert {
            name: [limit.constant for limit in call.limits]
            for name, call in calls(api).items()
            if call.limits
        } == {
            "connectSocket": ["MAX_LINKS", "MAX_LINKS_BEFORE_1_5_0"],
            "closeSocket": ["MAX_REASON_BYTES"],
            "SocketTask.close": ["MAX_REASON_BYTES"],
        }
        since = {constant.notes.since for constant in api.constants if constant.value == 5}
        assert since == {"1.5.0"}

    @pytest.mark.parametrize("name", ["closeSocket", "SocketTask.close"])
    def test_default_code_and_size_of_the_reason(self, name: str, api: Api) -> None:
        option = calls(api)[name].option
        assert option is not None
        code, reason = option.fields
        assert code.default == 1003
        assert reason.unit is not None
        assert "123" in reason.unit
        assert "UTF-8" in reason.unit

    def test_timeout_is_in_milliseconds(self, api: Api) -> None:
        option = calls(api)["connectSocket"].option
        assert option is not None
        (timeout,) = (field for field in option.fields if field.name == "timeout")
        assert timeout.unit == "milliseconds"

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            ("", {"SocketTask", "several"}),  # prefer the task's methods
            ("sendSocketMessage", {"connectSocket", "onSocketOpen"}),  # send after open
            ("connectSocket", {"limit", "concurrent"}),  # read the related instructions
            ("closeSocket", {"onSocketOpen", "opened"}),  # close after open
        ],
    )
    def test_cautions(self, where: str, words: set[str], api: Api) -> None:
        cautions = calls(api)[where].cautions if where else api.cautions
        assert any(all(word in text for word in words) for text in cautions)

    def test_header_says_that_referer_cannot_be_set(self, raw: dict[str, Any]) -> None:
        header = raw["functions"]["connectSocket"]["option"]["properties"]["header"]
        assert "`Referer` cannot be set" in header["description"]

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            ("closeSocket", {"1003", "normal", "1000"}),
            ("SocketTask.close", {"1003", "normal", "1000"}),
            ("connectSocket", {"test.php", "wss"}),
            ("connectSocket", {"timeout", "60000"}),
        ],
    )
    def test_oddities_of_calls(self, where: str, words: set[str], api: Api) -> None:
        oddities = calls(api)[where].notes.oddities
        assert any(all(word in text for word in words) for text in oddities)

    def test_oddity_of_the_reason(self, api: Api) -> None:
        result = result_of(api, calls(api)["onSocketClose"])
        assert any('"reason"' in text and "string" in text for text in result.notes.oddities)


def texts(value: object) -> Iterator[str]:
    """Every text of a spec, those of aliases as often as they are used."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


LENGTH: Final = 7
"""So many words in a row that the document has too are copied."""


def runs(text: str) -> dict[str, str]:
    """Each run of words in a text, by its digest."""
    words = re.findall(r"[a-z0-9_]+", text.lower())
    found = (" ".join(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:12]: run for run in found}


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    """The digest of every run of words in the document: its prose is not ours to repeat."""
    return set(RUNS.read_text(encoding="ascii").split())


class TestWords:
    """The facts are the document's, the words are not."""

    def test_no_sentence_is_copied(self, raw: dict[str, Any], theirs: set[str]) -> None:
        copied = {
            run for text in texts(raw) for digest, run in runs(text).items() if digest in theirs
        }
        assert copied == set()

    def test_no_comment_is_copied(self, theirs: set[str]) -> None:
        comments = " ".join(re.findall(r"# (.*)", SPEC.read_text(encoding="utf-8")))
        assert len(runs(comments)) > 10
        assert not runs(comments).keys() & theirs

    def test_a_copied_sentence_would_be_found(self, theirs: set[str]) -> None:
        assert runs("the HTTP header: Referer cannot be set in the header").keys() & theirs
        assert not runs("the HTTP header: Referer cannot be put in the header").keys() & theirs
