"""What is told of TLS and proxies, which the tests provoke and docs/tls.md explains.

In braces stand the files that differ: {FILE}, {CERT}, {KEY}.
"""

from __future__ import annotations

UNKNOWN = (
    "TLS certificate refused: unable to get local issuer certificate; "
    "name its authority with --ca-bundle FILE"
)
OTHER_NAME = (
    "TLS certificate refused: IP address mismatch, certificate is not valid for '127.0.0.1'; "
    "set AWX_HOST to a name that it is for"
)
EXPIRED = (
    "TLS certificate refused: certificate has expired; "
    "have it renewed, unless this machine's clock is wrong"
)
NOT_YET_VALID = (
    "TLS certificate refused: certificate is not yet valid; is this machine's clock right?"
)
TOO_OLD = "AWX speaks no TLS 1.2 or later, and what is older is not safe: turn it on there"
NO_TLS = "no TLS on this port: is it http:// or another port?"
HTTPS_IS_DUE = (
    "400 The plain HTTP request was sent to HTTPS port; it is https:// there: set AWX_HOST so"
)
ENDED_HTTP = "; is it https:// there?"
ENDED_HTTPS = "; does AWX want a client certificate (--client-cert, --client-key)?"
WANTS_CLIENT = "AWX wants a client certificate: --client-cert, --client-key"
PAGE_WANTS_CLIENT = f"400 No required SSL certificate was sent; {WANTS_CLIENT}"
REFUSES_CLIENT = (
    "AWX refuses the client certificate, or wants one (tlsv1 alert unknown ca): "
    "see --client-cert, --client-key"
)
PAGE_REFUSES_CLIENT = (
    "400 The SSL certificate error; "
    "AWX refuses the client certificate: see --client-cert, --client-key"
)
NO_AGREEMENT = (
    "TLS refused: does AWX want a client certificate (--client-cert, --client-key), "
    "or has it no cipher that is safe?"
)

NO_CERTIFICATE = "--ca-bundle: {FILE} holds no certificate in PEM format"
NO_FILE = "--ca-bundle: cannot read {FILE}: No such file or directory"
NO_CLIENT_CERTIFICATE = "--client-cert: {FILE} holds no certificate in PEM format"
NO_KEY = "--client-cert: {CERT} holds no private key: name its file with --client-key"
NO_KEY_THERE = "--client-key: {FILE} holds no private key in PEM format"
OTHER_KEY = "--client-key: the key in {KEY} does not belong to the certificate in {CERT}"
ENCRYPTED = (
    "--client-key: the key in {KEY} is encrypted, and nobody can be asked for its passphrase: "
    "write it in plain with 'openssl pkey -in {KEY} -out FILE', for nobody else to read"
)
KEY_ALONE = "--client-key needs --client-cert, too"
NO_ENVIRONMENT = (
    "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE: cannot read {FILE}: No such file or directory"
)

WANTS_USER = (
    "the proxy wants a user and a password, or other ones (407): "
    "set HTTPS_PROXY and HTTP_PROXY to http://USER:PASSWORD@HOST:PORT"
)
FORBIDS = "the proxy refuses (403 Forbidden): see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"
NO_PROXY_THERE = (
    "no connection to the proxy ([Errno 111] Connection refused): "
    "see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"
)
SOCKS = "SOCKS proxies need PySocks (pip install PySocks): see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"


def all_messages() -> set[str]:
    """Return each of them, with the names in the place of files."""
    found = [value for name, value in globals().items() if name.isupper()]
    return {each.format(FILE="FILE", CERT="CERT", KEY="KEY") for each in found}
