# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups, restores, drills, handovers, other keys, other releases: as somebody types them, on real files."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kollontai.openrecord.checkpoint import read_checkpoint
from kollontai.openrecord.note import parse_note
from tests.beside import free_port
from tests.faults.conftest import administration, fresh_database
from tests.typist import Ran, typed

pytestmark = pytest.mark.faults

SLUG = "elm-street"


class Home:
    """A home to type commands in, with a database of its own."""

    def __init__(self, home: Path, url: str = "") -> None:
        self.home, self.url = home, url

    def run(self, *words: object, status: int = 0, **environment: str) -> Ran:
        """Type a command that ends with this status, and says no more than one sentence when it fails."""
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KOLLONTAI_DEMO")}
        given = {"KOLLONTAI_HOME": str(self.home)} | ({"DATABASE_URL": self.url} if self.url else {})
        ran = typed(*words, environment=kept | given | environment)
        assert ran.returncode == status, (words, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
        return ran

    def said(self, *words: object) -> str:
        """What a command that is refused says."""
        return self.run(*words, status=1).stderr.strip()

    @property
    def checkpoint(self) -> Path:
        """The checkpoint that the world sees."""
        return self.home / "record" / SLUG / "checkpoint"

    @property
    def size(self) -> int:
        """How many entries the world sees."""
        return read_checkpoint(self.checkpoint.read_bytes()).size

    def audited(self, folder: Path, *more: object) -> dict[str, Any]:
        """Export the record and audit it."""
        self.run("export", SLUG, "--to", folder)
        ran = self.run("audit", folder, "--json", *more)
        found: dict[str, Any] = json.loads(ran.stdout)
        return found


@pytest.fixture(scope="session")
def waiting(server: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A house with an organisation that waits for its founders, made once. It is only copied."""
    folder = tmp_path_factory.mktemp("waiting")
    made = Home(folder / "home", fresh_database(server) if server else "")
    made.run("migrate")
    charter = folder / "charter.toml"
    charter.write_text(made.run("found", "--example").stdout)
    made.run("found", charter)
    return made


@pytest.fixture
def homes(server: str, tmp_path: Path) -> Any:
    """A maker of homes with nothing in them, or like another home."""
    made: list[Home] = []

    def make(like: Home | None = None) -> Home:
        home = tmp_path / f"home{len(made)}"
        if like is not None:
            shutil.copytree(like.home, home)
        url = fresh_database(server, **({"like": like.url} if like else {})) if server else ""
        made.append(Home(home, url))
        return made[-1]

    return make


@pytest.fixture
def home(homes: Any, waiting: Home) -> Home:
    """A house with an organisation that waits for its founders."""
    made: Home = homes(waiting)
    return made


@pytest.fixture
def deputy(tmp_path: Path) -> tuple[Path, Path]:
    """The deputy's private key and public line, as files."""
    return pair(tmp_path / "deputy.key")


def pair(file: Path) -> tuple[Path, Path]:
    ran = Home(file.parent / "unused").run("backup-key", file)
    public = file.with_suffix(".pub")
    public.write_text(ran.stdout)
    assert not (file.parent / "unused").exists()  # a deputy's machine is no house
    return file, public


def lines_under(note: bytes) -> int:
    return len(parse_note(note)[1])


# --- Backup and restore ------------------------------------------------------------------------------


def test_a_backup_comes_back_in_an_empty_home_which_signs_only_after_it_was_compared(
    home: Home, homes: Any, deputy: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = deputy
    file = tmp_path / "house.backup"
    told = json.loads(home.run("backup", file, "--to-key", public, "--json").stdout)
    size = home.size
    assert told["bytes"] == file.stat().st_size
    assert [(one["slug"], one["size"]) for one in told["records"]] == [(SLUG, size)]
    assert file.stat().st_mode & 0o077 == 0
    sealed = file.read_bytes()
    for plain in (b"Elm Street", b"SQLite format", b"PGDMP", b"manifest.json", SLUG.encode()):
        assert plain not in sealed
    assert not list(home.home.glob(".backup-*"))
    assert "never written over" in home.said("backup", file, "--to-key", public)

    other: Home = homes()
    other.run("restore", file, "--key", private)
    assert not list(other.home.glob(".restore-*"))
    assert "goes" not in other.said("sequence")
    assert "restored from a backup" in other.said("sequence")
    assert "restored from a backup" in other.said("serve", "--port", free_port())
    assert "missing" in other.said("restore", "--go-on", "--nobody-kept-any")  # its key is not there yet
    for name in (f"{SLUG}.key", f"{SLUG}.last-signed"):
        shutil.copy(home.home / "keys" / name, other.home / "keys")
    assert "no checkpoint was given" in other.said("restore", "--go-on")
    other.run("restore", "--go-on", "--kept", home.checkpoint)
    assert other.size == size + 1
    report = other.audited(tmp_path / "export", "--old", home.checkpoint)
    assert report["findings"] == []
    assert "No record here waits" in other.said("restore", "--go-on")
    assert "database here already" in other.said("restore", file, "--key", private)


def test_a_backup_that_others_have_seen_beyond_never_goes_on(
    home: Home, homes: Any, deputy: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = deputy
    file = tmp_path / "house.backup"
    home.run("backup", file, "--to-key", public)
    home.run("rotate-key", SLUG)  # the record grows
    other: Home = homes()
    other.run("restore", file, "--key", private)
    shutil.copy(home.home / "keys" / f"{SLUG}.key.old", other.home / "keys" / f"{SLUG}.key")
    said = other.said("restore", "--go-on", "--kept", home.checkpoint)
    assert f"stands at {home.size} entries, this backup at {home.size - 1}" in said
    shutil.copy(home.home / "keys" / f"{SLUG}.last-signed", other.home / "keys")
    assert "older copy" in other.said("restore", "--go-on", "--nobody-kept-any")
    assert "restored from a backup" in other.said("sequence")


@pytest.mark.any_database
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    home: Home, homes: Any, deputy: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = deputy
    file = tmp_path / "house.backup"
    home.run("backup", file, "--to-key", public)
    data = file.read_bytes()
    other: Home = homes()
    stranger, _ = pair(tmp_path / "stranger.key")
    broken = tmp_path / "broken.backup"
    for bad in (
        data[:-1], data[: len(data) // 2], data[:50], b"", b"no backup",
        data + b"x", data[:5_000] + bytes([data[5_000] ^ 1]) + data[5_001:],
    ):  # fmt: skip
        broken.write_bytes(bad)
        ran = other.run("restore", broken, "--key", private, status=2)
        assert len(ran.stderr.strip().splitlines()) == 1
    assert "sealed to the key" in other.run("restore", file, "--key", stranger, status=2).stderr
    left = {path.name for path in other.home.iterdir()}
    assert left <= {"keys", "static", "kollontai.sqlite3"}
    assert "no such table" in other.run("sequence", status=2).stderr or other.url
    other.run("restore", file, "--key", private)  # and the good one still comes in


def test_a_full_disk_leaves_no_half_backup(home: Home, deputy: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "house.backup"
    limited = subprocess.run(
        [
            "bash", "-c",
            'ulimit -f 20; trap "" XFSZ; exec "$@"', "-", sys.executable, "-c",
            "from kollontai.cli import main; main()", "backup", str(file), "--to-key", str(deputy[1]),
        ],
        env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        | {"KOLLONTAI_HOME": str(home.home)} | ({"DATABASE_URL": home.url} if home.url else {}),
        capture_output=True, text=True,
    )  # fmt: skip
    assert limited.returncode in (1, 2), limited.stderr
    assert "Traceback" not in limited.stderr
    assert len(limited.stderr.strip().splitlines()) == 1
    assert not file.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert not list(home.home.glob(".backup-*"))
    home.run("backup", file, "--to-key", deputy[1])


def test_a_drill_restores_aside_audits_and_finds_a_row_that_was_changed(
    home: Home, deputy: tuple[Path, Path], tmp_path: Path
) -> None:
    before = home.checkpoint.read_bytes()
    assert json.loads(home.run("backup", "--drill", "--json").stdout)["ok"]
    file = tmp_path / "house.backup"
    change = "UPDATE record_organisation SET zone = 'Europe/Paris'"
    if home.url:
        import psycopg

        with psycopg.connect(home.url) as connection:
            connection.execute(change)
    else:
        with sqlite3.connect(home.home / "kollontai.sqlite3") as connection:
            connection.execute(change)
        connection.close()
    home.run("backup", file, "--to-key", deputy[1])
    ran = home.run("restore", "--drill", file, "--key", deputy[0], "--json", status=1)
    assert any("Europe/Paris" in sentence for sentence in json.loads(ran.stdout)["records"][0]["found"])
    assert home.checkpoint.read_bytes() == before
    if home.url:
        with administration(home.url) as connection:
            names = connection.execute("SELECT datname FROM pg_database").fetchall()
        assert not [name for (name,) in names if name.startswith("kollontai_drill")]


@pytest.mark.any_database
def test_a_backup_of_a_later_release_is_not_taken_by_an_earlier_one(
    home: Home, homes: Any, deputy: tuple[Path, Path], tmp_path: Path
) -> None:
    with sqlite3.connect(home.home / "kollontai.sqlite3") as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '0999_moon', '2026-01-01')"
        )
    connection.close()
    file = tmp_path / "house.backup"
    home.run("backup", file, "--to-key", deputy[1])
    said = homes().said("restore", file, "--key", deputy[0])
    assert "record.0999_moon" in said
    assert "install that release" in said


# --- Handover ----------------------------------------------------------------------------------------


def test_a_house_is_handed_over_and_the_old_home_never_signs_again(
    home: Home, homes: Any, tmp_path: Path
) -> None:
    private, public = pair(tmp_path / "new-host.key")
    old_checkpoint = tmp_path / "kept"
    shutil.copy(home.checkpoint, old_checkpoint)
    size, folder = home.size, tmp_path / "handover"
    same = ("--to-key", public, "--leaving", "Ada", "--coming", " Ada")
    assert "names two people" in home.said("handover", folder, *same)
    home.run("handover", folder, "--to-key", public, "--leaving", "Ada", "--coming", "Ben")
    assert {path.name for path in folder.iterdir()} == {"house.backup", "house.keys", "handover.md"}
    note = (folder / "handover.md").read_text()
    assert "From Ada to Ben" in note
    assert f"{size + 1} entries" in note
    assert "followers.stamp_export" in note
    assert b"PRIVATE" not in (folder / "house.keys").read_bytes()
    assert home.size == size + 1
    for words in (("sequence",), ("serve", "--port", free_port()), ("rotate-key", SLUG)):
        assert "handed over on" in home.said(*words)

    other: Home = homes()
    keys = ("--keys", folder / "house.keys")
    other.run("restore", folder / "house.backup", "--key", private, *keys)
    other.run("restore", "--go-on", "--kept", home.checkpoint)
    assert other.size == size + 2
    report = other.audited(tmp_path / "export", "--old", old_checkpoint)
    assert report["findings"] == []

    assert "not from after the handover" in home.said("handover", "--finish", old_checkpoint)
    home.run("handover", "--finish", other.checkpoint)
    assert not list((home.home / "keys").glob("*.key*"))
    assert (home.home / "keys" / f"{SLUG}.last-signed").exists()


def test_whoever_is_stopped_while_the_keys_come_in_does_it_again(
    home: Home, homes: Any, tmp_path: Path
) -> None:
    private, public = pair(tmp_path / "new-host.key")
    folder = tmp_path / "handover"
    home.run("handover", folder, "--to-key", public, "--leaving", "Ada", "--coming", "Ben")
    other: Home = homes()
    restore = ("restore", folder / "house.backup", "--key", private, "--keys", folder / "house.keys")
    # As it was after the first key, with the plain copy of the database beside:
    place = other.home / "keys" / f"{SLUG}.key"
    place.parent.mkdir(parents=True)
    place.write_text("another")
    (other.home / ".restore-killed").mkdir()
    (other.home / ".restore-killed" / "held").touch()  # by nobody any more
    assert "is another" in other.said(*restore)
    shutil.copy(home.home / "keys" / f"{SLUG}.key", place)
    other.run(*restore)
    assert not list(other.home.glob(".restore-*"))
    other.run("restore", "--go-on", "--kept", home.checkpoint)
    assert other.size == home.size + 1


# --- Another key -------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_a_record_gets_another_key_and_what_was_signed_before_stays_good(home: Home, tmp_path: Path) -> None:
    before = tmp_path / "before"
    home.run("export", SLUG, "--to", before)
    receipt = tmp_path / "old.tlog-proof"
    home.run("record", "receipt", before, "0", "-o", receipt)
    new = home.run("rotate-key", SLUG).stdout.strip()
    assert lines_under(home.checkpoint.read_bytes()) == 2
    assert (home.home / "record" / SLUG / "log.vkey").read_text().strip() == new
    assert "still signs" in home.said("rotate-key", SLUG)
    during = tmp_path / "during"
    for vkey in (before / "log.vkey", home.home / "record" / SLUG / "log.vkey"):
        report = home.audited(during, "--old", before, "--vkey", vkey)
        assert report["findings"] == []
        shutil.rmtree(during)
    home.run("rotate-key", SLUG, "--end")
    assert "one key alone already" in home.said("rotate-key", SLUG, "--end")
    assert not list((home.home / "keys").glob("*.old"))
    home.run("rotate-key", SLUG)
    home.run("rotate-key", SLUG, "--end")
    after = tmp_path / "after"
    assert home.audited(after, "--old", before, "--vkey", before / "log.vkey")["findings"] == []
    assert len((after / "log.vkeys").read_text().splitlines()) == 3
    for folder, vkey in (
        (after, before / "log.vkey"),
        (after, after / "log.vkeys"),
        (before, after / "log.vkeys"),
    ):
        if folder is after:
            home.run("record", "verify", folder, "--vkey", vkey, "--old", before)
    home.run("record", "verify", receipt, "--vkey", after / "log.vkeys")
    home.run("record", "verify", receipt, "--vkey", before / "log.vkey")
    home.run("record", "verify", receipt, "--vkey", after / "log.vkey", status=1)


@pytest.mark.any_database
def test_a_change_of_the_key_that_was_stopped_in_the_midst_is_finished_the_next_time(
    home: Home, tmp_path: Path
) -> None:
    keys = home.home / "keys"
    kept = (keys / f"{SLUG}.key").read_bytes()
    home.run("rotate-key", SLUG)
    new = (keys / f"{SLUG}.key").read_bytes()
    # As it was after the entry and before the keys changed places:
    (keys / f"{SLUG}.key.next").write_bytes(new)
    (keys / f"{SLUG}.key").write_bytes(kept)
    (keys / f"{SLUG}.key.old").unlink()
    size = home.size
    assert home.audited(tmp_path / "midst")["findings"] == []
    home.run("rotate-key", SLUG)
    assert (keys / f"{SLUG}.key").read_bytes() == new
    assert home.size == size
    assert home.audited(tmp_path / "after")["findings"] == []


@pytest.mark.any_database
def test_another_release_is_said_once_and_only_of_an_organisation_that_exists(home: Home) -> None:
    assert "nothing new to say" in home.run("upgrade").stdout
