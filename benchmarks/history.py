"""Past jobs by the ten thousand beside `awx jobs list --all`: `make benchmark-history`.

The embedded AWX has a process of its own, and everybody asks it in turn with a token that is there
already: `history --all` writes all jobs to a file, a first `report` keeps what it needs of all of
them, a second one has nothing new to ask for, `awx` lists them as JSON. Every job must be in each
list once. What awx takes for the larger lists is capped, or left out.

It answers at once, so that the tools are measured and not AWX; and then once more as slowly as a
real AWX 24.6.1 on two cores, on which 200 rows took 0.9 s, and awx 229 s for 20,000 jobs by 25.
"""

from __future__ import annotations

import argparse
import json
import mmap
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import measuring  # noqa: E402  # after the path to it

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HISTORY, FIRST, SECOND = "history --all -o jsonl", "first report", "second report"
# A report as it is asked for each day: of the last 30 days, whatever else AWX has.
USUAL = "second report, 30 days"
PEER = "awx jobs list --all"
# So many times as fast as awx a first report is where AWX is as slow as it is, so fast the second
# one of so many jobs or of the usual time, and so small all of ours.
TIMES_AS_FAST, SECOND_S, SECOND_JOBS, LIMIT_MB = 4.0, 1.0, 20_000, 80.0
STARTS_WITHIN_S = 30.0
HEAD = (
    "| AWX | jobs | command | distinct jobs | seconds | CPU s | peak memory | share of awx's |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Pace:
    """How many seconds a list takes AWX: a page, and each of its rows."""

    name: str
    page_s: float = 0.0
    row_s: float = 0.0


AT_ONCE, REAL = Pace("at once"), Pace("as real", 0.18, 0.0036)


@dataclass(frozen=True)
class Row:
    """What a command took, and how many different jobs were in what it wrote."""

    pace: Pace
    jobs: int
    command: str
    distinct: int
    taken: measuring.Taken

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end."""
        return self.taken.exit_code == 0

    def line(self, peer: Row | None) -> str:
        """Return the row of the table, beside what awx took for the same."""
        share = ""
        if peer and peer.is_whole:
            share = f"{self.taken.seconds / peer.taken.seconds:.3f}"
        taken, ended = self.taken, "" if self.is_whole else " (stopped)"
        return (
            f"| {self.pace.name} | {self.jobs:,} | {self.command}{ended} | {self.distinct:,} "
            f"| {taken.seconds:.2f} | {taken.cpu_s:.2f} | {taken.peak_mb:.0f} MB | {share} |"
        )


def broken(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is not as promised."""
    by_name = {row.command: row for row in rows}
    peer = by_name.get(PEER)
    counts = {row.distinct for row in rows if row.is_whole and row.command != USUAL}
    if len(counts) > 1:
        yield f"the lists differ: {sorted(counts)} distinct jobs"
    for row in rows:
        where = f"{row.command} of {row.jobs:,} jobs"
        if row.command == PEER:
            continue
        if not row.is_whole:
            yield f"{where}: exit code {row.taken.exit_code}"
        if row.distinct < row.jobs and row.command != USUAL:
            yield f"{where}: only {row.distinct:,} are in it"
        if row.taken.peak_mb > LIMIT_MB:
            yield f"{where}: {row.taken.peak_mb:.0f} MB, {LIMIT_MB:.0f} promised"
        is_held = row.command == USUAL or (row.command == SECOND and row.jobs <= SECOND_JOBS)
        if is_held and row.taken.seconds > SECOND_S:
            yield f"{where}: {row.taken.seconds:.2f} s, {SECOND_S:g} promised"
    if peer and peer.is_whole and peer.pace is REAL and FIRST in by_name:
        ratio = peer.taken.seconds / by_name[FIRST].taken.seconds
        if ratio < TIMES_AS_FAST:
            yield f"{FIRST}: {ratio:.1f} times as fast as awx, {TIMES_AS_FAST:g} promised"


def distinct_jobs(file: Path) -> int:
    """Return how many different jobs are in a file of AWX's rows, JSON however it is laid out."""
    if not file.stat().st_size:
        return 0
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        found = re.finditer(rb'"id":\s*(\d+),\s*"type":\s*"job",', text)
        return len({int(each[1]) for each in found})


@contextmanager
def served(pace: Pace, jobs: int, folder: Path) -> Iterator[dict[str, str]]:
    """Run the embedded AWX with that many bulk jobs; yield the environment to use it in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    script = str(Path(__file__).with_name("paced_awx.py"))
    command = [sys.executable, script, *map(str, (port, jobs, pace.page_s, pace.row_s))]
    with subprocess.Popen(command, env=measuring.environment(url, "", folder)) as server:
        try:
            token = _token(url)
            yield measuring.environment(url, token, folder)
        finally:
            server.terminate()


def _token(url: str) -> str:
    with requests.Session() as session:
        session.trust_env = False
        session.auth = ("admin", "password")
        for _ in range(int(STARTS_WITHIN_S / 0.1)):
            try:
                answer = session.post(f"{url}/api/v2/tokens/", json={}, timeout=STARTS_WITHIN_S)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return str(answer.json()["token"])
    raise RuntimeError(f"the embedded AWX does not answer at {url}")


def measure(pace: Pace, jobs: int, awx: Sequence[str], folder: Path) -> list[Row]:
    """Run each command once on an AWX with that many jobs; `awx` is empty to leave awx out."""
    rows = []
    report = measuring.ours("report", "--since", "10y", "--output", "json", "--quiet")
    commands = {
        HISTORY: measuring.ours("history", "--all", "--output", "jsonl", "--quiet"),
        FIRST: report,
        SECOND: report,
        USUAL: measuring.ours("report", "--output", "json", "--quiet"),
        PEER: [*awx, "jobs", "list", "--all"] if awx else [],
    }
    with served(pace, jobs, folder) as environment:
        warm_up = [measuring.ours("history", "--limit", "1"), [*awx, "jobs", "list"] if awx else []]
        for command in filter(None, warm_up):  # so that compiled code is cached
            measuring.measured(command, environment)
        for name, command in commands.items():
            if not command:
                continue
            file = folder / "written"
            taken = measuring.measured(command, environment, file)
            is_report = name in {FIRST, SECOND, USUAL} and not taken.exit_code
            distinct = _reported(file) if is_report else distinct_jobs(file)
            rows.append(Row(pace, jobs, name, distinct, taken))
            file.unlink()
    return rows


def _reported(file: Path) -> int:
    return int(json.loads(file.read_bytes())["total"]["counts"]["runs"])


def capped(awx: str, seconds: int, gigabytes: int) -> list[str]:
    """Return the awx command such that it may take no more than that."""
    limited = f'ulimit -v {gigabytes * 1_000_000}; exec timeout {seconds} "$0" "$@"'
    return ["sh", "-c", limited, awx]


def main() -> int:
    """Print a row for each command; exit 1 where ours breaks a promise."""
    parser = argparse.ArgumentParser(description="List past jobs with this program and with awx.")
    parser.add_argument("--jobs", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument(
        "--awx-up-to", type=int, default=20_000, metavar="JOBS", help="leave awx out beyond that"
    )
    parser.add_argument(
        "--real-up-to", type=int, default=20_000, metavar="JOBS", help="AWX is quick only beyond"
    )
    parser.add_argument("--awx-seconds", type=int, default=3600, help="stop awx after that")
    parser.add_argument("--awx-gigabytes", type=int, default=12, help="its most memory")
    parser.add_argument("--awx", default=str(measuring.AWX), help="the awx command")
    asked = parser.parse_args()
    awx = capped(measuring.existing(parser, asked.awx), asked.awx_seconds, asked.awx_gigabytes)
    print(HEAD)
    problems: list[str] = []
    cases = [(AT_ONCE, jobs) for jobs in asked.jobs]
    cases += [(REAL, jobs) for jobs in asked.jobs if jobs <= asked.real_up_to]
    for pace, jobs in cases:
        with tempfile.TemporaryDirectory() as folder:
            rows = measure(pace, jobs, awx if jobs <= asked.awx_up_to else [], Path(folder))
        peer = next((row for row in rows if row.command == PEER), None)
        print(*(row.line(peer) for row in rows), sep="\n", flush=True)
        problems += broken(rows)
    for problem in problems:
        print(f"broken promise: {problem}", file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
