r"""The text of a job's output, from events and from AWX's download, made the same.

What Ansible printed is each event's `stdout`, where not empty, in order of counter, with `\r\n`
turned into a newline and one newline after each. AWX's download is a PostgreSQL COPY of the same
rows in which only `\r\n` was turned back, so the other escapes of COPY are undone here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COPY_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_COPY_MEANING = {
    b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"\\": b"\\",
    # The text `\r` before a lone newline is `\\r\n` in COPY's spelling; AWX takes the last four
    # characters of that for a line's end, and leaves this.
    b"\n": b"\\r\n",
}  # fmt: skip

# The event data that AWX's callback once hid between cursor movements, and Ansible's colours.
_HIDDEN = rb"\x1b\[K(?:[A-Za-z0-9+/=]+\x1b\[\d+D)+\x1b\[K"
_COLOUR = rb"\x1b\[[0-?]*[ -/]*[@-~]"
# The start of one of them, of which the rest may come with the next chunk.
_UNFINISHED = (
    rb"\x1b(?:\[(?:K(?:[A-Za-z0-9+/=]+\x1b\[\d+D)*(?:[A-Za-z0-9+/=]*(?:\x1b(?:\[\d*)?)?)?"
    rb"|[0-?]*[ -/]*)?)?\Z"
)
_CONTROL = re.compile(rb"%b|%b" % (_HIDDEN, _COLOUR))
# From left to right, since the end of hidden data looks like the start of further ones.
_CONTROL_SO_FAR = re.compile(rb"%b|(?P<unfinished>%b)|%b" % (_HIDDEN, _UNFINISHED, _COLOUR))
LONGEST_CONTROL = 64 * 1024


def of_event(stdout: str) -> bytes:
    """Return what an event adds to the output, as UTF-8."""
    return stdout.replace("\r\n", "\n").encode(errors="replace") + b"\n" if stdout else b""


def without_copy_escapes(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo the spelling of PostgreSQL's COPY in a stream, chunk by chunk."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        backslashes = len(text) - len(text.rstrip(b"\\"))
        held = b"\\" if backslashes % 2 else b""
        yield _COPY_ESCAPE.sub(_copied, text[: len(text) - len(held)])
    yield held


def _copied(match: re.Match[bytes]) -> bytes:
    return _COPY_MEANING.get(match[1], match[0])


def without_colours(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Take terminal control sequences out of a stream, also those cut in two by a chunk's end."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        found = (match["unfinished"] for match in _CONTROL_SO_FAR.finditer(text))
        held = next(filter(None, found), b"")
        if len(held) > LONGEST_CONTROL:
            held = b""
        yield _CONTROL.sub(b"", text[: len(text) - len(held)])
    yield _CONTROL.sub(b"", held)
