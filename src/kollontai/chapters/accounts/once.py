# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form sent twice does its thing once: a double click, a second tab, the way back, a page loaded again.

A form is known again by its key. The way back may show it anew, with another key and the words still in
it: so it is known by its words as well, for some minutes, as long as its sender did nothing else meanwhile.

Where nobody may find out who did something, a form is known by its own random key and by nothing else: no
sender, no words, no place it led to (`NOBODY`).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When

from kollontai.chapters.accounts.models import FormKey

KEPT_FOR = timedelta(days=2)
SAME_WORDS_FOR = timedelta(minutes=10)
NOBODY = ""
"""The sender of a form about a petition: persons are few, and a digest of one is soon guessed."""


def take(key: str, *, of: str, at: datetime, words: str = "") -> str:
    """Take a form for this sender. Empty: it is theirs to do; else the name of the sending before it.

    `words` is everything they filled in; empty where a form is a button alone.
    """
    sender, words = _digest(of) if of else "", _digest(of, words) if words and of else ""
    for _again in range(2):
        try:
            with transaction.atomic():
                FormKey.objects.create(key=_digest(of, key), sender=sender, words=words, at=at)
        except IntegrityError:
            before = FormKey.objects.filter(Q(key=_digest(of, key)) | Q(sender=sender, words=words)).first()
            if before is None or before.key == _digest(of, key) or at - before.at < SAME_WORDS_FOR:
                return before.key if before else _digest(of, key)
            FormKey.objects.filter(pk=before.pk).update(words="")
        else:
            return ""
    return _digest(of, key)


def is_same_form(name: str, key: str, *, of: str) -> bool:
    """Whether a sending before was this very form, and not another one with the same words."""
    return name == _digest(of, key)


def led_to(name: str) -> str:
    """Where the first sending of a form led; empty while it is still being done."""
    return FormKey.objects.filter(key=name).values_list("location", flat=True).first() or ""


def done(key: str, location: str, *, of: str) -> None:
    """Remember where a form led. Words sent before it are over: to say them again is a new act."""
    if of == NOBODY:
        return
    ours = Q(key=_digest(of, key))
    FormKey.objects.filter(ours | (Q(sender=_digest(of)) & ~Q(words=""))).update(
        location=Case(When(ours, then=Value(location[:500])), default=F("location")),
        words=Case(When(ours, then=F("words")), default=Value("")),
    )


def give_back(key: str, *, of: str) -> None:
    """Nothing was done: the same form may be sent again."""
    FormKey.objects.filter(key=_digest(of, key)).delete()


def sweep(*, at: datetime) -> None:
    """Forget forms of some days ago."""
    FormKey.objects.filter(at__lt=at - KEPT_FOR).delete()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
