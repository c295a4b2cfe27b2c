"""What went wrong with a connection: whether anything was sent, whether it may pass, in words."""

from __future__ import annotations

import re

import requests
import urllib3

from utils.http_answers import PROXY_WANTS_USER, explain_lost_connection, innermost, origin_of
from utils.tls_trouble import explain_tls, is_refusal, may_come_late

_MAY_WANT = "does AWX want a client certificate (--client-cert, --client-key)?"
_PROXY_SETTINGS = "see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"


def is_surely_unsent(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have reached AWX."""
    before_sending = (
        requests.exceptions.ConnectTimeout,
        requests.exceptions.InvalidJSONError,
        ValueError,
    )
    if isinstance(error, before_sending) or _status_of_tunnel(error):
        return True
    if _is_tls_refusal(error):
        return not may_come_late(str(error))
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.ProxyError):
        # A ProxyError alone proves nothing: an answer that is lost on its way back is one, too.
        reason = reason.original_error
    no_connection = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
    )
    return isinstance(reason, no_connection)


def explain(error: requests.RequestException, url: str, *, is_first: bool = False) -> str:
    """Return one line: what is wrong with the connection, and what to look at.

    `is_first` tells that there was no answer yet, so that all of the address may be wrong.
    """
    if _is_of_proxy(error):
        text = _explain_proxy(error)
    elif isinstance(error, requests.exceptions.SSLError):
        text = explain_tls(str(error))
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        text = "no connection in time: is the host right, is a firewall in between?"
    elif isinstance(error, requests.exceptions.ReadTimeout):
        text = "no answer in time (--read-timeout)"
    elif isinstance(error, requests.exceptions.InvalidJSONError):
        text = f"not sent, since JSON cannot say it ({error})"
    elif isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        text = f"SOCKS proxies need PySocks (pip install PySocks): {_PROXY_SETTINGS}"
    elif isinstance(error, ValueError):
        text = f"no usable address ({error})"
    else:
        text = explain_lost_connection(error)
    if is_first and _is_cut(error):
        text += f"; {'is it https:// there?' if url.startswith('http:') else _MAY_WANT}"
    return f"{origin_of(url)}: {text}"


def _is_of_proxy(error: requests.RequestException) -> bool:
    """Tell whether the proxy is in the way, and not AWX behind it."""
    if isinstance(error, requests.exceptions.InvalidProxyURL) or _status_of_tunnel(error):
        return True
    return isinstance(error, requests.exceptions.ProxyError) and is_surely_unsent(error)


def _explain_proxy(error: requests.RequestException) -> str:
    status = _status_of_tunnel(error)
    if status == "407":
        return PROXY_WANTS_USER
    if status or isinstance(error, ValueError):
        return f"the proxy refuses ({innermost(error)}): {_PROXY_SETTINGS}"
    reason = explain_tls(str(error)) if _is_tls_refusal(error) else innermost(error)
    return f"no connection to the proxy ({reason}): {_PROXY_SETTINGS}"


def _status_of_tunnel(error: requests.RequestException) -> str:
    """Return the status that a proxy answers to CONNECT in place of a tunnel, if it does."""
    found = re.search(r"Tunnel connection failed: (\d{3})", str(error))
    return found[1] if found else ""


def may_pass(error: requests.RequestException) -> bool:
    """Tell whether the same request may do better in a moment (a bad certificate will not)."""
    lasting = (ValueError, requests.exceptions.InvalidJSONError)
    if isinstance(error, lasting) or _is_tls_refusal(error):
        return False
    return not _status_of_tunnel(error).startswith("4")


def _is_tls_refusal(error: requests.RequestException) -> bool:
    kinds = (requests.exceptions.SSLError, requests.exceptions.ProxyError)
    return isinstance(error, kinds) and is_refusal(str(error))


def _is_cut(error: requests.RequestException) -> bool:
    """Tell whether the other side has ended the connection without a word."""
    if isinstance(error, requests.exceptions.SSLError):
        return not is_refusal(str(error))
    reason = error.args[0] if error.args else None
    return isinstance(reason, urllib3.exceptions.ProtocolError) and "StatusLine" not in str(reason)
