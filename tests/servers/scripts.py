"""The scripts: every way in which a server can go wrong, and some in which it rightly can go."""

from collections.abc import Awaitable, Callable, Iterable

from . import frames
from .scripted import Peer, Script

Ending = Callable[[Peer], Awaitable[None]]
"""How a script leaves the connection: `fin`, `rst` or `stay`."""


async def fin(peer: Peer) -> None:
    await peer.fin()


async def rst(peer: Peer) -> None:
    await peer.rst()


async def stay(peer: Peer) -> None:
    """Keep the connection, and say nothing more, until the other side ends it."""
    await peer.read_to_end()


# -- instead of an answer ------------------------------------------------------------------


def raw(data: bytes, ending: Ending = stay) -> Script:
    """Answer the request with these bytes."""

    async def script(peer: Peer) -> None:
        await peer.send(data)
        await ending(peer)

    return script


def status(code: int, headers: Iterable[tuple[str, str]] = (), body: bytes = b"no\n") -> Script:
    """Answer with a status that is not 101."""
    lines = [f"HTTP/1.1 {code} Status", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return raw(("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def redirect(code: int, location: str) -> Script:
    return status(code, [("Location", location)])


def half_answer(ending: Ending) -> Script:
    """Send half of a right answer."""

    async def script(peer: Peer) -> None:
        answer = peer.answer()
        await peer.send(answer[: len(answer) // 2])
        await ending(peer)

    return script


def wrong_answer(
    extra: Iterable[tuple[str, str]] = (),
    *,
    without: Iterable[str] = (),
    key: str | None = None,
) -> Script:
    """Answer 101, but with something in it that must make the client refuse."""

    async def script(peer: Peer) -> None:
        await peer.send(peer.answer(extra, without=without, key=key))
        await stay(peer)

    return script


# -- after the handshake -------------------------------------------------------------------


def then(data: bytes, ending: Ending) -> Script:
    """Answer 101, send these bytes, and end."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(data)
        await ending(peer)

    return script


def offend(*data: bytes) -> Script:
    """Answer 101, send these frames, wait for the client's close frame, and end the connection."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(b"".join(data))
        await peer.read_until_close()

    return script


def answered_with(*data: bytes) -> Script:
    """Answer 101, with these frames in the same segment, then echo until the client closes."""

    async def script(peer: Peer) -> None:
        await peer.accept(after=b"".join(data))
        await peer.echo()

    return script


def on_close(*data: bytes, ending: Ending = fin) -> Script:
    """Answer 101; answer the client's close frame with these bytes; end."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_until_close()
        if data:
            await peer.send(b"".join(data))
        await ending(peer)

    return script


def closes(
    code: int | None, reason: str = "", *, before: bytes = b"", after: bytes = b""
) -> Script:
    """Answer 101; close, with `before` and `after` around the close frame; wait for the answer."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(before + frames.close(code, reason) + after)
        await peer.read_until_close()

    return script


async def echo(peer: Peer) -> None:
    """Answer 101 and behave."""
    await peer.accept()
    await peer.echo()


async def never_pongs(peer: Peer) -> None:
    """Answer 101 and read on, but answer nothing; pings neither."""
    await peer.accept()
    while True:
        await peer.read()
