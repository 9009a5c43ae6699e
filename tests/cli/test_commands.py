# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands as somebody types them: own processes, an own home, exit status, one sentence on stderr."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sqlite3
from pathlib import Path

import pytest

from kollontai.cli import COMMANDS
from kollontai.cli.house import another_owner
from tests import shared
from tests.typist import Ran, typed


class House:
    """A home to type commands in."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str, patience: float = 120, **environment: str) -> Ran:
        """Type a command."""
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KOLLONTAI_DEMO")}
        return typed(
            *words, environment=kept | {"KOLLONTAI_HOME": str(self.home)} | environment, patience=patience
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with tables and nothing in it."""
    made = House(tmp_path_factory.mktemp("house"))
    assert made.run("migrate").returncode == 0
    return made


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with the demonstration in it."""
    return built("demo", "--small", own=tmp_path_factory.mktemp("demo"))


def built(*words: str, own: Path) -> House:
    """A copy of a house in which something was built by a command once, for all workers."""

    def build(place: Path) -> None:
        ran = House(place).run(*words, patience=600)
        assert ran.returncode == 0, ran.stderr

    return House(Path(shutil.copytree(shared.folder(" ".join(words), build), own, dirs_exist_ok=True)))


def sentence(ran: Ran) -> str:
    """What stands on stderr: no traceback, and it ends like a sentence."""
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()
    return ran.stderr.strip()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(house, name):
    ran = house.run(name, "--help")
    assert ran.returncode == 0, ran.stderr
    assert "Example" in ran.stdout


def test_an_unknown_command_is_unusable_input(house):
    assert house.run("appoint", "somebody").returncode == 2


def test_a_charter_is_put_before_founders_from_a_file(house, tmp_path):
    file = tmp_path / "charter.toml"
    file.write_text(house.run("found", "--example").stdout)
    first = house.run("found", str(file))
    assert first.returncode == 0, first.stderr
    assert "elm-street" in first.stdout
    again = house.run("found", str(file))
    assert again.returncode == 1
    assert "elm-street" in sentence(again)
    for missing in ("slug =", "[[founders]]", "zone ="):
        file.write_text(house.run("found", "--example").stdout.replace(missing, missing.upper()))
        ran = house.run("found", str(file))
        assert ran.returncode == 2, missing
        sentence(ran)
    example = house.run("found", "--example").stdout
    for broken in (
        b"\xff\xfe\x00broken", b"a = " + b"[" * 20_000, b"a = " + b"9" * 5_000,
        example.replace('name = "', 'name = 3 # "', 1).encode(),
        example.replace('zone = "', 'zone = ["UTC"] # "', 1).encode(),
    ):  # fmt: skip
        file.write_bytes(broken)
        ran = house.run("found", str(file))
        assert ran.returncode == 2, broken[:20]
        sentence(ran)

    copy = tmp_path / "copy"
    assert house.run("export", "elm-street", "--to", str(copy)).returncode == 0
    audited = house.run("audit", str(copy))
    assert audited.returncode == 0, audited.stdout
    assert "Nothing found." in audited.stdout


def test_a_list_of_people_is_looked_at_and_needs_a_member_to_invite(demonstration, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(
        "Name;E-Mail\nJosé Ågren;jose@example.org\nNobody;nowhere\nJosé Ågren;jose@example.org\n".encode(
            "cp1252"
        )
    )
    ran = demonstration.run("import-members", "tidewater", str(file))
    assert ran.returncode == 0
    assert "1 can be invited, 2 lines cannot be used." in ran.stdout
    assert "line 3" in ran.stderr
    assert "line 4" in ran.stderr
    refused = demonstration.run("import-members", "tidewater", str(file), "--invite")
    assert refused.returncode == 2
    assert "key" in sentence(refused)


def test_the_demonstration_is_exported_audited_and_verified(demonstration, tmp_path):
    copy = tmp_path / "copy"
    assert demonstration.run("export", "tidewater", "--to", str(copy)).returncode == 0
    ran = demonstration.run("audit", str(copy), "--json")
    assert ran.returncode == 0, ran.stdout
    assert json.loads(ran.stdout)["findings"] == [] or all(
        one["severity"] != "breach" for one in json.loads(ran.stdout)["findings"]
    )
    assert demonstration.run("record", "verify", str(copy)).returncode == 0
    receipt = tmp_path / "one.tlog-proof"
    assert demonstration.run("record", "receipt", str(copy), "100", "-o", str(receipt)).returncode == 0
    verified = demonstration.run("record", "verify", str(receipt), "--vkey", str(copy / "log.vkey"))
    assert verified.returncode == 0, verified.stderr
    assert demonstration.run("export", "tidewater", "--to", str(copy)).returncode == 2


def test_a_row_edited_behind_the_server_is_named_by_the_auditor(demonstration, tmp_path):
    database = demonstration.home / "kollontai.sqlite3"
    with sqlite3.connect(database) as connection:
        before = connection.execute("select id, outcome from deliberation_issue where number = 1").fetchone()
        connection.execute("update deliberation_issue set outcome = 'not-carried' where number = 1")
    connection.close()
    try:
        copy = tmp_path / "copy"
        assert demonstration.run("export", "tidewater", "--to", str(copy)).returncode == 0
        ran = demonstration.run("audit", str(copy))
        assert ran.returncode == 1
        assert before[0] in ran.stdout
        assert "outcome" in ran.stdout
        assert "1 finding." in ran.stdout
        spoken = demonstration.run("audit", str(copy), "--language", "es")
        assert spoken.returncode == 1
        assert "1 hallazgo." in spoken.stdout
        assert before[0] in spoken.stdout
    finally:
        with sqlite3.connect(database) as connection:
            connection.execute("update deliberation_issue set outcome = ? where id = ?", before[::-1])
        connection.close()


def test_a_demonstration_is_built_once_and_never_beside_a_real_organisation(house, demonstration, tmp_path):
    again = demonstration.run("demo")
    assert again.returncode == 0
    assert "there already" in again.stdout
    beside = demonstration.run("demo", "alder-house", patience=600)  # on the same first morning
    assert beside.returncode == 0, beside.stderr
    copy = tmp_path / "alder"
    assert demonstration.run("export", "alder-house", "--to", str(copy)).returncode == 0
    assert demonstration.run("audit", str(copy)).returncode == 0
    assert (demonstration.home / "static" / "staticfiles.json").is_file()  # it can be served as it is
    file = tmp_path / "charter.toml"
    file.write_text(house.run("found", "--example").stdout.replace("elm-street", "oak-street"))
    house.run("found", str(file))
    refused = house.run("demo", "--small")
    assert refused.returncode == 1
    assert "real organisation" in sentence(refused)
    beside = demonstration.run("found", str(file))
    assert beside.returncode == 1
    sentence(beside)


def test_the_doctor_finds_a_missing_key(demonstration):
    key = demonstration.home / "keys" / "tidewater.key"
    kept = key.read_bytes()
    key.unlink()
    try:
        ran = demonstration.run("doctor")
        assert ran.returncode == 1
        assert "tidewater.key is missing" in ran.stdout
    finally:
        key.write_bytes(kept)
        key.chmod(0o600)


def test_without_tables_a_command_says_what_to_do(tmp_path):
    ran = House(tmp_path / "new").run("tick")
    assert ran.returncode == 2
    assert "kollontai migrate" in sentence(ran)


def test_who_is_not_there_is_said_with_who_is(demonstration):
    ran = demonstration.run("export", "nowhere", "--to", "/tmp/never")
    assert ran.returncode == 2
    assert "tidewater" in sentence(ran)


def test_words_are_erased_by_a_courts_order_alone(demonstration, tmp_path):
    order = tmp_path / "order.toml"
    order.write_text(demonstration.run("erase", "--example").stdout)
    words = ("erase", "tidewater", "--order", str(order))
    assert demonstration.run(*words).returncode == 2
    unknown = demonstration.run(*words, "--contribution", "nothing")
    assert unknown.returncode == 1
    assert "no contribution" in sentence(unknown)
    with sqlite3.connect(demonstration.home / "kollontai.sqlite3") as connection:
        (said,) = connection.execute(
            "select c.id from deliberation_contribution c join members_contact m on m.member_id = c.author_id"
            " where c.form = 'voice' and m.email != '' limit 1"
        ).fetchone()
    connection.close()
    for broken in ("", "court = 1", order.read_text().replace("statute", "law")):
        (tmp_path / "broken.toml").write_text(broken)
        ran = demonstration.run(
            "erase", "tidewater", "--order", str(tmp_path / "broken.toml"), "--contribution", said
        )
        assert ran.returncode == 2, broken
        sentence(ran)
    done = demonstration.run(*words, "--contribution", said)
    assert done.returncode == 0, done.stderr
    again = demonstration.run(*words, "--contribution", said)
    assert again.returncode == 1
    assert "erased already" in sentence(again)
    copy = tmp_path / "copy"
    assert demonstration.run("export", "tidewater", "--to", str(copy)).returncode == 0
    audited = demonstration.run("audit", str(copy), "--json")
    assert audited.returncode == 0, audited.stdout
    listed = [one["check"] for one in json.loads(audited.stdout)["observations"]]
    assert "orders_listed" in listed


def test_a_deputys_key_is_never_written_over_and_what_is_no_key_is_said(house, tmp_path):
    key = tmp_path / "deputy.key"
    public = house.run("backup-key", str(key))
    assert public.returncode == 0
    assert key.stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in public.stdout
    assert house.run("backup-key", str(key)).returncode == 2
    for wrong in ("no key", str(key), public.stdout.strip() + "A"):
        ran = house.run("backup", str(tmp_path / "b"), "--to-key", wrong)
        assert ran.returncode == 2, wrong
        sentence(ran)
    assert house.run("backup", str(tmp_path / "b")).returncode == 2
    assert house.run("handover", str(tmp_path / "h")).returncode == 2
    assert house.run("restore").returncode == 2
    assert not (tmp_path / "b").exists()


def test_a_house_of_somebody_else_is_not_entered_as_root(tmp_path):
    keys = tmp_path / "keys"
    assert another_owner(keys, 0) == ""  # no house yet
    keys.mkdir()
    assert another_owner(keys, os.geteuid()) == ""
    if os.geteuid() == 0:
        os.chown(keys, 65_534, -1)
    assert another_owner(keys, 0) == pwd.getpwuid(keys.stat().st_uid).pw_name
    if os.geteuid() == 0:
        house = House(tmp_path)
        ran = house.run("doctor")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "sudo -u" in ran.stderr
        assert not list(keys.iterdir())
