from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from utils import output
from utils.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


class Bad(io.RawIOBase):
    """A standard output that fails in that way, behind a real file."""

    def __init__(self, error: OSError, number: int) -> None:
        self.error = error
        self.number = number
        self.buffer = self

    def write(self, _data: object) -> int:
        raise self.error

    def fileno(self) -> int:
        return self.number


@pytest.fixture
def behind(tmp_path: Path) -> int:
    return os.open(tmp_path / "stdout", os.O_CREAT | os.O_WRONLY)


@pytest.mark.parametrize("data", ["größe\n", "größe\n".encode(), b"\xff\x00"])
def test_bytes_go_out_as_they_are(
    data: str | bytes, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    output.result(data)
    assert capsysbinary.readouterr().out == (data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize("write", [output.result, output.live])
def test_a_reader_who_went_away_is_no_error(
    monkeypatch: pytest.MonkeyPatch, behind: int, write: object
) -> None:
    monkeypatch.setattr(sys, "stdout", Bad(BrokenPipeError(32, "Broken pipe"), behind))
    assert callable(write)
    write(b"text")
    os.write(behind, b"goes nowhere")
    assert os.fstat(behind).st_size == 0
    os.close(behind)


def test_a_full_disk_is_an_error_for_a_result(monkeypatch: pytest.MonkeyPatch, behind: int) -> None:
    monkeypatch.setattr(sys, "stdout", Bad(OSError(28, "No space left on device"), behind))
    with pytest.raises(UsageError, match="cannot write standard output: No space left"):
        output.result("text")
    os.close(behind)


def test_but_a_warning_while_a_job_runs(
    monkeypatch: pytest.MonkeyPatch, behind: int, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "stdout", Bad(OSError(28, "No space left on device"), behind))
    output.live(b"text")
    assert "No space left on device): the run goes on" in caplog.text
    os.close(behind)
