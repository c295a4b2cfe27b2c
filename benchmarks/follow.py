"""How a job is followed to its end, beside `awx --monitor`: `make benchmark-follow`.

The same jobs of the same embedded AWX, launched by each tool in turn, with a token that is there
already. Between tool and AWX a proxy counts the requests; through a second one no websocket comes.
A job is over when it has its final status and its last event is stored: the seconds are those from
there to the tool's exit. What a tool printed is held against the text of the job's events, without
colours in either; of `awx`, which prints a headline and the job as JSON around it, only what stands
between its marks counts, and its carriage returns do not.

With `--host` it is another AWX, which is plain HTTP and has its clock in step with this machine's:
the jobs of one template there, which nobody else may launch meanwhile. The password is taken from
AWX_PASSWORD.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import measuring, served  # noqa: E402  # after the path to them
from benchmarks.elsewhere import Elsewhere  # noqa: E402
from benchmarks.proxy import CountingProxy  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLOURS = re.compile(rb"\x1b\[[0-9;]*[mK]")
FIRST_MARK = b"------Starting Standard Out Stream------"
LAST_MARK = b"------End of Standard Out Stream--------"
PUSHED, POLLED, PEER = "launch --watch", "the same, no websocket", "awx launch --monitor"
# What is promised: seconds from a job's end to our exit, and memory.
EXIT_S = {PUSHED: 0.3, POLLED: 1.0}
GROWTH = 1.25
LIMIT_MB = 80.0


@dataclass(frozen=True)
class Case:
    """A job to follow; the long ones are followed less often."""

    name: str
    template: int
    is_long: bool = False


SHORTEST = Case("0.5 s", served.template_of(0.5))
LARGE = Case("3.4 MB", 13)
HUGE = Case("100 MB", 32, is_long=True)
CASES = (
    SHORTEST,
    Case("2 s", served.template_of(2.0)),
    Case("6 s", served.template_of(6.0)),
    Case("60 s", 12, is_long=True),
    LARGE,
    HUGE,
)


@dataclass(frozen=True)
class Tool:
    """A way to follow a job; `proxy` is what it reaches AWX through."""

    name: str
    command: tuple[str, ...]
    proxy: CountingProxy


@dataclass(frozen=True)
class Followed:
    """One job, followed once."""

    printed: int
    lines: int
    is_equal: bool
    exit_s: float
    requests: int
    taken: measuring.Taken


def text_of(file: Iterable[bytes], tool: str) -> Iterator[bytes]:
    """Yield the lines that a tool printed of the job, without colours."""
    inside = tool != PEER
    for line in file:
        plain = COLOURS.sub(b"", line)
        if tool != PEER:
            yield plain
        elif plain.rstrip() in {FIRST_MARK, LAST_MARK}:
            inside = not inside
        elif inside:
            yield plain.replace(b"\r\n", b"\n")


def follow(awx: served.Served | Elsewhere, tool: Tool, case: Case, folder: Path) -> Followed:
    """Launch a job, follow it, and hold what came of it against the truth."""
    environment = measuring.environment(tool.proxy.url, awx.token, folder)
    before, stdout = len(tool.proxy.requests), folder / "printed"
    command = [part.format(template=case.template) for part in tool.command]
    taken = measuring.measured(command, environment, stdout)
    requests = len(tool.proxy.requests) - before
    truth = awx.last_job()
    digest, printed = hashlib.sha256(), 0
    with stdout.open("rb") as file:
        for line in text_of(file, tool.name):
            digest.update(line)
            printed += line.endswith(b"\n")
    is_equal = digest.hexdigest() == truth.digest
    exit_s = taken.ended - truth.ended
    return Followed(printed, truth.lines, is_equal, exit_s, requests, taken)


@dataclass(frozen=True)
class Row:
    """What a tool did with a job, over all rounds."""

    case: Case
    tool: str
    all: Sequence[Followed]

    @property
    def exit_s(self) -> float:
        """Return the median of the seconds from the job's end to the tool's exit."""
        return median(each.exit_s for each in self.all)

    @property
    def requests(self) -> float:
        """Return the median of the requests."""
        return median(each.requests for each in self.all)

    @property
    def peak_mb(self) -> float:
        """Return the largest peak of memory."""
        return max(each.taken.peak_mb for each in self.all)

    @property
    def is_whole(self) -> bool:
        """Return whether every line was printed, and nothing else, each time."""
        return all(each.is_equal for each in self.all)

    def __str__(self) -> str:
        least = min(self.all, key=lambda each: each.printed)
        codes = sorted({each.taken.exit_code for each in self.all})
        cells = (
            self.case.name,
            self.tool,
            f"{least.printed:,} of {least.lines:,}",
            "yes" if self.is_whole else "no",
            f"{self.exit_s:.2f}",
            f"{self.requests:g}",
            f"{median(each.taken.cpu_s for each in self.all):.2f}",
            f"{self.peak_mb:.0f} MB",
            ", ".join(map(str, codes)),
        )
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| job | tool | lines | equal | end to exit, s | requests | CPU s | peak memory | exit code |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def broken(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the promises that ours did not keep."""
    by_name = {(row.case, row.tool): row for row in rows}
    for row in rows:
        if row.tool == PEER:
            continue
        where = f"{row.case.name}, {row.tool}"
        if not row.is_whole:
            yield f"{where}: what was printed is not the job's output"
        if any(each.taken.exit_code for each in row.all):
            yield f"{where}: the exit code is not 0"
        if row.peak_mb >= LIMIT_MB:
            yield f"{where}: {row.peak_mb:.0f} MB of memory, {LIMIT_MB:.0f} promised"
        if row.case is HUGE:
            # Printed faster than it can be had, it is here for the memory; and it cannot be had
            # in the few requests in which awx leaves nearly all of it out.
            continue
        if row.exit_s >= EXIT_S[row.tool]:
            yield f"{where}: {row.exit_s:.2f} s from end to exit, {EXIT_S[row.tool]} promised"
        peer = by_name.get((row.case, PEER))
        # What awx does not print it need not ask for, and what it learns seconds later neither.
        is_fair = peer and peer.is_whole and (row.tool == PUSHED or row.case.is_long)
        if peer and is_fair and row.requests >= peer.requests:
            yield f"{where}: {row.requests:g} requests, awx sent {peer.requests:g}"
        shortest = by_name.get((SHORTEST, row.tool))
        if row.case is LARGE and shortest and row.peak_mb > GROWTH * shortest.peak_mb:
            yield f"{where}: {row.peak_mb:.0f} MB of memory, {shortest.peak_mb:.0f} for a short job"


def tools(awx_command: str, direct: CountingProxy, deaf: CountingProxy) -> tuple[Tool, ...]:
    """Return the tools; `deaf` is the proxy that lets no websocket through."""
    ours = tuple(measuring.ours("launch", "--template", "{template}", "--watch"))
    peer = (awx_command, "job_templates", "launch", "{template}", "--monitor")
    return Tool(PUSHED, ours, direct), Tool(POLLED, ours, deaf), Tool(PEER, peer, direct)


def measure(
    awx: served.Served | Elsewhere,
    compared: Sequence[Tool],
    cases: Sequence[Case],
    rounds: dict[bool, int],
) -> list[Row]:
    """Follow each job with each tool in turn, so many rounds of the short and the long ones."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tool in compared:
            follow(awx, tool, cases[0], folder)  # so that their compiled code is cached
        for case in cases:
            found: dict[str, list[Followed]] = {tool.name: [] for tool in compared}
            for _ in range(rounds[case.is_long]):
                for tool in compared:
                    found[tool.name].append(follow(awx, tool, case, folder))
            rows += [Row(case, tool, all_) for tool, all_ in found.items()]
    return rows


def main() -> int:
    """Print a row for each job and tool; exit 1 where ours breaks a promise."""
    parser = argparse.ArgumentParser(description="Follow jobs with this program and with awx.")
    parser.add_argument("--rounds", type=int, default=5, help="of the short jobs")
    parser.add_argument("--long-rounds", type=int, default=1, help="of 60 s and of 100 MB")
    parser.add_argument("--only", action="append", choices=[case.name for case in CASES])
    parser.add_argument("--awx", default=str(measuring.AWX), help="the awx command")
    parser.add_argument("--host", help="address of an AWX; an embedded one if there is none")
    parser.add_argument("--username", default=os.environ.get("AWX_USERNAME") or "admin")
    parser.add_argument("--template", type=int, default=9, help="job template there, by id")
    asked = parser.parse_args()
    peer = measuring.existing(parser, asked.awx)
    cases = [case for case in CASES if not asked.only or case.name in asked.only]
    server: served.Served | Elsewhere = served.Served()
    if asked.host:
        password = os.environ.get("AWX_PASSWORD") or parser.error("AWX_PASSWORD is not set")
        server = Elsewhere(asked.host, asked.username, password, asked.template)
        cases = [Case(f"template {asked.template}", asked.template)]
    with (
        server as awx,
        CountingProxy(awx.url) as direct,
        CountingProxy(awx.url, refuse_websockets=True) as deaf,
    ):
        compared = tools(peer, direct, deaf)
        rows = measure(awx, compared, cases, {False: asked.rounds, True: asked.long_rounds})
    print(HEAD, *rows, sep="\n")
    problems = list(broken(rows))
    for problem in problems:
        print(f"broken promise: {problem}", file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
