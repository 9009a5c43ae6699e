# SPDX-License-Identifier: AGPL-3.0-or-later
"""Let a neighbour write in for oneself."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.writing_in import queries, rules
from kollontai.chapters.writing_in.finding import LOCK
from kollontai.chapters.writing_in.models import Naming
from kollontai.ids import new_id
from kollontai.openrecord.kinds.writing_in import WriterNamed


@act(locks=lambda given: (LOCK,))
def name_writer(this: Act, *, writer_id: str) -> Naming:
    """Name a member who may write in for oneself, as one who has no mail address. Article 7.

    For words and for support, openly, never for a vote. Nobody names for another.
    """
    me, writer = here(this.organisation_id, this.actor), here(this.organisation_id, writer_id)
    require(rules.may_name_writer(queries.naming(this.organisation, me, writer, at=this.at), at=this.at))

    fact = WriterNamed(naming=new_id(), writer=writer_id)
    this.record(fact)
    return Naming.objects.create(
        id=fact.naming,
        organisation_id=this.organisation_id,
        member_id=this.actor,
        writer_id=writer_id,
        at=this.at,
    )
