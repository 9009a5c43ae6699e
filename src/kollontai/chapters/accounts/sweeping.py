# SPDX-License-Identifier: AGPL-3.0-or-later
"""What served for a while and says something about people is not kept longer than it serves."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from kollontai.chapters.accounts import once, post, tries


def sweep(*, at: datetime) -> None:
    """Forget forms and tries of days ago, mail of a month ago, and sign-ins that ran out."""
    once.sweep(at=at)
    tries.sweep(at=at)
    post.sweep(at=at)
    Session.objects.filter(expire_date__lt=at).delete()
