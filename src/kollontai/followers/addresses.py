# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full addresses of pages: in letters, on paper, in calendars.

They all begin with the site that the operator named, and never with the host that a request names: whoever
asks for a page can write any host there, and others would follow the letter.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def full(page: str, *more: object) -> str:
    """The address of a page."""
    return settings.SITE.rstrip("/") + reverse(page, args=more)


def on_paper(page: str, *more: object) -> str:
    """The address of a page, as it is typed."""
    return full(page, *more).partition("://")[2]
