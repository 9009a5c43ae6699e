# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a code that came on paper, for whoever has no mailbox.

Twelve characters without look-alikes in groups of four: by the first four the code is found, the other eight
are kept hashed. Good for thirty days, once, for five tries, on any device.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from kollontai.chapters.accounts import codes, tries
from kollontai.chapters.accounts.models import Account, LetterCode
from kollontai.ids import new_id

BEGINS, LENGTH = 4, 12
GOOD_FOR = timedelta(days=30)
MOST_TRIES = 5


def without_mailbox(*, at: datetime) -> Account:
    """Make an account that no mail address opens."""
    return Account.objects.create(id=new_id(), email=None, password=make_password(None), created_at=at)


def draw(account: Account, *, at: datetime) -> str:
    """Draw a code for an account; this is its only showing, and an earlier one opens nothing any more."""
    LetterCode.objects.filter(account=account).delete()
    LetterCode.objects.filter(made_at__lt=at - GOOD_FOR).delete()
    taken = set(LetterCode.objects.values_list("begins", flat=True))
    while (begins := _characters(BEGINS)) in taken:
        pass
    rest = _characters(LENGTH - BEGINS)
    LetterCode.objects.create(account=account, begins=begins, code=make_password(rest), made_at=at)
    return f"{begins} {rest[:4]} {rest[4:]}"


def enter(code: str, *, network: str, at: datetime) -> Account | None:
    """Come in by a code on paper; nobody, where none fits. Raises tries.TooMany."""
    tries.ask(tries.MISS_BY_NETWORK, network, at=at)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    found = LetterCode.objects.select_related("account").filter(begins=typed[:BEGINS]).first()
    still_good = (
        found is not None
        and at < found.made_at + GOOD_FOR
        # counted before it is looked at, so that many tries at once are still five
        and LetterCode.objects.filter(pk=found.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1) == 1
    )
    kept = found.code if found is not None and still_good else codes.nobodys_code()
    if check_password(typed[BEGINS:], kept) and found is not None and still_good:
        if LetterCode.objects.filter(pk=found.pk).delete()[0]:
            return found.account
        return None
    tries.count(tries.MISS_BY_NETWORK, network, at=at)
    return None


def _characters(many: int) -> str:
    return "".join(secrets.choice(codes.ALPHABET) for _place in range(many))
