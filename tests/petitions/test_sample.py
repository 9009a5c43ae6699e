# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scrutineers draw signatures by lot, ask those who were drawn, and report; nobody else sees who signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.petitions import queries, rules
from kollontai.chapters.petitions.acts.draw_sample import draw_sample
from kollontai.chapters.petitions.acts.report_sample import report_sample
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Sample, SignatureLink
from kollontai.chapters.petitions.rules import Sampling
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.record.models import EntryRow
from kollontai.counting.lots import draw
from tests.petitions.street import NAMES, asked, seated, signed, treasurer
from tests.world import founders

pytestmark = pytest.mark.django_db
WORDS = "Gulls over the quay."


def scrutineers(**changes):
    return treasurer(title="Scrutineer", leading=False, duty="scrutineer", **changes)


@pytest.fixture
def reached(now):
    """ada is scrutineer; eleven of two hundred signed a question to all, which is enough."""
    more = [f"n{i}" for i in range(194)]
    world, _term = seated(now, post=scrutineers(), listed=founders(*NAMES, *more))
    petition = asked(world)
    petition = signed(world, petition, "dai", *more[:8])
    assert petition.state == "reached"
    return world, petition


def refused(act, actor, **given) -> str:
    before = EntryRow.objects.count(), Sample.objects.count()
    with pytest.raises(Refused) as caught:
        act(actor, **given)
    assert before == (EntryRow.objects.count(), Sample.objects.count())
    return caught.value.refusal.code


def names(world, people) -> set[str]:
    of = {pk: name for name, pk in world.people.items()}
    return {of[one.pk] for one in people}


def test_one_in_ten_is_drawn_by_the_scrutineers_own_words_and_shown_to_nobody_else(reached, now):
    world, petition = reached
    sample = draw_sample(world.actor("ada"), petition_id=petition.pk, sentence=f"  {WORDS} ").value
    aliases = list(SignatureLink.objects.filter(petition=petition).values_list("alias", flat=True))
    seed = rules.sample_seed(petition.pk, world.people["ada"], WORDS)
    assert sample.aliases == list(draw(seed, aliases)[:1])
    who = SignatureLink.objects.get(alias=sample.aliases[0]).member
    seen = queries.drawn_by(petition, world.member("ada"), at=now.time)
    assert [one.pk for one in seen] == [who.pk]
    for other in ("ben", "cleo"):
        assert queries.drawn_by(petition, world.member(other), at=now.time) == []
    assert queries.drawn_by(petition, None, at=now.time) == []
    assert queries.drew_own(petition, who) == [sample], "they learn that they were drawn"
    assert queries.drew_own(petition, world.member("ben")) == []
    entry = EntryRow.objects.order_by("position").last()
    assert entry.kind == "sample.drawn"
    assert who.pk.encode() not in bytes(entry.data)


def test_with_the_report_the_names_are_gone(reached, now):
    world, petition = reached
    draw_sample(world.actor("ada"), petition_id=petition.pk, sentence=WORDS)
    given = {"petition_id": petition.pk, "signed": 1, "denied": 0, "silent": 0}
    assert refused(report_sample, world.actor("ada"), **{**given, "silent": 1}) == "sample-sum"
    assert refused(report_sample, world.actor("ada"), **{**given, "signed": 2, "denied": -1}) == "sample-sum"
    sample = report_sample(world.actor("ada"), **given).value
    assert (sample.signed, sample.denied, sample.silent, sample.reported_at) == (1, 0, 0, now.time)
    assert queries.drawn_by(petition, world.member("ada"), at=now.time) == []
    assert refused(report_sample, world.actor("ada"), **given) == "sample-reported-already"
    assert refused(draw_sample, world.actor("ada"), petition_id=petition.pk, sentence="Once more.") == (
        "sample-drawn-already"
    )


def test_nobody_but_a_scrutineer_in_office_draws_or_sees(reached, now):
    world, petition = reached
    for name in ("ben", "cleo"):
        code = refused(draw_sample, world.actor(name), petition_id=petition.pk, sentence=WORDS)
        assert code == "not-to-see-signatures"
    assert refused(draw_sample, world.actor("ada"), petition_id=petition.pk, sentence=" ") == (
        "sample-sentence-unusable"
    )
    assert (
        refused(draw_sample, world.actor("ada"), petition_id="nothing", sentence=WORDS) == "no-such-petition"
    )
    given = {"petition_id": petition.pk, "signed": 1, "denied": 0, "silent": 0}
    assert refused(report_sample, world.actor("ada"), **given) == "sample-not-drawn"
    draw_sample(world.actor("ada"), petition_id=petition.pk, sentence=WORDS)
    resign(world.actor("ada"), term_id=Term.objects.get(ended_at=None).pk)
    tick()
    assert queries.drawn_by(petition, world.member("ada"), at=now.time) == []
    assert refused(report_sample, world.actor("ada"), **given) == "not-to-see-signatures"


def test_nothing_is_drawn_while_names_come_and_go_nor_when_the_ties_are_destroyed(now):
    more = [f"n{i}" for i in range(54)]
    world, _term = seated(now, post=scrutineers(), listed=founders(*NAMES, *more))
    petition = asked(world)
    assert refused(draw_sample, world.actor("ada"), petition_id=petition.pk, sentence=WORDS) == (
        "petition-not-reached"
    )
    petition = signed(world, petition, "dai", "eva")
    assert petition.state == "reached"
    with pytest.raises(Refused):
        withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    now.pass_to(petition.ended_at + timedelta(days=184))
    assert (
        refused(draw_sample, world.actor("ada"), petition_id=petition.pk, sentence=WORDS) == "ties-destroyed"
    )


def test_nobody_draws_from_a_petition_about_their_own_post(now):
    world, term = seated(now, post=scrutineers(seats=1))
    now.pass_days(70)
    petition = signed(world, asked(world, term), "dai")
    assert petition.state == "reached"
    assert refused(draw_sample, world.actor("ada"), petition_id=petition.pk, sentence=WORDS) == (
        "petition-about-you"
    )


@pytest.mark.parametrize(("signatures", "size"), [
    (1, 1), (2, 1), (10, 1), (11, 2), (186, 19), (200, 20), (5_000, 20),
])  # fmt: skip
def test_a_sample_is_one_in_ten_rounded_up_and_at_most_twenty(signatures, size):
    assert rules.sample_size(signatures) == size


def test_names_are_seen_between_drawing_and_reporting_alone():
    given = {
        "is_member": True, "is_scrutineer": True, "is_asked_about": False, "state": "reached",
        "links_destroyed": False, "drawn": 2, "reported": False,
    }  # fmt: skip
    assert rules.sees_names(Sampling(**given))
    for change in (
        {"is_member": False}, {"is_scrutineer": False}, {"is_asked_about": True}, {"links_destroyed": True},
        {"drawn": 0}, {"reported": True},
    ):  # fmt: skip
        assert not rules.sees_names(Sampling(**{**given, **change})), change
