# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock opens an election for seats that nobody has held."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.elections import facts, steps
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting.models import Poll


@clock_act("elections.open_for_new_seats")
def open_for_new_seats(this: Act, *, subject: str, due: datetime) -> None:
    """Open nominations for a new post, or for more seats, or for what the founding left vacant. Article 1."""
    post = (
        Post.objects.select_related("unit", "title")
        .filter(organisation=this.organisation_id, pk=subject)
        .first()
    )
    seats = facts.open_seats(post, at=this.at) if post else 0
    if post is None or not seats:
        return
    why = "founding" if _left_by_the_founding(this, post, due) else "created"
    steps.open_election(this, post, why=why, seats=seats, due=due)


def _left_by_the_founding(this: Act, post: Post, due: datetime) -> bool:
    """Whether these seats are those that no confirmed claim filled, rather than seats voted later."""
    founded_at = this.organisation.founded_at
    if founded_at is None or post.created_at > founded_at or post.elections.exists():
        return False
    asked = Poll.objects.filter(pk__in=post.claims.values("poll"), closed_at__isnull=False)
    last = asked.order_by("-closed_at").values_list("closed_at", flat=True).first()
    return last is None or last >= due
