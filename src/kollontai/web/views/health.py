# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the house is, for the programs that watch machines: figures and reasons, nothing of any person."""

from __future__ import annotations

import time
from threading import Lock

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kollontai import clock
from kollontai.followers.keeping.health import Health, look

KEPT = 5.0
"""Seconds for which an answer is given again: however often one asks, the house looks no more often."""
_looking = Lock()
_last: tuple[float, Health] | None = None


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the house is well, 503 with the reasons when it is not."""
    try:
        health = _lately()
    except DatabaseError:
        return _answer({"status": "not well", "reasons": ["the database does not answer"]}, 503)
    said = {"status": "well" if health.well else "not well", "reasons": list(health.reasons)}
    return _answer(said | health.figures, 200 if health.well else 503)


def _lately() -> Health:
    global _last
    with _looking:
        now = time.monotonic()
        if _last is None or now - _last[0] >= KEPT:
            _last = now, look(at=clock.now())
        return _last[1]


def _answer(said: dict[str, object], status: int) -> JsonResponse:
    response = JsonResponse(said, status=status)
    response["Cache-Control"] = "no-store"
    return response
