"""A file of schedules, YAML or JSON, read as if each entry were a command line of its own."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import options
from utils.errors import UsageError
from utils.schedules.file_keys import ENABLED, KEYS, SETTINGS, TOP, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from yaml.nodes import Node, ScalarNode

    from config import Settings
    from utils.options import Option

# What a time that hangs on now would be at each apply.
_RELATIVE = re.compile(r"\d+(?:\.\d+)?[smhdwy]|today|yesterday", re.ASCII)
_BOOLEANS = {"true": "false", "yes": "false", "false": "true", "no": "true"}


@dataclass(frozen=True)
class Entry:
    """An entry of the file: the settings that it stands for, and where it is."""

    settings: Settings
    where: str


def read(settings: Settings) -> list[Entry]:
    """Return the entries of `--file`, each with its settings read.

    Raises UsageError for what is no YAML, for unknown and doubled keys, and for values that cannot
    be read, naming the file, the line, the entry and its key.
    """
    settings.require("file")
    name = "standard input" if settings.file == "-" else settings.file
    return [
        _entry(settings, node, name, number)
        for number, node in enumerate(_entries(_text(settings.file, name), name), 1)
    ]


def _text(path: str, name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name}: cannot read it: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name}: it is not UTF-8 text") from None


def _entries(text: str, name: str) -> list[Node]:
    import yaml  # noqa: PLC0415  # slow to import, and only needed here

    try:
        # As nodes, which know their lines and both of two equal keys.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise UsageError(f"{name}{line}: {problem}") from None
    if root is None:
        raise UsageError(f"{name}: it is empty; it takes {TOP}: and a list of them")
    found = _pairs(root, name, (TOP,)).get(TOP)
    if not isinstance(found, yaml.SequenceNode):
        raise UsageError(f"{name}: it takes {TOP}: and a list of them")
    return list(found.value)


def _pairs(node: Node, where: str, known: Iterable[str]) -> dict[str, Node]:
    """Return a mapping's values by their keys, all of which are known and there once."""
    import yaml  # noqa: PLC0415  # as above

    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise UsageError(f"{where}, line {line}: this takes keys and values")
    found: dict[str, Node] = {}
    for key, value in node.value:
        at = f"{where}, line {key.start_mark.line + 1}"
        name = str(key.value)
        if name not in known:
            raise UsageError(f"{at}: there is no key {name!r:.60}{_meant(name, known)}")
        if name in found:
            raise UsageError(f"{at}: the key {name!r} is there twice")
        found[name] = value
    return found


def _entry(settings: Settings, node: Node, file: str, number: int) -> Entry:
    found = _pairs(node, f"{file}, entry {number}", KEYS)
    called = getattr(found.get("name"), "value", "")
    where = f"{file}, entry {number}" + (f" ({called!r:.60})" if isinstance(called, str) and called
                                         else "")  # fmt: skip
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for key, value in found.items():
        source = f"{where}, line {value.start_mark.line + 1}, {key}"
        field, texts = _texts(key, value, source)
        if texts:
            values[field] = _value(options()[field], texts, source)
            sources[field] = source
    made = _without_prompts(settings, values, sources)
    if not {"template", "of_project"} & set(values):
        raise UsageError(f"{where}: it names neither template nor project")
    if {"template", "of_project"} <= set(values):
        raise UsageError(f"{where}: it names a template and a project: it takes one of them")
    if not called:
        raise UsageError(f"{where}: it has no name, by which it could be found again")
    return Entry(made, where)


def _texts(key: str, node: Node, source: str) -> tuple[str, list[str]]:
    """Return the setting that a key stands for, and its texts as on a command line."""
    import yaml  # noqa: PLC0415  # as above

    if key == VARIABLES:
        if not isinstance(node, yaml.MappingNode):
            raise UsageError(f"{source}: it takes names and values")
        return VARIABLES, [_as_json(node, source)]
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    field = "disabled" if key == ENABLED else SETTINGS[key]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        raise UsageError(f"{source}: it takes a text" + (" or a list of them" if
                         options()[field].repeatable else ""))  # fmt: skip
    if len(items) > 1 and not options()[field].repeatable:
        raise UsageError(f"{source}: it takes one text, not {len(items)}")
    texts = [_scalar(item) for item in items if isinstance(item, yaml.ScalarNode)]
    if key == ENABLED and texts:
        if texts[0].lower() not in _BOOLEANS:
            raise UsageError(f"{source} is {texts[0]!r}: it takes true or false")
        return field, [_BOOLEANS[texts[0].lower()]]
    if key in {"start", "until"} and texts and _RELATIVE.fullmatch(texts[0]):
        raise UsageError(
            f"{source} is {texts[0]!r}, another time at each apply: give a date such as 2026-12-31"
        )
    return field, [text for text in texts if text]


def _value(option: Option, texts: list[str], source: str) -> object:
    """Return what texts mean to a setting; a list has a text each, with commas in them or not."""
    read_texts: list[object] = []
    for text in texts:
        try:
            read_texts.append(option.read(text))
        except ValueError as error:
            given = "" if option.secret else f" is {text!r}"
            raise UsageError(f"{source}{given}: it {error}") from None
    return tuple(read_texts) if option.repeatable else read_texts[-1]


def _scalar(node: ScalarNode) -> str:
    # As it is written: 10:30 is no number of seconds here.
    return "" if node.tag.endswith(":null") else str(node.value)


def _as_json(node: Node, source: str) -> str:
    import yaml  # noqa: PLC0415  # as above

    try:
        # Days, which JSON has not, are texts to AWX.
        return json.dumps(yaml.SafeLoader("").construct_object(node, deep=True), default=str)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, LookupError, AttributeError):
        raise UsageError(f"{source}: it takes names and values as JSON can carry them") from None


def _without_prompts(
    settings: Settings, values: Mapping[str, Any], sources: Mapping[str, str]
) -> Settings:
    """Return the settings with those of the entry, and nothing of others that it has not."""
    table = options()
    fields = {*SETTINGS.values(), "disabled", VARIABLES}
    kept = {name: source for name, source in settings.sources.items() if name not in fields}
    defaults: dict[str, Any] = {name: table[name].default for name in fields}
    return replace(settings, **{**defaults, **values}, sources={**kept, **sources})


def _meant(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

    close = get_close_matches(name, list(known), n=1)
    return f": is {close[0]!r} meant?" if close else f"; it takes {', '.join(known)}"
