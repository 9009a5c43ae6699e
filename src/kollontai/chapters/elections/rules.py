# SPDX-License-Identifier: AGPL-3.0-or-later
"""How posts that were filled before the founding come before the members. Article 1, "Founding".

1. With the founding, and only then, the members of a post's unit vote yes or no on each person who was
   entered for it. Nobody can open such a vote, close it early, or enter anybody later.
2. The vote lasts the days of the charter and closes by the clock. More yes than no confirms.
3. Who is confirmed holds the post until the old end or the longest such term after the founding,
   whichever is sooner. Until then nobody holds it.
4. Who has not signed the charter when the vote is counted, or has left, is not seated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kollontai.chapters.charter.calendar import DAY

Limits = Mapping[str, int]
OPTIONS = ("yes", "no", "abstain")
MAJORITY = (1, 2)  # more than half of yes and no


def ends_at(*, old_end: datetime, founded_at: datetime, limits: Limits) -> datetime:
    """When the term of somebody elected before the founding is over."""
    return min(old_end, founded_at + limits["F.longest"] * DAY)


def is_seated(*, outcome: str, standing: str) -> bool:
    """Whether the members said yes, to somebody who is one of them."""
    return outcome == "yes" and standing == "member"
