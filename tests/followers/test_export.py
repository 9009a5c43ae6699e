# SPDX-License-Identifier: AGPL-3.0-or-later
"""The export: the same bytes for everybody, nothing held, nothing erased, and its stamp on the record."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps

from kollontai.auditor import audit_export
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import Content, Deadline, EntryRow
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.followers import claims, export, stamping
from kollontai.followers.export import ExportNotEmpty, StillWaiting, export_to
from kollontai.followers.models import ExportReading
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.verify import verify_directory
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def world():
    return founded(listed=founders("ada", "ben", "cleo", "dai"), posts=(held_by("dai"),), units=())


def test_two_exports_at_one_size_are_the_same_byte_for_byte(world, tmp_path):
    export_to(world.organisation, tmp_path / "one")
    export_to(world.organisation, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_the_log_in_it_verifies_and_every_file_is_in_its_manifest(world, tmp_path):
    size = export_to(world.organisation, tmp_path / "copy")
    report = verify_directory(tmp_path / "copy")
    assert (report.entries, report.problems) == (size, ())
    lines = (tmp_path / "copy" / "manifest").read_text().split("\n\n")[0].splitlines()[4:]
    listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines}
    found = files(tmp_path / "copy")
    del found["manifest"]
    assert listed == {path: sha256(data).hexdigest() for path, data in found.items()}


def test_no_mail_address_is_anywhere_in_it(world, tmp_path):
    export_to(world.organisation, tmp_path / "copy")
    assert not [path for path, data in files(tmp_path / "copy").items() if b"@example.org" in data]


def test_an_export_never_goes_into_a_folder_that_holds_something(world, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").write_text("mine")
    with pytest.raises(ExportNotEmpty):
        export_to(world.organisation, tmp_path / "copy")
    assert (tmp_path / "copy" / "mine").read_text() == "mine"


@pytest.mark.parametrize("there", [True, False])
def test_half_an_export_is_taken_away_again(there, world, tmp_path, monkeypatch):
    folder = tmp_path / "copy"
    if there:
        folder.mkdir()

    def full(organisation, write):
        write("tile/0/000", b"half")
        write("checkpoint", b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write_witnessed", full)
    with pytest.raises(OSError, match="No space"):
        export_to(world.organisation, folder)
    assert folder.exists() == there
    monkeypatch.undo()
    assert export_to(world.organisation, folder) > 0


def test_once_a_day_the_hash_of_the_export_stands_on_the_record(world, now, tmp_path):
    now.stamps = True
    now.pass_days(0.01)  # the confirmation opens
    export_to(world.organisation, tmp_path / "before")
    now.pass_days(1)
    stamp = EntryRow.objects.get(organisation=world.id, kind="export.stamped")
    said = json.loads(bytes(stamp.data))["f"]
    assert said["manifest_sha256"] == sha256((tmp_path / "before" / "manifest").read_bytes()).hexdigest()
    assert said["size"] == stamp.position


def test_a_day_on_which_nothing_happened_has_no_stamp(world, now):
    now.stamps = True
    now.pass_days(12)
    before = EntryRow.objects.filter(kind="export.stamped").count()
    for _ in range(5):
        now.move(days=1)
        assert tick() == 1
    assert EntryRow.objects.filter(kind="export.stamped").count() == before


def test_an_export_waits_for_a_moment_in_which_nothing_waits(world, tmp_path, monkeypatch):
    tried, real = [], export.write_export

    def write_export(organisation, write):
        tried.append(1)
        if len(tried) < 4:
            raise StillWaiting("Some entries have no position yet.")
        return real(organisation, write)

    monkeypatch.setattr(export, "write_export", write_export)
    assert export_to(world.organisation, tmp_path / "copy") == EntryRow.objects.count()
    assert verify_directory(tmp_path / "copy").problems == ()


def test_while_the_key_changes_nobody_gets_an_export_with_two_keys(world, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MOMENTS_TRIED", 2)
    monkeypatch.setattr(export.publishing, "every_verifier", lambda *_: [SigningKey.generate("x").verifier])
    with pytest.raises(StillWaiting, match="key"):
        export_to(world.organisation, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def _stamps(world):
    return [
        (json.loads(bytes(row.data))["f"], row.position)
        for row in EntryRow.objects.filter(organisation=world.organisation, kind="export.stamped")
    ]


def test_what_is_stamped_was_read_shortly_before_while_nobody_waited(world, now, tmp_path, monkeypatch):
    now.stamps = True
    now.pass_days(0.01)  # the confirmation opens
    [due] = Deadline.objects.filter(act=stamping.ACT, done_at=None).values_list("due", flat=True)
    stamping.read_ahead(at=due - stamping.AHEAD - timedelta(seconds=1))
    assert not ExportReading.objects.exists(), "too early"
    stamping.read_ahead(at=due - stamping.AHEAD)
    export_to(world.organisation, tmp_path / "then")
    cast_ballot(world.actor("ada"), poll_id=Poll.objects.get().pk, choice="no")

    def read(*_words: object) -> None:
        raise AssertionError("the whole export is read while others wait")

    monkeypatch.setattr(stamping, "write_export", read)
    monkeypatch.setattr(stamping, "read_at_one_moment", read)
    stamping.read_ahead(at=due - timedelta(minutes=1))  # it is there
    now.pass_days(1)
    [(said, position)] = _stamps(world)
    assert said["manifest_sha256"] == sha256((tmp_path / "then" / "manifest").read_bytes()).hexdigest()
    assert said["size"] < position
    export_to(world.organisation, tmp_path / "now")
    assert not audit_export(tmp_path / "now", old=tmp_path / "then").findings


def test_what_was_read_for_one_stamp_serves_no_other(world, now, tmp_path):
    now.stamps = True
    now.pass_days(0.01)
    [due] = Deadline.objects.filter(act=stamping.ACT, done_at=None).values_list("due", flat=True)
    stamping.read_ahead(at=due)
    now.pass_days(1)
    cast_ballot(world.actor("ada"), poll_id=Poll.objects.get().pk, choice="no")
    export_to(world.organisation, tmp_path / "second")
    now.pass_days(1)
    [(first, _), (second, position)] = _stamps(world)
    assert first["size"] < second["size"] == position
    assert second["manifest_sha256"] == sha256((tmp_path / "second" / "manifest").read_bytes()).hexdigest()


def test_where_nothing_happened_nothing_is_read_ahead(world, now):
    now.stamps = True
    now.pass_days(12)
    [due] = Deadline.objects.filter(act=stamping.ACT, done_at=None).values_list("due", flat=True)
    stamping.read_ahead(at=due)
    assert not ExportReading.objects.exists()


def test_every_public_column_is_claimed():
    """A column that no claim shows could be changed behind the acts, and nobody would see."""
    beside = {  # why a column needs no claim of its own
        "Contact": "mail addresses are never exported",
        "Limit": "claimed under limits",
        "Content": "claimed in contents; its bytes open their commitment or do not",
        "Organisation": "claimed under organisation and pointers",
        "Poll": "claimed in polls and pointers",
        "DraftVersion": "claimed by its pointers",
        "AmendmentVersion": "claimed by its pointers",
        "ContributionVersion": "claimed by its pointers",
        "CandidacyVersion": "claimed by its pointers",
        "LotShare": "claimed in lots and pointers",
        "SealedBallot": "nobody may see even how much lies in a box, until it is opened",
    }
    names = {model.__name__ for model in _public()}
    assert set(beside) <= names
    tables = {model.__name__ for model in _listed()}
    assert names - set(beside) == tables


def _public():
    return [model for model in apps.get_models() if getattr(model, "table_kind", "") == "public"]


def _listed():
    """The tables that are claimed as they stand, column by column."""
    return {claims.TAKEN_FROM[name][0] for name, rows in claims.LISTS.items() if rows.__closure__}


def test_content_that_is_held_or_erased_has_no_file(world, now, tmp_path):
    now.pass_days(0.01)
    cast_ballot(world.actor("ada"), poll_id=Poll.objects.get().pk, choice="no")
    held = Content.objects.exclude(held_until="").get()
    export_to(world.organisation, tmp_path / "copy")
    assert f"content/{held.commitment}.json" not in files(tmp_path / "copy")
    now.pass_days(7)
    export_to(world.organisation, tmp_path / "later")
    assert f"content/{held.commitment}.json" in files(tmp_path / "later")
