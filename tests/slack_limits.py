"""Slack's documented limits of what a webhook takes, and the checks of its own library."""

from __future__ import annotations

import re
from typing import Any

from slack_sdk.models.blocks import Block

MOST_BLOCKS, MOST_HEADER, MOST_TEXT, MOST_FIELD, MOST_FIELDS = 50, 150, 3000, 2000, 10
# Only these three have a meaning, and only as entities or around a link.
LINK = re.compile(r"<https?://[^<>|]+\|[^<>|]*>")


def check(payload: dict[str, Any]) -> None:
    """Raise AssertionError for what Slack would refuse or show wrongly."""
    assert set(payload) == {"text", "blocks", "unfurl_links"}
    assert 0 < len(payload["text"]) <= MOST_TEXT
    blocks = payload["blocks"]
    assert 0 < len(blocks) <= MOST_BLOCKS
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None, block
        parsed.validate_json()
        for text in texts(block):
            assert text["text"], block
            if text["type"] == "mrkdwn":
                bare = LINK.sub("", text["text"])
                assert not set("<>") & set(bare), bare
                assert not re.search(r"&(?!amp;|lt;|gt;)", bare), bare
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= MOST_HEADER
            assert block["text"]["type"] == "plain_text"
        if block["type"] == "section":
            assert len(block.get("text", {}).get("text", "")) <= MOST_TEXT
            assert len(block.get("fields", ())) <= MOST_FIELDS
            assert all(len(each["text"]) <= MOST_FIELD for each in block.get("fields", ()))


def texts(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every text in a block."""
    found = [block["text"]] if "text" in block else []
    return [*found, *block.get("fields", ()), *block.get("elements", ())]
