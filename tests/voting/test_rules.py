# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may vote, and what a ballot may say: tables of facts, no database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kollontai.chapters.voting import rules
from kollontai.chapters.voting.choices import Unusable, choose, read

NOON = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
END = NOON + timedelta(days=3)
VOTER = rules.Voting(
    is_member=True, on_roll=True, has_voted=False, is_open=True, opens_at=NOON, closes_at=END
)


@pytest.mark.parametrize(
    ("facts", "at", "code"),
    [
        (VOTER, NOON, None),
        (VOTER, END - timedelta(minutes=1), None),
        (VOTER, END, "vote-closed"),
        (VOTER, END + timedelta(days=1), "vote-closed"),
        (VOTER, NOON - timedelta(minutes=1), "vote-not-open-yet"),
        (replace(VOTER, is_open=False), NOON, "vote-closed"),
        (replace(VOTER, on_roll=False), NOON, "not-on-the-roll"),
        (replace(VOTER, has_voted=True), NOON, "already-voted"),
        (replace(VOTER, is_member=False), NOON, "not-a-member"),
    ],
)
def test_whoever_is_on_the_roll_votes_once_while_the_poll_is_open(facts, at, code):
    refusal = rules.may_vote(facts, at=at)
    assert (refusal.code if refusal else None) == code
    assert refusal is None or refusal.article == 12


@pytest.mark.parametrize(
    ("cast", "at", "closes"),
    [
        (0, END, True),
        (0, END - timedelta(minutes=1), False),
        (9, END - timedelta(minutes=1), False),
        (10, NOON, True),
    ],
)
def test_a_poll_closes_at_its_hour_or_when_everybody_has_voted(cast, at, closes):
    assert rules.may_close(cast=cast, on_roll=10, closes_at=END, at=at) is closes


PAPER = ("draft-a", "draft-b", "status-quo")


@pytest.mark.parametrize(
    ("form", "given", "text"),
    [
        ("yes_no", {"option": "abstain"}, '{"choice":"abstain"}'),
        ("ranked", {"ranking": [["draft-b"], ["status-quo"]]}, '{"ranking":[["draft-b"],["status-quo"]]}'),
        ("ranked", {"ranking": [["draft-b", "draft-a"]]}, '{"ranking":[["draft-a","draft-b"]]}'),
        ("ranked", {"ranking": [["status-quo"]]}, '{"ranking":[["status-quo"]]}'),
    ],
)
def test_a_ballot_has_one_spelling_and_is_read_back_as_it_was(form, given, text):
    options = ("yes", "no", "abstain") if form == "yes_no" else PAPER
    choice = choose(form, options, **given)
    assert choice.text() == text
    assert read(form, options, text) == choice
    assert json.loads(text)


@pytest.mark.parametrize(
    ("form", "given", "code"),
    [
        ("yes_no", {}, "one-answer-needed"),
        ("yes_no", {"option": "yes", "ranking": [["yes"]]}, "one-answer-needed"),
        ("yes_no", {"ranking": [["yes"]]}, "one-answer-needed"),
        ("yes_no", {"option": "maybe"}, "not-on-the-paper"),
        ("yes_no", {"option": "YES"}, "not-on-the-paper"),
        ("ranked", {}, "numbers-needed"),
        ("ranked", {"option": "draft-a"}, "numbers-needed"),
        ("ranked", {"ranking": []}, "nothing-numbered"),
        ("ranked", {"ranking": [[]]}, "nothing-numbered"),
        ("ranked", {"ranking": [["draft-a"], []]}, "nothing-numbered"),
        ("ranked", {"ranking": [["draft-a"], ["draft-a"]]}, "numbered-twice"),
        ("ranked", {"ranking": [["draft-a", "draft-a"]]}, "numbered-twice"),
        ("ranked", {"ranking": [["draft-c"]]}, "not-on-the-paper"),
        ("ranked", {"ranking": [["yes"]]}, "not-on-the-paper"),
        ("ranked", {"ranking": ["draft-a"]}, "numbered-twice"),
    ],
)
def test_a_ballot_that_its_paper_does_not_allow_is_no_ballot(form, given, code):
    options = ("yes", "no", "abstain") if form == "yes_no" else PAPER
    with pytest.raises(Unusable) as unusable:
        choose(form, options, **given)
    assert unusable.value.code == code
