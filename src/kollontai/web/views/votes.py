# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voting: the ballot, looking it over, casting it, the receipt; how many have voted; and results."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting import queries, rules
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.boxes.sealing import draw_own_signs
from kollontai.web.doing import do_once, say_done
from kollontai.web.forms.ballots import ElectionForm, RankedForm, SecretYesNoForm, YesNoForm
from kollontai.web.forms.base import HouseForm
from kollontai.web.house import House, NotForYou, for_members, open_to_all
from kollontai.web.pages import elections, people, petitions, polls, results, undone
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
    waiting, cast = (
        (
            {poll.pk for poll in queries.open_to(house.me, at=house.now)},
            {poll.pk for poll in queries.voted_by(house.me, at=house.now)},
        )
        if house.member
        else (set(), set())
    )
    context = {
        "running": [(poll, titles[poll.pk], poll.pk in waiting, poll.pk in cast) for poll in running],
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
    if poll.state == "lost":
        context = {**_context(house, poll), "annulled": elections.ended_with(poll)}
        return show(request, "kollontai/lost_vote.html", context, way="votes")
    return _ballot(request, house, poll, _form(request, house, poll))


@require_POST
@for_members
def look(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Look the ballot over before it is cast; a clash is named and everything typed is kept."""
    poll = _poll(house, poll_id)
    form = _form(request, house, poll)
    if not form.is_valid():
        return _ballot(request, house, poll, form, status=422)
    if "code" in form.fields:  # known before it is sent: so a second press can still say it
        form.cleaned_data["code"] = form.cleaned_data["code"] or draw_own_signs()
    page = show(request, "kollontai/ballot_review.html", _context(house, poll, form), way="votes")
    return _unkept(page) if poll.box == "separated" else page


@sensitive_post_parameters()
@require_POST
@for_members
def cast(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Cast the ballot, once."""
    poll = _poll(house, poll_id)
    form = _form(request, house, poll)
    if not form.is_valid():
        return _ballot(request, house, poll, form, status=422)
    if poll.box == "separated":
        return _cast_in_secret(request, house, poll, form)

    def perform() -> str:
        done = cast_ballot(house.actor, poll_id=poll.pk, **_wanted(form))
        say_done(request, done, _("Your ballot is in the box."))
        return reverse("ballot-receipt", args=[house.slug, poll.pk])

    return do_once(request, perform, reverse("ballot-receipt", args=[house.slug, poll.pk]))


def _cast_in_secret(request: HttpRequest, house: House, poll: Poll, form: HouseForm) -> HttpResponse:
    """Cast a secret ballot and show its receipt in this one answer.

    Code and promise are kept nowhere: not in the session, a message, the key of a form or an address. So a
    second sending can only say that a ballot is in the box, and what it brings along itself: the first four
    signs of the code, if it is the same paper. The mark on the roll keeps the ballot single.
    """
    try:
        done = cast_ballot(house.actor, poll_id=poll.pk, **_wanted(form))
    except Refused as refused:
        if refused.refusal.code != "already-voted":
            raise
        context = {**_context(house, poll), "own": form.cleaned_data["code"]}
        return _unkept(show(request, "kollontai/secret_twice.html", context, way="votes"))
    context = {**_context(house, poll), "receipt": done.value}
    return _unkept(show(request, "kollontai/secret_receipt.html", context, way="votes"))


def _unkept(response: HttpResponse) -> HttpResponse:
    """Let nobody between the server and the voter's eyes keep a page, the browser included."""
    response["Cache-Control"] = "no-store"
    return response


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
        {**_context(house, poll), "ballot": ballot, "entry": entry},
        way="votes",
    )


@require_GET
@for_members
def turnout(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """How many have voted so far: what everybody may see of a vote that runs, and nothing else."""
    poll = _poll(house, poll_id)
    let_in = queries.let_in_by_letter(poll)
    context = {**_context(house, poll), "cast": queries.turnout(poll), "let_in": let_in}
    return show(request, "kollontai/turnout.html", context, way="votes")


@require_GET
@for_members
def ballot_to_print(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """The ballot on paper, as it was frozen: to think it over, or to hang on the wall."""
    poll = _poll(house, poll_id)
    return show(request, "kollontai/ballot_print.html", _context(house, poll), way="votes")


@require_GET
@open_to_all
def file(request: HttpRequest, house: House, poll_id: str, name: str) -> HttpResponse:
    """What lay in a secret box, as files: to look one's code up, to recount, to compare.

    The world recounts what it may see counted. A code beside its ballot is for members: else whoever bought
    or forced a vote would look it up from anywhere.
    """
    poll = _poll(house, poll_id)
    if house.member is None and name not in results.COUNTED:
        raise NotForYou
    made = results.file_of(poll, name, _paper(house, poll), polls.title_of(poll))
    response = HttpResponse(made.text, content_type=made.type)
    response["Content-Disposition"] = f'attachment; filename="{house.slug}-{poll.pk}-{made.name}"'
    return response


@require_GET
@for_members
def codes(request: HttpRequest, house: House, poll_id: str) -> HttpResponse:
    """Every ballot of a secret vote beside its check code. Looking for one's own happens in the browser."""
    poll = _poll(house, poll_id)
    paper = _paper(house, poll)
    page = results.codes_of(poll, paper, sign=request.GET.get("sign", ""))
    context = {**_context(house, poll), "page": page}
    return show(request, "kollontai/codes.html", context, way="votes")


def _ballot(
    request: HttpRequest, house: House, poll: Poll, form: HouseForm, *, status: int = 200
) -> HttpResponse:
    facts = queries.voting(poll, house.member)
    context = {
        **_context(house, poll, form),
        "refusal": rules.may_vote(facts, at=house.now),
        "mine": queries.own_ballot(poll, house.member) if facts.has_voted and poll.box == "open" else None,
        "marked": poll.box == "separated" and facts.has_voted,
    }
    context |= {"choices": _choices(house, context), "secrecy": _secrecy(house, context)}
    return show(request, "kollontai/ballot.html", context, way="votes", status=status)


def _result(request: HttpRequest, house: House, poll: Poll) -> HttpResponse:
    context = {**_context(house, poll), "let_in": queries.let_in_by_letter(poll)}
    paper = context["paper"]
    if poll.form == "election":
        page = results.election_result(house, poll, paper)
        return show(request, "kollontai/election_result.html", {**context, "page": page}, way="votes")
    issue = context["issue"]
    context = {
        **context,
        "result": _result_in_words(poll, context),
        "alike": results.all_alike(poll),
        "undone": undone.of_issues([issue]).get(issue.pk) if issue else None,
        "ballots": results.named(poll, house.member, paper, page=request.GET.get("page", "")),
        "looked_for": "page" in request.GET,
    }
    return show(request, "kollontai/result.html", context, way="votes")


def _result_in_words(poll: Poll, context: dict[str, Any]) -> polls.Result:
    found, recall = polls.result_of(poll, context["paper"]), context["recall"]
    if recall is None:
        return found
    return replace(found, carried=recall.recalled, steps=petitions.recall_steps(recall))


def _poll(house: House, poll_id: str) -> Poll:
    poll = polls.one_seen(house, poll_id)
    if poll is not None:
        return poll
    if house.member is None and polls.is_here(house, poll_id):
        raise NotForYou
    raise Http404


def _paper(house: House, poll: Poll) -> polls.Paper:
    if poll.form != "election":
        return polls.paper_of(poll, house.member)
    seen = f"paper:{poll.pk}:{'members' if house.member else 'world'}:{get_language()}"
    return people.kept(house.stands, seen, lambda: polls.paper_of(poll, house.member))


def _form(request: HttpRequest, house: House, poll: Poll) -> HouseForm:
    paper = _paper(house, poll)
    options = polls.in_order_for(paper, poll, house.member) if house.member else paper.options
    if poll.form == "election":
        ranks = poll.secret_box.most_ranks if poll.box == "separated" else len(options)
        return ElectionForm.of(request, options=options, ranks=ranks)
    if poll.form == "ranked":
        return RankedForm.of(request, options=options)
    return (SecretYesNoForm if poll.box == "separated" else YesNoForm).of(request, options=options)


def _wanted(form: HouseForm) -> dict[str, Any]:
    code = {"code": form.cleaned_data["code"]} if "code" in form.fields else {}
    if isinstance(form, RankedForm):
        return {"ranking": [[option.id] for option in form.ranking()], **code}
    return {"choice": form.cleaned_data["choice"], **code}


def _choices(house: House, context: dict[str, Any]) -> str:
    """The empty paper of an election: one order and nothing filled in, so it is the same for everybody."""
    poll, form = context["poll"], context["form"]
    if poll.form != "election" or form.is_bound or not house.member:
        return ""
    return _set_once(house, "ballot_election_choices", f"{poll.pk}", {**context, "house": house})


def _secrecy(house: House, context: dict[str, Any]) -> str:
    """What happens with a secret ballot. Dates are said with their year where it is another one."""
    poll = context["poll"]
    if poll.box != "separated":
        return ""
    year = localtime(house.now).year
    return _set_once(house, "secrecy", f"{poll.pk}:{year}", {"house": house, "poll": poll})


def _set_once(house: House, part: str, of: str, context: dict[str, Any]) -> str:
    """A part of a page that all readers of one language share, as long as the record stands."""
    return people.kept(
        house.stands,
        f"{part}:{of}:{get_language()}",
        lambda: render_to_string(f"kollontai/parts/{part}.html", context),
    )


def _context(house: House, poll: Poll, form: HouseForm | None = None) -> dict[str, Any]:
    election = results.election_of(house, poll)
    return {
        "poll": poll,
        "title": polls.election_title(election) if election else polls.title_of(poll),
        "paper": _paper(house, poll),
        "form": form,
        "issue": polls.issue_of(poll),
        "election": election,
        "recall": petitions.recall_of(poll),
    }
