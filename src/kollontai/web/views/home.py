# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first page of an organisation: what needs me now; for others, what the world sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.charter.queries import charter_in_force
from kollontai.chapters.deliberation import queries as deliberation
from kollontai.chapters.members import queries as members
from kollontai.chapters.members import rules
from kollontai.web.house import House, for_members, open_to_all
from kollontai.web.pages import hints, needs, unit
from kollontai.web.showing import show
from kollontai.web.times import today


@require_GET
@open_to_all
def home(request: HttpRequest, house: House) -> HttpResponse:
    """What needs me now, for members; the front, for everybody else."""
    return _now(request, house) if house.member else _front(request, house)


def _now(request: HttpRequest, house: House) -> HttpResponse:
    open_to_me = needs.of(house)
    context = {
        "today": today(house.now),
        "needs": open_to_me,
        "calls": needs.calls(open_to_me),
        "table": unit.on_the_table(house),
        "decided": unit.decided_lately(house),
        "posts": unit.posts(house)[:8],
        "hints": hints.of(house, request.user),
        "in_unit": unit.belong(house),
    }
    return show(request, "kollontai/home.html", context, way="now")


def _front(request: HttpRequest, house: House) -> HttpResponse:
    context = {
        "charter": charter_in_force(house.id),
        "founding": bodies.founding(house.organisation),
        "founders": bodies.listed(house.id)
        if house.organisation.founded_at is None and house.person
        else None,
        "posts": unit.posts(house),
        "results": unit.results_for_the_world(house),
        "members": members.accepted_count(house.id),
        "signs": rules.signs(
            members.person(house.person),
            house.organisation.founded_at,
            members.limits_now(house.id),
            at=house.now,
        ),
        "why_not_erase": deliberation.may_erase_name(house.former, at=house.now) if house.former else None,
    }
    return show(request, "kollontai/front.html", context, way="now")


@require_GET
@for_members
def only_needs(request: HttpRequest, house: House) -> HttpResponse:
    """The list alone, for a page that renews it."""
    return show(request, "kollontai/parts/needs.html", {"needs": needs.of(house)}, way="now")
