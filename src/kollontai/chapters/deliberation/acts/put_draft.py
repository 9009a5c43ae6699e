# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a draft beside the others."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.deliberation import facts, rules, steps, weighing
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.effects import Effect, tidied
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_issue(given["issue_id"]))
def put_draft(
    this: Act,
    *,
    issue_id: str,
    title: str,
    text: str,
    effects: Sequence[Effect] = (),
    files: Sequence[Attached] = (),
) -> Draft:
    """Put a whole draft of one's own beside the others; with enough supporters it is voted on. Article 2.

    `effects`: what it would change by itself if it carried. What needs the times of a big decision makes the
    matter one, while members talk, and the talk begins anew; afterwards effects are fixed. `files`: pictures
    and PDF files that say why; nobody votes on them.
    """
    text = rules.tidy(text)
    issue = the_issue(this, issue_id)
    member = the_actor(this)
    drafting = facts.drafting(issue, member, at=this.at)
    require(rules.may_put_draft(drafting, at=this.at))
    require(rules.usable_title(title))
    require(rules.usable_text(text))
    declared = tidied(effects)
    weighing.require_declarable(issue, declared, at=this.at)
    kept = steps.plain_files(files, member, at=this.at)

    draft = steps.put_draft(
        this,
        issue,
        title=title.strip(),
        text=text,
        first=False,
        leads=drafting.place.leads,
        declared=declared,
    )
    weighing.make_big_when_needed(this, issue, declared)
    steps.attach(this, issue, "draft", draft.pk, kept)
    return draft
