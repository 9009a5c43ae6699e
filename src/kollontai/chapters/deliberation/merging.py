# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a unit becomes part of another, by the count alone (article 13; what runs goes on: article 2).

1. Each of the two says yes by a draft of its own; a yes holds for some days. The second one does it.
2. Whoever was of the unit that is no more, and each of its open issues, is of the other from then on. Its
   posts and the terms in them are over.
3. A vote that runs was frozen and goes on. What it would change by itself is passed over.
4. Who led in either of the two speaks after the members on what is open; whether nobody was to be silent
   stays as it was judged when the issue was raised.
5. A petition that needs signatures from several units is not made hopeless.
"""

from __future__ import annotations

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.queries import nobody_silenced
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.queries import limits_in_force
from kollontai.chapters.deliberation.models import Draft, Issue
from kollontai.chapters.deliberation.stages import ENDED
from kollontai.chapters.members import queries
from kollontai.chapters.members import steps as members
from kollontai.chapters.members.models import Unit
from kollontai.chapters.record.act import Act
from kollontai.openrecord.kinds.merging import UnitMerged

HOLDS = "N.merge"


def agree(this: Act, draft: Draft, *, merged_id: str, into_id: str) -> None:
    """Put a unit's yes down; with the other's, while that holds, merge the two."""
    this.lock("joining", "issues")
    unit = draft.issue.unit
    other = queries.yes_of_the_other(unit, merged_id=merged_id, into_id=into_id, at=this.at)
    holds = limits_in_force(this.organisation_id, members=0)[HOLDS]
    members.agree_to_merge(
        this,
        unit,
        merged_id=merged_id,
        into_id=into_id,
        until=this.at + holds * DAY,
        issue_id=draft.issue_id,
        draft_id=draft.pk,
    )
    if other is not None:
        _merge(this, draft, merged_id=merged_id, into_id=into_id, agreed_before=other.issue)


def _merge(this: Act, draft: Draft, *, merged_id: str, into_id: str, agreed_before: str) -> None:
    units = Unit.objects.filter(organisation=this.organisation_id).in_bulk([merged_id, into_id])
    unit, into = units[merged_id], units[into_id]
    open_issues = Issue.objects.filter(organisation=this.organisation_id, unit__in=units).exclude(
        stage__in=[stage.value for stage in ENDED]
    )
    # Raised before that was kept with them: judged now, before the merger makes the members others.
    for issue in open_issues.filter(all_led=None).select_related("unit"):
        issue.all_led = nobody_silenced(issue.unit, raised_at=issue.raised_at)
        issue.save(update_fields=["all_led"])
    moved = open_issues.filter(unit=unit)
    this.record(
        UnitMerged(
            unit=unit.pk,
            into=into.pk,
            members=queries.accepted_in(unit).count(),
            issues=moved.count(),
            issue=draft.issue_id,
            draft=draft.pk,
            agreed_before=agreed_before,
        )
    )
    bodies.end_with_unit(this, unit)
    moved.update(unit=into)
    members.move_to(this, unit, into)
