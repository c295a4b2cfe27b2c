"""Settings of what is shown, and where."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import HOME, option, switch

# The forms of a result: of most commands, and of those that list.
OUTPUTS = ("text", "json")
LIST_OUTPUTS = (*OUTPUTS, "jsonl", "csv")


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Showing:
    """Settings of what is shown, and where."""

    output: str = option(
        "text", "text, or json (one document on standard output)", values.one_of(*OUTPUTS),
        flags=("--output", "-o"), metavar="FORMAT",
    )  # fmt: skip
    jq: str = option("", "filter that document with a jq expression", metavar="EXPR")
    format: str = option(
        "txt", "of the log: txt, ansi (with colours), html or json",
        values.one_of("txt", "ansi", "html", "json"), metavar="FORMAT",
    )  # fmt: skip
    follow: bool = switch("go on with what comes, until the job is over")
    tail: int | None = option(None, "only the last lines", values.whole_number(0), metavar="N")
    only_host: tuple[str, ...] = option(
        (), "only of this host of the job, a pattern; repeatable (an address is AWX's)",
        flags=("--host",), metavar="NAME", repeatable=True,
    )  # fmt: skip
    task: tuple[str, ...] = option(
        (), "only of this task, a pattern such as 'Restart*'; repeatable", metavar="NAME",
        repeatable=True,
    )  # fmt: skip
    failed: bool = switch("only of failed tasks and unreachable hosts")
    save_log: str = option("", "save the job's output here too", metavar="FILE", is_path=True)
    save: str = option("", "write to this file", metavar="FILE", is_path=True)
    log_dir: str = option(
        str(HOME / "logs"), "folder for logs, job outputs and journals", metavar="DIR",
        is_path=True, default_text="logs/ beside main.py",
    )  # fmt: skip
    quiet: bool = switch("only warnings and errors on standard error", flags=("--quiet", "-q"))
    verbose: bool = switch("more detail on standard error", flags=("--verbose", "-v"))
    no_color: bool = switch("no colours; NO_COLOR does the same")
