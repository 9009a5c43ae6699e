# SPDX-License-Identifier: AGPL-3.0-or-later
"""A long talk is searched, read on from where one was, and followed; nobody else learns of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.deliberation import muting, reading
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Issue, Reading
from kollontai.chapters.record.models import EntryRow
from tests.web.hall import LEADER, NAMES, Hall
from tests.web.test_elections import says

pytestmark = pytest.mark.django_db

SPEAKERS = [name for name in NAMES if name != LEADER]


def said(hall: Hall, by: str, issue: Issue, text: str, **more: Any) -> Any:
    return speak(
        hall.world.actor(by), issue_id=issue.pk, stance=more.pop("stance", "for"), text=text, **more
    ).value


def many(hall: Hall, issue: Issue, how_many: int) -> list[Any]:
    """That many contributions, of eleven speakers, no more than thirty an hour of each."""
    made = []
    for number in range(how_many):
        if number and number % 200 == 0:
            hall.now.move(hours=1)
        by = SPEAKERS[number % len(SPEAKERS)]
        answers = made[number - 3].pk if number % 5 == 4 else ""
        made.append(said(hall, by, issue, f"Voice {number} of a long talk.", answers=answers))
    return made


def test_everything_in_an_issue_is_found_whatever_its_accents(hall: Hall) -> None:
    issue = hall.at_talk()
    said(hall, "ben", issue, "Zoë keeps the **kettle**.")
    gone = said(hall, "cleo", issue, "A kettle of secrets.")
    erase_contribution(hall.world.actor("cleo"), contribution_id=gone.pk)
    changed = said(hall, "dai", issue, "No kettle for me.")
    revise_contribution(hall.world.actor("dai"), contribution_id=changed.pk, text="None for me.")
    move_amendment(
        hall.world.actor("eva"), draft_id=issue.drafts.get().pk, version=1, operation="replace", first=2, last=2,
        text="It costs 25.", reasons="A cheaper kéttle.",
    )  # fmt: skip
    post_letter(
        hall.world.actor("finn"),
        issue_id=issue.pk,
        sender="Kettle & Co",
        text="On sale.",
        received_at=hall.now.time,
    )
    seal_statement(hall.world.actor(LEADER), issue_id=issue.pk, text="My kettle stays closed.")
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/search/"
    page = says(ben.get(at, {"q": "KETTLE"}))
    for words in (
        "Found 5 times",
        "Zoë keeps",
        "A cheaper kéttle",
        "Kettle & Co".replace("&", "&amp;"),
        "Draft A",
    ):
        assert words in page, words
    for words in ("secrets", "No kettle for me", "stays closed"):
        assert words not in page
    assert "Found once" in says(ben.get(at, {"q": "zoe kett"}))
    assert "Nothing in this issue" in says(ben.get(at, {"q": "ladder"}))
    assert "Nothing in this issue" in says(ben.get(at, {"q": "<script>"}))
    assert says(ben.get(at)).count("Found") == 0
    hall.move_on(issue, "answer")
    assert "stays closed" in says(ben.get(at, {"q": "kettle"}))
    assert hall.enter().get(at, {"q": "kettle"}).status_code == 403


def test_who_is_muted_is_found_folded(hall: Hall) -> None:
    issue = hall.at_talk()
    said(hall, "cleo", issue, "A kettle again.")
    muting.mute(hall.world.member("ben"), hall.world.people["cleo"])
    page = says(hall.enter("ben").get(f"/tidewater/issues/{issue.number}/search/", {"q": "again"}))
    assert "Somebody you muted" in page
    assert "A kettle again" not in page


def test_what_is_new_is_marked_until_one_looks_on_another_day(hall: Hall) -> None:
    issue = hall.at_talk()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/"
    first = said(hall, "ada", issue, "The first.")
    assert "new since" not in says(ben.get(at)), "who comes for the first time finds nothing marked"
    answer = said(hall, "cleo", issue, "The second.", answers=first.pk)
    said(hall, "ben", issue, "My own.")
    muting.mute(hall.world.member("ben"), hall.world.people["dai"])
    said(hall, "dai", issue, "Of one I muted.")
    for _visit in range(2):
        page = ben.get(at).content.decode()
        assert "1 new since your last visit" in page
        marked = re.findall(r'id="v(\w+)"><p class="tag calls">New</p>', page)
        assert marked == [answer.pk]
    only = says(ben.get(at, {"stance": "new"}))
    assert "The second." in only
    assert "My own." not in only
    hall.now.move(hours=24)
    assert "new since" not in says(ben.get(at))
    assert "Nothing is new to you." in says(ben.get(at, {"stance": "new"}))
    said(hall, "cleo", issue, "The third.")
    assert "1 new since" in says(ben.get(at))
    assert "new since" not in says(hall.enter("finn").get(at))


def test_where_somebody_was_leaves_nothing_on_the_record_and_is_theirs_alone(hall: Hall) -> None:
    issue = hall.at_talk()
    said(hall, "ada", issue, "The first.")
    before = EntryRow.objects.count()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/"
    ben.get(at)
    ben.post(at + "follow/", {"so": "yes"})
    assert EntryRow.objects.count() == before
    mine = json.loads(ben.get("/tidewater/mine/data/").content)["where_in_talks"]
    assert [(one["issue"], one["follows"]) for one in mine] == [(issue.number, True)]
    assert set(mine[0]) == {"issue", "seen_until", "new_since", "day", "follows"}, "no time at which one read"
    assert json.loads(hall.enter("ada").get("/tidewater/mine/data/").content)["where_in_talks"] == []
    ben.post(at + "forget/")
    assert not Reading.objects.exists()


def test_a_followed_issue_is_one_quiet_line_when_something_is_new(hall: Hall) -> None:
    issue = hall.at_talk()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/"
    assert "Follow this" in says(ben.get(at)) or issue.contributions.count() == 0
    for _press in range(2):
        assert 'name="so" value="yes"' in ben.get(at + "follow/").content.decode() or _press
        ben.post(at + "follow/", {"so": "yes"})
    assert 'name="so" value="no"' in ben.get(at + "follow/").content.decode()
    home = "/tidewater/"
    assert "You follow" not in says(ben.get(home))
    said(hall, "ben", issue, "My own.")
    assert "You follow" not in says(ben.get(home))
    said(hall, "cleo", issue, "Something.")
    page = says(ben.get(home))
    assert "You follow" in page
    assert "1 new contribution." in page
    assert "You follow" not in says(hall.enter("ada").get(home))
    ben.get(at)
    assert "You follow" not in says(ben.get(home)), "seen is no longer new"
    said(hall, "cleo", issue, "Something else.")
    assert ben.post(at + "follow/", {"so": ""}).status_code == 422
    assert "You follow" in says(ben.get(home))
    for _press in range(2):
        ben.post(at + "follow/", {"so": "no"})
        assert "You follow" not in says(ben.get(home)), "followed no longer"


def test_nobody_follows_without_end(hall: Hall, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "MOST_FOLLOWED", 1)
    one, other = hall.at_talk(), hall.issue()
    ben = hall.world.member("ben")
    today = hall.now.time.date()
    assert reading.follow(ben, one, newest=0, today=today)
    assert not reading.follow(ben, other, newest=0, today=today)
    assert reading.follow(ben, one, newest=0, today=today), "it is followed already"
    answer = hall.enter("ben").post(f"/tidewater/issues/{other.number}/follow/", {"so": "yes"}, follow=True)
    assert "You follow 1 issues already." in says(answer)
    reading.follow_no_longer(ben, one)
    assert reading.follow(ben, other, newest=0, today=today)


def test_any_of_five_hundred_contributions_is_come_to(hall: Hall) -> None:
    issue = hall.at_talk()
    made = many(hall, issue, 500)
    deep = made[4]
    for number in range(6):
        deep = said(hall, SPEAKERS[number], issue, f"Deeper {number}.", answers=deep.pk)
    cache.clear()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/"
    for one in (made[0], made[4], made[250], made[499], deep):
        answer = ben.get(f"{at}voices/{one.pk}/in-talk/", follow=True)
        where, _status = answer.redirect_chain[-1]
        assert where.endswith(f"#v{one.pk}")
        assert f'id="v{one.pk}"' in answer.content.decode()
    assert ben.get(f"{at}voices/nothing/in-talk/").status_code == 404
    assert f"{at}voices/{made[250].pk}/in-talk/" in ben.get(f"{at}voices/{made[250].pk}/").content.decode()
    page = ben.get(at).content.decode()
    assert len(re.findall(r'<article class="voice', page)) <= 50 * 5
    assert "of 8" in says(ben.get(at)), "four hundred heads, fifty in each part"
    by_time = ben.get(at, {"order": "time"}).content.decode()
    assert "order=time" in re.findall(r'href="([^"]+)" rel="next"', by_time)[0], (
        "the next part keeps the order"
    )
    assert "Found 500 times" in says(ben.get(at + "search/", {"q": "voice long"}))


def test_a_page_of_a_long_talk_asks_the_database_no_more_than_one_of_a_short_talk(hall: Hall) -> None:
    issue = hall.at_talk()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}/"
    addresses = (at, at + "?page=2", at + "?stance=new", at + "search/?q=voice")

    def asked() -> list[int]:
        taken = []
        for address in addresses:
            ben.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert ben.get(address).status_code == 200
            taken.append(len(captured))
        return taken

    many(hall, issue, 60)
    few = asked()
    hall.now.move(hours=1)
    many(hall, issue, 440)
    assert asked() == few
    assert max(few) <= 40, few
