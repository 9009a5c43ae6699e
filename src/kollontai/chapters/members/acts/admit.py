# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock admits who has waited long enough."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.members import queries, steps
from kollontai.chapters.members.models import Standing
from kollontai.chapters.record.act import Act, clock_act


@clock_act("members.admit")
def admit(this: Act, *, subject: str, due: datetime) -> None:
    """Admit an applicant whose waiting is over; where vouchers are missing, the last of them will."""
    this.lock("joining")
    member = queries.here(this.organisation_id, subject)
    if member is None or member.standing != Standing.APPLICANT or member.admit_at != due:
        return
    if queries.vouchers_of(member) < member.vouchers_needed:
        return
    steps.admit(this, member, ground="vouched" if member.vouchers_needed else "open", due=due)
