# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock lets a law note lapse."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.charter.models import LawNote
from kollontai.chapters.record.act import Act, clock_act
from kollontai.openrecord.kinds.charter import LawNoteLapsed


@clock_act("charter.lapse_law_note")
def lapse_law_note(this: Act, *, subject: str, due: datetime) -> None:
    """Let a law note be over on its day, unless members vote another one. Article 12.

    Nobody has to do anything, and nobody can keep it on.
    """
    note = LawNote.objects.filter(organisation=this.organisation_id, pk=subject, lapsed_at=None).first()
    if note is None or note.until != due:
        return
    note.lapsed_at = this.at
    note.save(update_fields=["lapsed_at"])
    this.record(LawNoteLapsed(note=note.pk, due=due))
