from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import page
from utils.errors import Refused
from utils.signing_in.given_token import GivenToken
from utils.signing_in.who import User

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

ANN = User(1, "ann", "a given token")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "token"
    made.write_text("first\n")
    made.chmod(0o600)
    return made


@pytest.fixture
def used(client: Client, settings: Make, done: Results, awx: FakeAwx, file: Path) -> None:
    """A token of ann's from a file, which has ended by now."""
    way = GivenToken(client, settings(token_file=file), done)
    way.sign_in()
    way.settle_in(ANN)
    awx.refuse("GET", "jobs/5/", 401)


@pytest.mark.usefixtures("used")
def test_what_the_file_has_now_is_used(client: Client, awx: FakeAwx, file: Path) -> None:
    awx.get("me/", page({"id": 1, "username": "ann"}))
    awx.get("jobs/5/", {"id": 5})
    file.write_text("second\n")
    client.get("jobs/5/")
    assert awx.sent == ["GET jobs/5/", "GET me/", "GET jobs/5/"]
    assert awx.requests[-1].headers["Authorization"] == "Bearer second"


@pytest.mark.usefixtures("used")
def test_a_file_that_is_just_being_written_is_looked_at_again(
    client: Client, awx: FakeAwx, file: Path, time: FakeTime
) -> None:
    awx.get("me/", page({"id": 1, "username": "ann"}))
    awx.get("jobs/5/", {"id": 5})
    file.write_text("")
    sleep = client.sleep

    def later(seconds: float) -> None:
        sleep(seconds)
        if len(time.pauses) == 3:
            file.write_text("second\n")

    client.sleep = later
    client.get("jobs/5/")
    assert awx.requests[-1].headers["Authorization"] == "Bearer second"


@pytest.mark.usefixtures("used")
def test_the_token_of_another_user_is_not_used(client: Client, awx: FakeAwx, file: Path) -> None:
    awx.get("me/", page({"id": 2, "username": "bob"}))
    awx.refuse("GET", "jobs/6/", 401)
    file.write_text("of-bob\n")
    with pytest.raises(Refused, match="that of another user, bob"):
        client.get("jobs/5/")
    client.renew = None
    with pytest.raises(Refused):
        client.get("jobs/6/")
    assert awx.requests[-1].headers["Authorization"] == "Bearer first"


@pytest.mark.usefixtures("used")
def test_a_file_that_stays_as_it_is_ends_it_after_a_while(client: Client, time: FakeTime) -> None:
    with pytest.raises(Refused, match=r"not valid any more \(from --token-file\)"):
        client.get("jobs/5/")
    assert sum(time.pauses) == pytest.approx(5.0)
