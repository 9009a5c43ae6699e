# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup brought back over a record that went on signs nothing, changes nothing, and says so."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import postgres
from tests.beside import free_port
from tests.faults.checking import check
from tests.faults.conftest import administration

pytestmark = pytest.mark.faults


def back_up(house: Any, name: str) -> Path:
    """Copy the database as an operator does."""
    copy = house.home / name
    if house.url:
        run(house, "pg_dump", "--format=custom", f"--file={copy}", house.url)
    else:
        source, target = sqlite3.connect(house.sqlite_file), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
    return copy


def bring_back(house: Any, copy: Path) -> None:
    """Put a copy in the place of the database."""
    if house.url:
        name = urlsplit(house.url).path.lstrip("/")
        with administration(house.url) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        run(house, "pg_restore", f"--dbname={house.url}", str(copy))
        return
    for suffix in ("-wal", "-shm"):
        Path(f"{house.sqlite_file}{suffix}").unlink(missing_ok=True)
    shutil.copy(copy, house.sqlite_file)


def run(house: Any, program: str, *words: str) -> None:
    folder = postgres.programs()
    assert folder is not None
    subprocess.run([folder / program, *words], check=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C"})


def everything(house: Any) -> list[Any]:
    """All that an act or a signature would change."""
    tables = ("record_entryrow", "record_outbox", "record_content", "voting_openballot", "record_head")
    files = {path: path.read_bytes() for path in sorted(house.record.rglob("*")) if path.is_file()}
    last_signed = (house.home / "keys" / "hall.last-signed").read_bytes()
    return [[house.rows(f"SELECT COUNT(*) FROM {table}") for table in tables], files, last_signed]


@pytest.fixture
def restored(house) -> Any:
    """A house whose database was put back by five votes."""
    house.do("begin", 20, 3)
    house.do("write", house.home / "receipts", 0, 0, 5)
    copy = back_up(house, "copy")
    house.do("write", house.home / "receipts", 0, 5, 5)
    newer = back_up(house, "newer")
    bring_back(house, copy)
    return house, newer


@pytest.mark.parametrize(
    "command", [("sequence",), ("sequence", "hall"), ("serve", "--port", str(free_port()))]
)
def test_commands_say_one_sentence_and_end_with_1(restored, command):
    house, _ = restored
    before = everything(house)
    ended = house.command(*command)
    assert ended.returncode == 1, ended.stderr
    assert "older copy" in ended.stderr
    assert "stands at 11 entries, the database at 6" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert everything(house) == before


def test_acts_change_nothing_in_an_old_copy_and_go_on_in_the_newer_one(restored):
    house, newer = restored
    before = everything(house)
    assert house.wait(house.start("write", house.home / "no-receipts", 1, 0, 1)) == 1
    assert not house.lines("no-receipts")
    assert everything(house) == before

    bring_back(house, newer)
    house.do("write", house.home / "receipts", 1, 0, 5)
    house.do("settle")
    assert check(house, house.lines("receipts"), []) == 16


def test_an_old_copy_is_known_by_the_published_record_alone(restored):
    house, _ = restored
    (house.home / "keys" / "hall.last-signed").unlink()
    ended = house.command("sequence")
    assert ended.returncode == 1
    assert "the published checkpoint stands at 11 entries" in ended.stderr


def test_an_old_copy_is_known_by_the_keys_own_note_alone(restored):
    house, _ = restored
    shutil.rmtree(house.record)
    ended = house.command("sequence")
    assert ended.returncode == 1
    assert "the key's own note stands at 11 entries" in ended.stderr


def test_a_published_record_that_was_lost_is_written_again_from_the_database(house):
    house.do("begin", 20, 1)
    house.do("write", house.home / "receipts", 0, 0, 5)
    shutil.rmtree(house.record)
    ended = house.command("sequence")
    assert (ended.returncode, ended.stdout) == (0, "hall: 6 entries\n")
    check(house, house.lines("receipts"), [])


def test_without_its_key_nothing_is_begun(house):
    house.do("begin", 20, 1)
    key = house.home / "keys" / "hall.key"
    key.rename(house.home / "elsewhere")
    before = house.rows("SELECT COUNT(*) FROM voting_openballot")
    assert house.wait(house.start("write", house.home / "receipts", 0, 0, 1)) == 1
    assert house.rows("SELECT COUNT(*) FROM voting_openballot") == before
    (house.home / "elsewhere").rename(key)
    house.do("write", house.home / "receipts", 0, 0, 1)
    assert check(house, house.lines("receipts"), []) == 2
