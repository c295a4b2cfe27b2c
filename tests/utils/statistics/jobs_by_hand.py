"""Jobs of AWX with their times read, and what docs/report.md makes of those of a period."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from math import sqrt
from typing import Any

Row = dict[str, Any]
Found = dict[str, Any]


class Job:
    """A row of AWX with its times read."""

    def __init__(self, row: Row, zone: tzinfo) -> None:
        self.row = row
        self.id: int = row["id"]
        self.status: str = row["status"]
        self.is_good = self.status == "successful"
        self.is_bad = self.status in {"failed", "error"}
        self.is_judged = self.is_good or self.is_bad
        self.created = _time(row["created"])
        self.started = _time(row["started"]) if row["started"] else None
        self.finished = _time(row["finished"]) if row["finished"] else None
        self.here = self.created.astimezone(zone)
        self.day = self.here.date()
        template = row["job_template"]
        self.template: int | str = row["name"] if template is None else template
        self.key: dict[str, Any] = {
            "template": self.template, "inventory": row["inventory"], "project": row["project"],
            "organization": row["organization"], "user": _launcher(row), "day": self.day,
            "week": self.day - timedelta(days=self.day.weekday()), "hour": self.here.hour,
        }  # fmt: skip


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _launcher(row: Row) -> str:
    by = row.get("launched_by") or {}
    if not by.get("name"):
        return f"({row['launch_type']})"
    if by["type"] == "user":
        return str(by["name"])
    return f"{by['name']} ({by['type'].replace('_', ' ')})"


class Period:
    """The jobs created in [since, until), their red streaks, and which of them are flaky."""

    def __init__(self, jobs: list[Job], since: datetime, until: datetime) -> None:
        self.jobs = sorted(
            (job for job in jobs if since <= job.created < until), key=lambda job: job.id
        )
        self.judged = [job for job in self.jobs if job.is_judged]
        # The bad jobs of each streak, and the success that ended it.
        self.streaks: list[tuple[list[Job], Job | None]] = []
        for template in dict.fromkeys(job.template for job in self.judged):
            reds: list[Job] = []
            for job in (each for each in self.judged if each.template == template):
                if job.is_bad:
                    reds.append(job)
                elif reds:
                    self.streaks.append((reds, job))
                    reds = []
            if reds:
                self.streaks.append((reds, None))
        self.flaky = [job for job in self.judged if job.is_bad and self._is_flaky(job)]

    def _is_flaky(self, bad: Job) -> bool:
        of_template = [job for job in self.judged if job.template == bad.template]
        for job in of_template:
            is_same = all(job.row[each] == bad.row[each] for each in ("inventory", "scm_revision"))
            if job.is_good and bad.row["scm_revision"] and is_same:
                return True
        later = [job for job in of_template if job.id > bad.id]
        return bool(later and later[0].is_good and later[0].row["launch_type"] == "relaunch")

    def summary(self, by: str = "", key: object = None) -> Found:
        """Sum up the jobs of a group, or all."""
        jobs = [job for job in self.jobs if not by or job.key[by] == key]
        repairs = [
            max(0.0, (green.finished - reds[0].finished).total_seconds())
            for reds, green in self.streaks
            if reds[0] in jobs and green and green.finished and reds[0].finished
        ]
        numbers = counts(jobs)
        flaky = sum(job in self.flaky for job in jobs)
        return {
            "counts": numbers,
            "duration": durations(jobs),
            "waiting": spread(
                [max(0.0, (j.started - j.created).total_seconds()) for j in jobs if j.started]
            ),
            "repair_s": sum(repairs) / len(repairs) if repairs else None,
            "repairs": len(repairs),
            "flaky": flaky,
            "flakiness": flaky / numbers["judged"] if numbers["judged"] else None,
        }


def counts(jobs: list[Job]) -> Found:
    of = {
        status: sum(job.status == status for job in jobs)
        for status in ("successful", "failed", "error", "canceled")
    }
    good, bad = of["successful"], of["failed"] + of["error"]
    n = good + bad
    return {
        **of, "unfinished": len(jobs) - sum(of.values()), "runs": len(jobs), "bad": bad,
        "judged": n, "rate": good / n if n else None, "interval": wilson(good, n) if n else None,
    }  # fmt: skip


def wilson(good: int, n: int) -> list[float]:
    """Return Wilson's interval as Wilson wrote it: solved for the true rate."""
    z = 1.959964
    half = z * sqrt(good * (n - good) / n + z * z / 4)
    return [(good + z * z / 2 - half) / (n + z * z), (good + z * z / 2 + half) / (n + z * z)]


def durations(jobs: list[Job]) -> Found:
    return spread([job.row["elapsed"] for job in jobs if job.is_judged and job.started])


def spread(values: list[float]) -> Found:
    shares = {"p50": 50, "p90": 90, "p95": 95, "max": 100}
    return {"count": len(values), **{name: rank(values, each) for name, each in shares.items()}}


def rank(values: list[float], percent: int) -> float | None:
    """Return the smallest value with at least that share of all at or below it."""
    for value in sorted(values):
        if sum(each <= value for each in values) * 100 >= percent * len(values):
            return value
    return None
