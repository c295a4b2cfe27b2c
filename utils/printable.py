"""Text out of AWX as it may stand on a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text without what would move the cursor, or change the text around it."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " for each in text)
