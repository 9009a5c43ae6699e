# SPDX-License-Identifier: AGPL-3.0-or-later
"""Propose that several amendments stand as one alternative."""

from __future__ import annotations

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation import amendment_steps as steps
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment
from kollontai.chapters.deliberation.models import Amendment, Combination
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.amendments import CombinationProposed


@act(locks=lambda given: on_issue_of(Amendment, given["amendment_id"]))
def propose_combination(this: Act, *, amendment_id: str, with_ids: list[str]) -> Combination:
    """Propose that one's own amendment and up to three others stand as one alternative. Article 2.

    They are one as soon as every other mover has said yes, and not before.
    """
    own = the_amendment(this, amendment_id)
    names = dict.fromkeys([own.pk, *with_ids[: rules.COMBINED[1]]])
    wanted = sorted((the_amendment(this, name) for name in names), key=lambda row: row.number)
    combining = facts.combining(own.issue, the_actor(this), wanted, at=this.at)
    require(rules.may_propose_combination(combining, at=this.at))

    fact = CombinationProposed(
        combination=new_id(), issue=own.issue_id, draft=own.draft_id,
        amendments=tuple(row.pk for row in wanted),
    )  # fmt: skip
    this.record(fact)
    proposal = Combination.objects.create(
        id=fact.combination,
        organisation_id=this.organisation_id,
        issue=own.issue,
        draft=own.draft,
        amendments=list(fact.amendments),
        proposed_by_id=this.actor,
        proposed_at=this.at,
    )
    steps.combine_when_all_agree(this, proposal)
    return proposal
