# SPDX-License-Identifier: AGPL-3.0-or-later
"""Inviting, accepting, asking, vouching: and every way to carry somebody in by others' hands."""

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.members import queries
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.members.models import Contact, Member, Unit, Voucher
from kollontai.chapters.members.rules import MOST_INVITATIONS
from kollontai.chapters.record.act import Actor, Refused, tick
from kollontai.chapters.record.models import Deadline, EntryRow
from kollontai.ids import new_id
from tests.world import founded, founders

pytestmark = pytest.mark.django_db
SEVEN = timedelta(days=7)


def refused(act, *args, **kwargs):
    entries = EntryRow.objects.count()
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert EntryRow.objects.count() == entries
    return caught.value.refusal


def someone(world, name: str = "eve", unit: str = "") -> Invitee:
    return Invitee(name.title(), f"{name}@example.org", world.unit(unit).pk)


def invited(world, name: str = "eve", by: str = "ada") -> Actor:
    [member] = invite(world.actor(by), invitees=[someone(world, name)]).value
    world.people[name] = member.pk
    return world.actor(name)


def applied(world, name: str = "eve") -> Actor:
    world.people[name] = new_id()
    actor = world.actor(name)
    apply(actor, unit_id=world.unit().pk, name=name.title(), email=f"{name}@example.org")
    return actor


# --- Inviting ----------------------------------------------------------------------------------------


def test_a_member_invites_and_nobody_is_a_member_by_that():
    world = founded()
    actor = invited(world)
    eve = world.member("eve")
    assert (eve.standing, eve.ground, eve.joined_at, eve.invited_by) == (
        "invited",
        "moving-in",
        None,
        world.people["ada"],
    )
    assert str(eve.name) == "Eve"
    assert eve.name.author == actor.id
    assert queries.accepted_count(world.id) == 4
    assert b"eve@example" not in b"".join(bytes(entry.data) for entry in EntryRow.objects.all())


def test_a_list_of_five_hundred_is_one_act():
    world = founded()
    names = [Invitee(f"Person {n}", f"p{n}@example.org", world.unit().pk) for n in range(500)]
    done = invite(world.actor("ada"), invitees=names)
    assert len(done.value) == 500
    assert len(done.positions) == 500
    assert Contact.objects.filter(organisation=world.id).count() == 504


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "name-unusable"),
        ({"name": "x" * 121}, "name-unusable"),
        ({"name": "E\x00ve"}, "name-unusable"),
        ({"email": "eve"}, "email-unusable"),
        ({"email": "x" * 250 + "@example.org"}, "email-unusable"),
        ({"unit_id": "nowhere"}, "unit-unknown"),
        ({"email": "ada@example.org"}, "address-known"),
        ({"email": " ADA@Example.org"}, "address-known"),
        ({"email": "fay@example.org"}, "doubled-invitation"),
    ],
)
def test_one_bad_line_stops_the_whole_list(change, code):
    world = founded()
    eve = Invitee(**{**someone(world).__dict__, **change})
    refusal = refused(invite, world.actor("ada"), invitees=[someone(world, "fay"), eve])
    assert (refusal.code, refusal.facts["line"]) == (code, 2)
    assert not Contact.objects.filter(email="fay@example.org").exists()


def test_units_of_another_organisation_are_unknown_here():
    world, other = founded(), founded(slug="other", origin="localhost/other")
    eve = Invitee("Eve", "eve@example.org", other.unit().pk)
    assert refused(invite, world.actor("ada"), invitees=[eve]).code == "unit-unknown"
    assert (
        refused(invite, Actor(world.id, other.people["ada"], "code"), invitees=[eve]).code == "not-a-member"
    )


def test_nobody_is_invited_twice_whatever_they_answered(now):
    world = founded()
    for name, answer in (("eve", None), ("fay", accept_invitation), ("gil", decline_invitation)):
        actor = invited(world, name)
        if answer:
            answer(actor)
        assert refused(invite, world.actor("ben"), invitees=[someone(world, name)]).code == "address-known"
    now.pass_days(400)
    assert refused(invite, world.actor("ben"), invitees=[someone(world, "gil")]).code == "address-known"


def test_how_many_one_invites_in_a_day_is_the_same_for_all(now):
    world = founded()
    many = [Invitee(f"P {n}", f"p{n}@example.org", world.unit().pk) for n in range(MOST_INVITATIONS + 1)]
    assert refused(invite, world.actor("ada"), invitees=many).code == "too-many-invitations"
    assert refused(invite, world.actor("ada"), invitees=[]).code == "nobody-to-invite"


def test_who_is_invited_or_waits_invites_nobody():
    world = founded()
    assert refused(invite, invited(world), invitees=[someone(world, "fay")]).code == "not-a-member"
    assert refused(invite, applied(world, "gil"), invitees=[someone(world, "fay")]).code == "not-a-member"


# --- Answering ---------------------------------------------------------------------------------------


def test_who_moves_in_is_a_member_with_their_own_yes():
    world = founded(joining="vouched")
    accept_invitation(invited(world))
    assert world.member("eve").standing == "member"
    assert world.kinds()[-1] == "member.admitted"


def test_nobody_says_yes_or_no_for_another():
    world = founded()
    invited(world)
    for act in (accept_invitation, decline_invitation):
        assert refused(act, world.actor("ada")).code in {"already-member", "leave-instead"}
        assert refused(act, Actor(world.id, new_id(), "code")).code in {"not-invited", "nothing-to-decline"}
        with pytest.raises(TypeError):
            act(world.actor("ada"), member_id=world.people["eve"])
    assert world.member("eve").standing == "invited"


def test_an_invitation_is_answered_in_its_own_organisation_alone():
    world, other = founded(), founded(slug="other", origin="localhost/other")
    invited(world)
    assert refused(accept_invitation, Actor(other.id, world.people["eve"], "code")).code == "not-invited"


def test_who_said_no_cannot_say_yes_later_but_may_ask_by_themself(now):
    world = founded()
    eve = invited(world)
    decline_invitation(eve)
    assert refused(accept_invitation, eve).code == "not-invited"
    assert refused(decline_invitation, eve).code == "nothing-to-decline"
    apply(eve, unit_id=world.unit().pk, name="Eve")
    now.pass_days(7)
    assert world.member("eve").standing == "member"


def test_moving_in_ends_ninety_days_after_the_founding(now):
    world = founded(joining="vouched")
    now.move(days=90)
    eve = invited(world)
    assert world.member("eve").ground == "invitation"
    accept_invitation(eve)
    assert (world.member("eve").standing, world.member("eve").vouchers_needed) == ("applicant", 2)


def test_founders_keep_no_stock_of_sleeping_members(now):
    world = founded(joining="vouched")
    now.move(days=89)
    early, late = invited(world, "eve"), invited(world, "fay")
    now.move(days=89)
    accept_invitation(early)
    now.move(days=1)
    accept_invitation(late)
    assert world.member("eve").standing == "member"
    assert (world.member("fay").standing, world.member("fay").vouchers_needed) == ("applicant", 2)


def test_only_founders_let_others_move_in():
    world = founded(joining="vouched")
    world.move_in(["eve"])
    fay = invited(world, "fay", by="eve")
    assert world.member("fay").ground == "invitation"
    accept_invitation(fay)
    assert world.member("fay").standing == "applicant"


def test_an_invitation_is_answered_once():
    world = founded()
    eve = invited(world)
    accept_invitation(eve)
    assert refused(accept_invitation, eve).code == "already-member"
    assert refused(decline_invitation, eve).code == "leave-instead"


# --- Asking ------------------------------------------------------------------------------------------


def test_who_asks_waits_seven_days_in_the_open_and_comes_in_by_the_clock(now):
    world = founded()
    at = now.time
    applied(world)
    eve = world.member("eve")
    assert (eve.standing, eve.admit_at, eve.vouchers_needed) == ("applicant", at + SEVEN, 0)
    now.pass_to(at + SEVEN - timedelta(minutes=1))
    assert world.member("eve").standing == "applicant"
    now.pass_to(at + SEVEN)
    assert (world.member("eve").standing, world.member("eve").joined_at) == ("member", at + SEVEN)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name-unusable"),
        ({"email": "eve"}, "email-unusable"),
        ({"email": ""}, "email-unusable"),
        ({"unit_id": "nowhere"}, "unit-unknown"),
        ({"email": "Ada@example.org"}, "address-known"),
    ],
)
def test_asking_needs_a_name_a_unit_and_an_address_of_ones_own(change, code):
    world = founded()
    given = {"unit_id": world.unit().pk, "name": "Eve", "email": "eve@example.org"}
    assert refused(apply, Actor(world.id, new_id(), "code"), **{**given, **change}).code == code


def test_an_account_asks_with_the_address_that_was_proved(django_user_model, now):
    world = founded()
    account = django_user_model.objects.create(id=new_id(), email="eve@example.org", created_at=now.time)
    actor = Actor(world.id, new_id(), "code")
    apply(actor, unit_id=world.unit().pk, name="Eve", email="victim@example.org", account_id=account.pk)
    contact = Contact.objects.get(member=actor.id)
    assert (contact.email, contact.account_id) == ("eve@example.org", account.pk)


def test_nobody_asks_who_belongs_waits_or_is_invited():
    world = founded()
    given = {"unit_id": world.unit().pk, "name": "Eve"}
    assert refused(apply, world.actor("ada"), **given).code == "already-member"
    assert refused(apply, applied(world), **given).code == "already-applied"
    assert refused(apply, invited(world, "fay"), **given).code == "accept-the-invitation"


def test_who_takes_back_asking_does_not_come_in(now):
    world = founded()
    eve = applied(world)
    decline_invitation(eve)
    now.pass_days(10)
    assert world.member("eve").standing == "declined"
    assert world.kinds().count("member.admitted") == 4


def test_nobody_fills_the_record_by_asking_and_taking_it_back(now):
    world = founded()
    eve = Actor(world.id, new_id(), "code")
    for _time in range(5):
        apply(eve, unit_id=world.unit().pk, name="Eve", email="eve@example.org")
        decline_invitation(eve)
    refusal = refused(apply, eve, unit_id=world.unit().pk, name="Eve")
    assert (refusal.code, refusal.until) == ("asked-often", now.time + timedelta(days=1))
    now.pass_days(1)
    apply(eve, unit_id=world.unit().pk, name="Eve")


def test_who_asks_again_waits_again(now):
    world = founded()
    eve = applied(world)
    now.pass_days(6)
    decline_invitation(eve)
    apply(eve, unit_id=world.unit().pk, name="Eve")
    assert Deadline.objects.filter(act="members.admit", done_at=None).count() == 1
    now.pass_days(6.9)
    assert world.member("eve").standing == "applicant"
    now.pass_days(0.1)
    assert world.member("eve").standing == "member"


# --- Vouching ----------------------------------------------------------------------------------------


def vouched_world(*names: str):
    return founded(joining="vouched", listed=founders(*(names or ("ada", "ben", "cleo", "dai"))))


def test_two_vouchers_and_the_waiting(now):
    world = vouched_world()
    eve = applied(world)
    vouch(world.actor("ada"), member_id=eve.id)
    vouch(world.actor("ben"), member_id=eve.id)
    assert world.member("eve").standing == "applicant"
    now.pass_days(7)
    assert world.member("eve").standing == "member"
    assert Voucher.objects.count() == 2


def test_the_last_voucher_admits_when_the_waiting_is_over(now):
    world = vouched_world()
    eve = applied(world)
    vouch(world.actor("ada"), member_id=eve.id)
    now.pass_days(20)
    assert world.member("eve").standing == "applicant"
    vouch(world.actor("ben"), member_id=eve.id)
    assert world.member("eve").standing == "member"
    assert world.kinds()[-2:] == ["member.vouched", "member.admitted"]
    assert refused(vouch, world.actor("cleo"), member_id=eve.id).code == "not-an-applicant"


def test_who_takes_it_back_and_asks_again_within_a_minute_keeps_who_vouched_in_it(now):
    """The record knows minutes: what was said in the minute of asking was said of it."""
    world = vouched_world()
    eve = applied(world)
    vouch(world.actor("ada"), member_id=eve.id)
    decline_invitation(eve)
    apply(eve, unit_id=world.unit().pk, name="Eve")
    assert refused(vouch, world.actor("ada"), member_id=eve.id).code == "already-vouched"
    vouch(world.actor("ben"), member_id=eve.id)
    now.pass_days(7)
    assert world.member("eve").standing == "member"


def test_the_word_of_a_voucher_who_left_stands_and_that_for_another_unit_does_not(now):
    """Whoever vouches says who somebody is, that day; whoever asks elsewhere is vouched for anew."""
    world = vouched_world()
    eve = applied(world)
    for name in ("ada", "ben"):
        vouch(world.actor(name), member_id=eve.id)
    leave(world.actor("ben"))
    now.pass_days(3)
    assert queries.vouchers_of(world.member("eve")) == 2
    decline_invitation(eve)
    apply(eve, unit_id=world.unit("Kiln Lane").pk, name="Eve")
    assert queries.vouchers_of(world.member("eve")) == 0
    for name in ("cleo", "dai"):
        vouch(world.actor(name), member_id=eve.id)
    leave(world.actor("cleo"))
    now.pass_days(7)
    eve = world.member("eve")
    assert (eve.standing, eve.unit.pk) == ("member", world.unit("Kiln Lane").pk)


def test_a_second_voucher_of_the_same_member_does_not_count():
    world = vouched_world()
    eve = applied(world)
    vouch(world.actor("ada"), member_id=eve.id)
    assert refused(vouch, world.actor("ada"), member_id=eve.id).code == "already-vouched"


def test_nobody_vouches_for_themself_or_without_being_a_member():
    world = vouched_world()
    eve, fay = applied(world), applied(world, "fay")
    assert refused(vouch, eve, member_id=eve.id).code == "not-a-member"
    assert refused(vouch, fay, member_id=eve.id).code == "not-a-member"
    assert refused(vouch, world.actor("ada"), member_id=world.people["ada"]).code == "not-for-oneself"
    assert refused(vouch, world.actor("ada"), member_id=new_id()).code == "not-an-applicant"


def test_where_joining_is_open_nobody_vouches():
    world = founded()
    assert refused(vouch, world.actor("ada"), member_id=applied(world).id).code == "no-vouchers-needed"


def test_a_member_vouches_for_two_in_a_quarter(now):
    world = vouched_world()
    first = now.time
    for name in ("eve", "fay"):
        vouch(world.actor("ada"), member_id=applied(world, name).id)
        now.move(days=1)
    gil = applied(world, "gil")
    refusal = refused(vouch, world.actor("ada"), member_id=gil.id)
    assert (refusal.code, refusal.until) == ("vouched-enough", first + timedelta(days=91))
    now.pass_to(first + timedelta(days=91) - timedelta(minutes=1))
    assert refused(vouch, world.actor("ada"), member_id=gil.id).code == "vouched-enough"
    now.move(minutes=1)
    vouch(world.actor("ada"), member_id=gil.id)


def test_whoever_came_in_after_the_founding_vouches_after_ninety_days(now):
    world = vouched_world()
    now.move(minutes=1)
    world.move_in(["eve"])
    joined = now.time
    fay = applied(world, "fay")
    refusal = refused(vouch, world.actor("eve"), member_id=fay.id)
    assert (refusal.code, refusal.until) == ("vouching-too-new", joined + timedelta(days=90))
    now.pass_to(joined + timedelta(days=90))
    vouch(world.actor("eve"), member_id=fay.id)


def test_nobody_vouches_in_a_circle(now):
    from kollontai.chapters.bodies.acts.leave import leave

    world = vouched_world()
    eve = applied(world)
    vouch(world.actor("ada"), member_id=eve.id)
    vouch(world.actor("ben"), member_id=eve.id)
    now.pass_days(100)
    leave(world.actor("ada"))
    apply(world.actor("ada"), unit_id=world.unit().pk, name="Ada")
    assert refused(vouch, world.actor("eve"), member_id=world.people["ada"]).code == "vouched-in-a-circle"
    vouch(world.actor("cleo"), member_id=world.people["ada"])


def test_a_late_clock_admits_once_and_with_its_due_time(now):
    world = founded()
    applied(world)
    due = now.time + SEVEN
    now.move(days=30)
    tick()
    tick()
    assert world.kinds().count("member.admitted") == 5
    data = bytes(EntryRow.objects.filter(kind="member.admitted").latest("position").data).decode()
    assert f'"due":"{due:%Y-%m-%dT%H:%M:%SZ}"' in data
    assert world.member("eve").joined_at == now.time


# --- Reading -----------------------------------------------------------------------------------------


def test_members_see_each_other_and_others_see_themselves():
    world = founded()
    invited(world)
    everybody = Member.objects.filter(organisation=world.id)
    assert set(Member.objects.visible_to(world.member("ada"))) == set(everybody)
    assert list(Member.objects.visible_to(world.member("eve"))) == [world.member("eve")]
    assert not Member.objects.visible_to(None)
    other = founded(slug="other", origin="localhost/other")
    assert world.member("ada") not in Member.objects.visible_to(other.member("ada"))
    assert set(Unit.objects.visible_to(world.member("ada"))) == set(Unit.objects.of(world.id))


def test_units_are_counted_in_two_queries(django_assert_num_queries):
    world = founded()
    world.move_in(["eve", "fay"], unit="Kiln Lane")
    invited(world, "gil")
    with django_assert_num_queries(2):
        figures = {str(one.unit.name): one for one in queries.units_with_figures(world.id)}
    whole, lane = figures["Tidewater Federation"], figures["Kiln Lane"]
    assert (whole.members, whole.invited, lane.members, figures["Ferry Crews"].members) == (6, 1, 2, 0)
    assert set(queries.accepted_in(world.unit("Kiln Lane"))) == {world.member("eve"), world.member("fay")}
    assert queries.accepted_in(world.unit()).count() == 6


def test_an_account_speaks_for_the_person_it_is_linked_to_or_whose_address_it_proved(django_user_model, now):
    world = founded()
    eve = invited(world)
    account = django_user_model.objects.create(id=new_id(), email="eve@example.org", created_at=now.time)
    stranger = django_user_model.objects.create(id=new_id(), email="mallory@example.org", created_at=now.time)
    assert queries.member_for(world.organisation, account) == world.member("eve")
    assert queries.member_for(world.organisation, stranger) is None
    accept_invitation(eve, account_id=account.pk)
    account.email = "moved@example.org"
    account.save()
    assert queries.member_for(world.organisation, account) == world.member("eve")
    stranger.email = "eve@example.org"
    stranger.save()
    assert queries.member_for(world.organisation, stranger) is None
