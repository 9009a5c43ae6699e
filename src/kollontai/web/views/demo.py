# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bar of a demonstration: move the clock, enter as somebody else, read the outbox, start again.

None of this exists in a real house: every address here answers 404 unless the server was started as a
demonstration, and no organisation is entered but one that is marked as such.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kollontai import clock
from kollontai.chapters.accounts import post
from kollontai.chapters.members import queries as members
from kollontai.chapters.record.models import Organisation
from kollontai.web.pages import demo as pages
from kollontai.web.showing import show

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}
AGAIN = "kollontai.demos.again"


def only_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An address that exists in demonstrations alone."""

    @functools.wraps(view)
    def routed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return routed


@only_here
def demo(request: HttpRequest) -> HttpResponse:
    """Where the clock stands, who can be entered as, what is next."""
    from kollontai.demos import standing_clock

    houses = (
        Organisation.objects.filter(demo=True).select_related("name").order_by("-head__size", "slug")
    )  # the largest first
    chosen = houses.filter(slug=request.GET.get("of", "")).first() or houses.first()
    pages.stand_in(chosen)
    due, entered = standing_clock.next_deadline(), request.session.get("entered_as", {})
    words, unit_id = request.GET.get("words", "")[:100].strip(), request.GET.get("unit", "")[:16]
    context = {
        "houses": houses,
        "chosen": chosen,
        "suggested": pages.suggested(chosen) if chosen else [],
        "refused": pages.refused(chosen, at=clock.now()) if chosen else None,
        "units": members.units_with_figures(chosen.pk) if chosen else [],
        "words": words,
        "unit_id": unit_id,
        "people": pages.people_of(chosen, at=clock.now(), words=words, unit_id=unit_id) if chosen else None,
        "now": clock.now(),
        "next": due.due if due else None,
        "next_words": pages.next_words(due.act) if due else "",
        "happened": pages.happened(_moved_from(request), entered=entered),
        "entered": entered.get(chosen.pk) if chosen else None,
        "can_start_again": importlib.util.find_spec(AGAIN) is not None,
    }
    return show(request, "kollontai/demo.html", context)


@only_here
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Walk the clock on: to the next thing that happens by itself, by a day, by a week."""
    from kollontai.demos import standing_clock

    step = request.POST.get("step", "")
    before, due = clock.now(), standing_clock.next_deadline()
    to = before + STEPS[step] if step in STEPS else due.due if due else before
    happened = standing_clock.walk_to(to)
    request.session["moved_from"] = before.isoformat()
    said = ngettext("%(n)s thing happened by itself.", "%(n)s things happened by themselves.", happened)
    messages.success(request, said % {"n": happened})
    return HttpResponseRedirect(f"{_back(request).url}#clock")


def _moved_from(request: HttpRequest) -> datetime:
    """Where the clock stood before this visitor moved it last; now, if never."""
    try:
        return datetime.fromisoformat(request.session.get("moved_from", ""))
    except ValueError:
        return clock.now()


@only_here
@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """Look at the demonstration as one of its members, or as a stranger again."""
    house = get_object_or_404(Organisation, demo=True, slug=request.POST.get("of", ""))
    _enter(request, house, request.POST.get("member", ""))
    return HttpResponseRedirect(reverse("home", args=[house.slug]))


@only_here
@require_POST
def be_refused(request: HttpRequest) -> HttpResponse:
    """Enter as somebody who may not speak yet, and speak: the words go on to where they are refused."""
    house = get_object_or_404(Organisation, demo=True, slug=request.POST.get("of", ""))
    tempted = pages.refused(house, at=clock.now())
    if tempted is None:
        messages.info(request, _("Here the time has come: whoever had to wait may speak now."))
        return _back(request)
    _enter(request, house, tempted.id)
    to = HttpResponseRedirect(reverse("speak", args=[house.slug, tempted.issue.number]))
    to.status_code = 307  # sent again as it is, by the same method
    return to


def _enter(request: HttpRequest, house: Organisation, member_id: str) -> None:
    """Let a visitor look through the eyes of a member, or of a stranger where none is named."""
    entered = dict(request.session.get("entered_as", {}))
    entered.pop(house.pk, None)
    if member_id:
        entered[house.pk] = get_object_or_404(pages.everybody(house), pk=member_id).pk
    request.session.cycle_key()
    request.session["entered_as"] = entered


@only_here
@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Put the demonstration back to its first day."""
    if importlib.util.find_spec(AGAIN) is None:
        raise Http404
    importlib.import_module(AGAIN).start_again()
    messages.success(request, _("Everything is as on the first day."))
    return HttpResponseRedirect(reverse("demo"))


@only_here
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails that would have been sent."""
    return show(
        request, "kollontai/outbox.html", {"letters": post.outbox_by_words(most=100), "now": clock.now()}
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    of = request.POST.get("of", "")
    return HttpResponseRedirect(reverse("demo") + (f"?of={of}" if of.replace("-", "").isalnum() else ""))
