# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages are sent compressed, and why not all of them (decision 0026).

The length of a compressed page tells whether two words in it are the same. Whoever listens to the line and
makes somebody's browser ask for addresses could so find out what a page says that is not for them, if the
page holds words of theirs beside it (BREACH; Gluck, Harris and Prado 2013). So a page is packed only if it is
long, holds no secret of its reader, and repeats nothing of what its address asks. The rest goes out as it is.
Files that are the same for everybody lie packed on the disk already.
"""

from __future__ import annotations

import gzip
import io
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ALIKE = frozenset(
    {
        "charter", "draft", "elections", "guide", "guide-page", "issue", "issues", "members", "post", "posts",
        "powers", "record", "stages", "who-sees-what",
    }
)  # fmt: skip
"""Long pages that say nearly the same to everybody who may read them. What differs (what one may do oneself,
whom one muted) shows in their plain length as well. Ballots, receipts, petitions, search, sign-in and
everything of one's own are not among them."""

LEAST = 1_400
"""Bytes that travel in one piece anyhow."""
QUICKLY = 1
"""zlib's level: 48 kB in 0.4 ms to 9.4 kB; its level 6 takes more than twice the time for 8.1."""
PADDING = 100
"""Up to so many random bytes lie in the head of each, and blur its length."""


class Packing:
    """Send pages that are alike for all compressed, to browsers that take them so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, packed where it may be."""
        response = self.get_response(request)
        if not _may_be_packed(request, response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = packed(response.content)
            response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
        return response


def packed(page: bytes) -> bytes:
    """Compress a page as gzip does, with a name of random length that nobody reads."""
    whole = io.BytesIO()
    name = secrets.token_hex(PADDING // 2)[: secrets.randbelow(PADDING) + 1]
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=QUICKLY, fileobj=whole, mtime=0) as file:
        file.write(page)
    return whole.getvalue()


def _may_be_packed(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and request.resolver_match is not None
        and request.resolver_match.url_name in ALIKE
        and response.get("Content-Type", "").startswith("text/html")
        and not response.has_header("Content-Encoding")
        and len(response.content) >= LEAST
    )
