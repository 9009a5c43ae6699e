# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts without entries, and entries taken out of the database: before they have a position, and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.record.models import EntryRow, Head, Outbox
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.ids import new_id
from kollontai.openrecord.tree import leaf_hash
from tests.conftest import StandingClock

from .abuses import Seen, abuse
from .organisation import Tidewater
from .sql import change, copy, entry, remove


@contextmanager
def unsequenced() -> Iterator[None]:
    """The server dies between an act's commit and the sequencing of its entries."""
    with mock.patch("kollontai.chapters.record.act._receipt", return_value=()):
        yield


def _row(position: int) -> EntryRow:
    return EntryRow.objects.get(position=position)


@abuse("gap", "state_matches", "DELETE FROM record_outbox before the entry has a position")
def a_contribution_loses_its_entry_on_the_way(org: Tidewater, now: StandingClock) -> Seen:
    with unsequenced():
        said = speak(org.world.actor("eva"), issue_id=org.talk, stance="other", text="Heard?").value
    remove(*Outbox.objects.all())
    return Seen(said.pk, None, "an act nobody recorded")


@abuse(
    "gap",
    "state_matches",
    "DELETE FROM record_outbox of a ballot's entry; the row stays and would be counted",
)
def a_ballot_loses_its_entry_on_the_way(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    with unsequenced():
        cast_ballot(org.world.actor("eva"), poll_id=poll.pk, choice="yes")
    remove(*Outbox.objects.all())
    return Seen(f"{poll.pk}/{org.who('eva')}", None, "an act nobody recorded")


@abuse("gap", "counts_recomputed", "DELETE FROM record_outbox of a ballot's entry, and the ballot is counted")
def an_unrecorded_ballot_is_counted(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    with unsequenced():
        cast_ballot(org.world.actor("eva"), poll_id=poll.pk, choice="yes")
    remove(*Outbox.objects.all())
    now.pass_to(poll.closes_at)
    return Seen(poll.pk, entry("poll.counted", poll.pk), "the record holds 3 ballots")


@abuse("gap", "content_opens", "UPDATE record_outbox SET data: the entry commits to other bytes")
def an_entry_is_exchanged_on_the_way(org: Tidewater, now: StandingClock) -> Seen:
    with unsequenced():
        said = speak(org.world.actor("eva"), issue_id=org.talk, stance="other", text="Heard?").value
    waiting = Outbox.objects.get()
    right = said.versions.get().text.commitment.encode()
    change(waiting, data=bytes(waiting.data).replace(right, b"cd" * 32))
    return Seen("cd" * 32, Head.objects.get().size, "is missing")


@abuse("gap", "state_matches", "INSERT INTO deliberation_contribution with a version and its words")
def a_contribution_is_written_without_an_act(org: Tidewater, now: StandingClock) -> Seen:
    said = Contribution.objects.get(issue=org.talk, author=org.who("max"))
    made_up = new_id()
    copy(said, id=made_up, author_id=org.who("ben"), stance="for")
    copy(said.versions.get(), contribution_id=made_up)
    return Seen(made_up, None, "an act nobody recorded")


@abuse("gap", "content_opens", "INSERT INTO record_content")
def words_are_laid_beside_the_record(org: Tidewater, now: StandingClock) -> Seen:
    said = Contribution.objects.get(issue=org.talk, author=org.who("max"))
    copy(said.versions.get().text, commitment="ef" * 32)
    return Seen("ef" * 32, None, "was never committed to")


@abuse("gap", "record_whole", "DELETE FROM record_entryrow of the last entry")
def the_last_entry_is_deleted(org: Tidewater, now: StandingClock) -> Seen:
    size = Head.objects.get().size
    remove(_row(size - 1))
    return Seen("record", None, f"holds only {size - 1}")


@abuse("gap", "record_whole", "DELETE FROM record_entryrow of an entry in the middle")
def an_entry_in_the_middle_is_deleted(org: Tidewater, now: StandingClock) -> Seen:
    size = Head.objects.get().size
    remove(_row(entry("letter.posted", EntryRow.objects.get(kind="letter.posted").subject)))
    return Seen("record", None, f"holds only {size - 1}")


@abuse("gap", "record_whole", "UPDATE record_entryrow SET data")
def an_entry_is_altered(org: Tidewater, now: StandingClock) -> Seen:
    row = EntryRow.objects.get(kind="letter.posted")
    change(row, data=bytes(row.data).replace(b'"received_at":"2026-03', b'"received_at":"2026-02'))
    return Seen("record", row.position, "is not the one whose hash stands in the tree")


@abuse("gap", "record_whole", "UPDATE record_entryrow SET data, leaf")
def an_entry_is_altered_with_its_hash(org: Tidewater, now: StandingClock) -> Seen:
    row = EntryRow.objects.get(kind="letter.posted")
    data = bytes(row.data).replace(b'"received_at":"2026-03', b'"received_at":"2026-02')
    change(row, data=data, leaf=leaf_hash(data))
    return Seen("record", None, "root")


@abuse("gap", "record_whole", "UPDATE record_entryrow SET position of two entries")
def two_entries_change_places(org: Tidewater, now: StandingClock) -> Seen:
    one, other = EntryRow.objects.filter(kind="issue.raised").order_by("position")[:2]
    change(one, position=999_999)
    change(other, position=one.position)
    change(one, position=other.position)
    return Seen("record", None, "root")


@abuse("gap", "record_whole", "an act adds an entry, and record_entryrow is exchanged under the signed head")
def somebodys_letter_becomes_somebody_elses(org: Tidewater, now: StandingClock) -> Seen:
    done = post_letter(
        org.world.actor("ada"), issue_id=org.talk, sender="The bank", text="Pay.", received_at=now.time
    )
    row = _row(done.positions[0])
    change(row, data=bytes(row.data).replace(org.who("ada").encode(), org.who("ben").encode()))
    return Seen("record", row.position, "is not the one whose hash stands in the tree")
