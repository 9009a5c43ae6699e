# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing the charter and calling a matter big, as members meet it."""

from __future__ import annotations

import pytest

from kollontai.chapters.charter.models import Charter
from kollontai.chapters.deliberation.models import Issue
from kollontai.web.views import posts
from tests.web.hall import LEADER, Hall
from tests.web.test_elections import says, send
from tests.world import founded

pytestmark = pytest.mark.django_db
WORDS = {"title": "More time", "text": "We work shifts.", "draft_title": "14 days", "draft_text": "14 days."}
LONGER = {"effect0": "set_limit", "limit0": "D1.ordinary", "value0": "14"}


def raised(hall: Hall, **more: str) -> Issue:
    answer = send(hall.enter("ada"), "/tidewater/issues/new/", unit_id=hall.world.unit().pk, **WORDS, **more)
    assert answer.status_code == 200, says(answer)
    return Issue.objects.get()


def test_a_limit_is_changed_by_the_vote_and_the_charter_shows_old_and_new_and_the_vote(hall: Hall) -> None:
    issue = raised(hall, **LONGER)
    assert issue.weight == "big"
    said = "talk on an ordinary matter” is 14 days"
    assert said in says(hall.enter("ben").get(f"/tidewater/issues/{issue.number}/"))
    issue = hall.move_on(issue, "vote")
    hall.move_on(issue, "decided")
    assert Charter.objects.get(version=2).value == 14
    page = hall.enter("ben").get("/tidewater/charter/").content.decode()
    assert "<del>10 days</del>" in page
    assert "<ins>14 days</ins>" in page
    assert f"/tidewater/issues/{issue.number}/" in page
    assert "2/3 of yes and no" in page
    assert "not below 3/5, not above 3/4" in page
    assert "not below 14 days, not above 56 days" in page


def test_a_small_house_that_has_grown_reads_the_bounds_that_hold_for_it(now, monkeypatch) -> None:
    hall = Hall(founded(preset="small"), now)
    small = hall.enter("ada").get("/tidewater/charter/").content.decode()
    assert "not below 5 days, not above 56 days" in small
    assert "not below 14 days, not above 56 days" not in small
    monkeypatch.setattr(posts, "accepted_count", lambda _organisation: 50)
    grown = hall.enter("ada").get("/tidewater/charter/").content.decode()
    assert "not below 14 days, not above 56 days" in grown


def test_a_law_note_and_dues_are_declared_and_shown_where_they_belong(hall: Hall) -> None:
    law = {
        "effect0": "law_note", "article0": "1", "touches0": "term", "country0": "Utopia",
        "statute0": "Co-operatives Act", "section0": "24", "adviser0": "The union", "words0": "Five years.",
        "change0": "A term ends in the fifth year.",
    }  # fmt: skip
    hall.move_on(raised(hall, **law), "decided")
    page = says(hall.enter("ben").get("/tidewater/charter/"))
    assert "Required by law in Utopia (Co-operatives Act, 24), until" in page
    assert "A term ends in the fifth year. It touches a term. The union advises." in page
    send(
        hall.enter("ada"), "/tidewater/issues/new/", unit_id=hall.world.unit().pk, **WORDS,
        effect0="set_dues", pay0="6.50",
    )  # fmt: skip
    hall.move_on(Issue.objects.get(number=2), "decided")
    assert "6.50 a month." in says(hall.enter("ben").get("/tidewater/charter/"))
    assert "6.50 a month." not in says(hall.enter().get("/tidewater/charter/"))


def test_the_floor_is_named_where_a_vote_would_pass_it(hall: Hall) -> None:
    answer = send(
        hall.enter("ada"), "/tidewater/issues/new/", unit_id=hall.world.unit().pk, **WORDS,
        **{**LONGER, "value0": "6"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "no vote goes below 7 days" in says(answer)
    assert not Issue.objects.exists()


def test_per_cent_are_typed_as_per_cent(hall: Hall) -> None:
    raised(hall, effect0="set_limit", limit0="D9.ordinary", value0="7.5")
    page = says(hall.enter("ben").get("/tidewater/issues/1/"))
    assert "“Share of the roll that must vote yes” is 7.5 %" in page


def test_a_member_calls_it_big_by_a_button_and_a_leader_sees_none(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}/"
    ben = hall.enter("ben")
    assert "0 of" in says(ben.get(at))
    assert f"{at}big/" in ben.get(at).content.decode()
    assert f"{at}big/" not in hall.enter(LEADER).get(at).content.decode()
    assert send(ben, f"{at}big/").status_code == 200
    page = says(ben.get(at))
    assert "1 of" in page
    assert "You are one of them." in page
    answer = send(hall.enter("cleo"), f"{at}big/")
    assert answer.status_code == 200
    issue.refresh_from_db()
    if issue.needed == 2:
        assert issue.weight == "big"
        assert "the talk began anew, in full" in says(ben.get(at))
