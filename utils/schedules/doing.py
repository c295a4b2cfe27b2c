"""Making, changing and removing schedules in AWX; a schedule is never left half made."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.differences import Change, Existing
    from utils.schedules.planning import Wanted

log = logger.get("schedule")


def make(client: Client, wanted: Wanted) -> Record:
    """Make a schedule (`POST .../schedules/`) with what hangs on it, and return its row.

    One that things hang on is only enabled when they do. Where they cannot, it is removed again,
    and what AWX said is raised.
    """
    body = {**wanted.fields, "rrule": str(wanted.rule)}
    hangs = any(wanted.relations.values())
    with signals.held():
        return _made(client, wanted, body, hangs=hangs)


def _made(client: Client, wanted: Wanted, body: Mapping[str, object], *, hangs: bool) -> Record:
    row = _posted(client, wanted, {**body, "enabled": body["enabled"] and not hangs})
    if not hangs:
        return row
    path = f"schedules/{row.integer('id')}/"
    try:
        for name, ids in wanted.relations.items():
            _put_on(client, path, name, ids)
        return client.patch(path, {"enabled": True}) if body["enabled"] else row
    except AppError:
        number = row.integer("id")
        try:
            client.delete(path)
            log.info("schedule %d is removed again", number)
        except AppError as error:
            log.error("schedule %d is left, disabled (%s): remove it by schedule remove %d",
                      number, error, number)  # fmt: skip
        raise


def _posted(client: Client, wanted: Wanted, body: Mapping[str, object]) -> Record:
    try:
        return client.post(wanted.target.path, body)
    except AppError as error:
        if not error.is_lost:
            raise
        # A target has a name once: if it is there now, the answer was lost, not the request.
        rows = client.get(wanted.target.path, name=wanted.name).records("results")
        if not rows:
            raise
        return rows[0]


def change(client: Client, wanted: Wanted, old: Existing, found: Sequence[Change]) -> Record:
    """Change what differs (`PATCH /schedules/N/`, and what hangs on it); return the row.

    While what hangs on it is changed, it is disabled. Where that fails it stays so, which is told.
    """
    names = {each.field for each in found}
    fields = {name: wanted.fields[name] for name in names if name in wanted.fields}
    if "rrule" in names:
        fields["rrule"] = str(wanted.rule)
    hangs = names & set(wanted.relations)
    with signals.held():
        if not hangs:
            return client.patch(old.path, fields)
        # First, since it is what AWX is most likely to refuse.
        row = client.patch(old.path, {**fields, "enabled": False})
        try:
            _change_relations(client, wanted, old, hangs)
            return client.patch(old.path, {"enabled": True}) if wanted.fields["enabled"] else row
        except AppError:
            number = old.row.integer("id")
            log.error("schedule %d is left disabled: not all that hangs on it is changed", number)
            raise


def _change_relations(client: Client, wanted: Wanted, old: Existing, names: Iterable[str]) -> None:
    for name in names:
        was, ids = old.relations[name], wanted.relations[name]
        # Their order counts, where it does: all come off then.
        staying = set(was) & set(ids) if name != "instance_groups" else set()
        for each in was:
            if each not in staying:
                client.post(f"{old.path}{name}/", {"id": each, "disassociate": True},
                            is_repeatable=True)  # fmt: skip
        _put_on(client, old.path, name, [each for each in ids if each not in staying])


def remove(client: Client, schedule_id: int) -> None:
    """Remove a schedule (`DELETE /schedules/N/`).

    One that is not there is gone by then, mostly by this very request, whose answer was lost.
    """
    with suppress(NotFound):
        client.delete(f"schedules/{schedule_id}/")


def _put_on(client: Client, path: str, name: str, ids: Sequence[int]) -> None:
    for each in ids:
        client.post(f"{path}{name}/", {"id": each})
