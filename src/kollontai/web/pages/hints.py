# SPDX-License-Identifier: AGPL-3.0-or-later
"""First steps, pointed out to whoever has not taken them; they go away one by one, or all by one button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import queries as deliberation
from kollontai.web.house import House

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kollontai.chapters.accounts.models import Account


@dataclass(frozen=True)
class Hint:
    """One first step: what it is good for, and where it is taken."""

    text: str
    address: str
    link: str


def of(house: House, account: Account | AnonymousUser) -> list[Hint]:
    """What this member has not tried yet; nothing once they have put the hints away.

    Whoever enters a demonstration as one of its people has no account: nothing is pointed out to them.
    """
    return [] if account.is_anonymous or not account.hints else list(_steps(house, account))


def _steps(house: House, account: Account) -> Iterator[Hint]:
    me = house.me
    if not account.passkeys.exists():
        yield Hint(
            _("A key in your phone or laptop brings you in without a code, and nobody who has your mail."),
            reverse("account"),
            _("Add a key"),
        )
    if not deliberation.has_taken_part(me):
        yield Hint(
            _("Whatever is on your mind can become an issue. Nobody has to allow it."),
            reverse("issue-new", args=[house.slug]),
            _("Raise something"),
        )
        yield Hint(_("Ten short pages say how it all goes together."), reverse("guide"), _("Guide"))
