"""A report as JSON takes it (docs/report.schema.json): every figure by its name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date


def document(value: object) -> object:
    """Return a report, or any part of it: its fields, and what follows from them (rates ...)."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value)]
        names += [name for name, each in vars(type(value)).items() if isinstance(each, property)]
        return {name: document(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [document(each) for each in value]
    if isinstance(value, date):  # a time is one, too
        return value.isoformat()
    return value
