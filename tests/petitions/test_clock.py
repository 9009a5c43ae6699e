# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the clock does with petitions: it ends them, and forgets who signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.petitions import queries, steps
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition, Signature, SignatureLink
from kollontai.chapters.record.act import Act, Deadline, FrameError, clock_act, perform_deadline, tick
from kollontai.chapters.record.models import EntryRow
from kollontai.followers.claims import claims
from tests.world import founded, founders

from .street import KILN, NAMES, asked, fresh, in_units, recall_vote, seated, signed

pytestmark = pytest.mark.django_db
LIMITATION = timedelta(days=183)


def test_a_petition_with_too_few_signatures_lapses_in_public(now):
    world = founded(listed=founders(*NAMES))
    petition = asked(world)
    now.pass_to(petition.closes_at)
    lapsed = fresh(petition)
    assert (lapsed.state, lapsed.ended_at, lapsed.outcome) == ("lapsed", petition.closes_at, "")
    assert world.kinds()[-1] == "petition.lapsed"
    assert b"too-few" in bytes(EntryRow.objects.get(kind="petition.lapsed").data)


def test_one_with_enough_does_not_lapse_while_what_follows_waits(now):
    """The clock failed at what follows, and comes to the end of the petition first."""
    world = founded(listed=founders(*NAMES))
    petition = asked(world)
    signed_already = Deadline.objects.filter(subject=petition.pk, act="petitions.lapse")
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    Deadline.objects.filter(act="deliberation.put_question").update(due=petition.closes_at)
    signed_already.update(due=now.time)
    tick()
    assert fresh(petition).state == "running"
    now.move(petition.closes_at)
    tick()
    assert fresh(petition).state == "reached"


@pytest.mark.parametrize("leaves_by", [resign, leave])
def test_when_the_term_ends_the_petition_has_nothing_to_ask_for(now, leaves_by):
    world, term = seated(now)
    petition = asked(world, term)
    given = {"term_id": term.pk} if leaves_by is resign else {}
    leaves_by(world.actor("ada"), **given)
    tick()
    lapsed = fresh(petition)
    assert (lapsed.state, lapsed.ended_at) == ("lapsed", now.time)
    assert b"term-over" in bytes(EntryRow.objects.get(kind="petition.lapsed").data)


def test_a_petition_ends_with_the_term_where_that_comes_first(now):
    world, term = seated(now)
    now.pass_to(term.ends_at - timedelta(days=20))
    petition = asked(world, term)
    assert petition.closes_at > term.ends_at
    now.pass_to(term.ends_at)
    assert (fresh(petition).state, fresh(petition).ended_at) == ("lapsed", term.ends_at)


def test_a_late_clock_that_finds_the_term_over_lapses_the_petition_before_it_ends_the_term(now):
    """The deadlines of three days are performed one after the other, and a minute turns between two."""
    world, term = seated(now)
    now.pass_to(term.ends_at - timedelta(minutes=1))
    petition = asked(world, term)
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    now.move(days=3)
    assert perform_deadline(Deadline.objects.get(act="elections.open_recall"))
    assert (fresh(petition).state, Term.objects.get(pk=term.pk).ended_at) == ("lapsed", None)
    now.move(minutes=1)
    tick()
    assert Term.objects.get(pk=term.pk).ended_at == now.time


def in_three_units(now):
    """A question that ada and cleo have signed, of two units; dai alone makes up the third."""
    world = founded(listed=in_units(whole=["ada", "ben"], ferry=["cleo", "eva"], kiln=["dai"]))
    now.move(minutes=1)
    return world, signed(world, asked(world), "ada")


def test_when_the_last_of_a_unit_leaves_nobody_waits_for_a_signature_from_there(now):
    world, petition = in_three_units(now)
    assert (petition.units_needed, petition.state) == (3, "running")
    unsigned = asked(world, by="ben")
    now.move(days=10)
    leave(world.actor("dai"))
    tick()
    assert (fresh(petition).state, fresh(petition).ended_at) == ("reached", now.time)
    assert (fresh(unsigned).state, world.kinds().count("question.put")) == ("running", 1)


def test_while_somebody_is_left_there_it_waits_for_them(now):
    world, petition = in_three_units(now)
    world.move_in(["finn"], unit=KILN)
    leave(world.actor("dai"))
    tick()
    assert fresh(petition).state == "running"
    assert queries.progress(petition, at=now.time).units_missing == 1
    leave(world.actor("finn"))
    tick()
    assert fresh(petition).state == "reached"


def test_whoever_signs_after_a_unit_has_emptied_is_not_asked_for_a_third(now):
    world = founded(listed=in_units(whole=["ada", "ben"], ferry=["cleo", "eva"], kiln=["dai"]))
    petition = asked(world)
    leave(world.actor("dai"))
    tick()
    assert fresh(petition).state == "running"
    assert signed(world, petition, "ada").state == "reached"


def test_the_ties_are_destroyed_when_nobody_may_be_charged_any_more(now):
    world, term = seated(now)
    petition = recall_vote(now, world, signed(world, asked(world, term), "dai"), cleo="no")
    gone_at = petition.ended_at + LIMITATION
    now.pass_to(gone_at - timedelta(minutes=1))
    assert SignatureLink.objects.count() == 2
    assert len(queries.mine(world.member("dai"))) == 1
    now.pass_to(gone_at)
    assert SignatureLink.objects.count() == 0
    assert queries.mine(world.member("dai")) == []
    assert Signature.objects.count() == 2, "that so many signed stays"
    assert fresh(petition).links_destroyed
    said = claims(world.organisation)
    assert (said["ties"], len(said["signatures"])) == ([], 2)
    assert world.kinds()[-1] == "links.destroyed"


def test_the_ties_of_a_petition_that_lapsed_go_too(now):
    world = founded(listed=founders(*NAMES))
    petition = asked(world)
    now.pass_to(petition.closes_at + LIMITATION)
    assert SignatureLink.objects.count() == 0
    assert fresh(petition).links_destroyed


def test_a_petition_is_not_reached_by_any_other_way_than_by_its_signatures(now):
    world = founded(listed=founders(*NAMES))
    petition = asked(world)

    @clock_act("tests.reach")
    def reach(this: Act, *, subject: str, due: object) -> None:
        steps.reached(this, Petition.objects.get(pk=subject), due=due)

    Deadline.objects.create(organisation_id=world.id, act="tests.reach", subject=petition.pk, due=now.time)
    with pytest.raises(FrameError):
        tick()
    Deadline.objects.filter(act="tests.reach").delete()
    assert fresh(petition).state == "running"
