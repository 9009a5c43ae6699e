# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of notices: choosing a way, ending them from a mail, a sheet for the wall, an address for a calendar."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.voting.models import Poll
from kollontai.followers import feed, wishes
from kollontai.followers.models import Feed, Wish
from tests.web.hall import Hall
from tests.web.test_pages import is_well_set

PAGE = "/tidewater/mine/notices/"


def test_a_member_chooses_how_notices_come(hall: Hall) -> None:
    ada = hall.enter("ada")
    page = ada.get(PAGE).content.decode()
    is_well_set(page)
    assert "They go to ada@example.org." in page
    assert ada.post(PAGE, {"how": "weekly"}).headers["Location"] == PAGE
    assert wishes.way_of(hall.world.member("ada")) == "weekly"
    assert wishes.way_of(hall.world.member("ben")) == "each"
    assert 'value="weekly" id="id_how_2" checked' in ada.get(PAGE).content.decode().replace("required ", "")
    assert '"notices": "weekly"' in ada.get("/tidewater/mine/data/").content.decode()


def test_what_is_no_way_is_said_kindly(hall: Hall) -> None:
    answer = hall.enter("ada").post(PAGE, {"how": "hourly"})
    assert answer.status_code == 422
    assert "Please choose one of these." in answer.content.decode()
    assert not Wish.objects.exists()


def test_strangers_are_told_that_the_page_is_for_members(hall: Hall) -> None:
    for name in ("mine-notices", "notices-sheet"):
        assert hall.enter().get(reverse(name, args=["tidewater"])).status_code == 403


def stop_address(hall: Hall, name: str) -> str:
    address = wishes.address_to_stop(hall.world.organisation, hall.world.people[name])
    return address.removeprefix("http://localhost:8000")


def test_notices_are_ended_by_one_click_without_a_session_or_a_cookie(hall: Hall) -> None:
    mailer = Client(enforce_csrf_checks=True)
    address = stop_address(hall, "ada")
    page = mailer.get(address)
    assert page.status_code == 200
    is_well_set(page.content.decode())
    assert wishes.way_of(hall.world.member("ada")) == "each"  # looking ends nothing
    answer = mailer.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert wishes.way_of(hall.world.member("ada")) == "none"
    assert mailer.post(address).status_code == 200  # a second time too
    said = Mail.objects.get(subject="Your notices")
    assert (said.to, said.unsubscribe) == ("ada@example.org", "")
    assert "somebody has a letter of yours" in said.body, "whoever was passed a letter makes it quiet unseen"
    assert "No more notices" in mailer.get(address).content.decode()


def test_nobody_ends_the_notices_of_another(hall: Hall) -> None:
    address = stop_address(hall, "ada")
    other = address.replace(hall.world.people["ada"], hall.world.people["ben"])
    assert hall.enter("ada").post(other).status_code == 404
    assert hall.enter("ada").post("/tidewater/notices/stop/x/").status_code == 404
    assert hall.enter("ada").post("/tidewater/notices/stop/%C3%A4-%C3%B6/").status_code == 404
    assert not Wish.objects.exists()


def test_a_page_that_ends_notices_tells_no_name(hall: Hall) -> None:
    page = Client().get(stop_address(hall, "cleo")).content.decode()
    assert "Cleo" not in page
    assert "cleo@" not in page


def test_the_sheet_shows_what_is_open_in_the_words_of_the_mail(hall: Hall) -> None:
    ada = hall.enter("ada")
    empty = ada.get("/tidewater/notices/print/").content.decode()
    is_well_set(empty)
    assert "No vote and no nominations are open." in empty
    poll = Poll.objects.get(pk=hall.at("vote").poll_id)
    page = ada.get("/tidewater/notices/print/").content.decode()
    is_well_set(page)
    assert "A vote is open in Tidewater Federation until" in page
    assert f"http://localhost:8000/tidewater/votes/{poll.pk}/" in page
    assert "@example.org" not in page


def test_a_member_makes_changes_and_ends_the_address_of_their_calendar(hall: Hall) -> None:
    ada, me = hall.enter("ada"), hall.world.member("ada")
    assert ada.post(PAGE + "calendar/").status_code == 302
    first = feed.address_of(me)
    page = ada.get(PAGE).content.decode()
    is_well_set(page)
    assert first in page
    ada.post(PAGE + "calendar/")
    assert feed.address_of(me) not in ("", first)
    assert "BEGIN:VCALENDAR" in Client().get(feed.address_of(me)[21:]).content.decode()
    ada.post(PAGE + "calendar/end/")
    assert feed.address_of(me) == ""
    assert hall.enter().post(PAGE + "calendar/").status_code == 403
    assert Feed.objects.count() == 1
