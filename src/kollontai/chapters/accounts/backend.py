# SPDX-License-Identifier: AGPL-3.0-or-later
"""How Django finds the account of a session. It never decides whether somebody may come in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from kollontai.chapters.accounts.models import Account


class SignedIn(BaseBackend):
    """Reads back who signed in. Coming in is the business of codes and passkeys alone."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody comes in by name and password: there are none."""

    def get_user(self, user_id: Any) -> Account | None:
        """Find the account a session belongs to. In words of SQL: every page asks for one."""
        found = Account.objects.raw("SELECT * FROM accounts_account WHERE id = %s", [user_id])
        return next(iter(found), None)
