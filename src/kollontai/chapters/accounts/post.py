# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outgoing messages: written with the act that causes them, sent a moment later by a loop.

Where no mail is set up, and in a demonstration, they stay where they are, to be read in the outbox.
What was sent keeps its date and loses its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet

from kollontai import clock
from kollontai.chapters.accounts.models import Mail

MOST_TRIES = 8


def queue(to: str, subject: str, body: str, *, at: datetime) -> Mail:
    """Put one message into the outbox, inside the transaction of whoever causes it."""
    return Mail.objects.create(to=to, subject=subject[:200], body=body, queued_at=at)


def queue_many(messages: Iterable[tuple[str, str, str]], *, at: datetime) -> int:
    """Put many messages (to, subject, body) into the outbox at once."""
    rows = [Mail(to=to, subject=subject[:200], body=body, queued_at=at) for to, subject, body in messages]
    Mail.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def is_set_up() -> bool:
    """Whether messages leave this machine at all."""
    if settings.DEMO:
        return False
    return bool(settings.EMAIL_HOST) or "smtp" not in settings.EMAIL_BACKEND


def outbox() -> QuerySet[Mail]:
    """What has not been sent, newest first."""
    return Mail.objects.filter(sent_at=None).order_by("-queued_at", "-id")


def send_waiting(*, most: int = 50) -> int:
    """Send what waits, each message once however many loops run; return how many went out."""
    if not is_set_up():
        return 0
    at = clock.now()
    due = Mail.objects.filter(Q(try_at=None) | Q(try_at__lte=at), sent_at=None, tries__lt=MOST_TRIES)
    sent = 0
    for mail in due.order_by("id")[:most]:
        mine = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries).update(
            tries=F("tries") + 1, try_at=at + timedelta(minutes=2 ** (mail.tries + 1))
        )
        if mine and _send(mail):
            sent += 1
    return sent


def _send(mail: Mail) -> bool:
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except OSError as error:  # also every error of SMTP
        Mail.objects.filter(pk=mail.pk).update(failed=str(error)[:200])
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), body="", failed="")
    return True
