# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever goes wrong under the API's address is said as JSON, wherever in the house it was noticed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

PREFIX = "/api/"
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class OnlyJson:
    """Makes `{"detail": …}` of pages of errors: of an unknown address, a wrong method, a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the other layers do, in the one type that programs are promised."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if has_body and request.content_type != "application/json":
            response: HttpResponse = HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        else:
            response = self.get_response(request)
        response = self._as_json(response)
        # No browser shows it as a page, and nobody on the way keeps it.
        response["Content-Disposition"] = 'attachment; filename="api.json"'
        response["Cache-Control"] = "no-store"
        return response

    def _as_json(self, response: HttpResponse) -> HttpResponse:
        if response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        said = JsonResponse({"detail": HTTPStatus(response.status_code).phrase}, status=response.status_code)
        for name in KEPT:
            if name in response.headers:
                said[name] = response[name]
        if hasattr(response, "exc_info"):
            said.exc_info = response.exc_info  # type: ignore[attr-defined]
        return said
