# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something may be tried. Counted in one table, so that it is right across all processes.

What was tried is kept only as a keyed digest: the table says nothing about who asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kollontai.chapters.accounts.models import Tries


@dataclass(frozen=True)
class Limit:
    """At most this many in a window of this length."""

    kind: str
    most: int
    window: timedelta


ASK_BY_ADDRESS = Limit("ask-address", 30, timedelta(hours=1))
"""From everywhere together, so that nobody's mailbox is filled."""
ASK_HERE_BY_ADDRESS = Limit("ask-here-address", 5, timedelta(hours=1))
"""From one network: whoever asks and asks in another's name shuts the door for their own network alone."""
ASK_BY_NETWORK = Limit("ask-network", 60, timedelta(hours=1))
MISS_BY_NETWORK = Limit("miss-network", 60, timedelta(hours=1))
QUESTION_BY_NETWORK = Limit("question-network", 3_000, timedelta(hours=1))
"""How often a passkey is asked for: each question begins a session. A hall full of members is one network."""
WRONG_PASSKEY = Limit("wrong-passkey", 600, timedelta(hours=1))
"""How often a network may answer with a passkey that does not fit. Nobody guesses one; it costs us work."""
FALSE_KEY = Limit("false-key", 600, timedelta(hours=1))
"""How often a program may come with a key that is none. A key that is one is never counted."""
FOUND_BY_ACCOUNT = Limit("found-account", 3, timedelta(days=1))
FOUND_BY_NETWORK = Limit("found-network", 10, timedelta(days=1))
"""How many charters are put before founders: each sends a letter to whomever is listed."""
COSIGN_BY_NETWORK = Limit("cosign-network", 3_600, timedelta(hours=1))
"""How often a network may ask this installation to witness: once a second."""


class TooMany(Exception):
    """Tried too often; `until` says when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many tries.")
        self.until = until

    def seconds(self, now: datetime) -> int:
        """How long to wait, for Retry-After."""
        return max(1, int((self.until - now).total_seconds()))


def count(limit: Limit, key: str, *, at: datetime) -> None:
    """Count one try, or say that there were too many."""
    begins = _window(limit, at)
    what = _digest(limit, key)
    if not _add_one(what, begins):
        try:
            with transaction.atomic():
                Tries.objects.create(what=what, window=begins, count=1)
        except IntegrityError:  # another process was first
            _add_one(what, begins)
    if Tries.objects.values_list("count", flat=True).get(what=what, window=begins) > limit.most:
        raise TooMany(begins + limit.window)


def ask(limit: Limit, key: str, *, at: datetime) -> None:
    """Say that there were too many, without counting a further one."""
    begins = _window(limit, at)
    so_far = Tries.objects.filter(what=_digest(limit, key), window=begins).values_list("count", flat=True)
    if max(so_far, default=0) >= limit.most:
        raise TooMany(begins + limit.window)


def asking(request: HttpRequest) -> str:
    """The network a request came from, past as many proxies as the operator says there are."""
    passed_on = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    proxies = settings.TRUSTED_PROXIES
    if proxies and len(passed_on) >= proxies:
        return network_of(passed_on[-proxies])
    return network_of(str(request.META.get("REMOTE_ADDR", "")))


def network_of(address: str) -> str:
    """The neighbourhood of an address: one house has one, whatever its devices are called."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def sweep(*, at: datetime) -> None:
    """Forget the tries of yesterday and before."""
    Tries.objects.filter(window__lt=at - timedelta(days=1)).delete()


def _add_one(what: str, begins: datetime) -> int:
    return Tries.objects.filter(what=what, window=begins).update(count=F("count") + 1)


def _window(limit: Limit, at: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def _digest(limit: Limit, key: str) -> str:
    return salted_hmac(f"kollontai.tries.{limit.kind}", key, algorithm="sha256").hexdigest()
