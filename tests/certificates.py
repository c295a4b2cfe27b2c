"""Certificates that are made for the tests: of an authority, of servers, of clients."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("localhost", "127.0.0.1")
PASSPHRASE = "open-sesame"


class Certificates:
    """An authority of its own, and what it has signed, each made when it is first asked for.

    `folder` takes the files that a command line names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA()
        self._other = trustme.CA()

    def _write(self, name: str, content: bytes) -> str:
        path = self._folder / name
        path.write_bytes(content)
        return str(path)

    @cached_property
    def authority(self) -> str:
        """The file of the authority that has signed AWX's certificate."""
        return self._write("authority.pem", self._authority.cert_pem.bytes())

    @cached_property
    def other_authority(self) -> str:
        """The file of an authority that has not."""
        return self._write("other.pem", self._other.cert_pem.bytes())

    @cached_property
    def _client(self) -> trustme.LeafCert:
        return self._authority.issue_cert("client@example.com")

    @cached_property
    def _strange_client(self) -> trustme.LeafCert:
        return self._other.issue_cert("client@example.com")

    @cached_property
    def client(self) -> str:
        """The file of a client's certificate."""
        return self._write("client.pem", self._client.cert_chain_pems[0].bytes())

    @cached_property
    def client_key(self) -> str:
        """The file of its key."""
        return self._write("client.key", self._client.private_key_pem.bytes())

    @cached_property
    def client_with_key(self) -> str:
        """The file of both."""
        return self._write("both.pem", self._client.private_key_and_cert_chain_pem.bytes())

    @cached_property
    def encrypted_key(self) -> str:
        """The file of that key, encrypted with a passphrase."""
        key = load_pem_private_key(self._client.private_key_pem.bytes(), password=None)
        encryption = BestAvailableEncryption(PASSPHRASE.encode())
        content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        return self._write("encrypted.key", content)

    @cached_property
    def strange_client(self) -> str:
        """The file of a client's certificate, with its key, of the other authority."""
        content = self._strange_client.private_key_and_cert_chain_pem.bytes()
        return self._write("strange.pem", content)

    @cached_property
    def strange_key(self) -> str:
        """The file of the key of that one."""
        return self._write("strange.key", self._strange_client.private_key_pem.bytes())

    def server(
        self, *names: str, valid_for_days: tuple[int, int] = (-1, 1), asks_client: bool = False
    ) -> ssl.SSLContext:
        """Return how a server with these names speaks TLS, those of loopback where none is given.

        Its certificate is valid between these days from now. With `asks_client` it wants to see a
        certificate of the same authority.
        """
        now = datetime.now(timezone.utc)
        begin, end = (now + timedelta(days=each) for each in valid_for_days)
        leaf = self._authority.issue_cert(*names or NAMES, not_before=begin, not_after=end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        if asks_client:
            context.verify_mode = ssl.CERT_REQUIRED
            self._authority.configure_trust(context)
        return context
