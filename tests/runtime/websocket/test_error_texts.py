"""The failures that the reference lists are the ones that the engine reports."""

from __future__ import annotations

from pathlib import Path

from wxgen.pipeline import emit
from wxruntime.websocket import error_texts as texts

SPEC = Path(__file__).parents[3] / "spec" / "websocket.yaml"


def test_the_spec_lists_every_text_and_no_other() -> None:
    listed = {failure.errMsg for call in emit(SPEC).api.calls for failure in call.failures}
    assert listed == {
        texts.bad_code(),
        texts.bad_header("name"),
        texts.bad_protocol("name"),
        texts.bad_reason(123),
        texts.bad_url("test.php"),
        texts.GONE,
        texts.CLOSE_NOT_CONNECTED,
        texts.SEND_NOT_CONNECTED,
        texts.TASK_NOT_OPEN,
        texts.TOO_MANY,
        texts.UNKNOWN_DATA,
        texts.wrong_type(texts.CONNECT, "url", "String", "Number"),
    }


def test_every_failure_names_its_call() -> None:
    for call in emit(SPEC).api.calls:
        for failure in call.failures:
            # The task's calls report under the names of the functions, but for one text.
            assert failure.errMsg.partition(":")[0] in {
                *([call.name] if call.owner is None else []),
                *(
                    ["SocketTask.send", "sendSocketMessage"]
                    if call.label == "SocketTask.send"
                    else []
                ),
                *(["closeSocket"] if call.label == "SocketTask.close" else []),
            }
