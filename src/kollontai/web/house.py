# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which organisation a page belongs to, and who is looking at it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from kollontai import clock
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.record.statements import Standing, standing_of
from kollontai.web import times
from kollontai.web.pages import people

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member

P = ParamSpec("P")

GONE = ("left", "declined")


class NotForYou(Exception):
    """The page is for members, and whoever asks is none, or is none yet."""


@dataclass(frozen=True)
class House:
    """An organisation as one person meets it in one request."""

    organisation: Organisation
    name: str
    unit_word: str
    someone: Member | None  # whoever is signed in, in whatever standing
    auth: str
    now: datetime
    stands: Standing  # how far its record had come when this request began

    @property
    def slug(self) -> str:
        """The organisation's place in every address."""
        return self.organisation.slug

    @property
    def id(self) -> str:
        """The organisation's id."""
        return self.organisation.pk

    @property
    def person(self) -> Member | None:
        """Whoever is signed in, if the organisation knows them now: invited, asking to join, or a member."""
        if self.someone is None or self.someone.standing in GONE:
            return None
        return self.someone

    @property
    def former(self) -> Member | None:
        """Whoever is signed in, if they have left or said no."""
        return self.someone if self.person is None else None

    @property
    def member(self) -> Member | None:
        """The person, if they are a member."""
        if self.person is not None and self.person.standing == "member":
            return self.person
        return None

    @property
    def me(self) -> Member:
        """The member, on pages that are for members."""
        if self.member is None:
            raise NotForYou
        return self.member

    @property
    def former_actor(self) -> Actor:
        """Whoever is looking and is gone, as acts know them."""
        if self.former is None:
            raise NotForYou
        return Actor(self.id, self.former.pk, self.auth)

    @property
    def actor(self) -> Actor:
        """Whoever is looking, as acts know them."""
        if self.person is None:
            raise NotForYou
        return Actor(self.id, self.person.pk, self.auth)


View = Callable[Concatenate[HttpRequest, House, P], HttpResponseBase]
Routed = Callable[..., HttpResponseBase]


def open_to_all(view: View[P]) -> Routed:
    """A page of an organisation that anybody may see."""

    @functools.wraps(view)
    def routed(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, enter(request, slug), *args, **kwargs)

    return routed


def for_known(view: View[P]) -> Routed:
    """A page for whoever the organisation knows: invited, asking to join, or a member."""
    return _checked(view, lambda house: house.person)


def for_former(view: View[P]) -> Routed:
    """A page for whoever has left, or said no."""
    return _checked(view, lambda house: house.former)


def for_ever_known(view: View[P]) -> Routed:
    """A page for whoever the organisation knows or knew."""
    return _checked(view, lambda house: house.someone)


def for_members(view: View[P]) -> Routed:
    """A page for members."""
    return _checked(view, lambda house: house.member)


def _checked(view: View[P], wanted: Callable[[House], Member | None]) -> Routed:
    @functools.wraps(view)
    def routed(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        house = enter(request, slug)
        if wanted(house) is None:
            raise NotForYou
        return view(request, house, *args, **kwargs)

    return routed


def enter(request: HttpRequest, slug: str) -> House:
    """Find the organisation of an address and who is at its door; times are said in its zone from here."""
    stands = standing_of(slug)
    if stands is None:
        raise Http404
    organisation = people.organisation(stands)
    now = clock.now()
    timezone.activate(ZoneInfo(organisation.zone))
    times.stand_at(now)
    someone, auth = _who(request, organisation, stands)
    house = House(
        organisation=organisation,
        name=str(organisation.name),
        unit_word=str(organisation.unit_word),
        someone=someone,
        auth=auth,
        now=now,
        stands=stands,
    )
    request.house = house  # type: ignore[attr-defined]
    return house


def _who(request: HttpRequest, organisation: Organisation, stands: Standing) -> tuple[Member | None, str]:
    if settings.DEMO and organisation.demo:
        entered = request.session.get("entered_as", {}).get(organisation.pk)
        if entered:
            return people.person(stands, entered), "demo"
    if request.user.is_authenticated:
        return people.person_of(stands, organisation, request.user), request.session.get("auth", "code")
    return None, ""
