# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQL by hand takes a shorter way to the database, and passes the same guard and the same errors."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.guard import OutsideFrame, opened_for
from kollontai.chapters.record.models import Lock

pytestmark = pytest.mark.django_db


def test_a_public_table_is_refused_on_the_short_way_too():
    with pytest.raises(OutsideFrame):
        by_hand.change("DELETE FROM voting_openballot WHERE poll_id = %s", ["none"])
    with opened_for("public"):
        assert by_hand.change("DELETE FROM voting_openballot WHERE poll_id = %s", ["none"]) == 0


def test_rows_and_counts_come_back_whatever_the_database():
    assert by_hand.rows("SELECT %s + 1, %s", [41, "per cent: %s?"]) == [(42, "per cent: %s?")]
    for name in ("one", "two"):
        put = "INSERT INTO record_lock (organisation_id, name) VALUES (%s, %s)"
        assert by_hand.change(put, ["houseofthelocks0", name]) == 1
    assert by_hand.change("UPDATE record_lock SET name = name || %s", ["!"]) == 2
    assert sorted(Lock.objects.values_list("name", flat=True)) == ["one!", "two!"]


def test_a_long_statement_is_read_like_a_short_one():
    many = by_hand.LONG
    sql = f"SELECT COUNT(*) FROM record_lock WHERE name IN ({', '.join(['%s'] * many)})"
    assert by_hand.rows(sql, [f"{number}" for number in range(many)]) == [(0,)]


def test_the_database_says_no_in_the_words_of_django():
    put = "INSERT INTO record_lock (organisation_id, name) VALUES (%s, %s)"
    by_hand.change(put, ["houseofthelocks0", "door"])
    with pytest.raises(IntegrityError), transaction.atomic():
        by_hand.change(put, ["houseofthelocks0", "door"])
    assert Lock.objects.count() == 1


def test_whoever_counts_statements_sees_these_too():
    with CaptureQueriesContext(connection) as seen:
        by_hand.rows("SELECT %s", [1])
    assert len(seen) == 1
