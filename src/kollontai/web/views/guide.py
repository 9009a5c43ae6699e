# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide for members, open to everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kollontai.web.pages import guide as pages
from kollontai.web.showing import show


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """What the pages of the guide are about."""
    return show(request, "kollontai/guide.html", {"pages": pages.pages(get_language() or "en")})


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of it, and the one before and after."""
    every = pages.pages(get_language() or "en")
    found = next((at for at, one in enumerate(every) if one.name == name), None)
    if found is None:
        raise Http404
    return show(
        request,
        "kollontai/guide_page.html",
        {
            "page": every[found],
            "many": len(every),
            "before": every[found - 1] if found else None,
            "after": every[found + 1] if found + 1 < len(every) else None,
        },
    )
