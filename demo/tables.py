"""Lists and details of stored rows, the same for every type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from demo import rows_events
from demo.bulk_jobs import Figures
from demo.errors import forbidden, missing
from demo.fields import TABLES
from demo.model import User
from demo.paging import page, selected
from demo.permissions import sees, sees_user
from demo.row_tests import Check
from demo.rows_runs import run as run_row
from demo.run_rows import RunRows

if TYPE_CHECKING:
    from demo.aliases import AnyRow, Passed
    from demo.model import Entity
    from demo.paging import Params
    from demo.rendered import Rendered
    from demo.row_tests import Predicate
    from demo.rows_common import Frame, Row
    from demo.runs import Run
    from demo.web import Call, Handler

BY_COUNTER = frozenset({"counter__gt", "order_by", "limit", "no_truncate"})
Maker = Callable[..., Any]


def listing(call: Call, name: str, rows: Sequence[Any], make: Maker) -> Row:
    """Return a page of the rows that the user may see."""
    if not call.user.is_superuser and not isinstance(rows, RunRows):
        rows = [row for row in rows if shown(call, row)]
    chosen = selected(rows, TABLES[name], call.params)
    return page(call.path, call.params, chosen, lambda row: make(call.frame, row))


def list_of(kind: type[Entity], name: str, make: Maker) -> Handler:
    """Return a handler that lists a whole table."""
    return lambda call: listing(call, name, call.world.all(kind), make)


def find(call: Call, kind: type[Entity], row_id: int | None = None) -> AnyRow:
    """Return a row of a table that the user may see, or raise the 404 or 403."""
    try:
        row = call.world.get(kind, call.row_id if row_id is None else row_id)
    except KeyError:
        raise missing(kind.__name__) from None
    if not shown(call, row):
        raise forbidden()
    return row


def shown(call: Call, row: AnyRow) -> bool:
    """Return whether whoever asks may see a row."""
    if isinstance(row, User):
        return sees_user(call.user, row, call.world.roles)
    return sees(call.user, row)


def detail_of(kind: type[Entity], make: Maker) -> Handler:
    """Return a handler that shows one row."""
    return lambda call: make(call.frame, find(call, kind), detail=True)


def run_of(call: Call, kind: str, model: str, run_id: int | None = None) -> Run:
    """Return a run of a kind that the user may see, or raise the 404 or 403."""
    try:
        run = call.world.jobs[call.row_id if run_id is None else run_id]
    except KeyError:
        raise missing(model) from None
    if run.kind != kind:
        raise missing(model)
    if not sees(call.user, run):
        raise forbidden()
    return run


def run_list(call: Call, name: str, *kinds: str, **wanted: Passed) -> Row:
    """Return a page of runs of some kinds whose attributes are the objects wanted."""
    types = call.param("type") or call.param("type__in")
    shown = frozenset(kinds) & frozenset(types.split(",")) if types else frozenset(kinds)
    chosen = RunRows.of(call.world.jobs, shown)
    tests: list[Predicate] = []
    if wanted:
        fields = frozenset(wanted)
        tests.append(
            Check(lambda run: all(getattr(run, k, None) is v for k, v in wanted.items()), fields)
        )
    if not call.user.is_superuser:
        tests.append(Check(lambda run: sees(call.user, run), frozenset({"template"})))
    if tests:
        key = f"{call.user.id} {call.world.roles.version} {[(k, v.id) for k, v in wanted.items()]}"
        chosen = chosen.matching(tests, key)
    return listing(call, name, chosen, _run_row)


def _run_row(frame: Frame, row: Run | Figures) -> Row | Rendered:
    return frame.world.stencils.row(frame, row) if isinstance(row, Figures) else run_row(frame, row)


def event_rows(run: Run, params: Params) -> list[rows_events.EventView]:
    """Return the stored events of a run, ready to be filtered; not those known to be left out."""
    indices = run.stored_events()
    asked = dict(params)
    after = asked.get("counter__gt", "")
    if after.isdigit():
        indices = [index for index in indices if index >= int(after)]
    limit = asked.get("limit", "")
    if limit.isdigit() and asked.get("order_by") == "counter" and set(asked) <= BY_COUNTER:
        indices = indices[: int(limit) or None]
    return [rows_events.EventView(run, index) for index in indices]


def one_row(frame: Frame, row: AnyRow) -> Row:
    """Return an event with its text whole."""
    return rows_events.event(frame, row, truncate=False)
