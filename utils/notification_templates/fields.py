"""What a notification template takes, by AWX's own schema, and reading it from the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from utils import values
from utils.errors import BadAnswer, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from utils.awx_client import Client
    from utils.record import Record

PATH = "notification_templates/"
# Fields that AWX takes and uses, though its schema has no word of them; all of them are texts.
UNTOLD = {
    "slack": ("hex_color",),
    "mattermost": ("mattermost_channel", "mattermost_username", "mattermost_icon_url"),
    "rocketchat": ("rocketchat_username", "rocketchat_icon_url"),
    "grafana": ("dashboardId", "panelId", "annotation_tags"),
}
FROM_FILE = frozenset({"password", "object"})


@dataclass(frozen=True)
class Field:
    """A field of a type: `kind` is AWX's word for what it holds, such as string or password."""

    name: str
    label: str
    kind: str
    is_required: bool

    def __str__(self) -> str:
        if self.kind == "password":
            return f"{self.name}=@FILE"
        return f"{self.name}={self.kind.upper()}"


Schema = dict[str, dict[str, Field]]


def schema(client: Client) -> Schema:
    """Return every type that this AWX sends by with its fields.

    It is what `OPTIONS /api/v2/notification_templates/` says. Raises Refused where the user may
    make none: AWX then tells no fields.
    """
    actions = client.options(PATH).maybe_record("actions")
    if "POST" not in actions:
        raise Refused(
            "AWX lets this user make no notification templates: it takes the notification admin "
            "role of an organization"
        )
    post = actions.record("POST")
    types = post.record("notification_type").fields.get("choices")
    configuration = post.record("notification_configuration")
    if not isinstance(types, list):
        raise BadAnswer(f"{post.origin}: it tells no types of notifications")
    names = [each[0] for each in types if isinstance(each, list) and each]
    return {name: _fields(configuration.maybe_record(name), name) for name in names if name}


def _fields(record: Record, kind: str) -> dict[str, Field]:
    found = {}
    for name in record.fields:
        each = record.record(name)
        is_required = "default" not in each.fields
        found[name] = Field(name, each.maybe_text("label"), each.text("type"), is_required)
    untold = [name for name in UNTOLD.get(kind, ()) if name not in found]
    return found | {name: Field(name, name, "string", is_required=False) for name in untold}


def type_of(types: Schema, text: str, source: str) -> dict[str, Field]:
    """Return the fields of a type; raises UsageError for one that AWX has not."""
    if text not in types:
        raise UsageError(f"{source} is {text!r}: this AWX sends by {', '.join(sorted(types))}")
    return types[text]


def configuration(
    fields: Mapping[str, Field], given: Iterable[str], kind: str, source: str
) -> dict[str, object]:
    """Return the configuration that texts such as `channels=#ops` mean.

    A list takes commas, or its field again; a secret comes from a file (`token=@FILE`, or
    `token=@-` for standard input), since the command line is there for all to see. Raises
    UsageError for what the type does not take, or needs and is not there.
    """
    made: dict[str, object] = {}
    for text in given:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign:
            raise UsageError(f"{source} takes NAME=VALUE")
        if name not in fields:
            known = ", ".join(map(str, fields.values()))
            raise UsageError(f"{source}: {kind} has no field {name!r}; it takes {known}")
        read = _value(fields[name], value, f"{source} {name}")
        before = made.get(name)
        made[name] = (
            [*before, *read] if isinstance(before, list) and isinstance(read, list) else read
        )
    missing = [str(each) for each in fields.values() if each.is_required and each.name not in made]
    if missing:
        raise UsageError(f"{kind} needs more: {', '.join(f'--field {each}' for each in missing)}")
    return made


def _value(field: Field, text: str, source: str) -> object:
    if field.kind in FROM_FILE and text.startswith("@"):
        text = _content(text[1:], source)
    elif field.kind == "password" and text:
        raise UsageError(
            f"{source}: a secret on the command line is there for all to see; write it to a file "
            f"and pass {field.name}=@FILE, or {field.name}=@- for standard input"
        )
    try:
        return READERS.get(field.kind, str)(text)
    except ValueError as error:
        raise UsageError(f"{source}: it {error}") from None


def _content(name: str, source: str) -> str:
    if name == "-":
        return sys.stdin.read().rstrip("\r\n")
    try:
        return Path(name).expanduser().read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise UsageError(f"{source}: {name} cannot be read: {reason}") from None


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    # AWX takes a list in its place, and cannot send by it.
    if isinstance(found, dict):
        return found
    raise ValueError('takes a JSON object, such as {"X-Team": "web"}, or @FILE with one')


READERS: Mapping[str, Callable[[str], object]] = {
    "int": values.whole_number(0),
    "bool": values.boolean,
    "list": lambda text: list(values.words(text)),
    "object": _object,
}
