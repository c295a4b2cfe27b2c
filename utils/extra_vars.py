"""Variables from the command line: `k=v`, JSON, YAML or `@file`, with their types kept."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logger.get("variables")


def merge(texts: Iterable[str], source: str, folder: Path) -> dict[str, object]:
    """Return all variables in one mapping; a later one wins.

    `{"a": 1}` and `a: 1` keep their types, `a=1` is the text "1" as it is for Ansible; `@FILE`
    holds JSON or YAML and is looked for from `folder` on. Raises UsageError for anything else.
    """
    merged: dict[str, object] = {}
    for text in texts:
        merged.update(_read(text.strip(), source, folder))
    return merged


def kept(value: object) -> dict[str, object]:
    """Return the variables that AWX has in a field: an object, or the text that it was sent as.

    Text that makes no sense holds none, as AWX has it; that is told where there is any.
    """
    if not isinstance(value, str):
        return dict(value) if isinstance(value, dict) else {}
    try:
        return _mapping(value, "", "")
    except UsageError as error:
        if value.strip():
            why = str(error).lstrip(" :;")
            log.warning("variables that AWX keeps cannot be read, and count as none: %s", why)
        return {}


def _read(text: str, source: str, folder: Path) -> dict[str, object]:
    if text.startswith("@"):
        return _read_file(folder / Path(text[1:]).expanduser(), source)
    if _is_assignments(text):
        return _assignments(text, source)
    return _mapping(text, source, "takes k=v, a JSON or YAML mapping, or @file")


def _is_assignments(text: str) -> bool:
    """Tell `k=v` from JSON and YAML: the part before the first `=` is then a plain name."""
    return "=" in text and text.partition("=")[0].strip().isidentifier()


def _assignments(text: str, source: str) -> dict[str, object]:
    """Read `k=v k2="v 2"`, split as a shell does; one assignment may hold spaces unquoted."""
    import shlex  # noqa: PLC0415  # only for this form

    try:
        words = shlex.split(text)
    except ValueError as error:
        # Not the text itself, which may be a secret.
        raise UsageError(f"{source}: {error}; quote the value, or pass it as JSON") from None
    if not all(_is_assignments(word) for word in words):
        key, _, value = text.partition("=")
        return {key.strip(): value}
    pairs = (word.partition("=") for word in words)
    return {key: value for key, _, value in pairs}


def _read_file(path: Path, source: str) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{source} @{path}: cannot read it: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{source} @{path}: it is not UTF-8 text") from None
    return _mapping(text, f"{source} @{path}", "should hold a JSON or YAML mapping")


def _mapping(text: str, source: str, what: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise UsageError(f"{source} {what}, not one nested that deep") from None
    except ValueError:
        found = _yaml(text, source, what)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UsageError(f"{source} {what}: no name and value in what was passed")
    try:
        return {str(key): _plain(value) for key, value in found.items()}
    except RecursionError:
        raise UsageError(f"{source} {what}, not one that holds itself") from None
    except ValueError as error:
        raise UsageError(f"{source}: {error}") from None


def _yaml(text: str, source: str, what: str) -> object:
    import yaml  # noqa: PLC0415  # slow to import, and rarely needed

    try:
        return yaml.safe_load(text)
    # PyYAML's own constructors raise all of these, for `!!bool x` or `!!timestamp x`.
    except (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, RecursionError,
            TypeError, ValueError) as error:  # fmt: skip
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" (line {line + 1})" if line is not None else ""
        raise UsageError(f"{source} {what}; that is neither{where}") from None


def _plain(value: object) -> object:
    """Return a value as JSON can carry it: YAML has dates, which AWX takes as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"JSON has no {value}, so AWX cannot take it")
    return value if isinstance(value, str | int | float | bool | None) else str(value)
