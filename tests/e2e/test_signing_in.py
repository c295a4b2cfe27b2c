"""Every way of signing in on every server that the embedded AWX can pose as, over real HTTP."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from demo.model import User
from demo.server import DemoServer
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT, SPEED, keep_busy, let_end
from tests.e2e.sign_in_cells import BEST, CELLS, SERVERS, WORKS, table
from tests.e2e.test_tokens import ANY_PORT, BROWSER, SECRET, following

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.conftest import RunMain

CLIENTS = {
    "awx": "demo-password", "no-oauth": "demo-password", "gateway": "demo-machine",
    "tower-3.2": "demo-password",
}  # fmt: skip


@pytest.fixture(params=SERVERS)
def posing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def awx(posing: str) -> Iterator[DemoServer]:
    with DemoServer(password=PASSWORD, speed=SPEED, posing_as=posing) as server:
        yield server


def settings_for(way: str, awx: DemoServer, posing: str) -> dict[str, str]:
    """Return what a user who wants that way would set."""
    if way == "token":
        made = awx.awx.new_token(awx.awx.get(User, 1), "write", "given")
        return {"AWX_TOKEN": made.token, "AWX_PASSWORD": ""}
    if way == "client-credentials":
        return {"AWX_CLIENT_ID": CLIENTS[posing], "AWX_CLIENT_SECRET": SECRET, "AWX_PASSWORD": ""}
    if way == "password":
        return {"AWX_CLIENT_ID": "demo-password", "AWX_CLIENT_SECRET": SECRET}
    return {}


def left(awx: DemoServer) -> tuple[int, int, int]:
    """Return how many tokens (also of the old kind), refresh tokens and sessions there are."""
    return (
        len([each for each in awx.awx.tokens.values() if each.description != "given"])
        + len([each for each in awx.awx.auth_tokens.values() if not each.invalidated]),
        len([each for each in awx.awx.refresh_tokens.values() if not each.revoked]),
        len(awx.awx.sessions),
    )


@pytest.mark.parametrize("way", [each for each in CELLS if each != "authorization-code"])
def test_a_way_works_or_says_what_does(
    awx: DemoServer, main: RunMain, posing: str, way: str
) -> None:
    expected = CELLS[way][SERVERS.index(posing)]
    ended = main("check", "--template", "9", "--auth", way, **settings_for(way, awx, posing))
    if expected == WORKS:
        assert ended.code == 0, ended.out + ended.err
    else:
        assert ended.code == 4, ended.out + ended.err
        (line,) = [line for line in ended.out.splitlines() if line.startswith("failed")]
        assert line.split("token", 1)[1].strip() == expected
    assert left(awx) == (0, 0, 0)


def test_a_login_by_the_browser_works_or_says_what_does(
    awx: DemoServer, main: RunMain, posing: str, tmp_path: Path
) -> None:
    expected = CELLS["authorization-code"][SERVERS.index(posing)]
    person = {
        "BROWSER": f"{sys.executable} {BROWSER} %s", "BROWSER_SAYS": "allow",
        "BROWSER_USER": "admin", "BROWSER_PASSWORD": PASSWORD,
        "BROWSER_HISTORY": str(tmp_path / "history"), "AWX_PASSWORD": "",
    }  # fmt: skip
    ended = main(
        "token", "login", "--client-id", "demo-public", "--redirect-uri", ANY_PORT, **person
    )
    if expected != WORKS:
        assert ended.code == 4
        assert ended.err.strip().endswith(expected)
        return
    assert ended.code == 0, ended.err
    used = main("check", "--template", "9", "--auth", "authorization-code", AWX_PASSWORD="")
    assert used.code == 0, used.out
    assert main("token", "logout", AWX_PASSWORD="").code == 0
    assert left(awx)[:2] == (0, 0)  # the person is still logged in at the browser


def test_the_best_way_is_found_and_a_run_gives_it_back(
    awx: DemoServer, main: RunMain, posing: str
) -> None:
    best = BEST[SERVERS.index(posing)]
    ended = main("--template", "Failing deploy", "-v")
    assert ended.code == 1, ended.err
    assert f"admin, by {best}" in ended.err
    assert "signing in by user and password, since no token is given nor kept" in ended.err
    assert left(awx) == (0, 0, 0)


def test_an_application_that_does_not_fit_is_not_the_end(awx: DemoServer, main: RunMain) -> None:
    ended = main("check", "--template", "9", AWX_CLIENT_ID="demo-code", AWX_CLIENT_SECRET=SECRET)
    assert ended.code == 0, ended.out
    assert left(awx) == (0, 0, 0)


@pytest.mark.parametrize("way", ["basic", "session"])
def test_a_wrong_password_is_told_and_sent_once(
    awx: DemoServer, main: RunMain, posing: str, way: str
) -> None:
    if CELLS[way][SERVERS.index(posing)] != WORKS:
        return
    ended = main("history", "--auth", way, AWX_PASSWORD="wrong-hunter22")
    assert ended.code == 4
    assert "AWX_PASSWORD" in ended.err
    assert len([line for line in awx.awx.requests if line[2] in {400, 401}]) == 1


def test_what_ends_in_mid_run_is_had_anew_and_no_line_is_lost(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    keep_busy(awx)
    with following(environment, tmp_path) as run:
        awx.awx.expire_tokens()
        awx.awx.sessions.clear()
        awx.awx.auth_tokens.clear()
        let_end(awx)
        out, err = run.communicate(timeout=LONGEST_S)
    assert run.returncode == 0, err
    assert "does not take any more what we have signed in with" in err
    (log,) = (tmp_path / "logs" / "jobs").glob("*.txt")
    assert out == log.read_text()
    assert out.count("PLAY RECAP") == 1
    assert left(awx) == (0, 0, 0)


def test_the_documentation_has_the_table() -> None:
    assert table() in (ROOT / "docs" / "authentication.md").read_text()
