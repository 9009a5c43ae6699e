# SPDX-License-Identifier: AGPL-3.0-or-later
"""Law notes beside the articles at which they bite."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.charter.queries import law_notes
from kollontai.chapters.deliberation.models import Issue
from kollontai.web.forms.changes import touch_said
from kollontai.web.house import House


@dataclass(frozen=True)
class NoteShown:
    """One law note in words."""

    article: int
    touches: str
    country: str
    statute: str
    section: str
    adviser: str
    text: str
    change: str
    until: datetime
    stands: bool
    issue: int | None  # its number, for those who may read it


def notes_of(house: House) -> dict[int, list[NoteShown]]:
    """Every law note, by article, the latest first; in two queries."""
    rows = law_notes(house.id)
    numbers = dict(Issue.objects.filter(pk__in=[row.issue for row in rows]).values_list("pk", "number"))
    found: dict[int, list[NoteShown]] = {}
    for row in rows:
        said = {name: str(value) for name, value in json.loads(str(row.words)).items()}
        shown = NoteShown(
            article=row.article,
            touches=touch_said(row.touches),
            until=row.until,
            stands=row.lapsed_at is None and house.now < row.until,
            issue=numbers.get(row.issue) if house.member else None,
            **said,
        )
        found.setdefault(row.article, []).append(shown)
    return found
