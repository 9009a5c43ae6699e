# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys, the last head signed, full disks, lost files, clocks that jump: nothing forks, nothing is denied."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kollontai.chapters.record import act as frame
from kollontai.chapters.record import files, keys, publishing, sequencer
from kollontai.chapters.record.models import Content, Deadline, EntryRow, Head, Organisation, Outbox
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.kinds.members import UnitCreated
from kollontai.openrecord.verify import verify_directory
from tests.faults import house

pytestmark = pytest.mark.django_db


def vote(number: int = 0, poll: int = 0):
    return house.vote(house.member(number), poll=house.poll(poll))


def whole(organisation, size: int) -> bool:
    """Whether the published record has this size and nothing is wrong with it."""
    report = verify_directory(publishing.folder(organisation), vkey=keys.load(organisation).verifier)
    return (report.problems, report.entries) == ((), size)


# --- Keys ---------------------------------------------------------------------------------------------


def test_the_key_is_readable_by_its_owner_alone_and_the_record_by_the_web_server(hall):
    assert stat.S_IMODE(keys.key_path(hall).stat().st_mode) == 0o600
    assert stat.S_IMODE(publishing.checkpoint_path(hall).stat().st_mode) & 0o600 == 0o600


def test_the_last_head_signed_is_written_down_with_every_act(hall):
    for number in range(3):
        vote(number)
        head = Head.objects.get()
        signed = keys.last_signed(hall)
        assert (signed.size, signed.root) == (head.size, bytes(head.root))


def test_a_key_is_never_made_anew_over_an_old_one(hall):
    before = keys.key_path(hall).read_bytes()
    keys.create(hall)
    assert keys.key_path(hall).read_bytes() == before


def test_the_key_of_another_record_is_not_taken_for_ours(hall):
    keys.key_path(hall).unlink()
    SigningKey.generate("somebody.else/record").save(keys.key_path(hall))
    with pytest.raises(keys.KeyMissing, match="another record"):
        keys.create(hall)


def test_without_a_key_an_act_changes_nothing(hall):
    keys.key_path(hall).rename(keys.key_path(hall).with_suffix(".away"))
    with pytest.raises(keys.KeyMissing, match="missing"):
        vote()
    assert not Outbox.objects.exists()
    assert Content.objects.count() == 1


# --- Old copies and other roots -----------------------------------------------------------------------


def forged(organisation, size: int, root: bytes) -> bytes:
    return Checkpoint(organisation.origin, size, root).sign(keys.load(organisation))


def test_a_published_checkpoint_ahead_of_the_database_stops_every_act_and_all_sequencing(hall):
    vote()
    publishing.checkpoint_path(hall).write_bytes(forged(hall, 9, bytes(32)))
    before = (EntryRow.objects.count(), Content.objects.count(), keys.last_signed(hall))
    with pytest.raises(
        sequencer.RecordIsAhead, match="published checkpoint stands at 9 entries, the database at 2"
    ):
        vote(1)
    with pytest.raises(sequencer.RecordIsAhead):
        sequencer.sequence(hall.pk)
    assert (EntryRow.objects.count(), Content.objects.count(), keys.last_signed(hall)) == before
    assert not Outbox.objects.exists()


def test_another_root_at_the_same_size_stops_every_act(hall):
    vote()
    publishing.checkpoint_path(hall).write_bytes(forged(hall, 2, bytes(32)))
    with pytest.raises(
        sequencer.RecordIsAhead, match="at 2 entries the published checkpoint has another root"
    ):
        vote(1)
    with pytest.raises(sequencer.RecordIsAhead, match="another root"):
        sequencer.sequence(hall.pk)


def test_another_root_in_the_keys_own_note_stops_every_act(hall):
    vote()
    keys.remember(hall, 2, bytes(32))
    with pytest.raises(sequencer.RecordIsAhead, match="the key's own note has another root"):
        vote(1)


def test_what_waits_in_an_old_copy_gets_no_positions(hall):
    vote()
    Outbox.objects.create(
        organisation=hall,
        kind="x",
        subject="",
        actor="a",
        at=datetime(2026, 2, 1, tzinfo=UTC),
        ticket="t",
        data=b"x",
    )
    keys.remember(hall, 9, bytes(32))
    with pytest.raises(sequencer.RecordIsAhead):
        sequencer.sequence(hall.pk)
    assert Outbox.objects.count() == 1
    assert Head.objects.get().size == 2


def test_a_checkpoint_ahead_that_our_key_never_signed_is_called_damaged(hall):
    vote()
    stranger = SigningKey.generate(hall.origin)
    publishing.checkpoint_path(hall).write_bytes(Checkpoint(hall.origin, 9, bytes(32)).sign(stranger))
    with pytest.raises(RecordError, match="damaged"):
        vote(1)


@pytest.mark.parametrize("data", [b"", b"\x00" * 200, b"localhost/hall\n2\n"])
def test_a_damaged_checkpoint_stops_every_act_with_one_sentence(hall, data):
    vote()
    publishing.checkpoint_path(hall).write_bytes(data)
    with pytest.raises(RecordError, match="damaged"):
        vote(1)


def test_entries_changed_under_the_head_are_not_signed_over(hall):
    vote()
    EntryRow.objects.filter(position=1).update(leaf=bytes(32))
    sequencer._edges.clear()
    with pytest.raises(sequencer.RecordIsAhead, match="do not give the root"):
        vote(1)
    assert keys.last_signed(hall).size == 2


def test_a_head_that_moved_under_the_sequencer_is_not_overwritten(hall, monkeypatch):
    vote()
    real = sequencer.statements.put_entries

    def put_and_lose(*given):
        real(*given)
        Head.objects.update(size=77)

    monkeypatch.setattr(sequencer.statements, "put_entries", put_and_lose)
    with pytest.raises(sequencer.LostTheHead):
        vote(1)
    assert keys.last_signed(hall).size == 2


# --- At start -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["checkpoint", "everything", "last-signed"])
def test_what_was_committed_and_not_published_is_published_at_start(hall, lost):
    for number in range(4):
        vote(number)
    if lost == "last-signed":
        keys.last_path(hall).unlink()
    publishing.checkpoint_path(hall).unlink()
    if lost == "everything":
        for path in publishing.folder(hall).rglob("*"):
            if path.is_file():
                path.unlink()
    assert sequencer.sequence(hall.pk) == 5
    assert whole(hall, 5)
    assert keys.last_signed(hall).size == 5


def test_files_beyond_the_checkpoint_are_written_anew(hall):
    vote()
    ahead = publishing.folder(hall) / "tile/0/000.p/3"
    ahead.write_bytes(b"half a tile that a crash left")
    vote(1)
    assert whole(hall, 3)


def test_the_folders_of_new_files_are_synced_up_to_the_first_that_was_there(tmp_path, settings, monkeypatch):
    settings.FSYNC = True
    synced = []
    monkeypatch.setattr(files, "sync_folder", lambda folder: synced.append(Path(folder)))
    files.write_durably(tmp_path / "a" / "b" / "c", b"x")
    assert {tmp_path, tmp_path / "a", tmp_path / "a" / "b"} <= set(synced)


# --- Full disks ---------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that has no room for files, until the test makes room."""
    room = {"left": 0}

    def write(descriptor: int, data: bytes) -> int:
        if room["left"] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room["left"] -= 1
        return real(descriptor, data)

    real = os.write
    monkeypatch.setattr(files.os, "write", write)
    return room


@pytest.fixture
def in_life(monkeypatch):
    """The frame as it is outside a test's own transaction: it does not raise what is done again later."""
    monkeypatch.setattr(frame, "_may_raise", lambda: False)


@pytest.mark.parametrize("room", range(4))
def test_on_a_full_disk_an_act_is_done_and_is_published_when_there_is_room(
    hall, full_disk, in_life, room, caplog
):
    full_disk["left"] = room
    done = vote()
    assert done.value.voter_id == house.member(0).id
    assert done.positions == (1,)
    assert "could not be sequenced or published at once" in caplog.text
    assert publishing.published_head(hall).size == 1
    assert not list(publishing.folder(hall).rglob(".*.*")), "half-written files are left"

    full_disk["left"] = 1_000
    assert sequencer.sequence(hall.pk) == 2
    assert whole(hall, 2)


def test_on_a_full_disk_commands_are_told(hall, full_disk):
    publishing.checkpoint_path(hall).unlink()
    with pytest.raises(OSError, match="No space left"):
        sequencer.sequence(hall.pk)


def test_an_act_whose_sequencing_fails_is_done_and_gets_its_receipt_later(hall, in_life, monkeypatch, caplog):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(sequencer.keys, "load", fail)
        broken.setattr(sequencer, "ready", sequencer.look_at_what_was_signed)
        done = vote()
    assert done.positions == ()
    assert Outbox.objects.count() == 1
    assert "could not be sequenced" in caplog.text
    sequencer.sequence(hall.pk)
    assert sequencer.positions_of(done.ticket) == (1,)
    assert whole(hall, 2)


# --- Clocks -------------------------------------------------------------------------------------------


def times() -> list[datetime]:
    return list(EntryRow.objects.order_by("position").values_list("at", flat=True))


def test_a_clock_set_back_moves_no_entry_back(hall, now):
    now.move(days=3)
    vote(0)
    now.set_back(days=400)
    vote(1)
    now.move(days=1)
    vote(2)
    assert times() == sorted(times())
    assert times()[-1] == times()[1]


def test_a_clock_set_back_moves_no_entry_before_one_that_still_waits(hall, now):
    later = now.time + timedelta(hours=5)
    Outbox.objects.create(
        organisation=hall, kind="x", subject="", actor="a", at=later, ticket="waits", data=b"x"
    )
    vote(0)
    assert times()[1:] == [later, later]


def test_a_clock_that_leaps_performs_each_deadline_once_and_in_order(hall, now):
    house.set_deadlines(house.member(0), many=3)
    Deadline.objects.filter(act="faults.fail").delete()
    now.move(days=4_000)
    vote(0)
    told = EntryRow.objects.filter(kind="issue.supported").values_list("subject", flat=True)
    assert list(told.order_by("position")) == [f"issue{number:011}" for number in range(3)]
    assert EntryRow.objects.order_by("-position")[0].kind == "ballot.cast"
    assert frame.tick() == 0


# --- Deadlines ----------------------------------------------------------------------------------------


@pytest.fixture
def tolerant_clock(monkeypatch, settings):
    """The clock as it is in life: it goes on past what is broken."""
    settings.CLOCK_RAISES = False
    monkeypatch.setattr(frame, "_may_raise", lambda: False)


def test_a_broken_deadline_stops_no_other_and_says_what_was_wrong(hall, now, tolerant_clock, caplog):
    house.set_deadlines(house.member(0), many=3)
    now.move(days=8)
    assert frame.tick() >= 3
    broken = Deadline.objects.get(act="faults.fail")
    assert (broken.failed, broken.done_at) == ("ValueError: this deadline is broken", None)
    assert not EntryRow.objects.filter(subject="brokenbrokenbrok").exists()
    assert EntryRow.objects.filter(kind="issue.supported").count() == 3


def test_acts_do_not_try_a_broken_deadline_again_and_the_tick_does(
    hall, now, tolerant_clock, monkeypatch, caplog
):
    house.set_deadlines(house.member(0), many=1)
    now.move(days=8)
    frame.tick()
    tried = []
    monkeypatch.setitem(frame.CLOCK_ACTS, "faults.fail", lambda this, **_: tried.append(1))
    vote(0)
    assert not tried
    frame.tick()
    assert tried == [1]
    assert Deadline.objects.get(act="faults.fail").failed == ""


def test_a_deadline_with_nothing_to_do_holds_nobody_up(hall, now, monkeypatch):
    house.set_deadlines(house.member(0), many=40)
    Deadline.objects.filter(act="faults.fail").delete()
    monkeypatch.setitem(frame.CLOCK_ACTS, "faults.support", lambda this, **_: None)
    waited = []
    monkeypatch.setattr(frame, "_receipt", lambda *given: waited.append(given) or ())
    now.move(days=8)
    assert frame.tick() >= 40
    assert len(waited) <= 1  # the export's daily hash alone is an entry


def test_a_deadline_inside_the_present_minute_waits_for_the_next(hall, now):
    Deadline.objects.create(
        organisation=hall, act="faults.support", subject="soon", due=now.time + timedelta(seconds=30)
    )
    now.move(seconds=45)
    assert frame.tick() == 0
    now.move(seconds=20)
    assert frame.tick() == 1


# --- The keeper ---------------------------------------------------------------------------------------


def test_the_keeper_publishes_what_is_behind_and_one_broken_record_stops_no_other(hall, caplog):
    vote()
    publishing.checkpoint_path(hall).unlink()
    other = second_hall()
    keys.remember(other, 9, bytes(32))
    sequencer.keep_up()
    assert whole(hall, 2)
    assert "stands still" in caplog.text
    assert "older copy" in caplog.text


@frame.act(founding=True)
def open_second(this: frame.Act) -> Organisation:
    name = this.record(UnitCreated(unit="uuuuuuuuuuuuuuuu"), name="Another")["name"]
    organisation = Organisation.objects.create(
        id="anotheranotherhh", slug="a-hall", origin="localhost/a-hall", zone="UTC", preset="small",
        joining="open", name=name, unit_word=name, opened_at=this.at,
    )  # fmt: skip
    this.begin(organisation)
    return organisation


def second_hall() -> Organisation:
    return open_second(frame.Actor("anotheranotherhh", "operator", "operator")).value


def test_each_organisation_has_a_record_of_its_own(hall):
    other = second_hall()
    vote()
    assert whole(hall, 2)
    assert whole(other, 1)
