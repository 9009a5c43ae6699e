# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions: which run, one of them, signing, taking it back, opening one. No page names a signer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.petitions import queries
from kollontai.chapters.petitions.acts.draw_sample import draw_sample
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.report_sample import report_sample
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.record.act import require
from kollontai.web.doing import Frame, doing
from kollontai.web.forms.members import YesForm
from kollontai.web.forms.petitions import DrawForm, QuestionForm, RecallForm, SampleForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import petitions as pages
from kollontai.web.pages import posts
from kollontai.web.showing import show


@require_GET
@for_members
def petitions(request: HttpRequest, house: House) -> HttpResponse:
    """Petitions that run, and what came of the others."""
    running, ended = pages.lists(house)
    context = {"running": running, "ended": ended, "why_not_ask": pages.may_open_question(house)}
    return show(request, "kollontai/petitions.html", context, way="votes")


@require_GET
@for_members
def petition(request: HttpRequest, house: House, petition_id: str) -> HttpResponse:
    """One petition: its words, how far it has come, one's own signature."""
    page = pages.one(house, pages.find(house, petition_id))
    return show(request, "kollontai/petition.html", {"page": page, "form": YesForm()}, way="votes")


@for_members
def sign(request: HttpRequest, house: House, petition_id: str) -> HttpResponse:
    """Sign, for oneself; the name stands on no page."""
    found = pages.find(house, petition_id)
    if request.method != "POST":
        require(pages.one(house, found).why_not_sign)
    frame = _frame(
        house,
        title=_("Sign: %(title)s") % {"title": found.title},
        lead=_("On the record an alias signs that is made for this petition alone. You can take it back.")
        + (f" {pages.beside(house)}" if found.units_needed > 1 else ""),
        button=_("I sign"),
        done=_("You have signed."),
        back=reverse("petition", args=[house.slug, found.pk]),
    )
    return doing(
        request, YesForm.of(request), frame, lambda: sign_petition(house.actor, petition_id=found.pk)
    )


@for_members
def take_back(request: HttpRequest, house: House, petition_id: str) -> HttpResponse:
    """Take one's signature back; no ground is asked."""
    found = pages.find(house, petition_id)
    if request.method != "POST":
        require(pages.one(house, found).why_not_withdraw)
    frame = _frame(
        house,
        title=_("Take your signature back"),
        lead=_("No ground is asked. After an hour you may sign anew."),
        button=_("Take it back"),
        done=_("Your signature is taken back."),
        back=reverse("petition", args=[house.slug, found.pk]),
    )
    return doing(
        request, YesForm.of(request), frame, lambda: withdraw_signature(house.actor, petition_id=found.pk)
    )


@for_members
def draw(request: HttpRequest, house: House, petition_id: str) -> HttpResponse:
    """Draw a sample of the signatures, as an elected scrutineer."""
    found = pages.find(house, petition_id)
    if request.method != "POST":
        require(pages.one(house, found).why_not_draw)
    frame = _frame(
        house,
        title=_("Draw signatures by lot"),
        lead=_(
            "One in ten, by words of yours. You alone are shown who they are, to ask each whether they "
            "signed. They read on the petition’s page that they were drawn."
        ),
        button=_("Draw"),
        done=_("Drawn. Ask each of them whether they signed, and tell nobody who they are."),
        label=str(found.title),
        back=reverse("petition", args=[house.slug, found.pk]),
    )
    return doing(
        request,
        DrawForm.of(request),
        frame,
        lambda **given: draw_sample(house.actor, petition_id=found.pk, **given),
        then=reverse("petition-sample", args=[house.slug, found.pk]),
    )


@for_members
def sample(request: HttpRequest, house: House, petition_id: str) -> HttpResponse:
    """Whom a scrutineer drew, for them alone, and what those answered."""
    found = pages.find(house, petition_id)
    if request.method != "POST":
        require(pages.one(house, found).why_not_report)
    people = queries.drawn_by(found, house.me, at=house.now)
    frame = _frame(
        house,
        title=_("Whom you drew"),
        lead=_(
            "Ask each of them whether they signed. When you have reported, their names are shown no more."
        ),
        button=_("Report"),
        done=_("You have reported. Everybody reads the numbers; the names are shown to nobody any more."),
        label=str(found.title),
        back=reverse("petition", args=[house.slug, found.pk]),
        template="kollontai/sample.html",
        more={"people": people},
    )
    return doing(
        request,
        SampleForm.of(request),
        frame,
        lambda **given: report_sample(house.actor, petition_id=found.pk, **given),
    )


@for_members
def ask_all(request: HttpRequest, house: House) -> HttpResponse:
    """Put a question to all members, and sign it first."""
    require(pages.may_open_question(house))
    frame = _frame(
        house,
        title=_("Put a question to all members"),
        lead=_(
            "With enough signatures it comes into the members’ talk and then to the vote by itself, whoever "
            "likes it or not. You sign it first; your name stands nowhere."
        )
        + f" {pages.beside_a_question(house)}",
        button=_("Open it, and sign"),
        done=_("It is open, and you have signed it."),
        back=reverse("petitions", args=[house.slug]),
    )
    return doing(
        request,
        QuestionForm.of(request),
        frame,
        lambda **wanted: open_petition(house.actor, about="question", **wanted),
        then=lambda made: reverse("petition", args=[house.slug, made.pk]),
    )


@for_members
def ask_recall(request: HttpRequest, house: House, term_id: str) -> HttpResponse:
    """Ask whether the holder of a post shall lose it, and sign it first."""
    term = posts.term(house, term_id)
    require(pages.may_open_recall(house, term))
    frame = _frame(
        house,
        title=_("Ask for the recall of %(name)s") % {"name": term.member.name},
        lead=_(
            "With enough signatures all who elect this post vote on it, in secret. You sign it first; your "
            "name stands nowhere."
        ),
        button=_("Open it, and sign"),
        done=_("It is open, and you have signed it."),
        weighty=True,
        back=reverse("post", args=[house.slug, term.post_id]),
        label=str(term.post.title),
    )
    return doing(
        request,
        RecallForm.of(request),
        frame,
        lambda **wanted: open_petition(house.actor, about="recall", term_id=term.pk, **wanted),
        then=lambda made: reverse("petition", args=[house.slug, made.pk]),
    )


def _frame(house: House, **more: Any) -> Frame:
    return Frame(**{"label": _("Petitions"), "way": "votes", "protected": True, **more})
