# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take back what one entered of a ballot held outside."""

from __future__ import annotations

from kollontai.chapters.elections import outside, rules
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.voting.finding import the_poll
from kollontai.chapters.voting.models import OutsideEntry
from kollontai.openrecord.kinds.boxes import OutsideTakenBack


@act(locks=lambda given: [f"outside:{given['poll_id']}"])
def take_back_outside_count(this: Act, *, poll_id: str) -> OutsideEntry:
    """As an elected scrutineer, take back what one entered of a vote held outside. Article 12.

    It can be done until it is counted. What was entered stays readable; another entry may follow.
    """
    poll = the_poll(this, poll_id)
    facts = outside.scrutinising(poll, here(this.organisation_id, this.actor), at=this.at)
    require(rules.may_take_back_count(facts))

    entry: OutsideEntry = outside.standing_entries(poll).get(member=this.actor)
    entry.taken_back_at = this.at
    entry.save(update_fields=["taken_back_at"])
    this.record(OutsideTakenBack(poll=poll.pk))
    return entry
