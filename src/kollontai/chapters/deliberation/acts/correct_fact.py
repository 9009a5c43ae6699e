# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correct a date, a sum or a quotation."""

from __future__ import annotations

from kollontai.chapters.deliberation.finding import on_issue_of
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.deliberation.stating import state
from kollontai.chapters.record.act import Act, act


@act(locks=lambda given: on_issue_of(Contribution, given["contribution_id"]))
def correct_fact(this: Act, *, contribution_id: str, text: str, source: str) -> Contribution:
    """Correct a wrong date, sum or quotation, with its source; a leader may, before their turn. Article 2."""
    return state(this, contribution_id, form="correction", text=text, source=source)
