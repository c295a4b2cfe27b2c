from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import HOST, FakeAwx
from utils.awx_client import Client
from utils.errors import UsageError
from utils.session import session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.certificates import Certificates


def sent_with(settings: Settings, awx: FakeAwx) -> dict[str, object]:
    """Return what a request of a session is sent with."""
    awx.get("ping/", {})
    with session(settings) as (client, _, _done):
        client.get("ping/")
    found: dict[str, object] = vars(awx.requests[-1])["req_kwargs"]
    return found


def test_two_secrets_on_standard_input_are_told_before_anything_is_sent(
    settings: Callable[..., Settings], awx: FakeAwx
) -> None:
    asked = settings(token_file="-", password_file="-")
    with pytest.raises(UsageError, match="--token-file and --password-file"), session(asked):
        pytest.fail("it began")
    assert awx.sent == []


def test_the_client_is_made_as_the_settings_say(
    settings: Callable[..., Settings], awx: FakeAwx, certificates: Certificates
) -> None:
    files = {
        "ca_bundle": certificates.authority,
        "client_cert": certificates.client,
        "client_key": certificates.client_key,
    }
    found = sent_with(settings(read_timeout="2m", connect_timeout="3", **files), awx)
    assert found["verify"] == files["ca_bundle"]
    assert found["cert"] == (files["client_cert"], files["client_key"])
    assert found["timeout"] == (3.0, 120.0)


def test_insecure_wins_over_a_bundle(
    settings: Callable[..., Settings], awx: FakeAwx, certificates: Certificates
) -> None:
    made = settings(ca_bundle=certificates.authority, verify_ssl="false")
    assert sent_with(made, awx)["verify"] is False


def test_nothing_is_sent_before_it_is_needed(
    settings: Callable[..., Settings], awx: FakeAwx
) -> None:
    with session(settings()) as (client, same, done):
        assert isinstance(client, Client)
        assert (client.host, same.host, done.get(Client)) == (HOST, HOST, None)
    assert awx.sent == []


@pytest.mark.parametrize("name", ["ca_bundle", "client_cert", "client_key"])
def test_a_file_that_cannot_be_read_is_told_with_its_source(
    settings: Callable[..., Settings], tmp_path: Path, name: str
) -> None:
    flag = f"--{name.replace('_', '-')}"
    told = f"{flag}: cannot read {tmp_path}/none: No such file"
    with pytest.raises(UsageError, match=told), session(settings(**{name: tmp_path / "none"})):
        pytest.fail("there is no session")


def test_a_key_without_its_certificate_is_told(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_text("PEM")
    with (
        pytest.raises(UsageError, match="--client-key needs --client-cert"),
        session(settings(client_key=key)),
    ):
        pytest.fail("there is no session")
