# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rig it: the eight temptations of a General Secretary, and the other seat. In demonstrations alone.

Everything is tried on a copy that belongs to the visitor's browser (`demos/rigit`); no organisation of this
server is read or changed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kollontai.web.pages import rigit as pages
from kollontai.web.showing import show
from kollontai.web.views.demo import only_here

if TYPE_CHECKING:
    from kollontai.demos.rigit.copies import Copy

KEPT_AS = "rig_it"  # in the session: which copy is this visitor's
READS = require_http_methods(["GET", "HEAD", "POST"])


def with_copy(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever has begun; others are led to the beginning, and wait there while a copy is made."""

    @functools.wraps(view)
    def routed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        copy = _copy_of(request)
        if copy is None or not copy.ready:
            return HttpResponseRedirect(reverse("rig-it"))
        timezone.activate(ZoneInfo(copy.desk["zone"]))
        return view(request, copy, *args, **kwargs)

    return routed


@only_here
def front(request: HttpRequest) -> HttpResponse:
    """The desk: what kind of evening it is, and the eight temptations."""
    from kollontai.demos.rigit import copies

    copies.sweep()
    copy = _copy_of(request)
    ready = copy is not None and copy.ready
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Refresh": "true"} if ready else {})
    context: dict[str, Any] = {"copy": copy, "ready": ready}
    if copy is not None and ready:
        timezone.activate(ZoneInfo(copy.desk["zone"]))
        told = copy.told
        context |= {"places": pages.places(told), "desk": pages.facts(copy.desk), "seat": told.get("seat")}
    return show(request, "kollontai/rigit/front.html", context)


@only_here
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a copy for this visitor; whoever has one goes on with it."""
    from kollontai.demos.rigit import copies

    if _copy_of(request) is None:
        try:
            request.session[KEPT_AS] = copies.begin().id
        except copies.Full:
            full = _("All desks are taken at the moment. One is free again in a few minutes.")
            messages.warning(request, full)
    return HttpResponseRedirect(reverse("rig-it"))


@only_here
@require_POST
@with_copy
def again(request: HttpRequest, copy: Copy) -> HttpResponse:
    """Begin the evening again, or, from the shell, take a fresh copy to go on with."""
    from kollontai.demos.rigit import copies

    fresh = request.POST.get("only") == "copy"
    try:
        (copies.renew if fresh else copies.forget)(copy)
    except copies.Busy:
        return _busy(request, reverse("rig-it"))
    messages.success(request, _("Your copy is as it was at twenty to seven."))
    return HttpResponseRedirect(reverse("rig-it-one", args=["shell"]) if fresh else reverse("rig-it"))


@only_here
@READS
@with_copy
def one(request: HttpRequest, copy: Copy, which: str) -> HttpResponse:
    """One temptation: to be tried, and what came of it."""
    if which not in pages.BY_KEY:
        raise Http404
    if request.method == "POST":
        return _yield_to(request, copy, which)
    waiting = _wait(request, copy, pages.BY_KEY[which].title)
    if waiting is not None:
        return waiting
    told = copy.told
    place = pages.place_of(which, told)
    desk = pages.facts(copy.desk)
    context = {
        "place": place,
        "one": place.temptation,
        "lead": str(place.temptation.lead) % desk,
        "desk": desk,
        "told": told.get(which),
        "next": pages.after(place),
        "knocks": pages.knocks(which, copy.desk),
        "powers": pages.powers(which),
    }
    if which == "shell":
        taken = copy.desk["edits"].get(request.GET.get("take", ""))
        context |= {
            "statement": taken or (told.get(which) or {}).get("statement") or copy.desk["edits"]["result"],
            "edits": [(key, words) for key, words in pages.EDITS.items()],
            "tables": pages.TABLES,
            "why_not": pages.why_not(told.get(which)),
        }
    if which == "record":
        context |= {"rewrites": pages.REWRITES}
    template = {"shell": "shell", "record": "record"}.get(which, "one")
    return show(request, f"kollontai/rigit/{template}.html", context)


def _yield_to(request: HttpRequest, copy: Copy, which: str) -> HttpResponse:
    wanted: dict[str, Any] = {"which": which, "words": request.POST.get("words", "")[:2_000]}
    command, anew = "try", False
    if which == "shell":
        command, wanted = "sql", {"statement": request.POST.get("words", "").strip()}
    elif which == "record":
        known = [key for key, _words in pages.REWRITES]
        asked = request.POST.get("words", "")
        command, wanted, anew = "rewrite", {"which": asked if asked in known else known[0]}, True
    return _done(request, copy, which, command, wanted, anew=anew)


@only_here
@READS
@with_copy
def seat(request: HttpRequest, copy: Copy) -> HttpResponse:
    """The other seat: what the member who signed the recall sees and can check."""
    if request.method == "POST":
        return _done(request, copy, "seat", "seat", {})
    waiting = _wait(request, copy, _("The other seat"))
    if waiting is not None:
        return waiting
    context = {"told": copy.told.get("seat"), "desk": pages.facts(copy.desk)}
    return show(request, "kollontai/rigit/seat.html", context)


def _done(
    request: HttpRequest, copy: Copy, key: str, command: str, wanted: dict[str, Any], *, anew: bool = False
) -> HttpResponse:
    """Let it be done in the copy, and go where it is waited for: no page is held up meanwhile."""
    from kollontai.demos.rigit import copies

    back = reverse("rig-it-seat") if key == "seat" else reverse("rig-it-one", args=[key])
    try:
        copies.start(copy, key, command, {**wanted, "language": get_language()}, anew=anew)
    except copies.Busy:
        return _busy(request, back)
    return HttpResponseRedirect(f"{back}#came")


def _wait(request: HttpRequest, copy: Copy, title: pages.Said) -> HttpResponse | None:
    """The page on which one waits; None when there is nothing to wait for.

    A script on it asks again and again, and is told to go to what came when it is done.
    """
    again = _look_again(request)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={} if copy.doing else {"HX-Redirect": again})
    shown = {"title": title, "again": again}
    return show(request, "kollontai/rigit/doing.html", shown) if copy.doing else None


def _look_again(request: HttpRequest) -> str:
    """This page, from what came on down.

    Each look has an address of its own: at the same one a browser would only scroll.
    """
    looks = request.GET.get("look", "")
    return f"{request.path}?look={int(looks) + 1 if looks.isdecimal() and len(looks) < 5 else 1}#came"


def _busy(request: HttpRequest, back: str) -> HttpResponse:
    messages.warning(
        request, _("Something is being tried here at this moment. Press again in a few seconds.")
    )
    return HttpResponseRedirect(back)


def _copy_of(request: HttpRequest) -> Copy | None:
    from kollontai.demos.rigit import copies

    return copies.find(request.session.get(KEPT_AS))
