# SPDX-License-Identifier: AGPL-3.0-or-later
"""Once a day the hash of the members' export goes on the record: everybody can see they hold the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.record.models import EntryRow
from kollontai.followers.export import StillWaiting, write_export
from kollontai.openrecord.kinds.talk import ExportStamped

STAMP = ExportStamped.kind_name


@clock_act("followers.stamp_export")
def stamp_export(this: Act, *, subject: str, due: datetime) -> None:
    """Put the export's hash on the record, unless nothing happened since the last one."""
    again = this.at + timedelta(days=1)
    newest = EntryRow.objects.filter(organisation_id=this.organisation_id).order_by("-position").first()
    if newest is not None and newest.kind != STAMP:
        try:
            size, manifest = write_export(this.organisation, lambda path, data: None)
        except StillWaiting:
            again = this.at + timedelta(minutes=10)
        else:
            this.record(ExportStamped(size=size, manifest_sha256=sha256(manifest).hexdigest()))
    this.deadline("followers.stamp_export", subject, again)
