"""Settings of which past jobs are shown."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch

# What AWX says of how a job was launched.
LAUNCH_TYPES = (
    "manual", "relaunch", "callback", "scheduled", "dependency", "workflow", "webhook", "sync",
    "scm",
)  # fmt: skip


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Selecting:
    """Settings of which past jobs are shown."""

    status: tuple[str, ...] = option(
        (), "only jobs with this status; repeatable", metavar="STATUS", repeatable=True,
        read=values.one_of(
            "new", "pending", "waiting", "running", "successful", "failed", "error", "canceled"
        ), joined=True,
    )  # fmt: skip
    only_template: str = option(
        "", "only jobs of this template", flags=("--template",), metavar="ID|NAME"
    )
    only_inventory: str = option(
        "", "only jobs on this inventory", flags=("--inventory",), metavar="ID|NAME"
    )
    only_project: str = option(
        "", "only jobs out of this project", flags=("--project",), metavar="ID|NAME"
    )
    only_user: str = option(
        "", "only jobs that this user launched", flags=("--user",), metavar="NAME"
    )
    launch_type: tuple[str, ...] = option(
        (), "only jobs launched that way, such as manual or scheduled; repeatable",
        metavar="TYPE", repeatable=True, joined=True, read=values.one_of(*LAUNCH_TYPES),
    )  # fmt: skip
    filter: tuple[str, ...] = option(
        (), "only what this filter of AWX's leaves, such as elapsed__gt=60; repeatable",
        metavar="FIELD=VALUE", repeatable=True,
    )  # fmt: skip
    order: str = option(
        "-id", "by which field, such as created or -elapsed (- for the greatest first)",
        metavar="FIELD", default_text="newest first", dashed=True,
    )  # fmt: skip
    since: str = option(
        "",
        "only jobs created since then: 7d, 12h, today, 2026-01-31 (report: 30d unless given)",
        metavar="WHEN",
    )
    until: str = option("", "only jobs created before that: 7d, 12h, 2026-01-31", metavar="WHEN")
    all: bool = switch("all jobs that fit, however many")
