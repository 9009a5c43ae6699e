# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a code sent to a mailbox.

Eight characters without look-alikes, good for ten minutes and five tries, kept hashed, and good only in
the browser that asked. Every address is treated alike: the same mail, the same work, the same answer;
so nobody learns here who is a member.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kollontai.chapters.accounts import post, tries
from kollontai.chapters.accounts.models import Account, EmailCode
from kollontai.chapters.accounts.steps import account_for, tidy

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"  # nothing here is taken for something else
LENGTH = 8
GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5


@dataclass(frozen=True)
class CameIn:
    """The code was right: whose address was proved, and where they wanted to go."""

    account: Account
    next: str


@dataclass(frozen=True)
class Proved:
    """The code was right: this address is read by whoever sits at this browser."""

    email: str
    next: str


@dataclass(frozen=True)
class DidNotFit:
    """The code was wrong, too old, or asked for elsewhere. `left`: tries that remain."""

    left: int


def new_browser() -> str:
    """Draw the secret that ties a code to the asking browser; the browser alone keeps it."""
    return secrets.token_urlsafe(32)


def send(email: str, *, browser: str, network: str, at: datetime, next: str = "") -> None:
    """Send a code to an address. It replaces the one this browser asked for before.

    Raises tries.TooMany, for known and unknown addresses alike.
    """
    email = tidy(email)
    tries.count(tries.ASK_BY_NETWORK, network, at=at)
    tries.count(tries.ASK_HERE_BY_ADDRESS, f"{network} {email}", at=at)
    tries.count(tries.ASK_BY_ADDRESS, email, at=at)
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    hashed = make_password(code)
    with transaction.atomic():
        EmailCode.objects.filter(sent_at__lt=at - GOOD_FOR).delete()
        EmailCode.objects.update_or_create(
            browser=_digest(browser),
            defaults={"email": email, "code": hashed, "sent_at": at, "tries": 0, "next": next[:500]},
        )
        post.queue(
            email,
            _("Your code"),
            _(
                "%(code)s\n\n"
                "This code lets you in. It is good for ten minutes, once, and only in the browser that asked "
                "for it.\n\n"
                "You did not ask? Then leave this message alone: without that browser nobody can use it."
            )
            % {"code": f"{code[:4]} {code[4:]}"},
            at=at,
            until=at + GOOD_FOR,
        )


def waiting(browser: str, *, at: datetime) -> EmailCode | None:
    """The code this browser may still enter, if there is one."""
    found = EmailCode.objects.filter(browser=_digest(browser)).first()
    if found is None or at >= found.sent_at + GOOD_FOR or found.tries >= MOST_TRIES:
        return None
    return found


def enter(code: str, *, browser: str, network: str, at: datetime) -> CameIn | DidNotFit:
    """Come in by the code that was sent; whose address is new here gets an account without rights."""
    proved = prove(code, browser=browser, network=network, at=at)
    if isinstance(proved, DidNotFit):
        return proved
    return CameIn(account_for(proved.email, at=at), proved.next)


def prove(code: str, *, browser: str, network: str, at: datetime) -> Proved | DidNotFit:
    """Prove an address by the code that was sent to it. A right code can be used once."""
    tries.ask(tries.MISS_BY_NETWORK, network, at=at)
    found = EmailCode.objects.filter(browser=_digest(browser)).first()
    still_good = (
        found is not None
        and at < found.sent_at + GOOD_FOR
        # counted before it is looked at, so that many tries at once are still five
        and EmailCode.objects.filter(pk=found.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1) == 1
    )
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    kept = found.code if found is not None and still_good else nobodys_code()
    if check_password(typed, kept) and found is not None and still_good:
        if EmailCode.objects.filter(pk=found.pk).delete()[0]:
            return Proved(found.email, found.next)
        return DidNotFit(0)
    tries.count(tries.MISS_BY_NETWORK, network, at=at)
    if found is not None and still_good:
        return DidNotFit(max(0, MOST_TRIES - found.tries - 1))
    return DidNotFit(0)


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


@cache
def nobodys_code() -> str:
    """A hash that no code fits: checked where there is none, so that the work is the same."""
    return make_password(secrets.token_urlsafe(16))
