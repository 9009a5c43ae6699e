# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voting: once, oneself, in time, unseen until everybody sees it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.record.act import Actor, Deadline, Refused, tick
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import OpenBallot, Poll, Voter
from kollontai.ids import new_id
from tests.voting.polls import opened_poll
from tests.world import founded

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return founded()


@pytest.fixture
def poll(world):
    return opened_poll(world, ["ada", "ben", "cleo"])


def refused(actor, **given) -> str:
    entries, ballots, words = EntryRow.objects.count(), OpenBallot.objects.count(), Content.objects.count()
    with pytest.raises(Refused) as caught:
        cast_ballot(actor, **given)
    now_there = (EntryRow.objects.count(), OpenBallot.objects.count(), Content.objects.count())
    assert now_there == (entries, ballots, words), "a refusal leaves nothing behind"
    return caught.value.refusal.code


def test_a_vote_is_a_row_an_entry_and_a_choice_that_is_held_back(world, poll):
    done = cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    ballot = OpenBallot.objects.select_related("choice").get()
    assert ballot.voter_id == world.people["ada"]
    assert str(ballot.choice) == '{"choice":"yes"}'
    assert ballot.choice.held_until == poll.pk
    assert done.value.commitment == ballot.choice.commitment
    entry = bytes(EntryRow.objects.get(kind="ballot.cast").data)
    assert done.value.commitment.encode() in entry
    assert b"yes" not in entry


def test_one_votes_once_and_changes_nothing(world, poll):
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    assert refused(world.actor("ada"), poll_id=poll.pk, choice="no") == "already-voted"
    assert refused(world.actor("ada"), poll_id=poll.pk, choice="yes") == "already-voted"


def test_two_windows_at_once_leave_one_ballot(world, poll, monkeypatch):
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    blind = queries.at_the_box

    def before_the_other_window(*asked):
        found = blind(*asked)
        return found._replace(facts=replace(found.facts, has_voted=False))

    monkeypatch.setattr(queries, "at_the_box", before_the_other_window)
    assert refused(world.actor("ada"), poll_id=poll.pk, choice="no") == "already-voted"


def test_nobody_votes_who_is_not_on_the_roll(world, poll):
    assert refused(world.actor("dai"), poll_id=poll.pk, choice="yes") == "not-on-the-roll"


def test_nobody_votes_for_others(world, poll):
    """There is no argument that names a voter: the ballot is whose act it is."""
    with pytest.raises(TypeError):
        cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes", voter=world.people["ben"])
    stranger = Actor(world.id, new_id(), "code")
    assert refused(stranger, poll_id=poll.pk, choice="yes") == "not-a-member"
    assert refused(Actor(world.id, "operator", "operator"), poll_id=poll.pk, choice="yes") == "not-a-member"
    assert refused(Actor(world.id, "clock", "clock"), poll_id=poll.pk, choice="yes") == "not-a-member"


def test_who_has_left_does_not_vote_and_the_roll_stays(world, poll):
    leave(world.actor("cleo"))
    assert refused(world.actor("cleo"), poll_id=poll.pk, choice="yes") == "not-a-member"
    assert Voter.objects.filter(poll=poll).count() == 3


def test_a_member_of_another_organisation_finds_no_such_vote(world, poll):
    other = founded(slug="elsewhere", origin="localhost/elsewhere")
    assert refused(other.actor("ada"), poll_id=poll.pk, choice="yes") == "no-such-vote"
    assert refused(world.actor("ada"), poll_id="nothing", choice="yes") == "no-such-vote"


def test_after_the_hour_nothing_is_accepted_even_while_the_clock_is_late(world, poll, now, monkeypatch):
    now.move(poll.closes_at)
    monkeypatch.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
    assert Poll.objects.get().state == "open"
    assert refused(world.actor("ada"), poll_id=poll.pk, choice="yes") == "vote-closed"


def test_a_ballot_that_comes_as_the_count_was_made_is_not_in_it_and_is_told_so(world, poll, monkeypatch):
    look = queries.at_the_box

    def look_after_the_count(*asked):
        Poll.objects.filter(pk=poll.pk).update(state="counted")
        return look(*asked)

    monkeypatch.setattr(queries, "at_the_box", look_after_the_count)
    assert refused(world.actor("ada"), poll_id=poll.pk, choice="yes") == "vote-closed"


def test_in_the_last_minute_one_may_still_vote(world, poll, now):
    now.move(poll.closes_at)
    now.set_back(seconds=1)
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="no")
    assert OpenBallot.objects.get().at < poll.closes_at


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"choice": "perhaps"}, "not-on-the-paper"),
        ({}, "one-answer-needed"),
        ({"ranking": [["yes"]]}, "one-answer-needed"),
    ],
)
def test_what_does_not_stand_on_the_paper_is_no_vote(world, poll, given, code):
    assert refused(world.actor("ada"), poll_id=poll.pk, **given) == code


def test_a_ranked_ballot_lists_levels_of_known_drafts(world):
    options = ("draft-a", "draft-b", "status-quo")
    poll = opened_poll(world, ["ada", "ben"], form="ranked", options=options)
    assert refused(world.actor("ada"), poll_id=poll.pk, ranking=[]) == "nothing-numbered"
    assert refused(world.actor("ada"), poll_id=poll.pk, ranking=[["draft-x"]]) == "not-on-the-paper"
    cast_ballot(world.actor("ada"), poll_id=poll.pk, ranking=[["draft-b"], ["draft-a", "status-quo"]])
    said = json.loads(str(OpenBallot.objects.get().choice))
    assert said == {"ranking": [["draft-b"], ["draft-a", "status-quo"]]}


def test_when_everybody_has_voted_the_poll_closes_at_once_and_not_before(world, poll, now):
    for name in ("ada", "ben"):
        cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    now.move(hours=1)
    tick()
    assert Poll.objects.get().state == "open"
    cast_ballot(world.actor("cleo"), poll_id=poll.pk, choice="no")
    tick()
    counted = Poll.objects.get()
    assert (counted.state, counted.closed_at, counted.cast) == ("counted", now.time, 3)
    assert Deadline.objects.filter(act="tests.close_poll", done_at=None).count() == 0


def test_nobody_sees_a_choice_before_everybody(world, poll, now):
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    ben, ada = world.member("ben"), world.member("ada")
    assert queries.named_ballots(Poll.objects.get(), ben) == []
    assert list(OpenBallot.objects.visible_to(ben)) == []
    assert queries.own_ballot(poll, ada) == OpenBallot.objects.get()
    assert (poll.cast, poll.figures, queries.count_of(poll)) == (None, None, None)

    now.pass_to(poll.closes_at)
    closed = Poll.objects.get()
    assert [(ballot.voter, ballot.choice.option) for ballot in queries.named_ballots(closed, ben)] == [
        (ada, "yes")
    ]
    assert Content.objects.exclude(held_until="").count() == 0


def test_my_open_votes_are_those_i_have_not_cast(world, poll, now, django_assert_num_queries):
    ada, dai = world.member("ada"), world.member("dai")
    second = opened_poll(world, ["ada"], closes_at=poll.closes_at.replace(hour=13))
    with django_assert_num_queries(1):
        assert list(queries.open_to(ada, at=now.time)) == [poll, second]
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    assert list(queries.open_to(ada, at=now.time)) == [second]
    assert list(queries.voted_by(ada, at=now.time)) == [poll]
    assert list(queries.open_to(dai, at=now.time)) == []
    assert list(queries.open_to(ada, at=second.closes_at)) == []


def test_who_is_left_is_found_before_and_after_whoever_asks(world, poll):
    in_order = sorted(["ada", "ben", "cleo"], key=world.people.__getitem__)

    def left(name: str) -> bool:
        return queries.at_the_box(world.id, poll.pk, world.people[name]).others_left

    assert [left(name) for name in in_order] == [True, True, True]
    middle, first, last = in_order[1], in_order[0], in_order[2]
    cast_ballot(world.actor(middle), poll_id=poll.pk, choice="yes")
    assert (left(first), left(last)) == (True, True)
    cast_ballot(world.actor(last), poll_id=poll.pk, choice="yes")
    assert not left(first)
    assert left(middle)
    assert left(last)
