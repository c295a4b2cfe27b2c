from __future__ import annotations

from dataclasses import dataclass

import pytest

from utils.errors import Refused
from utils.results import Results, Skipped


@dataclass(frozen=True)
class Found:
    value: int


def test_a_result_is_found_by_its_type_and_a_later_one_replaces_it() -> None:
    done = Results()
    assert done.get(Found) is None
    done.add(Found(1))
    done.add(Found(2))
    assert (done[Found].value, Found in done, int in done) == (2, True, False)


def test_what_is_not_there_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Results()[Found]


def test_once_makes_it_once() -> None:
    done = Results()
    assert done.once(Found, lambda: Found(1)) == Found(1)
    assert done.once(Found, lambda: Found(2)) == Found(1)


def test_a_skipped_step_is_not_taken_for_its_result() -> None:
    done = Results()
    done.add(Skipped("no need"))
    assert done.get(Found) is None


def test_what_may_not_be_seen_is_skipped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    skipped = Skipped.because_of("inventory", Refused("AWX answered 403 to GET inventories/2/"))
    assert str(skipped) == "skipped: not shown to this user"
    (record,) = caplog.records
    assert (record.levelname, record.message) == (
        "INFO",
        "inventory not checked: AWX answered 403 to GET inventories/2/",
    )


def test_what_was_taken_is_given_back_at_the_end_last_first() -> None:
    given_back: list[str] = []

    def run() -> None:
        with Results() as done:
            done.callback(given_back.append, "first")
            done.callback(given_back.append, "second")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run()
    assert given_back == ["second", "first"]
