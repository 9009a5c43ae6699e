# SPDX-License-Identifier: AGPL-3.0-or-later
"""No float in any exact path: while we count, the type of every value in every frame is looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any, get_args

import pytest

import kollontai.counting
from kollontai.counting import book
from kollontai.counting.apportionment import Method, apportion
from kollontai.counting.ballots import make
from kollontai.counting.budgets import RULES as BUDGETS
from kollontai.counting.budgets import fund
from kollontai.counting.files.pabulib import Budget, Project
from kollontai.counting.stv import RULES, count
from kollontai.counting.yesno import count_yes_no

LIBRARY = str(Path(kollontai.counting.__file__).parent)
ALLOWED = {f"{LIBRARY}/budgets/shares_fast.py"}
"""Looks for the next project of equal shares with floats; near ties are decided by `shares.py`."""
PAPERS = [((0, 1, 2), 412), ((0, 1, 3), 318), ((0, 2), 217), ((1, 3), 220), ((2, 3), 218), ((3, 2), 155)]
RATED = [({"a": 5, "b": 3}, 2), ({"a": 4, "b": 5, "c": 1}, 3), ({"a": 4, "c": 5}, 4)]
APPROVED = [(frozenset({0, 1, 2}), 3), (frozenset({0, 1, 3}), 1), (frozenset({4}), 2)]
CITY = Budget(
    tuple(Project(name, Fraction(cost)) for name, cost in (("a", 30), ("b", 45), ("c", 27), ("d", 81))),
    Fraction(100), "approval", 7, (((0, 1), (), 3), ((1, 2), (), 2), ((0, 3), (), 2)), {},
)  # fmt: skip


EXACT = frozenset({int, str, bool, bytes, type(None), Fraction})
"""What most values are, and holds no float."""


def holds_float(value: Any, deep: int = 3) -> bool:
    """Whether a value is a float or holds one. Arrays say by their type what they hold."""
    if type(value) in EXACT:
        return False
    if isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f":
        return True
    if not deep:
        return False
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(holds_float(one, deep - 1) for one in value)
    inside = getattr(value, "__dict__", None) or {
        name: getattr(value, name) for name in getattr(type(value), "__slots__", ()) if hasattr(value, name)
    }
    ours = type(value).__module__.startswith("kollontai.counting")
    return ours and any(holds_float(one, deep - 1) for one in inside.values())


def floats_in(work: Callable[[], object]) -> tuple[set[str], int]:
    """Where floats were seen while this ran, and how many calls of the library were looked at."""
    found: set[str] = set()
    looked = 0

    def look(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal looked
        file = frame.f_code.co_filename
        if event == "return" and file.startswith(LIBRARY) and file not in ALLOWED:
            looked += 1
            for name, value in (*frame.f_locals.items(), ("what it returns", arg)):
                if holds_float(value):
                    found.add(f"{file.removeprefix(LIBRARY)}: {name} in {frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found, looked


def all_rules() -> dict[str, Callable[[], object]]:
    seats = {rule.name: 1 if rule.one_seat else 2 for rule in RULES.values()}
    full = [((0, 1, 2, 3), 412), ((1, 0, 3, 2), 318), ((2, 3, 1, 0), 227), ((3, 2, 0, 1), 155)]
    works: dict[str, Callable[[], object]] = {
        name: lambda name=name: count(  # type: ignore[misc]
            make([*"abcd"], seats[name], full if RULES[name].full else PAPERS), name, seed="s", fast=False
        )
        for name in RULES
    }
    for name, method in book.METHODS.items():
        if method.counts[0] == "rankings":
            works[name] = lambda name=name: book.by_pairs(name, make([*"abcd"], 1, PAPERS), seed="s")  # type: ignore[misc]
        elif method.counts[0] == "ratings" or name == "approval":
            works[name] = lambda name=name: book.by_ratings(name, RATED, ["a", "b", "c"], seed="s")  # type: ignore[misc]
        else:
            works[name] = lambda name=name: book.by_approvals(name, APPROVED, [*"abcde"], 3)  # type: ignore[misc]
    for name in BUDGETS:
        works[f"budget {name}"] = lambda name=name: fund(  # type: ignore[misc]
            CITY, name, seed="s", exclusive=[["a", "b"]] if name == "greedy-exclusive" else (),
            threshold=Fraction(2) if name == "greedy-threshold" else None,
        )  # fmt: skip
    for name in get_args(Method):
        works[f"seats by {name}"] = lambda name=name: apportion({"a": 47, "b": 16, "c": 15}, 7, method=name)  # type: ignore[misc]
    works["yes or no"] = lambda: count_yes_no(
        24, 18, 3, roll=90, quorum=Fraction(1, 8), majority=Fraction(2, 3), strictly=False
    )
    works["schulze with a status quo"] = lambda: book.by_pairs(
        "schulze", make([*"abcd"], 1, PAPERS), status_quo=3, majority=Fraction(2, 3), quorum=5
    )
    return works


WORKS = all_rules()


@pytest.mark.parametrize("name", WORKS)
def test_no_value_is_a_float_while_a_rule_counts(name: str) -> None:
    found, looked = floats_in(WORKS[name])
    assert looked > 0
    assert found == set()


def test_a_float_would_be_found() -> None:
    source = compile(
        "def half(number):\n    part = [number / 2]\n    return len(part)", f"{LIBRARY}/x.py", "exec"
    )
    space: dict[str, Any] = {}
    exec(source, space)
    assert floats_in(lambda: space["half"](3)) == ({"/x.py: part in half"}, 1)
