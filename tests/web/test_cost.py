# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page asks of the database does not grow with what is on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Actor
from kollontai.ids import new_id
from kollontai.web.pages.talk import taking_turns
from tests.web.hall import LEADER, Hall


def queries(client: Any, address: str) -> int:
    """How many queries a page takes, after it was asked for; the fewer of two times.

    What pages keep is kept for some seconds: on a busy machine they may just be over.
    """
    client.get(address)
    taken = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        taken.append(len(captured))
    return min(taken)


@pytest.mark.parametrize("kept", [True, False])
def test_the_page_of_an_issue_takes_the_same_number_of_queries_however_much_is_said(
    hall: Hall, kept: bool, monkeypatch
) -> None:
    if not kept:
        monkeypatch.setattr("kollontai.web.pages.talk.KEPT_FOR", 0)
    issue = hall.at_talk()
    at, ben = f"/tidewater/issues/{issue.number}/", hall.enter("ben")
    for name in ("ada", "ben", "cleo"):
        speak(hall.world.actor(name), issue_id=issue.pk, stance="for", text="One.")
    few = queries(ben, at)
    for name in ("ada", "ben", "cleo", "dai", "eva", "finn"):
        for stance in ("for", "against", "other", "question"):
            said = speak(
                hall.world.actor(name), issue_id=issue.pk, stance=stance, text=f"{stance} **{name}**"
            ).value
            speak(hall.world.actor("gus"), issue_id=issue.pk, stance="for", text="Yes.", answers=said.pk)
    assert queries(ben, at) == few
    assert few <= 36


MOST_QUERIES = {
    "": 9,
    "issues/": 12,
    "votes/": 16,
    "posts/": 16,
    "members/": 14,
    "charter/": 14,
    "record/": 11,
    "mine/": 13,
    "issues/new/": 9,
}


def test_every_page_takes_few_queries(hall: Hall) -> None:
    hall.at_talk()
    ada = hall.enter("ada")
    taken = {path: queries(ada, f"/tidewater/{path}") for path in MOST_QUERIES}
    assert {path: n for path, n in taken.items() if n > MOST_QUERIES[path]} == {}


def test_a_result_shows_fifty_names_at_a_time_in_as_many_queries_as_three(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = hall.at("decided")
    at, ben = f"/tidewater/votes/{issue.poll_id}/", hall.enter("ben")
    all_at_once = queries(ben, at)
    whole = ben.get(at).content.decode()
    assert "<details><summary>4 ballots" in whole
    assert "?page=" not in whole
    monkeypatch.setattr("kollontai.web.pages.results.NAMED_PER_PAGE", 3)
    first, second = (ben.get(f"{at}?page={n}").content.decode() for n in (1, 2))
    assert "<details open><summary>4 ballots" in first
    assert "?page=2#who" in first
    named = [[name in page for name in ("Ada", "Ben", "Cleo", "Hal")] for page in (first, second)]
    assert [row[0] for row in named] == [True, False]
    assert [row[3] for row in named] == [False, True]
    assert queries(ben, at) == queries(ben, f"{at}?page=2") == all_at_once
    assert all_at_once <= 12


def test_the_paper_takes_few_queries_of_whoever_comes_for_the_first_time(hall: Hall) -> None:
    """In a crowd nearly everybody comes for the first time: what is alike for all is asked once."""
    issue = hall.at("vote")
    at = f"/tidewater/votes/{issue.poll_id}/"
    hall.enter("ada").get(at)
    ben = hall.enter("ben")
    with CaptureQueriesContext(connection) as captured:
        assert ben.get(at).status_code == 200
    assert len(captured) <= 13


def test_the_list_of_members_takes_the_same_number_of_queries_however_many_ask(hall: Hall) -> None:
    def ask(name: str) -> None:
        stranger = Actor(hall.world.id, new_id(), "code")
        apply(stranger, unit_id=hall.world.unit().pk, name=name, email=f"{name}@example.org")

    ada = hall.enter("ada")
    ask("mia")
    few = queries(ada, "/tidewater/members/")
    for name in ("nic", "oda", "pia", "qui"):
        ask(name)
    assert queries(ada, "/tidewater/members/") == few


def test_members_are_turned_over_in_the_order_in_which_they_joined(hall: Hall, monkeypatch) -> None:
    monkeypatch.setattr("kollontai.web.pages.members.PER_PAGE", 5)
    ada, seen = hall.enter("ada"), []
    for number in (1, 2, 3, 999):  # the last page, where there is none of that number
        page = ada.get(f"/tidewater/members/?page={number}").context["page"]
        seen.append([member.pk for member in page])
        assert page.paginator.count == len(hall.world.people)
    rows = Member.objects.filter(organisation=hall.world.id, standing="member")
    everybody = list(rows.order_by("joined_at", "pk").values_list("pk", flat=True))
    assert seen == [everybody[:5], everybody[5:10], everybody[10:15], everybody[10:15]]
    assert 10 < len(everybody) <= 15


def test_the_paper_of_an_issue_takes_the_same_number_of_queries_however_many_drafts(hall: Hall) -> None:
    issue, ben = hall.at_talk(), hall.enter("ben")
    at = f"/tidewater/issues/{issue.number}/print/"
    one = queries(ben, at)
    for name in ("cleo", "dai", "eva"):
        put_draft(hall.world.actor(name), issue_id=issue.pk, title=f"Of {name}", text="We mend the kettle.")
    assert queries(ben, at) == one <= 22
    assert [f"Of {name}" in ben.get(at).content.decode() for name in ("cleo", "eva")] == [True, True]


def test_the_list_of_members_is_in_memory_until_the_record_grows(hall: Hall) -> None:
    at, ben = "/tidewater/members/", hall.enter("ben")
    ben.get(at)
    with CaptureQueriesContext(connection) as captured:
        assert "Leo" in ben.get(at).content.decode()
    assert not [one for one in captured if "members_member" in one["sql"] and "joined_at" in one["sql"]
                and "COUNT" not in one["sql"] and "LIMIT" not in one["sql"]]  # fmt: skip
    hall.world.move_in(["mia"])
    assert "Mia" in ben.get(at).content.decode()
    leave(hall.world.actor("mia"))
    assert "Mia" not in ben.get(at).content.decode()


def test_what_needs_me_knows_the_leaders_as_every_page_does(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.at_talk()
    floor = "The floor is the members’"
    assert floor not in hall.enter(LEADER).get("/tidewater/").content.decode()
    cache.clear()
    monkeypatch.setattr("kollontai.chapters.deliberation.facts.leaders_on", lambda *_, **__: set())
    assert floor in hall.enter(LEADER).get("/tidewater/").content.decode()


def test_stances_take_turns_in_an_order_drawn_for_each_reader() -> None:
    heads = [(f"f{n}", "for") for n in range(8)] + [("a1", "against"), ("a2", "against"), ("q1", "question")]
    mine, yours = taking_turns(heads, "me"), taking_turns(heads, "you")
    assert sorted(mine) == sorted(yours) == sorted(pk for pk, _stance in heads)
    assert mine == taking_turns(heads, "me")
    assert mine != yours
    assert [pk[0] for pk in mine[:5]] == ["f", "a", "q", "f", "a"]


def test_what_one_reader_may_do_does_not_stand_on_anothers_page(hall: Hall) -> None:
    cache.clear()
    issue = hall.at_talk()
    speak(hall.world.actor("ada"), issue_id=issue.pk, stance="question", text="How much?")
    at = f"/tidewater/issues/{issue.number}/"
    pages = {name: hall.enter(name).get(at).content.decode() for name in ("ada", "ben", LEADER)}
    assert ["/erase/" in pages[name] for name in ("ada", "ben", LEADER)] == [True, False, False]
    assert ["/fact/" in pages[name] for name in ("ada", "ben", LEADER)] == [False, False, True]
