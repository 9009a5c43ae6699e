# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts do to amendments: make several one, write alternatives out when the vote opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import comparing, rules
from kollontai.chapters.deliberation.amending import Candidate, Offered, options
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    Combination,
    DraftEffects,
    DraftSupporter,
    Issue,
)
from kollontai.chapters.record.act import Act
from kollontai.ids import new_id
from kollontai.openrecord.kinds.amendments import AlternativeWritten, AmendmentsCombined


def combine_when_all_agree(this: Act, proposal: Combination) -> None:
    """With the last mover's yes amendments are one alternative; nobody else decides whether."""
    movers = set(Amendment.objects.filter(pk__in=proposal.amendments).values_list("mover", flat=True))
    said_yes = {proposal.proposed_by_id, *proposal.agreed.values_list("member", flat=True)}
    if movers <= said_yes:
        proposal.combined_at = this.at
        proposal.save(update_fields=["combined_at"])
        this.record(AmendmentsCombined(combination=proposal.pk, issue=proposal.issue_id))


def offered(issue: Issue, leaders: set[str], *, at: datetime) -> list[Offered]:
    """The options of a vote on an issue that would open now, in the order of the paper.

    What is a decided question needs the number of members of its own behind it.
    """
    drafts = sorted(issue.drafts.all(), key=lambda draft: (len(draft.letter), draft.letter))
    tables = facts.amended(drafts)
    backed = facts.backed(issue, leaders)
    behind = Counter(
        DraftSupporter.objects.filter(draft__issue=issue).exclude(member__in=leaders)
        .values_list("draft", flat=True)
    )  # fmt: skip
    declared = {
        one.draft_id: str(one.effects)
        for one in DraftEffects.objects.filter(
            draft__issue=issue, version=F("draft__version")
        ).select_related("effects")
    }
    combined = list(
        issue.combinations.exclude(combined_at=None).order_by("combined_at", "pk")
        .values_list("draft", "amendments")
    )  # fmt: skip
    repeats = comparing.coming_again(issue)
    standing_behind = comparing.behind(issue, leaders) if repeats else {}
    candidates = []
    for draft in drafts:
        standing = draft.withdrawn_at is None
        enough = draft.first or behind[draft.pk] >= issue.needed
        if draft.pk in repeats:
            enough = enough and len(standing_behind.get(draft.pk, ())) >= repeats[draft.pk].needed
        candidates.append(
            Candidate(
                draft=draft.pk,
                texts=tables[draft.pk].texts,
                effects=declared.get(draft.pk, ""),
                first=draft.first and standing,
                supporters=behind[draft.pk],
                qualifies=standing and enough,
                motions=tuple(tables[draft.pk].motions.values()),
                backed=backed,
                combined=tuple(tuple(names) for where, names in combined if where == draft.pk),
            )
        )
    return options(
        candidates,
        needed=issue.needed,
        most=rules.MOST_ON_BALLOT,
        besides=comparing.threshold(issue, at=at),
    )


def write_out(
    this: Act, issue: Issue, chosen: Sequence[Offered], *, due: datetime
) -> list[Alternative | None]:
    """Write every alternative among the options out whole; None stands for a draft itself."""
    made: list[Alternative | None] = []
    for one in chosen:
        if not one.motions:
            made.append(None)
            continue
        fact = AlternativeWritten(
            alternative=new_id(), issue=issue.pk, draft=one.draft, version=one.version,
            amendments=one.motions, due=due,
        )  # fmt: skip
        made.append(
            Alternative.objects.create(
                id=fact.alternative,
                organisation_id=this.organisation_id,
                issue=issue,
                draft_id=one.draft,
                version=one.version,
                amendments=list(one.motions),
                at=this.at,
                **this.record(fact, text=one.text),
            )
        )
    return made
