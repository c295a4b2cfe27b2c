from __future__ import annotations

import pytest

from utils.json_text import DEEPEST, parse


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": [1, -2.5, "é", null, true]}', {"a": [1, -2.5, "é", None, True]}),
        ("\ufeff{}", {}),
        ("[NaN, Infinity, -Infinity, 1e999, -1e999]", [None] * 5),
        (f"[1e308, {'9' * 300}, -{'9' * 300}, {'9' * 301}, {'9' * 5000}]",
         [1e308, 10**300 - 1, 1 - 10**300, None, None]),
        (r'{"\ud800": ["x\udfff"]}', {"?": ["x?"]}),
        (r'["\ud83d\ude00", "\\ud800"]', ["😀", r"\ud800"]),
        ("[" * DEEPEST + "]" * DEEPEST, None),
    ],
)  # fmt: skip
def test_what_a_text_says(text: str, found: object) -> None:
    said = parse(text.encode())
    assert said == found if found is not None else isinstance(said, list)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"{} {}", b"\xff\xfe{\x00}\x00", b'"\xed\xa0\x80"', b"\x80",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b"[" * 900 + b"]" * 900, b"[" * 200_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
    ],
)  # fmt: skip
def test_what_is_no_json_or_nested_too_deep_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(content)
