# SPDX-License-Identifier: AGPL-3.0-or-later
"""A merger and a body's matter are raised with the form and read on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kollontai import clock
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation import facts
from kollontai.chapters.deliberation.models import Draft, Issue
from tests.deliberation.hall import Hall
from tests.deliberation.test_raise_for_body import body, opened
from tests.deliberation.two_units import merged, merger, says_yes, two_branches
from tests.web.hall import BACKEND
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db
WORDS = {"title": "Together", "text": "One yard.", "draft_title": "One branch", "draft_text": "We are one."}


def enter(name: str) -> Client:
    client = Client()
    client.force_login(account_for(f"{name}@example.org", at=clock.now()), backend=BACKEND)
    return client


@pytest.fixture
def branches(db: None, now: Any) -> Hall:
    return two_branches(now)


def test_a_merger_is_raised_with_the_form_and_said_in_words(branches: Hall) -> None:
    effect = merger(branches)
    chosen = {"effect0": "merge_units", "from_unit0": effect.from_unit, "into_unit0": effect.into_unit}
    unit = branches.world.unit("Ferry Crews").pk
    answer = send(enter("kit"), "/tidewater/issues/new/", unit_id=unit, **WORDS, **chosen)
    assert answer.status_code == 200, says(answer)
    assert facts.effects_of(Draft.objects.get()) == (effect,)
    page = says(answer)
    assert "“Kiln Lane” becomes part of “Ferry Crews”" in page
    assert "Big decision" in page


def test_who_is_asked_finds_it_on_the_first_page_and_nobody_else(branches: Hall) -> None:
    says_yes(branches, "Kiln Lane")
    wanted = "“Kiln Lane” is to become part of “Ferry Crews”"
    assert wanted in says(enter("kit").get("/tidewater/"))
    for name in ("ola", "ada"):
        assert wanted not in says(enter(name).get("/tidewater/"))


def test_afterwards_the_pages_know_one_unit_less(branches: Hall) -> None:
    merged(branches)
    client = enter("ola")
    assert "Ferry Crews" in says(client.get("/tidewater/"))
    for address in ("/tidewater/issues/", "/tidewater/issues/new/", "/tidewater/members/"):
        assert "Kiln Lane" not in says(client.get(address)), address
    posts = says(client.get("/tidewater/posts/"))
    assert "Convenor" in posts


def test_a_committee_is_named_beside_who_raised_it(db: None, now: Any) -> None:
    hall = opened(now)
    given = {"unit_id": hall.world.unit().pk, "body_id": body("Board"), **WORDS}
    answer = send(enter("gus"), "/tidewater/issues/new/", **given)
    assert answer.status_code == 200, says(answer)
    assert Issue.objects.get().for_body_id == body("Board")
    assert "In the name of: Board." in says(answer)
    assert "In whose name?" not in says(enter("ada").get("/tidewater/issues/new/"))
