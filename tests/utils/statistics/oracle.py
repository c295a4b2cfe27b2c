"""The figures of a report by hand, from docs/report.md and the rows of AWX alone.

Nothing of the program is used here: lists, loops and the calendar, as plain and slow as it takes to
see that they are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.utils.statistics.jobs_by_hand import Job, Period, counts, durations

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tests.utils.statistics.jobs_by_hand import Found, Row

MOMENT = timedelta(microseconds=1)
NAMED = {"template": "job_template", "inventory": "inventory", "project": "project",
         "organization": "organization"}  # fmt: skip


@dataclass(frozen=True)
class Why:
    """Why a job failed; of each host its name, its task, its message, whether it was away."""

    kind: str
    reason: str
    hosts: tuple[tuple[str, str, str, bool], ...] = ()


@dataclass(frozen=True)
class Question:
    """What a report is asked for: times are in UTC."""

    since: datetime
    until: datetime
    zone: tzinfo
    by: str = "template"
    slo: float | None = None
    template: int | None = None


class Report:
    """A whole report of rows, as plain dictionaries with the names of the real one's fields."""

    def __init__(self, rows: list[Row], why: dict[int, Why], asked: Question) -> None:
        self.why, self.asked = why, asked
        newest_last = sorted(rows, key=lambda row: row["id"])
        self.names = {
            (kind, row["summary_fields"][field]["id"]): row["summary_fields"][field]["name"]
            for row in newest_last
            for kind, field in NAMED.items()
            if field in row["summary_fields"]
        }
        jobs = [
            Job(row, asked.zone)
            for row in rows
            if asked.template is None or row["job_template"] == asked.template
        ]
        self.since_before = asked.since - (asked.until - asked.since)
        self.now = Period(jobs, asked.since, asked.until)
        self.before = Period(jobs, self.since_before, asked.since)
        self.bad = [job for job in reversed(self.now.jobs) if job.is_bad]
        self.days = []
        day = asked.since.astimezone(asked.zone).date()
        while day <= (asked.until - MOMENT).astimezone(asked.zone).date():
            self.days.append(day)
            day += timedelta(days=1)

    def figures(self) -> Found:
        """Return every figure."""
        hours = [
            {"weekday": weekday, "hour": hour, **self._hour(weekday, hour)}
            for weekday in range(7)
            for hour in range(24)
        ]
        busy = [hour for hour in hours if hour["runs"]]
        return {
            "total": self.now.summary(), "before": self.before.summary(),
            "streak": self._streak(), "slo": self._slo(), "by": self.asked.by,
            "groups": self._groups(), "templates": self._templates(),
            "days": [
                {"day": day, "counts": counts(jobs), "duration": durations(jobs)}
                for day in self.days
                for jobs in [[job for job in self.now.jobs if job.day == day]]
            ],
            "hours": hours,
            # Sorting keeps the order of equal ones.
            "busiest": sorted(busy, key=lambda hour: -hour["runs"])[:3],
            "kinds": self._kinds(), "failing_hosts": self._hosts(),
            "failing_tasks": self._tasks(), "failures": [self._failed(j) for j in self.bad[:20]],
            "explained": sum(job.id in self.why for job in self.bad),
            **{name: moment.astimezone(self.asked.zone) for name, moment in
               (("since", self.asked.since), ("until", self.asked.until),
                ("since_before", self.since_before))},
        }  # fmt: skip

    def _hour(self, weekday: int, hour: int) -> Found:
        jobs = [j for j in self.now.jobs if (j.here.weekday(), j.here.hour) == (weekday, hour)]
        return {"runs": len(jobs), "bad": sum(job.is_bad for job in jobs)}

    def _label(self, by: str, key: object) -> str:
        if key is None:
            return f"(no {by})"
        name = self.names.get((by, key), f"{by} {key}") if isinstance(key, int) else str(key)
        return shown(name)

    def _streak(self) -> Found | None:
        if not self.now.streaks:
            return None
        reds, green = max(self.now.streaks, key=lambda each: (len(each[0]), each[0][0].id))
        return {
            "template": self._label("template", reds[0].template), "length": len(reds),
            "first_job": reds[0].id, "last_job": reds[-1].id, "began": reds[0].here,
            "is_over": green is not None,
        }  # fmt: skip

    def _slo(self) -> Found | None:
        target = self.asked.slo
        if target is None:
            return None
        judged, bad = len(self.now.judged), len(self.bad)
        # In whole jobs of a million, so that a half is a half.
        allowed = (1_000_000 - round(target * 1_000_000)) * judged / 1_000_000
        return {"target": target, "allowed": allowed, "bad": bad, "is_met": bad <= allowed,
                "spent": bad / allowed if allowed else None}  # fmt: skip

    def _groups(self) -> list[Found]:
        by = self.asked.by
        if by == "hour":
            times: dict[str, Any] = {f"{hour:02}:00": hour for hour in range(24)}
        elif by == "day":
            times = {str(day): day for day in self.days}
        elif by == "week":
            weeks = [day - timedelta(days=day.weekday()) for day in self.days]
            times = {str(week): week for week in weeks}
        else:
            groups = [
                {"label": self._label(by, key), "key": key if isinstance(key, int) else None,
                 "summary": self.now.summary(by, key), "before": self.before.summary(by, key)}
                for key in _in_order({job.key[by] for job in self.now.jobs})
            ]  # fmt: skip
            return sorted(groups, key=lambda each: (-each["summary"]["counts"]["bad"],
                                                    -each["summary"]["counts"]["runs"],
                                                    each["label"]))  # fmt: skip
        return [
            {"label": label, "key": None, "summary": self.now.summary(by, key), "before": None}
            for label, key in times.items()
        ]

    def _templates(self) -> list[Found]:
        found = []
        for template in _in_order({job.template for job in self.now.jobs}):
            jobs = [job for job in self.now.jobs if job.template == template]
            streaks = [each for each in self.now.streaks if each[0][0].template == template]
            is_there = isinstance(template, int)
            found.append({
                "name": self._label("template", template),
                "template_id": template if is_there else None,
                "url": f"page of templates/job_template/{template}/details" if is_there else "",
                "summary": self.now.summary("template", template),
                "before": self.before.summary("template", template),
                "days": [
                    {"day": day, "successful": sum(job.is_good for job in jobs if job.day == day),
                     "bad": sum(job.is_bad for job in jobs if job.day == day)}
                    for day in sorted({job.day for job in jobs})
                ],
                "longest_streak": max((len(reds) for reds, _ in streaks), default=0),
                "red_now": sum(len(reds) for reds, green in streaks if green is None),
            })  # fmt: skip
        return sorted(found, key=lambda each: (-each["summary"]["counts"]["bad"],
                                               -each["summary"]["counts"]["runs"],
                                               each["name"]))  # fmt: skip

    def _kinds(self) -> list[Found]:
        jobs: dict[str, list[int]] = {}
        for job in self.bad:
            kind = self.why[job.id].kind if job.id in self.why else "not looked at"
            jobs.setdefault(kind, []).append(job.id)
        return _shares({kind: [(each, "") for each in ids] for kind, ids in sorted(jobs.items())})

    def _failed_hosts(self) -> list[tuple[Job, tuple[str, str, str, bool]]]:
        """Return the hosts that failed: those of the newest job first, each job's by name."""
        return [
            (job, host)
            for job in self.bad
            if job.id in self.why
            for host in sorted(self.why[job.id].hosts)
        ]

    def _hosts(self) -> list[Found]:
        jobs: dict[str, list[tuple[int, str]]] = {}
        for job, (host, _, message, _) in self._failed_hosts():
            jobs.setdefault(host, []).append((job.id, message))
        return _shares(dict(sorted(jobs.items())))[:10]

    def _tasks(self) -> list[Found]:
        jobs: dict[tuple[str, int | str], dict[int, str]] = {}
        for job, (_, task, message, is_unreachable) in self._failed_hosts():
            if task and not is_unreachable:
                jobs.setdefault((task, job.template), {}).setdefault(job.id, message)
        # By task, and for the same task by template: known ones by id before deleted ones.
        ordered = [
            (task, template)
            for template in _in_order({template for _, template in jobs})
            for task in sorted({task for task, each in jobs if each == template})
        ]
        ordered.sort(key=lambda each: each[0])
        found = _shares(
            {(task, template): list(jobs[task, template].items()) for task, template in ordered}
        )
        for share in found:
            task, template = share["name"]
            share["name"] = f"{self._label('template', template)}: {shown(task)}"
        return found[:10]

    def _failed(self, job: Job) -> Found:
        why = self.why.get(job.id) or Why("not looked at", job.row["job_explanation"])
        hosts = [shown(host) for host, *_ in sorted(why.hosts)]
        return {
            "job_id": job.id, "template": self._label("template", job.template),
            "status": job.status, "kind": why.kind, "reason": shown(why.reason),
            "finished": (job.finished or job.created).astimezone(self.asked.zone),
            "hosts": hosts[:5], "host_count": len(hosts),
            "url": f"page of jobs/playbook/{job.id}/output",
        }  # fmt: skip


def shown(text: str) -> str:
    """Return a text as a terminal may show it."""
    return "".join(each if each.isprintable() else " " for each in text)


def _in_order(keys: set[Any]) -> list[Any]:
    """Return what AWX knows by its id, then what has only a name, then what has nothing."""
    ids = [key for key in keys if isinstance(key, int)]
    names = [key for key in keys if isinstance(key, str)]
    return sorted(ids) + sorted(names) + [None] * (None in keys)


def _shares(jobs: dict[Any, list[tuple[int, str]]]) -> list[Found]:
    """Return how many jobs each is of, most first; the jobs are given with the newest first."""
    found = [
        {"name": shown(name) if isinstance(name, str) else name, "jobs": len(each),
         "last_job": each[0][0], "message": shown(each[0][1])}
        for name, each in jobs.items()
    ]  # fmt: skip
    return sorted(found, key=lambda share: -share["jobs"])
