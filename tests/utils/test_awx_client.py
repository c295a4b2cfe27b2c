from __future__ import annotations

import http.client
import json
import ssl
from base64 import b64encode
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import urllib3

from tests.fake_awx import HOST, FakeAwx, FakeTime, address
from utils.awx_client import Client
from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.trouble import RUNNING_S

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

FIRST_CONTACT = [0.5, 1.0, 0.5]
LATER = [0.5, 1.0, 2.0, 4.0, 8.0, 4.5]


def refused_connection() -> requests.ConnectionError:
    connection = urllib3.connection.HTTPConnection("awx.test")
    reason = urllib3.exceptions.NewConnectionError(connection, "[Errno 111] Connection refused")
    pool = urllib3.HTTPConnectionPool("awx.test")
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/", reason))


def reset_connection() -> requests.ConnectionError:
    reset = ConnectionResetError(104, "Connection reset by peer")
    return requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", reset))


def tls_error(words: str) -> requests.exceptions.SSLError:
    return requests.exceptions.SSLError(f"Max retries exceeded (Caused by SSLError({words}))")


def proxy_error(problem: Exception) -> requests.exceptions.ProxyError:
    """Return what requests makes of a problem on a connection through a proxy."""
    wrapped = urllib3.exceptions.ProxyError("Unable to connect to proxy", problem)
    pool = urllib3.HTTPConnectionPool("awx.test")
    return requests.exceptions.ProxyError(urllib3.exceptions.MaxRetryError(pool, "/", wrapped))


@pytest.fixture
def known(client: Client, awx: FakeAwx) -> Client:
    """Return a client that AWX has answered before."""
    awx.get("ping/", {})
    client.get("ping/")
    awx.mock.calls.reset()
    return client


class TestDiscovery:
    @pytest.mark.parametrize("version", ["/api/v2/", "api/v2"])
    def test_plain_awx(self, awx: FakeAwx, version: str) -> None:
        awx.get("/api/", {"current_version": version, "oauth2": "/api/o/"})
        assert Client(HOST).prefix == "/api/v2/"

    @pytest.mark.parametrize("version", ["/api/v2/", "/tower/awx/api/v2/"])
    def test_awx_below_a_path(self, awx: FakeAwx, version: str) -> None:
        awx.get("/tower/awx/api/", {"current_version": version})
        assert Client(f"{HOST}/tower/awx/").prefix == "/tower/awx/api/v2/"

    @pytest.mark.parametrize("version", ["/api/controller/v2/", "/api/v2/"])
    @pytest.mark.parametrize("base", ["", "/aap"])
    def test_gateway_whether_it_rewrites_its_links_or_not(
        self, awx: FakeAwx, version: str, base: str
    ) -> None:
        awx.get(
            f"{base}/api/", {"apis": {"gateway": "/api/gateway/", "controller": "/api/controller/"}}
        )
        awx.get(f"{base}/api/controller/", {"current_version": version})
        assert Client(HOST + base).prefix == f"{base}/api/controller/v2/"

    def test_happens_once(self, awx: FakeAwx) -> None:
        awx.get("/api/", {"current_version": "/api/v2/"})
        awx.get("ping/", {})
        client = Client(HOST)
        client.get("ping/")
        client.get("ping/")
        assert awx.sent == ["GET /api/", "GET ping/", "GET ping/"]

    def test_a_prefix_that_was_set_needs_none(self, awx: FakeAwx) -> None:
        awx.get("/elsewhere/v2/ping/", {})
        Client(HOST, prefix="elsewhere/v2").get("ping/")
        assert len(awx.sent) == 1

    def test_carries_no_credentials(self, awx: FakeAwx) -> None:
        awx.get("/api/", {"apis": {"controller": "/api/controller/"}})
        awx.get("/api/controller/", {"current_version": "/api/v2/"})
        awx.get("/api/controller/v2/me/", {})
        client = Client(HOST)
        with client.basic_auth("ann", "secret"):
            client.get("me/")
        carried = ["Authorization" in each.headers for each in awx.requests]
        assert carried == [False, False, True]

    @pytest.mark.parametrize("body", [{}, {"current_version": 2}, {"apis": {"controller": 1}}])
    def test_an_answer_that_is_not_awx_is_told(self, awx: FakeAwx, body: object) -> None:
        awx.get("/api/", body)
        with pytest.raises(Unreachable, match=r"does not answer as AWX does .* should be text"):
            _ = Client(HOST).prefix


class TestPing:
    @pytest.mark.parametrize("base", ["", "/tower/awx"])
    def test_finds_the_api_of_a_plain_awx_by_the_way(self, awx: FakeAwx, base: str) -> None:
        awx.get(f"{base}/api/v2/ping/", {"version": "24.6.1"})
        awx.get(f"{base}/api/v2/me/", {})
        client = Client(HOST + base)
        assert client.ping().text("version") == "24.6.1"
        client.get("me/")
        assert len(awx.sent) == 2

    @pytest.mark.parametrize("status", [200, 401, 403, 404])
    def test_asks_where_it_is_where_that_is_not_there(self, awx: FakeAwx, status: int) -> None:
        awx.get("/api/v2/ping/", "<html>What?</html>", status)
        awx.get("/api/", {"apis": {"controller": "/api/controller/"}})
        awx.get("/api/controller/", {"current_version": "/api/controller/v2/"})
        awx.get("/api/controller/v2/ping/", {"version": "4.6.0"})
        client = Client(HOST)
        with client.basic_auth("ann", "secret"):
            assert client.ping().text("version") == "4.6.0"
        carried = ["Authorization" in each.headers for each in awx.requests]
        assert carried == [False, False, False, True]

    def test_what_is_not_there_at_all_is_not_asked_for_twice(self, awx: FakeAwx) -> None:
        awx.on("GET", "/api/v2/ping/", requests.ConnectionError("refused"))
        with pytest.raises(Unreachable):
            Client(HOST, sleep=lambda _: None).ping()
        assert set(awx.sent) == {"GET ping/"}


class TestRetries:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_a_passing_status_is_ridden_out(
        self, known: Client, awx: FakeAwx, time: FakeTime, status: int
    ) -> None:
        for _ in range(6):
            awx.get("jobs/5/", {}, status=status)
        awx.get("jobs/5/", {"id": 5})
        assert known.get("jobs/5/").integer("id") == 5
        assert time.pauses == LATER

    @pytest.mark.parametrize(
        "trouble",
        [
            refused_connection(),
            reset_connection(),
            requests.ReadTimeout("read timed out"),
            requests.ConnectTimeout("timed out"),
            requests.exceptions.ChunkedEncodingError("IncompleteRead(3 bytes read)"),
            tls_error("SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred')"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_a_broken_connection_is_ridden_out(
        self, known: Client, awx: FakeAwx, time: FakeTime, trouble: Exception
    ) -> None:
        awx.get("jobs/5/", trouble)
        awx.get("jobs/5/", {"id": 5})
        assert known.get("jobs/5/").integer("id") == 5
        assert time.pauses == LATER[:1]

    def test_it_gives_up_when_the_time_for_it_is_over(
        self, known: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("jobs/5/", reset_connection())
        with pytest.raises(Unreachable, match="reset"):
            known.get("jobs/5/")
        assert len(awx.sent) == 7
        assert time.pauses == LATER

    def test_the_servers_words_are_kept_when_it_gives_up(self, known: Client, awx: FakeAwx) -> None:
        awx.get("jobs/5/", {"detail": "Migrating."}, status=503)
        with pytest.raises(Unreachable, match=r"503 to GET /api/v2/jobs/5/: Migrating\.") as error:
            known.get("jobs/5/")
        assert error.value.status == 503

    @pytest.mark.parametrize("trouble", [refused_connection(), reset_connection()])
    def test_first_contact_is_tried_for_two_seconds(
        self, client: Client, awx: FakeAwx, time: FakeTime, trouble: Exception
    ) -> None:
        awx.get("ping/", trouble)
        with pytest.raises(Unreachable):
            client.get("ping/")
        assert len(awx.sent) == 4
        assert time.pauses == FIRST_CONTACT

    @pytest.mark.parametrize(
        ("retry_after", "pause"),
        [("7", 7.0), ("20", 20.0), ("0", 0.5), ("-5", 0.5), ("soon", 0.5)],
    )
    def test_retry_after_is_honoured(
        self, known: Client, awx: FakeAwx, time: FakeTime, retry_after: str, pause: float
    ) -> None:
        awx.get("jobs/5/", {}, status=429, headers={"Retry-After": retry_after})
        awx.get("jobs/5/", {})
        known.get("jobs/5/")
        assert time.pauses == [pause]

    @pytest.mark.parametrize("retry_after", ["21", "86400"])
    def test_a_retry_after_beyond_all_patience_ends_it_at_once(
        self, known: Client, awx: FakeAwx, time: FakeTime, retry_after: str
    ) -> None:
        awx.get("jobs/5/", {}, status=429, headers={"Retry-After": retry_after})
        with pytest.raises(Unreachable, match="429"):
            known.get("jobs/5/")
        assert time.pauses == []

    def test_a_restart_of_minutes_is_ridden_out_by_a_run_and_told_when_it_begins_and_ends(
        self, known: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
    ) -> None:
        known.patience_s = RUNNING_S
        for _ in range(30):
            awx.get("jobs/5/", {}, status=502)
        awx.get("jobs/5/", {"id": 5})
        assert known.get("jobs/5/").integer("id") == 5
        assert sum(time.pauses) > 300
        told = [each.message for each in caplog.records if each.levelname == "INFO"]
        assert told == [
            "AWX answered 502 to GET /api/v2/jobs/5/; trying again for up to 600 s",
            f"AWX answers again, after {sum(time.pauses):.0f} s",
        ]

    @pytest.mark.parametrize(
        "odd", [(500, {"detail": "A server error."}), (200, "<html>Down</html>"), (200, '{"id": 5')]
    )
    def test_what_is_no_answer_of_awxs_is_asked_for_again_for_some_seconds(
        self, known: Client, awx: FakeAwx, time: FakeTime, odd: tuple[int, object]
    ) -> None:
        known.patience_s = RUNNING_S
        status, body = odd
        awx.get("jobs/5/", body, status=status)
        with pytest.raises(BadAnswer):
            known.get("jobs/5/")
        assert time.pauses == [0.5, 1.0, 2.0, 0.5]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 501])
    def test_another_status_is_final(
        self, known: Client, awx: FakeAwx, time: FakeTime, status: int
    ) -> None:
        awx.get("jobs/5/", {}, status=status)
        with pytest.raises(AppError):
            known.get("jobs/5/")
        assert (len(awx.sent), time.pauses) == (1, [])

    @pytest.mark.parametrize(
        ("words", "told", "sent"),
        [
            (
                "'[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed (_ssl)'",
                r"certificate refused: self-signed; .*--ca-bundle",
                False,
            ),
            # An answer that is broken on its way sounds like that, too.
            ("'[SSL: WRONG_VERSION_NUMBER] wrong version number'", "no TLS on this port", True),
            ("'[SSL: X] tlsv13 alert certificate required'", "--client-cert", False),
        ],
    )
    def test_a_certificate_does_not_get_better_by_trying_again(
        self, known: Client, awx: FakeAwx, time: FakeTime, words: str, told: str, sent: bool
    ) -> None:
        awx.get("jobs/5/", tls_error(words))
        with pytest.raises(Unreachable, match=told) as error:
            known.get("jobs/5/")
        assert (len(awx.sent), time.pauses, error.value.sent) == (1, [], sent)

    @pytest.mark.parametrize(
        ("problem", "told", "may_pass"),
        [
            (
                OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
                r"\(407\): set HTTPS_PROXY",
                False,
            ),
            (OSError("Tunnel connection failed: 403 Forbidden"), r"refuses \(403 Forb", False),
            (OSError("Tunnel connection failed: 502 Bad Gateway"), r"refuses \(502 Bad", True),
            (
                urllib3.exceptions.NewConnectionError(
                    urllib3.connection.HTTPConnection("proxy.test"), "no route"
                ),
                r"no connection to the proxy \(no route\)",
                True,
            ),
            (
                urllib3.exceptions.ConnectTimeoutError("timed out"),
                r"no connection to the proxy \(timed out\)",
                True,
            ),
            (
                ssl.SSLError(
                    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed (_ssl)"
                ),
                r"no connection to the proxy \(TLS certificate refused: self-signed; .*\)",
                False,
            ),
        ],
    )
    def test_what_does_not_come_past_the_proxy_was_not_sent(
        self, known: Client, awx: FakeAwx, problem: Exception, told: str, may_pass: bool
    ) -> None:
        awx.post("jobs/5/cancel/", proxy_error(problem))
        with pytest.raises(Unreachable, match=told) as error:
            known.post("jobs/5/cancel/")
        assert (len(awx.sent) > 1, error.value.sent) == (may_pass, False)

    def test_an_answer_that_is_lost_past_the_proxy_was_sent(
        self, known: Client, awx: FakeAwx
    ) -> None:
        lost = http.client.RemoteDisconnected("Remote end closed connection without response")
        awx.post("jobs/5/cancel/", proxy_error(lost))
        with pytest.raises(Unreachable, match="connection lost: Remote end closed") as error:
            known.post("jobs/5/cancel/")
        assert (len(awx.sent), error.value.sent) == (1, True)

    def test_the_address_is_doubted_until_there_was_an_answer(
        self, awx: FakeAwx, client: Client
    ) -> None:
        awx.get("ping/", reset_connection())
        with pytest.raises(Unreachable, match=r"reset by peer; is it https:// there\?$"):
            client.get("ping/")
        awx.get("ping/", {})
        client.get("ping/")
        awx.get("jobs/5/", reset_connection())
        with pytest.raises(Unreachable, match=r"reset by peer$"):
            client.get("jobs/5/")

    def test_a_body_cut_off_by_the_connection_is_asked_for_again(
        self, known: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("jobs/5/", b'{"id"', headers={"Content-Length": "9"})
        awx.get("jobs/5/", {"id": 5})
        assert known.get("jobs/5/").integer("id") == 5
        assert time.pauses == LATER[:1]


class TestChangesAreSentOnce:
    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_whatever_the_status(
        self, known: Client, awx: FakeAwx, time: FakeTime, status: int
    ) -> None:
        awx.post("jobs/5/", {"detail": "Busy."}, status=status, headers={"Retry-After": "1"})
        with pytest.raises(Unreachable, match=r"Busy\.") as error:
            known.post("jobs/5/")
        assert (len(awx.sent), time.pauses) == (1, [])
        assert error.value.sent

    def test_unless_they_were_turned_away(
        self, known: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.post("jobs/5/", {"detail": "Busy."}, status=429, headers={"Retry-After": "3"})
        awx.post("jobs/5/", {"id": 6})
        assert known.post("jobs/5/").integer("id") == 6
        assert time.pauses == [3.0]

    @pytest.mark.parametrize("trouble", [502, reset_connection()])
    def test_unless_twice_does_no_harm(
        self, known: Client, awx: FakeAwx, time: FakeTime, trouble: int | Exception
    ) -> None:
        for method in ("POST", "DELETE"):
            if isinstance(trouble, int):
                awx.on(method, "jobs/5/", {}, status=trouble)
            else:
                awx.on(method, "jobs/5/", trouble)
            awx.on(method, "jobs/5/", {})
        known.post("jobs/5/", is_repeatable=True)
        known.delete("jobs/5/")
        assert time.pauses == [0.5, 0.5]

    @pytest.mark.parametrize(
        "trouble",
        [
            reset_connection(),
            requests.ReadTimeout("read timed out"),
            requests.exceptions.ChunkedEncodingError("IncompleteRead"),
            requests.ConnectionError(
                urllib3.exceptions.ProtocolError("Connection aborted.", BrokenPipeError(32, "pipe"))
            ),
            tls_error("SSLEOFError(8, 'EOF occurred in violation of protocol')"),
            tls_error("SSLError(1, '[SSL: SSLV3_ALERT_BAD_RECORD_MAC] alert bad record mac')"),
        ],
        ids=str,
    )
    def test_whatever_breaks(
        self, known: Client, awx: FakeAwx, time: FakeTime, trouble: Exception
    ) -> None:
        awx.post("launch/", trouble)
        with pytest.raises(Unreachable) as error:
            known.post("launch/")
        assert (len(awx.sent), time.pauses, error.value.sent) == (1, [], True)

    def test_whatever_is_cut_off(self, known: Client, awx: FakeAwx, time: FakeTime) -> None:
        awx.post("launch/", b'{"id": 5', status=201, headers={"Content-Length": "900"})
        with pytest.raises(Unreachable) as error:
            known.post("launch/")
        assert (len(awx.sent), time.pauses, error.value.sent) == (1, [], True)

    @pytest.mark.parametrize("trouble", [refused_connection(), requests.ConnectTimeout("timeout")])
    def test_unless_no_connection_was_made(
        self, known: Client, awx: FakeAwx, time: FakeTime, trouble: Exception
    ) -> None:
        awx.post("launch/", trouble)
        awx.post("launch/", {"id": 5})
        assert known.post("launch/").integer("id") == 5
        assert time.pauses == LATER[:1]

    def test_and_that_nothing_was_sent_is_known_at_the_end(
        self, known: Client, awx: FakeAwx
    ) -> None:
        awx.post("launch/", refused_connection())
        with pytest.raises(Unreachable, match="connection refused") as error:
            known.post("launch/")
        assert (len(awx.sent), error.value.sent) == (7, False)

    def test_and_what_json_cannot_say_was_not_sent(self, known: Client, awx: FakeAwx) -> None:
        with pytest.raises(Unreachable, match="not sent, since JSON cannot say it") as error:
            known.post("job_templates/9/launch/", {"extra_vars": {"a": float("nan")}})
        assert not error.value.sent
        assert awx.sent == []

    def test_an_empty_answer_is_an_empty_record(self, known: Client, awx: FakeAwx) -> None:
        awx.post("jobs/5/cancel/", status=202)
        assert dict(known.post("jobs/5/cancel/").items()) == {}


class TestProxies:
    PROXY = "http://proxy.test:3128"

    @pytest.mark.parametrize(("use", "found"), [(True, PROXY), (False, None)])
    def test_are_those_of_the_environment_where_they_are_wanted(
        self, awx: FakeAwx, monkeypatch: pytest.MonkeyPatch, use: bool, found: str | None
    ) -> None:
        for name in ("NO_PROXY", "no_proxy", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTP_PROXY", self.PROXY)
        awx.get("ping/", {})
        Client(HOST, prefix="/api/v2/", use_proxies=use).get("ping/")
        assert vars(awx.requests[0])["req_kwargs"]["proxies"].get("http") == found


class TestRedirects:
    def test_a_missing_slash_is_followed(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping", status=301, headers={"Location": "/api/v2/ping/?a=1"})
        awx.get("ping/", {"version": "24.6.1"})
        assert client.get("ping", a=1).text("version") == "24.6.1"
        assert awx.requests[1].url == address("ping/?a=1")

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_post_is_explained_and_not_sent_again(
        self, client: Client, awx: FakeAwx, status: int
    ) -> None:
        awx.post("tokens", status=status, headers={"Location": "/api/v2/tokens/"})
        with pytest.raises(BadAnswer, match="slash missing") as error:
            client.post("tokens")
        assert (len(awx.sent), error.value.status) == (1, status)

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_to_https_names_the_setting(self, client: Client, awx: FakeAwx, method: str) -> None:
        awx.on(method, "ping/", status=301, headers={"Location": "https://awx.test/api/v2/ping/"})
        with pytest.raises(BadAnswer, match=r"AWX_HOST=https://awx\.test"):
            (client.get if method == "GET" else client.post)("ping/")
        assert len(awx.sent) == 1

    @pytest.mark.parametrize(
        "location",
        [
            "http://evil.test/api/v2/me/",
            "//evil.test/me/",
            "http://awx.test:81/",
            "https://evil.test/",
        ],
    )
    def test_to_another_server_is_refused(
        self, client: Client, awx: FakeAwx, location: str
    ) -> None:
        client.use_token("t0ken")
        awx.get("me/", status=302, headers={"Location": location})
        with pytest.raises(BadAnswer, match="another server"):
            client.get("me/")
        assert len(awx.sent) == 1

    @pytest.mark.parametrize(
        "place", ["http://[", "http://awx.test:port/", "http://awx.test:99999/", "//[x"]
    )
    def test_to_no_address_at_all_is_told(self, client: Client, awx: FakeAwx, place: str) -> None:
        awx.get("me/", status=302, headers={"Location": place})
        awx.post("jobs/40/cancel/", status=302, headers={"Location": place})
        with pytest.raises(AppError, match=r"awx\.test.*(address|another server)"):
            client.get("me/")
        with pytest.raises(AppError, match=r"awx\.test.*(address|another server)"):
            client.post("jobs/40/cancel/")
        assert len(awx.sent) == 2

    def test_in_a_circle_ends(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping/", status=302, headers={"Location": "/api/v2/ping/"})
        with pytest.raises(BadAnswer, match="circle"):
            client.get("ping/")
        assert len(awx.sent) == 5


class TestCredentials:
    @pytest.fixture(autouse=True)
    def _netrc(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "netrc"
        file.write_text("machine awx.test login mallory password guessed\n")
        monkeypatch.setenv("NETRC", str(file))

    def test_netrc_would_be_read_without_our_care(self, awx: FakeAwx) -> None:
        awx.get("me/", {})
        requests.get(address("me/"), timeout=1)
        assert awx.requests[0].headers["Authorization"].startswith("Basic ")

    def test_netrc_adds_none_to_anonymous_requests(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping/", {})
        client.get("ping/")
        assert "Authorization" not in awx.requests[0].headers

    def test_netrc_does_not_replace_the_token(self, client: Client, awx: FakeAwx) -> None:
        awx.get("me/", {})
        client.use_token("t0ken")
        client.get("me/")
        assert awx.requests[0].headers["Authorization"] == "Bearer t0ken"

    def test_a_redirect_within_the_server_keeps_the_token(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.get("me", status=301, headers={"Location": "/api/v2/me/"})
        awx.get("me/", {})
        client.use_token("t0ken")
        client.get("me")
        assert [each.headers["Authorization"] for each in awx.requests] == ["Bearer t0ken"] * 2

    def test_basic_ends_with_its_context_also_on_an_error(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.refuse("POST", "tokens/", 401)
        awx.get("ping/", {})
        with pytest.raises(Refused), client.basic_auth("änn", "pä:ss"):
            client.post("tokens/")
        client.get("ping/")
        credentials = b64encode("änn:pä:ss".encode()).decode()
        assert awx.requests[0].headers["Authorization"] == f"Basic {credentials}"
        assert "Authorization" not in awx.requests[1].headers

    def test_no_secret_is_in_what_a_client_shows(self, client: Client) -> None:
        client.use_token("t0ken-1")
        client.use_basic("ann", "s3cret-1")
        shown = f"{client!r} {client!s}"
        assert "t0ken-1" not in shown
        assert "s3cret-1" not in shown

    def test_no_secret_is_in_the_log(
        self, client: Client, awx: FakeAwx, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get("me/", reset_connection())
        awx.get("me/", {})
        client.use_token("t0ken-1")
        client.get("me/")
        assert "GET" in caplog.text
        assert "t0ken-1" not in caplog.text


class TestTls:
    @pytest.mark.parametrize("verify", [False, "/our/ca.pem"])
    def test_requests_ca_bundle_does_not_override_what_was_asked_for(
        self, awx: FakeAwx, monkeypatch: pytest.MonkeyPatch, verify: bool | str
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/other/ca.pem")
        awx.get("ping/", {})
        Client(HOST, prefix="/api/v2/", verify=verify).get("ping/")
        assert kwargs_of(awx)["verify"] == verify

    def test_requests_ca_bundle_counts_where_nothing_was_asked_for(
        self, awx: FakeAwx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/other/ca.pem")
        awx.get("ping/", {})
        Client(HOST, prefix="/api/v2/").get("ping/")
        assert kwargs_of(awx)["verify"] == "/other/ca.pem"

    def test_insecure_is_said(self, caplog: pytest.LogCaptureFixture) -> None:
        Client("https://awx.test", verify=False)
        assert "not verified" in caplog.text

    def test_every_request_has_both_timeouts(self, awx: FakeAwx) -> None:
        awx.get("ping/", {})
        Client(HOST, prefix="/api/v2/", timeouts=(2.0, 9.0)).get("ping/")
        assert kwargs_of(awx)["timeout"] == (2.0, 9.0)


def kwargs_of(awx: FakeAwx) -> dict[str, Any]:
    """Return what the last request was sent with."""
    found: dict[str, Any] = vars(awx.requests[-1])["req_kwargs"]
    return found


class TestBodies:
    @pytest.mark.parametrize(
        ("body", "content_type", "told"),
        [
            (b"<html><title>Sign in</title></html>", "text/html; charset=utf-8", "a web page"),
            (b'{"id": 5, "na', "application/json", "cut off"),
            (b"OK", "text/plain", "not JSON"),
            (b"\xff\xfe", "application/json", "not JSON"),
            (b"[" * 100_000, "application/json", "not JSON"),
            (b"[1, 2]", "application/json", "list where an object is due"),
            (b"null", "application/json", "NoneType where an object is due"),
            (b'"ok"', "application/json", "str where an object is due"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_that_make_no_sense_are_told_and_no_post_is_sent_again(
        self, known: Client, awx: FakeAwx, body: bytes, content_type: str, told: str, method: str
    ) -> None:
        awx.on(method, "jobs/5/", body, content_type=content_type)
        with pytest.raises(BadAnswer, match=told) as error:
            (known.get if method == "GET" else known.post)("jobs/5/")
        assert (len(awx.sent), error.value.status) == (1 if method == "POST" else 5, 200)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(400, BadAnswer), (401, Refused), (403, Refused), (404, NotFound), (405, BadAnswer),
         (409, BadAnswer), (500, BadAnswer)],
    )  # fmt: skip
    def test_each_status_has_its_error(
        self, known: Client, awx: FakeAwx, status: int, kind: type[AppError]
    ) -> None:
        awx.refuse("GET", "jobs/5/", status, "No.")
        with pytest.raises(AppError, match=rf"{status} to GET /api/v2/jobs/5/: No\.") as error:
            known.get("jobs/5/")
        assert (type(error.value), error.value.status) == (kind, status)

    def test_the_clock_of_awx_is_remembered(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping/", {}, headers={"Date": "Sat, 21 Nov 2026 22:15:23 GMT"})
        client.get("ping/")
        assert client.server_time is not None
        assert client.server_time.isoformat() == "2026-11-21T22:15:23+00:00"

    def test_a_clock_without_a_zone_is_utc(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping/", {}, headers={"Date": "Sat, 21 Nov 2026 22:15:23 -0000"})
        client.get("ping/")
        assert client.server_time is not None
        assert client.server_time.isoformat() == "2026-11-21T22:15:23+00:00"

    def test_a_date_that_is_none_is_passed_over(self, client: Client, awx: FakeAwx) -> None:
        awx.get("ping/", {}, headers={"Date": "yesterday"})
        client.get("ping/")
        assert client.server_time is None


class Rows:
    """A list of AWX's with those ids: pages by key, as large as asked but for `largest`."""

    def __init__(self, awx: FakeAwx, path: str, count: int, largest: int = 200) -> None:
        self.ids = list(range(1, count + 1))
        self.largest = largest
        self.queries: list[dict[str, str]] = []
        awx.mock.add_callback("GET", address(path), self.answer)

    def answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = {key: value[0] for key, value in parse_qs(urlsplit(str(request.url)).query).items()}
        self.queries.append(query)
        rows = [each for each in self.ids if each > int(query.get("id__gt", 0))]
        rows = [each for each in rows if each < int(query.get("id__lt", 10**9))]
        rows.sort(reverse=query["order_by"].startswith("-"))
        size = min(int(query["page_size"]), self.largest)
        link = f"/api/v2/hosts/?page=2&page_size={size}" if len(rows) > size else None
        body: dict[str, object] = {"next": link, "results": [{"id": each} for each in rows[:size]]}
        return 200, {}, json.dumps(body)


class TestWalk:
    def test_five_thousand_rows_come_whole_and_in_order(self, client: Client, awx: FakeAwx) -> None:
        rows = Rows(awx, "hosts/", 5000)
        assert [row.integer("id") for row in client.walk("hosts/")] == rows.ids
        assert 25 <= len(rows.queries) <= 26

    def test_only_what_is_taken_is_asked_for(self, client: Client, awx: FakeAwx) -> None:
        rows = Rows(awx, "hosts/", 5000)
        walk = client.walk("hosts/", enabled="true")
        assert rows.queries == []
        assert len(list(islice(walk, 201))) == 201
        assert rows.queries == [
            {"page_size": "200", "enabled": "true", "order_by": "id"},
            {"page_size": "200", "enabled": "true", "order_by": "id", "id__gt": "200",
             "count_disabled": "1"},
        ]  # fmt: skip

    def test_a_page_smaller_than_asked_is_no_end(self, client: Client, awx: FakeAwx) -> None:
        rows = Rows(awx, "hosts/", 250, largest=100)
        assert [row.integer("id") for row in client.walk("hosts/")] == rows.ids

    def test_newest_first(self, client: Client, awx: FakeAwx) -> None:
        rows = Rows(awx, "jobs/", 7, largest=3)
        found = [row.integer("id") for row in client.walk("jobs/", newest_first=True)]
        assert found == rows.ids[::-1]

    def test_rows_that_vanish_between_pages_hide_no_others(
        self, client: Client, awx: FakeAwx
    ) -> None:
        rows = Rows(awx, "hosts/", 600)
        walk = client.walk("hosts/")
        found = [next(walk).integer("id") for _ in range(200)]
        del rows.ids[:100]
        rows.ids.append(601)
        assert found + [row.integer("id") for row in walk] == list(range(1, 602))

    @pytest.mark.parametrize("count", [0, 1, 200])
    def test_a_list_of_one_page_is_one_request(
        self, client: Client, awx: FakeAwx, count: int
    ) -> None:
        rows = Rows(awx, "hosts/", count)
        assert len(list(client.walk("hosts/"))) == count
        assert len(rows.queries) == 1


class TestDownload:
    def test_streams_what_is_there(self, client: Client, awx: FakeAwx) -> None:
        data = bytes(range(256)) * 1000
        awx.get("jobs/5/stdout/", data)
        chunks = list(client.download("jobs/5/stdout/", format="txt_download"))
        assert b"".join(chunks) == data
        assert len(chunks) > 1
        assert awx.requests[0].headers["Accept"] == "*/*"

    def test_a_web_page_is_not_taken_for_it(self, client: Client, awx: FakeAwx) -> None:
        page = b"<html>Please log in</html>"
        awx.on("GET", "jobs/5/stdout/", page, content_type="text/html; charset=utf-8")
        with pytest.raises(BadAnswer, match="jobs/5/stdout/ answered with a web page"):
            list(client.download("jobs/5/stdout/"))

    def test_a_cut_off_one_is_told(self, client: Client, awx: FakeAwx) -> None:
        awx.get("jobs/5/stdout/", b"half", headers={"Content-Length": "8"})
        with pytest.raises(Unreachable, match="cut off"):
            list(client.download("jobs/5/stdout/"))

    def test_an_error_has_the_servers_words(self, client: Client, awx: FakeAwx) -> None:
        awx.refuse("GET", "jobs/5/stdout/", 403, "You do not have permission.")
        with pytest.raises(Refused, match="You do not have permission"):
            list(client.download("jobs/5/stdout/"))

    def test_a_passing_status_before_it_is_ridden_out(
        self, known: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("jobs/5/stdout/", {}, status=502)
        awx.get("jobs/5/stdout/", b"text")
        assert b"".join(known.download("jobs/5/stdout/")) == b"text"
        assert time.pauses == LATER[:1]


class TestLinks:
    @pytest.mark.parametrize(
        ("link", "path"),
        [
            ("/api/v2/jobs/5/", "jobs/5/"),
            ("/api/controller/v2/jobs/5/stdout/?format=txt", "jobs/5/stdout/?format=txt"),
            (f"{HOST}/api/v2/jobs/5/", "jobs/5/"),
        ],
    )
    def test_are_rebased_on_our_own_prefix(self, client: Client, link: str, path: str) -> None:
        assert client.path_of(link) == path

    @pytest.mark.parametrize(
        "link",
        ["https://awx.test/api/v2/jobs/5/", "//evil.test/api/v2/jobs/5/", "/static/v3/x", "",
         "http://awx.test@evil.test/api/v2/jobs/5/"],
    )  # fmt: skip
    def test_that_lead_away_are_refused(self, client: Client, link: str) -> None:
        with pytest.raises(BadAnswer, match="not followed"):
            client.path_of(link)

    def test_addresses_for_people(self, client: Client) -> None:
        assert client.url("jobs/5/") == f"{HOST}/api/v2/jobs/5/"
        assert client.page_url("jobs/playbook/5/output") == f"{HOST}/#/jobs/playbook/5/output"

    def test_an_error_in_no_encoding_is_told_all_the_same(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.on("GET", "jobs/40/stdout/", "gone", 404, content_type="text/plain; charset=idna")
        with pytest.raises(NotFound, match="gone"):
            list(client.download("jobs/40/stdout/"))

    def test_a_list_that_begins_anew_is_not_walked_for_ever(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.get("hosts/", {"next": "/api/v2/hosts/?page=2", "results": [{"id": 1}, {"id": 2}]})
        with pytest.raises(BadAnswer, match="rows again"):
            list(client.walk("hosts/"))
        assert len(awx.sent) == 2
