from __future__ import annotations

import io
import logging
import re
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from utils import log_file, logger
from utils.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

log = logger.get("test")
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}"


class Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(32, f"Broken pipe: {len(text)}")


class Terminal(io.StringIO):
    """A terminal in place of stderr; a test must set it itself, for pytest sets its own."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def say_all() -> None:
    log.debug("detail")
    log.info("step")
    log.warning("trouble")
    log.error("the end")


@pytest.mark.parametrize(
    ("verbose", "quiet", "said"),
    [
        (False, False, ["step", "warning: trouble", "error: the end"]),
        (True, False, ["detail", "step", "warning: trouble", "error: the end"]),
        (False, True, ["warning: trouble", "error: the end"]),
        (True, True, ["warning: trouble", "error: the end"]),
    ],
)
def test_how_much_is_said(
    monkeypatch: pytest.MonkeyPatch, verbose: bool, quiet: bool, said: list[str]
) -> None:
    terminal = on_terminal(monkeypatch)
    logger.configure(verbose=verbose, quiet=quiet)
    say_all()
    assert terminal.getvalue().splitlines() == said


def test_a_pipe_gets_times_and_no_control_codes(capsys: pytest.CaptureFixture[str]) -> None:
    logger.configure(color=True)
    say_all()
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(f"{STAMP} step", lines[0])
    assert re.fullmatch(f"{STAMP} error: the end", lines[-1])
    assert "\x1b" not in "".join(lines)


def test_a_terminal_gets_colours_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = on_terminal(monkeypatch)
    logger.configure(color=True)
    say_all()
    assert terminal.getvalue().splitlines() == [
        "step", "\x1b[33mwarning: trouble\x1b[0m", "\x1b[31merror: the end\x1b[0m",
    ]  # fmt: skip


def test_a_traceback_goes_to_the_file_and_not_to_stderr(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal = on_terminal(monkeypatch)
    logger.configure(verbose=True)
    logger.log_to_file(tmp_path, "--log-dir")
    try:
        int("inner words")
    except ValueError:
        log.exception("a defect")
        log.debug("raised here", exc_info=True)
    assert terminal.getvalue() == "error: a defect\nraised here\n"
    text = (tmp_path / "awx.log").read_text()
    assert text.count("Traceback (most recent call last)") == 2
    assert re.match(f"{STAMP} ERROR awx.test a defect\n", text)


def test_the_file_has_all_of_it_however_quiet_and_only_its_owner_reads_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on_terminal(monkeypatch)
    logger.configure(quiet=True)
    logger.log_to_file(tmp_path / "logs", "--log-dir")
    say_all()
    file = tmp_path / "logs" / "awx.log"
    assert [line.split(" ", 3)[3] for line in file.read_text().splitlines()] == [
        "detail", "step", "trouble", "the end",
    ]  # fmt: skip
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "awx.log"
    file.write_text("old\n")
    file.chmod(0o644)
    logger.configure(quiet=True)
    logger.log_to_file(tmp_path, "--log-dir")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("old\n")


def test_the_file_is_rotated_by_size_and_a_few_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "SIZE_BYTES", 2000)
    logger.configure(quiet=True)
    logger.log_to_file(tmp_path, "--log-dir")
    for number in range(300):
        log.info("line %d %s", number, "x" * 80)
    files = sorted(tmp_path.iterdir())
    assert [each.name for each in files] == ["awx.log", *(f"awx.log.{n}" for n in range(1, 6))]
    assert all(each.stat().st_size <= 2000 for each in files)
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert "line 299" in (tmp_path / "awx.log").read_text()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = r"cannot write .*awx\.log \(AWX_LOG_DIR\): .*; name another with --log-dir"
    with pytest.raises(UsageError, match=told):
        logger.log_to_file(tmp_path / "file" / "logs", "AWX_LOG_DIR")


def test_a_closed_stderr_ends_the_talking_and_not_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stderr", Closed())
    logger.configure()
    logger.log_to_file(tmp_path, "--log-dir")
    log.info("nobody hears this")
    log.warning("nor this")
    text = (tmp_path / "awx.log").read_text()
    assert "nobody hears this" in text
    assert "nor this" in text
    assert logger.warnings() == ["nor this"]


def test_a_full_disk_does_not_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    logger.configure()
    logger.log_to_file(tmp_path, "--log-dir")
    (handler,) = (
        each
        for each in logging.getLogger("awx").handlers
        if isinstance(each, log_file.PrivateRotatingFile)
    )
    monkeypatch.setattr(handler, "stream", FullDisk())
    log.info("said all the same")
    monkeypatch.undo()
    assert terminal.getvalue() == "said all the same\n"


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, f"No space left on device: {len(text)}")


def test_warnings_are_kept_for_the_summary_since_the_last_set_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_terminal(monkeypatch)
    logger.configure()
    log.warning("old")
    logger.configure(quiet=True)
    say_all()
    log.warning("one of %d", 2)
    assert logger.warnings() == ["trouble", "one of 2"]


def test_a_second_set_up_does_not_say_things_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    logger.configure()
    logger.configure()
    log.info("once")
    assert terminal.getvalue() == "once\n"


def test_several_runs_that_rotate_the_same_file_lose_no_line_and_keep_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "SIZE_BYTES", 2_000)
    monkeypatch.setattr(log_file, "KEPT", 50)
    runs = [log_file.PrivateRotatingFile(tmp_path / "awx.log") for _ in range(3)]
    for number in range(600):
        record = logging.LogRecord("awx", logging.INFO, "", 0, f"{number:060}", (), None)
        runs[number % 3 if number < 300 else 0].emit(record)
    for run in runs:
        run.close()
    files = sorted(tmp_path.iterdir(), key=lambda path: -int(path.suffix[1:].replace("log", "0")))
    written = [int(line) for path in files for line in path.read_text().split()]
    assert sorted(written) == list(range(600))
    assert written[300:] == sorted(written[300:])
    assert len(files) < 30
