# SPDX-License-Identifier: AGPL-3.0-or-later
"""A post that members end while it is being filled: nobody comes forward any more, and it is said why."""

from __future__ import annotations

import pytest

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.elections import queries
from kollontai.chapters.elections.acts.decline_nomination import decline_nomination
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.acts.withdraw_candidacy import withdraw_candidacy
from kollontai.chapters.elections.models import Candidacy, Election
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Refused
from kollontai.chapters.record.models import EntryRow
from tests.elections.hall import ended_while_nominating
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(now) -> tuple[World, Election]:
    return ended_while_nominating(now)


def test_an_election_whose_post_is_ended_ends_empty_whoever_stands(now, ended):
    _world, of = ended
    now.pass_to(of.closes_at)
    of.refresh_from_db()
    assert (of.state, of.candidacies.standing().count()) == ("empty", 1)
    now.pass_to(now.time + 60 * DAY)
    assert not Election.objects.filter(after=of.pk).exists(), "nobody is elected any more"


def test_nobody_comes_forward_for_a_post_that_has_ended_and_it_is_said_since_when(now, ended):
    world, of = ended
    tried = [
        lambda: nominate(world.actor("ada"), election_id=of.pk, nominee=world.people["finn"]),
        lambda: stand(world.actor("finn"), election_id=of.pk, statement="Me."),
        lambda: stand(world.actor("cleo"), election_id=of.pk, statement="I was asked."),
    ]
    before = EntryRow.objects.count()
    for attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        refusal = refused.value.refusal
        assert (refusal.code, refusal.article, refusal.facts) == ("post-ended", 1, {"ended": now.time})
    assert EntryRow.objects.count() == before
    now.pass_to(of.closes_at)
    with pytest.raises(Refused) as refused:
        tried[0]()
    assert refused.value.refusal.code == "nominations-closed"


def test_who_came_forward_before_the_post_ended_may_still_say_no_or_step_back(ended):
    world, of = ended
    decline_nomination(world.actor("cleo"), election_id=of.pk)
    withdraw_candidacy(world.actor("ben"), election_id=of.pk)
    with pytest.raises(Refused) as refused:
        stand(world.actor("ben"), election_id=of.pk, statement="Once more.")
    assert refused.value.refusal.code == "post-ended"


def test_what_needs_somebody_names_no_post_that_has_ended(now, ended):
    world, of = ended
    dai = Member.objects.get(pk=world.people["dai"])
    assert not queries.waiting_for_answer(dai, at=now.time).exists()
    assert not queries.nominating_around(dai, at=now.time).filter(pk=of.pk).exists()
    assert Candidacy.objects.get(election=of, member=dai).state == "asked"
