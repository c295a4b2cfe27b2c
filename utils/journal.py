"""The journal of a run: what was done in AWX, on disk before anything else happens."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from pathlib import Path

log = logger.get("journal")


class Journal:
    """`logs/runs/<run>.json`, replaced atomically at each change; it never holds a secret."""

    def __init__(self, log_dir: Path, now: datetime | None = None) -> None:
        started = now or datetime.now(timezone.utc)
        self.run_id = f"{started:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
        self.path = log_dir / "runs" / f"{self.run_id}.json"
        self._entries: dict[str, object] = {
            "run_id": self.run_id,
            "started": started.isoformat(timespec="seconds"),
        }

    def note(self, **entries: object) -> None:
        """Add to the journal and put it on disk; raises UsageError where that cannot be done."""
        self._entries.update(entries)
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

    def close(self, exit_code: int, *, ended: bool) -> None:
        """Note how the run ended."""
        entries = {"state": "ended"} if ended else {}
        self.try_note(**entries, exit_code=int(exit_code))
