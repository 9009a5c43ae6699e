# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bring threads along from another program."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.deliberation import archives, facts
from kollontai.chapters.deliberation.archives import Thread
from kollontai.chapters.deliberation.finding import the_actor
from kollontai.chapters.deliberation.models import ArchivedThread
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.archives import ArchiveImported


@act(locks=lambda given: ["archives"])
def import_archive(this: Act, *, source: str, threads: Sequence[Thread]) -> list[ArchivedThread]:
    """Bring threads along from another program, to be read and nothing more. Article 13.

    `source`: where they come from ("loomio", "mbox"). All of them come in or none. The names in them are
    plain text; whoever brings them along answers for it, and erases them again.
    """
    require(
        archives.may_bring(facts.bringing(this.organisation, the_actor(this), given=len(threads), at=this.at))
    )
    for thread in threads:
        require(archives.usable(source, thread))
    return [_bring(this, source, thread) for thread in threads]


def _bring(this: Act, source: str, thread: Thread) -> ArchivedThread:
    fact = ArchiveImported(archive=new_id(), source=source)
    words = this.record(fact, thread=archives.write(thread))
    return ArchivedThread.objects.create(
        id=fact.archive,
        organisation_id=this.organisation_id,
        brought_by_id=this.actor,
        source=source,
        thread=words["thread"],
        at=this.at,
    )
