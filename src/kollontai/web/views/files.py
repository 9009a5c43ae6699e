# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that came with words, handed out so that they do nothing."""

from __future__ import annotations

import base64
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kollontai.web.house import House, for_members
from kollontai.web.pages import files as pages

LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
TYPES = {"picture": "image/jpeg", "pdf": "application/pdf"}


@require_GET
@for_members
def attachment(request: HttpRequest, house: House, attachment_id: str, name: str) -> HttpResponse:
    """One file: a picture to be shown, a PDF to be saved. It stands under a random id, for members alone."""
    found = pages.find(house, attachment_id)
    if found is None or name != pages.file_name(found):
        raise Http404
    response = HttpResponse(base64.b64decode(str(found.file)), content_type=TYPES[found.form])
    how = "inline" if found.form == "picture" else "attachment"
    plain, called = pages.file_name(found), quote(str(found.name), safe="")
    response["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{called}"
    response["Content-Security-Policy"] = LOCKED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
