from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from pathlib import Path


def write_half(file: Path, trouble: BaseException) -> None:
    with replacing(file) as stream:
        stream.write(b"half")
        raise trouble


def test_what_was_written_is_there_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "jobs" / "5.txt"
    with replacing(file) as stream:
        stream.write(b"text")
        assert not file.exists()
    assert file.read_bytes() == b"text"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_mode_is_ours_also_where_the_old_file_was_open_to_all(tmp_path: Path) -> None:
    file = tmp_path / "5.txt"
    file.write_bytes(b"old")
    file.chmod(0o644)
    with replacing(file) as stream:
        stream.write(b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("trouble", [RuntimeError("stop"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, trouble: BaseException
) -> None:
    file = tmp_path / "5.txt"
    file.write_bytes(b"old")
    with pytest.raises(type(trouble)):
        write_half(file, trouble)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "5.txt"
    file.write_bytes(b"old")
    with pytest.raises(UsageError, match=r"cannot write .*5\.txt: No space left"):
        write_half(file, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["file/5.txt", "file/deeper/5.txt"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot write"), replacing(tmp_path / name):
        pytest.fail("there is nothing to write to")


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "5.txt").mkdir()
    with pytest.raises(UsageError, match="cannot write"), replacing(tmp_path / "5.txt") as stream:
        stream.write(b"text")
    assert [each.name for each in tmp_path.iterdir()] == ["5.txt"]
