"""Requests and websocket through a proxy of the environment, or both past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.server import DemoServer
from tests.e2e import tls_messages as told
from tests.e2e.conftest import PASSWORD, SPEED
from tests.e2e.proxies import FORBIDDEN, proxy_to
from tests.e2e.tls_peers import peer
from utils.awx_client import Client
from utils.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.certificates import Certificates
    from tests.e2e.conftest import Ended, RunMain

# Nobody but a proxy finds it.
NAME = "awx.behind-the-proxy.invalid"
LOGIN, SECRET = "ann:s%23cret-of-the-pr%40xy", "s#cret-of-the-pr@xy"


@pytest.fixture(autouse=True)
def _no_other_proxies(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(environment):
        if name.lower().endswith("_proxy"):
            del environment[name]
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def tls_awx(certificates: Certificates) -> Iterator[DemoServer]:
    """An embedded AWX over TLS, by the name that only a proxy finds."""
    tls = certificates.server(NAME, "localhost")
    with DemoServer(password=PASSWORD, speed=SPEED, tls=tls) as server:
        yield server


def websockets(awx: DemoServer) -> list[int]:
    return [status for method, _, status in awx.awx.requests if method == "WS"]


def assert_pushed(ended: Ended, awx: DemoServer) -> None:
    """Check that a run went well and that its job was followed by the websocket."""
    assert ended.code == 0, ended.err
    assert websockets(awx)[-1:] == [101]


def only_line(ended: Ended) -> str:
    assert len(ended.err.splitlines()) == 1, ended.err
    return ended.err.splitlines()[0]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_all_goes_through_the_proxy_with_its_password_which_is_not_shown(
    main: RunMain, tls_awx: DemoServer, certificates: Certificates, tmp_path: Path, variable: str
) -> None:
    tls_awx.awx.requests.clear()
    with proxy_to(tls_awx.url, login=f"ann:{SECRET}") as proxy:
        ended = main(
            "--template", "9", "--sync", "never", "-v", "--ca-bundle", certificates.authority,
            AWX_HOST=f"https://{NAME}", **{variable: proxy.url(LOGIN)},
        )  # fmt: skip
    assert_pushed(ended, tls_awx)
    # That of the requests and that of the websocket.
    assert len(proxy.asked) >= 2
    assert {each.split()[1] for each in proxy.asked} == {f"{NAME}:443"}
    logged = (tmp_path / "logs" / "awx.log").read_text()
    for text in (ended.out, ended.err, logged):
        assert SECRET not in text
        assert LOGIN.partition(":")[2] not in text


def test_without_tls_requests_are_forwarded_and_the_websocket_has_a_tunnel(
    main: RunMain, awx: DemoServer
) -> None:
    with proxy_to(awx.url, login=f"ann:{SECRET}") as proxy:
        env = {"AWX_HOST": f"http://{NAME}", "http_proxy": proxy.url(LOGIN)}
        ended = main("--template", "9", "--sync", "never", **env)
    assert_pushed(ended, awx)
    tunnels = [each for each in proxy.asked if each.startswith("CONNECT")]
    assert [each.split()[1] for each in tunnels] == [f"{NAME}:80"]
    forwarded = [each for each in proxy.asked if each not in tunnels]
    assert all(each.split()[1].startswith(f"http://{NAME}/api/") for each in forwarded)
    assert len(forwarded) > 10


@pytest.mark.parametrize(
    ("spelling", "text"),
    [("NO_PROXY", "localhost:{port}"), ("no_proxy", "example.com, localhost"), ("NO_PROXY", "*")],
)
def test_no_proxy_holds_for_requests_and_websocket(
    main: RunMain, awx: DemoServer, spelling: str, text: str
) -> None:
    port = awx.url.rpartition(":")[2]
    with proxy_to(awx.url, refusal=FORBIDDEN) as proxy:
        ended = main(
            "--template", "9", "--sync", "never", AWX_HOST=f"http://localhost:{port}",
            HTTP_PROXY=proxy.url(), **{spelling: text.format(port=port)},
        )  # fmt: skip
    assert_pushed(ended, awx)
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".behind-the-proxy.invalid", "no such host: is AWX_HOST spelled right?"),
        ("behind-the-proxy.invalid", "no such host: is AWX_HOST spelled right?"),
        ("proxy.invalid", told.FORBIDS),
        (f"{NAME}:8443", told.FORBIDS),
    ],
)
def test_no_proxy_takes_a_domain_and_a_port(
    impatient: RunMain, awx: DemoServer, text: str, message: str
) -> None:
    with proxy_to(awx.url, refusal=FORBIDDEN) as proxy:
        env = {"HTTPS_PROXY": proxy.url(), "NO_PROXY": text}
        ended = impatient("ping", AWX_HOST=f"https://{NAME}", **env)
    assert ended.code == 3
    assert ended.err.splitlines()[-1].endswith(f"error: https://{NAME}: {message}")


def test_the_demo_has_no_proxy_for_its_websocket_either(main: RunMain, awx: DemoServer) -> None:
    with proxy_to(awx.url) as proxy:
        args = ("run", "--demo", "--template", "9", "--sync", "never")
        ended = main(*args, AWX_HOST="", HTTP_PROXY=proxy.url())
    assert ended.code == 0, ended.err
    assert proxy.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_launch_whose_answer_is_lost_past_the_proxy_is_not_sent_again(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    tls = certificates.server(NAME) if scheme == "https" else None
    with peer(tls) as (port, came), proxy_to(f"{scheme}://127.0.0.1:{port}") as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", proxy.url())
        client = Client(
            f"{scheme}://{NAME}", verify=certificates.authority, prefix="/api/v2/",
            sleep=lambda _: pytest.fail("there is nothing to wait for"),
        )  # fmt: skip
        with pytest.raises(Unreachable, match="connection lost: Remote end closed") as error:
            client.post("job_templates/9/launch/")
        client.close()
    assert error.value.sent
    assert [each.split()[0] for each in came] == [b"POST"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("login", ["", "ann:wr0ng-one"])
def test_a_proxy_that_wants_another_password_is_told_at_once(
    main: RunMain, awx: DemoServer, scheme: str, login: str
) -> None:
    with proxy_to(awx.url, login=f"ann:{SECRET}") as proxy:
        ended = main("ping", AWX_HOST=f"{scheme}://{NAME}", ALL_PROXY=proxy.url(login))
    assert ended.code == 3
    assert only_line(ended).endswith(f"error: {scheme}://{NAME}: {told.WANTS_USER}")
    assert len(proxy.asked) == 1
    assert "wr0ng-one" not in ended.err


def test_a_proxy_that_is_not_there_is_told(main: RunMain, awx: DemoServer) -> None:
    with proxy_to(awx.url) as proxy:
        pass
    ended = main("ping", AWX_HOST=f"https://{NAME}", HTTPS_PROXY=proxy.url(LOGIN))
    assert ended.code == 3
    assert ended.err.splitlines()[-1].endswith(f"error: https://{NAME}: {told.NO_PROXY_THERE}")
    assert LOGIN.partition(":")[2] not in ended.err


def test_socks_needs_a_package(main: RunMain) -> None:
    ended = main("ping", AWX_HOST=f"https://{NAME}", HTTPS_PROXY="socks5://ann:s3cr3t@127.0.0.1:9")
    assert ended.code == 3
    assert only_line(ended).endswith(told.SOCKS)


def test_certificates_are_verified_through_the_proxy_too(
    main: RunMain, tls_awx: DemoServer, certificates: Certificates
) -> None:
    with proxy_to(tls_awx.url) as proxy:
        ended = main(
            "ping", "--ca-bundle", certificates.other_authority,
            AWX_HOST=f"https://{NAME}", HTTPS_PROXY=proxy.url(),
        )  # fmt: skip
    assert ended.code == 3
    assert "TLS certificate refused: unable to get local issuer" in only_line(ended)


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_proxy_that_speaks_tls_itself_is_verified_and_has_no_websocket(
    main: RunMain, tls_awx: DemoServer, certificates: Certificates, is_trusted: bool
) -> None:
    tls_awx.awx.requests.clear()
    bundle = certificates.authority if is_trusted else certificates.other_authority
    with proxy_to(tls_awx.url, tls=certificates.server()) as proxy:
        ended = main(
            "--template", "9", "--sync", "never", "-v", "--ca-bundle", bundle,
            AWX_HOST=f"https://{NAME}", HTTPS_PROXY=proxy.url(),
        )  # fmt: skip
    assert ended.code == (0 if is_trusted else 3), ended.err
    assert ("no websocket through a proxy of the kind https://" in ended.err) is is_trusted
    assert bool(proxy.asked) is is_trusted
    assert websockets(tls_awx) == []
