# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock closes the vote on an issue, and what carried is in force."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import steps
from kollontai.chapters.deliberation.models import Issue, Resolution
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting import steps as voting
from kollontai.ids import new_id
from kollontai.openrecord.kinds.issues import IssueDecided, ResolutionInForce


@clock_act("deliberation.conclude")
def conclude(this: Act, *, subject: str, due: datetime) -> None:
    """Close the vote, count it, and let what carried be in force at once. Article 2.

    What it declared to change is changed here too, by the clock and by nobody else.
    """
    issue = Issue.objects.filter(
        organisation=this.organisation_id, poll=subject, stage=Stage.VOTE.value
    ).first()
    if issue is None:
        return
    this.lock(f"issue:{issue.pk}")
    counted = voting.close(this, subject, due=due)
    carried = None
    if counted.poll.form == "yes_no" and counted.outcome == "yes":
        carried = steps.asked_about(counted.poll)
    elif counted.poll.form == "ranked" and counted.outcome != steps.STATUS_QUO:
        carried = counted.outcome
    alternative = issue.alternatives.select_related("draft", "text").filter(pk=carried).first()
    draft = alternative.draft if alternative else issue.drafts.get(pk=carried) if carried else None

    issue.stage = Stage.DECIDED.value
    issue.stage_began_at = this.at
    issue.stage_ends_at = None
    issue.ended_at = this.at
    issue.outcome = "carried" if draft else "not-carried"
    issue.save(update_fields=["stage", "stage_began_at", "stage_ends_at", "ended_at", "outcome"])
    this.record(
        IssueDecided(
            issue=issue.pk,
            poll=subject,
            outcome=issue.outcome,
            draft=draft.pk if draft else None,
            alternative=alternative.pk if alternative else None,
        )
    )
    if draft is not None:
        text = alternative.text if alternative else steps.newest(draft).text
        fact = ResolutionInForce(
            resolution=new_id(), issue=issue.pk, draft=draft.pk, poll=subject,
            text_commitment=text.commitment, alternative=alternative.pk if alternative else None,
        )  # fmt: skip
        this.record(fact)
        Resolution.objects.create(
            id=fact.resolution,
            organisation_id=this.organisation_id,
            issue=issue,
            draft=draft,
            alternative=alternative,
            poll=counted.poll,
            text=text,
            in_force_at=this.at,
        )
        steps.do_effects(this, draft)
    steps.ask_when_it_came(this, issue)
