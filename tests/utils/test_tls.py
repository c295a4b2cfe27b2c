from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from utils.awx_client.tls import TlsAdapter, make_context, proxy_options
from utils.errors import Unreachable

if TYPE_CHECKING:
    from tests.certificates import Certificates


def test_tls_1_2_or_later_is_spoken_with_whom_is_verified_and_whom_is_not() -> None:
    for verify, mode in ((True, ssl.CERT_REQUIRED), (False, ssl.CERT_NONE)):
        context = make_context(verify, None)
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
        assert (context.verify_mode, context.check_hostname) == (mode, verify)


def test_only_the_authority_that_is_named_is_trusted(certificates: Certificates) -> None:
    assert len(make_context(certificates.authority, None).get_ca_certs()) == 1
    assert len(make_context(True, None).get_ca_certs()) > 50


def test_a_context_is_made_once_for_each_trust(certificates: Certificates) -> None:
    adapter = TlsAdapter()
    assert adapter.context(False, None) is adapter.context(False, None)
    assert adapter.context(False, None) is not adapter.context(certificates.authority, None)


@pytest.mark.parametrize(
    ("proxy", "found"),
    [
        ("http://proxy.test:3128", ("proxy.test", 3128, None)),
        ("proxy.test:3128", ("proxy.test", 3128, None)),
        ("http://proxy.test", ("proxy.test", 80, None)),
        ("http://[::1]:3128", ("::1", 3128, None)),
        ("http://ann:a%40b@proxy.test:3128", ("proxy.test", 3128, ("ann", "a@b"))),
        ("ann:a%40b@proxy.test:3128", ("proxy.test", 3128, ("ann", "a@b"))),
    ],
)
def test_a_websocket_takes_the_proxy_of_the_requests(
    proxy: str, found: tuple[str, int, object]
) -> None:
    options = proxy_options(proxy)
    names = ("http_proxy_host", "http_proxy_port", "http_proxy_auth")
    assert tuple(options[name] for name in names) == found


@pytest.mark.parametrize("scheme", ["https", "socks5"])
def test_no_websocket_goes_through_a_proxy_of_another_kind(scheme: str) -> None:
    with pytest.raises(Unreachable, match=f"of the kind {scheme}://$"):
        proxy_options(f"{scheme}://ann:s3cret@proxy.test:3128")
