# SPDX-License-Identifier: AGPL-3.0-or-later
"""What both ways of writing in leave behind."""

from __future__ import annotations

from kollontai.chapters.accounts import slips
from kollontai.chapters.record.act import Act
from kollontai.chapters.writing_in.models import WriteIn
from kollontai.chapters.writing_in.written import WrittenIn


def write_in(this: Act, write_in_id: str, *, member: str, issue: str, to: str, of: str) -> WrittenIn:
    """Keep what was written in for whom, and draw the code of its slip."""
    WriteIn.objects.create(
        id=write_in_id, organisation_id=this.organisation_id, member_id=member, writer_id=this.actor,
        issue_id=issue, to=to, of=of, at=this.at,
    )  # fmt: skip
    return WrittenIn(write_in_id, slips.draw(write_in_id, at=this.at))
