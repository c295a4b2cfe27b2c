from __future__ import annotations

import base64
import io
import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest
import requests

import auth
from tests.rows import page
from utils import signals
from utils.awx_client import Client
from utils.errors import BadAnswer, ExitCode, Refused, Unreachable, UsageError
from utils.journal import Journal
from utils.results import Results
from utils.signing_in.personal_token import DESCRIPTION
from utils.signing_in.who import User

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx

    Make = Callable[..., Settings]

WITH_PASSWORD = {"AWX_USERNAME": "ann", "AWX_PASSWORD": "s3cret"}
TOKEN = {
    "id": 5, "type": "o_auth2_access_token", "url": "/api/v2/tokens/5/", "token": "made-t0ken",
    "refresh_token": None, "application": None, "scope": "write",
}  # fmt: skip
ME = page({"id": 1, "type": "user", "username": "ann"})


def authorization(awx: FakeAwx) -> list[str]:
    """Return the kind of credentials of each request."""
    return [each.headers.get("Authorization", "none").partition(" ")[0] for each in awx.requests]


class TestAGivenToken:
    def test_is_used_as_it_is_and_not_revoked(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.get("me/", ME)
        with Results() as done:
            user = auth.obtain(client, settings({"AWX_TOKEN": "given", **WITH_PASSWORD}), done)
        assert user == User(1, "ann", "a given token")
        assert awx.sent == ["GET me/"]
        assert awx.requests[0].headers["Authorization"] == "Bearer given"

    @pytest.mark.parametrize("status", [401, 403])
    def test_that_awx_refuses_names_its_source(
        self, client: Client, settings: Make, awx: FakeAwx, status: int
    ) -> None:
        awx.refuse("GET", "me/", status, "Authentication credentials were not provided.")
        told = r"a given token \(from TOWER_OAUTH_TOKEN\).*credentials were not provided"
        with Results() as done, pytest.raises(Refused, match=told) as error:
            auth.obtain(client, settings({"TOWER_OAUTH_TOKEN": "given"}), done)
        assert "given " not in str(error.value).replace("a given token", "")

    def test_of_nobody_makes_no_sense(self, client: Client, settings: Make, awx: FakeAwx) -> None:
        awx.get("me/", page())
        with Results() as done, pytest.raises(BadAnswer, match="who we are"):
            auth.obtain(client, settings({"AWX_TOKEN": "given"}), done)


class TestATokenForTheRun:
    @pytest.fixture(autouse=True)
    def _made(self, awx: FakeAwx) -> None:
        awx.post("tokens/", TOKEN, 201)

    def test_is_made_used_and_given_back(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.get("me/", ME)
        awx.on("DELETE", "tokens/5/", status=204)
        with Results() as done:
            user = auth.obtain(client, settings(WITH_PASSWORD), done)
            assert user == User(1, "ann", "a token made for this run")
        assert awx.sent == ["POST tokens/", "GET me/", "DELETE tokens/5/"]
        assert authorization(awx) == ["Basic", "Bearer", "Bearer"]
        body = awx.body_of("POST", "tokens/")
        assert body.pop("scope") == "write"
        before, _, after = DESCRIPTION.partition("{}")
        assert re.fullmatch(f"{before}[0-9a-f]{{8}}{after}", body.pop("description"))
        assert not body

    @pytest.mark.parametrize(
        "trouble", [RuntimeError("defect"), Refused("no"), signals.Interrupted(signal.SIGTERM)]
    )
    def test_is_given_back_on_every_way_out(
        self, client: Client, settings: Make, awx: FakeAwx, trouble: BaseException
    ) -> None:
        awx.get("me/", ME)
        awx.on("DELETE", "tokens/5/", status=204)

        def run() -> None:
            with Results() as done:
                auth.obtain(client, settings(WITH_PASSWORD), done)
                raise trouble

        with pytest.raises(type(trouble)):
            run()
        assert awx.sent[-1] == "DELETE tokens/5/"

    def test_is_given_back_where_who_we_are_is_not_told(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.refuse("GET", "me/", 403)
        awx.on("DELETE", "tokens/5/", status=204)
        with pytest.raises(Refused), Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert awx.sent[-1] == "DELETE tokens/5/"

    @pytest.mark.parametrize(("status", "warned"), [(404, False), (401, True), (500, True)])
    def test_that_cannot_be_given_back_does_not_fail_the_run(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
        status: int,
        warned: bool,
    ) -> None:
        awx.get("me/", ME)
        awx.refuse("DELETE", "tokens/5/", status)
        with Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert ("token 5 is left behind" in caplog.text) is warned

    def test_that_was_revoked_by_somebody_else_is_looked_for_with_the_password(
        self, client: Client, settings: Make, awx: FakeAwx, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get("me/", ME)
        awx.refuse("DELETE", "tokens/5/", 401)
        awx.refuse("DELETE", "tokens/5/", 404)
        with Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert authorization(awx)[-2:] == ["Bearer", "Basic"]
        assert "left behind" not in caplog.text

    def test_is_in_no_log(
        self, client: Client, settings: Make, awx: FakeAwx, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get("me/", ME)
        awx.on("DELETE", "tokens/5/", status=204)
        with Results() as done:
            user = auth.obtain(client, settings(WITH_PASSWORD), done)
        for secret in ("made-t0ken", "s3cret"):
            assert secret not in caplog.text + repr(user) + repr(client)


@pytest.mark.usefixtures("default_signals")
def test_an_interrupt_while_the_token_is_made_waits_until_it_is_known(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    def interrupted(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(signal.SIGTERM)
        return 201, {}, '{"id": 5, "token": "made-t0ken"}'

    awx.mock.add_callback("POST", "http://awx.test/api/v2/tokens/", interrupted)
    awx.on("DELETE", "tokens/5/", status=204)
    signals.install()
    with pytest.raises(signals.Interrupted), Results() as done:
        auth.obtain(client, settings(WITH_PASSWORD), done)
    assert awx.sent == ["POST tokens/", "DELETE tokens/5/"]


class TestALostAnswer:
    """The token may have been made, though nobody knows its id."""

    LOST = page({"id": 4}, {"id": 5})

    @pytest.mark.parametrize("status", [502, 500, 200])
    def test_is_asked_for_again_and_the_lost_token_is_revoked_at_the_end(
        self, client: Client, settings: Make, awx: FakeAwx, status: int
    ) -> None:
        awx.get("ping/", {})
        client.get("ping/")
        awx.post("tokens/", "<html>Sorry</html>", status)
        awx.post("tokens/", TOKEN, 201)
        awx.get("me/", ME)
        awx.get("tokens/", self.LOST)
        for each in (4, 5):
            awx.on("DELETE", f"tokens/{each}/", status=204)
        with Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert awx.sent[1:] == [
            "POST tokens/", "POST tokens/", "GET me/",
            "GET tokens/", "DELETE tokens/4/", "DELETE tokens/5/",
        ]  # fmt: skip
        (query,) = awx.queries("tokens/")[-1:]
        assert query["description"] == awx.body_of("POST", "tokens/")["description"]

    def test_is_revoked_too_where_that_run_was_killed_and_is_gone_on_with(
        self, client: Client, settings: Make, awx: FakeAwx, tmp_path: Path
    ) -> None:
        awx.post("tokens/", TOKEN, 201)
        awx.get("me/", ME)
        awx.get("tokens/", self.LOST)
        for each in (4, 5):
            awx.on("DELETE", f"tokens/{each}/", status=204)
        killed = Journal(tmp_path)
        killed.note(state="launched")
        killed.unlock()
        with Results() as done:
            done.add(Journal.opened(tmp_path, killed.run_id))
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert awx.sent[2:] == ["GET tokens/", "DELETE tokens/4/", "DELETE tokens/5/"]
        (query,) = awx.queries("tokens/")[-1:]
        assert query["description"] == DESCRIPTION.format(killed.run_id)

    def test_that_never_comes_leaves_none_behind_either(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.post("tokens/", requests.ReadTimeout("read timed out"))
        awx.get("tokens/", page({"id": 4}))
        awx.on("DELETE", "tokens/4/", status=204)
        with pytest.raises(Unreachable), Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
        assert authorization(awx)[-2:] == ["Basic", "Basic"]


class TestATokenThatEndsBeforeTheRun:
    @pytest.fixture(autouse=True)
    def _ends(self, awx: FakeAwx) -> None:
        awx.get("me/", ME)
        awx.refuse("GET", "jobs/5/", 401)
        awx.get("jobs/5/", {"id": 5})

    def test_is_replaced_by_another(self, client: Client, settings: Make, awx: FakeAwx) -> None:
        awx.post("tokens/", TOKEN, 201)
        awx.post("tokens/", {**TOKEN, "id": 6, "token": "t6"}, 201)
        for each in (5, 6):
            awx.on("DELETE", f"tokens/{each}/", status=204)
        with Results() as done:
            auth.obtain(client, settings(WITH_PASSWORD), done)
            assert client.get("jobs/5/").integer("id") == 5
        assert awx.requests[4].headers["Authorization"] == "Bearer t6"
        assert awx.sent[2:] == [
            "GET jobs/5/", "POST tokens/", "GET jobs/5/", "DELETE tokens/5/", "DELETE tokens/6/",
        ]  # fmt: skip

    def test_is_replaced_also_where_it_was_given(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.post("tokens/", TOKEN, 201)
        awx.on("DELETE", "tokens/5/", status=204)
        with Results() as done:
            auth.obtain(client, settings({"AWX_TOKEN": "given", **WITH_PASSWORD}), done)
            assert client.get("jobs/5/").integer("id") == 5
        assert awx.sent == ["GET me/", "GET jobs/5/", "POST tokens/", "GET me/", "GET jobs/5/",
                            "DELETE tokens/5/"]  # fmt: skip


def test_a_given_token_is_not_replaced_by_that_of_another_user(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    awx.get("me/", page({"id": 1, "username": "ann"}))
    awx.get("me/", page({"id": 2, "username": "bob"}))
    awx.refuse("GET", "jobs/5/", 401)
    awx.post("tokens/", TOKEN, 201)
    awx.on("DELETE", "tokens/5/", status=204)
    with Results() as done:
        auth.obtain(client, settings({"AWX_TOKEN": "given", **WITH_PASSWORD}), done)
        with pytest.raises(Refused, match=r"of ann is not valid any more.*another user, bob"):
            client.get("jobs/5/")


def test_a_wrong_password_names_the_user_and_its_source(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    awx.refuse("POST", "tokens/", 401, "Authentication credentials were not provided.")
    told = r"refuses user 'ann' or the password \(from AWX_PASSWORD\)"
    with pytest.raises(Refused, match=told) as error:
        auth.obtain(client, settings(WITH_PASSWORD), done)
    assert "s3cret" not in str(error.value)
    assert len(awx.sent) == 1


class TestAtThePrompt:
    @pytest.fixture
    def typing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], str]], list[str]]:
        """Let somebody at a terminal answer; the list is what was asked."""
        asked: list[str] = []

        def sit_down(answer: Callable[[], str]) -> list[str]:
            def prompted(prompt: str) -> str:
                asked.append(prompt)
                return answer()

            stdin = io.StringIO()
            monkeypatch.setattr(stdin, "isatty", lambda: True)
            monkeypatch.setattr(sys, "stdin", stdin)
            monkeypatch.setattr("getpass.getpass", prompted)
            return asked

        return sit_down

    def test_a_password_is_asked_for_by_name(
        self, client: Client, settings: Make, awx: FakeAwx, typing: Callable[..., list[str]]
    ) -> None:
        awx.post("tokens/", TOKEN, 201)
        awx.get("me/", ME)
        awx.on("DELETE", "tokens/5/", status=204)
        asked = typing(lambda: "s3cret")
        with Results() as done:
            auth.obtain(client, settings({"AWX_USERNAME": "ann"}), done)
        assert asked == ["Password of ann at http://awx.test: "]
        basic = base64.b64encode(b"ann:s3cret").decode()
        assert awx.requests[0].headers["Authorization"] == f"Basic {basic}"

    def test_a_wrong_one_is_told_as_typed(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        done: Results,
        typing: Callable[..., list[str]],
    ) -> None:
        awx.refuse("POST", "tokens/", 401)
        typing(lambda: "s3cret")
        told = r"^AWX refuses user 'ann' or the password \(as typed\); .*Basic switched off"
        with pytest.raises(Refused, match=told):
            auth.obtain(client, settings({"AWX_USERNAME": "ann"}), done)

    @pytest.mark.parametrize("end", ["nothing", "the end of the file"])
    def test_nothing_typed_sends_nothing(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        done: Results,
        typing: Callable[..., list[str]],
        end: str,
    ) -> None:
        def answer() -> str:
            if end == "nothing":
                return ""
            raise EOFError

        typing(answer)
        with pytest.raises(UsageError, match="no password was typed"):
            auth.obtain(client, settings(), done)
        assert awx.sent == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<html><title>404 Not Found</title></html>"),
        (200, b"<html>Welcome</html>"),
        (200, {"current_version": None}),
        (200, {"hello": "world"}),
        (403, {"detail": "Forbidden"}),
        (401, b""),
    ],
)
def test_a_wrong_host_is_unreachable_and_gets_no_password(
    settings: Make, awx: FakeAwx, done: Results, status: int, body: object
) -> None:
    awx.get("/api/", body, status)
    with pytest.raises(Unreachable, match="does not answer as AWX does") as error:
        auth.obtain(Client("http://awx.test"), settings(WITH_PASSWORD), done)
    assert error.value.exit_code == ExitCode.UNREACHABLE
    assert awx.sent == ["GET /api/"]
    assert authorization(awx) == ["none"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "OAuth2 Tokens cannot be created by users"), (404, "AWX has no tokens")],
)
def test_without_a_token_to_be_had_user_and_password_go_with_every_request_and_that_is_said(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    caplog: pytest.LogCaptureFixture,
    status: int,
    words: str,
) -> None:
    awx.refuse("POST", "tokens/", status, words)
    awx.get("me/", ME)
    if status == 404:
        # What no AWX has: neither tokens nor a page to log in at.
        awx.get("/api/", {"current_version": "/api/v2/"})
        awx.refuse("GET", "/api/login/", 404)
    user = auth.obtain(client, settings(WITH_PASSWORD), done)
    client.get("me/")
    assert user.method == "user and password"
    assert authorization(awx)[0] == "Basic"
    assert authorization(awx)[-2:] == ["Basic"] * 2
    warnings = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert len(warnings) == 2
    assert "the password can be read on its way" in warnings[0]
    assert words in warnings[1]


def test_no_password_and_nobody_to_ask_is_told_before_anything_is_sent(
    client: Client, settings: Make, awx: FakeAwx, done: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    with pytest.raises(UsageError, match="AWX_TOKEN and no AWX_PASSWORD"):
        auth.obtain(client, settings(), done)
    assert awx.sent == []


class TestATokenThatEndsBeforeItsJob:
    """It is warned of where nothing can be done about it, and where that is known."""

    def warned(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        env: dict[str, str],
        *rows: dict[str, object],
    ) -> str:
        awx.get("ping/", {}, headers={"Date": "Sun, 22 Nov 2026 10:00:00 GMT"})
        client.get("ping/")
        awx.get("me/", ME)
        with Results() as done:
            auth.obtain(client, settings({"AWX_TOKEN": "given", **env}), done)
            awx.get("/api/", {"current_version": "/api/v2/", "oauth2": "/api/o/"})
            awx.get("tokens/", page(*rows))
            auth.warn_if_it_ends(client, done, lambda: 600.0)
        (query,) = awx.queries("tokens/")[:1]
        assert query["last_used__gte"] == "2026-11-22T10:00:00+00:00"
        assert query["user__username"] == "ann"
        return "".join(each for each in self.caplog.messages if "before this job" in each)

    @pytest.fixture(autouse=True)
    def _caplog(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog

    def row(self, minutes: int) -> dict[str, object]:
        return {"id": 5, "scope": "write", "expires": f"2026-11-22T10:{minutes:02}:00Z"}

    def test_is_warned_of(self, client: Client, settings: Make, awx: FakeAwx) -> None:
        told = self.warned(client, settings, awx, {}, self.row(5))
        assert "a given token ends at" in told
        assert "AWX_PASSWORD" in told

    def test_but_not_where_it_outlasts_it(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        assert self.warned(client, settings, awx, {}, self.row(15)) == ""

    def test_nor_where_another_one_can_be_had(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        assert self.warned(client, settings, awx, WITH_PASSWORD, self.row(5)) == ""

    def test_nor_where_it_cannot_be_told_which_one_it_is(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        rows = (self.row(5), {**self.row(5), "id": 6})
        assert self.warned(client, settings, awx, {}, *rows) == ""
