"""Tokens that last: made, kept, used, refreshed, listed and ended, each over real HTTP."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from demo.faults import Fault
from demo.model import User
from demo.model_oauth import Application
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT, keep_busy, let_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.model_oauth import Token
    from demo.server import DemoServer
    from tests.e2e.conftest import Ended, RunMain

SECRET = "demo-secret"
BROWSER = Path(__file__).with_name("browser.py")
ANY_PORT = "http://127.0.0.1:0/callback"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """What the browser's history has after a login."""
    return tmp_path / "history.txt"


@pytest.fixture
def login(main: RunMain, history: Path) -> Callable[..., Ended]:
    """Runs `token login` with somebody at a browser."""

    def run(*args: str, says: str = "allow", user: str = "admin", **env: str) -> Ended:
        return main(
            "token", "login", "--redirect-uri", ANY_PORT, *args,
            **{
                "BROWSER": f"{sys.executable} {BROWSER} %s", "BROWSER_SAYS": says,
                "BROWSER_USER": user, "BROWSER_PASSWORD": PASSWORD if user == "admin" else
                "password", "BROWSER_HISTORY": str(history), "AWX_PASSWORD": "", **env,
            },
        )  # fmt: skip

    return run


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where logins are kept that no keyring takes."""
    return tmp_path / "config" / "ansible-automation-api" / "logins.json"


def has_ipv6() -> bool:
    """Tell whether this machine has a loopback address of the long kind."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def tokens(awx: DemoServer) -> list[Token]:
    return list(awx.awx.tokens.values())


def paths(awx: DemoServer) -> list[str]:
    return [f"{method} {path}" for method, path, _ in awx.awx.requests]


class TestABrowserLogin:
    @pytest.mark.parametrize(
        ("client_id", "secret"), [("demo-code", SECRET), ("demo-public", "")], ids=str
    )
    def test_is_kept_and_used_and_ended(
        self,
        awx: DemoServer,
        main: RunMain,
        login: Callable[..., Ended],
        kept: Path,
        history: Path,
        client_id: str,
        secret: str,
    ) -> None:
        application = {"AWX_CLIENT_ID": client_id, "AWX_CLIENT_SECRET": secret}
        ended = login(**application)
        assert ended.code == 0, ended.err
        assert f"logged in to {awx.url} as admin, scope write" in ended.err
        assert kept.stat().st_mode & 0o777 == 0o600
        (token,) = tokens(awx)
        assert token.token not in ended.out + ended.err
        asked = next(path for path in paths(awx) if path.startswith("GET /api/o/authorize/"))
        assert "code_challenge_method=S256" in asked
        # The code was in the address that AWX led to, and is not in that where the browser stays.
        assert "code=" in history.read_text() or "/done" in history.read_text()
        assert history.read_text().splitlines()[-1].endswith("/done")

        told = main("token", "whoami", "-o", "json", AWX_PASSWORD="")
        assert json.loads(told.out)["method"] == "a kept login"
        assert main("--template", "9", AWX_PASSWORD="").code == 0
        assert tokens(awx) == [token]

        out = main("token", "logout", AWX_PASSWORD="", **application)
        assert out.code == 0, out.err
        assert tokens(awx) == []
        assert all(each.revoked for each in awx.awx.refresh_tokens.values())
        assert main("token", "whoami", AWX_PASSWORD="").code == 2

    def test_is_of_the_user_who_logs_in(self, main: RunMain, login: Callable[..., Ended]) -> None:
        ended = login("--client-id", "demo-public", "--scope", "read", user="operator")
        assert ended.code == 0, ended.err
        assert "as operator, scope read" in ended.err
        whoami = json.loads(main("token", "whoami", "-o", "json", AWX_PASSWORD="").out)
        assert (whoami["user"], whoami["scope"]) == ("operator", "read")
        refused = main("launch", "--template", "9", AWX_PASSWORD="")
        assert refused.code == 4
        assert "is of scope read, and this needs write" in refused.err

    def test_that_is_turned_down_ends_with_4(
        self, awx: DemoServer, login: Callable[..., Ended], kept: Path
    ) -> None:
        ended = login("--client-id", "demo-public", says="deny")
        assert ended.code == 4
        assert "turned down" in ended.err
        assert not tokens(awx)
        assert kept_tokens(kept) == []

    def test_takes_no_answer_to_another_question(
        self, awx: DemoServer, login: Callable[..., Ended]
    ) -> None:
        ended = login("--client-id", "demo-public", says="forge")
        assert ended.code == 0, ended.err
        assert "answer to another login" in ended.err
        assert len(tokens(awx)) == 1

    def test_is_not_disturbed_by_nonsense(self, login: Callable[..., Ended]) -> None:
        ended = login("--client-id", "demo-public", "-v", says="babble")
        assert ended.code == 0, ended.err
        assert "a visit of a browser came to nothing: ConnectionResetError" in ended.err
        assert "Exception" not in ended.err

    @pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
    def test_may_come_back_by_ipv6(self, awx: DemoServer, login: Callable[..., Ended]) -> None:
        (public,) = (each for each in awx.awx.all(Application) if each.client_id == "demo-public")
        public.redirect_uris = "http://[::1]/callback"
        ended = login("--client-id", "demo-public", "--redirect-uri", "http://[::1]:0/callback")
        assert ended.code == 0, ended.err
        assert len(tokens(awx)) == 1

    def test_that_nobody_makes_ends_in_time(self, login: Callable[..., Ended]) -> None:
        ended = login("--client-id", "demo-public", "--timeout", "1s", BROWSER="true")
        assert ended.code == 4
        assert "nobody logged in within 1 s" in ended.err

    def test_of_an_unknown_or_wrong_application_says_so(self, login: Callable[..., Ended]) -> None:
        wrong = login(AWX_CLIENT_ID="demo-code", AWX_CLIENT_SECRET="wrong-hunter22")
        assert wrong.code == 4
        assert "does not know application 'demo-code'" in wrong.err
        assert "wrong-hunter22" not in wrong.err

    def test_without_a_browser_takes_what_is_pasted(
        self, awx: DemoServer, environment: dict[str, str], history: Path, tmp_path: Path
    ) -> None:
        env = {**environment, "AWX_PASSWORD": "", "AWX_CLIENT_ID": "demo-public"}
        command = [sys.executable, str(ROOT / "main.py"), "token", "login", "--no-browser"]
        with subprocess.Popen(
            command, env=env, stdin=-1, stdout=-1, stderr=-1, text=True, cwd=tmp_path
        ) as process:
            assert process.stderr
            lines = iter(process.stderr.readline, "")
            address = next(line for line in lines if "/api/o/authorize/" in line).strip()
            # Nothing listens where AWX sends the browser: what it shows is in its address bar.
            person = {"BROWSER_SAYS": "allow", "BROWSER_USER": "admin",
                      "BROWSER_PASSWORD": PASSWORD, "BROWSER_HISTORY": str(history)}  # fmt: skip
            subprocess.run(
                [sys.executable, BROWSER, address], env={**os.environ, **person}, check=False,
                capture_output=True, timeout=LONGEST_S,
            )  # fmt: skip
            code = next(iter(awx.awx.codes))
            state = address.partition("state=")[2].partition("&")[0]
            landed = f"http://127.0.0.1:8060/callback?code={code}&state={state}\n"
            _, err = process.communicate(landed, timeout=LONGEST_S)
        assert process.returncode == 0, err
        assert "as admin, scope write" in err
        assert len(tokens(awx)) == 1


class TestALoginWithAPassword:
    def test_keeps_a_personal_token(self, awx: DemoServer, main: RunMain, kept: Path) -> None:
        assert main("token", "login").code == 0
        (token,) = tokens(awx)  # the one to make it with is given back
        assert token.token in kept.read_text()
        assert main("check", "--template", "9", AWX_PASSWORD="").code == 0
        assert main("token", "logout", AWX_PASSWORD="").code == 0
        assert tokens(awx) == []
        assert token.token not in kept.read_text()

    def test_by_an_application_can_be_refreshed(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        application = {"AWX_CLIENT_ID": "demo-password", "AWX_CLIENT_SECRET": SECRET}
        assert main("token", "login", "--auth", "password", **application).code == 0
        (first,) = tokens(awx)
        awx.awx.expire_tokens()
        again = main("token", "whoami", AWX_PASSWORD="", **application)
        assert again.code == 0, again.err
        (second,) = (each for each in tokens(awx) if each.token != first.token)
        assert second.token in kept.read_text()
        assert first.token not in kept.read_text()

    def test_of_each_host_and_user_is_its_own(self, awx: DemoServer, main: RunMain) -> None:
        operator = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
        assert main("token", "login").code == 0
        assert main("token", "login", **operator).code == 0
        last = main("token", "whoami", "-o", "json", "--jq", ".user", AWX_PASSWORD="")
        assert last.out == "operator\n"
        named = main("token", "whoami", "--jq", ".user", "--username", "admin", AWX_PASSWORD="")
        assert named.out == "admin\n"
        other = main("history", "--host", f"{awx.url}/elsewhere", AWX_PASSWORD="")
        assert other.code == 2

    def test_is_in_the_keyring_where_there_is_one(
        self, awx: DemoServer, main: RunMain, kept: Path, tmp_path: Path
    ) -> None:
        ring = {
            "PYTHON_KEYRING_BACKEND": "tests.e2e.keyring_of_tests.Keyring",
            "KEYRING_OF_TESTS": str(tmp_path / "ring.json"),
            "PYTHONPATH": str(ROOT),
        }
        told = main("token", "login", **ring)
        assert "kept in the system's keyring" in told.err
        (token,) = tokens(awx)
        assert token.token not in kept.read_text()
        assert main("token", "whoami", AWX_PASSWORD="", **ring).code == 0
        locked = main("token", "whoami", AWX_PASSWORD="")
        assert locked.code == 2
        assert "keyring does not give the token" in locked.err
        assert main("token", "logout", AWX_PASSWORD="", **ring).code == 0
        assert token.token not in (tmp_path / "ring.json").read_text()
        assert tokens(awx) == []

    def test_can_be_had_anew_where_the_keyring_is_lost(
        self, awx: DemoServer, main: RunMain, kept: Path, tmp_path: Path
    ) -> None:
        ring = {
            "PYTHON_KEYRING_BACKEND": "tests.e2e.keyring_of_tests.Keyring",
            "KEYRING_OF_TESTS": str(tmp_path / "ring.json"),
            "PYTHONPATH": str(ROOT),
        }
        assert main("token", "login", **ring).code == 0
        (lost,) = tokens(awx)
        again = main("token", "login")
        assert again.code == 0, again.err
        assert "goes on in AWX" in again.err
        (new,) = (each.token for each in tokens(awx) if each is not lost)
        assert new in kept.read_text()
        assert main("token", "whoami", AWX_PASSWORD="").code == 0


class TestAKeptLogin:
    @pytest.fixture
    def application(self, main: RunMain) -> dict[str, str]:
        env = {"AWX_CLIENT_ID": "demo-password", "AWX_CLIENT_SECRET": SECRET}
        assert main("token", "login", "--auth", "password", **env).code == 0
        return {**env, "AWX_PASSWORD": ""}

    def test_that_ends_in_mid_run_is_refreshed_and_no_line_is_lost(
        self,
        awx: DemoServer,
        environment: dict[str, str],
        application: dict[str, str],
        tmp_path: Path,
        kept: Path,
    ) -> None:
        keep_busy(awx)
        with following(environment | application, tmp_path) as run:
            awx.awx.expire_tokens()
            let_end(awx)
            out, err = run.communicate(timeout=LONGEST_S)
        assert run.returncode == 0, err
        (log,) = (tmp_path / "logs" / "jobs").glob("*.txt")
        assert out == log.read_text()
        assert out.count("PLAY RECAP") == 1
        valid = [each for each in tokens(awx) if each.expires > awx.awx.now()]
        assert len(valid) == 1
        assert valid[0].token in kept.read_text()

    def test_is_refreshed_once_by_two_processes(
        self,
        awx: DemoServer,
        environment: dict[str, str],
        application: dict[str, str],
    ) -> None:
        awx.awx.expire_tokens()
        command = [sys.executable, str(ROOT / "main.py"), "token", "whoami"]
        env = environment | application
        both = [subprocess.Popen(command, env=env, stdout=-3, stderr=-1) for _ in range(2)]
        for each in both:
            _, err = each.communicate(timeout=LONGEST_S)
            assert each.returncode == 0, err
        grants = [line for line in paths(awx) if line == "POST /api/o/token/"]
        assert len(grants) == 2  # that of the login, and one for both

    def test_that_cannot_be_refreshed_says_what_to_do(
        self, awx: DemoServer, main: RunMain, application: dict[str, str]
    ) -> None:
        awx.awx.expire_tokens()
        awx.awx.refresh_life_s = 0.0
        ended = main("check", "--template", "9", **application)
        assert ended.code == 4
        assert "token login" in ended.out

    def test_is_refreshed_though_the_answer_is_a_502(
        self, awx: DemoServer, main: RunMain, application: dict[str, str]
    ) -> None:
        awx.awx.expire_tokens()
        awx.faults.add(Fault("status", "POST", "/o/token/", 1, code=502))
        ended = main("check", "--template", "9", **application)
        assert ended.code == 0, ended.out

    def test_that_was_forgotten_meanwhile_is_not_brought_back(
        self,
        awx: DemoServer,
        environment: dict[str, str],
        main: RunMain,
        application: dict[str, str],
        tmp_path: Path,
        kept: Path,
    ) -> None:
        keep_busy(awx)
        with following(environment | application, tmp_path) as run:
            assert main("token", "logout", "--local").code == 0
            awx.awx.expire_tokens()
            let_end(awx)
            _, err = run.communicate(timeout=LONGEST_S)
        assert run.returncode == 0, err
        assert kept_tokens(kept) == []
        assert [each for each in awx.awx.refresh_tokens.values() if not each.revoked] == []

    def test_of_another_user_stays_where_it_is_when_it_is_refreshed(
        self, awx: DemoServer, main: RunMain, application: dict[str, str]
    ) -> None:
        env = {**application, "AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
        assert main("token", "login", "--auth", "password", **env).code == 0
        awx.awx.expire_tokens()
        asked = ("token", "whoami", "--jq", ".user")
        assert main(*asked, "--username", "admin", **application).out == "admin\n"
        assert main(*asked, **application).out == "operator\n"

    def test_held_by_another_process_is_waited_for_no_longer_than_the_run_may_take(
        self,
        awx: DemoServer,
        main: RunMain,
        application: dict[str, str],
        kept: Path,
    ) -> None:
        awx.awx.expire_tokens()
        with kept.with_suffix(".lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            ended = main("--template", "9", "--timeout", "1s", **application)
        assert ended.code == 7, ended.err

    def test_is_not_used_for_what_it_is_not_for(self, main: RunMain, awx: DemoServer) -> None:
        assert main("token", "login", "--scope", "read").code == 0
        ended = main("--template", "9", AWX_PASSWORD="")
        assert ended.code == 4
        assert "[2/10] token" in ended.err
        assert "is of scope read, and this needs write" in ended.err
        assert "nothing was launched" in ended.err
        assert awx.awx.requests[-1][0] == "GET"

    def test_is_told_of_where_another_one_is_asked_for(
        self, awx: DemoServer, main: RunMain, application: dict[str, str]
    ) -> None:
        env = {**application, "AWX_USERNAME": "bob"}
        ended = main("history", "--auth", "authorization-code", **env)
        assert ended.code == 2
        assert f"there is admin at {awx.url}" in ended.err

    def test_is_found_however_its_address_is_written(
        self, awx: DemoServer, main: RunMain, application: dict[str, str]
    ) -> None:
        host = awx.url.replace("http://", "HTTP://") + "/"
        assert main("token", "whoami", "--host", host, **application).code == 0

    def test_of_a_file_that_is_broken_is_told(self, main: RunMain, kept: Path) -> None:
        kept.parent.mkdir(parents=True)
        kept.write_text("{")
        kept.chmod(0o600)
        ended = main("token", "whoami", AWX_PASSWORD="")
        assert ended.code == 2
        assert "move it away and log in again" in ended.err


def following(environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    """Start a run of many lines and return it once it shows the first of them."""
    before = len(list((folder / "logs/runs").glob("*.json")))
    command = [sys.executable, str(ROOT / "main.py"), "--template", "Long migration"]
    run = subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True, cwd=folder)
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        found = [json.loads(each.read_text()) for each in (folder / "logs/runs").glob("*.json")]
        if sum(each.get("state") == "launched" for each in found) > before:
            return run
        time.sleep(0.02)
    raise AssertionError("it did not begin")


def kept_tokens(kept: Path) -> list[str]:
    return [row["token"] for row in json.loads(kept.read_text())["logins"]]


class TestNothingIsLeftBehind:
    """What lasts is kept, or it is ended again."""

    APPLICATION: ClassVar = {"AWX_CLIENT_ID": "demo-password", "AWX_CLIENT_SECRET": SECRET}

    @pytest.mark.parametrize("args", [("login",), ("create",)], ids=str)
    def test_where_it_cannot_be_kept_none_is_made(
        self, awx: DemoServer, main: RunMain, args: tuple[str, ...]
    ) -> None:
        ended = main("token", *args, XDG_CONFIG_HOME="/proc/none")
        assert ended.code == 2
        assert "cannot write /proc/none" in ended.err
        assert awx.awx.requests == []

    def test_where_it_cannot_be_printed_it_is_ended(
        self, awx: DemoServer, environment: dict[str, str]
    ) -> None:
        command = [sys.executable, str(ROOT / "main.py"), "token", "create", "--print"]
        with Path("/dev/full").open("wb") as full:
            ended = subprocess.run(command, env=environment, stdout=full, stderr=-1, check=False)
        assert ended.returncode == 2
        assert tokens(awx) == []

    @pytest.mark.parametrize("auth", ["password", "personal"])
    def test_where_awx_does_not_say_whose_it_is_it_is_ended(
        self, awx: DemoServer, main: RunMain, kept: Path, auth: str
    ) -> None:
        awx.faults.add(Fault("status", "GET", "/me/", None, code=403))
        assert main("token", "login", "--auth", auth, **self.APPLICATION).code == 4
        assert tokens(awx) == []
        assert [each for each in awx.awx.refresh_tokens.values() if not each.revoked] == []
        assert kept_tokens(kept) == []

    @pytest.mark.parametrize("command", ["create", "login"])
    def test_a_signal_while_it_is_made_waits_until_it_is_kept(
        self, awx: DemoServer, environment: dict[str, str], kept: Path, command: str
    ) -> None:
        path = r"/tokens/$" if command == "create" else "/me/"
        awx.faults.add(Fault("stall", "*", path, 1, 1 if command == "create" else 0, seconds=1.0))
        env = environment | (self.APPLICATION if command == "login" else {})
        auth = ["--auth", "password"] if command == "login" else []
        line = [sys.executable, str(ROOT / "main.py"), "token", command, *auth]
        with subprocess.Popen(line, env=env, stdout=-1, stderr=-1) as process:
            deadline = time.monotonic() + LONGEST_S
            while len(tokens(awx)) < (2 if command == "create" else 1):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=LONGEST_S)
        assert process.returncode == 143
        assert [each.token for each in tokens(awx)] == kept_tokens(kept)

    def test_a_login_takes_the_place_of_the_last_one(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        assert main("token", "login", "--auth", "password", **self.APPLICATION).code == 0
        again = main("token", "create", **self.APPLICATION)
        assert again.code == 0, again.err
        assert "takes the place of is ended" in again.err
        assert [each.token for each in tokens(awx)] == kept_tokens(kept)
        assert all(each.revoked for each in awx.awx.refresh_tokens.values())

    def test_one_that_may_only_read_is_ended_with_the_password(
        self, awx: DemoServer, main: RunMain
    ) -> None:
        assert main("token", "login", "--scope", "read").code == 0
        without = main("token", "logout", AWX_PASSWORD="")
        assert without.code == 4
        assert "may not end itself" in without.err
        assert "--local forgets it here only" in without.err
        assert main("token", "logout").code == 0
        assert tokens(awx) == []

    def test_a_given_token_is_kept_and_not_ended(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        given = awx.awx.new_token(awx.awx.get(User, 1), "write", "mine")
        login = main("token", "login", "--token-file", "-", stdin=f"{given.token}\n")
        assert login.code == 0, login.err
        assert kept_tokens(kept) == [given.token]
        assert "goes on in AWX" in main("token", "logout", AWX_PASSWORD="").err
        assert tokens(awx) == [given]


class TestCreate:
    def test_prints_a_token_for_a_pipeline_and_keeps_nothing(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        made = main("token", "create", "--print", "--scope", "read", "--description", "for CI")
        (token,) = tokens(awx)
        assert made.out == f"{token.token}\n"
        assert (token.scope, token.description) == ("read", "for CI")
        assert not kept.exists()

    def test_for_an_application_has_a_refresh_token(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        made = main("token", "create", "--application", "Demo password", "-o", "json")
        assert made.code == 0, made.err
        document = json.loads(made.out)
        (token,) = tokens(awx)
        assert document["id"] == token.id
        assert document["application"] == "demo-password"
        assert token.token not in made.out + made.err
        assert token.refresh_token
        assert token.refresh_token.token in kept.read_text()

    def test_for_an_application_and_printed_shows_the_refresh_token(
        self, awx: DemoServer, main: RunMain, kept: Path
    ) -> None:
        args = ("--application", "Demo password", "--print", "-o", "json")
        document = json.loads(main("token", "create", *args).out)
        (token,) = tokens(awx)
        assert token.refresh_token
        assert document["refresh_token"] == token.refresh_token.token
        assert not kept.exists()

    def test_for_a_user_from_ldap_is_refused_in_awx_s_words(
        self, awx: DemoServer, main: RunMain
    ) -> None:
        awx.awx.get(User, 1).external = "ldap"
        ended = main("token", "create")
        assert ended.code == 4
        assert "associated with an external authentication provider" in ended.err


class TestRevoke:
    def test_ends_those_that_are_named(self, awx: DemoServer, main: RunMain) -> None:
        admin = awx.awx.get(User, 1)
        first, second = (awx.awx.new_token(admin, "write", name) for name in ("a", "b"))
        ended = main("token", "revoke", str(first.id), "999")
        assert ended.code == 10
        assert "AWX has no token 999" in ended.err
        assert tokens(awx) == [second]

    @pytest.mark.parametrize(("status", "code"), [(403, 4), (401, 4), (400, 10)])
    def test_goes_on_after_one_that_it_cannot_end(
        self, awx: DemoServer, main: RunMain, status: int, code: int
    ) -> None:
        admin = awx.awx.get(User, 1)
        made = [awx.awx.new_token(admin, "write", name) for name in ("a", "b", "c")]
        first, second, third = (each.id for each in made)
        awx.faults.add(
            Fault(
                "status", "DELETE", f"/tokens/{second}/", code=status, times=None,
                body='{"detail": "Not this one."}', content_type="application/json",
            )
        )  # fmt: skip
        ended = main("token", "revoke", str(first), str(second), "999", str(third))
        assert ended.code == code, ended.err
        assert f"token {second} is not ended: " in ended.err
        assert "Not this one." in ended.err
        assert "AWX has no token 999" in ended.err
        assert tokens(awx) == [made[1]]

    def test_ends_the_token_that_it_asks_with_last(self, awx: DemoServer, main: RunMain) -> None:
        admin = awx.awx.get(User, 1)
        own, other = (awx.awx.new_token(admin, "write", name) for name in ("own", "other"))
        given = {"AWX_TOKEN": own.token, "AWX_PASSWORD": ""}
        ended = main("token", "revoke", str(own.id), str(other.id), **given)
        assert ended.code == 0, ended.err
        assert tokens(awx) == []
        assert ended.err.index(f"token {other.id} is ended") < ended.err.index(f"token {own.id} is")

    @pytest.mark.parametrize("args", [(), ("5", "--ours"), ("abc",)])
    def test_takes_ids_or_ours(self, awx: DemoServer, main: RunMain, args: tuple[str, ...]) -> None:
        assert main("token", "revoke", *args).code == 2
        assert awx.awx.requests == []

    def test_of_ours_ends_what_killed_runs_left_and_nothing_else(
        self, awx: DemoServer, main: RunMain, environment: dict[str, str], tmp_path: Path
    ) -> None:
        admin = awx.awx.get(User, 1)
        other = awx.awx.new_token(admin, "write", "somebody's own")
        alike = awx.awx.new_token(admin, "write", "ansible-automation-api of mine")
        keep_busy(awx)
        with following(environment, tmp_path) as killed:
            killed.send_signal(signal.SIGKILL)
        with following(environment, tmp_path) as alive:
            nobody = main("token", "revoke", "--ours")
            assert nobody.code == 2
            assert "pass --yes" in nobody.err
            assert len(tokens(awx)) == 4
            ended = main("token", "revoke", "--ours", "--yes")
            alive.send_signal(signal.SIGTERM)
            alive.communicate(timeout=LONGEST_S)
        assert ended.code == 0, ended.err
        assert tokens(awx) == [other, alike]
        assert "left no token behind" in main("token", "revoke", "--ours").err


def test_list_shows_the_own_tokens_or_all(awx: DemoServer, main: RunMain) -> None:
    awx.awx.new_token(awx.awx.get(User, 1), "read", "mine")
    awx.awx.new_token(awx.awx.get(User, 2), "write", "theirs")
    own = main("token", "list")
    assert "mine" in own.out
    assert "theirs" not in own.out
    every = json.loads(main("token", "list", "--all-users", "-o", "json").out)
    assert {"mine", "theirs"} <= {row["description"] for row in every}


def test_whoami_tells_of_a_given_token_what_awx_knows(awx: DemoServer, main: RunMain) -> None:
    admin = awx.awx.get(User, 1)
    awx.awx.access_life_s = 3600.0
    token = awx.awx.new_token(admin, "read", "given")
    other = awx.awx.new_token(admin, "write", "of another program")
    awx.awx.user_of(other.token)
    told = json.loads(main("token", "whoami", "-o", "json", AWX_TOKEN=token.token).out)
    assert told["scope"] == "read"
    assert told["source"] == "AWX_TOKEN"
    assert told["ends"].startswith(time.strftime("%Y-%m-%dT", time.gmtime(token.expires)))


@pytest.mark.parametrize("flag", ["--password-file", "--token-file"])
def test_a_secret_from_closed_standard_input_is_told(
    environment: dict[str, str], flag: str
) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "token", "whoami", flag, "-"]
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    ended = subprocess.run(
        closed, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    assert ended.returncode == 2, ended.stderr
    assert f"{flag}: it takes standard input, and that is closed" in ended.stderr


READS = (
    "check --template 9", "history", "logs 542", "watch 542", "token whoami", "token list",
    "logs 999", "watch 999", "check --template none", "history --template none",
)  # fmt: skip
WRITES = (
    "launch --template 9", "launch --template 999", "run --template 9", "run --template none",
    "relaunch 999", "cancel 542 --yes", "cancel 999 --yes", "token create --print",
    "token revoke 999", "token revoke --ours",
)  # fmt: skip


@pytest.mark.parametrize("scope", ["read", "write"])
def test_no_command_has_a_token_of_more_scope_than_it_needs_nor_leaves_it(
    awx: DemoServer, main: RunMain, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str]] = []
    make = awx.awx.new_token

    def noting(user: User, scope: str, description: str, **more: Application | None) -> Token:
        made.append((scope, description))
        return make(user, scope, description, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(awx.awx, "new_token", noting)
    for command in READS if scope == "read" else WRITES:
        made.clear()
        main(*command.split())
        (first, *lasting) = made
        assert (first[0], "revoked at the end" in first[1]) == (scope, True), command
        assert len(tokens(awx)) == len(lasting) == ("create" in command), command
        awx.awx.tokens.clear()


def test_check_says_no_go_with_a_token_that_may_only_read(awx: DemoServer, main: RunMain) -> None:
    token = awx.awx.new_token(awx.awx.get(User, 1), "read", "")
    ended = main("check", "--template", "9", AWX_TOKEN=token.token)
    assert ended.code == 4
    assert ended.out.endswith("no go\n")
    assert "is of scope read, and this needs write" in ended.out


def test_a_run_with_a_token_that_may_only_read_ends_before_anything_is_left_out(
    awx: DemoServer, main: RunMain
) -> None:
    token = awx.awx.new_token(awx.awx.get(User, 1), "read", "")
    ended = main("run", "--template", "9", AWX_TOKEN=token.token)
    assert ended.code == 4
    assert "[6/10] project sync: a given token (from AWX_TOKEN) is of scope read" in ended.err
    assert "skipped" not in ended.err


def test_what_is_passed_goes_before_what_is_set_or_kept(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    token = awx.awx.new_token(awx.awx.get(User, 2), "write", "").token
    asked = ("token", "whoami", "--jq", ".user")
    passed = main(*asked, "--password-file", str(file), AWX_TOKEN=token, AWX_PASSWORD="")
    assert passed.out == "admin\n"
    assert main("token", "login").code == 0
    other = main(*asked, "--client-id", "demo-password", AWX_CLIENT_SECRET=SECRET, AWX_PASSWORD="")
    assert other.code == 4  # AWX has no client credentials, and it was asked for these
    assert "client credentials" in other.err


def test_whom_awx_takes_us_for_is_told_where_it_is_not_who_was_named(
    awx: DemoServer, main: RunMain
) -> None:
    token = awx.awx.new_token(awx.awx.get(User, 2), "write", "").token
    ended = main("token", "whoami", "--username", "admin", AWX_TOKEN=token)
    assert ended.code == 0
    assert "AWX takes us for operator, by a given token, not for --username admin" in ended.err


def test_an_application_that_is_not_used_is_told(awx: DemoServer, main: RunMain) -> None:
    ended = main("token", "whoami", "--client-id", "demo-public")
    assert ended.code == 0
    assert "not a token of application demo-public" in ended.err
    assert "by     a token made for this run" in ended.out
    assert awx.awx.tokens == {}
    refused = main("token", "whoami", "--client-id", "demo-public", "--auth", "password")
    assert (refused.code, refused.err.count("may not use the password grant")) == (4, 1)


def test_the_help_of_a_command_of_two_words(main: RunMain) -> None:
    assert main("token", "--help").out.startswith("usage: python main.py token VERB")
    helped = main("help", "token", "login")
    assert helped.out == main("token", "login", "--help").out
    assert "is 'token login' meant?" in main("login").err
    assert "token takes one of login, create, list" in main("token").err
