"""What a spec claims of its engine and the engine does not do: each fault with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from generator.kit import HEAD, SPEC, check, faults

from wxgen.pipeline import read_api

TEXT = SPEC.read_text(encoding="utf-8")
REMEDY = "write support: ignored or support: none"
DEFLATE = """\
        perMessageDeflate:
          type: boolean
          default: false
          description: Whether to compress.
"""
FUNCTION = """\
  getSocketInfo:
    description: Ask what is known of the main link.
    section: getSocketInfo
    option:
      optional: true
      properties: {}
      success: GeneralCallbackResult
      fail: GeneralCallbackResult
"""


def changed(before: str, after: str) -> str:
    assert before in TEXT
    return TEXT.replace(before, after, 1)


def with_option(lines: str) -> str:
    return changed("        timeout:\n", f"{lines}        timeout:\n")


def with_function(lines: str) -> str:
    return changed("\nclasses:\n", f"\n{lines}\nclasses:\n")


def with_field(lines: str) -> str:
    return changed("      reason:\n", f"{lines}      reason:\n")


FIELD = "      remote:\n        type: boolean\n        description: Whether the server closed.\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            with_option("^" + DEFLATE).replace("^        per", "        ^per"),
            f"the engine 'websocket' does nothing with 'perMessageDeflate': {REMEDY}",
            id="an option",
        ),
        pytest.param(
            with_function("  ^" + FUNCTION.lstrip()),
            f"the engine 'websocket' does not carry out 'getSocketInfo': {REMEDY}",
            id="a function",
        ),
        pytest.param(
            changed("      onClose:\n", "      ^onClosed:\n"),
            f"the engine 'websocket' does not carry out 'onClosed': {REMEDY}",
            id="a method",
        ),
        pytest.param(
            with_field("      ^" + FIELD.lstrip()),
            f"the engine 'websocket' does not fill 'remote': {REMEDY}",
            id="a field of what listeners receive",
        ),
        pytest.param(
            changed(
                "      errMsg:\n",
                "      ^errno:\n        type: integer\n        description: d\n      errMsg:\n",
            ),
            f"the engine 'websocket' does not fill 'errno': {REMEDY}",
            id="a field of what callbacks receive",
        ),
        pytest.param(
            changed(
                "    methods:\n",
                "    properties:\n      ^id:\n        type: integer\n"
                "        description: d\n    methods:\n",
            ),
            f"the engine 'websocket' does not fill 'id': {REMEDY}",
            id="a property of a class",
        ),
        pytest.param(
            changed("  MAX_REASON_BYTES:", "  MOST_REASON_BYTES:")
            .replace("constant: MAX_REASON_BYTES", "constant: MOST_REASON_BYTES")
            .replace("engine: w", "engine: ^w"),
            "the engine 'websocket' needs the constant 'MAX_REASON_BYTES'",
            id="a constant",
        ),
        pytest.param(
            changed("    returns: SocketTask\n", "")
            .replace(
                "    returnsDescription: The task of the new link, also when the call is "
                "refused; then it is closed.\n",
                "",
            )
            .replace("  connectSocket:\n", "  ^connectSocket:\n"),
            "the engine 'websocket' returns an object of a class from 'connectSocket'",
            id="a class that is not returned",
        ),
        pytest.param(
            changed("      onError:\n", "      ^onError:\n").replace(
                "        listener:\n          result: OnSocketErrorListenerResult\n"
                "          description: Called when the link cannot be opened, breaks, or is "
                "broken by the server.\n",
                "",
            ),
            "the engine 'websocket' gives 'onError' a listener",
            id="a listener that is missing",
        ),
    ],
)
def test_fault(text: str, message: str, tmp_path: Path) -> None:
    check(text, [message], tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        with_option(DEFLATE + "          support: ignored\n"),
        with_option(DEFLATE + "          support: none\n"),
        with_function(FUNCTION + "    support: none\n"),
        with_function(FUNCTION + "    support: ignored\n"),
        with_field(FIELD + "        support: none\n        required: false\n"),
    ],
)
def test_what_is_said_is_no_fault(text: str, tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    read_api(file)


def test_support_is_read(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(with_option(DEFLATE + "          support: ignored\n"), encoding="utf-8")
    call = next(call for call in read_api(file).functions if call.name == "connectSocket")
    assert call.option is not None
    support = {field.name: field.support for field in call.option.fields}
    assert support == {
        "url": "full",
        "header": "full",
        "protocols": "full",
        "tcpNoDelay": "full",
        "perMessageDeflate": "ignored",
        "timeout": "full",
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "needs the class 'SocketTask': it is for another API"),
        (
            "classes: {SocketTask: {description: d, section: s}}",
            "carries out connectSocket, sendSocketMessage, closeSocket, onSocketOpen, "
            "onSocketMessage, onSocketError, onSocketClose, and none of them is here",
        ),
    ],
)
def test_an_engine_of_another_api(body: str, message: str, tmp_path: Path) -> None:
    check(
        f"{HEAD}engine: ^websocket\nfunctions: {{request: {{description: d, section: s}}}}\n{body}",
        [f"the engine 'websocket' {message}"],
        tmp_path,
    )


def test_every_claim_is_told_at_once(tmp_path: Path) -> None:
    found = faults(with_option(DEFLATE).replace("wxgen: 1", "wxgen: 2"), tmp_path)
    assert [line.split(": ", 1)[1] for line in found] == [
        "must be 1, not 2",
        f"the engine 'websocket' does nothing with 'perMessageDeflate': {REMEDY}",
    ]


def test_the_same_spec_under_another_name_is_right(tmp_path: Path) -> None:
    text = changed("package: wxsocket", "package: my_sockets").replace(
        "namespace: wx", "namespace: my"
    )
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    api = read_api(file)
    assert (api.package, api.namespace) == ("my_sockets", "my")
