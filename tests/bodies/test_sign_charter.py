# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing the charter: each for themself, and enough of them."""

import pytest

from kollontai.chapters.bodies import queries, rules
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.charter import articles
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Actor, Refused
from kollontai.ids import new_id
from tests.web.hall import Hall as Reader
from tests.world import founded, founders, opened

pytestmark = pytest.mark.django_db
NORMAL = articles.read().defaults("normal")


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal.code


@pytest.mark.parametrize(
    ("signed", "listed", "is_enough"),
    [
        (2, 2, False),
        (2, 3, False),
        (3, 3, True),
        (3, 4, True),
        (3, 5, False),
        (4, 6, True),
        (4, 7, False),
        (67, 100, True),
    ],
)
def test_three_founders_and_two_thirds_of_those_listed(signed, listed, is_enough):
    assert rules.is_founded(signed=signed, listed=listed, limits=NORMAL) is is_enough
    assert (signed >= rules.signatures_needed(listed=listed, limits=NORMAL)) is is_enough


def test_with_the_last_name_needed_the_organisation_exists_and_the_signers_are_its_members(now):
    world = opened()
    sign_charter(world.actor("ada"))
    sign_charter(world.actor("ben"))
    assert world.organisation.founded_at is None
    assert not Member.objects.accepted().exists()
    before = len(world.kinds())
    now.move(days=1)
    sign_charter(world.actor("cleo"))
    assert world.organisation.founded_at == now.time
    assert world.kinds()[before:] == [
        "charter.signed",
        "organisation.founded",
        "member.admitted",
        "member.admitted",
        "member.admitted",
    ]
    assert {world.member(name).joined_at for name in ("ada", "ben", "cleo")} == {now.time}
    assert world.member("dai").standing == "invited"
    figures = queries.founding(world.organisation)
    assert (figures.listed, figures.signed, figures.needed) == (4, 3, 3)


def test_who_signs_later_is_a_founder_from_then_on(now):
    world = opened()
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    now.move(days=89)
    sign_charter(world.actor("dai"))
    assert (world.member("dai").standing, world.member("dai").joined_at) == ("member", now.time)
    assert world.kinds()[-2:] == ["charter.signed", "member.admitted"]


def test_the_list_of_founders_is_no_stock_of_sleeping_members(now):
    """As long as founders bring others in they sign; then whoever is listed is invited, and waits in the open."""
    world = opened()
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    assert refused(accept_invitation, world.actor("dai")) == "sign-the-charter-instead"
    now.move(days=90)
    assert refused(sign_charter, world.actor("dai")) == "accept-the-invitation"
    asked = {"unit_id": world.unit().pk, "name": "Dai"}
    assert refused(apply, world.actor("dai"), **asked) == "accept-the-invitation"
    reader = Reader(world, now).enter("dai")
    front = reader.get("/tidewater/").content.decode()
    assert ("/tidewater/sign/" in front, "/tidewater/join/yes/" in front) == (False, True)
    accept_invitation(world.actor("dai"))
    assert world.member("dai").standing == "applicant"
    now.pass_days(7)
    assert world.member("dai").standing == "member"


def test_nobody_signs_twice():
    world = opened()
    sign_charter(world.actor("ada"))
    assert refused(sign_charter, world.actor("ada")) == "already-signed"
    world = founded(slug="other", origin="localhost/other")
    assert refused(sign_charter, world.actor("ada")) == "already-signed"


def test_nobody_signs_who_is_not_listed():
    world = founded()
    assert refused(sign_charter, Actor(world.id, new_id(), "code")) == "not-listed"
    [eve] = invite(world.actor("ada"), invitees=[Invitee("Eve", "eve@example.org", world.unit().pk)]).value
    assert refused(sign_charter, Actor(world.id, eve.pk, "code")) == "not-listed"


def test_nobody_signs_in_another_organisation_with_an_id_from_this_one():
    world, other = opened(), opened(slug="other", origin="localhost/other")
    assert refused(sign_charter, Actor(other.id, world.people["ada"], "code")) == "not-listed"


def test_a_signature_stands_until_there_is_something_to_leave():
    world = opened()
    for name in ("ada", "ben"):
        sign_charter(world.actor(name))
    assert refused(decline_invitation, world.actor("ben")) == "signed-already"
    sign_charter(world.actor("cleo"))
    leave(world.actor("ben"))
    assert world.member("ben").standing == "left"
    assert refused(sign_charter, world.actor("ben")) == "already-signed"


def test_who_said_no_before_signing_does_not_sign_later():
    world = opened()
    decline_invitation(world.actor("dai"))
    assert refused(sign_charter, world.actor("dai")) == "not-listed"


def test_saying_no_does_not_make_the_list_shorter():
    world = opened(listed=founders("ada", "ben", "cleo", "dai", "eve"))
    decline_invitation(world.actor("dai"))
    decline_invitation(world.actor("eve"))
    for name in ("ada", "ben", "cleo"):
        sign_charter(world.actor(name))
    assert world.organisation.founded_at is None


def test_before_the_founding_nobody_invites_applies_or_leaves():
    world = opened()
    sign_charter(world.actor("ada"))
    eve = Invitee("Eve", "eve@example.org", world.unit().pk)
    assert refused(invite, world.actor("ada"), invitees=[eve]) == "not-founded-yet"
    newcomer = Actor(world.id, new_id(), "code")
    asked = {"unit_id": world.unit().pk, "name": "Eve", "email": "eve@example.org"}
    assert refused(apply, newcomer, **asked) == "not-founded-yet"
    assert refused(leave, world.actor("ada")) == "decline-instead"
    assert refused(accept_invitation, world.actor("ben")) == "sign-the-charter-instead"
