# SPDX-License-Identifier: AGPL-3.0-or-later
"""Add to the lot of a secret poll."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.voting import lots, queries
from kollontai.chapters.voting.finding import the_secret_poll
from kollontai.chapters.voting.models import LotShare
from kollontai.openrecord.kinds.boxes import LotAdded


@act
def add_to_lot(this: Act, *, poll_id: str, sha256: str) -> LotShare:
    """Add the SHA-256 of a sentence one keeps to the lot that breaks ties. Article 1.

    In the second half of the voting time one shows the sentence. As long as one of all who add is honest,
    nobody knows the lot beforehand, the server included.
    """
    poll = the_secret_poll(this, poll_id)
    facts = queries.adding(poll, here(this.organisation_id, this.actor))
    require(lots.may_add(facts, sha256, at=this.at))

    share, new = LotShare.objects.get_or_create(
        poll=poll,
        member_id=this.actor,
        defaults={"organisation_id": this.organisation_id, "sha256": sha256},
    )
    if not new:
        require(
            lots.may_add(queries.adding(poll, here(this.organisation_id, this.actor)), sha256, at=this.at)
        )
    this.record(LotAdded(poll=poll.pk, sha256=sha256))
    return share
