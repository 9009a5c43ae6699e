# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the auditor said of this server's own export, for the charter page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kollontai.chapters.record.models import Head, OwnAudit
from kollontai.web.house import House


@dataclass(frozen=True)
class Shown:
    """The last audit as this reader may see it: to the world no sentences, which may speak of members."""

    at: datetime
    size: int
    words: str
    asked: int
    found: int
    findings: Sequence[dict[str, Any]]
    unfinished: Sequence[dict[str, str]]
    unseen: Sequence[str]
    behind: int  # entries that have come since

    @property
    def clean(self) -> bool:
        """Whether nothing was found and every question asked to the end."""
        return not self.found and not self.unfinished


def last(house: House) -> Shown | None:
    """The last audit, if there was one."""
    row = OwnAudit.objects.filter(organisation=house.organisation).first()
    if row is None:
        return None
    inside = house.member is not None and house.member.standing == "member"
    return Shown(
        at=row.at,
        size=row.size,
        words=row.words,
        asked=row.asked,
        found=row.found,
        findings=row.findings if inside else (),
        unfinished=row.unfinished,
        unseen=row.unseen,
        behind=max(0, Head.objects.get(organisation=house.organisation).size - row.size),
    )
