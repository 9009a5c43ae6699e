# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form sent twice does its thing once: a double click, a second tab, a page loaded again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kollontai.chapters.accounts.models import FormKey

KEPT_FOR = timedelta(days=2)


def take(key: str, *, of: str, at: datetime) -> bool:
    """Take a form's key for this sender. False: it was taken before."""
    try:
        with transaction.atomic():
            FormKey.objects.create(key=_digest(key, of), at=at)
    except IntegrityError:
        return False
    return True


def led_to(key: str, *, of: str) -> str:
    """Where the first sending of this form led; empty while it is still being done."""
    return FormKey.objects.filter(key=_digest(key, of)).values_list("location", flat=True).first() or ""


def done(key: str, location: str, *, of: str) -> None:
    """Remember where a form led."""
    FormKey.objects.filter(key=_digest(key, of)).update(location=location[:500])


def give_back(key: str, *, of: str) -> None:
    """Nothing was done: the same form may be sent again."""
    FormKey.objects.filter(key=_digest(key, of)).delete()


def sweep(*, at: datetime) -> None:
    """Forget forms of some days ago."""
    FormKey.objects.filter(at__lt=at - KEPT_FOR).delete()


def _digest(key: str, of: str) -> str:
    return hashlib.sha256(f"{of}\n{key}".encode()).hexdigest()
