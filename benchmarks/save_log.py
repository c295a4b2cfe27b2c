"""How fast a 100 MB job output is saved, and in how much memory, beside curl.

Run it with `make benchmark`. Both fetch the same download from the same embedded AWX in turn; curl
saves it as AWX sends it, we undo COPY's escapes and take the colours out. Machines are noisy, so
look at the ratio of the two.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import measuring  # noqa: E402  # after the path to it
from demo.model import User  # noqa: E402
from demo.server import DemoServer  # noqa: E402

TEMPLATE = "Huge output"
ROUNDS = 3
LIMIT_MB = 80.0


def main() -> int:
    """Print a row for each tool; exit 1 where ours needs more memory than promised."""
    with DemoServer(speed=50) as server, tempfile.TemporaryDirectory() as folder:
        token = server.awx.new_token(server.awx.get(User, 1), "write", "benchmark").token
        settings = measuring.environment(server.url, token, folder)
        job = subprocess.run(
            measuring.ours("launch", "--template", TEMPLATE, "--quiet"),
            env=settings, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        time.sleep(2)  # at fifty times the speed of life, the job is over long before
        url = f"{server.url}/api/v2/jobs/{job}/stdout/?format=ansi_download"
        file = Path(folder) / "saved"
        curl = ["curl", "-s", "-H", f"Authorization: Bearer {token}", "-o", str(file), url]
        saved = measuring.ours("logs", job, "--save", str(file), "--quiet")
        live = measuring.ours("launch", "--template", TEMPLATE, "--watch", "--save-log", str(file))
        commands = {"curl": curl, "main.py logs --save": saved, "main.py launch --watch": live}
        rows: dict[str, list[measuring.Taken]] = {name: [] for name in commands}
        sizes_mb: dict[str, float] = {}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                rows[name].append(measuring.succeeded(command, settings))
                sizes_mb[name] = file.stat().st_size / measuring.MB
                file.unlink()  # so that no tool is taken for having saved what another did
    print("| tool | saved | seconds (median) | MB/s | peak memory |")
    print("|---|---|---|---|---|")
    for name, taken in rows.items():
        seconds = median(each.seconds for each in taken)
        size, peak = sizes_mb[name], max(each.peak_mb for each in taken)
        print(f"| {name} | {size:.1f} MB | {seconds:.2f} | {size / seconds:.0f} | {peak:.0f} MB |")
    return int(max(each.peak_mb for taken in rows.values() for each in taken) > LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
