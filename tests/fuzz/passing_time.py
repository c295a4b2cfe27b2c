"""Time that passes only where the program sleeps, for all of the program at once."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from typing import TYPE_CHECKING
from unittest import mock

from tests.fuzz.true_answers import ROOT, program_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType

    from tests.fake_awx import FakeTime


@contextmanager
def passing(fake: FakeTime) -> Iterator[None]:
    """Let everything that takes a clock or a `sleep` have that one where it is given none."""
    ours = ((time.sleep, fake.sleep), (time.monotonic, fake.clock))

    def instead(value: object) -> object:
        return next((fakes for real, fakes in ours if value is real), value)

    with ExitStack() as stack:
        for function in _with_time():
            defaults = tuple(instead(each) for each in function.__defaults__ or ())
            by_name = {key: instead(each) for key, each in (function.__kwdefaults__ or {}).items()}
            stack.enter_context(mock.patch.object(function, "__defaults__", defaults))
            stack.enter_context(mock.patch.object(function, "__kwdefaults__", by_name))
        yield


@cache
def _with_time() -> tuple[FunctionType, ...]:
    """Return every function and method of the program that has a real clock for a default."""
    found = []
    for file in program_files():
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = import_module(name)
        owners = [module, *(each for _, each in getmembers(module, isclass))]
        for owner in owners:
            for _, function in getmembers(owner, isfunction):
                given = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
                is_ours = function.__module__ == name
                if is_ours and any(each in {time.sleep, time.monotonic} for each in given):
                    found.append(function)
    return tuple(dict.fromkeys(found))
