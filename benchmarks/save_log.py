"""How fast a 100 MB job output is saved, and in how much memory, beside curl.

Run it with `make benchmark`. Both fetch the same download from the same embedded AWX in turn; curl
saves it as AWX sends it, we undo COPY's escapes and take the colours out. Machines are noisy, so
look at the ratio of the two.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.model import User  # noqa: E402  # after the path to it
from demo.server import DemoServer  # noqa: E402

TEMPLATE = "Huge output"
ROUNDS = 3
MB = 1_000_000
LIMIT_MB = 80.0


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds, the file's size in MB, peak resident memory in MB."""

    seconds: float
    saved_mb: float
    peak_mb: float


# A small process in between: a child's peak begins with that of the process it was forked from.
METER = (
    "import resource, subprocess, sys, time; started = time.monotonic();"
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
    "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
    "print(time.monotonic() - started, peak)"
)


def measured(command: list[str], file: Path, environment: dict[str, str]) -> Taken:
    """Run a command that writes `file` and say what it took."""
    done = subprocess.run(
        [sys.executable, "-c", METER, *command],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, peak_kb = done.stdout.split()
    return Taken(float(seconds), file.stat().st_size / MB, int(peak_kb) * 1024 / MB)


def main() -> int:
    """Print a row for each tool; exit 1 where ours needs more memory than promised."""
    with DemoServer(speed=50) as server, tempfile.TemporaryDirectory() as folder:
        token = server.awx.new_token(server.awx.get(User, 1), "write", "benchmark").token
        environment = {
            **{name: value for name, value in os.environ.items() if "AWX" not in name},
            "AWX_HOST": server.url,
            "AWX_TOKEN": token,
            "AWX_LOG_DIR": folder,
            "AWX_ENV_FILE": os.devnull,
        }
        program = [sys.executable, str(ROOT / "main.py")]
        job = subprocess.run(
            [*program, "launch", "--template", TEMPLATE, "--quiet"],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        time.sleep(2)  # at fifty times the speed of life, the job is over long before
        url = f"{server.url}/api/v2/jobs/{job}/stdout/?format=ansi_download"
        file = Path(folder) / "saved"
        curl = ["curl", "-s", "-H", f"Authorization: Bearer {token}", "-o", str(file), url]
        ours = [*program, "logs", job, "--save", str(file), "--quiet"]
        live = [*program, "launch", "--template", TEMPLATE, "--watch", "--save-log", str(file)]
        commands = {"curl": curl, "main.py logs --save": ours, "main.py launch --watch": live}
        rows: dict[str, list[Taken]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                rows[name].append(measured(command, file, environment))
    print("| tool | saved | seconds (median) | MB/s | peak memory |")
    print("|---|---|---|---|---|")
    for name, taken in rows.items():
        seconds = median(each.seconds for each in taken)
        size, peak = taken[0].saved_mb, max(each.peak_mb for each in taken)
        print(f"| {name} | {size:.1f} MB | {seconds:.2f} | {size / seconds:.0f} | {peak:.0f} MB |")
    return int(max(each.peak_mb for taken in rows.values() for each in taken) > LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
