# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erase an own amendment."""

from __future__ import annotations

from kollontai.chapters.deliberation import erasing, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment
from kollontai.chapters.deliberation.models import Amendment
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_issue_of(Amendment, given["amendment_id"]))
def erase_amendment(this: Act, *, amendment_id: str) -> None:
    """Erase one's own amendment, its reasons, and what came with it, when it is over. Article 7.

    It was taken back, or too few stood behind it, or its issue lapsed. That it was moved, and of which lines
    it spoke, stays.
    """
    amendment = the_amendment(this, amendment_id)
    require(rules.may_erase_text(erasing.erasing_amendment(amendment, the_actor(this))))

    this.erase(erasing.of_amendment(amendment), ground="own")
