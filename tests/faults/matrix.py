"""Runs main.py through the cells of the fault matrix, and tells what came of it."""

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import measuring
from tests.faults.awx import Awx, embedded
from tests.faults.proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.faults.cells import Cell, Kind
    from tests.faults.wire import Answer

    # Runs main.py with these arguments in that environment, to its end.
    Run = Callable[[Sequence[str], dict[str, str]], subprocess.CompletedProcess[str]]

LONGEST_S = 60.0
ATTEMPTS = 3
UPDATES = 2  # a second update of the project does no harm


@dataclass(frozen=True)
class Observed:
    """What came of a cell's run.

    `exit_code` is None where it did not end; `is_log_right` only says no where there is a job that
    was followed to its end. `leaks` are places with a secret, or with a traceback for users.
    """

    cell: Cell
    has_struck: bool
    exit_code: int | None
    jobs: int
    updates: int
    tokens_left: int
    is_log_right: bool
    leaks: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """What is not as it must be."""
        right = self.cell.right
        found = [f"{place}: not to be shown" for place in self.leaks]
        if not self.has_struck:
            found.append("the fault did not strike")
        if self.exit_code != right.exit_code:
            code = "no end" if self.exit_code is None else f"exit code {self.exit_code}"
            found.append(f"{code}, not {int(right.exit_code)}")
        if self.jobs != right.jobs:
            found.append(f"{self.jobs} job(s), not {right.jobs}")
        if self.tokens_left:
            found.append(f"{self.tokens_left} token(s) left")
        if self.updates > UPDATES:
            found.append(f"{self.updates} project updates")
        if not self.is_log_right:
            found.append("the log is not the job's output")
        return found

    @property
    def word(self) -> str:
        """What happened, in short, for a table."""
        if self.problems:
            return "**wrong**"
        word = self.cell.right.word
        return f"{word}, {self.updates} syncs" if self.updates > 1 else word


def process(args: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run main.py as a process of its own; its return code is -1 where it did not end."""
    command = measuring.ours(*args)
    compiled = str(Path(tempfile.gettempdir()) / "ansible-automation-api-compiled")
    try:
        return subprocess.run(
            command, env={"PYTHONPYCACHEPREFIX": compiled, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        # These are bytes, whatever was asked for.
        out, err = ((each or b"").decode(errors="replace") for each in (error.stdout, error.stderr))
        return subprocess.CompletedProcess(command, -1, out, err)


def run_all(
    cells: Iterable[Cell], *, awx: Awx | None = None, workers: int = 1, run_main: Run = process
) -> Iterator[Observed]:
    """Run each cell and yield what came of it, in the order of the cells.

    Without an AWX each has an embedded one, and several run at the same time; one that is shared
    must not have another cell's jobs in it while a lost one is looked for, so there `workers` is 1.
    """

    def run(cell: Cell) -> Observed:
        if awx:
            return _run(cell, awx, run_main)
        with embedded() as own:
            return _run(cell, own, run_main)

    with ThreadPoolExecutor(1 if awx else workers) as pool:
        yield from pool.map(run, cells)


def _run(cell: Cell, awx: Awx, run_main: Run) -> Observed:
    """Run a cell, again where the moment to strike did not come, as on a machine that is slow."""
    for _ in range(ATTEMPTS):
        seen = _try(cell, awx, run_main)
        if seen.has_struck:
            break
    return seen


def _try(cell: Cell, awx: Awx, run_main: Run) -> Observed:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def end_tokens(kind: Kind) -> None:
            if kind == "expire_token" and awx.expire_tokens:
                awx.expire_tokens()
                return
            for token in _made(proxy.answers, "tokens/"):
                awx.delete(f"tokens/{token['id']}/")

        def was_refused() -> bool:
            log = folder / "awx.log"
            return log.exists() and "connection refused" in log.read_text().lower()

        with FaultProxy(
            awx.url, cell, end_token=end_tokens, was_refused=was_refused, ca_bundle=awx.ca_bundle
        ) as proxy:
            done = run_main(
                ["--template", awx.template, *cell.fault.flags],
                {
                    **measuring.environment(proxy.url, "", folder),
                    "AWX_USERNAME": awx.username,
                    "AWX_PASSWORD": awx.password,
                },
            )
        has_struck = proxy.has_struck and (cell.fault.kind != "refuse" or was_refused())
        return _observed(cell, awx, proxy.answers, done, folder, has_struck=has_struck)


def _observed(
    cell: Cell,
    awx: Awx,
    answers: list[Answer],
    done: subprocess.CompletedProcess[str],
    folder: Path,
    *,
    has_struck: bool,
) -> Observed:
    jobs, tokens = _made(answers, "/launch/"), _made(answers, "tokens/")
    left = sum(awx.has_token(token["id"]) for token in tokens)
    secrets = [awx.password, *(str(token["token"]) for token in tokens)]
    return Observed(
        cell,
        has_struck=has_struck,
        exit_code=None if done.returncode < 0 else done.returncode,
        jobs=len(jobs),
        updates=len(_made(answers, "/update/")),
        tokens_left=left,
        is_log_right=done.returncode != 0
        or all(_is_log_right(awx, job["id"], folder) for job in jobs),
        leaks=tuple(leaks(done, folder, secrets)),
    )


def _made(answers: Iterable[Answer], path: str) -> list[dict[str, Any]]:
    """Return what AWX made for the POSTs to a path, whether or not its answer came through."""
    return [
        answer.fields
        for answer in answers
        if answer.request.startswith("POST ")
        and answer.request.endswith(path)
        and answer.status in {201, 202}
    ]


def _is_log_right(awx: Awx, job: int, folder: Path) -> bool:
    """Hold the saved log against the text of the job's events."""
    path = folder / "jobs" / f"{job}.txt"
    return path.exists() and path.read_bytes() == awx.text_of_job(job)


def leaks(
    done: subprocess.CompletedProcess[str], folder: Path, secrets: list[str]
) -> Iterator[str]:
    """Name the places that show a secret, or a traceback to users."""
    shown = {"stdout": done.stdout, "stderr": done.stderr}
    saved = {
        str(path.relative_to(folder)): path.read_text(errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }
    for place, text in {**shown, **saved}.items():
        if any(secret in text for secret in secrets):
            yield f"a secret in {place}"
    for place, text in shown.items():
        if "Traceback" in text:
            yield f"a traceback in {place}"
