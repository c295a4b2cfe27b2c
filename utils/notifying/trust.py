"""Whom we trust to take a message: TLS with servers other than AWX."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import certifi

if TYPE_CHECKING:
    from config import Settings


def context(settings: Settings) -> ssl.SSLContext:
    """Return how TLS is spoken: verified by this system's authorities, or SSL_CERT_FILE's.

    An authority that is named for AWX is trusted, too; what AWX need not prove, others must.
    """
    made = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not paths.capath:  # a bare container has none
        made.load_verify_locations(certifi.where())
    if settings.ca_bundle:
        from utils.tls_files import load_authorities  # noqa: PLC0415  # seldom needed

        load_authorities(made, settings.ca_bundle, settings.source("ca_bundle"))
    return made


def problem(error: BaseException) -> str:
    """Return what is wrong with a connection, in few words."""
    error = _inner(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def may_pass(error: BaseException) -> bool:
    """Tell whether trying again may help."""
    return not isinstance(_inner(error), ssl.SSLCertVerificationError)


def _inner(error: BaseException) -> BaseException:
    """Return the error that urllib has put another one around."""
    inner = getattr(error, "reason", None)
    return inner if isinstance(inner, BaseException) else error
