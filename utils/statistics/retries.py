"""What this program's own runs did about failures, out of their journals."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from utils.journal import RUN_ID, TIME
from utils.statistics.figures import Retries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from utils.statistics.runs import Period


def read(log_dir: Path, awx: str, period: Period, template: int | None = None) -> Retries:
    """Sum up the runs begun in a period on that AWX, of one template or of all.

    A journal that cannot be read is left out: it tells nothing.
    """
    runs = retried = relaunches = rescued = 0
    for entries in _journals(log_dir / "runs", period):
        if entries.get("awx") != awx or (template and entries.get("template") != template):
            continue
        with suppress(TypeError, KeyError):  # attempts that no run of ours has written
            jobs, status = _jobs(entries)
            runs += bool(jobs)
            if len(jobs) > 1:
                retried += 1
                relaunches += len(jobs) - 1
                rescued += status == "successful"
    return Retries(runs, retried, relaunches, rescued)


def _jobs(entries: Mapping[str, Any]) -> tuple[set[int], str]:
    """Return the jobs that a run started, and how the last one ended; empty where it has not.

    A job is an attempt once it has ended: of a run that was cut off, one more may be noted.
    """
    attempts = entries.get("attempts") or []
    jobs = [
        *(attempt["id"] for attempt in attempts),
        *([entries["job"]] if "job" in entries else []),
    ]
    is_over = bool(attempts) and jobs[-1] == attempts[-1]["id"]
    return set(jobs), attempts[-1]["status"] if is_over else ""


def _journals(folder: Path, period: Period) -> Iterator[Mapping[str, Any]]:
    first, last = (
        f"{datetime.fromtimestamp(moment, timezone.utc):{TIME}}"
        for moment in (period.since, period.until)
    )
    for path in sorted(folder.glob("*.json")):
        if RUN_ID.fullmatch(path.stem) and first <= path.stem < last:
            with suppress(OSError, ValueError, AttributeError):
                entries = json.loads(path.read_bytes())
                if entries.get("run_id") == path.stem:
                    yield entries
