# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who runs the machine, what they did to it, and how long everything is kept: said to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from kollontai.chapters.accounts import sweeping
from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.charter import articles
from kollontai.chapters.record.models import Content
from kollontai.followers.keeping import operating, retention
from kollontai.openrecord.kinds.operators import HostChanged
from tests.tampering.sql import change
from tests.web.hall import Hall
from tools.retention import PAGE, page

RUNS, SEES = "/tidewater/who-runs-this/", "/tidewater/who-sees-what/"


def test_without_a_post_for_it_the_page_says_that_nobody_elected_the_host(hall: Hall) -> None:
    html = hall.enter().get(RUNS).content.decode()
    assert "was not elected" in html
    assert "Nothing that changes what the record rests on" in html


def test_what_the_host_did_is_shown_to_all_and_the_names_to_members_alone(hall: Hall) -> None:
    operating.record(
        hall.world.organisation, HostChanged("0badcafe", "0.1.0"), leaving="Ada Lund", coming="Ben Okoro"
    )
    outside, inside = (hall.enter(name).get(RUNS).content.decode() for name in ("", "ben"))
    for html in (outside, inside):
        assert "Somebody else runs the server from here on" in html
        assert "Okoro" not in html
    assert "/record/entries/" in inside
    position = inside.split("/record/entries/")[1].split("/")[0]
    assert "Ben Okoro" in hall.enter("ben").get(f"/tidewater/record/entries/{position}/").content.decode()
    assert hall.enter().get(f"/tidewater/record/entries/{position}/").status_code == 403


def test_whoever_holds_the_posts_of_host_and_deputy_is_named(hall: Hall) -> None:
    with transaction.atomic():  # rows are bent here, and are as before when the auditor comes
        term = Term.objects.select_related("post").filter(ended_at=None)[0]
        post = term.post
        change(Content.objects.get(pk=post.title_id), value=b" HOST ")
        assert "was not elected" in hall.enter().get(RUNS).content.decode()  # it leads: it is no such post
        change(Post.objects.get(pk=post.pk), leading=False, duty="specialist")
        html = hall.enter().get(RUNS).content.decode()
        assert str(term.member.name) in html
        assert "was not elected" not in html
        change(Content.objects.get(pk=post.title_id), value=b"Hostess")
        assert "was not elected" in hall.enter().get(RUNS).content.decode()
        transaction.set_rollback(True)


def test_every_table_of_the_database_has_its_line_and_only_one(db: Any) -> None:
    listed = [table for one in retention.KEPT for table in one.tables]
    assert sorted(listed) == sorted(set(listed))
    standing = set(connection.introspection.table_names())
    assert standing - set(listed) == set(), "say how long it is kept"
    # A demonstration's; and that of the migrations, which tests do not walk through.
    assert set(listed) - standing <= {"demos_democlock", "django_migrations"}, "there is no such table"


def test_the_page_and_the_document_say_the_same(hall: Hall) -> None:
    html = hall.enter().get(SEES).content.decode()
    for one in (*retention.KEPT, retention.BACKUPS):
        assert str(one.what) in html
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tools.retention"


def test_a_charter_may_keep_marks_and_aliases_for_longer_and_the_page_says_how_long_at_most(
    hall: Hall,
) -> None:
    ceiling = articles.read().limits["X5.limitation"].normal.ceiling
    assert ceiling == 365
    html = hall.enter().get(SEES).content.decode()
    assert html.count("unless the charter says otherwise (a year at most)") == 2


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_that_a_message_was_sent_is_forgotten_after_a_month(db: Any, now: Any, days: int, left: int) -> None:
    sent = now.time - timedelta(days=days)
    Mail.objects.create(to="a@example.org", subject="x", body="", queued_at=sent, sent_at=sent)
    waits = Mail.objects.create(to="b@example.org", subject="x", body="y", queued_at=sent)
    sweeping.sweep(at=now.time)
    assert Mail.objects.count() == left + 1
    assert Mail.objects.filter(pk=waits.pk).exists()
