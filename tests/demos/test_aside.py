# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows are put aside and laid back, while others read and write."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import EntryRow
from kollontai.demos import again, aside, stories
from tests.beside import PATIENCE, Running
from tests.world import founded


@pytest.mark.usefixtures("transactional_db")
def test_what_came_meanwhile_is_gone_and_the_record_goes_on_from_the_copy(now):
    world = founded()
    before = world.kinds()
    again.keep_copy([])
    world.move_in(["late"])
    assert world.kinds() != before
    again.start_again()
    assert world.kinds() == before
    world.move_in(["later"])  # rows get numbers that nobody has
    assert world.kinds() != before


@pytest.mark.parametrize(
    ("asks_again", "changed", "done"),
    [
        (False, None, "nothing"),
        (True, None, "gone back"),
        (False, -1, "nothing"),  # another day
        (True, -1, "built"),
        (False, 0, "built"),  # another story
        (False, 1, "built"),  # other tables
    ],
)
@pytest.mark.usefixtures("transactional_db")
def test_what_stands_there_is_built_anew_only_where_its_copy_does_not_fit(
    now, monkeypatch, asks_again, changed, done
):
    founded(demo=True, slug="alder-house", origin="demo.localhost/alder-house")
    again.keep_copy(["alder-house"])
    if changed is not None:
        told = stories.prepared() / "told.json"
        kept = json.loads(told.read_text())
        kept["fingerprint"][changed] = "other"
        told.write_text(json.dumps(kept))
    did = []
    monkeypatch.setattr(again, "build", lambda wanted, *_, **__: did.append("built"))
    monkeypatch.setattr(again, "start_again", lambda: did.append("gone back"))
    assert again.show(["alder-house"], lambda _: None, again=asks_again) == (done != "nothing")
    assert (did or ["nothing"]) == [done]


@pytest.mark.usefixtures("two_at_once")
def test_who_reads_one_table_after_the_other_is_never_thrown_out_for_it(now, tmp_path):
    founded()
    aside.put(tmp_path)
    reads, waits_for_me = threading.Event(), threading.Event()
    seen: list[int] = []

    def reader() -> None:
        with transaction.atomic():
            seen.append(EntryRow.objects.count())  # of the last tables
            reads.set()
            assert waits_for_me.wait(PATIENCE)
            seen.append(Member.objects.count())  # of the first
        seen.append(EntryRow.objects.count())

    reading = Running(reader)
    assert reads.wait(PATIENCE)
    laying = Running(lambda: _laid_back(tmp_path))
    _until_it_has_waited_in_vain()
    waits_for_me.set()
    assert reading.done() is None
    assert laying.done() is None
    assert seen == [EntryRow.objects.count(), Member.objects.count(), EntryRow.objects.count()]


def _laid_back(folder: Path) -> None:
    with connection.cursor() as cursor:  # it looks for a deadlock before there is one, and never again
        cursor.execute("SET deadlock_timeout = '20ms'")
    aside.lay_back(folder, lambda: None)


def _until_it_has_waited_in_vain() -> None:
    since = None
    with connection.cursor() as cursor:
        while since is None or since < timedelta(milliseconds=100):
            cursor.execute(
                "SELECT max(clock_timestamp() - waitstart) FROM pg_locks WHERE NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            [since] = cursor.fetchone()
