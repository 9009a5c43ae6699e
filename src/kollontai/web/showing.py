# SPDX-License-Identifier: AGPL-3.0-or-later
"""Show a page. `way` is the one of the five ways on top of the page that it lies on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    way: str = "",
    status: int = 200,
) -> HttpResponse:
    """Fill a template and send it."""
    return render(request, template, {"way": way, **(context or {})}, status=status)
