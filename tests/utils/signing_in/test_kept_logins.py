from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.signing_in.kept_logins import KeptLogins, Login

if TYPE_CHECKING:
    from pathlib import Path

ANN = Login("https://awx.test", "ann", "t1", "r1", "2026-12-31T00:00:00+00:00", "write", "app")
BOB = Login("https://awx.test", "bob", "t2")


@pytest.fixture
def logins(tmp_path: Path) -> KeptLogins:
    return KeptLogins(tmp_path / "kept")


def keep(logins: KeptLogins, *all_: Login) -> None:
    for each in all_:
        with logins.locked():
            logins.keep(each)


def test_what_is_kept_is_found_by_host_and_user(logins: KeptLogins) -> None:
    keep(logins, ANN, BOB)
    assert logins.find("https://awx.test", "ann") == ANN
    assert logins.find("https://awx.test") == BOB  # the last to log in
    assert logins.find("https://other.test") is None


def test_only_the_owner_may_read_it(logins: KeptLogins) -> None:
    keep(logins, ANN)
    assert logins.path.stat().st_mode & 0o777 == 0o600
    assert logins.path.parent.stat().st_mode & 0o077 == 0


def test_a_login_takes_the_place_of_the_last_one_of_its_user(logins: KeptLogins) -> None:
    keep(logins, ANN, Login("https://awx.test", "ann", "t3"))
    assert [each.token for each in logins.all()] == ["t3"]
    assert "t1" not in logins.path.read_text()


def test_what_is_forgotten_is_gone(logins: KeptLogins) -> None:
    keep(logins, ANN, BOB)
    with logins.locked():
        logins.forget(BOB)
    assert logins.all() == [ANN]


def test_no_secret_is_in_what_is_shown(logins: KeptLogins) -> None:
    keep(logins, ANN)
    assert "t1" not in repr(logins.all())
    assert "r1" not in repr(logins.all())


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"logins": 5}', '{"logins": [{"x": 1}]}', '{"logins": [5]}']
)
def test_a_foreign_file_is_not_trusted_nor_overwritten(logins: KeptLogins, content: str) -> None:
    logins.path.parent.mkdir()
    logins.path.write_text(content)
    with pytest.raises(UsageError, match="move it away and log in again"):
        keep(logins, ANN)
    assert logins.path.read_text() == content


def test_without_a_keyring_that_keeps_it_the_file_has_the_secret(logins: KeptLogins) -> None:
    # The tests' keyring takes everything and has nothing.
    keep(logins, ANN)
    (row,) = json.loads(logins.path.read_text())["logins"]
    assert (row["kept_in"], row["token"]) == ("file", "t1")
