# SPDX-License-Identifier: AGPL-3.0-or-later
"""What served for a while and says something about people is not kept longer than it serves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from kollontai.chapters.accounts import once, tries
from kollontai.chapters.accounts.models import Mail

MAIL_FOR = timedelta(days=30)
"""How long it is remembered that a message was sent, and where to."""


def sweep(*, at: datetime) -> None:
    """Forget forms, tries and sent messages of days ago, and sign-ins that ran out."""
    once.sweep(at=at)
    tries.sweep(at=at)
    Session.objects.filter(expire_date__lt=at).delete()
    Mail.objects.filter(sent_at__lt=at - MAIL_FOR).delete()
