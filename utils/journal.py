"""The journal of a run: what was done in AWX, on disk before anything else happens."""

from __future__ import annotations

import fcntl
import json
import os
import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from utils import logger
from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

log = logger.get("journal")

# The form of a run's id, which begins with its time (UTC).
RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
TIME = "%Y%m%dT%H%M%SZ"
# Where there is nothing to go on with any more.
FINAL_STATES = frozenset({"ended", "refused", "skipped"})
# An older one that was cut off is not spoken of; `resume` takes it by its id all the same.
RECENT, MOST = timedelta(days=7), 100


class Journal:
    """`logs/runs/<run>.json`, replaced atomically at each change; it never holds a secret.

    While the run goes on it holds a lock, which ends with its process whatever happens to that:
    who has no lock and no final state was cut off, and may be gone on with.
    """

    def __init__(
        self,
        log_dir: Path,
        now: datetime | None = None,
        *,
        entries: Mapping[str, Any] | None = None,
    ) -> None:
        started = now or datetime.now(timezone.utc)
        self._entries: dict[str, Any] = {
            "run_id": f"{started:{TIME}}-{os.urandom(3).hex()}",
            "started": started.isoformat(timespec="seconds"),
            **(entries or {}),
        }
        self.run_id: str = self._entries["run_id"]
        self.path = log_dir / "runs" / f"{self.run_id}.json"
        self.is_resumed = bool(entries)
        self._lock: int | None = None

    @classmethod
    def opened(cls, log_dir: Path, run_id: str) -> Journal:
        """Return the journal of a run that was cut off, and lock it.

        Raises UsageError where there is none, where it cannot be read, and where the run goes on.
        """
        path = log_dir / "runs" / f"{run_id}.json"
        if not RUN_ID.fullmatch(run_id):
            raise UsageError(f"a run is named by its id, such as 20260131T031500Z-0a1b2c: {run_id}")
        if not path.exists():
            raise UsageError(f"no run {run_id} in {path.parent}")
        journal = cls(log_dir, entries={"run_id": run_id})
        if not journal._is_locked():
            raise UsageError(f"run {run_id} goes on in another process: {path}")
        try:
            # Only now: whoever had the lock before may have written it until then.
            journal._entries = _read(path)
        except (OSError, ValueError) as error:
            journal.unlock()
            raise UsageError(f"cannot read the journal {path}: {error}") from None
        _remove_half_written(path)
        return journal

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON can say
        return self._entries.get(key)

    @property
    def state(self) -> str:
        """Where the run is: started, launching, launched, unknown, or one of FINAL_STATES."""
        return str(self["state"] or "started")

    def part(self, job_id: int) -> Path:
        """Return where the output of a job is kept until it is whole."""
        return self.path.with_name(f"{self.run_id}.{job_id}.part")

    def remember(self, **entries: object) -> None:
        """Add to the journal what may be lost, until something else is noted."""
        self._entries.update(entries)

    def note(self, **entries: object) -> None:
        """Add to the journal and put it on disk; raises UsageError where that cannot be done."""
        self.remember(**entries)
        # First, so that nobody takes it for one that was cut off.
        self._is_locked()
        with replacing(self.path) as stream:
            stream.write(json.dumps(self._entries, indent=1).encode())

    def try_note(self, **entries: object) -> bool:
        """Note what has happened already: that it cannot be written is told, not raised."""
        try:
            self.note(**entries)
        except UsageError as error:
            log.error("%s", error)
            return False
        return True

    def close(self, exit_code: int, *, is_over: bool) -> None:
        """Note how the run ended; there is nothing to go on with where it is over."""
        is_over |= self.state == "started"
        entries = {"state": "ended"} if is_over and self.state not in FINAL_STATES else {}
        self.try_note(**entries, exit_code=int(exit_code))
        self.unlock()

    def unlock(self) -> None:
        """Let others go on with this run."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock_path.unlink()
            os.close(self._lock)
            self._lock = None

    @property
    def _lock_path(self) -> Path:
        return self.path.with_suffix(".lock")

    def _is_locked(self) -> bool:
        """Take the lock, which ends with this process; tell False where another one has it."""
        if self._lock is not None:
            return True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # That of a new run is its own: who has it for a moment only looks whether it is.
            self._lock = _locked(self._lock_path, waits=not self.is_resumed)
        except OSError as error:
            log.debug("no lock of %s: %s", self.run_id, error)
            return True
        return self._lock is not None

    def others(self) -> Iterator[Mapping[str, Any]]:
        """Yield what other recent runs of this folder noted, newest first."""
        for run_id in recent(self.path.parents[1]):
            if run_id != self.run_id:
                with suppress(OSError, ValueError):
                    yield _read(self.path.with_name(f"{run_id}.json"))


def recent(log_dir: Path, now: datetime | None = None) -> list[str]:
    """Return the ids of the last runs of the last days, newest first."""
    oldest = f"{(now or datetime.now(timezone.utc)) - RECENT:{TIME}}"
    found = (path.stem for path in (log_dir / "runs").glob("*.json"))
    return sorted((id_ for id_ in found if RUN_ID.fullmatch(id_) and id_ >= oldest), reverse=True)[
        :MOST
    ]


def goes_on(log_dir: Path, run_id: str) -> bool:
    """Tell whether a run with this folder is under way in another process, or in this one."""
    path = log_dir / "runs" / f"{run_id}.lock"
    if not RUN_ID.fullmatch(run_id) or not path.exists():
        return False
    number = _locked(path)
    if number is None:
        return True
    os.close(number)
    return False


def cut_off(log_dir: Path) -> Iterator[Mapping[str, Any]]:
    """Yield what recent runs noted that were cut off, newest first."""
    _tidy(log_dir / "runs")
    for run_id in recent(log_dir):
        try:
            entries = _read(log_dir / "runs" / f"{run_id}.json")
            if entries.get("state") in FINAL_STATES:
                continue
            Journal.opened(log_dir, run_id).unlock()
        except (OSError, ValueError, UsageError):
            continue
        yield entries


def _locked(path: Path, *, waits: bool = False) -> int | None:
    """Return an open file that has the lock, None where another process has it."""
    while True:
        number = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            # Whoever had it before may have removed the file meanwhile.
            if os.path.samestat(os.fstat(number), path.stat()):
                return number
        except FileNotFoundError:
            pass
        except BlockingIOError:
            os.close(number)
            return None
        os.close(number)


def _tidy(folder: Path) -> None:
    """Remove what runs left that were killed before they had a journal, or after they ended."""
    for path in folder.glob("*.lock"):
        journal = path.with_suffix(".json")
        with suppress(OSError, ValueError):
            if journal.exists() and _read(journal).get("state") not in FINAL_STATES:
                continue
            if (number := _locked(path)) is not None:
                if not journal.exists():
                    _remove_half_written(journal)
                path.unlink()
                os.close(number)


def _remove_half_written(path: Path) -> None:
    """Remove what a process left that was killed while it wrote this journal."""
    for left in path.parent.glob(f".{path.name}.*"):
        with suppress(OSError):
            left.unlink()


def _read(path: Path) -> dict[str, Any]:
    """Read a journal; raises OSError, and ValueError for what is none."""
    entries = json.loads(path.read_bytes())
    if not isinstance(entries, dict) or entries.get("run_id") != path.stem:
        raise ValueError("it is no journal of that run")
    return entries
