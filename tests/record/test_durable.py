# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sync serves many acts: what waits for the disk, on either database. Decision 0006."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.models import Lock
from kollontai.chapters.record.turns import durable_write, sync_what_is_committed

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"sqlite": ("PRAGMA synchronous", 2, 1), "postgresql": ("SHOW synchronous_commit", "on", "off")}


def waits_for_the_disk() -> bool:
    """Whether a commit on this connection waits for the disk."""
    question, waits, waits_not = ASKED[connection.vendor]
    [(said,)] = by_hand.rows(question)
    assert said in (waits, waits_not)
    return bool(said == waits)


def test_a_commit_waits_for_the_disk_in_a_durable_write_and_not_outside_even_after_a_fault():
    assert not waits_for_the_disk()
    with durable_write(), transaction.atomic():
        assert waits_for_the_disk()
    with pytest.raises(ZeroDivisionError), durable_write(), transaction.atomic():
        1 / 0  # noqa: B018 - a fault
    assert not waits_for_the_disk()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's log is synced as a file.")
def test_what_was_committed_before_is_on_the_disk_after_a_sync(settings):
    settings.FSYNC = True
    unsynced = 0
    for number in range(50):
        Lock.objects.create(organisation_id="houseofthelocks0", name=f"{number}")
        [(flushed, written)] = by_hand.rows(
            "SELECT pg_current_wal_flush_lsn()::text, pg_current_wal_insert_lsn()::text"
        )
        unsynced += flushed != written
        [(here,)] = by_hand.rows("SELECT pg_current_wal_insert_lsn()::text")
        sync_what_is_committed()
        assert by_hand.rows("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [here]) == [(True,)]
    assert unsynced, "no commit went ahead of the disk: this test shows nothing"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could begin anew.")
def test_a_connection_that_the_server_has_closed_is_opened_anew_for_the_next_request():
    [(backend,)] = by_hand.rows("SELECT pg_backend_pid()")
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
        other.connection.close()
    connection.health_check_enabled, connection.health_check_done = True, False  # as when a request begins
    [(new,)] = by_hand.rows("SELECT pg_backend_pid()")
    assert new != backend
