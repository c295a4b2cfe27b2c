"""What went wrong with a connection: whether anything was sent, whether it may pass, in words."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
import urllib3

from utils.http_answers import TLS_REFUSALS, explain_lost_connection, explain_tls, innermost


def is_surely_unsent(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have reached AWX."""
    before_sending = (
        requests.exceptions.ConnectTimeout,
        requests.exceptions.InvalidJSONError,
        ValueError,
    )
    if isinstance(error, before_sending) or _is_tls_refusal(error):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def explain(error: requests.RequestException, url: str) -> str:
    """Return one line: what is wrong with the connection, and what to look at."""
    parts = urlsplit(url)
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        text = f"the proxy refuses ({innermost(error)}): see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"
    elif isinstance(error, requests.exceptions.SSLError):
        text = explain_tls(str(error))
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        text = "no connection in time: is the host right, is a firewall in between?"
    elif isinstance(error, requests.exceptions.ReadTimeout):
        text = "no answer in time (--read-timeout)"
    elif isinstance(error, requests.exceptions.InvalidJSONError):
        text = f"not sent, since JSON cannot say it ({error})"
    elif isinstance(error, ValueError):
        text = f"no usable address ({error})"
    else:
        text = explain_lost_connection(error)
    return f"{parts.scheme}://{parts.netloc}: {text}"


def may_pass(error: requests.RequestException) -> bool:
    """Tell whether the same request may do better in a moment (a bad certificate will not)."""
    lasting = (ValueError, requests.exceptions.InvalidJSONError)
    return not isinstance(error, lasting) and not _is_tls_refusal(error)


def _is_tls_refusal(error: requests.RequestException) -> bool:
    """Tell whether the two sides do not agree on TLS; a broken connection looks alike to it."""
    words = str(error).lower()
    return isinstance(error, requests.exceptions.SSLError) and any(
        sign in words for sign in TLS_REFUSALS
    )
