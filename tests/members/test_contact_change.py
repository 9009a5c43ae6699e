# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another address: told to the old one, stopped from it, in force after seven days."""

from datetime import timedelta

import pytest

from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.accounts.steps import account_for, tidy
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.members import emails, queries
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.stop_contact_change import stop_contact_change
from kollontai.chapters.members.models import Contact
from kollontai.chapters.record.act import Actor, Refused
from kollontai.chapters.record.models import Deadline, EntryRow
from kollontai.ids import new_id
from tests.world import founded, founders, opened

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal


def test_the_old_address_is_told_and_the_new_one_holds_after_seven_days(now):
    world = founded()
    old, at = account_for("ada@example.org", at=now.time), now.time
    assert queries.member_for(world.organisation, old) == world.member("ada")
    ask_contact_change(world.actor("ada"), email=" New@Example.org ")
    told = Mail.objects.get()
    assert told.to == "ada@example.org"
    assert "Tidewater Federation" in told.body
    assert "new@example.org" not in told.body
    now.pass_to(at + timedelta(days=7) - timedelta(minutes=1))
    assert Contact.objects.get(member=world.people["ada"]).email == "ada@example.org"
    now.pass_to(at + timedelta(days=7))
    contact = Contact.objects.get(member=world.people["ada"])
    assert (contact.email, contact.pending_email, contact.pending_from) == ("new@example.org", "", None)
    assert world.kinds()[-1] == "contact.changed"
    assert b"example.org" not in b"".join(bytes(entry.data) for entry in EntryRow.objects.all())


def test_after_the_change_the_old_address_opens_nothing_and_every_device_signs_in_again(now):
    world = founded()
    account = account_for("ada@example.org", at=now.time)
    password = account.password
    _, program = tokens.make(account, label="x", scopes=("vote",), days=90, at=now.time)
    ask_contact_change(world.actor("ada"), email="new@example.org")
    now.pass_days(7)
    account.refresh_from_db()
    assert (account.email, account.password == password) == ("new@example.org", False)
    assert queries.member_for(world.organisation, account) == world.member("ada")
    assert tokens.find(program, at=now.time) is None, "whoever read the old mailbox could have made it"
    thief = account_for("ada@example.org", at=now.time)
    assert thief.pk != account.pk
    assert queries.member_for(world.organisation, thief) is None


def test_where_the_new_address_has_an_account_that_one_speaks_for_the_member(now):
    world = founded()
    old = account_for("ada@example.org", at=now.time)
    new = account_for("new@example.org", at=now.time)
    ask_contact_change(world.actor("ada"), email="new@example.org")
    now.pass_days(7)
    assert queries.member_for(world.organisation, new) == world.member("ada")
    assert queries.member_for(world.organisation, old) is None


def test_the_change_is_stopped_until_it_holds(now):
    world = founded()
    ask_contact_change(world.actor("ada"), email="new@example.org")
    now.move(days=6)
    stop_contact_change(world.actor("ada"))
    now.pass_days(3)
    assert Contact.objects.get(member=world.people["ada"]).email == "ada@example.org"
    assert refused(stop_contact_change, world.actor("ada")).code == "no-change-to-stop"
    assert world.kinds()[-2:] == ["contact.change_asked", "contact.change_stopped"]


def test_a_change_asked_for_anew_waits_its_own_seven_days(now):
    world = founded()
    ask_contact_change(world.actor("ada"), email="first@example.org")
    refusal = refused(ask_contact_change, world.actor("ada"), email="second@example.org")
    assert (refusal.code, refusal.until) == ("change-already-asked", now.time + timedelta(days=7))
    now.move(days=6)
    stop_contact_change(world.actor("ada"))
    ask_contact_change(world.actor("ada"), email="second@example.org")
    now.pass_days(6)
    assert Contact.objects.get(member=world.people["ada"]).email == "ada@example.org"
    now.pass_days(1)
    assert Contact.objects.get(member=world.people["ada"]).email == "second@example.org"


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("nonsense", "email-unusable"),
        ("ADA@example.org", "same-address"),
        ("ben@example.org", "address-known"),
        ("wanted@example.org", "address-known"),
    ],
)
def test_an_address_is_usable_new_and_nobody_elses(email, code):
    world = founded()
    ask_contact_change(world.actor("cleo"), email="wanted@example.org")
    assert refused(ask_contact_change, world.actor("ada"), email=email).code == code


def test_an_address_somebody_waits_for_is_taken_by_nobody_meanwhile(now):
    world = founded()
    ask_contact_change(world.actor("ada"), email="new@example.org")
    eve = Invitee("Eve", "new@example.org", world.unit().pk)
    assert refused(invite, world.actor("ben"), invitees=[eve]).code == "address-known"


def test_a_stranger_changes_and_stops_nothing():
    world = founded()
    stranger = Actor(world.id, new_id(), "code")
    assert refused(ask_contact_change, stranger, email="new@example.org").code == "not-a-member"
    assert refused(stop_contact_change, stranger).code == "not-a-member"


@pytest.mark.parametrize("email", ["Ada@Example.ORG", " ada@example.org\t", "ÄDA@exämple.org"])
def test_addresses_are_written_the_way_accounts_write_them(email):
    assert emails.tidy(email) == tidy(email)


@pytest.mark.parametrize(
    ("email", "usable"),
    [
        ("a@b.org", True),
        ("ada.marsh+ferry@mail.example.org", True),
        ("ada@exämple.org", True),
        ("ada@example", False),
        ("ada@-example.org", False),
        ("ada..marsh@example.org", False),
        ("ada@example..org", False),
        ("a" * 65 + "@example.org", False),
        ("ada@example.org\n", False),
        ("Ada <ada@example.org>", False),
        ("ada@ben@example.org", False),
        ("@example.org", False),
        ("", False),
    ],
)
def test_what_can_be_an_address(email, usable):
    assert emails.is_email(email) is usable


def two_houses(now):
    """Two organisations on one server; ada is in both with one account."""
    ada = account_for("ada@example.org", at=now.time)
    one = opened()
    other = opened(slug="other", origin="localhost/other", listed=founders("xan", "yve", "ada"))
    for world in (one, other):
        for name in list(world.people):
            sign_charter(world.actor(name), account_id=ada.pk if name == "ada" else None)
    return one, other


def test_nobody_is_reached_where_anothers_account_opens_already(now):
    one, other = two_houses(now)
    ask_contact_change(one.actor("ada"), email="new@example.org")
    now.pass_days(7)
    assert Contact.objects.get(member=other.people["ada"]).email == "ada@example.org"
    refusal = refused(ask_contact_change, other.actor("yve"), email="new@example.org")
    assert refusal.code == "address-known"
    now.pass_days(8)


def test_where_the_address_has_come_to_open_anothers_pages_each_account_stays_whose_it_is(now):
    one, other = two_houses(now)
    yve = account_for("yve@example.org", at=now.time)
    ask_contact_change(one.actor("ada"), email="new@example.org")
    ask_contact_change(other.actor("yve"), email="new@example.org")
    now.pass_days(8)
    assert not Deadline.objects.filter(done_at=None).exclude(failed="").exists()
    contact = Contact.objects.get(member=other.people["yve"])
    assert (contact.email, contact.pending_from) == ("new@example.org", None)
    assert queries.member_for(other.organisation, yve) == other.member("yve")
    ada = account_for("new@example.org", at=now.time)
    assert queries.member_for(other.organisation, ada) == other.member("ada")


@pytest.mark.parametrize("asks", [True, False])
def test_who_says_no_waits_for_no_address_any_more(now, asks):
    world, eve = founded(), new_id()
    if asks:
        apply(Actor(world.id, eve, "code"), unit_id=world.unit().pk, name="Eve", email="eve@example.org")
    else:
        given = [Invitee("Eve", "eve@example.org", world.unit().pk)]
        eve = invite(world.actor("ada"), invitees=given).value[0].pk
    ask_contact_change(Actor(world.id, eve, "code"), email="new@example.org")
    decline_invitation(Actor(world.id, eve, "code"))
    now.pass_days(8)
    contact = Contact.objects.get(member=eve)
    assert (contact.email, contact.pending_email, contact.pending_from) == ("eve@example.org", "", None)
    assert "contact.changed" not in world.kinds()
