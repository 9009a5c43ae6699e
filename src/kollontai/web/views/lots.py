# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lot of a secret vote: adding the hash of a sentence, showing the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.record.act import require
from kollontai.chapters.voting import lots, queries
from kollontai.chapters.voting.acts.add_to_lot import add_to_lot
from kollontai.chapters.voting.acts.show_lot import show_lot
from kollontai.web.doing import Frame, doing
from kollontai.web.forms.elections import LotForm, ShowLotForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import polls
from kollontai.web.showing import show

if TYPE_CHECKING:
    from kollontai.chapters.voting.models import Poll

ANY_HASH = "0" * 64


@require_GET
@for_members
def lot(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Who has added to the lot, until when, and who has shown their sentence."""
    poll = _poll(house, poll_id)
    facts = queries.adding(poll, house.me)
    context = {
        "poll": poll,
        "title": polls.title_of(poll),
        "shares": queries.shares_of(poll),
        "why_not_add": lots.may_add(facts, ANY_HASH, at=house.now),
        "why_not_show": lots.is_to_show(facts, at=house.now),
        "added": facts.added,
        "shown": facts.shown,
        "time_to_show": house.now >= facts.lots_until,
    }
    return show(request, "kollontai/lot.html", context, way="votes")


@for_members
def add(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Add the hash of a sentence one keeps."""
    poll = _poll(house, poll_id)
    require(lots.may_add(queries.adding(poll, house.me), ANY_HASH, at=house.now))
    frame = Frame(
        title=_("Add to the lot"),
        label=polls.title_of(poll),
        lead=_(
            "Write down a sentence nobody can guess, and keep it. Only its hash is sent now; in the second "
            "half of the vote you show the sentence."
        ),
        button=_("Add it"),
        done=_("It is added. Keep your sentence: you show it in the second half of the vote."),
        back=reverse("lot", args=[house.slug, poll.pk]),
        template="kollontai/lot_add.html",
        way="votes",
        more={"poll": poll},
    )
    return doing(
        request,
        LotForm.of(request),
        frame,
        lambda sha256: add_to_lot(house.actor, poll_id=poll.pk, sha256=sha256),
    )


@for_members
def show_sentence(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Show the sentence behind what one added."""
    poll = _poll(house, poll_id)
    facts = queries.adding(poll, house.me)
    require(lots.is_to_show(facts, at=house.now))
    form = ShowLotForm.of(request)
    if form.is_bound and form.is_valid() and lots.digest(form.cleaned_data["sentence"]) != facts.added:
        form.add_error("sentence", _("This is not the sentence you added: its hash is another one."))
    frame = Frame(
        title=_("Show your sentence"),
        label=polls.title_of(poll),
        lead=_("Whoever does not show it counts as zeros, and is named."),
        button=_("Show it"),
        done=_("Your sentence is shown."),
        back=reverse("lot", args=[house.slug, poll.pk]),
        way="votes",
    )
    return doing(
        request, form, frame, lambda sentence: show_lot(house.actor, poll_id=poll.pk, sentence=sentence)
    )


def _poll(house: House, poll_id: str) -> Poll:
    return get_object_or_404(polls.seen_by(house).filter(box="separated"), pk=poll_id)
