"""A survey's answers: what AWX finds wrong with them, and what it fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.aliases import Json

Problem = list[str]


def problems(survey: dict[str, Any], given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the answers, in AWX's words; empty when they will do."""
    found: list[str] = []
    for question in survey["spec"]:
        name = question["variable"]
        if name not in given:
            if question["required"]:
                found.append(f"'{name}' value missing")
            continue
        found += CHECKS[question["type"]](question, given[name])
    return found


def answers(survey: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with the defaults of the questions that were not answered."""
    filled = {
        q["variable"]: q["default"]
        for q in survey["spec"]
        if q["variable"] not in given and q["default"] != ""
    }
    return {**filled, **given}


def _text(question: dict[str, Any], value: Json) -> Problem:
    name = question["variable"]
    if not isinstance(value, str):
        return [f"Value {value} for '{name}' expected to be a string."]
    least, most = question.get("min"), question.get("max")
    if value == "$encrypted$":
        return []
    if least and len(value) < least and (question["required"] or value):
        short = f"length is {len(value)} must be at least {least}"
        return [f"'{name}' value {value} is too small ({short})."]
    if most is not None and len(value) > most:
        return [f"'{name}' value {value} is too large (must be no more than {most})."]
    return []


def _figure(kinds: tuple[type, ...], word: str) -> Callable[[dict[str, Any], Any], Problem]:
    def test(question: dict[str, Any], value: Json) -> Problem:
        name = question["variable"]
        if not isinstance(value, kinds) or isinstance(value, bool):
            return [f"Value {value} for '{name}' expected to be {word}."]
        least, most = question.get("min"), question.get("max")
        if least is not None and value < least:
            return [f"'{name}' value {value} is too small (must be at least {least})."]
        if most is not None and value > most:
            return [f"'{name}' value {value} is too large (must be no more than {most})."]
        return []

    return test


def _choice(question: dict[str, Any], value: Json) -> Problem:
    name, choices = question["variable"], question["choices"]
    if value in choices or (value == "" and not question["required"]):
        return []
    return [f"Value {value} for '{name}' expected to be one of {choices}."]


def _choices(question: dict[str, Any], value: Json) -> Problem:
    name, choices = question["variable"], question["choices"]
    if not isinstance(value, list):
        return [f"'{name}' value is expected to be a list."]
    return [
        f"Value {item} for '{name}' expected to be one of {choices}."
        for item in value
        if item not in choices
    ]


CHECKS: dict[str, Callable[[dict[str, Any], Any], Problem]] = {
    "text": _text,
    "textarea": _text,
    "password": _text,
    "integer": _figure((int,), "an integer"),
    "float": _figure((int, float), "a numeric type"),
    "multiplechoice": _choice,
    "multiselect": _choices,
}
