"""JSON as it comes over the wire, made fit for all that is done with it."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

# AWX nests a dozen levels; what is much deeper overflows the stack of whoever works on it.
DEEPEST = 100
# What has more digits overflows a float as soon as one reckons with it.
MOST_DIGITS = 300


def parse(content: bytes | str) -> object:
    """Return what a JSON text says; raises ValueError where it is none, or nested too deep.

    A number that is beyond all measure (NaN, 1e999, one of thousands of digits) is None, and half
    of a surrogate pair, which no file or terminal takes, is a question mark.
    """
    # AWX sends UTF-8, as JSON has to be.
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    try:
        found: object = json.loads(
            text, parse_int=_integer, parse_float=_number, parse_constant=lambda _: None
        )
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    _check_depth(found)
    return _clean(found) if "\\ud" in text or "\\uD" in text else found


def _integer(text: str) -> int | None:
    # Nearly all are short, and a long list has ten thousands of them.
    if len(text) <= MOST_DIGITS or len(text.lstrip("-")) <= MOST_DIGITS:
        return int(text)
    return None


def _number(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None


def _check_depth(found: object) -> None:
    """Go down level by level, since that needs no stack."""
    level: list[Any] = [found] if isinstance(found, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise ValueError("it is nested too deep")


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value
