"""Addresses and words of servers without the secrets that may be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "***"
# What is shorter stands in many a word.
SHORTEST = 4
LONGEST = 200


def origin(url: str) -> str:
    """Return scheme and host of an address: the rest of a webhook's is its secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{parts.hostname}{port}"


def parts_of(url: str) -> list[str]:
    """Return what must not be told of an address: all of it, its path, its words, its user."""
    rest = url.partition("://")[2]
    try:
        parts = urlsplit(url)
        words = [parts.path, parts.query, parts.username or "", parts.password or ""]
    except ValueError:
        words = []
    words += rest.replace("?", "/").replace("&", "/").replace("=", "/").replace("@", "/").split("/")
    return [url, rest, *words, *map(unquote, words)]


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text as one short line in which no secret stands."""
    text = " ".join(printable(text).split())
    for each in sorted(set(secrets), key=len, reverse=True):
        if len(each) >= SHORTEST:
            text = text.replace(each, HIDDEN)
    return text[:LONGEST]
