# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways round the rules of posts that somebody may try; the auditor reads each organisation afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.decline_acting import decline_acting
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll, SealedBallot, Voter
from tests.elections.hall import (
    NAMES,
    candidates,
    council,
    election,
    holders,
    house,
    offer,
    to_the_count,
    to_the_vote,
    treasurer,
    vote,
)
from tests.world import World, held_by

pytestmark = pytest.mark.django_db


def post(title: str, **changes):
    return council(title=title, seats=1, **changes)


def scrutineer(**changes):
    return post("Scrutineer", leading=False, duty="scrutineer", **changes)


def filling(title: str) -> Election:
    """The newest election to a post."""
    wanted = next(one for one in Post.objects.select_related("title") if str(one.title) == title)
    return election(post=wanted)


def refused(act, actor, **given) -> str:
    with pytest.raises(Refused) as caught:
        act(actor, **given)
    return caught.value.refusal.code


def stands(world, name: str, of: Election) -> str:
    return refused(stand, world.actor(name), election_id=of.pk, statement="Me.")


def elect(world, now, **who: str) -> None:
    """Let each post named be filled by somebody, all counted in one minute."""
    elections = {title: candidates(world, name, of=filling(title)) for title, name in who.items()}
    polls = [(to_the_vote(now, one), who[title]) for title, one in elections.items()]
    for poll, name in polls:
        for voter in NAMES[:4]:
            vote(world, poll, voter, name)
    now.pass_to(polls[0][0].closes_at)


# --- More posts than one may hold --------------------------------------------------------------------


def test_two_elections_counted_in_one_minute_give_nobody_more_posts_than_they_may_hold(now):
    world = house(post("Chair"), post("Treasurer"), post("Editor"))
    candidates(world, "ada", of=filling("Chair"))
    candidates(world, "ada", of=filling("Treasurer"))
    assert stands(world, "ada", filling("Editor")) == "too-many-posts-at-once"
    elect_both = [to_the_vote(now, filling(title)) for title in ("Chair", "Treasurer")]
    for poll in elect_both:
        for voter in NAMES[:4]:
            vote(world, poll, voter, "ada")
    now.pass_to(elect_both[0].closes_at)
    assert {poll.closes_at for poll in elect_both} == {elect_both[0].closes_at}
    assert holders() == [world.people["ada"]] * 2


def test_who_was_elected_and_waits_to_begin_does_not_stand_for_a_third_post(now):
    world = house(post("Chair", term_days=75), post("Treasurer", term_days=75), post("Editor"))
    elect(world, now, Chair="ben", Treasurer="cleo")
    ends_at = Term.objects.filter(ended_at=None)[0].ends_at
    now.pass_to(ends_at - timedelta(days=25))
    elect(world, now, Chair="ada", Treasurer="ada")
    editor = filling("Editor")
    assert (editor.why, editor.state) == ("again", "nominations")
    assert now.time < ends_at
    assert world.people["ada"] not in holders(), "both terms are still to begin"
    assert stands(world, "ada", editor) == "too-many-posts-at-once"
    now.pass_to(ends_at)
    assert holders().count(world.people["ada"]) == 2


def test_acting_counts_like_holding(now):
    world = house(post("Chair"), post("Treasurer"), post("Editor"))
    candidates(world, "ben", "ada", of=filling("Chair"))
    chair = to_the_vote(now, filling("Chair"))
    for voter in NAMES[:4]:
        vote(world, chair, voter, "ben", "ada")
    to_the_count(now, chair)
    now.pass_days(31)
    elect(world, now, Treasurer="ada", Editor="ada")
    left = Term.objects.get(member=world.people["ben"], ended_at=None)
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["ada"]
    assert refused(accept_acting, world.actor("ada"), term_id=left.pk) == "too-many-posts-at-once"
    resign(world.actor("ada"), term_id=Term.objects.filter(member=world.people["ada"], ended_at=None)[0].pk)
    accept_acting(world.actor("ada"), term_id=left.pk)
    assert holders().count(world.people["ada"]) == 2


def test_who_acts_in_a_post_and_stands_for_it_may_stand_for_a_second_one(now):
    world = house(post("Chair"), post("Editor"))
    candidates(world, "ben", "ada", of=filling("Chair"))
    chair = to_the_vote(now, filling("Chair"))
    for voter in NAMES[:4]:
        vote(world, chair, voter, "ben", "ada")
    to_the_count(now, chair)
    now.pass_days(31)
    left = Term.objects.get(member=world.people["ben"], ended_at=None)
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    accept_acting(world.actor("ada"), term_id=left.pk)
    assert Term.objects.get(member=world.people["ada"], ended_at=None).how == "acting"
    for title in ("Chair", "Editor"):
        candidates(world, "ada", of=filling(title))
    elect_both = sorted((filling("Chair"), filling("Editor")), key=lambda one: one.closes_at)
    for each in elect_both:
        poll = to_the_vote(now, each)
        for voter in NAMES[:4]:
            vote(world, poll, voter, "ada")
        to_the_count(now, poll)
    assert holders() == [world.people["ada"]] * 2


def test_who_is_to_be_confirmed_in_two_posts_does_not_stand_for_a_third_before_that(now):
    """The vote on them closes while names are put forward: whom members do not confirm may stand then."""
    world = house(held_by("ada ben", seats=2), held_by("ada ben", title="Editors", seats=2), post("Third"))
    assert [stands(world, name, filling("Third")) for name in ("ada", "ben")] == [
        "too-many-posts-at-once"
    ] * 2
    polls = Poll.objects.filter(about="confirmation")
    papers = {poll.pk: Claim.objects.get(poll=poll.pk).member_id for poll in polls}
    for poll in polls:
        for name in NAMES[:3]:
            choice = "yes" if papers[poll.pk] == world.people["ada"] else "no"
            cast_ballot(world.actor(name), poll_id=poll.pk, choice=choice)
    now.pass_to(polls[0].closes_at)
    assert holders() == [world.people["ada"]] * 2
    assert stands(world, "ada", filling("Third")) == "too-many-posts-at-once"
    candidates(world, "ben", of=filling("Third"))


def test_who_is_to_be_confirmed_as_a_scrutineer_stands_for_no_post_that_leads(now):
    watching = held_by("ada", title="Scrutineer", leading=False, duty="scrutineer")
    world = house(watching, post("Chair"))
    assert stands(world, "ada", filling("Chair")) == "controller-and-controlled"


def test_what_members_are_to_confirm_until_before_a_term_begins_does_not_count(now):
    short = {"claim": {"old_end": now.time + timedelta(days=7)}}
    world = house(held_by("ada", **short), held_by("ada", title="Editor"), post("Third"))
    candidates(world, "ada", of=filling("Third"))


def test_who_sits_by_another_poll_and_was_not_on_the_paper_is_no_matter_to_a_recount(now):
    world = house(council(seats=2))
    first = candidates(world, "ben", "cleo", "ada")
    poll = to_the_vote(now, first)
    for voter in NAMES[:4]:
        vote(world, poll, voter, "ben", "cleo", "ada")
    to_the_count(now, poll)
    ben, cleo = (Term.objects.get(member=world.people[name], ended_at=None) for name in ("ben", "cleo"))
    now.pass_days(31)
    resign(world.actor("ben"), term_id=ben.pk)
    tick()
    second = candidates(world, "dai", of=election(why="vacancy"))
    poll = to_the_vote(now, second)
    for voter in NAMES[:4]:
        vote(world, poll, voter, "dai")
    to_the_count(now, poll)
    assert set(holders()) == {world.people["cleo"], world.people["dai"]}
    resign(world.actor("cleo"), term_id=cleo.pk)
    tick()
    assert Offer.objects.filter(term=cleo.pk).latest("offered_at").member_id == world.people["ada"]


# --- Controller and controlled -----------------------------------------------------------------------


def test_a_scrutineer_becomes_no_leader_midway(now):
    """Neither by standing, nor as next in line; who gives the post back may."""
    world = house(post("Chair"), scrutineer())
    candidates(world, "ben", "ada", of=filling("Chair"))
    assert stands(world, "ada", filling("Scrutineer")) == "controller-and-controlled"
    candidates(world, "cleo", of=filling("Scrutineer"))
    assert stands(world, "cleo", filling("Chair")) == "controller-and-controlled"
    chair, watching = to_the_vote(now, filling("Chair")), to_the_vote(now, filling("Scrutineer"))
    for voter in NAMES[:4]:
        vote(world, chair, voter, "ben", "ada")
        vote(world, watching, voter, "ron")  # so that it opens again
    to_the_count(now, chair)
    elect(world, now, Scrutineer="ada")
    left = Term.objects.get(member=world.people["ben"], ended_at=None)
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["ada"]
    assert refused(accept_acting, world.actor("ada"), term_id=left.pk) == "controller-and-controlled"
    assert stands(world, "ada", filling("Chair")) == "controller-and-controlled"
    mine = Term.objects.get(member=world.people["ada"], ended_at=None)
    resign(world.actor("ada"), term_id=mine.pk)
    accept_acting(world.actor("ada"), term_id=left.pk)
    assert [term.post.leading for term in Term.objects.filter(member=world.people["ada"], ended_at=None)] == [
        True
    ]


def test_who_acts_in_a_leading_post_stands_for_no_scrutineers_post(now):
    world = house(post("Chair"), scrutineer())
    candidates(world, "ben", "ada", of=filling("Chair"))
    chair = to_the_vote(now, filling("Chair"))
    for voter in NAMES[:4]:
        vote(world, chair, voter, "ben", "ada")
    to_the_count(now, chair)
    left = Term.objects.get(member=world.people["ben"], ended_at=None)
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    accept_acting(world.actor("ada"), term_id=left.pk)
    again = filling("Scrutineer")
    now.pass_to(again.closes_at + timedelta(days=30))
    again = filling("Scrutineer")
    assert again.state == "nominations"
    assert stands(world, "ada", again) == "controller-and-controlled"


def test_a_scrutineer_who_says_no_lets_the_one_after_be_asked(now):
    world = house(post("Chair"))
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo"))
    for voter in NAMES[:4]:
        vote(world, poll, voter, "ada", "ben", "cleo")
    to_the_count(now, poll)
    left = Term.objects.get(ended_at=None)
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    decline_acting(world.actor("ben"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["cleo"]
    assert Offer.objects.filter(state="declined").count() == 1


# --- The clock of the machine ------------------------------------------------------------------------


def test_a_clock_set_back_while_a_box_is_open_makes_no_vote_longer_and_none_shorter(now):
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    vote(world, poll, "ada", "ada")
    now.set_back(days=3)  # the machine's clock, not the record's
    vote(world, poll, "ben", "ben")
    assert Voter.objects.filter(poll=poll, marked=True).count() == 2
    tick()
    poll.refresh_from_db()
    assert (poll.state, SealedBallot.objects.count()) == ("open", 2), "it does not close early either"
    now.pass_to(poll.closes_at)
    poll.refresh_from_db()
    assert (poll.state, poll.cast, poll.closed_at) == ("counted", 2, poll.closes_at)


def test_a_clock_set_back_after_the_close_opens_nothing_again(now):
    """Somebody did something after the close, before the clock came; then the machine's clock goes back."""
    world = house(treasurer(), post("Editor"))
    poll = to_the_vote(now, candidates(world, "ada", of=filling("Treasurer")))
    vote(world, poll, "ada", "ada")
    now.pass_to(poll.closes_at)
    now.set_back(hours=5)
    assert refused_vote(world, poll, "ben") == "vote-closed"
    resign(world.actor("ada"), term_id=Term.objects.get(ended_at=None).pk)
    assert Term.objects.get(member=world.people["ada"]).ended_at >= poll.closes_at, (
        "the record never goes back"
    )


def refused_vote(world, poll: Poll, name: str) -> str:
    with pytest.raises(Refused) as caught:
        vote(world, poll, name, "ada")
    return caught.value.refusal.code


# --- Resigning to begin anew -------------------------------------------------------------------------


def test_who_resigns_and_wins_the_by_election_serves_the_rest_and_counts_a_term_more(now):
    world = house(post("Chair"))
    elect(world, now, Chair="ada")
    first = Term.objects.get()
    resign(world.actor("ada"), term_id=first.pk)
    tick()
    elect(world, now, Chair="ada")
    second = Term.objects.get(ended_at=None)
    assert second.ends_at == first.ends_at, "the rest, and not a day more"
    resign(world.actor("ada"), term_id=second.pk)
    tick()
    elect(world, now, Chair="ada")
    third = Term.objects.get(ended_at=None)
    assert third.ends_at == first.ends_at
    resign(world.actor("ada"), term_id=third.pk)
    tick()
    by_election = filling("Chair")
    assert by_election.why == "vacancy"
    assert stands(world, "ada", by_election) == "served-their-terms", "three in a row, however short"


def test_who_resigns_is_not_next_in_line_for_their_own_seat(now):
    world = house(post("Chair"))
    candidates(world, "ada", "ben", of=filling("Chair"))
    poll = to_the_vote(now, filling("Chair"))
    for voter in NAMES[:4]:
        vote(world, poll, voter, "ada", "ben")
    to_the_count(now, poll)
    left = Term.objects.get()
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["ben"]
    now.pass_days(3)
    assert not Offer.objects.filter(state="asked").exists()
    assert refused(accept_acting, world.actor("ada"), term_id=left.pk) == "not-next-in-line"


# --- Two seats of one post ---------------------------------------------------------------------------


def council_of_three(world, now) -> None:
    """Ada, Ben and Cleo sit; Dai comes next by the ballots."""
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", "dai"))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada", "ben", "cleo", "dai")
    to_the_count(now, poll)


def give_back(world, name: str) -> Term:
    """Let somebody give back what they hold, and the clock see to it."""
    term = Term.objects.get(member=world.people[name], ended_at=None)
    resign(world.actor(name), term_id=term.pk)
    tick()
    return term


def dai_is_voted_for(now) -> tuple[World, Poll]:
    """Ada's seat is voted on, and all are for Dai, who comes next for Ben's and Cleo's as well."""
    world = house()
    council_of_three(world, now)
    give_back(world, "ada")
    poll = to_the_vote(now, candidates(world, "dai", of=election(why="vacancy")))
    for name in NAMES[:5]:
        vote(world, poll, name, "dai")
    return world, poll


def test_nobody_wins_a_second_seat_of_a_post_that_they_hold(now):
    world = house()
    council_of_three(world, now)
    give_back(world, "ada")
    by = election(why="vacancy")
    assert stands(world, "ben", by) == "holds-it-already"
    give_back(world, "ben")
    candidates(world, "ben", of=by)  # who gave it back, stands as anybody


def test_who_holds_a_seat_stands_for_the_term_after_it(now):
    world = house()
    council_of_three(world, now)
    first = Term.objects.get(member=world.people["ben"])
    now.pass_to(first.ends_at - timedelta(days=25))
    poll = to_the_vote(now, candidates(world, "ben", of=election(why="term-over")))
    for name in NAMES[:5]:
        vote(world, poll, name, "ben")
    to_the_count(now, poll)
    now.pass_to(first.ends_at)
    assert holders() == [world.people["ben"]]


def test_nobody_stands_for_two_seats_of_a_post_at_once(now):
    world = house()
    council_of_three(world, now)
    give_back(world, "ada")
    one = candidates(world, "eva", "finn", of=election(why="vacancy"))
    poll = to_the_vote(now, one)
    give_back(world, "ben")
    other = election(why="vacancy")
    assert other.pk != one.pk
    assert [stands(world, name, other) for name in ("eva", "finn")] == ["stands-for-it-already"] * 2
    for name in NAMES[:5]:
        vote(world, poll, name, "eva")
    to_the_count(now, poll)
    assert stands(world, "eva", other) == "holds-it-already"
    candidates(world, "finn", of=other)  # who was not elected there


def test_the_rest_of_a_term_and_the_term_after_it_may_be_stood_for_together(now):
    world = house(post("Chair", term_days=100))
    elect(world, now, Chair="ada")
    ends_at = Term.objects.get().ends_at
    now.pass_to(ends_at - timedelta(days=60))
    give_back(world, "ada")
    poll = to_the_vote(now, candidates(world, "ben", of=filling("Chair")))
    for name in NAMES[:4]:
        vote(world, poll, name, "ron")
    to_the_count(now, poll)
    rest = candidates(world, "ben", of=election(why="again"))
    now.pass_to(ends_at - timedelta(days=26))
    whole = candidates(world, "ben", of=election(why="term-over"))
    assert rest.ends_at == whole.begins_at


def test_who_sits_already_is_not_asked_to_act_in_another_seat(now):
    world, poll = dai_is_voted_for(now)
    to_the_count(now, poll)
    assert world.people["dai"] in holders()
    give_back(world, "ben")
    assert not Offer.objects.filter(state="asked").exists(), "nobody comes after Dai"


def test_who_is_elected_before_they_answer_no_longer_acts_in_another_seat(now):
    world, poll = dai_is_voted_for(now)
    now.pass_to(poll.closes_at - timedelta(days=1))
    left = give_back(world, "ben")
    assert offer().member_id == world.people["dai"]
    to_the_count(now, poll)
    assert refused(accept_acting, world.actor("dai"), term_id=left.pk) == "holds-it-already"
    assert holders().count(world.people["dai"]) == 1


def test_who_acts_in_one_seat_and_is_elected_to_another_acts_no_longer(now):
    world, poll = dai_is_voted_for(now)
    now.pass_to(poll.closes_at - timedelta(days=1))
    left = give_back(world, "ben")
    accept_acting(world.actor("dai"), term_id=left.pk)
    to_the_count(now, poll)
    mine = Term.objects.filter(member=world.people["dai"]).order_by("begins_at")
    assert [(term.how, term.ended_why) for term in mine] == [("acting", "seat-filled"), ("elected", "")]
