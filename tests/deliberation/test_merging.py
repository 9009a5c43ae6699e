# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units merge by the yes of both, and nobody and nothing is left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation import facts
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.facts import elsewhere, seat_of
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Member, MergeYes, Unit
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.models import Poll
from tests.deliberation.hall import Hall
from tests.deliberation.two_units import (
    FERRY,
    KILN,
    QUARRY,
    READY,
    both_at_the_vote,
    both_carry,
    merged,
    merger,
    raised_in,
    says_yes,
    to_the_vote,
    two_branches,
    vote,
)

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db
SCRIBE = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return two_branches(now)


def test_one_yes_changes_nothing_and_the_second_does_it(hall):
    first = says_yes(hall, "Kiln Lane")
    assert (first.weight, first.outcome, hall.world.kinds()[-1]) == ("big", "carried", "unit.merge_agreed")
    assert hall.world.unit("Kiln Lane").merged_at is None
    says_yes(hall, "Ferry Crews")
    kiln, ferry = hall.world.unit("Kiln Lane"), hall.world.unit("Ferry Crews")
    assert (kiln.merged_into, kiln.merged_at) == (ferry, hall.now.time)
    kinds = hall.world.kinds()
    at = kinds.index("unit.merged")
    assert kinds[at - 1 : at + 2] == ["unit.merge_agreed", "unit.merged", "term.ended"]
    assert {hall.world.member(name).unit_id for name in (*FERRY, *KILN)} == {ferry.pk}
    assert list(MergeYes.objects.filter(over_at=None)) == []


def test_a_yes_that_is_too_old_counts_for_nothing(hall):
    says_yes(hall, "Kiln Lane")
    hall.now.pass_days(150)
    says_yes(hall, "Ferry Crews")
    assert hall.world.unit("Kiln Lane").merged_at is None
    says_yes(hall, "Kiln Lane")  # once more, while that of the others holds
    assert hall.world.unit("Kiln Lane").merged_at is not None


def test_a_yes_to_the_contrary_is_another_merger(hall):
    says_yes(hall, "Kiln Lane")
    says_yes(hall, "Ferry Crews", merger(hall, "Ferry Crews", "Kiln Lane"))
    assert Unit.objects.exclude(merged_at=None).count() == 0


def test_posts_and_terms_of_the_unit_that_is_no_more_are_over(hall):
    merged(hall)
    posts = Post.objects.filter(unit=hall.world.unit("Kiln Lane"))
    assert [post.ended_at for post in posts] == [hall.now.time]
    [term] = Term.objects.filter(post__in=posts)
    assert (term.ended_why, term.ended_at) == ("unit-merged", hall.now.time)
    assert Term.objects.get(member=hall.world.people["iva"]).ended_at is None
    hall.now.pass_days(3)
    assert not Election.objects.filter(post__in=posts, why="vacancy").exists()


def test_an_open_issue_goes_on_in_the_other_unit_with_all_of_it_on_the_roll(hall):
    both = both_at_the_vote(hall)
    lamp = raised_in(hall, "Kiln Lane", title="A lamp", draft_title="Lamp")
    bell = raised_in(hall, "Ferry Crews", title="A bell", draft_title="Bell")
    assert hall.refused(speak, "kit", issue_id=lamp.pk, stance="for", text="Yes.") == "another-unit"
    both_carry(hall, both)
    ferry = hall.world.unit("Ferry Crews")
    for issue in map(hall.fresh, (lamp, bell)):
        assert (issue.stage, issue.unit, issue.all_led) == ("reply", ferry, False)
        leaders = facts.leaders_on(issue, at=hall.now.time)
        assert leaders == {hall.world.people[name] for name in ("hal", "iva", "rhys")}
    assert hall.refused(speak, "rhys", issue_id=bell.pk, stance="for", text="Yes.") == "members-reply-now"
    hall.said("kit", lamp)
    hall.said("ola", bell)
    carried = vote(hall, lamp, *FERRY[:3], *KILN[:3])
    assert carried.outcome == "carried"
    assert set(carried.poll.voters.values_list("member", flat=True)) == {
        hall.world.people[name] for name in (*FERRY, *KILN)
    }


def test_a_vote_of_the_merged_unit_is_counted_and_does_not_reach_into_the_other(hall):
    both = [raised_in(hall, unit, merger(hall)) for unit in ("Kiln Lane", "Ferry Crews")]
    while hall.fresh(both[0]).stage != "reply":
        hall.turned(both[0])
    hall.now.pass_days(1)
    rope = raised_in(hall, "Kiln Lane", SCRIBE, title="A rope", draft_title="Rope")
    both = [to_the_vote(hall, issue) for issue in both]
    rope = to_the_vote(hall, rope)
    posts = Post.objects.count()
    both_carry(hall, both)
    rope = vote(hall, rope, *KILN[:3])
    assert (rope.outcome, rope.poll.unit, rope.unit) == (
        "carried", hall.world.unit("Kiln Lane"), hall.world.unit("Ferry Crews")
    )  # fmt: skip
    assert Post.objects.count() == posts


def test_a_yes_is_over_when_its_unit_has_taken_in_others(hall):
    quarry = merger(hall, "Quarry", "Ferry Crews")
    says_yes(hall, "Ferry Crews", quarry)
    merged(hall)
    assert set(MergeYes.objects.values_list("over_at", flat=True)) == {hall.now.time}
    says_yes(hall, "Quarry", quarry)
    assert hall.world.unit("Quarry").merged_at is None


def test_of_two_mergers_that_carry_together_the_second_finds_its_unit_gone(hall):
    other = raised_in(hall, "Kiln Lane", merger(hall, "Kiln Lane", "Quarry"), by="pam")
    both = both_at_the_vote(hall)
    for name in KILN[:3]:
        cast_ballot(hall.world.actor(name), poll_id=hall.fresh(other).poll_id, choice="yes")
    both_carry(hall, both)
    assert hall.fresh(other).outcome == "carried"
    standing = MergeYes.objects.filter(over_at=None).count()
    assert (MergeYes.objects.count(), standing) in ((2, 0), (3, 0))


@pytest.mark.parametrize(
    ("before", "state", "after"), [(53, "voting", "decided"), (67, "nominations", "empty")]
)
def test_an_election_of_the_unit_that_is_no_more_seats_nobody(hall, before, state, after):
    post = Post.objects.get(unit=hall.world.unit("Kiln Lane"))
    hall.now.pass_to(Term.objects.get(post=post).ends_at - before * DAY)
    both = both_at_the_vote(hall)
    while not Election.objects.filter(post=post, why="term-over").exists():
        hall.now.pass_days(1)
    election = Election.objects.get(post=post, why="term-over")
    stand(hall.world.actor("ola"), election_id=election.pk, statement="I know the kilns.")
    hall.now.pass_to(both[0].stage_ends_at - DAY)
    election.refresh_from_db()
    assert election.state == state
    both_carry(hall, both)
    given = {"election_id": election.pk, "statement": "I know them too."}
    code = hall.refused(stand, "pam", **given)
    assert code == ("post-ended" if state == "nominations" else "nominations-closed")
    hall.now.pass_days(45)
    election.refresh_from_db()
    assert (election.state, Term.objects.filter(post=post).count()) == (after, 1)
    assert Election.objects.filter(post=post).count() == 1


@pytest.mark.parametrize("before", [53, 67])
def test_who_stands_where_nobody_is_seated_any_more_may_stand_for_another_post(hall, before):
    """An election of a unit that is no more takes from nobody what they may hold beside it."""
    posts = {str(post.unit.name): post for post in Post.objects.select_related("unit__name")}
    dead, ferry = posts["Kiln Lane"], posts["Ferry Crews"]
    hall.now.pass_to(Term.objects.get(post=dead).ends_at - before * DAY)
    both = both_at_the_vote(hall)
    while not Election.objects.filter(post=dead, why="term-over").exists():
        hall.now.pass_days(1)
    running = {one.post_id: one for one in Election.objects.filter(why="term-over")}
    mine = [running[pk] for pk in running if pk != ferry.pk]
    for one in mine:
        stand(hall.world.actor("ola"), election_id=one.pk, statement="I know the kilns.")
    hall.now.pass_to(both[0].stage_ends_at - DAY)
    both_carry(hall, both)
    member = hall.world.member("ola")
    assert [one.post for one in elsewhere(member, besides="", at=hall.now.time)] == [
        one.post_id for one in mine if one.post_id != dead.pk
    ]
    if before == 67:
        stand(hall.world.actor("ola"), election_id=running[ferry.pk].pk, statement="And the ferries.")


def test_a_lost_box_of_the_unit_that_is_no_more_ends_its_election(hall):
    post = Post.objects.get(unit=hall.world.unit("Kiln Lane"))
    hall.now.pass_to(Term.objects.get(post=post).ends_at - 53 * DAY)
    both = both_at_the_vote(hall)
    while not Election.objects.filter(post=post, why="term-over").exists():
        hall.now.pass_days(1)
    election = Election.objects.get(post=post, why="term-over")
    stand(hall.world.actor("ola"), election_id=election.pk, statement="I know the kilns.")
    hall.now.pass_to(both[0].stage_ends_at - DAY)
    election.refresh_from_db()
    assert election.state == "voting"
    both_carry(hall, both)
    sealing.destroy(hall.world.organisation, election.poll)
    hall.now.pass_to(Poll.objects.get(pk=election.poll).closes_at)
    election.refresh_from_db()
    assert (election.state, Poll.objects.get(pk=election.poll).state) == ("annulled", "lost")
    assert hall.world.kinds()[-2:] == ["box.lost", "election.annulled"]
    assert Election.objects.filter(post=post).count() == 1


def test_a_lost_box_of_a_recall_asks_the_same_electors_once_more(hall):
    term = Term.objects.get(post__unit=hall.world.unit("Kiln Lane"))
    both = both_at_the_vote(hall)
    hall.now.pass_to(both[0].stage_ends_at - DAY)
    given = {"about": "recall", "term_id": term.pk, "title": "Enough", "text": "Why."}
    petition = open_petition(hall.world.actor("ola"), **given).value
    sign_petition(hall.world.actor("pam"), petition_id=petition.pk)
    hall.now.move(minutes=2)
    hall.now.pass_to(hall.now.time)
    petition.refresh_from_db()
    both_carry(hall, both)
    sealing.destroy(hall.world.organisation, petition.poll)
    hall.now.pass_to(Poll.objects.get(pk=petition.poll).closes_at)
    petition.refresh_from_db()
    anew = Poll.objects.get(pk=petition.poll)
    assert {one.member_id for one in anew.voters.all()} == {hall.world.people[name] for name in KILN}
    for name in KILN[:3]:
        cast_ballot(hall.world.actor(name), poll_id=anew.pk, choice="yes")
    hall.now.pass_to(anew.closes_at)
    petition.refresh_from_db()
    assert (petition.outcome, hall.world.kinds().count("recall.decided")) == ("recalled", 1)


def test_a_recall_whose_box_is_lost_after_the_merger_keeps_the_holder_where_all_electors_have_left(hall):
    term = Term.objects.get(post__unit=hall.world.unit("Kiln Lane"))
    both = both_at_the_vote(hall)
    hall.now.pass_to(both[0].stage_ends_at - DAY)
    given = {"about": "recall", "term_id": term.pk, "title": "Enough", "text": "Why."}
    petition = open_petition(hall.world.actor("ola"), **given).value
    sign_petition(hall.world.actor("pam"), petition_id=petition.pk)
    hall.now.move(minutes=2)
    hall.now.pass_to(hall.now.time)
    petition.refresh_from_db()
    both_carry(hall, both)
    for name in KILN:
        leave(hall.world.actor(name))
    sealing.destroy(hall.world.organisation, petition.poll)
    for _ in range(2):
        hall.now.pass_to(Poll.objects.get(pk=petition.poll).closes_at)
        petition.refresh_from_db()
    assert Poll.objects.get(pk=petition.poll).roll_count == 0
    assert (petition.outcome, hall.world.kinds().count("recall.decided")) == ("kept", 1)


def test_nobody_merges_to_be_rid_of_what_was_decided(hall):
    words = {"title": "A lamp", "draft_text": "1. A lamp at the gate of the yard."}
    no = vote(hall, raised_in(hall, "Kiln Lane", **words), *KILN[:3], choice="no")
    merged(hall)
    again = raised_in(hall, "Ferry Crews", by="ola", **words)
    [said] = again.coming_again.all()
    assert (said.earlier_id, said.needed) == (no.pk, 1)
    assert not raised_in(hall, "Quarry", **words).coming_again.exists()  # another branch is not bound by it


def test_terms_served_in_the_merged_unit_count_in_the_other(hall):
    merged(hall)
    post = Post.objects.get(unit=hall.world.unit("Ferry Crews"))
    hall.now.pass_to(Term.objects.get(post=post).ends_at - 20 * DAY)
    election = Election.objects.get(post=post, why="term-over")
    assert seat_of(election).takes_on == {Post.objects.get(unit=hall.world.unit("Kiln Lane")).pk}


def test_a_petition_to_all_is_not_made_hopeless(hall):
    both = both_at_the_vote(hall)
    petition = open_petition(
        hall.world.actor("ola"), about="question", title="A yard", text="Shall we rent it?"
    ).value
    assert petition.units_needed == 3
    sign_petition(hall.world.actor("kit"), petition_id=petition.pk)
    both_carry(hall, both)
    petition.refresh_from_db()
    assert petition.state == "running"  # two units signed, and three are left: no third is asked in vain
    sign_petition(hall.world.actor("sol"), petition_id=petition.pk)
    hall.now.pass_to(hall.now.time)
    petition.refresh_from_db()
    assert petition.state == "reached"


def test_nor_by_those_who_leave_after_a_merger(hall):
    both = both_at_the_vote(hall)
    petition = open_petition(
        hall.world.actor("ola"), about="question", title="A yard", text="Shall we rent it?"
    ).value
    both_carry(hall, both)
    sign_petition(hall.world.actor("sol"), petition_id=petition.pk)
    hall.now.pass_days(1)
    petition.refresh_from_db()
    assert (petition.needed, petition.state) == (2, "running")  # three units have members still
    for name in QUARRY:
        leave(hall.world.actor(name))
    hall.now.pass_to(hall.now.time)
    petition.refresh_from_db()
    assert petition.state == "reached"


@pytest.mark.parametrize(
    ("by", "unit", "effects", "code"),
    [
        ("ada", "", [("Kiln Lane", "Ferry Crews")], "merger-by-its-units"),
        ("kit", "Ferry Crews", [("Ferry Crews", "Ferry Crews")], "merger-of-two"),
        ("kit", "Ferry Crews", [("Ferry Crews", "")], "first-unit-never-merges"),
        ("kit", "Ferry Crews", [("", "Ferry Crews")], "first-unit-never-merges"),
        ("kit", "Ferry Crews", [("Ferry Crews", "Kiln Lane"), SCRIBE], "merger-alone"),
        ("kit", "Ferry Crews", [Effect("merge_units", from_unit="nowhere", into_unit="x")], "merger-of-two"),
        ("kit", "Ferry Crews", [Effect("merge_units", from_unit="nowhere")], "effect-incomplete"),
    ],
)
def test_what_is_refused(hall, by, unit, effects, code):
    declared = [one if isinstance(one, Effect) else merger(hall, *one) for one in effects]
    given = {"unit_id": hall.world.unit(unit).pk, "effects": declared, **READY}
    assert hall.refused(raise_issue, by, **given) == code


def test_nothing_begins_in_a_unit_that_is_no_more(hall):
    gone = hall.world.unit("Kiln Lane")
    merged(hall)
    ada, kiln = hall.world.actor("ada"), Invitee("New", "new@example.org", gone.pk)
    assert hall.refused(invite, "ada", invitees=[kiln]) == "unit-unknown"
    assert hall.refused(raise_issue, "ola", unit_id=gone.pk, **READY) == "unit-unknown"
    again = merger(hall)
    ferry = hall.world.unit("Ferry Crews")
    assert hall.refused(raise_issue, "ola", unit_id=ferry.pk, effects=[again], **READY) == "unit-is-gone"
    assert ada.organisation == hall.world.id
    assert gone not in Unit.objects.of(hall.world.id)


def test_who_was_invited_or_waits_belongs_to_the_other_too(hall):
    invite(
        hall.world.actor("ada"), invitees=[Invitee("New", "new@example.org", hall.world.unit("Kiln Lane").pk)]
    )
    merged(hall)
    assert Member.objects.get(standing="invited").unit == hall.world.unit("Ferry Crews")
