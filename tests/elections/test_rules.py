# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of facts for the rules of elections: terms in a row, posts at once, times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.elections import rules
from kollontai.chapters.elections.rules import Held, Person, Place, Seat
from tests.world import day

LIMITS = articles.read().defaults("normal")
AT = day("2026-06-01")
ME = Person(is_member=True, of_unit=True, joined_at=day("2020-01-01"))


REST = AT + 200 * DAY


@pytest.mark.parametrize(("changes", "closes", "vote", "joined"), [
    ({}, 14, 22, True),
    ({}, 24, 45, True),  # as long as somebody may act
    ({}, 25, 46, False),
    ({}, 10, 46, True),  # nominations close no later than before
    ({"state": "voting"}, 14, 22, False),
    ({"closes_at": AT}, 14, 22, False),
    ({"half": True}, 14, 22, False),
    ({"rest": REST + DAY}, 14, 22, False),
    ({"rest": None}, 14, 22, False),
])  # fmt: skip
def test_a_by_election_fills_another_seat_while_its_nominations_run(changes, closes, vote, joined):
    given = {
        "state": "nominations", "half": False, "opened_at": AT, "closes_at": AT + 10 * DAY, "rest": REST,
        "limits": LIMITS,
    }  # fmt: skip
    one = rules.Nominating(**{**given, **changes})
    at = {"closes_at": AT + closes * DAY, "vote_closes_at": AT + vote * DAY, "at": AT}
    assert rules.fills_too(one, rest=REST, **at) is joined


def place(**changes) -> Place:
    given = {
        "state": "nominations", "closes_at": AT + 10 * DAY, "members_since": AT - 30 * DAY, "half": False,
        "candidates": 0, "limits": LIMITS,
    }  # fmt: skip
    return Place(**{**given, **changes})


def seat(**changes) -> Seat:
    given = {
        "post": "chair", "paid": False, "leading": True, "duty": "", "begins_at": AT + 30 * DAY,
        "ends_at": AT + 395 * DAY,
    }  # fmt: skip
    return Seat(**{**given, **changes})


def held(post="chair", begins=-335, over=30, **changes) -> Held:
    given = {"paid": False, "leading": True, "duty": "", "acting": False}
    return Held(post=post, begins_at=AT + begins * DAY, over_at=AT + over * DAY, **{**given, **changes})


def stands(*terms, elsewhere=(), of=None, **changes) -> str:
    refusal = rules.may_stand(place(**changes), ME, of or seat(), terms, elsewhere, state="", at=AT)
    return refusal.code if refusal else ""


@pytest.mark.parametrize(("changes", "code"), [
    ({}, ""),
    ({"post_ended_at": AT - DAY}, "post-ended"),
    ({"post_ended_at": AT - DAY, "closes_at": AT}, "nominations-closed"),
    ({"post_ended_at": AT - DAY, "state": "voting"}, "nominations-closed"),
])  # fmt: skip
def test_nobody_new_comes_forward_where_the_post_has_ended(changes, code):
    for refusal in (
        rules.may_stand(place(**changes), ME, seat(), (), (), state="", at=AT),
        rules.may_nominate(place(**changes), ME, ME, oneself=False, state="", at=AT),
    ):
        assert (refusal.code if refusal else "") == code
    for answer, state in ((rules.may_decline, "asked"), (rules.may_withdraw, "stands")):
        refusal = answer(place(**changes), state=state, at=AT)
        assert (refusal is None) is (code != "nominations-closed"), "a no is taken as before"


THREE = (held(begins=-1065, over=-700), held(begins=-700, over=-335), held())


@pytest.mark.parametrize(("terms", "in_a_row"), [
    ((), 0),
    ((held(),), 1),
    (THREE, 3),
    ((held(post="other"), held()), 1),
    ((held(acting=True), held(begins=-700, over=-335)), 0),  # acting counts not, and the break is long
    ((held(begins=-700, over=-335), held(begins=-240, over=30)), 1),  # 95 days between: a new row
    ((held(begins=-700, over=-335), held(begins=-245, over=30)), 2),  # 90 days between: the same row
])  # fmt: skip
def test_terms_in_a_row(terms, in_a_row):
    assert rules.terms_in_a_row(terms, {"chair"}, before=AT + 30 * DAY) == in_a_row


def test_nobody_stands_for_more_terms_in_a_row_than_the_charter_allows():
    assert stands(*THREE[1:]) == ""
    assert stands(*THREE) == "served-their-terms"
    assert stands(*THREE, of=seat(post="bursar")) == ""
    assert stands(*THREE, half=True) == "", "where nobody stood, for half a term"


def test_a_post_takes_on_the_terms_served_in_older_ones_that_were_ended():
    anew = seat(post="chairperson", takes_on=frozenset({"chair"}))
    assert stands(*THREE[1:], of=anew) == ""
    assert stands(*THREE, of=anew) == "served-their-terms"
    mixed = (*THREE[1:], held(post="chairperson", begins=-200, over=30))
    assert stands(*mixed, of=anew) == "served-their-terms", "terms in either of them"
    assert stands(*THREE, of=anew, half=True) == ""


def test_nobody_stays_in_paid_posts_beyond_the_days_of_the_charter():
    years = [held(post=f"p{n}", begins=30 - 365 * (n + 1), over=30 - 365 * n, paid=True) for n in range(5)]
    assert rules.paid_in_a_row(years, before=AT + 30 * DAY) == 5 * 365 * DAY
    assert stands(*years, of=seat(post="new", paid=True)) == ""
    sixth = held(post="p6", begins=30 - 365 * 6, over=30 - 365 * 5, paid=True)
    assert stands(*years, sixth, of=seat(post="new", paid=True)) == "paid-for-long-enough"
    assert stands(*years, sixth, of=seat(post="new")) == ""


@pytest.mark.parametrize(("served", "code"), [(2190 - 183, ""), (2190 - 182, "paid-for-long-enough")])
def test_where_nobody_stood_half_a_term_is_paid_no_longer_than_the_days_of_the_charter(served, code):
    half = seat(post="new", paid=True, half_ends_at=AT + (30 + 183) * DAY)
    years = held(post="old", begins=30 - served, paid=True)
    assert stands(years, of=half) == "paid-for-long-enough"
    assert stands(years, of=half, half=True) == code


def test_acting_in_a_paid_post_is_being_in_one():
    served = (
        held(post="old", begins=-1815, over=0, paid=True),
        held(post="a", begins=0, paid=True, acting=True),
    )
    assert stands(*served, of=seat(post="new", paid=True)) == "paid-for-long-enough"
    assert stands(served[0], of=seat(post="new", paid=True)) == ""


@pytest.mark.parametrize(("other", "mine", "code"), [
    ((), seat(), ""),
    ((held(post="a", over=100),), seat(), ""),
    ((held(post="a", over=100), held(post="b", over=100)), seat(), "too-many-posts-at-once"),
    ((held(post="a", over=30), held(post="b", over=100)), seat(), ""),  # one ends before the new term begins
    ((held(post="a", over=100), held(post="chair", over=30)), seat(), ""),
    ((held(post="a", over=100), held(post="chair", over=100, acting=True)), seat(), ""),  # it counts once
    ((held(post="chair", over=31),), seat(), "holds-it-already"),
    ((held(post="a", over=100, paid=True),), seat(paid=True), "paid-post-already"),
    ((held(post="a", over=100, paid=True),), seat(), ""),
    ((held(post="a", over=100, leading=True),), seat(duty="scrutineer", leading=False), "controller-and-controlled"),
    ((held(post="a", over=100, leading=False, duty="scrutineer"),), seat(), "controller-and-controlled"),
    ((held(post="a", over=30, leading=False, duty="scrutineer"),), seat(), ""),
    ((held(post="a", over=100, acting=True), held(post="b", over=100)), seat(), "too-many-posts-at-once"),
    ((held(post="a", over=100, acting=True),), seat(duty="scrutineer", leading=False), "controller-and-controlled"),
])  # fmt: skip
def test_what_one_person_may_hold_at_once(other, mine, code):
    assert stands(*other, of=mine) == code


def test_standing_elsewhere_counts_like_holding():
    two = (seat(post="a"), seat(post="b"))
    assert stands(elsewhere=two) == "too-many-posts-at-once"
    assert stands(elsewhere=two[:1]) == ""
    rest = seat(post="b", begins_at=AT + 20 * DAY, ends_at=AT + 30 * DAY)
    assert stands(elsewhere=(two[0], rest)) == "", "what is over when the new term begins"
    scrutineer = seat(post="s", leading=False, duty="scrutineer")
    assert stands(elsewhere=(scrutineer,)) == "controller-and-controlled"


@pytest.mark.parametrize(("begins", "code"), [
    (-336, ""), (-335, "stands-for-it-already"), (394, "stands-for-it-already"), (395, ""),
])  # fmt: skip
def test_nobody_stands_for_two_seats_of_a_post_whose_days_are_the_same(begins, code):
    other = seat(begins_at=AT + begins * DAY, ends_at=AT + (begins + 366) * DAY)
    assert stands(elsewhere=(other,)) == code


def test_a_post_counts_once_for_whoever_holds_it_and_stands_for_it_again():
    acting, again = held(post="a", over=100, acting=True), (seat(post="a"),)
    assert stands(acting, elsewhere=again) == ""
    assert stands(acting, held(post="b", over=100), elsewhere=again) == "too-many-posts-at-once"
    assert stands(acting, elsewhere=(*again, seat(post="b"))) == "too-many-posts-at-once"
    paid, paid_again = held(post="a", over=100, paid=True), (seat(post="a", paid=True),)
    assert stands(paid, elsewhere=paid_again) == ""
    assert stands(paid, elsewhere=paid_again, of=seat(paid=True)) == "paid-post-already"
    watching = held(post="a", over=100, duty="scrutineer", leading=False)
    assert stands(watching, elsewhere=again) == "controller-and-controlled", "both forms of it are looked at"


@pytest.mark.parametrize(("founded", "since"), [
    ("2020-01-01", "2026-05-02"), ("2026-05-02", "2026-05-02"), ("2026-05-03", "2026-06-15"),
])  # fmt: skip
def test_who_votes_was_a_member_by_a_day_that_is_known(founded, since):
    found = rules.members_since(
        opened_at=AT, closes_at=day("2026-06-15"), founded_at=day(founded), limits=LIMITS
    )
    assert found == day(since)


@pytest.mark.parametrize(("days", "half", "rest", "ends"), [
    (365, False, None, 365), (365, True, None, 183), (364, True, None, 182), (365, False, 100, 100),
    (365, True, 300, 183),
])  # fmt: skip
def test_how_long_a_term_lasts(days, half, rest, ends):
    rest = None if rest is None else AT + rest * DAY
    assert rules.term_end(begins_at=AT, term_days=days, rest=rest, half=half) == AT + ends * DAY


def test_acting_lasts_forty_five_days_and_never_beyond_the_old_term():
    assert rules.acting_until(vacant_at=AT, term_ends_at=AT + 99 * DAY, limits=LIMITS) == AT + 45 * DAY
    assert rules.acting_until(vacant_at=AT, term_ends_at=AT + 9 * DAY, limits=LIMITS) == AT + 9 * DAY
    assert not rules.needs_by_election(ends_at=AT + 45 * DAY, at=AT, limits=LIMITS)
    assert rules.needs_by_election(ends_at=AT + 45 * DAY + timedelta(minutes=1), at=AT, limits=LIMITS)


@pytest.mark.parametrize(("states", "rounds"), [
    ((), 0), (("empty",), 1), (("empty", "empty"), 2), (("empty", "decided", "empty"), 1), (("decided",), 0),
])  # fmt: skip
def test_rounds_in_which_nobody_stood(states, rounds):
    assert rules.empty_rounds(states) == rounds


@pytest.mark.parametrize(("seats", "rule"), [(1, "irv"), (2, "scottish-stv"), (9, "scottish-stv")])
def test_one_seat_and_more_are_counted_each_by_its_rule(seats, rule):
    assert rules.rule_for(seats) == rule


def test_no_more_than_two_hundred_stand():
    other = Person(is_member=True, of_unit=True, joined_at=day("2020-01-01"))
    full = place(candidates=rules.MOST_CANDIDATES)
    assert rules.may_nominate(full, ME, other, oneself=False, state="", at=AT).code == "too-many-candidates"
    assert rules.may_nominate(place(candidates=199), ME, other, oneself=False, state="", at=AT) is None
    assert rules.may_nominate(place(), ME, ME, oneself=True, state="", at=AT).code == "stand-yourself"
