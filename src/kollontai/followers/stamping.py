# SPDX-License-Identifier: AGPL-3.0-or-later
"""Once a day the hash of the members' export goes on the record: everybody can see they hold the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.record.models import Deadline, EntryRow, Organisation
from kollontai.chapters.record.turns import write_turn
from kollontai.followers.export import StillWaiting, read_at_one_moment, write_export
from kollontai.followers.models import ExportReading
from kollontai.openrecord.kinds.talk import ExportStamped

STAMP = ExportStamped.kind_name
ACT = "followers.stamp_export"
AHEAD = timedelta(minutes=10)
"""So long before it is due, the hash is worked out, while nobody waits: a large export takes its time."""


def read_ahead(*, at: datetime) -> None:
    """Work out what will soon be stamped; the stamp itself then takes no longer than any act.

    What is read stays true: an export is of a size, and the record only grows.
    """
    for row in Deadline.objects.filter(act=ACT, done_at=None, due__lte=at + AHEAD).order_by("due"):
        organisation = Organisation.objects.get(pk=row.organisation_id)
        if not _something_happened(organisation) or _read_before(organisation, row.due) is not None:
            continue
        try:
            read = _stamp_of(read_at_one_moment(organisation))
        except StillWaiting:
            continue
        with write_turn():
            ExportReading.objects.update_or_create(
                organisation=organisation,
                defaults={"due": row.due, "size": read.size, "manifest_sha256": read.manifest_sha256},
            )


@clock_act(ACT)
def stamp_export(this: Act, *, subject: str, due: datetime) -> None:
    """Put the export's hash on the record, unless nothing happened since the last one."""
    again = this.at + timedelta(days=1)
    if _something_happened(this.organisation):
        try:
            this.record(_read_before(this.organisation, due) or _read_now(this.organisation))
        except StillWaiting:
            again = this.at + timedelta(minutes=10)
    this.deadline(ACT, subject, again)


def _something_happened(organisation: Organisation) -> bool:
    newest = EntryRow.objects.filter(organisation=organisation).order_by("-position").first()
    return newest is not None and newest.kind != STAMP


def _read_before(organisation: Organisation, due: datetime) -> ExportStamped | None:
    """What was read ahead for the stamp that is due then."""
    found = ExportReading.objects.filter(organisation=organisation, due=due).first()
    return found and ExportStamped(size=found.size, manifest_sha256=found.manifest_sha256)


def _read_now(organisation: Organisation) -> ExportStamped:
    return _stamp_of(write_export(organisation, lambda path, data: None))


def _stamp_of(export: tuple[int, bytes]) -> ExportStamped:
    size, manifest = export
    return ExportStamped(size=size, manifest_sha256=sha256(manifest).hexdigest())
