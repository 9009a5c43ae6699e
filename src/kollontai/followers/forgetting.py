# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody kept here for themself alone goes when nothing leads to them any more."""

from __future__ import annotations

from kollontai.chapters.deliberation.models import FromFile, Mute, Reading
from kollontai.chapters.record.act import private_write
from kollontai.followers.models import Feed, Wish

OWN = (Wish, Feed, Mute, Reading, FromFile)
"""The private tables: each row has an owner, and nobody else sees it."""


def sweep() -> None:
    """Forget the settings of those who had their name erased, and who are reached nowhere."""
    for model in OWN:
        left_over = model._default_manager.filter(owner__contact=None)
        if left_over.exists():
            with private_write():
                left_over.delete()
