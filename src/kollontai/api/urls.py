# SPDX-License-Identifier: AGPL-3.0-or-later
"""The API's one door: routes, who may knock how often, and refusals as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from kollontai import clock
from kollontai.api import acts, notices, reads
from kollontai.api.identity import ByToken
from kollontai.chapters.accounts.tries import TooMany
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.record.sequencer import RecordIsAhead
from kollontai.web.words import explain

api = NinjaAPI(
    title="Kollontai",
    version="1",
    urls_namespace="api",
    auth=ByToken(),
    docs_url=None,
    description="The same acts and reads as the pages. A refusal carries its code, article and sentence.",
)
api.add_router("", acts.router())
api.add_router("", reads.routes)
api.add_router("", notices.routes)


@api.exception_handler(RecordIsAhead)
def stands_still(request: HttpRequest, error: RecordIsAhead) -> HttpResponse:
    """Say that nothing was done, because the house signs nothing just now."""
    said = {"code": "stands-still", "article": 14, "until": None, "sentence": str(error)}
    return api.create_response(request, said, status=503)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Say why not, by which article, and what lifts it."""
    refusal = error.refusal
    return api.create_response(
        request,
        {
            "code": refusal.code,
            "article": refusal.article,
            "until": refusal.until.isoformat() if refusal.until else None,
            "sentence": explain(refusal).sentence,
        },
        status=409,
    )


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """Say that something was tried too often, and when it may be tried again."""
    answer = api.create_response(request, {"detail": "Tried too often from this network."}, status=429)
    answer["Retry-After"] = str(error.seconds(clock.now()))
    return answer
