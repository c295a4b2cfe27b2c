"""`python -m demo`: the embedded AWX in the foreground."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from demo.poses import AWX, NAMES
from demo.server import DemoServer


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--jobs", type=int, default=0, help="this many older jobs")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--prefix", default="/api")
    parser.add_argument("--password", default="password")
    parser.add_argument("--as", dest="posing_as", choices=NAMES, default=AWX.name)
    options = parser.parse_args()
    with DemoServer(**vars(options)) as server:
        sys.stderr.write(f"AWX answers at {server.url}\n")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
