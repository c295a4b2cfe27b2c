"""TLS against servers that speak it: whole runs, and each thing that can be wrong with it."""

from __future__ import annotations

import re
import ssl
import time
from typing import TYPE_CHECKING

import pytest

from demo.server import DemoServer
from tests.certificates import PASSPHRASE
from tests.e2e import tls_messages as told
from tests.e2e.conftest import PASSWORD, ROOT, SPEED
from tests.e2e.tls_messages import all_messages
from tests.e2e.tls_peers import page, peer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.certificates import Certificates
    from tests.e2e.conftest import Ended, RunMain

# Longer than any command needs to start, and less than what passing trouble is waited for.
AT_ONCE_S = 1.9
# No authorities of the developer's own.
USUAL = {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""}


@pytest.fixture(scope="module")
def tls_awx(certificates: Certificates) -> Iterator[DemoServer]:
    """An embedded AWX over TLS, which shows a certificate of `certificates.authority`."""
    with DemoServer(password=PASSWORD, speed=SPEED, tls=certificates.server()) as server:
        yield server


@pytest.fixture(scope="module")
def strict_awx(certificates: Certificates) -> Iterator[DemoServer]:
    """An embedded AWX over TLS that wants to see a client's certificate."""
    tls = certificates.server(asks_client=True)
    with DemoServer(password=PASSWORD, speed=SPEED, tls=tls) as server:
        yield server


def assert_pushed(ended: Ended, awx: DemoServer) -> None:
    """Check that a run went well and that its job was followed by the websocket."""
    assert ended.code == 0, ended.err
    sockets = [status for method, _, status in awx.awx.requests if method == "WS"]
    assert sockets == [101]
    assert awx.awx.tokens == {}


def test_a_run_trusts_the_authority_that_is_named(
    tls_awx: DemoServer, main: RunMain, certificates: Certificates
) -> None:
    tls_awx.awx.requests.clear()
    # What the environment would have trusted does not count then.
    ended = main(
        "--template", "9", "--ca-bundle", certificates.authority, AWX_HOST=tls_awx.url,
        REQUESTS_CA_BUNDLE=certificates.other_authority,
    )  # fmt: skip
    assert_pushed(ended, tls_awx)
    assert "not verified" not in ended.err


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environments_authorities_count_for_the_websocket_too(
    tls_awx: DemoServer, main: RunMain, certificates: Certificates, name: str
) -> None:
    tls_awx.awx.requests.clear()
    env = {"REQUESTS_CA_BUNDLE": "", name: certificates.authority}
    ended = main("--template", "9", AWX_HOST=tls_awx.url, **env)
    assert_pushed(ended, tls_awx)


def test_insecure_trusts_anyone_and_says_so_once(tls_awx: DemoServer, main: RunMain) -> None:
    tls_awx.awx.requests.clear()
    ended = main("--template", "9", "--insecure", AWX_HOST=tls_awx.url)
    assert_pushed(ended, tls_awx)
    assert ended.err.count(f"not verified (--insecure): {tls_awx.url} may be anyone") == 1


def test_a_run_shows_its_certificate_to_whom_asks_for_it(
    strict_awx: DemoServer, main: RunMain, certificates: Certificates
) -> None:
    strict_awx.awx.requests.clear()
    ended = main(
        "--template", "9", "--ca-bundle", certificates.authority,
        "--client-cert", certificates.client, "--client-key", certificates.client_key,
        AWX_HOST=strict_awx.url,
    )  # fmt: skip
    assert_pushed(ended, strict_awx)


def test_certificate_and_key_may_be_in_one_file(
    strict_awx: DemoServer, main: RunMain, certificates: Certificates
) -> None:
    ended = main(
        "ping", "--insecure", AWX_HOST=strict_awx.url, AWX_CLIENT_CERT=certificates.client_with_key
    )
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"ca_bundle": "junk"}, told.NO_CERTIFICATE),
        ({"ca_bundle": "empty"}, told.NO_CERTIFICATE),
        ({"ca_bundle": "missing"}, told.NO_FILE),
        ({"client_cert": "junk"}, told.NO_CLIENT_CERTIFICATE),
        ({"client_cert": "client"}, told.NO_KEY),
        ({"client_cert": "client", "client_key": "junk"}, told.NO_KEY_THERE),
        ({"client_cert": "client", "client_key": "strange_key"}, told.OTHER_KEY),
        ({"client_cert": "client", "client_key": "encrypted_key"}, told.ENCRYPTED),
        ({"client_key": "client_key"}, told.KEY_ALONE),
    ],
)
def test_a_file_that_cannot_be_used_is_told_before_anything_is_sent(
    main: RunMain,
    certificates: Certificates,
    tmp_path: Path,
    files: dict[str, str],
    message: str,
) -> None:
    paths = {name: str(tmp_path / name) for name in ("junk", "empty", "missing")}
    (tmp_path / "junk").write_bytes(b"-----BEGIN CERTIFICATE-----\nno\xff\n")
    (tmp_path / "empty").touch()
    for name in ("client", "client_key", "strange_key", "encrypted_key"):
        paths[name] = getattr(certificates, name)
    named = {name: paths[value] for name, value in files.items()}
    args = [part for name, path in named.items() for part in (f"--{name.replace('_', '-')}", path)]
    with peer(certificates.server()) as (port, came):
        ended = main("--template", "9", *args, AWX_HOST=f"https://127.0.0.1:{port}")
    assert (ended.code, came) == (2, [])
    cert, key = named.get("client_cert", ""), named.get("client_key", "")
    file = named.get("ca_bundle") or key or cert
    assert only_line(ended).endswith(f"error: {message.format(FILE=file, CERT=cert, KEY=key)}")
    assert PASSPHRASE not in ended.err


def test_authorities_that_the_environment_names_in_vain_are_told(main: RunMain) -> None:
    ended = main("ping", AWX_HOST="https://127.0.0.1:9", REQUESTS_CA_BUNDLE="/nowhere/ca.pem")
    assert ended.code == 2
    assert told.NO_ENVIRONMENT.format(FILE="/nowhere/ca.pem") in only_line(ended)


def only_line(ended: Ended) -> str:
    """Return what is told on stderr, which is one line, and nothing is on stdout."""
    assert ended.out == ""
    lines = ended.err.splitlines()
    assert len(lines) == 1, ended.err
    return lines[0]


def up_to(tls: ssl.SSLContext, version: str) -> ssl.SSLContext:
    """Let a server speak no later version than that, and any older one."""
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion[version]
    tls.set_ciphers("ALL:@SECLEVEL=0")
    return tls


def with_old_ciphers(tls: ssl.SSLContext) -> ssl.SSLContext:
    """Let a server offer only what is not safe any more."""
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("AES128-SHA:@SECLEVEL=0")
    return tls


def up_to_1_2(tls: ssl.SSLContext) -> ssl.SSLContext:
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    return tls


def other(certificates: Certificates) -> list[str]:
    return ["--ca-bundle", certificates.other_authority]


def known(certificates: Certificates) -> list[str]:
    return ["--ca-bundle", certificates.authority]


def strange(certificates: Certificates) -> list[str]:
    return ["--ca-bundle", certificates.authority, "--client-cert", certificates.strange_client]


# By what is wrong: how the server speaks TLS, the flags, and what is told.
Case = tuple[
    "Callable[[Certificates], ssl.SSLContext | None]", "Callable[[Certificates], list[str]]", str
]
SERVERS: dict[str, Case] = {
    "unknown authority": (lambda made: made.server(), other, told.UNKNOWN),
    "usual authorities": (lambda made: made.server(), lambda _: [], told.UNKNOWN),
    "another name": (lambda made: made.server("awx.example.com"), known, told.OTHER_NAME),
    "expired": (lambda made: made.server(valid_for_days=(-3, -1)), known, told.EXPIRED),
    "not yet valid": (lambda made: made.server(valid_for_days=(1, 3)), known, told.NOT_YET_VALID),
    "wants a client certificate": (
        lambda made: made.server(asks_client=True), known, told.WANTS_CLIENT,
    ),
    "wants a client certificate, TLS 1.2": (
        lambda made: up_to_1_2(made.server(asks_client=True)), known, told.NO_AGREEMENT,
    ),
    "refuses the client certificate": (
        lambda made: made.server(asks_client=True), strange, told.REFUSES_CLIENT,
    ),
    "refuses the client certificate, TLS 1.2": (
        lambda made: up_to_1_2(made.server(asks_client=True)), strange, told.REFUSES_CLIENT,
    ),
    "only TLS 1.1": (lambda made: up_to(made.server(), "TLSv1_1"), known, told.TOO_OLD),
    "only TLS 1.0": (lambda made: up_to(made.server(), "TLSv1"), known, told.TOO_OLD),
    "only ciphers of old": (lambda made: with_old_ciphers(made.server()), known, told.NO_AGREEMENT),
    "http where https is due": (lambda _: None, known, told.NO_TLS),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("name", SERVERS)
def test_what_is_wrong_with_tls_is_told_at_once_with_what_to_do(
    main: RunMain, certificates: Certificates, name: str
) -> None:
    serve, args, message = SERVERS[name]
    with peer(serve(certificates), page("400 Bad Request", "what?")) as (port, came):
        host = f"https://127.0.0.1:{port}"
        began = time.monotonic()
        ended = main("ping", *args(certificates), AWX_HOST=host, **USUAL)
        took_s = time.monotonic() - began
    assert ended.code == 3
    assert only_line(ended).endswith(f"error: {host}: {message}")
    assert len(came) == 1
    assert took_s < AT_ONCE_S


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ("https", told.PAGE_WANTS_CLIENT),
        ("https", told.PAGE_REFUSES_CLIENT),
        ("http", told.HTTPS_IS_DUE),
    ],
)
def test_what_nginx_says_of_tls_in_a_page_is_told_at_once(
    main: RunMain, certificates: Certificates, scheme: str, message: str
) -> None:
    tls = certificates.server() if scheme == "https" else None
    with peer(tls, page("400 Bad Request", message.partition(";")[0])) as (port, came):
        host = f"{scheme}://127.0.0.1:{port}"
        ended = main("ping", *known(certificates), AWX_HOST=host)
    assert ended.code == 3
    assert only_line(ended).endswith(f"error: {host}: {message}")
    assert len(came) == 1


@pytest.mark.parametrize(
    ("scheme", "message"), [("http", told.ENDED_HTTP), ("https", told.ENDED_HTTPS)]
)
def test_a_server_that_ends_the_connection_without_a_word_is_doubted(
    main: RunMain, strict_awx: DemoServer, certificates: Certificates, scheme: str, message: str
) -> None:
    host = strict_awx.url.replace("https", scheme)
    ended = main("ping", *known(certificates), AWX_HOST=host)
    assert ended.code == 3
    assert ended.err.splitlines()[-1].endswith(message)


def test_the_document_explains_each_message_and_no_other() -> None:
    text = (ROOT / "docs" / "tls.md").read_text()
    assert set(re.findall(r"^\|.*\| `(.+?)` \| \d \|$", text, re.MULTILINE)) == all_messages()
