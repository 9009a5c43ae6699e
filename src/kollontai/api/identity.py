# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who calls: a program with a token, within its scopes and its last day. No cookie is read here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja.errors import HttpError
from ninja.security import HttpBearer

from kollontai import clock
from kollontai.chapters.accounts import tokens, tries
from kollontai.chapters.accounts.models import Token
from kollontai.chapters.members import queries as members
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Organisation
from kollontai.ids import new_id

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member


class ByToken(HttpBearer):
    """A key in the Authorization header; the scope is asked for by each route."""

    openapi_description = "A key made on the account page. Scopes: read, act, vote."

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Find the key, if it lasts; TooMany where a network keeps coming with keys that are none."""
        found = tokens.find(token, at=clock.now())
        if found is None:
            tries.count(tries.FALSE_KEY, tries.asking(request), at=clock.now())
        return found


@dataclass(frozen=True)
class Caller:
    """A member of this organisation, through a key that was made for this."""

    organisation: Organisation
    member: Member | None
    actor: Actor
    account_id: str


def caller(request: HttpRequest, slug: str, scope: str, *, newcomer: bool = False) -> Caller:
    """Find out who calls; 404 where the organisation is not theirs, 403 where the key is not for this.

    `newcomer`: somebody not known here may call too, and acts under a fresh id.
    """
    token: Token = request.auth  # type: ignore[attr-defined]
    organisation = get_object_or_404(Organisation, slug=slug)
    member = members.member_for(organisation, token.account)
    if member is None and not newcomer:
        raise HttpError(404, "There is no organisation of yours by this name.")
    if not tokens.allows(token, scope):
        raise HttpError(403, f"This key was not made for this; it needs the scope {scope}.")
    actor = Actor(organisation.pk, member.pk if member else new_id(), "token")
    return Caller(organisation, member, actor, token.account_id)


def reader(request: HttpRequest, slug: str) -> Caller:
    """Find out who reads what members read; 403 where they belong no more, or not yet, as on every page."""
    who = caller(request, slug, "read")
    if who.member is None or who.member.standing != "member":
        raise HttpError(403, "Members alone read this.")
    return who
