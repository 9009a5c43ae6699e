# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put an own draft anew."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.deliberation import facts, rules, steps, weighing
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.effects import Effect, tidied
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_draft
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_issue_of(Draft, given["draft_id"]))
def revise_draft(
    this: Act,
    *,
    draft_id: str,
    title: str,
    text: str,
    effects: Sequence[Effect] | None = None,
    files: Sequence[Attached] = (),
) -> Draft:
    """Put one's own draft anew until drafts close; every earlier version stays readable. Article 2.

    `effects`: what it would change by itself if it carried; left out, what it declared before. `files`:
    pictures and PDF files that came to it with this version; those of earlier ones stay.
    """
    text = rules.tidy(text)
    draft, member = the_draft(this, draft_id), the_actor(this)
    require(rules.may_revise_draft(facts.drafting(draft.issue, member, draft, at=this.at), at=this.at))
    require(rules.usable_title(title))
    require(rules.usable_text(text))
    declared = facts.effects_of(draft) if effects is None else tidied(effects)
    if effects is not None:
        weighing.require_declarable(draft.issue, declared, at=this.at)
    kept = steps.plain_files(files, member, at=this.at)

    steps.revise_draft(this, draft, title=title.strip(), text=text, declared=declared)
    weighing.make_big_when_needed(this, draft.issue, declared)
    steps.attach(this, draft.issue, "draft", draft.pk, kept, version=draft.version)
    return draft
