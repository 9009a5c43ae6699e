# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say that a "fact" argues."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_contribution
from kollontai.chapters.deliberation.models import Contribution, FactCover
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.talk import FactCoverAsked


@act(locks=lambda given: on_issue_of(Contribution, given["contribution_id"]))
def cover_fact(this: Act, *, contribution_id: str) -> FactCover:
    """Say that a leader's "fact" argues; three members cover it until the leaders' turn. Article 2.

    It stays one click away for everybody, and comes back by itself when the stage is over.
    """
    said = the_contribution(this, contribution_id)
    require(rules.may_cover_fact(facts.covering(said, the_actor(this), at=this.at), at=this.at))

    cover = FactCover.objects.create(
        organisation_id=this.organisation_id, contribution=said, member_id=this.actor, at=this.at
    )
    this.record(FactCoverAsked(contribution=said.pk, issue=said.issue_id))
    return cover
