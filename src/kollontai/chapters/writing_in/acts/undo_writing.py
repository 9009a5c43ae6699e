# SPDX-License-Identifier: AGPL-3.0-or-later
"""Undo what a neighbour wrote in."""

from __future__ import annotations

from kollontai.chapters.accounts import slips
from kollontai.chapters.deliberation import steps as deliberation
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.writing_in import queries, rules
from kollontai.chapters.writing_in.finding import lock_of_write_in, the_write_in
from kollontai.chapters.writing_in.models import WriteIn
from kollontai.openrecord.kinds.writing_in import WritingUndone


@act(locks=lambda given: lock_of_write_in(given["write_in_id"]))
def undo_writing(this: Act, *, write_in_id: str, slip: str = "") -> WriteIn:
    """Say that what somebody wrote in under one's name is not one's own, within 28 days. Article 7.

    Support counts no longer from here on; words stay and are marked. `slip`: the code on its slip, where
    it goes by that; the door where it is typed counts the misses.
    """
    made = the_write_in(this, write_in_id)
    require(rules.may_undo(queries.undoing(made, this.actor, slip=slip), at=this.at))

    made.undone_at, made.undone_how = this.at, "slip" if slip else "member"
    made.save(update_fields=["undone_at", "undone_how"])
    this.record(WritingUndone(write_in=made.pk, how=made.undone_how))
    if made.to == "words":
        deliberation.disown(this, made.of)
    else:
        deliberation.take_support_back(this, made.issue, made.to, made.of, write_in=made.pk)
    slips.put_away(made.pk)
    return made
