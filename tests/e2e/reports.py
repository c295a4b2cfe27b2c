"""What the tests of reports count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.server import DemoServer


def asked(awx: DemoServer, path: str = "/jobs/") -> int:
    """Return how many lists of jobs, or other things, AWX was asked for; and count anew."""
    found = sum(1 for _, each, _ in awx.awx.requests if each.partition("?")[0].endswith(path))
    awx.awx.requests.clear()
    return found


def total(text: str) -> int:
    """Return how many jobs a report as JSON is of."""
    return int(json.loads(text)["total"]["counts"]["runs"])
