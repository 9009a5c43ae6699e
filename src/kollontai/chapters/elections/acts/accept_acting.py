# SPDX-License-Identifier: AGPL-3.0-or-later
"""Act in a post until its by-election."""

from __future__ import annotations

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.bodies.rules import Held
from kollontai.chapters.elections import queries
from kollontai.chapters.elections.finding import the_offer
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import ActingAccepted


@act(locks=lambda given: [f"vacancy:{given['term_id']}"])
def accept_acting(this: Act, *, term_id: str) -> Term:
    """As the next in line, hold a post until the by-election seats somebody, so many days at most. Article 1.

    `term_id` is the term that ended before its time. Acting counts like holding: nobody acts beside more
    posts than the charter lets one hold, and no scrutineer in a leading post.
    """
    offer = the_offer(this, term_id)
    member = here(this.organisation_id, this.actor)
    require(queries.may_act(offer, member, at=this.at))
    assert member is not None

    offer.state = "accepted"
    offer.save(update_fields=["state"])
    this.cancel_deadlines("elections.lapse_offer", subject=term_id)
    this.record(ActingAccepted(term=term_id))
    held = Held(offer.term.leading, offer.term.pay, offer.term.duty)
    return bodies.begin_term(
        this,
        post=offer.term.post,
        held=held,
        member=member,
        poll_id=offer.poll,
        how="acting",
        ends_at=offer.ends_at,
    )
