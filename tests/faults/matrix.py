"""Runs main.py through the cells of the fault matrix, and tells what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from benchmarks import measuring
from demo.server import DemoServer
from demo.text import plain
from tests.faults.proxy import Answer, FaultProxy, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.faults.cells import Cell

# So fast that a run is short, and so slow that the websocket is open before the job begins.
SPEED = 8.0
LONGEST_S = 60.0
STORED_WITHIN_S = 20.0
LOOK_S = 0.05
UPDATES = 2  # a second update of the project does no harm


@dataclass(frozen=True)
class Awx:
    """The AWX that runs are made against; `ca_bundle` are certificates to trust.

    `expire_tokens` lets all tokens' lives end, where that can be done.
    """

    url: str
    username: str
    password: str
    template: str = "9"
    ca_bundle: str = ""
    expire_tokens: Callable[[], None] | None = None

    def get(self, path: str, **params: str | int) -> requests.Response:
        """GET a path below the API's root, as that user."""
        return self._request("GET", path, params)

    def delete(self, path: str) -> None:
        """DELETE a path below the API's root, as that user."""
        self._request("DELETE", path, {})

    def _request(self, method: str, path: str, params: dict[str, str | int]) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, f"{self.url}/api/v2/{path}", params=params, timeout=LONGEST_S,
                auth=(self.username, self.password), verify=self.ca_bundle or True,
            )  # fmt: skip


@contextmanager
def embedded() -> Iterator[Awx]:
    """Yield an embedded AWX of a cell's own, so that all tokens and jobs in it are its."""
    with DemoServer(speed=SPEED, password="correct horse") as server:
        yield Awx(server.url, "admin", server.password, expire_tokens=server.awx.expire_tokens)


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

    def __str__(self) -> str:
        """Return the word for the table: what happened, or what is wrong."""
        if self.problems:
            return f"**{'; '.join(self.problems)}**"
        word = "ok" if self.exit_code == 0 else f"exit code {self.exit_code}, no job"
        return f"{word}, {self.updates} updates" if self.updates > 1 else word


def run_all(
    cells: Iterable[Cell], *, awx: Awx | None = None, workers: int = 1, compiled: str = ""
) -> Iterator[Observed]:
    """Run each cell and yield what came of it, in the order of the cells.

    Without an AWX each has an embedded one, and several run at the same time; one that is shared
    must not have another cell's jobs in it while a lost one is looked for, so there `workers` is 1.
    """
    compiled = compiled or str(Path(tempfile.gettempdir()) / "ansible-automation-api-compiled")

    def run(cell: Cell) -> Observed:
        if awx:
            return _run(cell, awx, compiled)
        with embedded() as own:
            return _run(cell, own, compiled)

    with ThreadPoolExecutor(1 if awx else workers) as pool:
        yield from pool.map(run, cells)


def _run(cell: Cell, awx: Awx, compiled: str) -> Observed:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def end_tokens(kind: Kind) -> None:
            if kind == "expire_token" and awx.expire_tokens:
                awx.expire_tokens()
                return
            for token in _made(proxy.answers, "tokens/"):
                awx.delete(f"tokens/{token['id']}/")

        with FaultProxy(
            awx.url, cell, end_token=end_tokens, has_begun=(folder / "awx.log").exists,
            ca_bundle=awx.ca_bundle,
        ) as proxy:  # fmt: skip
            done = _process(cell, awx, proxy.url, folder, compiled)
        return _observed(cell, awx, proxy, done, folder)


def _process(
    cell: Cell, awx: Awx, url: str, folder: Path, compiled: str
) -> subprocess.CompletedProcess[str]:
    """Run main.py; its return code is -1 where it did not end."""
    command = measuring.ours("--template", awx.template, *cell.fault.flags)
    environment = {
        **measuring.environment(url, "", folder),
        "AWX_USERNAME": awx.username,
        "AWX_PASSWORD": awx.password,
        "PYTHONPYCACHEPREFIX": compiled,
    }
    try:
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LONGEST_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        out, err = (str(each or b"", "utf-8", "replace") for each in (error.stdout, error.stderr))  # type: ignore[arg-type]  # bytes, whatever text says
        return subprocess.CompletedProcess(command, -1, out, err)


def _observed(
    cell: Cell,
    awx: Awx,
    proxy: FaultProxy,
    done: subprocess.CompletedProcess[str],
    folder: Path,
) -> Observed:
    jobs, tokens = _made(proxy.answers, "/launch/"), _made(proxy.answers, "tokens/")
    left = sum(_is_valid(awx, token["id"]) for token in tokens)
    secrets = [awx.password, *(str(token["token"]) for token in tokens)]
    return Observed(
        cell,
        has_struck=proxy.has_struck and _was_met(cell, folder),
        exit_code=None if done.returncode < 0 else done.returncode,
        jobs=len(jobs),
        updates=len(_made(proxy.answers, "/update/")),
        tokens_left=left,
        is_log_right=all(_is_log_right(awx, job["id"], folder) for job in jobs)
        if done.returncode == 0
        else True,
        leaks=tuple(_leaks(done, folder, secrets)),
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


def _was_met(cell: Cell, folder: Path) -> bool:
    """Tell whether a run met the port where nobody listened: a proxy cannot see that."""
    return cell.fault.kind != "refuse" or "refused" in (folder / "awx.log").read_text()


def _is_valid(awx: Awx, token: int) -> bool:
    answer = awx.get(f"tokens/{token}/")
    if answer.status_code == 404:
        return False
    answer.raise_for_status()
    expires = datetime.fromisoformat(answer.json()["expires"].replace("Z", "+00:00"))
    return expires > datetime.now(timezone.utc)


def _is_log_right(awx: Awx, job: int, folder: Path) -> bool:
    """Hold the saved log against the text of the job's events."""
    deadline = time.monotonic() + STORED_WITHIN_S
    while not awx.get(f"jobs/{job}/").json().get("event_processing_finished"):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_S)
    text, last = "", 0
    params = {"order_by": "counter", "no_truncate": 1, "page_size": 200}
    while rows := awx.get(f"jobs/{job}/job_events/", counter__gt=last, **params).json()["results"]:
        last = rows[-1]["counter"]
        text += "".join(f"{row['stdout']}\r\n" for row in rows if row["stdout"])
    path = folder / "jobs" / f"{job}.txt"
    return path.exists() and path.read_bytes() == plain(text.replace("\r\n", "\n")).encode()


def _leaks(
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
