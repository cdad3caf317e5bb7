"""A client of a language server, as small as an editor can be."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

__all__ = ["LanguageServer", "document", "serving"]

# How long a server may take to answer, in seconds.
PATIENCE: Final = 60.0

CURSOR: Final = "¦"


class LanguageServer:
    """Speaks JSON-RPC with a server over its standard streams, one request at a time."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._to: IO[bytes] = process.stdin
        self._from: IO[bytes] = process.stdout
        self._folder = folder
        self._number = 0

    def start(self) -> None:
        """Shake hands."""
        root = self._folder.as_uri()
        documentation = {"documentationFormat": ["markdown", "plaintext"]}
        capabilities = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {
                "completion": {"completionItem": documentation},
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "signatureHelp": {"signatureInformation": documentation},
            },
        }
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "work"}],
                "capabilities": capabilities,
            },
        )
        self.notify("initialized", {})

    def at_cursor(self, method: str, text: str) -> Any:
        """Open a text and ask about the place of the cursor in it.

        Args:
            method: What to ask, such as ``hover``.
            text: The text; ``¦`` marks the place.

        Returns:
            The answer, as the server gives it.
        """
        before, _, after = text.partition(CURSOR)
        self._number += 1
        uri = (self._folder / f"text_{self._number}.py").as_uri()
        opened = {"uri": uri, "languageId": "python", "version": 1, "text": before + after}
        self.notify("textDocument/didOpen", {"textDocument": opened})
        lines = before.split("\n")
        place = {"line": len(lines) - 1, "character": len(lines[-1])}
        question = {"textDocument": {"uri": uri}, "position": place}
        answer = self.request(f"textDocument/{method}", question)
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        return answer

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """The completions at the cursor, by their labels."""
        answer = self.at_cursor("completion", text)
        items: Sequence[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items}

    def hover(self, text: str) -> str:
        """What is shown while the pointer rests on the cursor's place; "" if nothing is."""
        answer = self.at_cursor("hover", text)
        return "" if answer is None else str(answer["contents"]["value"])

    def signatures(self, text: str) -> list[tuple[list[str], str]]:
        """The parameters and the documentation of each signature offered at the cursor."""
        answer = self.at_cursor("signatureHelp", text)
        found: list[tuple[list[str], str]] = []
        for signature in answer["signatures"]:
            label: str = signature["label"]
            parameters = []
            for parameter in signature["parameters"]:
                shown = parameter["label"]
                parameters.append(shown if isinstance(shown, str) else label[shown[0] : shown[1]])
            documentation = signature.get("documentation", "")
            if isinstance(documentation, dict):
                documentation = documentation["value"]
            found.append((parameters, documentation))
        return found

    def request(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """Ask the server, and answer what it asks meanwhile."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})
            elif message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def notify(self, method: str, parameters: Mapping[str, Any]) -> None:
        """Tell the server something that has no answer."""
        self._send({"method": method, "params": parameters})

    def _answer(self, message: Mapping[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        sections = [item.get("section", "") for item in message["params"]["items"]]
        settings: dict[str, Any] = {
            "python": {"pythonPath": sys.executable},
            "python.analysis": {"typeCheckingMode": "strict"},
        }
        return [settings.get(section, {}) for section in sections]

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        self._to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._to.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while line := self._from.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server ended, or did not answer in time"
        message: dict[str, Any] = json.loads(self._from.read(length))
        return message


@contextlib.contextmanager
def serving(command: Sequence[str | Path], folder: Path) -> Iterator[LanguageServer]:
    """Run a language server for a folder.

    Args:
        command: How to start it.
        folder: The folder that it works on.

    Yields:
        Its client.
    """
    process = subprocess.Popen(
        [*command],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    try:
        server = LanguageServer(process, folder)
        server.start()
        yield server
        server.request("shutdown", {})
        server.notify("exit", {})
        process.wait(10)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def document(*lines: str) -> str:
    """A program that has imported everything, then goes on with some lines."""
    return "\n".join(["from wxsocket import *", *lines, ""])
