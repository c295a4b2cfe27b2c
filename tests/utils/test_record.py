from __future__ import annotations

import pytest

from utils.errors import BadAnswer
from utils.record import Record


def record(**fields: object) -> Record:
    return Record(fields, "GET /api/v2/jobs/5/")


@pytest.mark.parametrize(
    ("reader", "bad", "kind"),
    [
        ("text", [5, True, ["a"], {}, None], "text"),
        ("integer", ["5", 5.5, True, False, [], None], "a whole number"),
        ("number", ["5", True, {}, None], "a number"),
        ("flag", ["true", 1, 0, [], None], "true or false"),
        ("record", ["x", 1, [], None], "an object"),
    ],
)
def test_a_field_of_another_type_is_told_with_its_request(
    reader: str, bad: list[object], kind: str
) -> None:
    for value in bad:
        with pytest.raises(BadAnswer) as error:
            getattr(record(x=value), reader)("x")
        assert str(error.value) == f"GET /api/v2/jobs/5/: 'x' is {value!r} and should be {kind}"


@pytest.mark.parametrize("reader", ["text", "integer", "number", "flag", "record"])
def test_a_missing_field_is_told(reader: str) -> None:
    with pytest.raises(BadAnswer, match="'x' is missing and should be"):
        getattr(record(), reader)("x")


def test_fields_of_the_right_type_are_returned() -> None:
    found = record(a="text", b=5, c=1.5, d=True, e={"f": 0})
    assert (found.text("a"), found.integer("b"), found.number("c"), found.number("b")) == (
        "text", 5, 1.5, 5.0,
    )  # fmt: skip
    assert found.flag("d") is True
    assert found.record("e").integer("f") == 0


@pytest.mark.parametrize("fields", [{}, {"x": None}])
def test_null_and_absent_are_the_same_to_the_patient_readers(fields: dict[str, object]) -> None:
    found = record(**fields)
    assert found.maybe_text("x") == ""
    assert found.maybe_integer("x") is None
    assert found.maybe_record("x").fields == {}
    assert found.time("x") is None
    assert found.records("x") == []
    assert found.texts("x") == []
    assert found.flag("x", default=True) is True
    assert "x" not in found


@pytest.mark.parametrize(
    "reader", ["maybe_text", "maybe_integer", "maybe_record", "records", "texts"]
)
def test_the_patient_readers_do_not_take_another_type(reader: str) -> None:
    with pytest.raises(BadAnswer, match=r"'x' is 1\.5"):
        getattr(record(x=1.5), reader)("x")


def test_false_and_zero_and_empty_text_are_there() -> None:
    found = record(a=False, b=0, c="")
    assert found.flag("a", default=True) is False
    assert found.maybe_integer("b") == 0
    assert all(key in found for key in "abc")


@pytest.mark.parametrize(
    "text", ["2026-11-21T22:16:19.826047Z", "2026-11-21T22:16:19.826047+00:00"]
)
def test_a_time_has_its_zone(text: str) -> None:
    moment = record(x=text).time("x")
    assert moment is not None
    assert moment.isoformat() == "2026-11-21T22:16:19.826047+00:00"


def test_a_time_without_a_zone_is_utc() -> None:
    moment = record(x="2026-11-21T22:16:19").time("x")
    assert moment is not None
    assert moment.isoformat() == "2026-11-21T22:16:19+00:00"


def test_a_time_that_is_none_is_told() -> None:
    with pytest.raises(BadAnswer, match="'x' is 'soon' and should be a time"):
        record(x="soon").time("x")


def test_a_list_of_something_else_than_objects_is_told() -> None:
    with pytest.raises(BadAnswer, match="'results' should hold objects, not 7"):
        record(results=[{}, 7]).records("results")


def test_an_endless_value_is_not_told_whole() -> None:
    with pytest.raises(BadAnswer) as error:
        record(x="y" * 100_000).integer("x")
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_no_calendar_takes_elsewhere_is_told(text: str) -> None:
    with pytest.raises(BadAnswer, match="should be a time"):
        record(x=text).time("x")
