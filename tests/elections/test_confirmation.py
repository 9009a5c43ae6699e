# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posts held before the founding come before the members, once, by the clock."""

from datetime import timedelta

import pytest

from kollontai.chapters.bodies import queries
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.models import Claim, Term
from kollontai.chapters.bodies.rules import PostGiven
from kollontai.chapters.charter import articles
from kollontai.chapters.elections import rules
from kollontai.chapters.record import act as frame
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.record.models import Deadline
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll, Voter
from tests.world import day, founded, founders, held_by, opened

pytestmark = pytest.mark.django_db
NORMAL = articles.read().defaults("normal")


def the_poll() -> Poll:
    return Poll.objects.get(about="confirmation")


def vote(world, **choices: str) -> None:
    poll = the_poll()
    for name, choice in choices.items():
        cast_ballot(world.actor(name), poll_id=poll.pk, choice=choice)


@pytest.mark.parametrize(
    ("old_end", "ends"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-08-03", "2026-08-03"),
        ("2026-08-04", "2026-08-03"),
        ("2036-01-01", "2026-08-03"),
    ],
)
def test_a_confirmed_term_ends_on_its_old_day_or_after_half_a_year(old_end, ends):
    founded_at = day("2026-02-01")
    assert rules.ends_at(old_end=day(old_end), founded_at=founded_at, limits=NORMAL) == day(ends)


@pytest.mark.parametrize(
    ("outcome", "standing", "seated"),
    [("yes", "member", True), ("no", "member", False), ("yes", "left", False), ("yes", "invited", False)],
)
def test_only_a_member_whom_the_members_confirmed_is_seated(outcome, standing, seated):
    assert rules.is_seated(outcome=outcome, standing=standing) is seated


def test_the_clock_opens_the_vote_at_the_founding_with_all_its_members_on_the_roll(now):
    world = founded(posts=[held_by("ada")], listed=founders("ada", "ben", "cleo"))
    assert not Poll.objects.exists()
    tick()
    poll = the_poll()
    assert (poll.subject, poll.form, poll.quorum_bp) == (Claim.objects.get().post_id, "yes_no", 0)
    assert {voter.member_id for voter in Voter.objects.filter(poll=poll)} == set(world.people.values())
    assert poll.closes_at == day("2026-02-06 20:00")
    assert str(poll.paper).count("Elected, 31 to 4.") == 1


def test_nobody_holds_a_post_before_the_count(now):
    world = founded(posts=[held_by("ada")])
    tick()
    assert queries.leaders_between(world.unit(), now.time, now.time) == set()
    now.pass_days(4)
    assert not Term.objects.exists()
    assert queries.posts_held(world.id, at=now.time)[0].vacant == 1


def test_more_yes_than_no_seats_the_person_until_a_day_that_is_known(now):
    world = founded(posts=[held_by("ada")])
    at = now.time
    tick()
    vote(world, ada="yes", ben="yes")
    now.pass_days(6)
    term = Term.objects.get()
    assert (term.member_id, term.how, term.poll) == (world.people["ada"], "confirmed", the_poll().pk)
    assert term.begins_at == day("2026-02-06 20:00")
    assert term.ends_at == at + timedelta(days=183)
    assert Claim.objects.get().outcome == "confirmed"
    assert world.kinds()[-2:] == ["poll.counted", "term.begun"]
    assert queries.leaders_between(world.unit("Kiln Lane"), now.time, now.time) == {world.people["ada"]}
    held = queries.posts_held(world.id, at=now.time)[0]
    assert (held.vacant, held.terms, held.claims) == (0, [term], [])
    now.pass_to(term.ends_at)
    term.refresh_from_db()
    assert (term.ended_at, term.ended_why) == (term.ends_at, "term-over")
    assert queries.terms_of(world.member("ada")).count() == 1
    assert not queries.holds_a_post(world.member("ada"), at=now.time)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"ada": "yes", "ben": "no"},
        {"ada": "yes", "ben": "no", "cleo": "no"},
        {"ada": "abstain", "ben": "abstain"},
    ],
)
def test_without_more_yes_than_no_the_post_stays_vacant(now, choices):
    world = founded(posts=[held_by("ada")])
    tick()
    vote(world, **choices)
    now.pass_days(6)
    assert not Term.objects.exists()
    assert Claim.objects.get().outcome == "unconfirmed"
    assert world.kinds()[-2:] == ["post.unconfirmed", "election.opened"], "the clock lets it be filled anew"


def test_a_holder_who_never_signed_is_not_seated(now):
    world = opened(posts=[held_by("dai")])
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    tick()
    vote(world, ada="yes", ben="yes", cleo="yes")
    now.pass_days(6)
    assert (world.member("dai").standing, Claim.objects.get().outcome) == ("invited", "unconfirmed")


def test_a_holder_who_signs_while_the_vote_runs_is_seated(now):
    world = opened(posts=[held_by("dai")])
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    tick()
    vote(world, ada="yes", ben="yes")
    sign_charter(world.actor("dai"))
    assert Voter.objects.filter(poll=the_poll()).count() == 3
    now.pass_days(6)
    assert Term.objects.get().member_id == world.people["dai"]


def test_a_holder_who_left_is_not_seated(now):
    world = founded(posts=[held_by("ada")])
    tick()
    vote(world, ben="yes", cleo="yes")
    leave(world.actor("ada"))
    now.pass_days(6)
    assert Claim.objects.get().outcome == "unconfirmed"
    assert not Term.objects.exists()


def test_a_term_ends_with_its_holder_leaving_and_its_clock_finds_nothing_to_do(now):
    world = founded(posts=[held_by("ada")])
    tick()
    vote(world, ben="yes", cleo="yes")
    now.pass_days(10)
    leave(world.actor("ada"))
    term = Term.objects.get()
    assert (term.ended_at, term.ended_why) == (now.time, "left")
    assert not Deadline.objects.filter(act="bodies.end_term", done_at=None).exists()
    now.pass_days(200)
    assert world.kinds().count("term.ended") == 1


def test_the_roll_is_not_padded_by_whom_a_founder_lets_move_in_on_the_first_day(now):
    world = founded(posts=[held_by("ada")])
    world.move_in(["eve", "fay", "gil"])
    poll = the_poll()
    assert Voter.objects.filter(poll=poll).count() == 3
    with pytest.raises(Refused) as refused:
        cast_ballot(world.actor("eve"), poll_id=poll.pk, choice="yes")
    assert refused.value.refusal.code == "not-on-the-roll"


def test_the_vote_is_closed_early_by_nobody(now):
    world = founded(posts=[held_by("ada")])
    tick()
    vote(world, ada="yes", ben="yes")
    assert not [name for name in frame.ACTS if "confirm" in name]
    assert tick() == 0
    early = Deadline.objects.filter(act="elections.conclude_confirmation")
    early.update(due=now.time)
    with pytest.raises(frame.FrameError, match="closes by the clock"):
        tick()
    assert not Term.objects.exists()


def test_two_holders_of_a_committee_are_two_votes(now):
    world = founded(posts=[held_by("ada ben", title="Council", seats=3)])
    tick()
    first, second = Poll.objects.order_by("pk")
    assert first.subject == second.subject
    by_member = {claim.member_id: claim.poll for claim in Claim.objects.all()}
    for name in ("cleo", "ben"):
        cast_ballot(world.actor(name), poll_id=by_member[world.people["ada"]], choice="yes")
        cast_ballot(world.actor(name), poll_id=by_member[world.people["ben"]], choice="no")
    now.pass_days(6)
    assert Term.objects.get().member_id == world.people["ada"]


def test_a_section_confirms_its_own_posts_alone(now):
    listed = (*founders("cleo", "dai", unit="Kiln Lane"), *founders("ada", "ben"))
    world = founded(listed=listed, posts=[held_by("cleo", unit="Kiln Lane")])
    tick()
    roll = {voter.member_id for voter in Voter.objects.filter(poll=the_poll())}
    assert roll == {world.people["cleo"], world.people["dai"]}


def test_a_section_in_which_nobody_signed_confirms_nobody(now):
    listed = (*founders("ada", "ben", "cleo"), *founders("dai", unit="Kiln Lane"))
    world = opened(listed=listed, posts=[held_by("dai", unit="Kiln Lane")])
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    tick()
    assert the_poll().roll_count == 0
    sign_charter(world.actor("dai"))
    now.pass_days(6)
    assert Claim.objects.get().outcome == "unconfirmed"


def test_after_an_outage_the_members_still_have_all_their_days(now):
    founded(posts=[held_by("ada")], listed=founders("ada", "ben", "cleo"))
    now.move(days=4)
    tick()
    assert the_poll().closes_at == day("2026-02-10 20:00")


def test_nothing_is_put_to_the_members_where_nothing_was_entered(now):
    founded(posts=[PostGiven(title="Chair", leading=True, term_days=365)])
    now.pass_days(10)
    assert not Poll.objects.exists()


def test_the_founding_is_confirmed_once(now):
    world = opened(posts=[held_by("ada")])
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    now.pass_days(10)
    sign_charter(world.actor("dai"))
    now.pass_days(10)
    assert Poll.objects.count() == 1
