# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock opens an election for seats that nobody has held."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.elections import facts, steps
from kollontai.chapters.record.act import Act, clock_act


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
    founded_at = this.organisation.founded_at
    before = (
        founded_at is not None
        and post.created_at <= founded_at
        and not post.terms.exclude(how="confirmed").exists()
    )
    steps.open_election(this, post, why="founding" if before else "created", seats=seats, due=due)
