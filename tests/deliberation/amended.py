# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short ways to amendments for tests: a draft of five lines, and what is done to it."""

from __future__ import annotations

from typing import Any

from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.models import Amendment, Draft, Issue
from tests.deliberation.hall import Hall

FIVE = "One.\nTwo.\nThree.\nFour.\nFive."


def talked(hall: Hall, **given: Any) -> tuple[Issue, Draft]:
    """An issue in the members' talk, raised by ada with a draft of five lines."""
    issue = hall.talked(**{"draft_text": FIVE, **given})
    return issue, issue.drafts.get(first=True)


def moved(
    hall: Hall, by: str, draft: Draft, first: int, last: int, text: str = "", *supporters: str, **given: Any
) -> Amendment:
    """An amendment, with those who support it."""
    words = {"operation": "insert" if last < first else "replace" if text else "delete", "version": 1}
    amendment: Amendment = move_amendment(
        hall.world.actor(by), draft_id=draft.pk, first=first, last=last, text=text, **{**words, **given}
    ).value
    for name in supporters:
        support_amendment(hall.world.actor(name), amendment_id=amendment.pk)
    return amendment


def accepted(hall: Hall, by: str, amendment: Amendment) -> Draft:
    """The draft, after an amendment was accepted."""
    accept_amendment(hall.world.actor(by), amendment_id=amendment.pk)
    return Draft.objects.get(pk=amendment.draft_id)


def text_of(draft: Draft) -> str:
    """The draft as it stands."""
    return str(draft.versions.order_by("-version").first().text)


def voted(hall: Hall, issue: Issue) -> Issue:
    """The issue when its vote is on."""
    while issue.stage != "vote":
        issue = hall.turned(issue)
    return issue
