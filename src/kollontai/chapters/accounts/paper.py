# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes on paper: the one that lets in whoever has no mailbox, and what other such codes share with it.

Twelve characters without look-alikes in groups of four: by the first four the code is found, the other eight
are kept hashed. Good for some weeks, once, for five tries, on any device.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from kollontai.chapters.accounts import codes, tries
from kollontai.chapters.accounts.models import Account, LetterCode, PaperCode
from kollontai.ids import new_id

BEGINS, LENGTH = 4, 12
GOOD_FOR = timedelta(days=30)
MOST_TRIES = 5

SomeCode = TypeVar("SomeCode", bound=PaperCode)


def without_mailbox(*, at: datetime) -> Account:
    """Make an account that no mail address opens."""
    return Account.objects.create(id=new_id(), email=None, password=make_password(None), created_at=at)


def draw(account: Account, *, at: datetime) -> str:
    """Draw a code for an account; this is its only showing, and an earlier one opens nothing any more."""
    LetterCode.objects.filter(account=account).delete()
    return draw_one(LetterCode, GOOD_FOR, at=at, account=account)


def enter(code: str, *, network: str, at: datetime) -> Account | None:
    """Come in by a code on paper; nobody, where none fits. Raises tries.TooMany."""
    found = look_for(LetterCode, GOOD_FOR, code, network=network, at=at)
    return found.account if found is not None and use(found) else None


# --- Of whatever kind --------------------------------------------------------------------------------


def draw_one(kind: type[SomeCode], good_for: timedelta, *, at: datetime, **of: Any) -> str:
    """Draw a code of a kind; `of`: what it opens. Those that are no longer good are put away."""
    codes_kept = kind._default_manager
    codes_kept.filter(made_at__lt=at - good_for).delete()
    taken = set(codes_kept.values_list("begins", flat=True))
    while (begins := _characters(BEGINS)) in taken:
        pass
    rest = _characters(LENGTH - BEGINS)
    codes_kept.create(begins=begins, code=make_password(rest), made_at=at, **of)
    return f"{begins} {rest[:4]} {rest[4:]}"


def look_for(
    kind: type[SomeCode], good_for: timedelta, code: str, *, network: str, at: datetime
) -> SomeCode | None:
    """The code of a kind that was typed, if it is good; every miss is counted. Raises tries.TooMany."""
    tries.ask(tries.MISS_BY_NETWORK, network, at=at)
    found = kind._default_manager.filter(begins=_typed(code)[:BEGINS]).first()
    still_good = (
        found is not None
        and at < found.made_at + good_for
        # counted before it is looked at, so that many tries at once are still five
        and kind._default_manager.filter(pk=found.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1) == 1
    )
    kept = found.code if found is not None and still_good else codes.nobodys_code()
    if check_password(_typed(code)[BEGINS:], kept) and still_good:
        return found
    tries.count(tries.MISS_BY_NETWORK, network, at=at)
    return None


def fits(kept: PaperCode | None, code: str) -> bool:
    """Whether this is that code."""
    typed = _typed(code)
    return kept is not None and kept.begins == typed[:BEGINS] and check_password(typed[BEGINS:], kept.code)


def use(found: PaperCode) -> bool:
    """Use a code up; whoever comes second finds that it is gone."""
    return type(found)._default_manager.filter(pk=found.pk).delete()[0] == 1


def _typed(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _characters(many: int) -> str:
    return "".join(secrets.choice(codes.ALPHABET) for _place in range(many))
