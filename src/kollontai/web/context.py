# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page needs: the house around it, the stamp below it, how many things wait for its reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from kollontai.web.pages import stamps


def house(request: HttpRequest) -> dict[str, Any]:
    """The frame around a page."""
    here = getattr(request, "house", None)
    return {
        "house": here,
        "stamp": SimpleLazyObject(lambda: stamps.stamp_of(here.organisation)) if here else None,
        "waiting": SimpleLazyObject(lambda: _waiting(here)) if here and here.member else 0,
        "inside": _inside(request, here),
        "theme": _theme(request),
        # the masthead leads strangers to the sign-in page and back to where they were
        "masthead_at": "" if here and here.person else request.path,
        "language": translation.get_language(),
        "languages": settings.LANGUAGES,  # each by its own name, which no catalogue translates
        "demonstration": settings.DEMO,
    }


def _theme(request: HttpRequest) -> str:
    if hasattr(request, "user") and request.user.is_authenticated:
        return str(request.user.theme)
    return str(request.session.get("theme", "")) if hasattr(request, "session") else ""


def _inside(request: HttpRequest, here: Any) -> bool:
    """Whether pages for members are pointed to: not where whoever is signed in would be kept out."""
    if here is None or here.member is not None:
        return True
    return here.person is None and not (hasattr(request, "user") and request.user.is_authenticated)


def _waiting(here: Any) -> int:
    from kollontai.web.pages import needs

    return needs.how_many(here)
