"""Filters in the way of Django's lookups, over whatever rows a list has."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from demo.errors import detail
from demo.fields import TABLES, Table
from demo.row_tests import LOOKUPS, Either, Search, Test

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.aliases import AnyRow, Json
    from demo.row_tests import Predicate

RESERVED = frozenset(
    [
        "page",
        "page_size",
        "format",
        "order",
        "order_by",
        "search",
        "type",
        "type__in",
        "host_filter",
        "count_disabled",
        "no_truncate",
        "limit",
        "validate",
    ]
)


TEXTUAL = frozenset(
    name for name in LOOKUPS if name.endswith(("with", "contains", "regex", "iexact"))
)


def predicates(table: Table, params: list[tuple[str, str]]) -> list[Predicate]:
    """Return what each row must satisfy; raise Refused for a field or value that makes no sense."""
    every: list[Predicate] = []
    either: list[Predicate] = []
    for key, value in params:
        if key in RESERVED:
            continue
        name, negate = key, False
        if name.startswith("not__"):
            name, negate = name[5:], True
        chosen = every
        if name.startswith(("or__", "chain__")):
            chosen = either if name.startswith("or__") else every
            name = name.split("__", 1)[1]
        if name.startswith("not__"):
            name, negate = name[5:], True
        chosen.append(_predicate(table, name, value, negate=negate))
    if either:
        every.append(Either(either))
    search = dict(params).get("search", "")
    if search:
        every.append(Search(table.searched, search.lower()))
    return every


def _predicate(table: Table, name: str, value: str, *, negate: bool) -> Predicate:
    path, kind, lookup = _resolve(table, name.split("__"))
    if lookup == "iexact" and kind != "str":
        text = f"{path[-1]} is not a text field and cannot be filtered by case-insensitive search"
        raise detail(400, text)
    return Test(path, kind, lookup, _value(kind, lookup, value), negate)


def _resolve(table: Table, parts: list[str]) -> tuple[list[str], str, str]:
    """Return the attributes to follow, the kind of the last one, and the lookup."""
    path: list[str] = []
    for number, part in enumerate(parts):
        part = "id" if part == "pk" else part  # noqa: PLW2901 - another name of the same field
        if part in {"extra_vars", "variables", "password", "token", "inputs"}:
            raise detail(403, f"Filtering on {part} is not allowed.")
        kind = table.fields.get(part)
        if kind is None:
            if path and number == len(parts) - 1:
                raise detail(400, f"No related model for field {part}.")
            raise detail(400, f"{table.model} has no field named '{part}'")
        path.append(part)
        rest = parts[number + 1 :]
        if not rest:
            return path, kind.split(":")[0], "exact"
        if rest[0] in LOOKUPS and len(rest) == 1:
            return path, kind.split(":")[0], rest[0]
        if not kind.startswith("rel:"):
            raise detail(400, f"No related model for field {rest[0]}.")
        table = TABLES[kind[4:]]
    raise detail(400, f"{table.model} has no field named ''")


def _value(kind: str, lookup: str, value: str) -> Json:
    if lookup == "isnull":
        return value.lower() in {"1", "true", "on"}
    if lookup == "in":
        if not value:
            raise detail(400, "cannot provide empty value for __in")
        return [_value(kind, "exact", item) for item in value.split(",")]
    if lookup in {"regex", "iregex"}:
        try:
            re.compile(value)
        except re.error as error:
            raise detail(400, str(error)) from None
    if lookup in TEXTUAL:
        return value
    return PARSERS[kind](value)


def _integer(value: str) -> int | None:
    if value.lower() in {"none", "null"}:
        return None
    try:
        return int(value)
    except ValueError:
        text = f'["\u201c{value}\u201d value must be an integer."]'
        raise detail(400, text) from None


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        text = f'["\u201c{value}\u201d value must be a decimal number."]'
        raise detail(400, text) from None


def _boolean(value: str) -> bool:
    if value.lower() in {"true", "1", "on"}:
        return True
    if value.lower() in {"false", "0", "off"}:
        return False
    raise detail(400, f'Unable to convert "{value}" to boolean')


def _moment(value: str) -> float:
    try:
        made = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        form = "It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
        text = f'["\u201c{value}\u201d value has an invalid format. {form}"]'
        raise detail(400, text) from None
    return (made if made.tzinfo else made.replace(tzinfo=timezone.utc)).timestamp()


PARSERS: dict[str, Callable[[str], Any]] = {
    "int": _integer,
    "rel": _integer,
    "float": _number,
    "bool": _boolean,
    "date": _moment,
    "str": str,
}


class Order(NamedTuple):
    """One word of order_by: what rows are sorted by, of which field of theirs, and which way."""

    key: Callable[[Any], Any]
    backwards: bool
    field: str


def order_key(table: Table, order: str) -> Order:
    """Return how to sort by one word of order_by."""
    backwards = order.startswith("-")
    path, kind = [], ""
    current = table
    for part in order.lstrip("-").split("__"):
        name = "id" if part == "pk" else part
        kind = current.fields.get(name, "")
        if not kind:
            raise detail(400, f"{table.model} has no field named '{part}'")
        path.append(name)
        if kind.startswith("rel:"):
            current = TABLES[kind[4:]]

    def key(row: AnyRow) -> tuple[bool, Any]:
        for part in path:
            row = getattr(row, part, None)
        if kind.startswith("rel:"):
            row = getattr(row, "id", None)
        return row is None, 0 if row is None else row

    return Order(key, backwards, path[0])
