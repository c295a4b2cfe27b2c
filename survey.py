"""A template's survey: which answers are needed, and whether those given will be taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from utils.record import Record

TEXT_TYPES = frozenset({"text", "textarea", "password"})
NUMBER_TYPES = frozenset({"integer", "float"})
# AWX's word for a secret that it keeps: as an answer it stands for the question's own default.
ENCRYPTED = "$encrypted$"


def answers(spec: list[Record], given: Mapping[str, object]) -> dict[str, object]:
    """Return the answers to send: what was given, and the default of each required question.

    AWX takes the default of an optional question by itself, but refuses a launch that leaves out
    a required one, default or not; its own web form sends the default. Text for a question that
    wants a number or a list is read as such, since `-e count=3` can say nothing else.
    """
    found = dict(given)
    for question in spec:
        name = question.text("variable")
        required = question.flag("required", default=False)
        if name not in found and required and question.fields.get("default") not in (None, ""):
            found[name] = question.fields["default"]
        if isinstance(found.get(name), str):
            found[name] = _typed(question.text("type"), str(found[name]))
    return found


def _typed(kind: str, text: str) -> object:
    if kind == "multiselect":
        return text.splitlines() if "\n" in text else [word.strip() for word in text.split(",")]
    if kind == "integer" and re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    if kind == "float" and re.fullmatch(r"[+-]?\d{0,300}\.?\d+(?:[eE][+-]?\d{1,2})?", text):
        return float(text)
    return text


def problems(spec: list[Record], given: Mapping[str, object]) -> list[str]:
    """Return what AWX would refuse of these answers, a line each."""
    found = []
    for question in spec:
        name = question.text("variable")
        if name in given:
            found += [f"{name} {text}" for text in _wrong(question, given[name])]
        elif question.flag("required", default=False):
            asked = question.maybe_text("question_name")
            found.append(f"the answer to {asked!r} is missing, pass -e {name}=...")
    return found


def _wrong(question: Record, answer: object) -> list[str]:
    kind = question.text("type")
    if kind in TEXT_TYPES:
        if not isinstance(answer, str):
            value = "not text" if kind == "password" else f"{answer!r} and not text"
            return [f"is {value}: quote it"]
        return [] if answer == ENCRYPTED else _outside(question, len(answer), " characters")
    if kind in NUMBER_TYPES:
        whole = kind == "integer"
        if isinstance(answer, bool) or not isinstance(answer, int if whole else int | float):
            return [f"is {answer!r} and should be {'a whole' if whole else 'a'} number"]
        return _outside(question, answer)
    return _not_offered(question, answer if isinstance(answer, list) else [answer])


def _outside(question: Record, size: float, unit: str = "") -> list[str]:
    least, most = _bound(question, "min"), _bound(question, "max")
    if least is not None and size < least:
        return [f"must be at least {least:g}{unit}"]
    if most is not None and size > most:
        return [f"must be at most {most:g}{unit}"]
    return []


def _bound(question: Record, key: str) -> float | None:
    try:
        # AWX takes the text "1" for a number here, as its form once sent it.
        return float(str(question.fields.get(key)))
    except ValueError:
        return None


def _not_offered(question: Record, answers: list[object]) -> list[str]:
    choices = question.fields.get("choices")
    # Older surveys hold their choices as lines of one text.
    offered = choices.splitlines() if isinstance(choices, str) else choices
    if not isinstance(offered, list):
        return []
    strange = [answer for answer in answers if answer not in offered]
    listed = ", ".join(str(choice) for choice in offered)
    return [f"is {strange[0]!r} and must be one of: {listed}"] if strange else []
