# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stamp of a record: how many entries, which root, who holds a copy of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from kollontai.chapters.record.models import Cosignature, Organisation
from kollontai.openrecord.words import five_words


@dataclass(frozen=True)
class Copy:
    """What a witness last confirmed."""

    witness: str
    size: int
    seen_at: datetime | None


@dataclass(frozen=True)
class Stamp:
    """The newest signed head of a record."""

    size: int
    root: bytes
    at: datetime | None
    copies: tuple[Copy, ...]

    @property
    def words(self) -> str:
        """The root in five words."""
        return five_words(self.root)


def stamp_of(organisation: Organisation) -> Stamp:
    """The stamp as it stands now; the copies are asked for anew every minute at most."""
    head = organisation.head
    return Stamp(head.size, bytes(head.root), head.last_at, _copies(organisation))


def _copies(organisation: Organisation) -> tuple[Copy, ...]:
    key = f"copies:{organisation.pk}"
    found: tuple[Copy, ...] | None = cache.get(key)
    if found is None:
        rows = Cosignature.objects.filter(organisation=organisation).exclude(line="").order_by("witness")
        found = tuple(Copy(row.witness, row.size, row.seen_at) for row in rows)
        cache.set(key, found, 60)
    return found
