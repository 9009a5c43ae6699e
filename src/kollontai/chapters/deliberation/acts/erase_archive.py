# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erase a thread that one brought along."""

from __future__ import annotations

from kollontai.chapters.deliberation import archives, facts
from kollontai.chapters.deliberation.finding import the_actor, the_archived
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: ["archives"])
def erase_archive(this: Act, *, archive_id: str) -> None:
    """Erase a thread that one brought along, whole; that it was brought along stays. Article 7."""
    archived = the_archived(this, archive_id)
    require(archives.may_erase(facts.erasing_archived(archived, the_actor(this))))

    this.erase([archived.thread], ground="own")
