# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record to look at: what stands on it, the proof of one entry, who sees what, and taking it home."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from kollontai.chapters.record import keys, readers
from kollontai.chapters.record.models import Head, Organisation
from kollontai.followers import packing
from kollontai.followers.keeping.retention import BACKUPS, KEPT
from kollontai.web.house import House, enter, for_members, open_to_all
from kollontai.web.pages import record as pages
from kollontai.web.pages.hosting import hosting
from kollontai.web.showing import show


@require_GET
@open_to_all
def overview(request: HttpRequest, house: House) -> HttpResponse:
    """The stamp, how to check it, and, for members, the newest entries."""
    before = request.GET.get("before", "")
    listed = pages.newest(house.organisation, before=pages.position_in(before)) if house.member else None
    return show(
        request,
        "kollontai/record.html",
        {"listed": listed, "vkey": str(keys.load(house.organisation).verifier)},
        way="record",
    )


@require_GET
@for_members
def entry(request: HttpRequest, house: House, position: int) -> HttpResponse:
    """One entry: what it says, its place, who sees what, how to check it oneself."""
    page = pages.entry(house.organisation, position, viewer=house.me)
    if page is None:
        raise Http404
    return show(request, "kollontai/entry.html", {"page": page}, way="record")


@require_GET
@for_members
def entry_receipt(request: HttpRequest, house: House, position: int) -> HttpResponse:
    """The proof of one entry, as a file."""
    proof = pages.receipt(house.organisation, position, viewer=house.me)
    if proof is None:
        raise Http404
    response = HttpResponse(proof, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{house.slug}-{position}.tlog-proof"'
    return response


@require_GET
@open_to_all
def receipt(request: HttpRequest, house: House, ticket: str) -> HttpResponse:
    """Where an act stands on the record, as soon as it has its place."""
    position = pages.placed(house.organisation, ticket)
    if position is None:
        return show(request, "kollontai/receipt_waits.html", way="record", status=202)
    return HttpResponseRedirect(reverse("entry", args=[house.slug, position]))


@require_GET
@open_to_all
def who_sees_what(request: HttpRequest, house: House) -> HttpResponse:
    """Who may read what, on one page."""
    return show(request, "kollontai/who_sees_what.html", {"kept": (*KEPT, BACKUPS)}, way="record")


@require_GET
@open_to_all
def who_runs_this(request: HttpRequest, house: House) -> HttpResponse:
    """Who keeps the machine, by whose vote, and what they did to it."""
    return show(request, "kollontai/who_runs_this.html", {"page": hosting(house)}, way="record")


@require_GET
@open_to_all
def export(request: HttpRequest, house: House) -> HttpResponse:
    """How to take the whole record home and let the auditor look at it."""
    return show(request, "kollontai/export.html", {"export_ready": house.member is not None}, way="record")


@require_GET
@for_members
def export_file(request: HttpRequest, house: House) -> HttpResponse:
    """The whole record as members see it, in one file; the same bytes for each of them.

    It is packed beside the pages. Whoever waits gets it as it was when they asked, or newer.
    """
    size = Head.objects.values_list("size", flat=True).get(pk=house.id)
    asked = pages.position_in(request.GET.get("least", ""))
    least = size if asked is None else min(asked, size)
    place = packing.address(house.organisation, least=least)
    if place:
        return HttpResponseRedirect(place)
    room, again = packing.ask(house.organisation), f"{request.path}?least={least}"
    context = {"room": room, "again": again}
    response = show(
        request, "kollontai/export_waits.html", context, way="record", status=202 if room else 503
    )
    if room:
        response["Refresh"] = f"3; url={again}"
    return response


@readers.let_read
def by_session(request: HttpRequest, organisation: Organisation) -> bool:
    """Let members read bundles of entries with the browser they are signed in with."""
    return hasattr(request, "session") and enter(request, organisation.slug).member is not None
