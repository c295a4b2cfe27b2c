from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.extra_vars import kept, merge

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a=1", {"a": "1"}),
        ("a=1 b=two", {"a": "1", "b": "two"}),
        ('a="two words" b=x', {"a": "two words", "b": "x"}),
        ("message=it is late", {"message": "it is late"}),
        ("url=https://x/?a=b&c=d", {"url": "https://x/?a=b&c=d"}),
        ("a=", {"a": ""}),
        ("größe=ä€😀", {"größe": "ä€😀"}),
        ('{"a": 1, "b": [true, null, 1.5], "c": {"d": "x=y"}}',
         {"a": 1, "b": [True, None, 1.5], "c": {"d": "x=y"}}),
        ('{"text": "a=b"}', {"text": "a=b"}),
        ('{"emoji": "\\ud83d\\ude00 ü"}', {"emoji": "😀 ü"}),
        ("a: 1", {"a": 1}),
        ("a: '1'", {"a": "1"}),
        ("{a: yes, b: 1.5, c: [x, y]}", {"a": True, "b": 1.5, "c": ["x", "y"]}),
        ("a: x=y", {"a": "x=y"}),
        ("day: 2026-01-31", {"day": "2026-01-31"}),
        ("days: [{from: 2026-01-31}]", {"days": [{"from": "2026-01-31"}]}),
        ("1: one", {"1": "one"}),
        ("{}", {}),
        ("", {}),
        ("---\n", {}),
    ],
)  # fmt: skip
def test_each_spelling(text: str, found: dict[str, object], tmp_path: Path) -> None:
    assert merge([text], "--extra-vars", tmp_path) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "no name and value in what was passed"),
        ("[1, 2]", "no name and value"),
        ("5", "no name and value"),
        ('{"a": 1', "neither"),
        ("a: [1,\nb: 2", r"neither \(line 2\)"),
        ('a="unclosed', "closing quotation"),
        ("!!python/object:os.system {}", "neither"),
    ],
)
def test_anything_else_is_told_with_its_source(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=told) as error:
        merge([text], "AWX_EXTRA_VARS", tmp_path)
    assert str(error.value).startswith("AWX_EXTRA_VARS")


DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": NaN}', id="NaN"),
        pytest.param('{"a": [{"b": -Infinity}]}', id="infinity within"),
        pytest.param("a: .nan", id=".nan"),
        pytest.param("a: [1, -.inf]", id="-.inf"),
        pytest.param("a: &x [*x]", id="a list that holds itself"),
        pytest.param("&x {a: *x}", id="a mapping that holds itself"),
        pytest.param("a: " + "[" * DEEP + "]" * DEEP, id="deep YAML"),
        pytest.param('{"a": ' + "[" * DEEP + "]" * DEEP + "}", id="deep JSON"),
        pytest.param("day: 2026-13-45", id="no such day"),
        pytest.param("at: 2026-01-01T25:00:00Z", id="no such hour"),
        pytest.param("a: " + "9" * 5000, id="a number without end"),
        pytest.param("? [1, 2]\n: 3", id="a list for a name"),
    ],
)
def test_what_json_cannot_carry_is_bad_usage(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--extra-vars") as error:
        merge([text], "--extra-vars", tmp_path)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        "s3cret", "5s3cret", "[s3cret]", '"s3cret"', '{"password": "s3cret"', "a: s3cret: s3cret",
        "password: [s3cret", 'password="s3cret', "password: !!int s3cret", "- password: s3cret",
        '{"password": "s3cret", "n": NaN}', "password: s3cret\nday: 2026-13-45",
        "password: &x [s3cret, *x]", "{password: s3cret, ? [s3cret] : 1}", "!!s3cret {a: s3cret}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("from_file", [False, True])
def test_a_value_is_never_repeated(text: str, from_file: bool, tmp_path: Path) -> None:
    if from_file:
        (tmp_path / "vars.yml").write_text(text)
    with pytest.raises(UsageError) as error:
        merge(["@vars.yml" if from_file else text], "-e", tmp_path)
    assert "s3cret" not in str(error.value)


def test_what_is_named_twice_in_yaml_does_not_hold_itself(tmp_path: Path) -> None:
    found = merge(["a: &x [1]\nb: *x\nc: {d: *x}"], "-e", tmp_path)
    assert found == {"a": [1], "b": [1], "c": {"d": [1]}}


def test_a_later_one_wins(tmp_path: Path) -> None:
    texts = ["a=1 b=1", '{"b": 2, "c": 2}', "c: 3"]
    assert merge(texts, "-e", tmp_path) == {"a": "1", "b": 2, "c": 3}


@pytest.mark.parametrize("content", ['{"a": 1, "ü": "ß"}', "a: 1\nü: ß\n", "\ufeffa: 1\nü: ß\n"])
def test_a_file_of_json_or_yaml(content: str, tmp_path: Path) -> None:
    (tmp_path / "vars.yml").write_text(content, encoding="utf-8")
    assert merge(["@vars.yml"], "-e", tmp_path) == {"a": 1, "ü": "ß"}


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    file = tmp_path / "vars.yml"
    file.write_text("a: 1")
    assert merge([f"@{file}"], "-e", tmp_path / "elsewhere") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8"), (b"just text", "no name and value"),
     (b"a=1", "no name and value"), (b"a: [", "neither")],
)  # fmt: skip
def test_a_file_that_is_no_use_is_named(content: bytes | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "vars.yml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=told) as error:
        merge(["@vars.yml"], "-e", tmp_path)
    assert str(file) in str(error.value)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Is a directory"):
        merge(["@."], "-e", tmp_path)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, {"a": 1}),
        ("a: 1", {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ("---", {}),
        ("[1", {}),
        ('["a"]', {}),
        (None, {}),
    ],
)
def test_what_awx_keeps_is_read_as_it_reads_it(value: object, found: dict[str, object]) -> None:
    assert kept(value) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [("x: .inf\na: 1", ["none: JSON has no inf, so AWX cannot take it"]), ("", [])],
)
def test_what_awx_keeps_and_nobody_can_read_is_told(
    caplog: pytest.LogCaptureFixture, text: str, told: list[str]
) -> None:
    assert kept(text) == {}
    assert [each.message.partition("count as ")[2] for each in caplog.records] == told
