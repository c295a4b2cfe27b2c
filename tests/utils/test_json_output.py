from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from utils import json_output
from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings

DOCUMENT = {"job": {"id": 40, "name": "größe"}, "steps": [{"n": 1}, {"n": 2}], "none": None}


def written(
    settings: Settings, capsysbinary: pytest.CaptureFixture[bytes], document: object = DOCUMENT
) -> str:
    json_output.writer(settings)(document)
    return capsysbinary.readouterr().out.decode()


def test_without_a_filter_it_is_the_document(
    settings: Callable[..., Settings], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = written(settings(output="json"), capsysbinary)
    assert json.loads(text) == DOCUMENT
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (".job.id", "40\n"),
        (".job.name", "größe\n"),
        (".steps[].n", "1\n2\n"),
        (".steps[0]", '{"n": 1}\n'),
        (".none", "null\n"),
        ("empty", ""),
        (".steps | length", "2\n"),
    ],
)
def test_a_filter_writes_each_result_on_a_line_and_texts_plain(
    settings: Callable[..., Settings],
    capsysbinary: pytest.CaptureFixture[bytes],
    expression: str,
    text: str,
) -> None:
    assert written(settings(jq=expression), capsysbinary) == text


def test_an_expression_that_is_none_is_told_before_anything_is_done(
    settings: Callable[..., Settings],
) -> None:
    with pytest.raises(UsageError, match=r"--jq '\.job\['"):
        json_output.writer(settings(jq=".job["))


def test_one_that_does_not_fit_the_document_is_told(settings: Callable[..., Settings]) -> None:
    write = json_output.writer(settings({"AWX_JQ": ".job[0]"}))
    with pytest.raises(UsageError, match="AWX_JQ: Cannot index object with number"):
        write(DOCUMENT)


def test_what_can_be_asked_for_again_is_not_written_where_a_filter_does_not_fit(
    settings: Callable[..., Settings], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write = json_output.writer(settings(jq=".job[0]"))
    with pytest.raises(UsageError, match=r"number \(0\)$"):
        write(DOCUMENT)
    assert capsysbinary.readouterr().out == b""


def test_what_cannot_is_written_whole(
    settings: Callable[..., Settings], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write = json_output.writer(settings(jq=".job[0]"))
    with pytest.raises(UsageError, match="here is the whole document"):
        json_output.write_surely(write, DOCUMENT)
    assert json.loads(capsysbinary.readouterr().out) == DOCUMENT


class TestWriteAnyway:
    def test_a_filter_that_does_not_fit_is_only_told(
        self,
        settings: Callable[..., Settings],
        capsysbinary: pytest.CaptureFixture[bytes],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        json_output.write_anyway(json_output.writer(settings(jq=".job[0]")), DOCUMENT)
        assert json.loads(capsysbinary.readouterr().out) == DOCUMENT
        (record,) = caplog.records
        assert record.levelname == "ERROR"
        assert "--jq: Cannot index object with number" in record.message

    def test_a_full_disk_is_only_told(self, caplog: pytest.LogCaptureFixture) -> None:
        def write(_document: object) -> None:
            raise UsageError("cannot write standard output: No space left on device")

        json_output.write_anyway(write, DOCUMENT)
        assert [each.levelname for each in caplog.records] == ["ERROR"]
        assert "No space left" in caplog.text

    def test_what_fits_is_written_as_ever(
        self,
        settings: Callable[..., Settings],
        capsysbinary: pytest.CaptureFixture[bytes],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        json_output.write_anyway(json_output.writer(settings(jq=".job.id")), DOCUMENT)
        assert capsysbinary.readouterr().out == b"40\n"
        assert caplog.records == []
