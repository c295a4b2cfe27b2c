from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utils import dotenv_file
from utils.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = frozenset({"AWX_HOST", "AWX_LIMIT", "AWX_PASSWORD", "TOWER_HOST"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AWX_HOST=https://x\n", {"AWX_HOST": "https://x"}),
        ("\ufeffAWX_HOST=x", {"AWX_HOST": "x"}),
        ("export AWX_HOST='a b'\r\nAWX_LIMIT=\"c # d\" # comment\n",
         {"AWX_HOST": "a b", "AWX_LIMIT": "c # d"}),
        ("# comment\n\nAWX_HOST=x # comment\n", {"AWX_HOST": "x"}),
        ("AWX_HOST=\nAWX_LIMIT=\n", {"AWX_HOST": "", "AWX_LIMIT": ""}),
        ("AWX_PASSWORD='pä$HOME${x}%#'", {"AWX_PASSWORD": "pä$HOME${x}%#"}),
        ("AWX_HOST=a\nAWX_HOST=b\n", {"AWX_HOST": "b"}),
        ("", {}),
    ],
)  # fmt: skip
def test_what_a_file_says(tmp_path: Path, text: str, found: dict[str, str]) -> None:
    file = tmp_path / ".env"
    file.write_text(text, encoding="utf-8")
    assert dotenv_file.read(file) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [("AWX_HOST=x\n= no name\n", "line 2: should be NAME=value"),
     ("AWX_HOST='unclosed\n", "line 1: should be NAME=value"),
     ("AWX_HOST=\nAWX_LIMIT\n", "line 2: should be NAME=value"),
     ("export AWX_LIMIT\n", "line 1: should be NAME=value")],
)  # fmt: skip
def test_a_line_that_says_nothing_is_told_by_its_number(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / ".env"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        dotenv_file.read(file)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*: No such file"):
        dotenv_file.read(tmp_path / "none")
    with pytest.raises(UsageError, match=r"cannot read .*: Is a directory"):
        dotenv_file.read(tmp_path)


def test_one_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"AWX_PASSWORD=\xe4\n")
    with pytest.raises(UsageError, match="it is not UTF-8 text"):
        dotenv_file.read(file)


@pytest.mark.parametrize(
    ("environ", "dotenv", "told"),
    [
        ({"AWX_HOTS": "x"}, {}, "AWX_HOTS in the environment is no setting: is AWX_HOST meant?"),
        ({}, {"AWX_LIMITT": "x"}, "AWX_LIMITT in .env is no setting: is AWX_LIMIT meant?"),
        ({}, {"AWX_SOMETHING": "x"}, "AWX_SOMETHING in .env is no setting; README lists them"),
    ],
)
def test_a_slip_is_refused(environ: dict[str, str], dotenv: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        dotenv_file.refuse_unknown(environ, dotenv, KNOWN)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("environ", "dotenv"),
    [
        ({"AWX_KUBE_DEVEL": "1", "HOTS": "x"}, {}),
        ({"AWX_HOST": "x"}, {"TOWER_HOST": "y", "OTHER": "z"}),
        ({"AWX_HOTS": ""}, {"AWX_SOMETHING": ""}),
    ],
)
def test_what_is_not_ours_is_left_alone(environ: dict[str, str], dotenv: dict[str, str]) -> None:
    dotenv_file.refuse_unknown(environ, dotenv, KNOWN)
