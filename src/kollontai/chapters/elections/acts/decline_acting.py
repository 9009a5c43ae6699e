# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say no to acting in a post."""

from __future__ import annotations

from kollontai.chapters.elections import facts, rules
from kollontai.chapters.elections.finding import the_offer
from kollontai.chapters.elections.models import Offer
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import ActingDeclined


@act(locks=lambda given: [f"vacancy:{given['term_id']}"])
def decline_acting(this: Act, *, term_id: str) -> Offer:
    """As the next in line, say no; the one after is asked. Article 1."""
    offer = the_offer(this, term_id)
    require(
        rules.may_answer_offer(facts.answering(offer, here(this.organisation_id, this.actor)), at=this.at)
    )

    offer.state = "declined"
    offer.save(update_fields=["state"])
    this.cancel_deadlines("elections.lapse_offer", subject=term_id)
    this.record(ActingDeclined(term=term_id))
    this.deadline("elections.ask_next", subject=term_id, due=this.at)
    return offer
