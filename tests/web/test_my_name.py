# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two pages by which whoever has left takes their name along; and what others see afterwards."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Mute, Reading
from kollontai.chapters.members.models import Contact
from kollontai.chapters.record.act import private_write
from kollontai.followers import forgetting
from kollontai.followers.models import Feed, Wish
from tests.web.hall import LEADER, Hall, form_key
from tests.web.test_pages import is_well_set

PAGE, SURE = "/tidewater/mine/name/", "/tidewater/mine/name/erase/"


def left(hall: Hall, name: str = "eva") -> Client:
    """A browser of somebody who spoke, voted and left."""
    issue = hall.at_talk()
    speak(hall.world.actor(name), issue_id=issue.pk, stance="for", text="It leaks indeed.")
    leave(hall.world.actor(name))
    return hall.enter(name)


def test_two_pages_and_the_name_is_gone_wherever_it_stood(hall: Hall) -> None:
    eva, ada = left(hall), hall.enter("ada")
    number = hall.world.people["eva"]
    seen = [
        f"/tidewater/members/{number}/",
        "/tidewater/issues/1/",
        "/tidewater/posts/",
        "/tidewater/record/",
    ]
    before = [ada.get(address).content.decode() for address in seen]
    assert all(re.search(r"\bEva\b", page) for page in before[:2])

    front = eva.get("/tidewater/").content.decode()
    is_well_set(front)
    assert PAGE in front
    first = eva.get(PAGE).content.decode()
    is_well_set(first)
    assert "“Eva”" in first
    assert "eva@example.org" in first
    assert SURE in first
    second = eva.get(SURE).content.decode()
    is_well_set(second)
    assert Contact.objects.filter(member=number).exists()
    not_sure = eva.post(SURE, {"form_key": form_key(second)})
    assert not_sure.status_code == 422
    assert "Tick this to go on" in not_sure.content.decode()
    assert Contact.objects.filter(member=number).exists()

    done = eva.post(SURE, {"form_key": form_key(second), "sure": "on"}, follow=True)
    assert "Your name and your address are erased" in done.content.decode()
    for address in seen:
        page = ada.get(address)
        assert page.status_code == 200
        is_well_set(page.content.decode())
        assert not re.search(r"\bEva\b", page.content.decode()), address
    assert "erased name" in ada.get(seen[0]).content.decode().lower()
    assert "erased name" in ada.get(seen[1]).content.decode().lower()
    again = hall.enter("eva")
    assert PAGE not in again.get("/tidewater/").content.decode()
    assert again.get(PAGE).status_code == 403


def test_where_somebody_stands_is_said_in_the_language_of_the_page(hall: Hall) -> None:
    eva, ada = left(hall), hall.enter("ada")
    for client, address in (
        (eva, PAGE),
        (ada, f"/tidewater/members/{hall.world.people['eva']}/"),
    ):
        english, german = (
            client.get(address, headers={"accept-language": one}).content.decode() for one in ("en", "de")
        )
        assert "Has left" in english, address
        assert "gegangen" in german, address


def test_strangers_and_members_have_no_such_page(hall: Hall) -> None:
    for name in ("", "ben"):
        for address in (PAGE, SURE):
            assert hall.enter(name).get(address).status_code == 403
    assert hall.enter("ben").post(SURE, {"sure": "on"}).status_code == 403
    assert Contact.objects.filter(member=hall.world.people["ben"]).exists()


def test_whoever_held_a_post_is_told_from_when(hall: Hall) -> None:
    leave(hall.world.actor(LEADER))
    answer = hall.enter(LEADER).get(PAGE)
    assert answer.status_code == 403
    said = answer.content.decode()
    assert "Your name can be erased from" in said
    assert "privilege is visible" in said
    hall.now.pass_days(731)
    page = hall.enter(LEADER).get(PAGE).content.decode()
    assert "That one person held these posts" in page
    assert "Chair" in page


def test_whoever_has_left_takes_their_data_along(hall: Hall) -> None:
    eva = left(hall)
    mine = eva.get("/tidewater/mine/data/")
    assert mine.status_code == 200
    assert "It leaks indeed." in mine.content.decode()
    assert hall.enter("").get("/tidewater/mine/data/").status_code == 403


@pytest.mark.parametrize("erases", [False, True])
def test_what_one_kept_for_oneself_goes_with_the_name(hall: Hall, erases: bool) -> None:
    eva, ben = hall.world.member("eva"), hall.world.member("ben")
    issue = hall.at_talk()
    organisation = hall.world.organisation
    with private_write():
        for owner, other in ((eva, ben), (ben, eva)):
            Wish.objects.create(owner=owner, organisation=organisation, how="weekly")
            Feed.objects.create(owner=owner, organisation=organisation)
            Mute.objects.create(owner=owner, muted=other, organisation=organisation)
            Reading.objects.update_or_create(
                owner=owner, issue=issue,
                defaults={"organisation": organisation, "seen_until": 1, "new_since": 0,
                          "day": hall.now.time.date()},
            )  # fmt: skip
    leave(hall.world.actor("eva"))
    if erases:
        client = hall.enter("eva")
        key = form_key(client.get(SURE).content.decode())
        assert client.post(SURE, {"form_key": key, "sure": "on"}).status_code == 302
    forgetting.sweep()
    for model in (Wish, Feed, Mute, Reading):
        owners = set(model._default_manager.values_list("owner", flat=True))
        assert (eva.pk in owners) is not erases, model
        assert ben.pk in owners
