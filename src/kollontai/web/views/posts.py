# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds what, by which count; and the charter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kollontai.chapters.charter import rules
from kollontai.chapters.charter.queries import articles_of, charter_in_force
from kollontai.chapters.elections.queries import confirmations_of
from kollontai.chapters.members.queries import accepted_count, limits_now
from kollontai.web.house import House, open_to_all
from kollontai.web.pages import charter as charter_pages
from kollontai.web.pages import charter_history, dues, law_notes, own_audit, quiet_days, undone
from kollontai.web.pages import posts as pages
from kollontai.web.showing import show


@require_GET
@open_to_all
def posts(request: HttpRequest, house: House) -> HttpResponse:
    """Who holds what, by which count, and who waits for the members' word."""
    context = {"posts": pages.all_posts(house), "claims": confirmations_of(house.id)}
    return show(request, "kollontai/posts.html", context, way="posts")


@require_GET
@open_to_all
def post(request: HttpRequest, house: House, post_id: str) -> HttpResponse:
    """One post: who holds it by which count, until when, and everybody who held it."""
    return show(request, "kollontai/post.html", {"page": pages.one_post(house, post_id)}, way="posts")


@require_GET
@open_to_all
def powers(request: HttpRequest, house: House) -> HttpResponse:
    """Who may do what, and by which count."""
    return show(request, "kollontai/powers.html", {"powers": pages.powers(house)}, way="posts")


@require_GET
@open_to_all
def charter(request: HttpRequest, house: House) -> HttpResponse:
    """The articles with their words, limits, floors and history, and where each stands in the code."""
    limits, changes = limits_now(house.id), charter_history.changes_of(house)
    preset, read = house.organisation.preset, articles_of(house.id)
    if preset == "small":
        preset = rules.bounds_that_hold(preset, members=accepted_count(house.id), articles=read)
    notes = law_notes.notes_of(house)
    context = {
        "charter": charter_in_force(house.id),
        "share": f"{limits['C1.num']}/{limits['C1.den']}",
        "dues": dues.dues_of(house),
        "audit": own_audit.last(house),
        "days": quiet_days.days_of(house),
        "undone": undone.of_the_charter(house),
        "own_words": changes.get(charter_history.OWN_WORDS, ()),
        "articles": charter_pages.articles_with_limits(
            read, limits, preset=preset, changes=changes, notes=notes
        ),
    }
    return show(request, "kollontai/charter.html", context)
