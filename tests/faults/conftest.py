# SPDX-License-Identifier: AGPL-3.0-or-later
"""A home with real files, a real database, and processes that may be killed.

On SQLite unless the suite runs on PostgreSQL: then a server of its own, durable as in real use.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgres, shared
from tests.typist import Ran, mother, told, typed

ROOT = Path(__file__).parents[2]


@functools.cache
def _mother() -> subprocess.Popen[str]:
    """The one who forks all processes of these tests (tests/faults/workers.py)."""
    return mother("tests.faults.workers", {**os.environ})


class Hall:
    """One installation, seen from outside: its processes, its tables read without Django, its files."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.environment = {**os.environ, "KOLLONTAI_HOME": str(home), "KOLLONTAI_FSYNC": "1"}
        self.environment.pop("DATABASE_URL", None)
        self.environment["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        if url:
            self.environment["DATABASE_URL"] = url

    @property
    def sqlite_file(self) -> Path:
        """The database file."""
        return self.home / "kollontai.sqlite3"

    @property
    def record(self) -> Path:
        """The published record."""
        return self.home / "record" / "hall"

    # --- processes ---

    def start(self, *words: object) -> int:
        """Begin a task in a process of its own."""
        given = [str(word) for word in words]
        return int(told(_mother(), ["start", self.environment, *given])["started"])

    def wait(self, process: int) -> int:
        """Wait for its end: 0 fine, below 0 the signal that killed it."""
        return int(told(_mother(), ["wait", process])["ended"])

    def do(self, *words: object) -> None:
        """Do a task that must succeed."""
        assert self.wait(self.start(*words)) == 0, words

    def kill(self, process: int) -> None:
        """Kill a process that this test has started, as a power cut does."""
        os.kill(process, signal.SIGKILL)

    def command(self, *words: str) -> Ran:
        """Run a command of the house."""
        return typed(*words, environment=self.environment, folder=ROOT, patience=60)

    # --- tables and files ---

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read tables with nothing of ours in between."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                return connection.execute(sql).fetchall()
        connection = sqlite3.connect(self.sqlite_file)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def lines(self, name: str) -> list[dict[str, Any]]:
        """What the processes wrote down; a line that was not finished was never given out."""
        path = self.home / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a durable PostgreSQL, or nothing where the suite runs on SQLite."""
    if not os.environ.get("DATABASE_URL"):
        yield ""
        return
    if common := os.environ.get(postgres.DURABLE):
        yield common
        return
    with postgres.private_postgres(durable=True) as url:
        yield url


@pytest.fixture(scope="session")
def empty_tables(server: str) -> Any:
    """All tables with nothing in them, made once: a database to copy."""

    def make(place: Path) -> None:
        hall = Hall(place, fresh_database(server) if server else "")
        hall.do("make_tables")
        (place / "url").write_text(hall.url)

    place = shared.folder(f"empty-tables-{sha256(server.encode()).hexdigest()[:8]}", make)
    return (place / "url").read_text() or place / "kollontai.sqlite3"


@pytest.fixture
def houses(server: str, empty_tables: Any, tmp_path: Path) -> Any:
    """A maker of installations, each with a database of its own."""
    made: list[Hall] = []

    def make() -> Hall:
        home = tmp_path / f"hall{len(made)}"
        home.mkdir()
        if server:
            made.append(Hall(home, fresh_database(server, like=empty_tables)))
        else:
            shutil.copy(empty_tables, home)
            made.append(Hall(home, ""))
        return made[-1]

    return make


@pytest.fixture
def house(houses: Any) -> Hall:
    """One installation with nothing in it."""
    made: Hall = houses()
    return made


def fresh_database(server: str, like: str = "postgres/template1") -> str:
    """Make a database beside the others, empty or like another; give its address."""
    name = f"hall_{secrets.token_hex(4)}"
    with administration(server) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2]}")
    return server.rpartition("/")[0] + f"/{name}"


@contextmanager
def administration(server: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that can make and drop databases."""
    with psycopg.connect(server.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
        yield connection
