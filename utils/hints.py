"""What may have been meant by a word on the command line that is not on its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from utils.command_line import Command


# Where more commands than these have a flag, it tells nothing which.
SHOWN_AT_MOST = 3


def unknown(name: str, by_name: Mapping[str, Command], program: str) -> str:
    """Return what to say of a command that there is not."""
    return f"no command {name!r}{_meant(name, by_name)}; see: {program} --help"


def strange(word: str, command: Command, by_name: Mapping[str, Command], program: str) -> str:
    """Return what to say of a flag or an argument that a command does not take."""
    if word in by_name:
        return f"the command comes first: {program} {word} ..."
    if not word.startswith("-"):
        return f"{command.name} takes no argument {word!r}; see: {program} {command.name} --help"
    flag = word.partition("=")[0]
    elsewhere = [each.name for each in by_name.values() if flag in _flags(each)]
    where = "" if elsewhere else _meant(flag, _flags(command))
    if 0 < len(elsewhere) <= SHOWN_AT_MOST:
        where = f" ({', '.join(elsewhere)} {'have' if len(elsewhere) > 1 else 'has'} it)"
    return f"{command.name} has no flag {flag}{where}; see: {program} {command.name} --help"


def _flags(command: Command) -> list[str]:
    table, renamed = options(), dict(command.renamed)
    return [
        flag
        for name in command.fields
        if name not in command.reads
        for flag in ((renamed[name],) if name in renamed else table[name].flags)
    ]


def _meant(word: str, words: Iterable[str]) -> str:
    # A verb alone, of a command of two words.
    if families := [each for each in words if each.endswith(f" {word}")]:
        return f" (is {families[0]!r} meant?)"
    from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

    close = get_close_matches(word, list(words), n=1)
    return f" (is {close[0]!r} meant?)" if close else ""
