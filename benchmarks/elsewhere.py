"""An AWX of one's own, which is asked what a job really printed and when it was over."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import requests

from benchmarks.served import Truth
from demo.text import plain

if TYPE_CHECKING:
    from typing_extensions import Self

LONGEST_S = 60.0
LOOK_S = 0.2


class Elsewhere:
    """An AWX whose clock is this machine's, or in step with it; use it as a context manager.

    The token lasts as long as the context. Only jobs of `template` (its id) are looked at.
    """

    def __init__(self, url: str, username: str, password: str, template: int) -> None:
        self.url = url.rstrip("/")
        self.token = ""
        self._template = template
        self._auth = (username, password)
        self._token_path = ""

    def __enter__(self) -> Self:
        body = {"scope": "write", "description": "a benchmark"}
        row = self._ask("POST", "tokens/", json=body)
        self.token, self._token_path = row["token"], f"tokens/{row['id']}/"
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("DELETE", self._token_path)

    def last_job(self) -> Truth:
        """Return the truth of the template's newest job, once it is over and wholly stored."""
        path = f"job_templates/{self._template}/jobs/?order_by=-id&page_size=1"
        (row,) = self._ask("GET", path)["results"]
        path = f"jobs/{row['id']}/"
        while not (row := self._ask("GET", path))["event_processing_finished"]:
            time.sleep(LOOK_S)
        digest, lines, moments = hashlib.sha256(), 0, [row["finished"]]
        last, path = 0, f"{path}job_events/?order_by=counter&no_truncate=1&page_size=200"
        while events := self._ask("GET", f"{path}&counter__gt={last}")["results"]:
            last = events[-1]["counter"]
            for event in events:
                moments.append(event["modified"])  # when it was stored
                if event["stdout"]:
                    text = plain(event["stdout"].replace("\r\n", "\n") + "\n")
                    digest.update(text.encode())
                    lines += text.count("\n")
        offset = time.time() - time.monotonic()
        ended = max(map(_seconds, moments)) - offset
        return Truth(lines, digest.hexdigest(), ended, row["status"])

    def _ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  # JSON
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method, f"{self.url}/api/v2/{path}", auth=self._auth, timeout=LONGEST_S, **more
            )
        answer.raise_for_status()
        return answer.json() if answer.content else None


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
