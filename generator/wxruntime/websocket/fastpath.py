"""The fast path: whole plain data frames are cut and made here, all others by the library.

The websockets library is the judge of the protocol, but makes a few dozen Python calls for a message,
and nearly all messages are plain: one frame, text or binary, no larger than allowed.
:class:`FrameCutter` cuts those out of the stream in one loop. Every other frame goes to the library,
frame by frame, so that it is known where the library stands. :class:`FrameWriter` makes the frames
of the messages that are sent, and joins those of one tick of the loop.

Both work in memory, without a network. What they rely on in the library is this, and nothing else:

* ``Protocol.receive_data`` takes any part of the stream, and stands between two frames when it was
  given all bytes of the last one;
* the response to the opening request ends with the first empty line;
* frames of a server are not masked, and no extension is in use (see :func:`library_fits`);
* ``Protocol.data_to_send`` returns whole frames, so that frames made here may come between them;
* ``apply_mask``.

mypyc compiles this module as it stands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final

from websockets import frames
from websockets.client import ClientProtocol

__all__ = ["FrameCutter", "FrameWriter", "library_fits"]

# The first byte of a frame: FIN, three reserved bits, the opcode.
_TEXT: Final = 0x81
_BINARY: Final = 0x82
_FIRST_TEXT_FRAGMENT: Final = 0x01
_FIRST_BINARY_FRAGMENT: Final = 0x02
_LAST_FRAGMENT: Final = 0x80
# The library can be given these one by one. Any other first byte breaks the protocol.
_KNOWN: Final = frozenset({0x00, 0x80, 0x01, 0x02, 0x81, 0x82, 0x88, 0x89, 0x8A})

# The second byte: the mask bit, then the length or how it is written.
_SHORT: Final = 125
_LENGTH_16: Final = 126
_LENGTH_64: Final = 127
_MASK_BIT: Final = 0x80

# From this size on a copy costs more than what avoids it.
_LARGE: Final = 2**13

_END_OF_HEAD: Final = b"\r\n\r\n"

# Frames that wait for the end of a tick are written when they come to so many bytes.
_JOIN_SIZE: Final = 2**14
# A frame sent so many seconds after another may belong to a burst of them.
_BURST: Final = 0.0001
# Mask keys are drawn so many at a time.
_KEYS: Final = 128


def library_fits(protocol: ClientProtocol) -> bool:
    """Tell whether the fast path may be used for a connection that is about to be opened.

    Args:
        protocol: The library's protocol of the connection.

    Returns:
        Whether no extension will be negotiated, and frames need not be logged, which only the
        library does. If not, everything has to go to the library.
    """
    try:
        return not (protocol.available_extensions or protocol.extensions or protocol.debug)
    except AttributeError:
        return False  # not the library that we know


def _apply_mask(data: bytes, key: bytes) -> bytes:
    """Mask a payload, should the library's own function have moved."""
    size = len(data)
    repeated = key * (size // 4) + key[: size % 4]
    masked = int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")
    return masked.to_bytes(size, "little")


_mask: Final[Callable[[bytes, bytes], bytes]] = getattr(frames, "apply_mask", _apply_mask)


class FrameCutter:
    """Cuts the stream of a server into messages and what is for the library.

    The stream begins with the response to the opening request, which is for the library. Each byte
    goes either to ``library`` or, in a whole message, to ``deliver``, in the order of the stream.

    Args:
        deliver: Called with each plain message. It may call :meth:`pause`. What it raises leaves
            :meth:`feed`; what has not been handed on then waits for :meth:`resume` or more data.
        library: Called with bytes for ``Protocol.receive_data``. Carries out what follows from them.
        is_open: Tells whether the library takes the connection for open. Asked after each call of
            ``library``; once it is not open, the library gets everything.
        max_size: The largest message to cut here, in bytes. Larger ones go to the library, which is
            to have the same limit.
        slow: Whether everything goes to the library.
    """

    def __init__(
        self,
        deliver: Callable[[str | bytes], object],
        library: Callable[[bytes], object],
        is_open: Callable[[], bool],
        max_size: int,
        *,
        slow: bool = False,
    ) -> None:
        self._deliver = deliver
        self._library = library
        self._is_open = is_open
        self._max_size = max_size
        # The largest plain frame that is cut here: none inside a fragmented message.
        self._limit = max_size
        self._opening = not slow
        self._slow = slow
        # How many bytes the library needs to complete the frame it is in.
        self._owed = 0
        self._paused = False
        self._busy = False
        self._ended = False
        # What waits: _data from _at on, then _parts. Together so many bytes; it makes sense to look
        # at them when there are _need.
        self._data = b""
        self._at = 0
        self._parts: list[bytes] = []
        self._waiting = 0
        self._need = 0

    @property
    def is_paused(self) -> bool:
        """Whether messages are held back."""
        return self._paused

    @property
    def is_waiting(self) -> bool:
        """Whether there are bytes that have not been handed on."""
        return self._waiting > 0

    def feed(self, segment: bytes) -> None:
        """Take bytes from the network, cut anywhere; while paused they are kept."""
        if self._opening:
            self._open(segment)
        elif self._waiting or self._paused or self._busy:
            missing = self._need - self._waiting
            if 0 < missing < len(segment) and self._need > _LARGE and not self._paused:
                # Complete the frame that waits, and leave the rest of the segment where it is.
                self._keep(segment[:missing])
                self._go_on()
                if self._waiting or self._paused:
                    self._keep(segment[missing:])
                    self._go_on()
                else:
                    self._cut(segment, missing)
                return
            self._keep(segment)
            if missing <= len(segment):
                self._go_on()
        else:
            self._cut(segment, 0)

    def pause(self) -> None:
        """Hand nothing on until :meth:`resume`."""
        self._paused = not self._ended

    def resume(self) -> None:
        """Go on with what waits. Called inside ``deliver``, that happens when it has returned."""
        self._paused = False
        self._go_on()

    def finish(self) -> None:
        """Hand everything on, and do not pause any more: the stream has ended."""
        self._ended = True
        self.resume()
        self._slow = True  # what is left is the beginning of a frame
        self._go_on()

    # Inside.

    def _open(self, segment: bytes) -> None:
        """Give the response to the library, and cut what follows it."""
        before = self._data  # the end of what came before: the empty line may begin there
        head = before + segment
        found = head.find(_END_OF_HEAD)
        if found < 0:
            self._data = head[-3:]
            self._library(segment)
            if self._is_open():
                # Open without an empty line: this is not the library that we know.
                self._data = b""
                self._opening = False
                self._slow = True
            return
        self._data = b""
        self._opening = False
        rest = found + len(_END_OF_HEAD) - len(before)
        try:
            self._give(segment[:rest])
        finally:
            if rest < len(segment):
                self._parts.append(segment[rest:])
                self._waiting = len(segment) - rest
        self._go_on()

    def _keep(self, segment: bytes) -> None:
        self._parts.append(segment)
        self._waiting += len(segment)

    def _go_on(self) -> None:
        """Look at what waits, unless that has to wait on."""
        if self._paused or self._busy or not self._waiting:
            return
        data, at = self._data, self._at
        if self._parts:
            data = b"".join([data[at:], *self._parts])
            at = 0
            self._parts = []
        self._cut(data, at)

    def _cut(self, data: bytes, at: int) -> None:
        """Hand on what is in ``data`` from ``at`` on, and keep what cannot be handed on yet."""
        deliver = self._deliver
        end = len(data)
        need = 0
        self._busy = True
        try:
            if self._owed:
                before = at
                at = min(at + self._owed, end)
                self._owed -= at - before
                self._give(data[before:at])
            limit = self._limit
            while not self._paused and not self._slow:
                # A frame begins here.
                start = at
                body = start + 2
                if body > end:
                    need = 2
                    break
                first = data[start]
                size = data[start + 1]
                if size > _SHORT:
                    if size == _LENGTH_16:
                        body = start + 4
                    elif size == _LENGTH_64:
                        body = start + 10
                    else:
                        self._slow = True  # masked
                        break
                    if body > end:
                        need = body - start
                        break
                    size = int.from_bytes(data[start + 2 : body], "big")
                stop = body + size
                if size <= limit:
                    if first == _TEXT:
                        if stop > end:
                            need = stop - start
                            break
                        try:
                            if size > _LARGE:
                                text = str(memoryview(data)[body:stop], "utf-8")  # not copied first
                            else:
                                text = data[body:stop].decode()
                        except UnicodeDecodeError:
                            pass  # the library refuses it
                        else:
                            at = stop
                            deliver(text)
                            continue
                    elif first == _BINARY:
                        if stop > end:
                            need = stop - start
                            break
                        at = stop
                        deliver(data[body:stop])
                        continue
                # The frame is for the library.
                if first not in _KNOWN:
                    self._slow = True
                    break
                at = min(stop, end)
                self._owed = stop - at
                if first in (_FIRST_TEXT_FRAGMENT, _FIRST_BINARY_FRAGMENT):
                    self._limit = -1
                elif first == _LAST_FRAGMENT:
                    self._limit = self._max_size
                limit = self._limit
                self._give(data[start:at])
            if self._slow and not self._paused and at < end:
                start, at = at, end
                self._give(data[start:])
        finally:
            self._busy = False
            self._waiting = end - at
            self._need = need
            if need and at:  # a whole segment need not be kept for the beginning of a frame
                data = data[at:]
                at = 0
            if at == end:
                data = b""
                at = 0
            self._data = data
            self._at = at
            for part in self._parts:  # came while this was busy
                self._waiting += len(part)
        if self._parts:
            self._go_on()

    def _give(self, data: bytes) -> None:
        """Give bytes to the library, and learn whether it still gets frames one by one."""
        try:
            self._library(data)
        finally:
            self._slow = self._slow or not self._is_open()


class FrameWriter:
    """Makes the frames of messages that are sent, and joins those of one tick.

    The first frame of a tick is written at once. What follows in the same tick is joined, and written
    at its end or when there is enough.

    Args:
        write: Writes to the transport.
        call_soon: The loop's method.
        clock: Gives the time, in seconds.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        call_soon: Callable[[Callable[[], None]], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._call_soon = call_soon
        self._clock = clock
        self._keys = b""
        self._next_key = 0
        # Frames of this tick, in pieces.
        self._pieces: list[bytes] = []
        self._size = 0
        self._joining = False
        self._last = 0.0

    @property
    def size(self) -> int:
        """How many bytes wait for the end of the tick."""
        return self._size

    def send(self, data: bytes, text: bool) -> None:
        """Send a message.

        Args:
            data: The payload.
            text: Whether it is text, in UTF-8.
        """
        size = len(data)
        first = _TEXT if text else _BINARY
        if size <= _SHORT:
            head = _SHORT_HEADS[text][size]
        elif size < 2**16:
            head = (first << 24 | (_MASK_BIT | _LENGTH_16) << 16 | size).to_bytes(4, "big")
        else:
            head = (first << 72 | (_MASK_BIT | _LENGTH_64) << 64 | size).to_bytes(10, "big")
        at = self._next_key
        if at == len(self._keys):
            self._keys = os.urandom(4 * _KEYS)
            at = 0
        self._next_key = at + 4
        key = self._keys[at : at + 4]
        if self._joining:
            self._pieces += (head, key, _mask(data, key))
            self._size += len(head) + 4 + size
            if self._size >= _JOIN_SIZE:
                self.flush()
            return
        # Whether this is a new tick is not known. It does no harm to write at once in the old one;
        # from here on frames are joined until the loop comes round.
        now = self._clock()
        if now - self._last < _BURST:
            self._joining = True
            self._call_soon(self._end_tick)
        self._last = now
        self._write(b"".join((head, key, _mask(data, key))))

    def new_tick(self) -> None:
        """A tick has begun for certain: the next frame is no part of a burst."""
        self._last = 0.0

    def flush(self) -> None:
        """Write what waits. To be called before anything else is written."""
        if self._size:
            pieces, self._pieces = self._pieces, []
            self._size = 0
            self._write(b"".join(pieces))

    def discard(self) -> None:
        """Drop what waits: the connection is lost."""
        self._pieces = []
        self._size = 0

    def _end_tick(self) -> None:
        self._joining = False
        self.flush()


# Binary, then text: the heads of frames whose length is in the second byte.
_SHORT_HEADS: Final = [
    [bytes((first, _MASK_BIT | size)) for size in range(_SHORT + 1)] for first in (_BINARY, _TEXT)
]
