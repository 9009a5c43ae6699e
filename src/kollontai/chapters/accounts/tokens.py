# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys for programs: each with its scopes and its last day, shown once, kept only as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from kollontai.chapters.accounts.models import Account, Token

SCOPES = ("read", "act", "vote")
LONGEST_DAYS = 365
PREFIX = "kol_"


def make(
    account: Account, *, label: str, scopes: Collection[str], days: int, at: datetime
) -> tuple[Token, str]:
    """Make a key; the second value is its only showing."""
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise ValueError("A key has one or more of the scopes read, act, vote.")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError("A key lasts between one day and a year.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account,
        digest=_digest(secret),
        label=label[:60],
        scopes=" ".join(scope for scope in SCOPES if scope in scopes),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token, secret


def find(secret: str, *, at: datetime) -> Token | None:
    """The key a program showed, while it lasts."""
    token = Token.objects.select_related("account").filter(digest=_digest(secret)).first()
    if token is None or at >= token.expires_at:
        return None
    if token.used_at is None or at - token.used_at >= timedelta(hours=1):
        Token.objects.filter(pk=token.pk).update(used_at=at)
    return token


def allows(token: Token, scope: str) -> bool:
    """Whether this key was made for reading, acting or voting."""
    return scope in token.scopes.split()


def remove(account: Account, token_id: int) -> None:
    """End a key of one's own."""
    Token.objects.filter(account=account, pk=token_id).delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
