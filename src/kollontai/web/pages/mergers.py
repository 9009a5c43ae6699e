# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of a unit's yes to a merger, in a sentence."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import MergeYes
from kollontai.web.times import full_day


def said_of(issue: Issue, *, at: datetime) -> str:
    """Whether the yes that an issue gave holds, led to the merger, or is over; empty where it gave none."""
    if issue.outcome != "carried":
        return ""
    found = MergeYes.objects.filter(issue=issue.pk).select_related("unit__name", "merged__name", "into__name")
    yes = found.first()
    if yes is None:
        return ""
    names = {"merged": yes.merged.name, "into": yes.into.name, "unit": yes.unit.name}
    if yes.merged.merged_at is not None and yes.merged.merged_at == yes.over_at:
        day = full_day(yes.merged.merged_at)
        if yes.merged.merged_into_id == yes.into_id:
            return _("“%(merged)s” became part of “%(into)s” on %(day)s.") % {**names, "day": day}
    days = {"since": full_day(yes.at), "until": full_day(yes.until)}
    if yes.over_at is not None:
        return _("“%(unit)s” agreed on %(since)s; that was over when one of the two merged otherwise.") % {
            **names,
            **days,
        }
    if yes.until <= at:
        return _(
            "“%(unit)s” agreed on %(since)s; the other did not say yes until %(until)s, so it is over."
        ) % {
            **names,
            **days,
        }
    return _(
        "“%(unit)s” agreed on %(since)s. If the other says yes too until %(until)s, the two become one."
    ) % {**names, **days}
