# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who asks to join: a page at a time, the longest waiting first, with who vouched for whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.ids import new_id
from kollontai.web.pages.members import ASKING_PER_PAGE
from tests.web.hall import Hall
from tests.web.test_cost import queries
from tests.world import founded, founders

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AT = "/tidewater/members/"


def asking(count: int, now) -> Hall:
    """An organisation that so many people ask to join, one a minute."""
    world = founded(joining="vouched", listed=founders("ada", "ben", "cleo", "dai"))
    for number in range(count):
        name = f"nr{number:03}"
        world.people[name] = new_id()
        apply(world.actor(name), unit_id=world.unit().pk, name=f"Nr {number:03}", email=f"{name}@example.org")
        now.pass_to(now.time + MINUTE)
    return Hall(world, now)


def names(page: str) -> list[str]:
    """Who is shown, in their order."""
    return re.findall(r"<h3>(Nr \d+)</h3>", page)


def test_those_who_ask_stand_a_page_at_a_time_the_longest_waiting_first(now) -> None:
    hall = asking(ASKING_PER_PAGE + 3, now)
    vouch(hall.world.actor("ben"), member_id=hall.world.people[f"nr{ASKING_PER_PAGE + 1:03}"])
    ada = hall.enter("ada")
    first, second = (ada.get(AT + query).content.decode() for query in ("", "?asking=2"))
    assert names(first) == [f"Nr {number:03}" for number in range(ASKING_PER_PAGE)]
    assert names(second) == [f"Nr {ASKING_PER_PAGE + number:03}" for number in range(3)]
    assert "1 of 2 vouchers" in second
    assert "1 of 2 vouchers" not in first
    assert 'href="?asking=2#waiting" rel="next"' in first
    assert 'href="?asking=1#waiting" rel="prev"' in second
    assert "Pages of those who ask to join" in first
    assert names(ada.get(AT + "?asking=none").content.decode()) == names(first)
    assert names(ada.get(AT + "?asking=99").content.decode()) == names(second)
    assert f"{ASKING_PER_PAGE + 3} people ask to join" in ada.get("/tidewater/").content.decode()
    assert (
        f"{ASKING_PER_PAGE + 2} people ask to join" in hall.enter("ben").get("/tidewater/").content.decode()
    )


def offered(hall: Hall, name: str) -> tuple[int, bool]:
    """To how many somebody is offered to vouch for, and whether their first page calls them to."""
    them = hall.enter(name)
    page = them.get(AT).content.decode()
    return page.count("/vouch/"), "asks to join" in them.get("/tidewater/").content.decode()


def test_nobody_is_offered_to_vouch_where_they_would_be_refused(now) -> None:
    hall = asking(1, now)
    world = hall.world
    world.move_in(["eve"])
    assert (offered(hall, "ada"), offered(hall, "eve")) == ((1, True), (0, False)), "eve came in just now"
    for number in range(2):
        world.people[f"of{number}"] = new_id()
        apply(world.actor(f"of{number}"), unit_id=world.unit().pk, name="Fay", email=f"{number}@example.org")
        vouch(world.actor("ada"), member_id=world.people[f"of{number}"])
    assert offered(hall, "ada") == (0, False), "two in a quarter"
    assert offered(hall, "ben")[0] == 3


def test_who_left_and_asks_again_is_offered_to_whoever_vouched_for_them_before(now) -> None:
    hall = asking(1, now)
    world = hall.world
    for name in ("ada", "ben"):
        vouch(world.actor(name), member_id=world.people["nr000"])
    now.pass_days(100)
    leave(world.actor("nr000"))
    apply(world.actor("nr000"), unit_id=world.unit().pk, name="Nr 000")
    assert offered(hall, "ada") == (1, True)


def test_a_page_of_those_who_ask_takes_as_many_queries_as_one_of_them(now, monkeypatch) -> None:
    hall = asking(3, now)
    ada = hall.enter("ada")
    whole = queries(ada, AT)
    assert "?asking=" not in ada.get(AT).content.decode()
    monkeypatch.setattr("kollontai.web.pages.members.ASKING_PER_PAGE", 1)
    assert queries(ada, AT) == queries(ada, AT + "?asking=3") == whole


def test_a_unit_that_was_chosen_stays_chosen_while_one_turns_the_page(now, monkeypatch) -> None:
    hall = asking(2, now)
    monkeypatch.setattr("kollontai.web.pages.members.ASKING_PER_PAGE", 1)
    page = hall.enter("ada").get(f"{AT}?unit={hall.world.unit().pk}").content.decode()
    assert f'href="?asking=2&amp;unit={hall.world.unit().pk}#waiting"' in page
