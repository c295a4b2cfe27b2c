"""An embedded AWX in a process of its own, which may take as long for a list as a real one.

Called by `benchmarks/history.py`: PORT JOBS SECONDS_A_PAGE SECONDS_A_ROW.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.faults import Fault  # noqa: E402  # after the path to it
from demo.paging import page_size  # noqa: E402
from demo.server import DemoServer  # noqa: E402


class Pace(Fault):
    """Lets a list of jobs take so many seconds, and so many more for each row of a page."""

    def __init__(self, page_s: float, row_s: float) -> None:
        super().__init__("stall", "GET", r"/jobs/(\?|$)", times=None)
        self.page_s, self.row_s = page_s, row_s

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether it is such a list, and how long it is to take: that is read at once."""
        query = parse_qs(urlsplit(path).query)
        rows = page_size([(name, values[-1]) for name, values in query.items()])
        self.seconds = self.page_s + self.row_s * rows
        is_list = method == "GET" and re.search(self.path, path) is not None
        return is_list and self.seconds > 0


def main() -> None:
    """Serve until the process is ended."""
    port, jobs, page_s, row_s = sys.argv[1:]
    with DemoServer(port=int(port), jobs=int(jobs)) as server:
        server.faults.add(Pace(float(page_s), float(row_s)))
        Event().wait()


if __name__ == "__main__":
    main()
