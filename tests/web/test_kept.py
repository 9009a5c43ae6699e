# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages keep in memory is never older than the record, and no reader's part reaches another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.deliberation.muting import mute
from kollontai.chapters.record import act, sequencer
from tests.web.hall import LEADER, Hall
from tests.web.test_cost import queries


@pytest.fixture
def talk(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Issue:
    """A talk with words of three members; nobody tells the pages' memory when something is done."""
    issue = hall.at_talk()
    for name in ("ada", "ben", "cleo"):
        speak(hall.world.actor(name), issue_id=issue.pk, stance="for", text=f"The words of {name}.")
    for name in ("delete", "delete_many", "clear"):
        monkeypatch.setattr(type(cache._connections["default"]), name, None)
    return issue


def page(hall: Hall, name: str, issue: Issue) -> str:
    """The page of an issue as somebody sees it."""
    return hall.enter(name).get(f"/tidewater/issues/{issue.number}/").content.decode()


def voice(html: str, pk: str) -> str:
    """One contribution on a page."""
    found = re.search(rf'<article class="voice[^"]*" id="v{pk}">.*?</article>', html, re.DOTALL)
    assert found, "it is not on the page"
    return found[0]


def test_what_is_said_stands_on_everybodys_page_at_once(hall: Hall, talk: Issue) -> None:
    before = [page(hall, name, talk) for name in ("ada", "ben", LEADER)]
    speak(hall.world.actor("dai"), issue_id=talk.pk, stance="against", text="A new voice.")
    after = [page(hall, name, talk) for name in ("ada", "ben", LEADER)]
    assert ["A new voice." in html for html in (*before, *after)] == [False] * 3 + [True] * 3
    assert "3 contributions." in before[0]
    assert "4 contributions." in after[0]


def test_what_waits_for_its_place_on_the_record_is_on_the_page_all_the_same(
    hall: Hall, talk: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(hall, "ada", talk)
    monkeypatch.setattr(act, "_receipt", lambda *_: ())
    said = speak(hall.world.actor("dai"), issue_id=talk.pk, stance="for", text="Not sequenced yet.").value
    assert "Not sequenced yet." in page(hall, "ada", talk)
    erase_contribution(hall.world.actor("dai"), contribution_id=said.pk)
    assert "Not sequenced yet." not in page(hall, "ada", talk)
    sequencer.sequence(hall.world.id)
    assert "Not sequenced yet." not in page(hall, "ada", talk)
    assert "Erased by its author" in voice(page(hall, "ada", talk), said.pk)


def test_words_put_anew_and_words_erased_are_seen_by_all_as_they_are_now(hall: Hall, talk: Issue) -> None:
    said = talk.contributions.get(author=hall.world.people["ben"])
    assert "The words of ben." in page(hall, "cleo", talk)
    revise_contribution(hall.world.actor("ben"), contribution_id=said.pk, text="Better words.")
    for name in ("ada", "ben", "cleo"):
        seen = voice(page(hall, name, talk), said.pk)
        assert "Better words." in seen
        assert "The words of ben." not in seen
        assert "version 2" in seen
    erase_contribution(hall.world.actor("ben"), contribution_id=said.pk)
    for name in ("ada", "ben", "cleo"):
        html = page(hall, name, talk)
        assert "Better words." not in html
        assert "Erased by its author" in voice(html, said.pk)


def test_whom_one_mutes_is_covered_for_oneself_alone_and_at_once(hall: Hall, talk: Issue) -> None:
    said = talk.contributions.get(author=hall.world.people["ben"])
    for name in ("ada", "cleo"):
        assert "covered" not in voice(page(hall, name, talk), said.pk)
    mute(hall.world.member("ada"), hall.world.people["ben"])
    assert [("covered" in voice(page(hall, name, talk), said.pk)) for name in ("ada", "cleo", "ben")] == [
        True,
        False,
        False,
    ]


def test_only_ones_own_words_can_be_put_anew_by_oneself(hall: Hall, talk: Issue) -> None:
    for _ in range(2):  # kept by then
        for name in ("ada", "ben", "cleo", "dai", LEADER):
            html = page(hall, name, talk)
            for said in talk.contributions.all():
                own = said.author_id == hall.world.people[name]
                assert ("/revise/" in voice(html, said.pk)) is own
                assert ("/mute/" in voice(html, said.pk)) is not own
                assert ("/correct/" in voice(html, said.pk)) is (name == LEADER)


def test_what_one_has_a_part_in_looks_so_to_oneself_alone(hall: Hall) -> None:
    issue = hall.issue()
    for _ in range(2):  # kept by then
        pages = {name: page(hall, name, issue) for name in ("ada", "ben")}
        assert ["You stand behind it." in html for html in pages.values()] == [True, False]
        assert [f"/issues/{issue.number}/support/" in html for html in pages.values()] == [False, True]
    issue = hall.move_on(issue, "talk")
    put_draft(hall.world.actor("ben"), issue_id=issue.pk, title="Mend it", text="We mend the kettle.")
    at = f"/tidewater/issues/{issue.number}/?draft=B"
    pages = {name: hall.enter(name).get(at).content.decode() for name in ("ada", "ben", LEADER)}
    assert {name: "/drafts/B/revise/" in html for name, html in pages.items()} == {
        "ada": False,
        "ben": True,
        LEADER: False,
    }
    assert {name: "Support this draft" in html for name, html in pages.items()} == {
        "ada": True,
        "ben": False,
        LEADER: False,
    }


def test_each_page_has_its_own_name_and_form_key(hall: Hall, talk: Issue) -> None:
    keys = set()
    for name in ("ada", "ben", "ada", "ben"):
        html = page(hall, name, talk)
        assert re.findall(r'<p class="me">.*?</span>([^<]*)</a>', html) == [name.title()]
        keys.add(re.search(r'name="form_key" value="([^"]+)"', html)[1])
    assert len(keys) == 4


def test_a_page_that_was_seen_before_takes_five_queries(hall: Hall, talk: Issue) -> None:
    assert queries(hall.enter("ada"), f"/tidewater/issues/{talk.number}/") <= 5


def test_nothing_can_be_answered_or_put_anew_when_its_stage_is_over(hall: Hall, talk: Issue) -> None:
    said = talk.contributions.get(author=hall.world.people["ben"])

    def shown(name: str) -> tuple[bool, bool, bool]:
        html = voice(page(hall, name, talk), said.pk)
        one = hall.enter(name).get(f"/tidewater/issues/{talk.number}/voices/{said.pk}/").content.decode()
        assert ("/answer/" in html) is ("/answer/" in one)
        return "/answer/" in html, "/revise/" in html, "/correct/" in html

    found = {}
    for stage in ("talk", "answer", "reply", "vote"):
        if stage != "talk":
            hall.move_on(talk, stage)
        found[stage] = {name: shown(name) for name in ("ben", "cleo", LEADER)}
    assert found == {
        "talk": {"ben": (True, True, False), "cleo": (True, False, False), LEADER: (False, False, True)},
        "answer": {"ben": (True, False, False), "cleo": (True, False, False), LEADER: (True, False, True)},
        "reply": {"ben": (True, True, False), "cleo": (True, False, False), LEADER: (False, False, True)},
        "vote": dict.fromkeys(("ben", "cleo", LEADER), (False, False, False)),
    }


def test_who_holds_what_is_read_once_and_still_ends_with_its_last_moment(hall: Hall, now) -> None:
    organisation = hall.world.organisation
    [term] = Term.objects.filter(organisation=organisation)
    read = bodies.posts_held_from(organisation.pk, at=now.time)
    moments = [now.time, term.ends_at - timedelta(seconds=1), term.ends_at, term.ends_at + timedelta(days=9)]
    later = [[one.at(moment) for one in read] for moment in moments]
    assert later == [bodies.posts_held(organisation.pk, at=moment) for moment in moments]
    assert [len(held.terms) for [held] in later] == [1, 1, 0, 0]


def test_what_the_first_page_says_of_all_is_on_it_with_the_next_act(hall: Hall) -> None:
    def front(name: str) -> str:
        return hall.enter(name).get("/tidewater/").content.decode()

    before = [front(name) for name in ("ada", "eva", "ada")]
    raised = hall.issue()
    after = [front(name) for name in ("ada", "eva")]
    assert [str(raised.title) in page for page in (*before, *after)] == [False] * 3 + [True] * 2
    hall.move_on(raised, "decided")
    decided = [front(name) for name in ("ada", "eva")]
    assert ["Decided lately" in page and "In force since" in page for page in (*after, *decided)] == [
        False
    ] * 2 + [True] * 2
