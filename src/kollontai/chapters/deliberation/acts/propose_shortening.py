# SPDX-License-Identifier: AGPL-3.0-or-later
"""Propose to shorten an issue because of a date from outside."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import hastening, rules, shortening
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Letter, Shortening
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.timing import ShorteningProposed


@act(locks=lambda given: [*on_issue(given["issue_id"]), "shortening"])
def propose_shortening(this: Act, *, issue_id: str, letter_id: str, before: datetime) -> Shortening:
    """Propose, as a member who does not lead on it, that an issue is shortened. Article 2.

    `letter_id`: the letter in its letter box that names a date from outside; `before`: that date. With enough
    members behind it the issue has hours in place of days.
    """
    before = rules.to_the_minute(before)
    issue = the_issue(this, issue_id)
    letter = Letter.objects.filter(organisation=this.organisation_id, pk=letter_id).first()
    facts = hastening.proposing(issue, the_actor(this), letter=letter, before=before, at=this.at)
    require(shortening.may_propose(facts, at=this.at))
    assert letter is not None

    fact = ShorteningProposed(shortening=new_id(), issue=issue.pk, letter=letter.pk, before=before)
    this.record(fact)
    proposal = Shortening.objects.create(
        id=fact.shortening,
        organisation_id=this.organisation_id,
        issue=issue,
        letter=letter,
        proposed_by_id=this.actor,
        before=before,
        at=this.at,
    )
    hastening.back(this, proposal)
    hastening.shorten_when_enough(this, proposal)
    return proposal
