# SPDX-License-Identifier: AGPL-3.0-or-later
"""What higher chapters may ask of accounts: find or make the one behind an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from kollontai.chapters.accounts.models import Account, EmailCode, Token
from kollontai.ids import new_id


def tidy(email: str) -> str:
    """Write an address the one way we keep and compare it."""
    return email.strip().lower()


def account_for(email: str, *, at: datetime) -> Account:
    """Find the account of an address whose owner has just proved it, or make one. It has no rights."""
    email = tidy(email)
    found = Account.objects.filter(email=email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Account.objects.create(
                id=new_id(), email=email, password=make_password(None), created_at=at
            )
    except IntegrityError:  # the same address in another tab
        return Account.objects.get(email=email)


def move_address(account: Account, email: str) -> None:
    """Let an account answer to another address from here on, where no other account has it."""
    email = tidy(email)
    if not Account.objects.filter(email=email).exclude(pk=account.pk).exists():
        Account.objects.filter(pk=account.pk).update(email=email)


def languages_of(addresses: Iterable[str]) -> dict[str, str]:
    """The language in which each of these addresses is written to: as its account chose, else as it reads."""
    known = Account.objects.filter(email__in=list(addresses)).exclude(language="", read_in="")
    return {
        str(email): language or read_in
        for email, language, read_in in known.values_list("email", "language", "read_in")
    }


def close(account: Account) -> None:
    """Delete an account that leads nowhere, with its keys, its tokens and its codes. It signs in no more."""
    if account.email:
        EmailCode.objects.filter(email=account.email).delete()
    account.delete()


def end_programs(account: Account) -> None:
    """Let every key for a program end: whoever read the mailbox could have made one, to vote for a year."""
    Token.objects.filter(account=account).delete()


def end_all_sessions(account: Account) -> None:
    """Sign every device of this account out: sessions hold a hash of this field."""
    account.password = make_password(None)
    account.save(update_fields=["password"])
