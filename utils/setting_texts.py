"""The texts of a setting: which one holds, where it came from, and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from utils import values
from utils.errors import UsageError
from utils.options import env_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from utils.options import Option


def lookup(
    name: str,
    each: Option,
    flags: Mapping[str, Sequence[str]],
    environ: Mapping[str, str],
    dotenv: tuple[Mapping[str, str], Path | None],
    *,
    home: Path,
) -> tuple[Sequence[str], str, Path]:
    """Return the texts given for a setting, their source, and where relative paths start.

    What a person types starts at the current folder; what stands in a file or a crontab starts
    beside main.py (`home`), because cron starts elsewhere. An empty value counts as unset.
    """
    given = [text for text in flags.get(name, ()) if text]
    if given:
        return given, each.flags[0], Path.cwd()
    for where, mapping in (("", environ), (f" in {dotenv[1]}", dotenv[0])):
        for key in (env_name(name), *each.also):
            if mapping.get(key):
                return [mapping[key]], f"{key}{where}", home
    return [], "", home


def read(each: Option, texts: Sequence[str], source: str, base: Path) -> object:
    """Return the value that the texts mean; raises UsageError naming their source."""
    if not all(_is_text(text) for text in texts):
        raise UsageError(f"{source}: it takes text in UTF-8")
    text = texts[-1]
    try:
        if each.is_path and not (each.or_dash and text == "-"):
            return str(base / Path(text).expanduser())
        if not each.repeatable:
            return each.read(text)
        # Variables may hold commas, and so may names on the command line; other lists are parted.
        if source.startswith("-"):
            if each.joined:
                texts = [word for given in texts for word in values.words(given) or (given,)]
        elif each.flags[0] != "--extra-vars":
            texts = values.words(text)
        return tuple(each.read(text := item) for item in texts)
    except ValueError as error:
        # An address may hold a password, too.
        given = "" if each.secret or "@" in text else f" is {text!r}"
        raise UsageError(f"{source}{given}: it {error}") from None


def _is_text(text: str) -> bool:
    """Tell whether a text came from UTF-8; other bytes of the command line are surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
