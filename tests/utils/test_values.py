from __future__ import annotations

import pytest

from utils import values


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5m", 90), ("30m", 1800), ("2h", 7200), ("7d", 604800),
     (" 5s ", 5), ("0.5", 0.5), ("1h30m", 5400), ("1d12h", 129600), ("1h0.5s", 3600.5)],
)  # fmt: skip
def test_a_duration(text: str, seconds: float) -> None:
    assert values.duration_s(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0s",
        "0.0h",
        "-5",
        "5 m",
        "5M",
        "m",
        "30m1h",
        "1h30",
        "1h1h",
        "1e3",
        "\u0663s",
        "inf",
        "nan",
        "1,5",
    ],
)
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90, 90s, 30m, 1h30m or 7d"):
        values.duration_s(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("true", True), ("Yes", True), ("ON", True), ("1", True), (" false ", False), ("no", False),
     ("off", False), ("0", False)],
)  # fmt: skip
def test_a_boolean(text: str, found: bool) -> None:
    assert values.boolean(text) is found


@pytest.mark.parametrize("text", ["", "2", "maybe", "truee"])
def test_no_boolean(text: str) -> None:
    with pytest.raises(ValueError, match="takes true or false"):
        values.boolean(text)


def test_a_whole_number_within_bounds() -> None:
    read = values.whole_number(0, 5)
    assert [read(text) for text in ("0", "5", " 3 ", "03")] == [0, 5, 3, 3]


@pytest.mark.parametrize("text", ["-1", "6", "1.0", "", "one", "0x1", "²"])
def test_no_whole_number_within_bounds(text: str) -> None:
    with pytest.raises(ValueError, match="takes a whole number from 0 to 5"):
        values.whole_number(0, 5)(text)


def test_bounds_without_an_upper_end_are_told_so() -> None:
    assert values.whole_number(1)("1000000") == 1_000_000
    with pytest.raises(ValueError, match=r"takes a whole number from 1$"):
        values.whole_number(1)("0")


def test_one_of() -> None:
    read = values.one_of("always", "auto", "never")
    assert read("auto") == "auto"
    with pytest.raises(ValueError, match="takes always, auto or never"):
        read("Auto")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://awx.example.com", "https://awx.example.com"),
        ("http://awx.example.com:8080/", "http://awx.example.com:8080"),
        ("https://example.com/tower//", "https://example.com/tower"),
        ("http://[::1]:8052", "http://[::1]:8052"),
    ],
)
def test_an_address(text: str, found: str) -> None:
    assert values.address(text) == found


@pytest.mark.parametrize(
    "text",
    ["awx.example.com", "ftp://awx", "https://", "https:///x", "http://awx:0", "http://awx:99999",
     "http://awx:port", "//awx", "http://ann:pass@awx", "http://awx/?x=1", "http://awx/#/jobs",
     "http://[::1"],
)  # fmt: skip
def test_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="takes an address"):
        values.address(text)


def test_words() -> None:
    assert values.words(" web01, ,web02,") == ("web01", "web02")
    assert values.words("") == ()


@pytest.mark.parametrize("text", ["t0ken", " t0ken", "t0ken\n", "\tt0ken\r\n"])
def test_a_token_is_taken_without_the_blanks_around_it(text: str) -> None:
    assert values.token(text) == "t0ken"


@pytest.mark.parametrize("text", ["two words", "a\nb", "a\x00b", "tökén", "a\x7fb"])
def test_no_token(text: str) -> None:
    with pytest.raises(ValueError, match="takes a token") as error:
        values.token(text)
    assert text not in str(error.value)
