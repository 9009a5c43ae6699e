# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock asks the members whether to drop a post for which nobody stands."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation import effects, facts, steps, words
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.put_nobody_stands")
def put_nobody_stands(this: Act, *, subject: str, due: datetime) -> None:
    """Ask the members of a post's unit whether to drop it, when nobody stood round after round. Article 1.

    It is an issue like any other, in the members' talk at once; its first draft ends the post and nobody
    moved it. Nominations go on meanwhile. While one such question runs there is no second.
    """
    this.lock("issues")
    posts = Post.objects.select_related("unit", "title").filter(organisation=this.organisation_id)
    post = posts.filter(pk=subject, ended_at=None).first()
    if post is None or facts.is_asked_about(post):
        return
    declared = (Effect(effects.END, post=post.pk),)
    ground = facts.ground(post.unit, "", declared)
    big = effects.any_needs_long_times(declared, ground)
    title, text = words.nobody_stands(str(post.title), rounds=facts.rounds_nobody_stood(post))
    steps.put_question(
        this,
        why="nobody-stands",
        subject=post.pk,
        unit=post.unit,
        weight="big" if big else "ordinary" if post.unit.parent_id is None else "unit",
        title=title,
        text=text,
        due=due,
        declared=declared,
    )
