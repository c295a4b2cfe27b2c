"""Reading the text of a flag or a setting: each reader raises ValueError with what it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS_S = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
# Of the larger units first, each at most once.
_DURATION = re.compile("".join(f"(?:(?P<{unit}>{_NUMBER}){unit})?" for unit in _UNITS_S))
_WORDS = {"true": True, "yes": True, "on": True, "1": True,
          "false": False, "no": False, "off": False, "0": False}  # fmt: skip
_HIGHEST_PORT = 65535
_MOST_DIGITS = 18
LONGEST_S = 10 * 366 * 86400.0


def duration_s(text: str) -> float:
    """Return seconds from `90`, `90s`, `1.5m`, `2h`, `7d` or `1h30m`; zero is not a duration."""
    text = text.strip()
    if match := _DURATION.fullmatch(text):
        seconds = sum(float(each or 0) * _UNITS_S[unit] for unit, each in match.groupdict().items())
    else:
        seconds = float(text) if re.fullmatch(_NUMBER, text) else 0.0
    if not 0 < seconds <= LONGEST_S:
        raise ValueError("takes a duration of up to ten years such as 90, 90s, 30m, 1h30m or 7d")
    return seconds


def factor(text: str) -> float:
    """Return a number from 1 to 100."""
    match = re.fullmatch(r"\d{1,3}(?:\.\d{1,6})?", text.strip())
    number = float(match[0]) if match else 0.0
    if not 1 <= number <= 100:  # noqa: PLR2004  # said in the message
        raise ValueError("takes a number from 1 to 100")
    return number


def percentage(text: str) -> float:
    """Return a share from 0 to 1 from `99`, `99.5` or `99.5%`."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s*%?", text.strip())
    number = float(match[1]) if match else 0.0
    # Less than one is rather a share that was meant.
    if not 1 <= number <= 100:  # noqa: PLR2004  # said in the message
        raise ValueError("takes a percentage from 1 to 100 such as 99 or 99.5%")
    return number / 100


def boolean(text: str) -> bool:
    """Return true or false from the usual words for them."""
    try:
        return _WORDS[text.strip().lower()]
    except KeyError:
        raise ValueError("takes true or false") from None


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return a reader of whole numbers within those bounds."""
    span = f"from {least}" + (f" to {most}" if most is not None else "")

    def read(text: str) -> int:
        if not text.strip().isdecimal() or len(text) > _MOST_DIGITS:
            raise ValueError(f"takes a whole number {span}")
        number = int(text)
        if number < least or (most is not None and number > most):
            raise ValueError(f"takes a whole number {span}")
        return number

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader of one of those words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"takes {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    return read


def address(text: str) -> str:
    """Return the http or https address of a server, without a slash at its end."""
    try:
        parts = urlsplit(text)
        port_ok = parts.port is None or 0 < parts.port <= _HIGHEST_PORT
    except ValueError:
        raise ValueError("takes an address such as https://awx.example.com") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_ok:
        raise ValueError("takes an address such as https://awx.example.com")
    if parts.username or parts.password:
        raise ValueError(
            "takes an address without user and password: set AWX_USERNAME and AWX_PASSWORD"
        )
    if parts.query or parts.fragment:
        raise ValueError("takes an address without ? or #")
    return text.rstrip("/")


def loopback(text: str) -> str:
    """Return an http address of this machine that a browser on it can be sent back to.

    Port 0 is any that is free.
    """
    try:
        parts = urlsplit(text)
        is_ours = parts.hostname in {"127.0.0.1", "localhost", "::1"} and parts.port != -1
    except ValueError:
        is_ours = False
    if not is_ours or parts.scheme != "http" or parts.username or parts.query or parts.fragment:
        raise ValueError("takes an address of this machine such as http://127.0.0.1:8060/callback")
    return text


def words(text: str) -> tuple[str, ...]:
    """Return the items of a list with commas between them."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def token(text: str) -> str:
    """Return a token as it can stand in a header, without the newline that a file may end in."""
    text = text.strip()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("takes a token: letters and digits without spaces between")
    return text
