"""Settings of what is reckoned of past jobs, and of where the report goes."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch

# What a report compares; a test holds them to `utils.statistics.groups`.
BY = ("template", "inventory", "project", "organization", "user", "day", "week", "hour")
# The forms that a report has for files, each with its setting.
FILES = ("html", "csv")


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Reporting:
    """Settings of what is reckoned of past jobs, and of where the report goes."""

    by: str = option(
        BY[0], f"what to compare: {', '.join(BY)}", values.one_of(*BY), metavar="WHAT",
    )  # fmt: skip
    tz: str = option(
        "", "zone of days and hours, such as Europe/Berlin", metavar="ZONE",
        default_text="this machine's",
    )  # fmt: skip
    slo: float | None = option(
        None, "target for the success rate: its error budget is shown", values.percentage,
        metavar="PERCENT",
    )  # fmt: skip
    fail_under: float | None = option(
        None, "exit 1 where the success rate is below that", values.percentage, metavar="PERCENT"
    )
    html: str = option(
        "", "write a page with all of it, charts too; - for standard output", metavar="FILE",
        is_path=True, or_dash=True,
    )  # fmt: skip
    csv: str = option(
        "", "write what is compared as a table; - for standard output", metavar="FILE",
        is_path=True, or_dash=True,
    )  # fmt: skip
    store: bool = option(
        True, "ask for all jobs, and keep none here for the next report", values.boolean,
        flags=("--no-store",), constant="false",
    )  # fmt: skip
    refresh: bool = switch("forget the jobs kept here and ask for all of them again")
    dashboard: str = option(
        "", "write the page of report there at the end, of the last 30 days", metavar="FILE",
        is_path=True,
    )  # fmt: skip
