# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving: at any time, with the record, and without a way back to what one was."""

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.members import queries as members
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.record.act import Actor, Refused, tick
from kollontai.ids import new_id
from tests.world import founded

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal


def test_a_member_leaves_at_once(now):
    world = founded()
    now.move(days=3)
    leave(world.actor("dai"))
    dai = world.member("dai")
    assert (dai.standing, dai.left_at) == ("left", now.time)
    assert world.kinds()[-1] == "member.left"
    assert dai not in members.accepted_in(world.unit())
    assert members.accepted_count(world.id) == 3


def test_who_left_has_no_right_left():
    world = founded()
    leave(world.actor("dai"))
    eve = Invitee("Eve", "eve@example.org", world.unit().pk)
    assert refused(leave, world.actor("dai")).code == "not-a-member"
    assert refused(invite, world.actor("dai"), invitees=[eve]).code == "not-a-member"
    assert refused(vouch, world.actor("dai"), member_id=world.people["ada"]).code == "not-a-member"
    assert refused(ask_contact_change, world.actor("dai"), email="new@example.org").code == "not-a-member"


def test_an_address_asked_for_before_leaving_takes_no_effect(now):
    world = founded()
    ask_contact_change(world.actor("dai"), email="new@example.org")
    leave(world.actor("dai"))
    now.pass_days(8)
    assert world.member("dai").contact.email == "dai@example.org"
    assert "contact.changed" not in world.kinds()


def test_who_comes_back_is_the_same_person_and_begins_anew(now):
    world = founded(joining="vouched")
    leave(world.actor("dai"))
    now.move(days=100)
    apply(world.actor("dai"), unit_id=world.unit().pk, name="Dai")
    vouch(world.actor("ada"), member_id=world.people["dai"])
    vouch(world.actor("ben"), member_id=world.people["dai"])
    now.pass_days(7)
    dai = world.member("dai")
    assert (dai.standing, dai.joined_at, dai.left_at) == ("member", now.time, None)
    # The founder's rights are gone: to vouch from the first day, to let people move in without vouchers.
    newcomer = Actor(world.id, new_id(), "code")
    apply(newcomer, unit_id=world.unit().pk, name="Eve", email="eve@example.org")
    refusal = refused(vouch, world.actor("dai"), member_id=newcomer.id)
    assert refusal.code == "vouching-too-new"
    assert (refusal.until - now.time).days == 90


def test_a_founder_who_left_and_came_back_lets_nobody_move_in(now):
    world = founded()
    leave(world.actor("dai"))
    apply(world.actor("dai"), unit_id=world.unit().pk, name="Dai")
    now.pass_days(7)
    eve = Invitee("Eve", "eve@example.org", world.unit().pk)
    assert invite(world.actor("dai"), invitees=[eve]).value[0].ground == "invitation"
    assert invite(world.actor("ada"), invitees=[Invitee("Fay", "fay@example.org", eve.unit_id)]).value[
        0
    ].ground == ("moving-in")


def test_nobody_comes_back_by_an_invitation_of_others():
    world = founded()
    leave(world.actor("dai"))
    dai = Invitee("Dai", "Dai@Example.org", world.unit().pk)
    assert refused(invite, world.actor("ada"), invitees=[dai]).code == "address-known"
    assert refused(vouch, world.actor("ada"), member_id=world.people["dai"]).code == "not-an-applicant"
    tick()
    assert world.member("dai").standing == "left"


def test_vouchers_of_an_earlier_application_count_no_more(now):
    world = founded(joining="vouched", listed=founded_by_six())
    newcomer = Actor(world.id, new_id(), "code")
    apply(newcomer, unit_id=world.unit().pk, name="Eve", email="eve@example.org")
    for name in ("ada", "ben"):
        vouch(world.actor(name), member_id=newcomer.id)
    now.pass_days(7)
    leave(newcomer)
    now.move(days=1)
    apply(newcomer, unit_id=world.unit().pk, name="Eve")
    now.pass_days(8)
    assert members.here(world.id, newcomer.id).standing == "applicant"
    vouch(world.actor("ada"), member_id=newcomer.id)
    vouch(world.actor("cleo"), member_id=newcomer.id)
    assert members.here(world.id, newcomer.id).standing == "member"


def founded_by_six():
    from tests.world import founders

    return founders("ada", "ben", "cleo", "dai", "fay", "gil")
