# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever has left erases their own words on a page of their own, and sees nothing of others there."""

from __future__ import annotations

import pytest
from django.test import Client

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.models import Contribution
from tests.web.hall import Hall, form_key
from tests.web.test_pages import is_well_set

pytestmark = pytest.mark.django_db
PAGE = "/tidewater/mine/words/"


def left(hall: Hall) -> Client:
    """A browser of somebody who spoke, took a draft and an amendment back, keeps another draft, and left."""
    issue, eva = hall.at_talk(), hall.world.actor("eva")
    speak(eva, issue_id=issue.pk, stance="for", text="It leaks indeed.")
    speak(hall.world.actor("ben"), issue_id=issue.pk, stance="for", text="Said by Ben.")
    gone, _kept = (
        put_draft(eva, issue_id=issue.pk, title=title, text=f"1. {title}.").value
        for title in ("Regret", "Pride")
    )
    withdraw_draft(eva, draft_id=gone.pk)
    given = {"version": 1, "operation": "insert", "first": 2, "last": 1, "text": "A whim."}
    moved = move_amendment(eva, draft_id=issue.drafts.get(first=True).pk, **given).value
    withdraw_amendment(eva, amendment_id=moved.pk)
    leave(eva)
    return hall.enter("eva")


def test_whoever_has_left_erases_what_is_theirs(hall: Hall) -> None:
    eva = left(hall)
    assert PAGE in eva.get("/tidewater/").content.decode()
    page = eva.get(PAGE).content.decode()
    is_well_set(page)
    for words in ("It leaks indeed.", "Regret", "A whim."):
        assert words in page
    for words in ("Said by Ben.", "Pride"):
        assert words not in page
    while "/erase/" in page:
        address = PAGE + page.split(f'href="{PAGE}')[1].split('"')[0]
        asked = eva.get(address).content.decode()
        is_well_set(asked)
        page = eva.post(address, {"form_key": form_key(asked)}, follow=True).content.decode()
    assert "nothing of yours here" in page
    assert eva.get(address).status_code == 404
    others = hall.enter("ada").get("/tidewater/issues/1/drafts/B/").content.decode()
    assert "Erased by its author" in others


def test_nobody_else_has_such_a_page_and_nobody_reaches_anothers_words(hall: Hall) -> None:
    eva = left(hall)
    bens = Contribution.objects.get(author=hall.world.people["ben"])
    assert eva.get(f"{PAGE}contribution/{bens.pk}/erase/").status_code == 404
    assert eva.get(f"{PAGE}letter/{bens.pk}/erase/").status_code == 404
    assert hall.enter("ada").get(PAGE).status_code == 403
    assert eva.get("/tidewater/issues/1/").status_code == 403
