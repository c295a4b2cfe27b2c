"""The files of TLS: which authorities are trusted, and who we are to AWX.

`source` is the flag or setting that names a file, and is told where the file cannot be used.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from utils.errors import UsageError


class _EncryptedError(Exception):
    """The key is encrypted."""


def load_authorities(context: ssl.SSLContext, path: str, source: str) -> None:
    """Let `context` trust the certificates of a PEM file, or of a folder as c_rehash makes it.

    Raises UsageError where the file cannot be read or holds no certificate.
    """
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise UsageError(f"{source}: {path} holds no certificate in PEM format") from None
    except OSError as error:
        raise UsageError(f"{source}: cannot read {path}: {error.strerror}") from None


def load_identity(
    context: ssl.SSLContext, cert: str, key: str, cert_source: str, key_source: str
) -> None:
    """Let `context` show that certificate where AWX asks for one; without `key` it has its key.

    Raises UsageError where the files cannot be read, hold something else, do not belong together,
    or where the key is encrypted.
    """
    load_authorities(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), cert, cert_source)
    holder, source = (key, key_source) if key else (cert, cert_source)
    try:
        # Without a password of ours OpenSSL asks on the terminal, and waits where there is none.
        context.load_cert_chain(cert, key or None, password=_refuse)
    except _EncryptedError:
        raise UsageError(
            f"{source}: the key in {holder} is encrypted, and nobody can be asked for its "
            f"passphrase: write it in plain with 'openssl pkey -in {holder} -out FILE', for "
            "nobody else to read"
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            problem = f"the key in {holder} does not belong to the certificate in {cert}"
        elif key:
            problem = f"{key} holds no private key in PEM format"
        else:
            problem = f"{cert} holds no private key: name its file with --client-key"
        raise UsageError(f"{source}: {problem}") from None
    except OSError as error:
        raise UsageError(f"{source}: cannot read {holder}: {error.strerror}") from None


def _refuse() -> str:
    raise _EncryptedError
