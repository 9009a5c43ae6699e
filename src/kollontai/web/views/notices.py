# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices and calendars: how they come to oneself, the sheet for the wall, and ending them from a mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kollontai.followers import choosing, feed, wishes
from kollontai.web.forms.notices import NoticesForm
from kollontai.web.house import House, for_known, for_members, open_to_all
from kollontai.web.pages import members, notices
from kollontai.web.showing import show


@for_known
def mine(request: HttpRequest, house: House) -> HttpResponse:
    """Choose how notices come, and whether one has a calendar. Nobody else learns of either."""
    me = house.someone
    assert me is not None
    form = NoticesForm(request.POST if request.method == "POST" else None, initial={"how": wishes.way_of(me)})
    if form.is_bound and form.is_valid():
        if choosing.choose(me, form.cleaned_data["how"], at=house.now):
            messages.success(request, _("So they will come."))
        return HttpResponseRedirect(reverse("mine-notices", args=[house.slug]))
    context = {
        "form": form,
        "contact": members.contact_of(me),
        "calendar": feed.address_of(me) if house.member else "",
    }
    return show(request, "kollontai/notices.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_members
def make_calendar(request: HttpRequest, house: House) -> HttpResponse:
    """Give oneself an address for a calendar program, or another one."""
    feed.make(house.me)
    messages.success(
        request, _("Here is the address of your calendar. An earlier one shows nothing any more.")
    )
    return HttpResponseRedirect(reverse("mine-notices", args=[house.slug]) + "#calendar")


@require_POST
@for_members
def end_calendar(request: HttpRequest, house: House) -> HttpResponse:
    """End the address of one's calendar."""
    feed.end(house.me)
    messages.success(request, _("That address shows nothing any more."))
    return HttpResponseRedirect(reverse("mine-notices", args=[house.slug]) + "#calendar")


@csrf_exempt  # a mail program has no cookie of ours; the address itself says whose notices these are
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def stop(request: HttpRequest, house: House, token: str) -> HttpResponse:
    """End somebody's notices by the address in their mail (RFC 8058). Looking at it ends nothing."""
    member = wishes.member_of_token(house.organisation, token)
    if member is None:
        raise Http404
    ended = request.method == "POST"
    if ended:
        choosing.choose(member, "none", at=house.now, from_a_letter=True)
    return show(request, "kollontai/notices_stop.html", {"ended": ended or wishes.way_of(member) == "none"})


@require_GET
@for_members
def sheet(request: HttpRequest, house: House) -> HttpResponse:
    """What is open now, on one sheet for the wall: the same words for all."""
    return show(request, "kollontai/notices_print.html", {"sheets": notices.open_now(house)})


@require_GET
@open_to_all
def calendar(request: HttpRequest, house: House, token: str) -> HttpResponse:
    """A member's calendar, for whatever program they gave its address to."""
    member = feed.member_of_token(house.organisation, token)
    if member is None:
        raise Http404
    return _ics(feed.of_member(member, at=house.now), public=False)


@require_GET
@open_to_all
def public_calendar(request: HttpRequest, house: House) -> HttpResponse:
    """What the world may know of: nominations."""
    return _ics(feed.of_world(house.organisation, at=house.now), public=True)


def _ics(data: bytes, *, public: bool) -> HttpResponse:
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "public, max-age=900" if public else "private, max-age=900"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response
