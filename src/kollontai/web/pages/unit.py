# SPDX-License-Identifier: AGPL-3.0-or-later
"""A unit and an organisation at a glance: what is on the table, who holds what, what was decided."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import get_language

from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members import queries as members
from kollontai.chapters.voting.models import Poll
from kollontai.web.house import House
from kollontai.web.pages import people, undone
from kollontai.web.pages.polls import WORLD_SEES_FROM, titles_of


def on_the_table(house: House, *, most: int = 8) -> list[Issue]:
    """What is under way where this member belongs: the same for everybody of a unit."""
    mine = Q(unit=house.me.unit_id) | Q(unit__parent=None)
    open_issues = Issue.objects.filter(mine, organisation=house.organisation, outcome="")
    found = open_issues.select_related("title", "unit__name").order_by("-number")[:most]
    return people.kept(house.stands, f"table:{house.me.unit_id}:{most}", lambda: list(found))


def decided_lately(house: House, *, most: int = 5) -> list[Issue]:
    """What ended last; what was left undone is said in the reader's language."""
    ended = Issue.objects.filter(organisation=house.organisation).exclude(outcome="")
    found = ended.select_related("title", "poll").order_by("-ended_at")[:most]
    return people.kept(house.stands, f"decided:{most}:{get_language()}", lambda: undone.marked(found))


def posts(house: House) -> list[bodies.PostHeld]:
    """Every post with its holders of this moment."""
    from_now = people.kept(house.stands, "posts-held", lambda: bodies.posts_held_from(house.id, at=house.now))
    return [one.at(house.now) for one in from_now]


def belong(house: House) -> int:
    """How many belong to the unit of this member."""
    unit = house.me.unit
    return people.kept(house.stands, f"belong:{unit.pk}", lambda: members.accepted_in(unit).count())


def results_for_the_world(house: House, *, most: int = 10) -> list[tuple[Poll, str]]:
    """Results with enough ballots that nobody is seen in them."""
    counted = Poll.objects.filter(organisation=house.organisation, state="counted", cast__gte=WORLD_SEES_FROM)
    polls = list(counted.select_related("unit__name").order_by("-closed_at")[:most])
    titles = titles_of(polls)
    return [(poll, titles[poll.pk]) for poll in polls]
