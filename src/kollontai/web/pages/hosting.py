# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who runs this machine: the posts members gave it, and what its operators put on the record."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from kollontai.chapters.record.models import EntryRow
from kollontai.openrecord import facts
from kollontai.web.house import House
from kollontai.web.kinds import words_of
from kollontai.web.pages.posts import PostShown, all_posts

TITLES = ("host", "deputy host")
"""What the two posts are called in the charter, whatever the size of their letters."""
SHOWN = 20
OPERATORS = tuple(sorted(name for name, cls in facts.KINDS.items() if cls.link == "operator"))


@dataclass(frozen=True)
class Doing:
    """One thing that whoever runs the server put on the record."""

    row: EntryRow
    says: str | Promise


@dataclass(frozen=True)
class Hosting:
    """The page."""

    posts: list[PostShown]
    doings: list[Doing]


def hosting(house: House) -> Hosting:
    """The host's posts, in the order of their titles, and the newest of their entries."""
    posts = [
        one
        for one in all_posts(house)
        if one.post.duty == "specialist" and one.post.ended_at is None
        and str(one.post.title).strip().casefold() in TITLES
    ]  # fmt: skip
    posts.sort(key=lambda one: TITLES.index(str(one.post.title).strip().casefold()))
    rows = EntryRow.objects.filter(organisation=house.organisation, kind__in=OPERATORS)
    doings = [Doing(row, words_of(row.kind).says) for row in rows.order_by("-position")[:SHOWN]]
    return Hosting(posts, doings)
