# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door for web servers.

Every answer is handed over whole. Handed over in parts, it would keep its process waiting until whoever asked
has read them: a few who read nothing, and the house stands still. What is large lies on the disk, and the web
server sends it by itself (followers/packing.py).
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
_answer: Callable[..., Iterable[bytes]] = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer a request, in one part."""
    answer = _answer(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        getattr(answer, "close", lambda: None)()
