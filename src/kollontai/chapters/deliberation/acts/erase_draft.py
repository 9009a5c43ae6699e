# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erase an own draft."""

from __future__ import annotations

from kollontai.chapters.deliberation import erasing, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_draft
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_issue_of(Draft, given["draft_id"]))
def erase_draft(this: Act, *, draft_id: str) -> None:
    """Erase one's own draft, every version of it, and what came with it, when it is over. Article 7.

    It was taken back, or too few wanted it on the ballot, or its issue lapsed. That it was put stays, and so
    does what it would have changed by itself.
    """
    draft = the_draft(this, draft_id)
    require(rules.may_erase_text(erasing.erasing_draft(draft, the_actor(this))))

    this.erase(erasing.of_draft(draft), ground="own")
