"""Settings of schedules: when something runs, and which of them are meant."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Scheduling:
    """Settings of schedules: when something runs, and which of them are meant."""

    schedule_name: str = option(
        "", "name of the schedule", flags=("--name",), metavar="NAME",
        default_text="of what it runs, and when",
    )  # fmt: skip
    schedule_description: str = option(
        "", "what AWX is to say of it", flags=("--description",), metavar="TEXT"
    )
    every: str = option("", "how often: 30m, 6h, 1d, 1w", metavar="TIME")
    cron: str = option("", "when, as a line of cron: '0 */6 * * *', @daily", metavar="LINE")
    rrule: str = option(
        "", "when, as AWX has it: [DTSTART...] RRULE:FREQ=... [EXRULE:...]", metavar="RULE"
    )
    at: str = option("", "when: 08:00, 'Mon-Fri 08:00,17:30'; alone or with --every",
                     metavar="TIMES")  # fmt: skip
    start: str = option(
        "", "from when on: 2026-12-31, 2026-12-31T08:00, or 2h from now", metavar="WHEN",
        default_text="the next time that fits",
    )  # fmt: skip
    end: str = option("", "until when, in the same ways; a day is meant to its end",
                      flags=("--until",), metavar="WHEN")  # fmt: skip
    count: int | None = option(
        None, "end after so many times", values.whole_number(1, 999), metavar="N"
    )
    exceptions: tuple[str, ...] = option(
        (), "leave out a day (2026-12-24), days (2026-12-24..2026-12-26), a time, or what a line "
        "of cron or a rule says; repeatable",
        flags=("--except",), metavar="WHEN", repeatable=True,
    )  # fmt: skip
    disabled: bool = switch("make it, but let AWX start nothing by it")
    renew_secrets: bool = switch("send secret variables again, which AWX does not tell")
    dry_run: bool = switch("show what would be done, and do nothing")

    made_by: str = option("", "only schedules that this user made", flags=("--user",),
                          metavar="NAME")  # fmt: skip
    only_enabled: bool = switch("only those that are enabled", flags=("--enabled",))
    only_disabled: bool = switch("only those that are disabled", flags=("--disabled",))
    with_system: bool = switch("AWX's own clean-ups, too", flags=("--all",))
    file: str = option(
        "", "file with schedules, YAML or JSON; - for standard input", flags=("--file", "-f"),
        metavar="FILE", is_path=True, or_dash=True,
    )  # fmt: skip
    prune: bool = switch(
        "remove the schedules of the templates and projects in the file that it does not have"
    )
