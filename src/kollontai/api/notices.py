# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own settings: how notices come, and the address of one's calendar. Private, so they are no acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from kollontai import clock
from kollontai.api.acts import ERRORS
from kollontai.api.identity import Caller, caller
from kollontai.followers import choosing, feed, wishes

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member

routes = Router(tags=["settings"])


class Notices(Schema):
    """How notices come: each as it happens, one letter a day or a week, votes alone, or none."""

    how: Literal["each", "daily", "weekly", "needed", "none"]


class Address(Schema):
    """The address of a calendar (RFC 5545); empty where there is none. Whoever knows it can read it."""

    address: str


@routes.get("/{slug}/settings/notices", response={200: Notices, **ERRORS})
def notices(request: HttpRequest, slug: str) -> Notices:
    """Say how the caller's notices come."""
    who = caller(request, slug, "read")
    assert who.member is not None
    return Notices.model_validate({"how": wishes.way_of(who.member)})


@routes.put("/{slug}/settings/notices", response={200: Notices, **ERRORS})
def choose(request: HttpRequest, slug: str, data: Notices) -> Notices:
    """Choose how the caller's notices come."""
    who = caller(request, slug, "act")
    assert who.member is not None
    choosing.choose(who.member, data.how, at=clock.now())
    return data


@routes.get("/{slug}/settings/calendar", response={200: Address, **ERRORS})
def calendar(request: HttpRequest, slug: str) -> Address:
    """Tell the address of the caller's calendar."""
    who = caller(request, slug, "read")
    assert who.member is not None
    return Address(address=feed.address_of(who.member))


@routes.put("/{slug}/settings/calendar", response={200: Address, **ERRORS})
def make_calendar(request: HttpRequest, slug: str) -> Address:
    """Make an address for the caller's calendar, another one if there was one; that one ends."""
    return Address(address=feed.make(_belonging(caller(request, slug, "act"))))


@routes.delete("/{slug}/settings/calendar", response={200: Address, **ERRORS})
def end_calendar(request: HttpRequest, slug: str) -> Address:
    """End the address of the caller's calendar."""
    feed.end(_belonging(caller(request, slug, "act")))
    return Address(address="")


def _belonging(who: Caller) -> Member:
    if who.member is None or who.member.standing != "member":
        raise HttpError(403, "Members alone have a calendar here.")
    return who.member
