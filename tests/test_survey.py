from __future__ import annotations

import pytest

import survey
from utils.record import Record


def question(kind: str = "text", **fields: object) -> Record:
    row = {"type": kind, "variable": "x", "question_name": "What?", "required": True,
           "default": "", "choices": "", **fields}  # fmt: skip
    return Record(row, "GET survey_spec/")


class TestAnswers:
    def test_the_default_of_a_required_question_is_sent(self) -> None:
        assert survey.answers([question(default="dev")], {}) == {"x": "dev"}

    def test_that_of_an_optional_one_is_left_to_awx(self) -> None:
        assert survey.answers([question(default="dev", required=False)], {}) == {}

    @pytest.mark.parametrize("default", ["", None])
    def test_no_default_is_none(self, default: str | None) -> None:
        assert survey.answers([question(default=default)], {}) == {}

    def test_a_default_may_be_a_list(self) -> None:
        spec = [question("multiselect", default=["dev", "prod"])]
        assert survey.answers(spec, {}) == {"x": ["dev", "prod"]}

    def test_an_answer_wins_over_the_default(self) -> None:
        assert survey.answers([question(default="dev")], {"x": "prod"}) == {"x": "prod"}

    def test_variables_beside_the_survey_stay(self) -> None:
        assert survey.answers([question()], {"x": "a", "y": 1}) == {"x": "a", "y": 1}

    @pytest.mark.parametrize(
        ("kind", "text", "typed"),
        [
            ("integer", "3", 3),
            ("integer", "three", "three"),
            ("integer", "3.5", "3.5"),
            ("float", "1.5", 1.5),
            ("float", "2", 2.0),
            ("text", "3", "3"),
            ("password", "3", "3"),
            ("multiplechoice", "3", "3"),
            ("multiselect", "a, b", ["a", "b"]),
            ("multiselect", "a\nb c", ["a", "b c"]),
            ("multiselect", "a", ["a"]),
        ],
    )
    def test_text_is_read_as_the_question_wants_it(
        self, kind: str, text: str, typed: object
    ) -> None:
        assert survey.answers([question(kind)], {"x": text}) == {"x": typed}


class TestProblems:
    @pytest.mark.parametrize(
        ("kind", "answer", "bounds", "told"),
        [
            ("text", 5, {}, "x is 5 and not text: quote it"),
            ("text", "ab", {"min": 3}, "x must be at least 3 characters"),
            ("password", 5, {}, "x is not text: quote it"),
            ("text", "ab", {"min": "3"}, "x must be at least 3 characters"),
            ("integer", 10, {"max": "9"}, "x must be at most 9"),
            ("float", 0.5, {"min": "1.5"}, "x must be at least 1.5"),
            ("textarea", "abcd", {"max": 3}, "x must be at most 3 characters"),
            ("password", "ab", {"min": 3}, "x must be at least 3 characters"),
            ("integer", 1.5, {}, "x is 1.5 and should be a whole number"),
            ("integer", True, {}, "x is True and should be a whole number"),
            ("integer", "three", {}, "x is 'three' and should be a whole number"),
            ("integer", 0, {"min": 1}, "x must be at least 1"),
            ("integer", 10, {"max": 9}, "x must be at most 9"),
            ("float", "x", {}, "x is 'x' and should be a number"),
            ("float", 0.5, {"min": 1}, "x must be at least 1"),
            ("multiplechoice", "qa", {"choices": ["dev", "prod"]},
             "x is 'qa' and must be one of: dev, prod"),
            ("multiplechoice", "qa", {"choices": "dev\nprod"},
             "x is 'qa' and must be one of: dev, prod"),
            ("multiselect", ["dev", "qa"], {"choices": ["dev", "prod"]},
             "x is 'qa' and must be one of: dev, prod"),
        ],
    )  # fmt: skip
    def test_what_awx_would_refuse_is_told(
        self, kind: str, answer: object, bounds: dict[str, object], told: str
    ) -> None:
        assert survey.problems([question(kind, **bounds)], {"x": answer}) == [told]

    @pytest.mark.parametrize(
        ("kind", "answer", "bounds"),
        [
            ("text", "abc", {"min": 3, "max": 3}),
            ("text", "", {"min": 0, "max": 3}),
            ("text", "anything", {"min": None, "max": ""}),
            ("password", "$encrypted$", {"max": 3}),
            ("integer", 1, {"min": 1, "max": 1}),
            ("float", 2, {}),
            ("integer", 5, {"min": "1", "max": "9"}),
            ("integer", 5, {"min": "", "max": "many"}),
            ("float", 1.5, {"min": 1, "max": 2}),
            ("multiplechoice", "dev", {"choices": ["dev"]}),
            ("multiselect", ["dev", "prod"], {"choices": "dev\nprod\nqa"}),
            ("multiselect", [], {"choices": ["dev"]}),
            ("multiplechoice", "anything", {"choices": None}),
        ],
    )
    def test_what_awx_would_take_is_not(
        self, kind: str, answer: object, bounds: dict[str, object]
    ) -> None:
        assert survey.problems([question(kind, **bounds)], {"x": answer}) == []

    def test_a_missing_answer_is_told_only_where_it_is_required(self) -> None:
        assert survey.problems([question()], {}) == [
            "the answer to 'What?' is missing, pass -e x=..."
        ]
        assert survey.problems([question(required=False)], {}) == []

    def test_all_of_them_are_told(self) -> None:
        spec = [question(variable="a"), question(variable="b")]
        assert len(survey.problems(spec, {"b": 1})) == 2
