# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine audits its own export once a day, and keeps what the auditor said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.record.models import OwnAudit
from kollontai.followers.own_audit import audit_own, due
from tests.tampering.sql import change
from tests.web.hall import Hall, built

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return built(now)


def test_it_is_due_once_a_day(hall: Hall) -> None:
    at = hall.now.time
    assert [one.pk for one in due(at=at)] == [hall.world.id]
    audit_own(hall.world.organisation, at=at)
    assert due(at=at + timedelta(hours=23)) == []
    assert len(due(at=at + timedelta(hours=24))) == 1


def test_what_it_found_is_kept_and_the_last_one_alone(hall: Hall) -> None:
    report = audit_own(hall.world.organisation, at=hall.now.time)
    row = OwnAudit.objects.get()
    assert (report.ok, row.found, row.unfinished, row.findings) == (True, 0, [], [])
    assert (row.size, row.words, row.asked) == (report.size, report.words, len(report.answers))
    assert any("--vkey" in line for line in row.unseen)
    change(Term.objects.get(), ends_at=hall.now.time + timedelta(days=900))
    report = audit_own(hall.world.organisation, at=hall.now.time)
    row = OwnAudit.objects.get()
    assert not report.ok
    assert row.found == len(report.findings) > 0
    assert row.findings[0]["check"] == "state_matches"


def test_the_charter_page_shows_it_in_honest_words(hall: Hall) -> None:
    at = "/tidewater/charter/"
    assert "This server has not audited itself yet" in hall.enter("ada").get(at).content.decode()
    audit_own(hall.world.organisation, at=hall.now.time)
    page = hall.enter("ada").get(at).content.decode()
    assert "Nothing found" in page
    assert "A server that lies would lie here too" in page
    assert "What this audit could not see" in page
    change(Term.objects.get(), ends_at=hall.now.time + timedelta(days=900))
    audit_own(hall.world.organisation, at=hall.now.time)
    inside, outside = (hall.enter(name).get(at).content.decode() for name in ("ada", ""))
    assert "1 finding." in inside
    assert "ends_at" in inside
    assert "1 finding." in outside
    assert "ends_at" not in outside


def test_it_speaks_the_readers_language_and_marks_what_it_cannot_say(hall: Hall) -> None:
    finding = {"article": 2, "entry": 7, "check": "leaders_silent"}
    OwnAudit.objects.create(
        organisation=hall.world.organisation, at=hall.now.time, size=9, words="one two", asked=71, found=2,
        findings=[
            {**finding, "sentence": "m0001 supports i0001 and leads on it."},
            {**finding, "sentence": "What <nobody> translated."},
        ],
        unfinished=[], unseen=["Words that only members may read: this export is for the world."],
    )  # fmt: skip
    page = hall.enter("ada").get("/tidewater/charter/", headers={"Accept-Language": "de"}).content.decode()
    shown = page[page.index('id="audit"') :].partition("</section>")[0]
    assert "m0001 unterstützt i0001" in shown
    assert '<span lang="en">What &lt;nobody&gt; translated.</span>' in shown
    assert "this export is for the world" not in shown
    assert shown.count('lang="en"') == 1


@pytest.fixture
def the_auditor_agrees() -> None:
    """What is bent here is bent behind the acts."""
