# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who leads on a matter, and where leading silences nobody."""

from datetime import timedelta

import pytest

from kollontai.chapters.bodies import queries, rules
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.record.act import tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.world import day, founded, founders, held_by

pytestmark = pytest.mark.django_db


@prepared.once
def seated(now, **changes):
    """An organisation in which everybody who was entered has been confirmed."""
    world = founded(**changes)
    tick()
    for poll in Poll.objects.all():
        for name in world.people:
            if poll.voters.filter(member=world.people[name]).exists():
                cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    tick()
    assert Term.objects.count() == Poll.objects.count()
    return world


MANY = ("ada", "ben", "cleo", "dai", "eve", "fay", "gil", "hal", "ida")


@pytest.mark.parametrize(
    ("leaders", "members", "nobody"),
    [(0, 0, False), (0, 1, False), (1, 3, False), (2, 4, True), (2, 5, False), (3, 5, True), (12, 12, True)],
)
def test_where_leaders_are_half_or_more_nobody_is_silenced(leaders, members, nobody):
    assert rules.silences_nobody(leaders=leaders, members=members) is nobody


def test_leaders_of_the_whole_lead_in_every_unit_and_those_of_a_unit_in_it_alone(now):
    listed = (*founders("ada", "ben", "cleo"), *founders("dai", "eve", "fay", unit="Kiln Lane"))
    posts = [held_by("ada"), held_by("dai", title="Steward", unit="Kiln Lane")]
    world = seated(now, listed=listed, posts=posts)
    ada, dai = world.people["ada"], world.people["dai"]
    assert queries.leaders_between(world.unit(), now.time, now.time) == {ada}
    assert queries.leaders_between(world.unit("Kiln Lane"), now.time, now.time) == {ada, dai}
    assert queries.leaders_between(world.unit("Ferry Crews"), now.time, now.time) == {ada}


def test_a_post_that_does_not_lead_silences_nobody(now):
    world = seated(
        now, posts=[held_by("ada", title="Scrutineer", leading=False, duty="scrutineer", term_days=700)]
    )
    assert queries.leaders_between(world.unit(), now.time, now.time) == set()


def test_who_was_a_leader_when_it_was_raised_stays_one_and_who_becomes_one_counts(now):
    raised_before = day("2026-01-31")
    world = seated(now, posts=[held_by("ada", claim={"old_end": day("2026-03-01")})])
    ada, unit = world.people["ada"], world.unit()
    term = Term.objects.get()
    hour = timedelta(hours=1)
    assert queries.leaders_between(unit, raised_before, term.begins_at - hour) == set()
    assert queries.leaders_between(unit, raised_before, term.begins_at + hour) == {ada}
    assert queries.leaders_between(unit, term.ends_at - hour, term.ends_at + hour) == {ada}
    assert queries.leaders_between(unit, term.ends_at, term.ends_at + hour) == {ada}
    assert queries.leaders_between(unit, term.ends_at + hour, term.ends_at + 2 * hour) == set()


def test_a_term_is_over_at_its_time_even_if_the_clock_never_came(now):
    world = seated(now, posts=[held_by("ada", claim={"old_end": day("2026-03-01")})])
    now.move(days=60)
    assert Term.objects.get().ended_at is None
    assert queries.leaders_between(world.unit(), now.time, now.time) == set()
    assert not queries.holds_a_post(world.member("ada"), at=now.time)
    tick()
    assert Term.objects.get().ended_at == now.time
    before = day("2026-03-02")
    assert queries.leaders_between(world.unit(), before, now.time) == set()


def test_a_leader_who_leaves_and_comes_back_as_a_plain_member_still_counts_as_one(now):
    world = seated(now, listed=founders(*MANY), posts=[held_by("ada")])
    raised_at = now.time
    leave(world.actor("ada"))
    apply(world.actor("ada"), unit_id=world.unit().pk, name="Ada")
    now.pass_days(8)
    assert world.member("ada").standing == "member"
    assert queries.leaders_silenced(world.unit(), raised_at=raised_at, at=now.time) == {world.people["ada"]}


def test_posts_younger_than_ninety_days_do_not_lift_the_silence(now):
    world = seated(
        now, listed=founders("ada", "ben", "cleo"), posts=[held_by("ada ben", title="Council", seats=2)]
    )
    founded_at = world.organisation.founded_at
    now.move(minutes=1)
    assert not queries.nobody_silenced(world.unit(), raised_at=now.time)
    assert queries.leaders_silenced(world.unit(), raised_at=now.time, at=now.time) == {
        world.people["ada"],
        world.people["ben"],
    }
    later = founded_at + timedelta(days=90)
    assert queries.nobody_silenced(world.unit(), raised_at=later)
    assert queries.leaders_silenced(world.unit(), raised_at=later, at=later) == set()


def test_leaders_of_the_whole_who_do_not_belong_to_a_unit_do_not_count_as_its_members(now):
    listed = (*founders("ada", "ben", "cleo"), *founders("dai", "eve", unit="Kiln Lane"))
    world = seated(now, listed=listed, posts=[held_by("ada ben cleo", title="Council", seats=3)])
    later = now.time + timedelta(days=100)
    assert queries.nobody_silenced(world.unit(), raised_at=later)
    assert not queries.nobody_silenced(world.unit("Kiln Lane"), raised_at=later)


def test_nobody_lifts_the_silence_by_having_members_leave_after_the_issue_was_raised(now):
    world = seated(now, listed=founders(*MANY[:5]), posts=[held_by("ada ben", title="Council", seats=2)])
    now.move(days=100)
    raised_at = now.time
    assert not queries.nobody_silenced(world.unit(), raised_at=raised_at)
    now.move(minutes=1)
    leave(world.actor("cleo"))
    leave(world.actor("dai"))
    assert not queries.nobody_silenced(world.unit(), raised_at=raised_at)
    assert queries.nobody_silenced(world.unit(), raised_at=now.time)
