"""A browser as a person uses it: logs in at AWX's own pages and agrees, or does not.

`python browser.py ADDRESS`; who logs in is told by BROWSER_USER and BROWSER_PASSWORD, and
BROWSER_SAYS is what happens: allow, deny, forge (another answer comes before the right one) or
babble (nonsense does).
Each address that was visited goes to the file BROWSER_HISTORY.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests


def visit(session: requests.Session, method: str, address: str, **data: str) -> requests.Response:
    """Return the page that an address ends at, noting it as a browser's history does."""
    answer = session.request(method, address, data=data or None, timeout=10)
    with Path(os.environ["BROWSER_HISTORY"]).open("a") as history:
        history.write(f"{answer.url}\n")
    return answer


def fields(page: requests.Response) -> dict[str, str]:
    """Return what a page's form holds."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="submit"' not in tag:
            found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    return found


def babble(place: str) -> None:
    """Ask for what is no address, and go away in the middle of asking."""
    parts = urlsplit(place)
    for words in (b"GET http://[/ HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"GET /callback"):
        with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as connection:
            connection.sendall(words)
            if words.endswith(b"\n"):
                connection.recv(1024)
            # It is reset, not closed.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def main(address: str) -> None:
    """Log in, answer the question whether the application may act for us, and follow it home."""
    with requests.Session() as session:
        session.trust_env = False
        page = visit(session, "GET", address)
        if 'name="username"' in page.text:
            form = fields(page) | {
                "username": os.environ["BROWSER_USER"],
                "password": os.environ["BROWSER_PASSWORD"],
            }
            (action,) = re.findall(r'<form action="([^"]*)"', page.text)
            page = visit(session, "POST", urljoin(page.url, action), **form)
        form, says = fields(page), os.environ["BROWSER_SAYS"]
        if says == "babble":
            babble(form["redirect_uri"])
        if says == "forge":
            forged = f"{form['redirect_uri']}?code=forged&state=another"
            visit(session, "GET", forged)
        if says != "deny":
            form["allow"] = "Authorize"
        page = visit(session, "POST", page.url, **form)
        sys.stdout.write(page.text)


if __name__ == "__main__":
    main(sys.argv[1])
