# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the clock does with the count where a draft changes the whole organisation."""

from __future__ import annotations

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.charter import quietdays
from kollontai.chapters.charter import steps as charter
from kollontai.chapters.deliberation import merging, whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.members import steps as members
from kollontai.chapters.record.act import Act


def do(this: Act, draft: Draft, one: Effect) -> None:
    """Do one effect, which has just been found possible."""
    by = {"issue_id": draft.issue_id, "draft_id": draft.pk}
    if one.effect == whole.SET_DUES:
        charter.set_dues(this, amount=int(one.dues or 0), **by)
    elif one.effect == whole.CREATE_UNIT:
        members.vote_unit(this, name=str(one.unit_name), parent=draft.issue.unit, **by)
    elif one.effect == whole.RENAME_UNIT:
        members.rename_unit(this, draft.issue.unit, name=str(one.unit_name), **by)
    elif one.effect == whole.MERGE:
        merging.agree(this, draft, merged_id=str(one.from_unit), into_id=str(one.into_unit))
    elif one.effect == whole.LAW_NOTE:
        note = whole.note_of(one)
        charter.vote_law_note(this, article=note.at_article, touches=note.touches, words=note.words, **by)
    elif one.effect == whole.SET_QUIET_DAYS:
        days = quietdays.read_days(str(one.quiet)) or ()
        charter.set_quiet_days(this, year=int(one.year or 0), days=days, **by)
    elif one.effect == whole.SET_VOTING_DAY:
        charter.set_voting_day(this, day=int(one.day or 0), **by)
    else:
        charter.change(
            this,
            what=one.effect,
            key=one.key,
            value=one.value,
            of=one.of,
            joining=one.joining,
            text=one.text,
            **by,
        )
        bodies.look_ahead_again(this)
