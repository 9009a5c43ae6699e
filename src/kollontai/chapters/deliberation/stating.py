# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fact, stated by a leader under somebody's words: what answering and correcting have in common."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import the_actor, the_contribution
from kollontai.chapters.deliberation.models import Contribution, ContributionVersion
from kollontai.chapters.record.act import Act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.talk import FactAnswered


def state(this: Act, contribution_id: str, *, form: str, text: str, source: str) -> Contribution:
    """Put a fact under a contribution; it stays, because it is said as a leader."""
    before = the_contribution(this, contribution_id)
    issue = before.issue
    stating = facts.stating(issue, the_actor(this), form=form, answers=before, source=source, at=this.at)
    require(rules.may_state_facts(stating, at=this.at))
    text, source = rules.tidy(text), rules.tidy(source)
    require(rules.usable_fact(text))
    if source.strip():
        require(rules.usable_fact(source))

    fact = FactAnswered(
        contribution=new_id(), issue=issue.pk, stage=issue.stage, form=form, answers=before.pk
    )
    texts = {"text": text} | ({"source": source} if source.strip() else {})
    words = this.record(fact, **texts)
    contribution = Contribution.objects.create(
        id=fact.contribution,
        organisation_id=this.organisation_id,
        issue=issue,
        author_id=this.actor,
        form=form,
        stage=issue.stage,
        as_leader=True,
        answers=before,
        source=words.get("source"),
        at=this.at,
    )
    ContributionVersion.objects.create(
        organisation_id=this.organisation_id,
        contribution=contribution,
        version=1,
        text=words["text"],
        at=this.at,
    )
    return contribution
