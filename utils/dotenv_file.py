"""The .env file, and names in it or in the environment that look like misspelled settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def find(flags: Mapping[str, Sequence[str]], environ: Mapping[str, str], home: Path) -> Path | None:
    """Return the file that was named, or the one beside main.py if there is one."""
    for named, base in (
        ((flags.get("env_file") or [""])[-1], Path.cwd()),
        (environ.get("AWX_ENV_FILE", ""), home),
    ):
        if named:
            return base / Path(named).expanduser()
    return home / ".env" if (home / ".env").is_file() else None


def read(path: Path) -> dict[str, str]:
    """Return the settings in a .env file; nothing in it is expanded.

    Raises UsageError where it cannot be read, or a line is not NAME=value.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415  # only where there is a file

    try:
        with path.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"cannot read {path}: {reason}") from None
    for binding in bindings:
        if binding.error or (binding.key and binding.value is None):
            raise UsageError(
                f"{path}, line {binding.original.line}: should be NAME=value, quotes closed"
            )
    return {binding.key: binding.value or "" for binding in bindings if binding.key}


def refuse_unknown(
    environ: Mapping[str, str],
    dotenv: Mapping[str, str],
    known: frozenset[str],
    path: Path | None = None,
) -> None:
    """Refuse what looks like a misspelled setting: it would be left out without a word.

    A .env file (`path`) is ours alone. In the environment other programs have names that start with
    AWX_, so only what is close to one of ours is taken for a slip.
    """
    for where, mapping in (("the environment", environ), (path or ".env", dotenv)):
        for key in mapping:
            if not key.startswith("AWX_") or key in known or not mapping[key]:
                continue
            from difflib import get_close_matches  # noqa: PLC0415  # rarely needed

            close = get_close_matches(key, known, n=1, cutoff=0.85)
            if close:
                raise UsageError(f"{key} in {where} is no setting: is {close[0]} meant?")
            if mapping is dotenv:
                raise UsageError(f"{key} in {where} is no setting; README lists them")
