# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voting: the ballot, looking it over, casting it, the receipt; and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting import queries, rules
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.web.doing import do_once, say_done
from kollontai.web.forms.ballots import RankedForm, YesNoForm
from kollontai.web.forms.base import HouseForm
from kollontai.web.house import House, for_members, open_to_all
from kollontai.web.pages import polls
from kollontai.web.showing import show

if TYPE_CHECKING:
    from kollontai.chapters.voting.models import Poll


@require_GET
@open_to_all
def votes(request: HttpRequest, house: House) -> HttpResponse:
    """Votes that are open, and results."""
    running = list(queries.running(house.member, at=house.now))
    counted = list(queries.counted(house.id).visible_to(house.member)[:100])
    shown = (
        counted if house.member else [poll for poll in counted if (poll.cast or 0) >= polls.WORLD_SEES_FROM]
    )
    titles = polls.titles_of([*running, *shown])
    waiting = (
        set(queries.open_to(house.me, at=house.now).values_list("pk", flat=True)) if house.member else set()
    )
    context = {
        "running": [(poll, titles[poll.pk], poll.pk in waiting) for poll in running],
        "counted": [(poll, titles[poll.pk]) for poll in shown],
    }
    return show(request, "kollontai/votes.html", context, way="votes")


@require_GET
@open_to_all
def poll(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """One vote: its ballot while it is open, its result afterwards."""
    poll = _poll(house, poll_id)
    if poll.state == "counted":
        return _result(request, house, poll)
    return _ballot(request, house, poll, _form(request, house, poll))


@require_POST
@for_members
def look(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Look the ballot over before it is cast; a clash is named and everything typed is kept."""
    poll = _poll(house, poll_id)
    form = _form(request, house, poll)
    if not form.is_valid():
        return _ballot(request, house, poll, form, status=422)
    return show(request, "kollontai/ballot_review.html", _context(poll, form), way="votes")


@require_POST
@for_members
def cast(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Cast the ballot, once."""
    poll = _poll(house, poll_id)
    form = _form(request, house, poll)
    if not form.is_valid():
        return _ballot(request, house, poll, form, status=422)

    def perform() -> str:
        done = cast_ballot(house.actor, poll_id=poll.pk, **_wanted(form))
        say_done(request, done, _("Your ballot is in the box."))
        return reverse("ballot-receipt", args=[house.slug, poll.pk])

    return do_once(request, perform, reverse("ballot-receipt", args=[house.slug, poll.pk]))


@require_GET
@for_members
def ballot_receipt(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """What a voter takes home: the fingerprint of the ballot and its place on the record."""
    poll = _poll(house, poll_id)
    ballot = queries.own_ballot(poll, house.me)
    if ballot is None:
        return HttpResponseRedirect(reverse("poll", args=[house.slug, poll.pk]))
    entry = EntryRow.objects.filter(
        organisation=house.organisation, subject=poll.pk, kind="ballot.cast", actor=house.me.pk
    ).first()
    return show(
        request,
        "kollontai/ballot_receipt.html",
        {**_context(poll), "ballot": ballot, "entry": entry},
        way="votes",
    )


def _ballot(
    request: HttpRequest, house: House, poll: Poll, form: HouseForm, *, status: int = 200
) -> HttpResponse:
    refusal = rules.may_vote(queries.voting(poll, house.member), at=house.now)
    mine = queries.own_ballot(poll, house.member)
    context = {**_context(poll, form), "refusal": refusal, "mine": mine}
    return show(request, "kollontai/ballot.html", context, way="votes", status=status)


def _result(request: HttpRequest, house: House, poll: Poll) -> HttpResponse:
    paper = polls.paper_of(poll)
    ballots = queries.named_ballots(poll, house.member)
    context = {
        **_context(poll),
        "result": polls.result_of(poll, paper),
        "ballots": [(one.voter, polls.choice_in_words(one.choice, paper)) for one in ballots],
    }
    return show(request, "kollontai/result.html", context, way="votes")


def _poll(house: House, poll_id: str) -> Poll:
    return get_object_or_404(polls.seen_by(house), pk=poll_id)


def _form(request: HttpRequest, house: House, poll: Poll) -> HouseForm:
    kind = YesNoForm if poll.form == "yes_no" else RankedForm
    paper = polls.paper_of(poll)
    options = polls.in_order_for(paper, poll, house.member) if house.member else paper.options
    return kind.of(request, options=options)


def _wanted(form: HouseForm) -> dict[str, Any]:
    if isinstance(form, RankedForm):
        return {"ranking": [[option.id] for option in form.ranking()]}
    return {"choice": form.cleaned_data["choice"]}


def _context(poll: Poll, form: HouseForm | None = None) -> dict[str, Any]:
    return {
        "poll": poll,
        "title": polls.titles_of([poll])[poll.pk],
        "paper": polls.paper_of(poll),
        "form": form,
        "issue": polls.issue_of(poll),
    }
