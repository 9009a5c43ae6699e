# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rule says when something may not be done. Its words for members live in `web/words.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Refusal:
    """Why not, by which article, and when or how it becomes possible.

    `code` is stable; `until` is the moment that lifts it, where there is one; `facts` are the numbers
    and names that its sentence needs.
    """

    code: str
    article: int
    until: datetime | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """The one exception of the bylaws: an act may not be done, and nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def require(refusal: Refusal | None) -> None:
    """Go on only if the rule has nothing against it."""
    if refusal is not None:
        raise Refused(refusal)
