r"""AWX's download of a job's output, made as AWX does it, comes back as the text of the events.

AWX lets PostgreSQL COPY the events' rows, without the empty ones, and undoes `\r\n` with sed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from utils.job_text import of_event, without_colours, without_copy_escapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

COPY = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}

# Much of what is hard: escapes, their literal spellings, and what lies around a line's end.
PIECES = st.sampled_from(
    ["\\", "\\\\", "\t", "\r", "\n", "\r\n", "\\r\\n", "\\n", "\\t", "\\r", "\b", "\f", "\v",
     "a", " ", "ü", "€", "😀", "\x1b[0;32m", "C:\\new\\temp", "\x7f"]
)  # fmt: skip
TEXT = st.lists(
    PIECES
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5)
).map("".join)
CUTS = st.lists(st.integers(0, 400), max_size=8)


def awx_download(events: Iterable[str]) -> bytes:
    """Return what AWX makes of the events: a COPY of each, then sed over the whole of it."""
    rows = ("".join(COPY.get(char, char) for char in text) + "\n" for text in events if text)
    return "".join(rows).replace("\\r\\n", "\n").encode()


def chunks(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    return (data[start:end] for start, end in pairwise(places))


def undone(
    function: Callable[[Iterable[bytes]], Iterator[bytes]], data: bytes, cuts: list[int]
) -> bytes:
    return b"".join(function(chunks(data, cuts)))


@given(st.lists(TEXT, max_size=6), CUTS)
@example(["\\r\\n"], [])
@example(["a\\r\n", "b"], [])
@example(["a\\\r\n"], [])
@example(["\r\n\r\nTASK [x]\r\n\tok"], [1, 2, 3])
def test_the_download_comes_back_as_the_text_of_the_events(
    events: list[str], cuts: list[int]
) -> None:
    expected = b"".join(of_event(each) for each in events)
    assert undone(without_copy_escapes, awx_download(events), cuts) == expected


@given(TEXT, CUTS)
def test_where_the_stream_is_cut_makes_no_difference_to_colours(text: str, cuts: list[int]) -> None:
    data = text.encode()
    assert undone(without_colours, data, cuts) == undone(without_colours, data, [])


COLOURED = st.lists(
    st.sampled_from(
        ["\x1b[0;31m", "\x1b[0m", "\x1b[1;38;5;208m", "\x1b[K", "\x1b[2J", "\x1b[?25l", "\x1b",
         "\x1b[", "\x1b[KeyJ1\x1b[4D\x1b[K", "\x1b[KQUJD\x1b[4DREVG\x1b[4D\x1b[K", "\x1b[K", "text",
         "[0m", "K", "A==", "\x1b[3D", "\n", "é"]
    )
).map("".join)  # fmt: skip


@given(COLOURED, CUTS)
def test_nor_where_there_are_many_of_them(text: str, cuts: list[int]) -> None:
    data = text.encode()
    assert undone(without_colours, data, cuts) == undone(without_colours, data, [])


@given(COLOURED)
def test_nor_where_every_chunk_is_one_byte(text: str) -> None:
    stream = text.encode()
    single = (stream[place : place + 1] for place in range(len(stream)))
    assert b"".join(without_colours(single)) == undone(without_colours, stream, [])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b"\x1b[0;32mok: [web01]\x1b[0m", b"ok: [web01]"),
        (b"\x1b[1;38;5;208mx\x1b[K", b"x"),
        (b"\x1b[?25l\x1b[2Jx", b"x"),
        (b"a\x1b[KeyJ1dWlkIjogIjQifQ==\x1b[20D\x1b[Kb", b"ab"),
        (b"no colour [0m here", b"no colour [0m here"),
        (b"it ends\x1b[0;3", b"it ends\x1b[0;3"),
        (b"", b""),
    ],
)
def test_colours_and_hidden_event_data_are_taken_out(text: bytes, plain: bytes) -> None:
    assert undone(without_colours, text, []) == plain


@pytest.mark.parametrize(
    ("stdout", "text"),
    [
        ("", b""),
        ("ok", b"ok\n"),
        ("\r\nTASK [x] ***", b"\nTASK [x] ***\n"),
        ("two\r\nlines\n", b"two\nlines\n\n"),
        ("50%\r100%", b"50%\r100%\n"),
        ("ü€", "ü€\n".encode()),
        ("lone surrogate \ud800", b"lone surrogate ?\n"),
    ],
)
def test_the_text_of_an_event(stdout: str, text: bytes) -> None:
    assert of_event(stdout) == text


def test_a_download_that_ends_in_the_middle_of_an_escape_keeps_it() -> None:
    assert undone(without_copy_escapes, b"a\\", []) == b"a\\"
