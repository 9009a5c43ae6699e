# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speak on an issue in a neighbour's name."""

from __future__ import annotations

from kollontai.chapters.deliberation import rules as deliberation
from kollontai.chapters.deliberation import steps as talk
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.writing_in import queries, rules, steps
from kollontai.chapters.writing_in.finding import LOCK
from kollontai.chapters.writing_in.written import WrittenIn
from kollontai.ids import new_id
from kollontai.openrecord.kinds.writing_in import WordsWrittenIn


@act(locks=lambda given: [*on_issue(given["issue_id"]), LOCK])
def write_in_words(
    this: Act, *, issue_id: str, member_id: str, stance: str, text: str, answers: str = ""
) -> WrittenIn:
    """Put a neighbour's words into the talk, under their name and openly by one's own hand. Article 7.

    Where it is the turn of both. The writer is given the code of a slip, once, to bring to the neighbour.
    """
    text = deliberation.tidy(text)
    issue, writer, member = the_issue(this, issue_id), the_actor(this), here(this.organisation_id, member_id)
    before = Contribution.objects.filter(organisation=this.organisation_id, pk=answers).first()
    mine, theirs = queries.may_speak_both(
        issue, writer, member, stance=stance, answers=before, asked=answers, at=this.at
    )
    facts = queries.writing(this.organisation, writer, member, mine=mine, theirs=theirs, at=this.at)
    require(rules.may_write_in(facts))
    require(deliberation.usable_text(text))

    fact = WordsWrittenIn(
        write_in=new_id(), member=member_id, contribution=new_id(), issue=issue.pk, stage=issue.stage,
        stance=stance, answers=answers or None,
    )  # fmt: skip
    said = this.record(fact, author=member_id, text=text)
    talk.put_words(
        this, issue, fact.contribution, author=member_id, written_by=this.actor, stance=stance,
        answers=before, as_leader=False, said=said,
    )  # fmt: skip
    return steps.write_in(
        this, fact.write_in, member=member_id, issue=issue.pk, to="words", of=fact.contribution
    )
