# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing: once, for oneself and one's own unit, while the petition runs, and nobody is told who."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.petitions import facts
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Signature, SignatureLink
from kollontai.chapters.record.act import Actor, Deadline, Refused, tick
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import EntryRow
from kollontai.followers.claims import claims
from kollontai.ids import new_id
from tests import prepared
from tests.world import founded, founders

from .street import FERRY, KILN, NAMES, asked, fresh, in_units, seated, signed, treasurer

pytestmark = pytest.mark.django_db


@prepared.once
def made(now):
    """Twenty-four members, so that a recall needs three signatures."""
    world, term = seated(now, listed=founders(*NAMES, *(f"n{i}" for i in range(18))))
    return world, asked(world, term)


@pytest.fixture
def street(now):
    """Twenty-four members, so that a recall needs three signatures."""
    return made(now)


def refused(actor, petition_id) -> str:
    signed = EntryRow.objects.filter(kind="petition.signed")
    before = signed.count(), Signature.objects.count(), SignatureLink.objects.count()
    with pytest.raises(Refused) as caught:
        sign_petition(actor, petition_id=petition_id)
    assert before == (signed.count(), Signature.objects.count(), SignatureLink.objects.count())
    return caught.value.refusal.code


def test_a_signature_is_an_alias_a_time_and_an_entry_that_names_nobody(street, now):
    world, petition = street
    done = sign_petition(world.actor("dai"), petition_id=petition.pk)
    link = SignatureLink.objects.get(member=world.member("dai"))
    signature = Signature.objects.get(alias=link.alias)
    assert done.value == signature
    assert (signature.petition, signature.at, signature.unit) == (petition, now.time, None)
    entry = EntryRow.objects.order_by("position").last()
    assert (entry.kind, entry.actor, entry.subject) == ("petition.signed", link.alias, petition.pk)
    assert world.people["dai"].encode() not in bytes(entry.data)


def test_an_alias_does_not_say_how_its_owner_came_in(street):
    world, petition = street
    with_a_program = Actor(world.id, world.people["dai"], "token")
    sign_petition(with_a_program, petition_id=petition.pk)
    withdraw_signature(with_a_program, petition_id=petition.pk)
    entries = EntryRow.objects.filter(kind__in=("petition.opened", "petition.signed", "signature.withdrawn"))
    assert {json.loads(bytes(entry.data))["auth"] for entry in entries} == {"protected"}


def test_no_claim_of_the_server_says_whose_an_alias_is(street):
    world, petition = street
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    said = claims(world.organisation)
    aliases = {link.alias for link in SignatureLink.objects.all()}
    assert {row["alias"] for row in said["signatures"]} == aliases
    assert {row["alias"] for row in said["ties"]} == aliases
    for name in ("petitions", "signatures", "ties"):
        assert not any(member in json.dumps(said[name]) for member in world.people.values())


def test_one_signs_once_in_two_windows_too(street):
    world, petition = street
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    assert refused(world.actor("dai"), petition.pk) == "petition-signed-already"
    assert refused(world.actor("cleo"), petition.pk) == "petition-signed-already", "who opened it has signed"


def test_the_tables_hold_no_second_signature_whatever_asks(street):
    world, petition = street
    link = SignatureLink.objects.get()
    with opened_for("public"):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignatureLink.objects.create(
                organisation_id=world.id, petition=petition, member=link.member, alias=new_id()
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            SignatureLink.objects.create(
                organisation_id=world.id, petition=petition, member=world.member("dai"), alias=link.alias
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(
                organisation_id=world.id, petition=petition, alias=link.alias, at=petition.opened_at
            )


def test_nobody_signs_for_another_or_for_another_unit(street):
    world, petition = street
    for more in ({"member": world.people["dai"]}, {"unit_id": world.unit(FERRY).pk}, {"alias": new_id()}):
        with pytest.raises(TypeError):
            sign_petition(world.actor("dai"), petition_id=petition.pk, **more)


def test_only_members_sign(street):
    world, petition = street
    leave(world.actor("finn"))
    for actor in (
        world.actor("finn"),
        Actor(world.id, new_id(), "code"),
        Actor(world.id, "operator", "operator"),
        Actor(world.id, "clock", "clock"),
    ):
        assert refused(actor, petition.pk) == "not-a-member"


def test_a_member_of_another_organisation_finds_no_such_petition(street):
    world, petition = street
    other = founded(slug="elsewhere", origin="localhost/elsewhere")
    assert refused(other.actor("ada"), petition.pk) == "no-such-petition"
    assert refused(world.actor("dai"), "nothing") == "no-such-petition"


def test_the_members_of_another_unit_do_not_sign_a_recall(now):
    world, term = seated(
        now,
        "ada",
        post=treasurer(unit=FERRY),
        listed=in_units(ferry=["ada", "ben", "cleo", "dai"], kiln=["eva"], whole=["finn"]),
        voters=4,
    )
    petition = asked(world, term)
    assert refused(world.actor("eva"), petition.pk) == "petition-of-another-unit"
    assert refused(world.actor("finn"), petition.pk) == "petition-of-another-unit"
    assert signed(world, petition, "dai").state == "reached"


def test_leaders_and_the_holder_sign_as_anybody(street):
    world, petition = street
    sign_petition(world.actor("ada"), petition_id=petition.pk)
    assert Signature.objects.count() == 2


def test_a_newcomer_signs_and_the_base_stays(street):
    world, petition = street
    world.move_in(["gus"])
    sign_petition(world.actor("gus"), petition_id=petition.pk)
    assert (fresh(petition).base, Signature.objects.count()) == (24, 2)


def test_the_signature_of_somebody_who_leaves_stands_and_counts(street):
    """To take it back with the leaving would tell everybody whose it was."""
    world, petition = street
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    leave(world.actor("dai"))
    assert Signature.objects.standing().count() == 2
    assert signed(world, petition, "eva").state == "reached"


def test_after_the_close_nobody_signs_even_while_the_clock_is_late(street, now, monkeypatch):
    world, petition = street
    with monkeypatch.context() as late:
        late.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
        now.move(petition.closes_at)
        assert refused(world.actor("dai"), petition.pk) == "petition-over"
    assert refused(world.actor("dai"), petition.pk) == "petition-over"
    assert fresh(petition).state == "lapsed"


def test_in_the_last_minute_one_may_still_sign(street, now):
    world, petition = street
    now.move(petition.closes_at)
    now.set_back(seconds=1)
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    assert Signature.objects.filter(at__lt=petition.closes_at).count() == 2


def test_with_enough_signatures_it_is_reached_whether_or_not_the_clock_has_run(street, monkeypatch):
    world, petition = street
    with monkeypatch.context() as late:
        late.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
        for name in ("dai", "eva"):
            sign_petition(world.actor(name), petition_id=petition.pk)
        assert fresh(petition).state == "running"
        assert Deadline.objects.filter(act="elections.open_recall", done_at=None).count() == 1
        assert refused(world.actor("finn"), petition.pk) == "petition-reached"
    tick()
    assert refused(world.actor("finn"), petition.pk) == "petition-reached"


def test_nobody_signs_to_recall_who_has_gone_already(street):
    world, petition = street
    from kollontai.chapters.bodies.models import Term

    resign(world.actor("ada"), term_id=petition.subject)
    assert refused(world.actor("dai"), petition.pk) == "term-already-ended"
    assert Term.objects.get(pk=petition.subject).ended_why == "resigned"
    assert fresh(petition).state == "lapsed"


def test_who_took_it_back_signs_again_an_hour_later_under_the_same_alias(street, now):
    world, petition = street
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    alias = facts.own_signature(petition, world.member("dai")).alias
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    now.move(minutes=59)
    assert refused(world.actor("dai"), petition.pk) == "signature-just-withdrawn"
    now.move(minutes=1)
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    again = facts.own_signature(petition, world.member("dai"))
    assert (again.alias, again.at, again.withdrawn_at) == (alias, now.time, None)
    assert Signature.objects.count() == 2


def test_a_question_needs_signatures_from_three_units_where_three_have_members(now):
    world = founded(listed=in_units(whole=["ada"], ferry=["ben", "cleo"], kiln=["dai", "eva"]))
    petition = asked(world, by="ben")
    assert (petition.needed, petition.units_needed) == (2, 3)
    assert signed(world, petition, "cleo", "dai").state == "running", "three signatures, of two units"
    assert signed(world, petition, "ada").state == "reached"
    units = Signature.objects.order_by("pk").values_list("unit", flat=True)
    assert list(units) == [world.unit(name).pk for name in (FERRY, FERRY, KILN, "")]


def test_a_question_that_is_reached_goes_on_by_itself(now):
    world = founded(listed=founders(*NAMES))
    petition = signed(world, asked(world), "dai")
    assert (petition.state, petition.ended_at) == ("reached", now.time)
    assert world.kinds().count("petition.reached") == 1
