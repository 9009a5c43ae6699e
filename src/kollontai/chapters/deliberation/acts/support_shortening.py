# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stand behind a proposal to shorten."""

from __future__ import annotations

from kollontai.chapters.deliberation import hastening, shortening
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_shortening
from kollontai.chapters.deliberation.models import Shortening
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.timing import ShorteningSupported


@act(locks=lambda given: [*on_issue_of(Shortening, given["shortening_id"]), "shortening"])
def support_shortening(this: Act, *, shortening_id: str) -> Shortening:
    """Stand behind shortening an issue; with the last member needed it is shortened by itself. Article 2."""
    proposal = the_shortening(this, shortening_id)
    require(shortening.may_back(hastening.backing(proposal, the_actor(this), at=this.at), at=this.at))

    this.record(ShorteningSupported(shortening=proposal.pk, issue=proposal.issue_id))
    hastening.back(this, proposal)
    hastening.shorten_when_enough(this, proposal)
    return proposal
