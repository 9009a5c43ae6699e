# SPDX-License-Identifier: AGPL-3.0-or-later
"""Agree that one's own amendment stands as one alternative with others."""

from __future__ import annotations

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation import amendment_steps as steps
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_combination
from kollontai.chapters.deliberation.models import Amendment, Combination, CombinationYes
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.amendments import CombinationAgreed


@act(locks=lambda given: on_issue_of(Combination, given["combination_id"]))
def agree_to_combination(this: Act, *, combination_id: str) -> Combination:
    """Say yes to a proposal to combine one's own amendment with others. Article 2."""
    proposal = the_combination(this, combination_id)
    rows = Amendment.objects.select_related("draft", "parent").filter(pk__in=proposal.amendments)
    wanted = sorted(rows, key=lambda row: row.number)
    combining = facts.combining(proposal.issue, the_actor(this), wanted, proposal=proposal, at=this.at)
    require(rules.may_agree(combining, at=this.at))

    CombinationYes.objects.create(
        organisation_id=this.organisation_id, combination=proposal, member_id=this.actor, at=this.at
    )
    this.record(CombinationAgreed(combination=proposal.pk, issue=proposal.issue_id))
    steps.combine_when_all_agree(this, proposal)
    return proposal
