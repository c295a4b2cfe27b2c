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
# Neither goes over the end of a line. The last is what sets a terminal's title, and the like.
_CONTROL = re.compile(
    rb"\x1b\[(?:K(?:[A-Za-z0-9+/=]+\x1b\[\d+D)+\x1b\[K|[0-?]*[ -/]*[@-~])"
    rb"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
)


def of_event(stdout: str) -> bytes:
    """Return what an event adds to the output, as UTF-8."""
    return stdout.replace("\r\n", "\n").encode(errors="replace") + b"\n" if stdout else b""


def plain(text: bytes) -> bytes:
    """Return text of whole lines without terminal control sequences."""
    return _CONTROL.sub(b"", text)


def prefixed(lines: bytes, name: str) -> bytes:
    """Return whole lines, each with a name before it."""
    start = f"{name} | ".encode()
    return b"".join(start + line + b"\n" for line in lines.removesuffix(b"\n").split(b"\n"))


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
    """Take terminal control sequences out of a stream; each line is held until it is whole."""
    return (plain(lines) for lines in whole_lines(chunks))


def whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream at ends of lines: each piece has whole lines, but for the very last one."""
    held: list[bytes] = []
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if not end:
            held.append(chunk)
            continue
        yield b"".join([*held, chunk[:end]])
        held = [chunk[end:]]
    yield b"".join(held)
