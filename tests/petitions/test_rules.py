# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of petitions as tables: how many, who, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kollontai.chapters.elections.rules import is_recalled, recall_days
from kollontai.chapters.petitions import rules

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = {"S5.share": 1000, "S3.share": 500, "S3.units": 3, "S5.within": 42, "S5.grace": 0, "S5.vote": 30}


@pytest.mark.parametrize(
    ("about", "base", "needed"),
    [
        ("recall", 1, 1),
        ("recall", 3, 1),
        ("recall", 4, 2),
        ("recall", 20, 2),
        ("recall", 21, 3),
        ("recall", 1860, 186),
        ("recall", 1861, 187),
        ("question", 1, 2),
        ("question", 3, 2),
        ("question", 40, 2),
        ("question", 41, 3),
        ("question", 1860, 93),
        ("question", 1861, 94),
    ],
)
def test_a_share_of_the_members_rounded_up_and_nobody_alone(about, base, needed):
    assert rules.signatures_needed(about, base=base, limits=LIMITS) == needed


@pytest.mark.parametrize(
    ("about", "units", "needed"),
    [("question", 2, 0), ("question", 3, 3), ("question", 14, 3), ("recall", 14, 0)],
)
def test_a_question_comes_from_three_units_where_there_are_three(about, units, needed):
    assert rules.units_needed(about, units=units, limits=LIMITS) == needed


@pytest.mark.parametrize(
    ("units", "needed", "units_needed", "enough"),
    [
        (["", "", ""], 3, 0, True),
        (["", ""], 3, 0, False),
        (["a", "a", "a", "a"], 3, 3, False),
        (["a", "b", "a"], 3, 3, False),
        (["a", "b", "c"], 3, 3, True),
        (["a", "b", "c"], 4, 3, False),
        (["a", "b", ""], 3, 3, False),
        ([], 0, 0, True),
    ],
)
def test_enough_of_them_from_enough_units(units, needed, units_needed, enough):
    assert rules.are_enough(units, needed=needed, units_needed=units_needed) is enough


RUNS = rules.TermAsked(how="elected", begins_at=AT - DAY, over_at=AT + 300 * DAY, called=False)
RECALL = rules.Opening(
    is_member=True, of_unit=True, about="recall", term_given=True, term=RUNS, opened_today=0, limits=LIMITS
)
QUESTION = replace(RECALL, about="question", term_given=False, term=None, of_unit=False)
GRACE = {**LIMITS, "S5.grace": 30}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (RECALL, None),
        (QUESTION, None),
        (replace(RECALL, is_member=False), "not-a-member"),
        (replace(QUESTION, is_member=False), "not-a-member"),
        (replace(RECALL, about="praise"), "petition-about-nothing"),
        (replace(RECALL, term_given=False, term=None), "petition-about-nothing"),
        (replace(QUESTION, term_given=True), "petition-about-nothing"),
        (replace(RECALL, term=None), "no-such-term"),
        (replace(RECALL, of_unit=False), "petition-of-another-unit"),
        (replace(RECALL, term=replace(RUNS, over_at=AT)), "term-already-ended"),
        (replace(RECALL, term=replace(RUNS, over_at=AT + DAY)), None),
        (replace(RECALL, limits=GRACE), "recall-in-grace"),
        (replace(RECALL, limits=GRACE, term=replace(RUNS, how="acting")), "recall-in-grace"),
        (replace(RECALL, limits=GRACE, term=replace(RUNS, how="confirmed")), None),
        (replace(RECALL, limits=GRACE, term=replace(RUNS, begins_at=AT - 30 * DAY)), None),
        (replace(RECALL, term=replace(RUNS, called=True)), "recall-under-way"),
        (replace(RECALL, opened_today=3), "too-many-petitions"),
        (replace(RECALL, opened_today=2), None),
        (replace(QUESTION, opened_today=3), "too-many-petitions"),
    ],
)
def test_who_may_open_a_petition(facts, code):
    refusal = rules.may_open(facts, at=AT)
    assert (refusal.code if refusal else None) == code


def test_a_holder_has_the_days_that_the_charter_gives_and_is_told_when_they_end():
    refusal = rules.may_open(replace(RECALL, limits=GRACE), at=AT)
    assert refusal is not None
    assert refusal.until == RUNS.begins_at + 30 * DAY


SIGNS = rules.Signing(
    is_member=True,
    of_unit=True,
    signed=False,
    withdrawn_at=None,
    state="running",
    closes_at=AT + DAY,
    over_at=None,
    enough=False,
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"is_member": False}, "not-a-member"),
        ({"of_unit": False}, "petition-of-another-unit"),
        ({"signed": True}, "petition-signed-already"),
        ({"closes_at": AT}, "petition-over"),
        ({"state": "lapsed"}, "petition-over"),
        ({"enough": True}, "petition-reached"),
        ({"state": "reached", "enough": True}, "petition-reached"),
        ({"state": "decided", "enough": True}, "petition-reached"),
        ({"over_at": AT}, "term-already-ended"),
        ({"over_at": AT + DAY}, None),
        ({"withdrawn_at": AT - timedelta(minutes=59)}, "signature-just-withdrawn"),
        ({"withdrawn_at": AT - timedelta(minutes=60)}, None),
    ],
)
def test_who_may_sign(changes, code):
    refusal = rules.may_sign(replace(SIGNS, **changes), at=AT)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"is_member": False}, None),
        ({"signed": False}, "petition-not-signed"),
        ({"signed": False, "withdrawn_at": AT}, "petition-not-signed"),
        ({"closes_at": AT}, "petition-over"),
        ({"enough": True}, "petition-reached"),
        ({"over_at": AT}, "term-already-ended"),
    ],
)
def test_who_may_take_it_back(changes, code):
    refusal = rules.may_withdraw(replace(SIGNS, **{"signed": True, **changes}), at=AT)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("yes", "no", "cast", "roll", "electing", "recalled"),
    [
        (6, 4, 10, 20, (20, 20), True),  # exactly half of the turnout that elected
        (5, 4, 9, 20, (20, 20), False),  # a little less
        (5, 5, 10, 20, (20, 20), False),  # a tie keeps
        (0, 0, 20, 20, (1, 20), False),  # abstentions alone decide nothing
        (1, 0, 10, 20, (20, 20), True),  # but belong to the turnout
        (1, 0, 1, 20, (20, 20), False),  # yes over no, and hardly anybody came
        (1, 0, 1, 3, (2, 3), True),  # 1/3 is half of 2/3
        (17, 16, 33, 100, (2, 3), False),  # 33/100 is less than half of 2/3
        (17, 16, 34, 100, (2, 3), True),  # 34/100 is more
        (1, 0, 1, 1, (1, 1), True),
    ],
)
def test_the_double_test_is_exact(yes, no, cast, roll, electing, recalled):
    given = {"cast": cast, "roll": roll, "electing_cast": electing[0], "electing_roll": electing[1]}
    assert is_recalled(yes=yes, no=no, **given) is recalled


@pytest.mark.parametrize(("days", "given"), [(7, 7), (30, 30), (60, 30)])
def test_the_vote_on_a_recall_takes_no_longer_than_its_own_limit(days, given):
    assert recall_days({"D5.other": days, "S5.vote": 30}) == given
