# SPDX-License-Identifier: AGPL-3.0-or-later
"""A unit and an organisation at a glance: what is on the table, who holds what, what was decided."""

from __future__ import annotations

from django.db.models import Q

from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.voting.models import Poll
from kollontai.web.house import House
from kollontai.web.pages import undone
from kollontai.web.pages.polls import WORLD_SEES_FROM, titles_of


def on_the_table(house: House, *, most: int = 8) -> list[Issue]:
    """What is under way where this member belongs."""
    mine = Q(unit=house.me.unit) | Q(unit__parent=None)
    open_issues = Issue.objects.filter(mine, organisation=house.organisation, outcome="")
    return list(open_issues.select_related("title", "unit__name").order_by("-number")[:most])


def decided_lately(house: House, *, most: int = 5) -> list[Issue]:
    """What ended last."""
    ended = Issue.objects.filter(organisation=house.organisation).exclude(outcome="")
    return undone.marked(ended.select_related("title", "poll").order_by("-ended_at")[:most])


def results_for_the_world(house: House, *, most: int = 10) -> list[tuple[Poll, str]]:
    """Results with enough ballots that nobody is seen in them."""
    counted = Poll.objects.filter(organisation=house.organisation, state="counted", cast__gte=WORLD_SEES_FROM)
    polls = list(counted.select_related("unit__name").order_by("-closed_at")[:most])
    titles = titles_of(polls)
    return [(poll, titles[poll.pk]) for poll in polls]
