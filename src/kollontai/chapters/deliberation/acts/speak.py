# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speak on an issue."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.deliberation import facts, rules, steps
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Contribution, SpokenOf
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.lines import LinesSpokenOf
from kollontai.openrecord.kinds.talk import ContributionMade


@act(locks=lambda given: on_issue(given["issue_id"]))
def speak(
    this: Act,
    *,
    issue_id: str,
    stance: str,
    text: str,
    answers: str = "",
    draft_id: str = "",
    version: int = 0,
    first: int = 0,
    last: int = 0,
    files: Sequence[Attached] = (),
) -> Contribution:
    """Say something on an issue, at once and without anybody's approval. Articles 2 and 7.

    `stance` is the author's own word: for, against, other, question. `answers` is the contribution this
    answers. It may speak of lines `first` to `last` of a version of a draft. Leaders on the issue
    speak when the leaders answer; members in the talk and in the reply. `files`: pictures and PDF files.
    """
    text = rules.tidy(text)
    issue = the_issue(this, issue_id)
    member = the_actor(this)
    before = Contribution.objects.filter(organisation=this.organisation_id, pk=answers).first()
    speaking = facts.speaking(
        issue,
        member,
        stance=stance,
        answers=before,
        asked=answers,
        lines=(draft_id, version, first, last),
        at=this.at,
    )
    require(rules.may_speak(speaking, at=this.at))
    require(rules.usable_text(text))
    kept = steps.plain_files(files, member, at=this.at)

    fact = ContributionMade(
        contribution=new_id(), issue=issue.pk, stage=issue.stage, stance=stance, answers=answers or None
    )
    words = this.record(fact, text=text)
    contribution = steps.put_words(
        this, issue, fact.contribution, author=this.actor, stance=stance, answers=before,
        as_leader=speaking.place.leads, said=words,
    )  # fmt: skip
    if draft_id:
        SpokenOf.objects.create(
            organisation_id=this.organisation_id,
            contribution=contribution,
            draft_id=draft_id,
            version=version,
            first=first,
            last=last,
        )
        this.record(
            LinesSpokenOf(
                contribution=contribution.pk, issue=issue.pk, draft=draft_id, version=version, first=first,
                last=last,
            )
        )  # fmt: skip
    steps.attach(this, issue, "contribution", contribution.pk, kept)
    return contribution
