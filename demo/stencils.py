"""Rows of bulk jobs as JSON, quickly: one text for each kind of job, with gaps for its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.bulk_jobs import Figures
from demo.model_schedules import Schedule
from demo.rendered import Rendered, as_json
from demo.text import iso

if TYPE_CHECKING:
    from demo.bulk_jobs import Kind
    from demo.rows_common import Frame

# A job whose figures are found again in its row, since no row has them otherwise.
ID = 8_888_888_888
CREATED, WAIT_S, DURATION_S = 1.111111, 2.0, 1234.567
REVISION = "revision-of-the-project"


class Stencils:
    """The texts of all kinds of bulk jobs, as those who have asked see them."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, bool, str, Kind], str] = {}
        self._seen: object = None
        self._moment = -1.0

    def row(self, frame: Frame, figures: Figures) -> Rendered:
        """Return the row of a bulk job, just as it would be made the long way."""
        if frame.world.now() != self._moment:
            self._moment = frame.world.now()
            self._forget_if_changed(frame)
        key = (frame.viewer.id, frame.writes, frame.root, figures.kind)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _cut(frame, figures.kind)
        started, canceled = figures.started, figures.cancel_at
        return Rendered(
            text
            % {
                "id": figures.id,
                "padded": f"{figures.id:04d}",
                "created": iso(figures.created),
                "modified": iso(figures.modified),
                "started": iso(started) if started else "",
                "finished": iso(figures.finished),
                "canceled": iso(canceled) if canceled else "",
                "elapsed": json.dumps(figures.elapsed),
                "revision": figures.revision,
            }
        )

    def _forget_if_changed(self, frame: Frame) -> None:
        """Begin anew where something has changed that rows show of their templates."""
        templates = {each.id: each for each in frame.world.jobs.templates}.values()
        projects = {each.project.id: each.project for each in templates}.values()
        inventories = {each.inventory.id: each.inventory for each in templates if each.inventory}
        now = json.dumps([
            [common.project(frame, each) for each in projects],
            [common.inventory(frame, each) for each in inventories.values()],
            [[common.short(each), common.label_list(each.labels), each.limit, each.job_type,
              each.project.id, each.inventory and each.inventory.id,
              [common.credential(key) for key in each.credentials]] for each in templates],
            [common.user(each) for each in frame.world.jobs.users],
            frame.world.roles.version,
            [[common.short(each), each.next_run] for each in frame.world.all(Schedule)],
        ])  # fmt: skip
        if now != self._seen:
            self._seen = now
            self._texts.clear()


def _cut(frame: Frame, kind: Kind) -> str:
    """Return a row as text in which the figures are left open."""
    from demo.history import BulkJob  # noqa: PLC0415  # it is made by a world, which has stencils
    from demo.rows_runs import run  # noqa: PLC0415  # likewise

    wait_s = WAIT_S if kind.has_run else float("inf")
    like = Figures(ID, kind, CREATED, wait_s, DURATION_S, REVISION)
    text = as_json(run(frame, BulkJob(frame.world, like))).replace("%", "%%")
    gaps = {
        f"demo{ID}": "demo%(padded)s",
        str(ID): "%(id)d",
        f'"modified":"{iso(like.modified)}"': '"modified":"%(modified)s"',
        f'"created":"{iso(CREATED)}"': '"created":"%(created)s"',
        f'"finished":"{iso(like.finished)}"': '"finished":"%(finished)s"',
        f'"elapsed":{json.dumps(like.elapsed)}': '"elapsed":%(elapsed)s',
        REVISION: "%(revision)s",
    }
    if like.started:
        gaps[f'"started":"{iso(like.started)}"'] = '"started":"%(started)s"'
    if like.cancel_at:
        gaps[f'"canceled_on":"{iso(like.cancel_at)}"'] = '"canceled_on":"%(canceled)s"'
    for figure, gap in gaps.items():
        text = text.replace(figure, gap)
    return text
