# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a signature back: one's own, while the petition runs."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Signature, SignatureLink
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.record.models import EntryRow
from tests import prepared
from tests.world import founders

from .street import NAMES, asked, fresh, seated, signed

pytestmark = pytest.mark.django_db


@prepared.once
def made(now):
    """Twenty-four members, so that a recall needs three signatures; two have signed."""
    world, term = seated(now, listed=founders(*NAMES, *(f"n{i}" for i in range(18))))
    return world, signed(world, asked(world, term), "dai")


@pytest.fixture
def street(now):
    """Twenty-four members, so that a recall needs three signatures; two have signed."""
    return made(now)


def refused(actor, petition_id) -> str:
    before = EntryRow.objects.count(), Signature.objects.standing().count()
    with pytest.raises(Refused) as caught:
        withdraw_signature(actor, petition_id=petition_id)
    assert before == (EntryRow.objects.count(), Signature.objects.standing().count())
    return caught.value.refusal.code


def test_it_is_taken_back_under_the_same_alias(street, now):
    world, petition = street
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    link = SignatureLink.objects.get(member=world.member("dai"))
    assert Signature.objects.get(alias=link.alias).withdrawn_at == now.time
    entry = EntryRow.objects.order_by("position").last()
    assert (entry.kind, entry.actor) == ("signature.withdrawn", link.alias)
    assert world.people["dai"].encode() not in bytes(entry.data)


def test_only_what_one_has_signed(street):
    world, petition = street
    assert refused(world.actor("eva"), petition.pk) == "petition-not-signed"
    assert refused(world.actor("dai"), "nothing") == "no-such-petition"
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    assert refused(world.actor("dai"), petition.pk) == "petition-not-signed"


def test_who_has_left_may_still_take_it_back(street):
    world, petition = street
    leave(world.actor("dai"))
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    assert Signature.objects.standing().count() == 1


def test_what_is_taken_back_does_not_count(street):
    world, petition = street
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    assert signed(world, petition, "eva").state == "running"
    assert signed(world, petition, "finn").state == "reached"


def test_it_goes_on_when_who_opened_it_steps_back(street):
    world, petition = street
    withdraw_signature(world.actor("cleo"), petition_id=petition.pk)
    assert fresh(petition).state == "running"


def test_once_enough_have_signed_nobody_undoes_it(street, monkeypatch):
    world, petition = street
    with monkeypatch.context() as late:
        late.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
        sign_petition(world.actor("eva"), petition_id=petition.pk)
        assert refused(world.actor("dai"), petition.pk) == "petition-reached"
    tick()
    assert fresh(petition).state == "reached"
    assert refused(world.actor("dai"), petition.pk) == "petition-reached"


def test_after_the_close_it_stays_as_it_was(street, now):
    world, petition = street
    now.pass_to(petition.closes_at)
    assert refused(world.actor("dai"), petition.pk) == "petition-over"
