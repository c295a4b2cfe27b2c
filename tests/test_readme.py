"""README and the other documents tell the truth about the code."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import refresh  # noqa: E402  # docs/ is no package

import config  # noqa: E402
import main  # noqa: E402
from commands.table import COMMANDS  # noqa: E402
from utils.errors import ExitCode  # noqa: E402
from utils.options import env_name  # noqa: E402

README = (ROOT / "README.md").read_text()


def test_help_and_settings_in_readme_are_those_of_the_code() -> None:
    assert refresh.refreshed(README) == README, "run: make docs"


def test_every_exit_code_is_in_the_table_and_no_other() -> None:
    table = README.partition("## Exit codes")[2].partition("## ")[0]
    first_cells = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    told = {int(code) for cell in first_cells for code in cell.split(",")}
    assert told == {int(code) for code in ExitCode}


def test_every_setting_that_is_named_anywhere_exists() -> None:
    known = config.env_names() | {"AWX_TEMPALTE"}
    for path in (ROOT / "README.md", ROOT / ".env.example", *(ROOT / "docs").glob("*.md")):
        named = set(re.findall(r"\bAWX_[A-Z_]+\b", path.read_text()))
        assert named <= known, path


def test_every_command_line_in_the_documents_can_be_parsed() -> None:
    from shlex import split  # noqa: PLC0415

    from utils.command_line import parse  # noqa: PLC0415

    lines = []
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        lines += re.findall(r"^    .*?main\.py +(.+)", path.read_text(), re.MULTILINE)
    for line in lines:
        parse(split(re.split(r"  +#| > ", line)[0]), COMMANDS, main.PROGRAM)
    assert len(lines) >= 12


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", "docs/performance.md"):
        named = set(
            re.findall(r"(?:^    |`)make ([a-z-]+)", (ROOT / name).read_text(), re.MULTILINE)
        )
        assert named
        assert named <= targets, name


def test_every_file_that_is_linked_exists() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / link).exists(), f"{path}: {link}"


def test_the_example_settings_are_settings() -> None:
    names = re.findall(r"^#?(AWX_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(names) <= {env_name(name) for name in config.options()}
