# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses to walk through: real server processes, each with files and a database of its own."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from tests.beside import free_port
from tests.typist import Ran, typed

ROOT = Path(__file__).parents[2]
KOLLONTAI = str(Path(sys.executable).with_name("kollontai"))
PATIENCE = 60.0
"""Seconds a server may take to answer; a loaded machine is slow, and nothing here measures speed."""


@dataclass(frozen=True)
class House:
    """A house whose doors are open."""

    home: Path
    port: int
    database: str  # "" for SQLite in the home
    server: int = 0  # the process that `kollontai serve` is

    @property
    def url(self) -> str:
        """Where it is. By name, because browsers let keys in devices work on `localhost` without TLS."""
        return f"http://localhost:{self.port}"

    @property
    def vkey(self) -> Path:
        """The public key of the first record here."""
        return next(path for path in sorted((self.home / "record").rglob("log.vkey")))

    def command(self, *words: str | Path) -> Ran:
        """Run `kollontai …` in this house."""
        return command(self.home, self.database, *words)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the house's own tables."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(sql.replace("?", "%s"), values).fetchall()
        with closing(sqlite3.connect(self.home / "kollontai.sqlite3", timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()

    def code_for(self, email: str) -> str:
        """The newest code that waits for an address in the outbox."""
        found = self.rows(
            "SELECT body FROM accounts_mail WHERE \"to\" = ? AND unsubscribe = '' ORDER BY id DESC", email
        )
        codes = [code for (body,) in found for code in re.findall(r"\A[A-Z0-9]{4} ?[A-Z0-9]{4}\b", body)]
        assert codes, f"no code waits for {email}"
        return codes[0]

    def log(self) -> str:
        """What the server has said."""
        return (self.home / "log").read_text("utf-8", "replace")

    def new_folder(self) -> Path:
        """A place for an export; nothing is there yet."""
        return Path(tempfile.mkdtemp(prefix="copy-", dir=self.home.parent)) / "copy"

    def is_well(self) -> None:
        """Assert that the server met nothing unexpected."""
        assert "Traceback" not in self.log(), self.log()


def command(home: Path, database: str, *words: str | Path) -> Ran:
    """Run `kollontai …` with files and a database of its own."""
    return typed(*words, environment=_environment(home, database), folder=home.parent)


def new_house(home: Path, database: str) -> None:
    """Make an empty house: its tables and its files for browsers."""
    home.mkdir(parents=True, exist_ok=True)
    made = command(home, database, "migrate")
    assert made.returncode == 0, made.stderr


def new_demonstration(home: Path, database: str, *words: str) -> None:
    """Build the demonstration in an empty house: the small one, unless words say otherwise."""
    made = command(home, database, "demo", *(words or ("--small",)))
    assert made.returncode == 0, made.stderr


def new_alder_house(home: Path, database: str) -> None:
    """Build the demonstration of twelve people in one house, in an empty one."""
    made = command(home, database, "demo", "alder-house")
    assert made.returncode == 0, made.stderr


def new_two_branches(home: Path, database: str) -> None:
    """Build the small demonstration of two branches in an empty house."""
    words = [sys.executable, "-m", "tests.journeys.two_branches"]
    environment = _environment(home, database)
    made = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert made.returncode == 0, made.stderr


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process after the other in: test workers share what is dear to build."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def begin(home: Path, database: str) -> tuple[House, subprocess.Popen[bytes]]:
    """Open the doors of a house, in a group of processes of its own; whoever calls ends it."""
    port = free_port()
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [KOLLONTAI, "serve", "--port", str(port), "--workers", "2"],
            env=_environment(home, database), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, cwd=home.parent,
        )  # fmt: skip
    house = House(home, port, database, server.pid)
    try:
        _await(house, server)
    except AssertionError:
        server.kill()
        raise
    return house, server


@contextmanager
def serving(home: Path, database: str) -> Iterator[House]:
    """Open the doors, and shut them again. A server that met something unexpected fails the journey."""
    house, server = begin(home, database)
    try:
        yield house
    finally:
        server.terminate()
        try:
            ended = server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            raise AssertionError(f"The house did not end when told: {house.log()}") from None
    assert ended == 0, house.log()
    house.is_well()


def start_again(house: House) -> None:
    """Let a demonstration begin anew, by the button that everybody has."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{house.url}/demo/", timeout=PATIENCE) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token, "the page of demonstrations has no button to press"
    pressed = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    browser.open(f"{house.url}/demo/again/", pressed, timeout=300).close()


def _await(house: House, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{house.port}/", timeout=PATIENCE).close()
            return
        except (urllib.error.URLError, ConnectionError) as error:
            if server.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"The server did not open its doors: {house.log()}") from error
            time.sleep(0.05)


def _environment(home: Path, database: str) -> dict[str, str]:
    """The surroundings of a house: nobody's settings but ours."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KOLLONTAI_", "DJANGO_", "DATABASE_URL"))
    }
    ours = {"KOLLONTAI_HOME": str(home), "KOLLONTAI_FSYNC": "0"}
    return {**kept, **ours, **({"DATABASE_URL": database} if database else {})}


# --- Databases ---------------------------------------------------------------------------------------


def new_database(name: str = "", copy_of: str = "") -> str:
    """Make a database beside the one the tests were given; "" where they run on SQLite."""
    cluster = os.environ.get("DATABASE_URL", "")
    if not cluster:
        return ""
    name = name or f"journey_{uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(copy_of).path[1:]}"' if copy_of else ""
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return urlunsplit(urlsplit(cluster)._replace(path=f"/{name}"))


def drop_database(database: str) -> None:
    """Remove a database that was made for one house."""
    if database:
        name = urlsplit(database).path[1:]
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copied(home: Path, to: Path) -> None:
    """Copy a house whose doors are shut."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("log"))
