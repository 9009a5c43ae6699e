# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lodge a statement ahead, sealed."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Statement
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.talk import StatementSealed


@act(locks=lambda given: on_issue(given["issue_id"]))
def seal_statement(this: Act, *, issue_id: str, text: str) -> Statement:
    """Lodge one's one statement on an issue ahead; the clock opens it when the leaders answer. Article 2.

    It is bound by a salted hash to issue and author; nobody changes it, takes it back or stops the clock.
    """
    text = rules.tidy(text)
    issue = the_issue(this, issue_id)
    member = the_actor(this)
    place = facts.place(issue, member, at=this.at)
    require(rules.may_seal(place, has_sealed=facts.has_sealed(issue, member), at=this.at))
    require(rules.usable_text(text))

    fact = StatementSealed(statement=new_id(), issue=issue.pk)
    words = this.record(fact, held_until=fact.statement, text=text)
    return Statement.objects.create(
        id=fact.statement,
        organisation_id=this.organisation_id,
        issue=issue,
        author_id=this.actor,
        text=words["text"],
        sealed_at=this.at,
    )
