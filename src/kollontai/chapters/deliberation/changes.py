# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the clock does with the count where a draft changes the whole organisation."""

from __future__ import annotations

from kollontai.chapters.charter import steps as charter
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.record.act import Act


def do(this: Act, draft: Draft, one: Effect) -> None:
    """Do one effect, which has just been found possible."""
    charter.change(
        this,
        what=one.effect,
        issue_id=draft.issue_id,
        draft_id=draft.pk,
        key=one.key,
        value=one.value,
        of=one.of,
        joining=one.joining,
        text=one.text,
    )
