# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issues: the list, one of them, raising one, standing behind one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.deliberation import facts, reading, rules
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.withdraw_support import withdraw_support
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.record.act import require
from kollontai.web.doing import Frame, doing
from kollontai.web.forms.base import new_key
from kollontai.web.forms.issues import LetterForm, RaiseForm, SealForm, SpeakForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members, open_to_all
from kollontai.web.pages import effects, talk
from kollontai.web.pages import issue as pages
from kollontai.web.pages import members as members_pages
from kollontai.web.pages import stages as stages_pages
from kollontai.web.showing import show

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import Issue


@require_GET
@for_members
def issues(request: HttpRequest, house: House) -> HttpResponse:
    """Issues on their way, and those that ended."""
    ended, unit_id = request.GET.get("show") == "ended", request.GET.get("unit", "")
    context = {
        "page": pages.issues(house, ended=ended, unit_id=unit_id, page=request.GET.get("page", "")),
        "ended": ended,
        "unit_id": unit_id,
        "units": members_pages.units(house),
    }
    return show(request, "kollontai/issues.html", context, way="issues")


@require_GET
@open_to_all
def stages(request: HttpRequest, house: House) -> HttpResponse:
    """Who may do what in which stage."""
    context = {"stages": stages_pages.stages(), "table": stages_pages.table()}
    return show(request, "kollontai/stages.html", context, way="issues")


@require_GET
@for_members
def issue(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """One issue: where it stands, its drafts, the talk, and one's own part in it."""
    all_see = pages.shared(house, number)
    if all_see is None:
        raise Http404
    page = pages.issue_page(house, all_see, letter=request.GET.get("draft", ""))
    where = reading.look(
        house.me, all_see.issue, newest=talk.newest_of(all_see), today=timezone.localdate(house.now)
    )
    spoken = talk.talk(
        house,
        all_see,
        stance=request.GET.get("stance", ""),
        by_time=request.GET.get("order") == "time",
        page=request.GET.get("page", ""),
        doors=talk.Doors(
            answers=not page.why_not_ask,
            speaks=not page.why_not_speak,
            facts=not page.why_not_state,
            late=all_see.issue.stage == Stage.REPLY,
            no_facts=frozenset()
            if page.why_not_state
            else facts.no_more_facts(all_see.issue, house.me, at=house.now),
        ),
        since=where.new_since,
    )
    # The form itself is made only when its fields are set anew.
    context = {"page": page, "talk": spoken, "form": SpeakForm, "form_key": new_key(), "where": where}
    return show(request, "kollontai/issue.html", context, way="issues")


@for_members
def raise_new(request: HttpRequest, house: House) -> HttpResponse:
    """Raise an issue, with a first draft."""
    frame = Frame(
        title=_("Raise something"),
        label=_("Issues"),
        lead=_("Nobody has to allow it. When enough others stand behind it, the talk begins."),
        button=_("Put it before the members"),
        done=_("It is raised."),
        back=reverse("issues", args=[house.slug]),
        way="issues",
        template="kollontai/draft_form.html",
    )
    units = pages.units_for_raising(house)
    form = RaiseForm.of(
        request,
        units=units,
        offered=effects.to_raise(house, units),
        bodies=facts.bodies_of(house.me, at=house.now),
    )
    return doing(
        request,
        form,
        frame,
        lambda **wanted: raise_issue(house.actor, **wanted),
        then=lambda made: reverse("issue", args=[house.slug, made.number]),
    )


@for_members
def support(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Stand behind bringing an issue up."""
    found = the_issue(house, number)
    require(rules.may_support(facts.supporting(found, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("Stand behind it"),
        lead=_("You say: this should be talked about. It does not say how you will vote."),
        button=_("I stand behind it"),
        done=_("You stand behind it."),
    )
    return doing(request, YesForm.of(request), frame, lambda: support_issue(house.actor, issue_id=found.pk))


@for_members
def step_back(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """No longer stand behind an issue, as long as it gathers."""
    found = the_issue(house, number)
    require(rules.may_withdraw_support(facts.supporting(found, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house, found, title=_("Step back"), button=_("I step back"), done=_("You no longer stand behind it.")
    )
    return doing(
        request, YesForm.of(request), frame, lambda: withdraw_support(house.actor, issue_id=found.pk)
    )


@for_members
def seal(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Lodge one's one sealed statement; the clock opens it when the leaders answer."""
    found = the_issue(house, number)
    place = facts.place(found, house.me, at=house.now)
    require(rules.may_seal(place, has_sealed=facts.has_sealed(found, house.me), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("A sealed statement"),
        lead=_("One for each leader and issue. It opens by itself when the leaders answer, not before."),
        button=_("Seal it"),
        done=_("Your statement is sealed."),
        weighty=True,
        kept=False,
    )
    form = SealForm.of(request)
    return doing(
        request, form, frame, lambda **wanted: seal_statement(house.actor, issue_id=found.pk, **wanted)
    )


@for_members
def letter(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Post a document from outside, whole and without comment."""
    found = the_issue(house, number)
    require(rules.may(Doing.POST_LETTER, facts.place(found, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("Letter box"),
        lead=_(
            "Something came in from outside and belongs to this. "
            "Post it whole; comment belongs into the talk."
        ),
        button=_("Post it"),
        done=_("The letter is posted."),
    )
    form = LetterForm.of(request, initial={"received_at": house.now})
    return doing(request, form, frame, lambda **wanted: post_letter(house.actor, issue_id=found.pk, **wanted))


def the_issue(house: House, number: int) -> Issue:
    """The issue of an address."""
    found = pages.find(house, number)
    if found is None:
        raise Http404
    return found


def frame_on(house: House, issue: Issue, **said: object) -> Frame:
    """The page of a form that belongs to an issue."""
    back = reverse("issue", args=[house.slug, issue.number])
    return Frame(**{"label": str(issue.title), "back": back, "way": "issues", "button": "", **said})  # type: ignore[arg-type]
