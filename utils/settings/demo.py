"""Settings of the embedded AWX."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch

# What it can pose as; a test holds these to `demo.poses`.
POSES = ("awx", "gateway", "no-oauth", "tower-3.2")


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Demo:
    """Settings of the embedded AWX."""

    demo: bool = switch("run against the embedded AWX, started for this run")
    demo_port: int = option(
        8080, "port to listen on", values.whole_number(0, 65535), flags=("--port",), metavar="N"
    )
    demo_jobs: int = option(
        0, "past jobs to make up beside its own", values.whole_number(0), flags=("--jobs",),
        metavar="N",
    )  # fmt: skip
    demo_as: str = option(
        POSES[0], f"pose as another server: {', '.join(POSES[1:])}", values.one_of(*POSES),
        flags=("--as",), metavar="SERVER",
    )  # fmt: skip
