"""CPU time, user and system, of starting and of short commands: `make benchmark`.

`--help` and `--version` stand beside a Python that does nothing, `ping` and `launch` beside the
same of `awx`, on the same embedded AWX and with a token that is there already.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import measuring, served  # noqa: E402  # after the path to them

ROUNDS = 15
LIMIT_S = 0.15
# What ours may take of the CPU time that awx takes for the same.
SHARE = 0.6
TEMPLATE = "9"


def medians(commands: dict[str, list[str]], environment: dict[str, str]) -> dict[str, float]:
    """Return the seconds of CPU of each command, run in turn."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(ROUNDS + 1):
        for name, command in commands.items():
            taken = measuring.succeeded(command, environment)
            if round_:  # the first is for Python's own cache of compiled code
                found[name].append(taken.cpu_s)
    return {name: median(seconds) for name, seconds in found.items()}


def main() -> int:
    """Print a row for each; exit 1 where one takes more than promised."""
    parser = argparse.ArgumentParser(description="Measure starting and short commands.")
    parser.add_argument("--awx", default=str(measuring.AWX), help="the awx command")
    awx = measuring.existing(parser, parser.parse_args().awx)
    alone = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "main.py --help": measuring.ours("--help"),
        "main.py --version": measuring.ours("--version"),
    }
    pairs = {
        "main.py ping": measuring.ours("ping"),
        "awx ping": [awx, "ping"],
        "main.py launch": measuring.ours("launch", "--template", TEMPLATE),
        "awx job_templates launch": [awx, "job_templates", "launch", TEMPLATE],
    }
    # So fast that no job of one round is still there in the next.
    with served.Served(speed=50) as server, tempfile.TemporaryDirectory() as folder:
        environment = measuring.environment(server.url, server.token, folder)
        taken = medians(alone, environment)
        is_slow = max(taken.values()) > LIMIT_S
        taken |= medians(pairs, environment)
    print("| command | CPU seconds (median) |")
    print("|---|---|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds:.3f} |")
    shares = {
        name: taken[f"main.py {name}"] / taken[peer]
        for name, peer in (("ping", "awx ping"), ("launch", "awx job_templates launch"))
    }
    problems = [
        f"{name} takes {share:.2f} of awx's CPU time, {SHARE} promised"
        for name, share in shares.items()
        if share > SHARE
    ]
    if is_slow:
        problems.append(f"--help or --version takes more than {LIMIT_S} s")
    for problem in problems:
        print(f"broken promise: {problem}", file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
