# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a document from outside into the letter box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kollontai.chapters.deliberation import facts, rules, steps
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Letter
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.talk import LetterPosted


@act(locks=lambda given: on_issue(given["issue_id"]))
def post_letter(
    this: Act,
    *,
    issue_id: str,
    sender: str,
    received_at: datetime,
    text: str = "",
    files: Sequence[Attached] = (),
) -> Letter:
    """Post a document from outside whole and without comment, within a day of receiving it. Article 2.

    It is a text, or comes as `files` (pictures, PDF files), or both.
    """
    text = rules.tidy(text)
    issue = the_issue(this, issue_id)
    member = the_actor(this)
    received = rules.to_the_minute(received_at)
    place = facts.place(issue, member, at=this.at)
    require(
        rules.may_post_letter(
            place, received_at=received, today=facts.letters_today(issue, member, at=this.at), at=this.at
        )
    )
    require(rules.usable_title(sender))
    if text or not files:
        require(rules.usable_text(text))
    kept = steps.plain_files(files, member, at=this.at)

    fact = LetterPosted(letter=new_id(), issue=issue.pk, received_at=received)
    words = this.record(fact, sender=sender.strip(), text=text)
    letter = Letter.objects.create(
        id=fact.letter,
        organisation_id=this.organisation_id,
        issue=issue,
        posted_by_id=this.actor,
        sender=words["sender"],
        text=words["text"],
        received_at=received,
        at=this.at,
    )
    steps.attach(this, issue, "letter", letter.pk, kept)
    return letter
