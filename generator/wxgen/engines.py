"""The engines that a spec can name, and what each brings along.

An engine is a folder of hand-written modules below ``engine/``, emitted as it stands. The folder
``engine/common`` is emitted for every spec.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["COMMON", "ENGINES", "Engine", "Extra"]


@dataclass(frozen=True)
class Extra:
    """What an engine adds to an emitted class by a hand-written base class.

    Attributes:
        module: The emitted module that holds the base class, below the package.
        base: The base class.
        names: What it defines; no member of the spec's class may have such a name.
        calls: How the additions look in the reference, each with its description.
    """

    module: str
    base: str
    names: frozenset[str]
    calls: Mapping[str, str]


@dataclass(frozen=True)
class Engine:
    """Hand-written modules that make the calls of a spec work.

    Attributes:
        folder: Its folder below ``engine/``.
        app: The emitted module whose class takes the place of the namespace's abstract one.
        extras: The additions, by the name of the class.
    """

    folder: str
    app: str | None = None
    extras: Mapping[str, Extra] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the path below the package and the text of each module."""
        root = resources.files("wxgen") / "engine" / self.folder
        yield from _files(root, "")


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield prefix + entry.name, entry.read_text(encoding="utf-8")


COMMON: Final = Engine("common")

ENGINES: Final[Mapping[str, Engine]] = {
    "websocket": Engine(
        folder="websocket",
        app="engine.app",
        extras={
            "Wx": Extra(
                module="extras",
                base="WxExtras",
                names=frozenset({"run"}),
                calls={
                    "wx.run(timeout=None)": (
                        "Drives the links from plain code until every link has closed and every "
                        "callback has run. `timeout` is in seconds; after it, `TimeoutError`."
                    ),
                    "async with Wx() as app": "Closes what is still open at the end, with 1000.",
                },
            ),
            "SocketTask": Extra(
                module="extras",
                base="SocketTaskExtras",
                names=frozenset({"readyState"}),
                calls={
                    "task.readyState": "0 connecting, 1 open, 2 closing, 3 closed.",
                    "async with wx.connectSocket(...) as task": (
                        "Waits until the link is open, raises `WxError` if that fails, and closes "
                        "it with 1000 at the end."
                    ),
                    "async for message in task": (
                        "Yields each message as `str` or `bytes` until the link closes. Reading "
                        "pauses while the consumer is slow."
                    ),
                },
            ),
        },
    )
}
