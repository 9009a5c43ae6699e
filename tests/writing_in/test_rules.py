# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of writing in, as tables of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.members.rules import Person
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.writing_in import rules
from tests.world import day

AT = day("2026-03-01")
DAY = timedelta(days=1)
ROSA, BEN = Person("member", "moving-in", joined_at=AT), Person("member", "founding", joined_at=AT)
NAMING = rules.Naming(
    by=ROSA, founded_at=AT, has_address=False, oneself=False, writer=BEN, writer_leads=False, named=False,
    writers=0, others=(),
)  # fmt: skip
WRITING = rules.Writing(
    writer=BEN, founded_at=AT, named=True, leads=False, has_address=False, mine=None, theirs=None
)
UNDOING = rules.Undoing(own=True, slip_given=False, slip_fits=False, at=AT, undone=False, stands=True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"founded_at": None}, "not-founded-yet"),
        ({"by": Person("applicant")}, "not-a-member"),
        ({"by": Person("left")}, "not-a-member"),
        ({"has_address": True}, "reached-by-mail"),
        ({"oneself": True}, "writer-is-another"),
        ({"writer": Person("invited")}, "writer-no-member"),
        ({"writer": Person()}, "writer-no-member"),
        ({"writer_leads": True}, "writer-leads"),
        ({"named": True}, "writer-named-already"),
        ({"writers": 1}, None),
        ({"writers": 2}, "enough-writers"),
        ({"others": (None, None)}, None),
        ({"others": (None, None, None)}, "writer-for-enough"),
        ({"others": (None, AT, AT)}, "writer-for-enough"),
    ],
)
def test_who_may_name_whom(changes: dict[str, Any], code: str | None) -> None:
    refusal = rules.may_name_writer(replace(NAMING, **changes), at=AT)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("others", "days"),
    [
        ((None, None, None), None),
        ((None, None, AT), 28),
        ((None, AT + 3 * DAY, AT + 9 * DAY), 31),
        ((None, None, AT, AT + 5 * DAY), 33),
        ((None, None, None, AT), None),
    ],
)
def test_when_a_writer_has_room_again(others: tuple[Any, ...], days: int | None) -> None:
    expected = None if days is None else AT + days * DAY
    assert rules.free_again(others) == expected
    refusal = rules.may_name_writer(replace(NAMING, others=others), at=AT)
    assert refusal is not None
    assert refusal.until == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"founded_at": None}, "not-founded-yet"),
        ({"writer": Person("left")}, "not-a-member"),
        ({"named": False}, "not-named-by-them"),
        ({"leads": True}, "naming-rests"),
        ({"has_address": True}, "they-are-reached-by-mail"),
        ({"mine": Refusal("vote-is-on", 2)}, "vote-is-on"),
        ({"theirs": Refusal("vote-is-on", 2)}, "not-their-turn"),
        ({"theirs": Refusal("already-supports", 2)}, "they-support-already"),
        ({"mine": Refusal("another-unit", 2), "theirs": Refusal("already-supports", 2)}, "another-unit"),
    ],
)
def test_who_may_write_in(changes: dict[str, Any], code: str | None) -> None:
    refusal = rules.may_write_in(replace(WRITING, **changes))
    assert (refusal.code if refusal else None) == code


def test_when_it_is_their_turn_the_writer_is_told() -> None:
    until = AT + 3 * DAY
    refusal = rules.may_write_in(replace(WRITING, theirs=Refusal("leaders-answer-now", 2, until=until)))
    assert refusal is not None
    assert (refusal.until, refusal.article) == (until, 2)


@pytest.mark.parametrize(
    ("changes", "days", "code"),
    [
        ({}, 0, None),
        ({}, 27.99, None),
        ({}, 28, "too-late-to-undo"),
        ({"own": False}, 0, "not-written-for-you"),
        ({"slip_given": True, "slip_fits": True}, 1, None),
        ({"slip_given": True}, 1, "slip-fits-nothing"),
        ({"undone": True}, 1, "undone-already"),
        ({"stands": False}, 1, "nothing-left-to-undo"),
    ],
)
def test_who_may_undo(changes: dict[str, Any], days: float, code: str | None) -> None:
    refusal = rules.may_undo(replace(UNDOING, **changes), at=AT + days * DAY)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("one_of_them", "stands", "code"),
    [(True, True, None), (False, True, "not-your-naming"), (True, False, "naming-over")],
)
def test_who_may_end_a_naming(one_of_them: bool, stands: bool, code: str | None) -> None:
    refusal = rules.may_end_naming(one_of_them=one_of_them, stands=stands)
    assert (refusal.code if refusal else None) == code
