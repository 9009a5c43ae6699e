# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts in company: each has a savepoint, and nothing of one that is taken back remains. Decision 0018."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.models import Lock
from kollontai.chapters.record.together import Savepoint

pytestmark = pytest.mark.django_db(transaction=True)


def put(name: str) -> None:
    Lock.objects.create(organisation_id="houseofthelocks0", name=name)


def kept() -> list[str]:
    return sorted(Lock.objects.values_list("name", flat=True))


def test_what_is_taken_back_is_gone_and_what_came_before_and_after_stays() -> None:
    told: list[str] = []
    with transaction.atomic():
        mark = Savepoint(synced=True)
        for name in ("first", "refused", "third", "broken", "fifth"):
            mark.set()
            put(name)
            transaction.on_commit(lambda name=name: told.append(name))
            if name in ("refused", "broken"):
                mark.take_back()
    assert kept() == ["fifth", "first", "third"]
    assert told == ["first", "third", "fifth"]


def test_after_an_error_of_the_database_the_next_act_goes_on() -> None:
    with transaction.atomic():
        mark = Savepoint(synced=False)
        mark.set()
        put("once")
        mark.set()
        with pytest.raises(DatabaseError), transaction.atomic(savepoint=False):
            put("once")
        assert connection.needs_rollback
        mark.take_back()
        mark.set()
        put("after")
    assert kept() == ["after", "once"]


def test_a_transaction_that_is_gone_says_so_as_an_error_of_the_database() -> None:
    mark = Savepoint(synced=False)
    with transaction.atomic():
        mark.set()
        put("lost")
        by_hand.in_one_breath("ROLLBACK")
        with pytest.raises(DatabaseError):
            mark.take_back()
        transaction.set_rollback(True)
    assert kept() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is told before the transaction.")
@pytest.mark.parametrize(("synced", "said"), [(True, "on"), (False, "off")])
def test_on_postgresql_the_common_commit_waits_for_the_disk_and_no_later_one(synced: bool, said: str) -> None:
    with transaction.atomic():
        mark = Savepoint(synced=synced)
        for _act in range(2):
            mark.set()
            put(f"{_act}")
        mark.take_back()
        assert by_hand.rows("SHOW synchronous_commit") == [(said,)]
    assert by_hand.rows("SHOW synchronous_commit") == [("off",)]
