from __future__ import annotations

import pytest

from utils.tls_trouble import explain_page, explain_tls, is_refusal

# As an error of requests quotes OpenSSL.
QUOTED = "HTTPSConnectionPool(host='h', port=1): Max retries exceeded with url: /x/?q=handshake "


def quoted(words: str) -> str:
    return f'{QUOTED}(Caused by SSLError(SSLError(1, "{words} (_ssl.c:1006)")))'


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: EE certificate key too weak",
         "EE certificate key too weak; have it replaced"),
        ("[SSL: TLSV1_UNRECOGNIZED_NAME] tlsv1 unrecognized name", "AWX_HOST"),
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol", "no TLS 1.2 or later"),
        ("[SSL: UNSAFE_LEGACY_RENEGOTIATION_DISABLED] unsafe legacy renegotiation disabled",
         "too old to be safe"),
        ("[SSL: DH_KEY_TOO_SMALL] dh key too small", "its DH key is too small"),
        ("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate",
         "(sslv3 alert bad certificate): see --client-cert"),
        ("[SSL: SSL/TLS_ALERT_BAD_CERTIFICATE] ssl/tls alert bad certificate",
         "(ssl/tls alert bad certificate): see --client-cert"),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_told_with_what_to_do(words: str, told: str) -> None:
    assert told in explain_tls(quoted(words))
    assert is_refusal(quoted(words))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
         "TLS failed: EOF occurred in violation of protocol"),
        ("[SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error",
         "TLS failed: tlsv1 alert internal error"),
    ],
)  # fmt: skip
def test_what_may_pass_is_told_in_openssls_words(words: str, told: str) -> None:
    assert explain_tls(quoted(words)) == told
    assert not is_refusal(quoted(words))


def test_no_word_of_an_address_is_taken_for_openssls() -> None:
    assert not is_refusal(quoted("[SSL: ODD] something odd"))


def test_only_a_page_about_tls_is_explained() -> None:
    assert "--client-cert" in explain_page("400 No required SSL certificate was sent")
    assert not explain_page("400 Bad Request")
