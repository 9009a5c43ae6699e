# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever steals the disk: what they can tie together while a secret vote runs, and what after its close.

The thief has every byte: tables, their old pages, the write-ahead log, hidden columns, all files of the
home. Before the close they also have the key, and this page shows what that gives them.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kollontai.chapters.voting.boxes import sealing

pytestmark = pytest.mark.faults
VOTERS = 24
POLL = "poll000000000007"


@pytest.fixture
def voted(house: Any) -> Any:
    """A hall in which everybody but one has voted in secret."""
    house.do("begin", VOTERS + 1, 0)
    house.do("open_secret", 7)
    house.do("cast_secret", house.home / "taken", 7, 0, VOTERS)
    return house


def key_of(house: Any) -> bytes:
    found: bytes = (house.home / "keys" / "hall.boxes" / POLL).read_bytes()
    return found


def taken_home(house: Any) -> list[dict[str, Any]]:
    """What voters took home, put away where the thief does not come."""
    path = house.home / "taken"
    lines = house.lines("taken")
    path.unlink()
    return lines


def everything(house: Any) -> dict[str, bytes]:
    """Every byte of the home and of the database's own files.

    On the same server other tests make and drop databases meanwhile: theirs may vanish while we read, ours not.
    """
    places, ours = [house.home], [house.home / "keys"]
    if house.url:
        with psycopg.connect(house.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            asked = "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
            folder, number = connection.execute(asked).fetchone()  # type: ignore[misc]
        places.append(Path(folder))
        ours += [Path(folder) / "base" / str(number), Path(folder) / "pg_wal"]
    found = {}
    for place in places:
        for where, _folders, names in os.walk(place):  # a folder that has gone is passed over
            for path in (Path(where) / name for name in names):
                with suppress(FileNotFoundError):
                    if path.is_file() and not path.is_socket():
                        data = path.read_bytes()
                        found[path] = without_page_heads(data) if path.parent.name == "pg_wal" else data
    for folder in ours:
        assert any(path.parent == folder for path in found), f"{folder} was not read"
    return {str(path): data for path, data in found.items()}


PAGE, LONG_HEAD = 8_192, 0x0002


def without_page_heads(log: bytes) -> bytes:
    """PostgreSQL's log as one stream: what a page's head cuts in two, a thief puts together and so do we.

    The head of a page has 24 bytes, the first of a file 40 and says so (XLogLongPageHeaderData).
    """
    pages = (log[at : at + PAGE] for at in range(0, len(log), PAGE))
    return b"".join(page[40 if int.from_bytes(page[2:4], "little") & LONG_HEAD else 24 :] for page in pages)


def test_while_a_vote_runs_who_has_the_disk_and_the_key_can_put_it_together(voted):
    taken_home(voted)
    key = sealing.BoxKey(key_of(voted)[:32], key_of(voted)[32:])
    rows = voted.rows("SELECT sealed FROM voting_sealedballot")
    opened = [sealing.unseal(key, bytes(sealed)) for (sealed,) in rows]
    assert len(opened) == VOTERS, "the key opens every ballot: so SECURITY.md and the ballot page say"
    if voted.url:  # and a hidden column of PostgreSQL says whose it is
        tied = voted.rows(
            "SELECT v.member_id, b.sealed FROM voting_voter v JOIN voting_sealedballot b ON v.xmin = b.xmin"
        )
        assert len(tied) == VOTERS
        for member, sealed in tied:
            first = sealing.unseal(key, bytes(sealed))[1]["ranking"][0]
            assert first == f"member{int(member[-10:]) % 2:010}"


def test_without_the_key_sealed_ballots_say_nothing_and_are_of_one_length(voted):
    taken = taken_home(voted)
    rows = [bytes(sealed) for (sealed,) in voted.rows("SELECT sealed FROM voting_sealedballot")]
    assert len({len(sealed) for sealed in rows}) == 1
    for path, data in everything(voted).items():
        for line in taken:
            assert line["code"].encode() not in data, path


def test_after_the_close_every_byte_that_is_left_ties_no_ballot_to_a_voter(voted):
    private = key_of(voted)[:32]
    house_rows = voted.rows("SELECT marked FROM voting_voter")
    assert sum(bool(marked) for (marked,) in house_rows) == VOTERS
    taken = taken_home(voted)
    voted.do("tick_at", 0, voted.home / "results", 3.9)
    assert voted.rows("SELECT state FROM voting_poll") == [("counted",)]
    assert voted.rows("SELECT COUNT(*) FROM voting_sealedballot") == [(0,)]

    disk = everything(voted)
    # The key is nowhere: so whatever is left of sealed ballots in old pages and logs opens for nobody.
    for path, data in disk.items():
        for spelling in (private, private.hex().encode()):
            assert spelling not in data, path
    # A ballot's words stand in the published list alone, which is sorted by codes that nobody else knows.
    ((published,),) = voted.rows(
        "SELECT value FROM record_content WHERE kind = 'box.counted' AND field = 'ballots'"
    )
    shown = json.loads(bytes(published))["ballots"]
    assert [code for code, _said in shown] == sorted(line["code"] for line in taken)
    for path, data in disk.items():
        for line in taken:
            code = line["code"].encode()
            start = data.find(code)
            while start >= 0:
                around = data[max(0, start - 4) : start + len(code) + 15]
                assert b'["' + code + b'",{"ranking":' in around, (path, around)
                start = data.find(code, start + 1)
            assert b'{"code":"' + code not in data, path
    assert {line["code"]: line["choice"] for line in taken} == {
        code: int(said["ranking"][0][-10:]) for code, said in shown
    }, "and every voter finds their own"
