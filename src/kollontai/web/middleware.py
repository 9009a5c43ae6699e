# SPDX-License-Identifier: AGPL-3.0-or-later
"""A refusal is a page like any other; so is a door that is not open to everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone, translation

from kollontai import clock
from kollontai.chapters.accounts import tries
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.record.sequencer import RecordIsAhead
from kollontai.web import times
from kollontai.web.house import NotForYou
from kollontai.web.pages.members import why_not_join
from kollontai.web.showing import show
from kollontai.web.words import explain

log = logging.getLogger("kollontai.access")
"""Who was kept out, by the shape of the address and the network: no names, ids, codes or keys."""


LARGEST_REQUEST = 22 * 1024 * 1024
"""Bytes: four files, or an archive, with words. Django bounds fields, and lets files fill the disk."""


class Addresses:
    """There is nothing at an address with a NUL byte in it, and no database can look for one.

    Nor is anything read of a request that no form of ours is as large as: it would lie on the disk before
    anybody asks who sends it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 or 413 before anybody looks."""
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponseBadRequest(
                "This address holds a NUL byte.\n", content_type="text/plain; charset=utf-8"
            )
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:20]) > LARGEST_REQUEST:
            said = "This is larger than anything that can be sent here.\n"
            return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class Refusals:
    """Turns what the rules say no to into pages, and forgets the zone of the page before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the account, if it chose one."""
        timezone.deactivate()
        times.stand_at(None)
        language = getattr(request.user, "language", "") or ""
        if not language:
            response = self.get_response(request)
        else:
            with translation.override(language):
                response = self.get_response(request)
                response.headers.setdefault("Content-Language", translation.get_language())
        if request.user.is_authenticated:  # nobody on the way keeps what one person sees
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show why not, and what to do instead."""
        if isinstance(exception, Refused):
            return show(
                request,
                "kollontai/refusal.html",
                {"refused": explain(exception.refusal, request), "kept": typed(request)},
                status=422 if request.method == "POST" else 403,
            )
        if isinstance(exception, RecordIsAhead):
            return show(request, "kollontai/stands_still.html", {"kept": typed(request)}, status=503)
        if isinstance(exception, NotForYou):
            log.info("Not for them: %s, from %s.", request.resolver_match.route, tries.asking(request))
            context = {"kept": typed(request), "may_join": why_not_join(request.house) is None}  # type: ignore[attr-defined]
            return show(request, "kollontai/not_for_you.html", context, status=403)
        if isinstance(exception, tries.TooMany):
            log.warning(
                "Tried too often at %s, from %s.", request.resolver_match.route, tries.asking(request)
            )
            answer = show(request, "kollontai/too_many.html", {"until": exception.until}, status=429)
            answer["Retry-After"] = str(exception.seconds(clock.now()))
            return answer
        return None


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose key no longer fits; what was typed is given back where the form was our own.

    Words that another site sent are not shown: nobody speaks through our pages.
    """
    own = f"{request.scheme}://{request.get_host()}"
    ours = request.headers.get("Origin") == own or request.headers.get("Sec-Fetch-Site") == "same-origin"
    return render(request, "403_csrf.html", {"kept": typed(request) if ours else []}, status=403)


def typed(request: HttpRequest) -> list[str]:
    """The words somebody typed into the form that was refused, to give them back."""
    names = (name for name in request.POST if name not in {"csrfmiddlewaretoken", "form_key"})
    return [
        value for name in names for value in request.POST.getlist(name) if len(value) > 15 or " " in value
    ]
