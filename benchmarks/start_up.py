"""CPU time of `--help` and `--version`, beside a Python that does nothing: `make benchmark`."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 15
LIMIT_S = 0.15


def cpu_s(*args: str) -> float:
    """Return the seconds of CPU that a Python process took, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Print a row for each; exit 1 where one takes more than promised."""
    program = str(ROOT / "main.py")
    commands = {"python -c pass": ("-c", "pass"), "main.py --help": (program, "--help"),
                "main.py --version": (program, "--version")}  # fmt: skip
    for args in commands.values():
        cpu_s(*args)  # so that Python's own cache of compiled code is there
    taken = {name: median(cpu_s(*args) for _ in range(ROUNDS)) for name, args in commands.items()}
    print("| command | CPU seconds (median) |")
    print("|---|---|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds:.3f} |")
    return int(max(taken.values()) > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
