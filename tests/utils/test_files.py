from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from utils.errors import UsageError
from utils.files import check_writable, replacing


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


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_file_for_others_has_the_mode_of_any_new_file(
    tmp_path: Path, umask: int, mode: int
) -> None:
    file = tmp_path / "page.html"
    before = os.umask(umask)
    try:
        with replacing(file, for_others=True) as stream:
            stream.write(b"text")
    finally:
        assert os.umask(before) == umask
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.parametrize("mode", [0o644, 0o664, 0o600])
def test_a_file_for_others_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    file, link = tmp_path / "page.html", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(mode)
    link.symlink_to(file)
    for path in (file, link):
        with replacing(path, for_others=True) as stream:
            stream.write(b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


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


def test_a_device_is_written_as_it_is() -> None:
    device = Path("/dev/null")
    before = device.stat()
    with replacing(device) as stream:
        stream.write(b"text")
    after = device.stat()
    assert stat.S_ISCHR(after.st_mode)
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_a_device_without_room_is_told() -> None:
    with pytest.raises(UsageError, match="cannot write /dev/full: No space left"):
        write_to(Path("/dev/full"))


def write_to(file: Path) -> None:
    with replacing(file) as stream:
        stream.write(b"text")


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        reader = pool.submit(pipe.read_bytes)
        write_to(pipe)
        assert reader.result(timeout=10) == b"text"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_leads_to_its_target_and_stays(tmp_path: Path, exists: bool) -> None:
    target, link = tmp_path / "there" / "5.txt", tmp_path / "link"
    if exists:
        target.parent.mkdir()
        target.write_bytes(b"old")
    link.symlink_to(target)
    write_to(link)
    assert link.is_symlink()
    assert not target.is_symlink()
    assert target.read_bytes() == b"text"
    assert list(target.parent.iterdir()) == [target]


def test_a_link_to_a_device_is_written_as_it_is(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    write_to(link)
    assert link.readlink() == Path("/dev/null")
    assert list(tmp_path.iterdir()) == [link]


class TestCheckWritable:
    def test_standard_output_is_no_file(self) -> None:
        check_writable("-", "--csv")
        assert not Path("-").exists()

    @pytest.mark.parametrize("name", ["new.txt", "old.txt", "pipe", "to_old", "to_new", "null"])
    def test_what_can_be_written_is_let_pass_and_not_touched(
        self, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / "old.txt").write_bytes(b"old")
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "to_old").symlink_to("old.txt")
        (tmp_path / "to_new").symlink_to("new.txt")
        (tmp_path / "null").symlink_to("/dev/null")
        before = sorted(tmp_path.iterdir())
        check_writable(str(tmp_path / name), "--save")
        assert sorted(tmp_path.iterdir()) == before
        assert (tmp_path / "old.txt").read_bytes() == b"old"

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("folder", "it is a folder"),
            ("to_folder", "it is a folder"),
            ("none/x", "there is no folder {path}/none"),
            ("to_none", "there is no folder {path}/none"),
            ("file/x", "there is no folder {path}/file"),
        ],
    )
    def test_what_cannot_is_told_with_its_source(
        self, tmp_path: Path, name: str, told: str
    ) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").write_bytes(b"")
        (tmp_path / "to_folder").symlink_to("folder")
        (tmp_path / "to_none").symlink_to("none/x")
        path = tmp_path / name
        with pytest.raises(UsageError) as error:
            check_writable(str(path), "AWX_SAVE")
        reason = told.format(path=tmp_path)
        assert str(error.value) == f"AWX_SAVE: cannot write {path}: {reason}"

    @pytest.mark.parametrize("name", ["old.txt", "new.txt"])
    def test_a_place_where_no_file_can_be_made_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        def refuse(dir: Path) -> None:  # noqa: A002  # as it is called
            assert dir == tmp_path
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        (tmp_path / "old.txt").write_bytes(b"old")
        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
        with pytest.raises(UsageError, match=r"--save: cannot write .*: Read-only file system"):
            check_writable(str(tmp_path / name), "--save")
