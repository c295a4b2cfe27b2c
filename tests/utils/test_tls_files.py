from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.tls_files import load_authorities, load_identity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.certificates import Certificates


@pytest.fixture
def context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def test_the_certificates_of_a_file_are_trusted(
    context: ssl.SSLContext, certificates: Certificates
) -> None:
    load_authorities(context, certificates.authority, "--ca-bundle")
    assert len(context.get_ca_certs()) == 1


def test_a_folder_is_looked_into_when_there_is_a_need(
    context: ssl.SSLContext, tmp_path: Path
) -> None:
    load_authorities(context, str(tmp_path), "REQUESTS_CA_BUNDLE")
    assert context.get_ca_certs() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "holds no certificate"), (b"\xff\x00", "holds no certificate"), (None, "cannot read")],
)
def test_a_file_without_certificates_is_told_with_its_source(
    context: ssl.SSLContext, tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=f"^AWX_CA_BUNDLE: .*{told}"):
        load_authorities(context, str(path), "AWX_CA_BUNDLE")


def test_what_is_wrong_with_a_key_names_the_keys_source(
    context: ssl.SSLContext, certificates: Certificates
) -> None:
    for key, told in (
        (certificates.strange_key, "does not belong to"),
        (certificates.encrypted_key, "is encrypted"),
        (certificates.authority, "holds no private key"),
        ("/nowhere/key.pem", "cannot read /nowhere/key.pem"),
    ):
        with pytest.raises(UsageError, match=f"^AWX_CLIENT_KEY: .*{told}"):
            load_identity(context, certificates.client, key, "AWX_CLIENT_CERT", "AWX_CLIENT_KEY")


def test_a_certificate_that_has_its_key_needs_no_other_file(
    context: ssl.SSLContext, certificates: Certificates
) -> None:
    load_identity(context, certificates.client_with_key, "", "AWX_CLIENT_CERT", "AWX_CLIENT_KEY")
    with pytest.raises(UsageError, match=r"^AWX_CLIENT_CERT: .* name its file with --client-key"):
        load_identity(context, certificates.client, "", "AWX_CLIENT_CERT", "AWX_CLIENT_KEY")
