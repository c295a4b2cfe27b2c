"""Output too large to hold: its events are made when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from demo.script import Event, Script, paint

if TYPE_CHECKING:
    from demo.tape import Tape

WORDS = "the quick brown fox jumps over the lazy dog and copies table rows "


class LongEvents(Sequence[Event]):
    """A few real events around `count` equal ones that are made one at a time."""

    def __init__(
        self, head: list[Event], tail: list[Event], *, count: int, lines: int, width: int
    ) -> None:
        self.head, self.repeats, self.lines, self.width = head, count, lines, width
        self.first_line = head[-1].end_line
        shift = count * lines
        self.tail = [replace(event, start_line=event.start_line + shift) for event in tail]
        self.step = (tail[-1].offset - head[-1].offset) / (count + 1)

    def __len__(self) -> int:
        return len(self.head) + self.repeats + len(self.tail)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        if isinstance(index, slice):
            return _Part(self, range(*index.indices(len(self))))
        if index < 0:
            index += len(self)
        if index < len(self.head):
            return self.head[index]
        number = index - len(self.head)
        if number >= self.repeats:
            return self.tail[number - self.repeats]
        return self._made(number)

    def _made(self, number: int) -> Event:
        host = self.head[-1].host
        first = f"changed: [{host}] => (item=chunk {number:05d})"
        body = (f"{number:05d} {WORDS}" * (self.width // 70 + 1))[: self.width]
        text = "\r\n".join([first, *[body] * (self.lines - 1)])
        return replace(
            self.head[-1],
            offset=self.head[-1].offset + self.step * (number + 1),
            event="runner_item_on_ok",
            stdout=paint(text, "changed"),
            changed=True,
            start_line=self.first_line + number * self.lines,
            key=f"{self.head[-1].key}/{number}",
        )


class _Part(Sequence[Event]):
    """A stretch of LongEvents, still made one at a time."""

    def __init__(self, whole: Sequence[Event], indices: range) -> None:
        self._whole, self._indices = whole, indices

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        if isinstance(index, slice):
            return _Part(self._whole, self._indices[index])
        return self._whole[self._indices[index]]


def long_output(
    tape: Tape, hosts: Sequence[str], *, count: int, lines: int, width: int, duration: float
) -> Script:
    """Return a script with `count` results of `lines` lines, `width` characters each."""
    host = hosts[0]
    tape.at = 0.5
    tape.start()
    tape.play("Print a lot")
    tape.task("Copy the rows", "ansible.builtin.shell")
    tape.begin(host)
    head = list(tape.events)
    tape.at = duration - 0.3
    tape.result(host, "changed")
    tape.recap()
    events = LongEvents(head, tape.events[len(head) :], count=count, lines=lines, width=width)
    return Script(events, duration, stats=tape.stats)
