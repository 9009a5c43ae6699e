# SPDX-License-Identifier: AGPL-3.0-or-later
"""No page of an issue offers what is refused whoever follows it, in any stage and to anybody."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Draft, Issue
from tests.web.hall import LEADER, Hall

pytestmark = pytest.mark.django_db

STAGES = ("gathering", "talk", "answer", "reply", "reply, drafts closed", "vote", "decided")
READERS = ("ada", "ben", "cleo", LEADER)
"""Who raised it, who moved the other draft, who moved an amendment, and who leads."""
ELSEWHERE = re.compile(r"[?&](stance|order|page)=(?!question)|/(print|stages|search|versions)/")
"""Other orders of the same talk, and pages on which nothing is done."""


def words(answer: Any) -> str:
    """What the main part of a page says, in one line."""
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))[:300]


def brought_to(hall: Hall, stage: str) -> Issue:
    """An issue with two drafts, an amendment to each, and words of all who read it, as far as it has come."""
    issue = hall.issue()
    if stage == "gathering":
        return issue
    issue = hall.move_on(issue, "talk")
    first = Draft.objects.get(issue=issue)
    second = put_draft(
        hall.world.actor("ben"), issue_id=issue.pk, title="Mend it", text="We mend it.\nBen does."
    ).value
    for name, draft, line in (
        ("cleo", first, "We buy two kettles."),
        ("eva", second, "We mend it on Monday."),
    ):
        move_amendment(
            hall.world.actor(name),
            draft_id=draft.pk,
            version=1,
            operation="replace",
            first=1,
            last=1,
            text=line,
            reasons="So.",
        )
    for name, stance in (("ada", "for"), ("ben", "question"), ("eva", "against")):
        speak(hall.world.actor(name), issue_id=issue.pk, stance=stance, text=f"{name} says {stance}.")
    to, _comma, late = stage.partition(",")
    if to in ("answer", "reply", "vote", "decided"):
        issue = hall.move_on(issue, "answer")
        speak(hall.world.actor(LEADER), issue_id=issue.pk, stance="against", text="A leader’s word.")
    issue = hall.move_on(issue, to)
    if late:
        hall.now.pass_to(issue.stage_ends_at - timedelta(minutes=5))
        issue.refresh_from_db()
        assert issue.stage == "reply"
    return issue


@pytest.mark.parametrize("stage", STAGES)
def test_whoever_follows_what_a_page_of_an_issue_offers_is_not_refused(hall: Hall, stage: str) -> None:
    issue = brought_to(hall, stage)
    at = f"/tidewater/issues/{issue.number}/"
    followed = 0
    for name in READERS:
        browser, seen, waiting = hall.enter(name), set(), [at]
        while waiting:
            address = waiting.pop()
            answer = browser.get(address)
            assert answer.status_code in (200, 302), (name, address, words(answer))
            followed += 1
            page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
            for found in re.findall(r'href="([^"#]+)', page):
                found = html.unescape(found)
                found = address.partition("?")[0] + found if found.startswith("?") else found
                if found.startswith(at) and found not in seen and not ELSEWHERE.search(found):
                    seen.add(found)
                    waiting.append(found)
    assert followed > 5 * len(READERS), followed
