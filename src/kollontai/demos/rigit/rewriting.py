# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rewrite the record of a copy, with everything its operator has: the database, the files, the key.

Something that was said or signed is taken out of the tables and out of the record; every entry after it is
numbered anew, and the machine itself signs the whole history again. Seen by itself the new record is
without fault. Whoever kept a stamp of the old one sees that it is another.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from kollontai.chapters.deliberation.models import Contribution, ContributionVersion
from kollontai.chapters.petitions.models import Petition, Signature, SignatureLink
from kollontai.chapters.record import keys, publishing, sequencer
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import Content, EntryRow, Head, Node, Organisation
from kollontai.chapters.record.statements import Leaving, put_into_outbox
from kollontai.chapters.record.turns import write_turn
from kollontai.openrecord import canonical
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.tree import EMPTY_ROOT
from kollontai.openrecord.words import five_words


@dataclass(frozen=True)
class Stamp:
    """How far a record had come, and its root."""

    size: int
    root: str  # hex
    words: str


def critic_never_spoke(contribution: Contribution) -> set[int]:
    """Take what somebody said out of the tables; return the entries that tell of it."""
    versions = ContributionVersion.objects.filter(contribution=contribution)
    words = list(versions.values_list("text", flat=True))
    entries = _entries(contribution.organisation_id).filter(subject=contribution.pk)
    gone = set(entries.values_list("position", flat=True))
    versions.delete()
    Contribution.objects.filter(pk=contribution.pk).delete()
    Content.objects.filter(pk__in=words).delete()
    return gone


def signature_never_was(petition: Petition, member: str) -> set[int]:
    """Take a signature under a petition out of the tables; return the entries that tell of it."""
    alias = SignatureLink.objects.get(petition=petition, member=member).alias
    gone = set(_entries(petition.organisation_id).filter(actor=alias).values_list("position", flat=True))
    SignatureLink.objects.filter(petition=petition, alias=alias).delete()
    Signature.objects.filter(petition=petition, alias=alias).delete()
    return gone


def _entries(organisation_id: str) -> Any:
    return EntryRow.objects.filter(organisation=organisation_id)


def rewrite(organisation: Organisation, take_out: Any) -> str:
    """Tell the history anew without some entries and sign all of it; return how the machine refused at first.

    `take_out` changes the tables and returns the positions of the entries to leave out.
    """
    with write_turn(), transaction.atomic(), opened_for("all"):
        gone = take_out()
        kept = [row for row in _entries(organisation.pk).order_by("position") if row.position not in gone]
        _entries(organisation.pk).delete()
        Node.objects.filter(organisation=organisation).delete()
        Head.objects.filter(pk=organisation.pk).update(size=0, root=EMPTY_ROOT, checkpoint=b"", last_at=None)
        put_into_outbox(
            [
                Leaving(organisation.pk, row.kind, row.subject, row.actor, row.at, row.ticket, told)
                for told, row in ((_told(row, place), row) for place, row in enumerate(kept))
            ]
        )
    refused = ""
    try:
        sequencer.sequence(organisation.pk)
    except sequencer.RecordIsAhead as error:
        refused = str(error)
    keys.last_path(organisation).unlink(missing_ok=True)
    shutil.rmtree(publishing.folder(organisation), ignore_errors=True)
    sequencer.sequence(organisation.pk)
    return refused


def _told(row: EntryRow, place: int) -> bytes:
    """An entry at its new place: the daily stamps name their own."""
    data = bytes(row.data)
    if row.kind != "export.stamped":
        return data
    core = canonical.decode(data)
    core["f"]["size"] = place
    return canonical.encode(core)


def parting(old: Path, new: Path) -> dict[str, Any]:
    """Two copies of a record side by side: their stamps, and the first entry in which they differ, if any."""
    before, after = RecordDirectory(old), RecordDirectory(new)
    pairs = enumerate(zip(before.raw_entries(), after.raw_entries(), strict=False))
    first = next((place for place, (one, other) in pairs if one != other), None)
    told = {"old": asdict(stamp_of(before)), "new": asdict(stamp_of(after)), "first": first}
    if first is not None:
        told["kinds"] = [canonical.decode(one.raw_entry(first))["kind"] for one in (before, after)]
    return told


def stamp_of(record: RecordDirectory) -> Stamp:
    """The stamp of a copy."""
    head = record.unchecked()
    return Stamp(head.size, head.root.hex(), five_words(head.root))
