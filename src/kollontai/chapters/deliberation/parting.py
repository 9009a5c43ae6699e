# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking one's name along. Articles 7, 11 and 13; why so, docs/decisions/0024.

1. While somebody belongs here, others know by name who speaks, votes and holds a post. Whoever has left, or
   was asked in and said no, may have their name erased, and with it every way in which they are reached.
   Nobody does it for them, and nobody is asked.
2. Entries stay, under a number that names nobody: if they could go, the record would prove nothing.
3. A name that stands on a ballot paper stays until that vote is over.
4. Whoever held a post answers for it by name for two years more: privilege is visible, and nobody comes back
   under another number to hold it once again. The posts themselves stay, and that one person held them.
5. It cannot be undone. Whoever comes back comes as somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.record.refusal import Refusal

WORDS, POSTS = 7, 11
ANSWERS_FOR = timedelta(days=730)
"""How long a name stays with the posts that somebody held, from the end of the last one."""


@dataclass(frozen=True)
class Parting:
    """What is known of somebody who wants their name erased."""

    standing: str  # left, declined; else they are here
    erased: bool  # the name is gone, and nothing leads to them any more
    on_a_paper: bool  # stands in an election that runs, or is put to the members for a post
    held_until: datetime | None  # the end of the last post they held


def may_erase_name(facts: Parting, *, at: datetime) -> Refusal | None:
    """Whoever is gone, at any time; who held a post, two years after it."""
    if facts.standing not in {"left", "declined"}:
        return Refusal("name-while-here", WORDS)
    if facts.erased:
        return Refusal("name-erased-already", WORDS)
    if facts.on_a_paper:
        return Refusal("name-on-a-paper", WORDS)
    until = None if facts.held_until is None else facts.held_until + ANSWERS_FOR
    if until is not None and at < until:
        return Refusal("name-at-a-post", POSTS, until=until)
    return None
