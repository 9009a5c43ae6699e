# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots that law has a scrutineer hold outside: what they take along, what they bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.elections.acts.enter_outside_count import enter_outside_count
from kollontai.chapters.elections.acts.take_back_outside_count import take_back_outside_count
from kollontai.chapters.record.act import require
from kollontai.web.doing import Frame, doing
from kollontai.web.forms.members import YesForm
from kollontai.web.forms.outside import OutsideForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import outside as pages
from kollontai.web.pages import polls
from kollontai.web.showing import show

if TYPE_CHECKING:
    from kollontai.chapters.voting.models import Poll


@require_GET
@for_members
def outside(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Where a ballot held outside stands; for scrutineers, what to take along and what to bring back."""
    poll = pages.find(house, poll_id)
    context = {"page": pages.page_of(house, poll), "poll": poll, "title": polls.title_of(poll)}
    return show(request, "kollontai/outside.html", context, way="votes")


@require_GET
@for_members
def file(request: HttpRequest, house: House, poll_id: str, name: str) -> HttpResponse:
    """The roll, the paper or an empty ballot file, for elected scrutineers and nobody else."""
    poll = pages.find(house, poll_id)
    text, kind = pages.file_of(house, poll, name)
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{house.slug}-{poll.pk}-{name}"'
    response["Cache-Control"] = "no-store"
    return response


@for_members
def enter(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Enter report and ballots; equal ones of two scrutineers are counted at once."""
    poll = pages.find(house, poll_id)
    require(pages.page_of(house, poll).why_not_enter)
    frame = _frame(
        house,
        poll,
        title=_("Enter what it gave"),
        lead=_(
            "Two scrutineers each enter the same, each for themself. When the second file is equal it is "
            "counted here at once, and whoever is elected is seated."
        ),
        button=_("Enter it"),
        done=_("It is entered."),
        weighty=True,
    )
    form = OutsideForm.of(request)
    return doing(
        request, form, frame, lambda **wanted: enter_outside_count(house.actor, poll_id=poll.pk, **wanted)
    )


@for_members
def take_back(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Take back what one entered, as long as it is not counted."""
    poll = pages.find(house, poll_id)
    require(pages.page_of(house, poll).why_not_take_back)
    frame = _frame(
        house,
        poll,
        title=_("Take back what you entered"),
        lead=_("It stays readable; you may enter another one."),
        button=_("Take it back"),
        done=_("It is taken back."),
    )
    return doing(
        request, YesForm.of(request), frame, lambda: take_back_outside_count(house.actor, poll_id=poll.pk)
    )


def _frame(house: House, poll: Poll, **more: Any) -> Frame:
    return Frame(
        label=polls.title_of(poll), back=reverse("outside", args=[house.slug, poll.pk]), way="votes", **more
    )
