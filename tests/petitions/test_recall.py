# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vote on a recall: opened by signatures, decided by the double test, followed by itself."""

from __future__ import annotations

import json

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.charter.calendar import phase_end
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.record.act import Deadline, Refused, tick
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting import queries as voting
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.models import Poll, SealedBallot, Voter
from tests import prepared

from .street import FERRY, asked, fresh, in_units, recall_vote, seated, signed, treasurer

pytestmark = pytest.mark.django_db


@prepared.once
def wanted_back(now):
    """Six members elected ada with six ballots; two of them want her back."""
    world, term = seated(now)
    return world, term, signed(world, asked(world, term), "dai")


@pytest.fixture
def called(now):
    return wanted_back(now)


def the_vote(petition) -> Poll:
    return Poll.objects.get(pk=fresh(petition).poll)


def said(kind: str) -> dict:
    fields: dict = json.loads(bytes(EntryRow.objects.get(kind=kind).data))["f"]
    return fields


def test_with_the_last_signature_a_secret_vote_opens_at_once(called, now):
    world, term, petition = called
    poll = the_vote(petition)
    assert (petition.state, petition.ended_at) == ("reached", now.time)
    assert (poll.about, poll.subject, poll.form, poll.box) == ("recall", petition.pk, "yes_no", "separated")
    assert (poll.opens_at, poll.closes_at) == (now.time, phase_end(now.time, 7, "Europe/Lisbon"))
    assert (poll.roll_count, poll.quorum_bp, poll.unit) == (6, 0, world.unit())
    paper = voting.paper_of(poll)
    assert (paper["about"], paper["member"], paper["petition"]) == ("recall", term.member_id, petition.pk)
    assert world.kinds()[-3:] == ["petition.reached", "poll.opened", "box.opened"]


def test_the_roll_is_who_was_of_the_unit_when_it_was_opened_and_is(now):
    world, term = seated(
        now,
        "ada",
        post=treasurer(unit=FERRY),
        listed=in_units(ferry=["ada", "ben", "cleo", "dai"], kiln=["eva"], whole=["finn"]),
        voters=4,
    )
    petition = asked(world, term)
    now.move(minutes=1)
    world.move_in(["gus"], by="ben", unit=FERRY)
    leave(world.actor("ben"))
    poll = the_vote(signed(world, petition, "gus"))
    on_roll = set(Voter.objects.filter(poll=poll).values_list("member", flat=True))
    assert on_roll == {world.people[name] for name in ("ada", "cleo", "dai")}


def test_nobody_is_kept_by_friends_whom_they_brought_in_meanwhile(called, now):
    world, term, petition = called
    recall_vote(now, world, petition, cleo="no", dai="no", eva="no")
    petition = asked(world, term)
    now.move(minutes=1)
    world.move_in([f"friend{n}" for n in range(8)], by="ada")
    petition = signed(world, petition, "dai")
    assert the_vote(petition).roll_count == 6
    with pytest.raises(Refused, match="not-on-the-roll"):
        cast_ballot(world.actor("friend0"), poll_id=petition.poll, choice="no")
    assert recall_vote(now, world, petition, cleo="yes", dai="yes", eva="yes").outcome == "recalled"


def test_nobody_votes_on_a_recall_in_a_unit_to_which_they_have_just_come(now):
    world, term = seated(
        now,
        "ada",
        post=treasurer(unit=FERRY),
        listed=in_units(ferry=["ada", "ben", "cleo", "dai"], kiln=["eva"], whole=["finn"]),
        voters=4,
    )
    now.pass_days(30)
    world.move_in(["gus", "hal"], by="ben", unit=FERRY)
    now.move(minutes=1)
    poll = the_vote(signed(world, asked(world, term, by="gus"), "hal"))
    on_roll = set(Voter.objects.filter(poll=poll).values_list("member", flat=True))
    assert on_roll == {world.people[name] for name in ("ada", "ben", "cleo", "dai")}


def test_more_yes_than_no_and_half_the_turnout_end_the_term_at_once(called, now):
    world, term, petition = called
    decided = recall_vote(now, world, petition, cleo="yes", dai="yes", ada="no")
    assert (decided.state, decided.outcome) == ("decided", "recalled")
    term.refresh_from_db()
    assert (term.ended_why, term.ended_at) == ("recalled", the_vote(petition).closed_at)
    fields = said("recall.decided")
    assert (fields["outcome"], fields["cast"], fields["roll"]) == ("recalled", 3, 6)
    assert (fields["electing_cast"], fields["electing_roll"]) == (6, 6)


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ({"cleo": "yes", "dai": "yes"}, "kept"),  # nobody against, and a third came
        ({"cleo": "yes", "dai": "yes", "eva": "abstain"}, "recalled"),  # exactly half came
        ({"cleo": "yes", "dai": "yes", "ada": "no", "ben": "no"}, "kept"),  # a tie
        ({"cleo": "yes", "dai": "abstain", "eva": "abstain"}, "recalled"),
        ({"cleo": "abstain", "dai": "abstain", "eva": "abstain"}, "kept"),
        ({"cleo": "no", "dai": "no", "eva": "no"}, "kept"),
        ({}, "kept"),
    ],
)
def test_the_double_test(called, now, votes, outcome):
    world, term, petition = called
    assert recall_vote(now, world, petition, **votes).outcome == outcome
    term.refresh_from_db()
    assert (term.ended_why or "kept") == outcome


def test_the_turnout_is_measured_by_the_one_that_elected(now):
    """Three of six elected: half of that turnout is two of six, rounded by nobody."""
    world, term = seated(now, voters=3)
    petition = signed(world, asked(world, term), "dai")
    assert recall_vote(now, world, petition, cleo="yes", dai="yes").outcome == "recalled"


def test_after_a_recall_the_next_in_line_is_asked_and_a_by_election_opens(called, now):
    world, term, petition = called
    recall_vote(now, world, petition, cleo="yes", dai="yes", eva="yes")
    tick()
    offer = Offer.objects.get(term=term)
    assert (offer.member, offer.state) == (world.member("ben"), "asked")
    by_election = Election.objects.get(why="vacancy")
    assert (by_election.fills, by_election.ends_at) == ([term.pk], term.ends_at)


def test_who_acts_is_recallable_too_and_nobody_is_asked_after_them(called, now):
    world, term, petition = called
    recall_vote(now, world, petition, cleo="yes", dai="yes", eva="yes")
    tick()
    acting = accept_acting(world.actor("ben"), term_id=term.pk).value
    second = signed(world, asked(world, acting), "dai")
    assert (second.subject, second.state) == (acting.pk, "reached")
    decided = recall_vote(now, world, second, cleo="yes", dai="yes", eva="yes")
    tick()
    acting.refresh_from_db()
    assert (decided.outcome, acting.ended_why) == ("recalled", "recalled")
    assert Offer.objects.exclude(state="accepted").count() == 0
    entry = bytes(EntryRow.objects.filter(kind="recall.decided").order_by("position").last().data)
    assert b'"electing_cast":6' in entry, "by the turnout of the poll that was counted again"


def test_a_recall_runs_to_its_count_when_its_holder_goes_meanwhile(called, now):
    """Nobody stops a vote of the members by giving the post back."""
    world, term, petition = called
    resign(world.actor("ada"), term_id=term.pk)
    tick()
    assert (fresh(petition).state, the_vote(petition).state) == ("reached", "open")
    decided = recall_vote(now, world, petition, cleo="yes", dai="yes", eva="yes")
    term.refresh_from_db()
    assert (decided.state, decided.outcome, term.ended_why) == ("decided", "recalled", "resigned")
    assert world.kinds().count("term.ended") == 1


def test_where_the_term_is_over_before_the_vote_opens_the_petition_lapses(now, monkeypatch):
    world, term = seated(now)
    petition = asked(world, term)
    with monkeypatch.context() as late:
        late.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
        sign_petition(world.actor("dai"), petition_id=petition.pk)
        resign(world.actor("ada"), term_id=term.pk)
    Deadline.objects.filter(act="petitions.lapse_with_term").update(due=now.move(minutes=1))
    now.set_back(minutes=1)
    tick()
    assert fresh(petition).state == "lapsed"
    assert Poll.objects.filter(about="recall").count() == 0
    now.move(minutes=2)
    tick()
    assert world.kinds().count("petition.lapsed") == 1


def test_a_box_that_cannot_be_counted_opens_the_vote_anew(called, now):
    world, _, petition = called
    first = the_vote(petition)
    cast_ballot(world.actor("cleo"), poll_id=first.pk, choice="yes")
    sealing.destroy(world.organisation, first.pk)
    now.pass_to(first.closes_at)
    second = the_vote(petition)
    assert second.pk != first.pk
    assert (Poll.objects.get(pk=first.pk).state, second.state) == ("lost", "open")
    assert SealedBallot.objects.count() == 0
    assert fresh(petition).state == "reached"
    decided = recall_vote(now, world, petition, cleo="yes", dai="yes", eva="yes")
    assert (decided.outcome, decided.poll) == ("recalled", second.pk)


def test_a_vote_that_opens_anew_when_all_electors_have_left_is_counted_all_the_same(now):
    electors = ("ada", "ben", "cleo")
    world, term = seated(
        now,
        "ada",
        post=treasurer(unit=FERRY),
        listed=in_units(ferry=electors, whole=["dai", "eva", "finn"]),
        voters=3,
    )
    petition = signed(world, asked(world, term))
    first = the_vote(petition)
    cast_ballot(world.actor("cleo"), poll_id=first.pk, choice="yes")
    for name in electors:
        leave(world.actor(name))
    sealing.destroy(world.organisation, first.pk)
    now.pass_to(first.closes_at)
    second = the_vote(petition)
    assert (second.pk != first.pk, second.state, second.roll_count) == (True, "open", 0)
    decided = recall_vote(now, world, petition)
    assert (decided.state, decided.outcome, the_vote(petition).state) == ("decided", "kept", "counted")


def test_while_the_vote_runs_nobody_sees_more_than_how_many_came(called):
    world, _, petition = called
    poll = the_vote(petition)
    cast_ballot(world.actor("cleo"), poll_id=poll.pk, choice="yes")
    assert voting.turnout(poll) == 1
    assert voting.shown_ballots(poll) == []


def test_the_holder_votes_as_anybody_and_who_came_later_does_not(called):
    world, _, petition = called
    poll = the_vote(petition)
    world.move_in(["gus"])
    with pytest.raises(Refused, match="not-on-the-roll"):
        cast_ballot(world.actor("gus"), poll_id=poll.pk, choice="yes")
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="no")


def test_with_everybodys_ballot_it_closes_at_once(called, now):
    world, term, petition = called
    poll = the_vote(petition)
    for name in world.people:
        cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    tick()
    assert fresh(petition).outcome == "recalled"
    assert Term.objects.get(pk=term.pk).ended_at == now.time
