# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frame: one transaction or nothing, entries in order, receipts, the guard, the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from kollontai.chapters.record import act as frame
from kollontai.chapters.record import keys, publishing, sequencer
from kollontai.chapters.record.act import Act, Actor, FrameError, Refusal, Refused, act, clock_act, require
from kollontai.chapters.record.guard import OutsideFrame
from kollontai.chapters.record.models import Content, Deadline, EntryRow, Head, Organisation, Outbox
from kollontai.openrecord.kinds.founding import CharterSigned
from kollontai.openrecord.kinds.issues import IssueSupported
from kollontai.openrecord.kinds.members import UnitCreated
from kollontai.openrecord.verify import verify_directory

pytestmark = pytest.mark.django_db
ORG = "aaaaaaaaaaaaaaaa"
ME = Actor(ORG, "mmmmmmmmmmmmmmmm", "code")


@act(founding=True)
def begin_small(this: Act) -> Organisation:
    organisation = Organisation(
        id=ORG, slug="small", origin="localhost/small", zone="UTC", preset="small", joining="open",
        opened_at=this.at,
    )  # fmt: skip
    named = this_content(this)
    organisation.name = organisation.unit_word = named
    organisation.save(force_insert=True)
    this.begin(organisation)
    return organisation


def this_content(this: Act) -> Content:
    return this.record(UnitCreated(unit="uuuuuuuuuuuuuuuu"), name="The house")["name"]


@act(locks=lambda given: ["sign"])
def sign(this: Act, *, refuse: bool = False, fail: bool = False) -> str:
    this.record(CharterSigned(member=this.actor))
    require(Refusal("not-now", 1, until=this.at + timedelta(days=1)) if refuse else None)
    if fail:
        raise ValueError("halfway")
    return this.actor


@act
def say_nothing(this: Act) -> None:
    Organisation.objects.filter(pk=ORG).update(preset="normal")


@act
def nest(this: Act) -> None:
    sign(ME)


@clock_act("testing.support")
def support(this: Act, *, subject: str, due: object) -> None:
    this.record(IssueSupported(issue=subject))


@act
def set_deadline(this: Act, *, days: int) -> None:
    this.record(CharterSigned(member=this.actor))
    this.deadline("testing.support", "iiiiiiiiiiiiiiii", this.at + timedelta(days=days))


@pytest.fixture
def small() -> Organisation:
    return begin_small(ME).value


def test_an_act_gives_a_receipt_and_its_entries_are_published_under_a_signed_head(small):
    done = sign(ME)
    assert done.value == ME.id
    assert done.positions == (1,)
    head = Head.objects.get(pk=ORG)
    assert head.size == 2
    assert publishing.published_head(small).size == 2
    assert keys.last_signed(small).size == 2
    assert verify_directory(publishing.folder(small)).problems == ()


def test_a_refused_act_changes_nothing_and_leaves_no_entry(small):
    with pytest.raises(Refused) as refused:
        sign(ME, refuse=True)
    assert refused.value.refusal.code == "not-now"
    assert Head.objects.get(pk=ORG).size == 1
    assert not Outbox.objects.exists()


def test_an_act_that_breaks_halfway_is_undone(small):
    with pytest.raises(ValueError, match="halfway"):
        sign(ME, fail=True)
    assert EntryRow.objects.count() == 1
    assert not Outbox.objects.exists()


def test_an_act_that_recorded_nothing_is_undone(small):
    with pytest.raises(FrameError, match="recorded nothing"):
        say_nothing(ME)
    assert Organisation.objects.get(pk=ORG).preset == "small"


def test_acts_never_nest(small):
    with pytest.raises(FrameError, match="never nest"):
        nest(ME)


@pytest.mark.parametrize(
    "write",
    [
        lambda: Organisation.objects.filter(pk=ORG).update(preset="normal"),
        lambda: Content.objects.all()._raw_delete("default"),
        lambda: Content.objects.create(organisation_id=ORG, commitment="x", kind="k", field="f", author="a"),
        lambda: connection.cursor().execute("update record_organisation set preset='normal'"),
        lambda: connection.cursor().execute('DELETE FROM "record_content"'),
    ],
)
def test_nobody_writes_a_public_table_outside_an_act(small, write):
    with pytest.raises(OutsideFrame), transaction.atomic():
        write()


def test_the_clock_performs_a_deadline_once_and_not_before_its_time(small, now):
    set_deadline(ME, days=3)
    now.move(days=2, hours=23)
    frame.tick()
    assert not EntryRow.objects.filter(kind="issue.supported").exists()
    now.move(hours=2)
    assert frame.tick() >= 1
    assert frame.tick() == 0
    assert EntryRow.objects.filter(kind="issue.supported", actor="clock").count() == 1
    assert Deadline.objects.get(act="testing.support").done_at is not None


def test_an_act_first_performs_what_is_overdue(small, now):
    set_deadline(ME, days=3)
    now.move(days=9)
    sign(ME)
    kinds = list(EntryRow.objects.order_by("position").values_list("kind", flat=True))
    assert kinds[-2:] == ["issue.supported", "charter.signed"]


def test_time_never_runs_backwards_on_the_record(small, now):
    now.move(days=1)
    sign(ME)
    now.set_back(hours=5)
    sign(ME)
    first, second = EntryRow.objects.order_by("-position")[:2]
    assert first.at == second.at


def test_times_on_the_record_are_whole_minutes(small, now):
    now.move(seconds=42)
    sign(ME)
    assert EntryRow.objects.order_by("-position")[0].at.second == 0


def test_a_long_record_is_published_tile_by_tile_and_still_verifies(small, now):
    for _ in range(3):
        with transaction.atomic():
            Outbox.objects.bulk_create(
                [
                    Outbox(
                        organisation_id=ORG,
                        kind="x",
                        subject="",
                        actor="a",
                        at=frame.clock.now(),
                        ticket="",
                        data=bytes([n % 250]) * 30,
                    )
                    for n in range(400)
                ]
            )
        sequencer._edges.clear()
        sequencer.sequence(ORG)
    directory = publishing.folder(small)
    assert Head.objects.get(pk=ORG).size == 1201
    assert (directory / "tile" / "0" / "003").exists()
    assert not list(directory.glob("tile/0/003.p/*"))
    report = verify_directory(directory)
    assert (report.entries, report.problems) == (1201, ())


def test_a_database_older_than_what_was_signed_refuses_to_sign(small):
    sign(ME)
    sign(ME)
    Head.objects.filter(pk=ORG).update(size=1, root=EntryRow.objects.get(position=0).leaf)
    EntryRow.objects.filter(position__gte=1).delete()
    sequencer._edges.clear()
    with pytest.raises(sequencer.RecordIsAhead, match="older copy"):
        sign(ME)
    assert keys.last_signed(small).size == 3


def test_files_lost_after_the_commit_are_written_again(small):
    sign(ME)
    (publishing.folder(small) / "checkpoint").unlink()
    (publishing.folder(small) / "tile" / "0" / "000.p" / "2").unlink()
    sequencer.sequence(ORG)
    assert verify_directory(publishing.folder(small)).problems == ()
