# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answer a question of fact."""

from __future__ import annotations

from kollontai.chapters.deliberation.finding import on_issue_of
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.deliberation.stating import state
from kollontai.chapters.record.act import Act, act


@act(locks=lambda given: on_issue_of(Contribution, given["contribution_id"]))
def answer_fact(this: Act, *, contribution_id: str, text: str, source: str = "") -> Contribution:
    """Answer a question of fact that a member put; a leader may, before the leaders' turn. Article 2."""
    return state(this, contribution_id, form="answer", text=text, source=source)
