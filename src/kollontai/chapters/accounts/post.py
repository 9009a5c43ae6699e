# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outgoing messages: written with the act that causes them, sent a moment later by a loop.

Where no mail is set up, and in a demonstration, they stay where they are, to be read in the outbox.
What was sent keeps its date and loses its words; a month later it is gone.

Notices carry an address by which they are ended with one click (RFC 8058). Codes and whatever else must
arrive carry none, and never wait behind notices.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Max, Q, QuerySet

from kollontai import clock
from kollontai.chapters.accounts.models import Mail

MOST_TRIES = 8
KNOCKS_EVERY = timedelta(minutes=2)
"""Where nobody opens at the mail server: so long nothing is tried again, and nothing counts as tried."""
KEPT = timedelta(days=30)
LATELY = timedelta(days=2)
LOOKED_THROUGH = 10_000  # of what waits, when the outbox is shown


def queue(to: str, subject: str, body: str, *, at: datetime, until: datetime | None = None) -> Mail:
    """Put one message into the outbox, inside the transaction of whoever causes it.

    `until`: if it has not gone by then, it stays away.
    """
    return Mail.objects.create(to=to, subject=subject[:200], body=body, queued_at=at, until=until)


def queue_many(messages: Iterable[tuple[str, str, str]], *, at: datetime) -> int:
    """Put many messages (to, subject, body) into the outbox at once."""
    return _put(Mail(to=to, subject=subject[:200], body=body, queued_at=at) for to, subject, body in messages)


def queue_notices(notices: Iterable[tuple[str, str, str, str, datetime | None]], *, at: datetime) -> int:
    """Put many notices (to, subject, body, address that ends them, until when) into the outbox at once."""
    return _put(
        Mail(to=to, subject=subject[:200], body=body, unsubscribe=ends, queued_at=at, until=until)
        for to, subject, body, ends, until in notices
    )


def _put(rows: Iterable[Mail]) -> int:
    return len(Mail.objects.bulk_create(rows, batch_size=500))


def is_set_up() -> bool:
    """Whether messages leave this machine at all."""
    if settings.DEMO:
        return False
    return bool(settings.EMAIL_HOST) or "smtp" not in settings.EMAIL_BACKEND


def outbox() -> QuerySet[Mail]:
    """What has not been sent, newest first."""
    return Mail.objects.filter(sent_at=None).order_by("-queued_at", "-id")


@dataclass
class Copies:
    """A letter that waits, and how many others wait with the same words."""

    mail: Mail
    others: int = 0


def outbox_by_words(*, most: int) -> list[Copies]:
    """What waits, newest first, each text once; the address that ends notices is no part of it."""
    found: dict[tuple[str, str, datetime], Copies] = {}
    for mail in outbox()[:LOOKED_THROUGH]:
        words = mail.body.replace(mail.unsubscribe, "") if mail.unsubscribe else mail.body
        key = (mail.subject, words, mail.queued_at)
        if key in found:
            found[key].others += 1
        elif len(found) < most:
            found[key] = Copies(mail)
    return list(found.values())


def send_waiting(*, most: int = 50) -> int:
    """Send what waits, each message once however many loops run; return how many went out.

    Notices wait until nothing else does. One connection serves all that is sent at once; where the mail
    server cannot be reached, everything waits, however long that lasts; but a code that is good no more, and
    word that something is open which is over, are put away.
    """
    if not is_set_up():
        return 0
    at = clock.now()
    Mail.objects.filter(sent_at=None, until__lte=at).delete()
    due = _still_tried().filter(Q(try_at=None) | Q(try_at__lte=at))
    waiting = list(due.filter(unsubscribe="").order_by("id")[:most])
    if len(waiting) < most:
        waiting += due.exclude(unsubscribe="").order_by("id")[: most - len(waiting)]
    sent, door = 0, get_connection()
    try:
        for mail in waiting:
            closed = _open(door)
            if closed:
                due.update(failed=closed, try_at=at + KNOCKS_EVERY)
                break
            mine = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries).update(
                tries=F("tries") + 1, try_at=at + timedelta(minutes=2 ** (mail.tries + 1))
            )
            if mine and _send(mail, door):
                sent += 1
    finally:
        _hang_up(door)
    return sent


def send_now(to: str, subject: str, body: str) -> str:
    """Send one letter at once, past the outbox; say in words what stood in the way, or nothing."""
    try:
        _letter(Mail(to=to, subject=subject, body=body), None).send()
    except (OSError, ValueError) as error:  # ValueError: no address, or a line break in one
        return _why(error)
    return ""


def sweep(*, at: datetime) -> None:
    """Forget what was sent a month ago, and to whom; and what was given up and is as old."""
    Mail.objects.filter(sent_at__lt=at - KEPT).delete()
    given_up().filter(queued_at__lt=at - KEPT).delete()


def stuck() -> QuerySet[Mail]:
    """What could not be sent so far, and is tried again."""
    return _still_tried().exclude(failed="")


def given_up() -> QuerySet[Mail]:
    """What nobody took, however often it was tried: an address, mostly, that is none any more."""
    return Mail.objects.filter(sent_at=None, tries__gte=MOST_TRIES)


def goes_out(*, at: datetime) -> bool:
    """Whether letters go out, as far as those of the last days tell.

    They do not where the mail server cannot be reached, or takes nothing: of what was queued since the last
    letter went, it refused some to more than one address. One alone may be a slip of the pen, and anybody can
    ask for a code at an address that is none.
    """
    if stuck().filter(tries=0).exists():
        return False
    last = Mail.objects.aggregate(at=Max("sent_at"))["at"]
    since = max(at - LATELY, last) if last else at - LATELY
    refused = Mail.objects.filter(sent_at=None, tries__gt=0, queued_at__gt=since).exclude(failed="")
    return refused.values("to").distinct()[:2].count() < 2


def _still_tried() -> QuerySet[Mail]:
    return Mail.objects.filter(sent_at=None, tries__lt=MOST_TRIES)


def _open(door: BaseEmailBackend) -> str:
    """See that the connection is open; say in words why it cannot be."""
    try:
        door.open()
    except Exception as error:  # no route, no such host, a name or a password that it does not take
        return _why(error)
    return ""


def _hang_up(door: BaseEmailBackend) -> None:
    with suppress(OSError):
        door.close()


def _why(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]


def _letter(mail: Mail, door: BaseEmailBackend | None) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated"}
    if mail.unsubscribe:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers, connection=door)


def _send(mail: Mail, door: BaseEmailBackend) -> bool:
    try:
        _letter(mail, door).send()
    except Exception as error:  # of SMTP, or of one letter that cannot be written: the others go out
        Mail.objects.filter(pk=mail.pk).update(failed=_why(error))
        _hang_up(door)  # the next one is told to a fresh connection
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), body="", failed="")
    return True
