# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock ends an offer to act that nobody answered, and asks the next."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.elections.models import Offer
from kollontai.chapters.record.act import Act, clock_act
from kollontai.openrecord.kinds.elections import ActingLapsed


@clock_act("elections.lapse_offer")
def lapse_offer(this: Act, *, subject: str, due: datetime) -> None:
    """Take silence for no, and ask who comes after. Article 1."""
    offer = Offer.objects.filter(organisation=this.organisation_id, term=subject, state="asked").first()
    term = term_of(this, subject)
    if offer is None or term is None or offer.until != due:
        return
    offer.state = "lapsed"
    offer.save(update_fields=["state"])
    this.record(ActingLapsed(term=subject, member=offer.member_id, due=due))
    steps.ask_next_in_line(this, term, due=due)
