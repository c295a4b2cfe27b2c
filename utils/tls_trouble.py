"""What is wrong with a TLS connection, from OpenSSL's words or those of the nginx before AWX."""

from __future__ import annotations

import re

LONGEST_WORDS = 200

# Where no connection is made at all, however often it is tried: a sign of each in OpenSSL's words
# (in small letters, with spaces), and what to say of it.
_WANTS_OTHER = (
    "AWX refuses the client certificate, or wants one ({words}): see --client-cert, --client-key"
)
_NO_TLS = "no TLS on this port: is it http:// or another port?"
_NO_AGREEMENT = (
    "TLS refused: does AWX want a client certificate (--client-cert, --client-key), "
    "or has it no cipher that is safe?"
)
_REFUSALS = (
    ("certificate required", "AWX wants a client certificate: --client-cert, --client-key"),
    *((sign, _WANTS_OTHER) for sign in (
        "alert unknown ca", "alert bad certificate", "alert certificate",
        "alert unsupported certificate", "alert access denied", "alert decrypt error",
    )),
    ("wrong version number", _NO_TLS),
    ("record layer", _NO_TLS),
    ("handshake failure", _NO_AGREEMENT),
    *((sign, "AWX speaks no TLS 1.2 or later, and what is older is not safe: turn it on there")
      for sign in ("protocol version", "unsupported protocol")),
    ("unrecognized name", "AWX does not know itself by this name: set AWX_HOST to its own"),
    ("legacy renegotiation", "AWX's TLS is too old to be safe: update it"),
    ("dh key too small", "AWX's TLS is too weak to be safe: its DH key is too small"),
)  # fmt: skip

# What to do about a certificate that is not taken, by a sign in the reason.
_ADVICE = (
    ("mismatch", "set AWX_HOST to a name that it is for"),
    ("expired", "have it renewed, unless this machine's clock is wrong"),
    ("not yet valid", "is this machine's clock right?"),
    ("too weak", "have it replaced by a stronger one"),
    ("", "name its authority with --ca-bundle FILE"),
)

# nginx answers 400 with a page where others end the handshake.
_PAGES = (
    ("No required SSL certificate was sent",
     "AWX wants a client certificate: --client-cert, --client-key"),
    ("The SSL certificate error",
     "AWX refuses the client certificate: see --client-cert, --client-key"),
    ("The plain HTTP request was sent to HTTPS port", "it is https:// there: set AWX_HOST so"),
)  # fmt: skip


def openssl_words(text: str) -> str:
    """Return what OpenSSL says within an error's text; all of it where it says nothing."""
    found = re.search(r"(?:\[[A-Z0-9]+: [^\]]+\]|EOF occurred).*?(?= \(_ssl|\"?'?\)|$)", text)
    return (found[0].strip("'\" ") if found else text)[:LONGEST_WORDS]


def is_refusal(text: str) -> bool:
    """Tell whether the two sides do not agree on TLS; a broken connection looks alike to it."""
    return "CERTIFICATE_VERIFY_FAILED" in openssl_words(text) or bool(_refusal(text))


def may_come_late(text: str) -> bool:
    """Tell whether it may also be said of an answer that is broken, when a request was sent."""
    return _refusal(text) == _NO_TLS


def explain_tls(text: str) -> str:
    """Return what is wrong with a TLS connection and what to do, from an error's text."""
    words = openssl_words(text)
    if "CERTIFICATE_VERIFY_FAILED" in words:
        reason = words.partition("verify failed: ")[2].rstrip(". ") or "it is not trusted"
        advice = next(advice for sign, advice in _ADVICE if sign in reason)
        return f"TLS certificate refused: {reason}; {advice}"
    said = words.rpartition("] ")[2]
    return _refusal(text).format(words=said) or f"TLS failed: {said}"


def explain_page(words: str) -> str:
    """Return what a page of nginx says of TLS and what to do; empty where it is of other things."""
    return next((advice for sign, advice in _PAGES if sign in words), "")


def _refusal(text: str) -> str:
    words = openssl_words(text).lower().replace("_", " ")
    return next((told for sign, told in _REFUSALS if sign in words), "")
