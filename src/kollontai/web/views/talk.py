# SPDX-License-Identifier: AGPL-3.0-or-later
"""The talk: speaking, answering, stating a fact, putting own words anew, erasing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.deliberation import facts, queries, rules
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.correct_fact import correct_fact
from kollontai.chapters.deliberation.acts.cover_fact import cover_fact
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.speak import speak as speak_act
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.record.act import require
from kollontai.web import marking
from kollontai.web.doing import doing
from kollontai.web.forms.issues import AnswerFactForm, CorrectFactForm, SpeakForm, SpeakOfLinesForm, WordsForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import talk, versions
from kollontai.web.showing import show
from kollontai.web.views.issues import frame_on, the_issue

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import Contribution, Issue


@for_members
def speak(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Say something on an issue; it appears at once."""
    issue = the_issue(house, number)
    place = facts.place(issue, house.me, at=house.now)
    asks = request.POST.get("stance") == "question" or request.GET.get("stance") == "question"
    require(rules.may(Doing.ASK if asks else Doing.SPEAK, place, at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Speak"),
        lead=_("Your words appear within a minute. Nobody approves them first."),
        button=_("Put it on the table"),
        done=_("Your words stand in the talk."),
    )
    form = SpeakForm.of(request, initial={"stance": request.GET.get("stance", "")})
    return doing(
        request,
        form,
        frame,
        lambda **wanted: speak_act(house.actor, issue_id=issue.pk, **wanted),
        then=lambda made: _to(house, issue, made),
    )


@for_members
def speak_of_lines(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Say something of lines of a draft; the lines come along when the draft gets a new version."""
    issue = the_issue(house, number)
    draft = get_object_or_404(issue.drafts, letter=letter)
    version = request.GET.get("version", "")
    read = int(version) if version.isdecimal() and len(version) < 5 else draft.version
    place = facts.place(issue, house.me, at=house.now)
    require(rules.may(Doing.ASK, place, at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Speak of lines of draft %(letter)s") % {"letter": letter},
        lead=_("Your words stand in the talk, and with the draft at these lines, in version %(n)s.")
        % {"n": read},
        button=_("Put it on the table"),
        done=_("Your words stand in the talk."),
    )
    initial = {name: request.GET[name] for name in ("first", "last") if name in request.GET}
    return doing(
        request,
        SpeakOfLinesForm.of(request, initial=initial),
        frame,
        lambda **wanted: speak_act(house.actor, issue_id=issue.pk, draft_id=draft.pk, version=read, **wanted),
        then=lambda made: _to(house, issue, made),
    )


@require_GET
@for_members
def voice(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """One voice with everything that answers it."""
    issue = the_issue(house, number)
    said = _voice(house, issue, voice_id)
    place = facts.place(issue, house.me, at=house.now)
    may = {doing: rules.may(doing, place, at=house.now) is None for doing in Doing}
    doors = talk.Doors(
        answers=may[Doing.ASK],
        speaks=may[Doing.SPEAK],
        facts=may[Doing.STATE_FACTS],
        late=issue.stage == Stage.REPLY,
        no_facts=facts.no_more_facts(issue, house.me, at=house.now)
        if may[Doing.STATE_FACTS]
        else frozenset(),
    )
    context = {
        "issue": issue, "voice": talk.thread(house, said, doors=doors), "said": said, "doors": doors
    }  # fmt: skip
    return show(request, "kollontai/voice.html", context, way="issues")


@for_members
def answer(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Answer somebody."""
    issue = the_issue(house, number)
    before = _voice(house, issue, voice_id)
    require(rules.may(Doing.ASK, facts.place(issue, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Answer %(name)s") % {"name": before.author.name},
        button=_("Put it on the table"),
        done=_("Your answer stands in the talk."),
    )
    return doing(
        request,
        SpeakForm.of(request),
        frame,
        lambda **wanted: speak_act(house.actor, issue_id=issue.pk, answers=before.pk, **wanted),
        then=lambda made: _to(house, issue, made),
    )


@for_members
def fact(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Answer a question of fact, as somebody who leads on the issue."""
    issue = the_issue(house, number)
    before = _voice(house, issue, voice_id)
    _require_a_fact(house, issue, before, form="answer")
    frame = frame_on(
        house,
        issue,
        title=_("Answer a question of fact"),
        button=_("State it"),
        done=_("The fact stands below the question."),
    )
    return doing(
        request,
        AnswerFactForm.of(request),
        frame,
        lambda **wanted: answer_fact(house.actor, contribution_id=before.pk, **wanted),
        then=lambda made: _to(house, issue, before),
    )


@for_members
def correct(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Correct a wrong date, sum or quotation, with its source, as somebody who leads on the issue."""
    issue = the_issue(house, number)
    before = _voice(house, issue, voice_id)
    _require_a_fact(house, issue, before, form="correction")
    frame = frame_on(
        house,
        issue,
        title=_("Correct a fact"),
        button=_("Correct it"),
        done=_("The correction stands below it."),
    )
    return doing(
        request,
        CorrectFactForm.of(request),
        frame,
        lambda **wanted: correct_fact(house.actor, contribution_id=before.pk, **wanted),
        then=lambda made: _to(house, issue, before),
    )


@for_members
def cover(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Say that a leader's fact argues."""
    issue = the_issue(house, number)
    said = _voice(house, issue, voice_id)
    require(rules.may_cover_fact(facts.covering(said, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("This “fact” argues"),
        lead=_(
            "While members talk, leaders may state facts and nothing more. If three members say that this "
            "one argues, it is covered until the stage is over: one click to read, and open again by "
            "itself. Your name stands beside it on the record."
        ),
        button=_("It argues"),
        done=_("You said that this fact argues."),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: cover_fact(house.actor, contribution_id=said.pk),
        then=lambda made: _to(house, issue, said),
    )


@for_members
def revise(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Put one's own words anew, as a visible version."""
    issue = the_issue(house, number)
    said = _voice(house, issue, voice_id)
    require(rules.may_revise(facts.revising(said, house.me, at=house.now), at=house.now))
    newest = said.versions.select_related("text").order_by("-version")[0]
    frame = frame_on(
        house,
        issue,
        title=_("Put your words anew"),
        lead=_("Both stay to be read: what you said, and what you say now."),
        button=_("Put them anew"),
        done=_("The new version stands."),
    )
    return doing(
        request,
        WordsForm.of(request, initial={"text": str(newest.text)}),
        frame,
        lambda **wanted: revise_contribution(house.actor, contribution_id=said.pk, **wanted),
        then=_to(house, issue, said),
    )


@for_members
def erase(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Erase one's own words, every version of them."""
    issue = the_issue(house, number)
    said = _voice(house, issue, voice_id)
    require(rules.may_erase(facts.erasing(said, house.me)))
    frame = frame_on(
        house,
        issue,
        title=_("Erase your words"),
        lead=_(
            "Every version goes, for everybody, at once. That you said something, and erased it, remains."
        ),
        button=_("Erase them"),
        done=_("Your words are erased."),
        weighty=True,
    )
    words = [version.text for version in said.versions.select_related("text")]
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: marking.forgetting(words, lambda: erase_contribution(house.actor, contribution_id=said.pk)),
        then=_to(house, issue, said),
    )


@require_GET
@for_members
def voice_versions(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Every version of somebody's words, and what changed."""
    issue = the_issue(house, number)
    said = _voice(house, issue, voice_id)
    found = list(said.versions.select_related("text").order_by("version"))
    texts = ["", *(str(one.text) for one in found)]
    context = {
        "issue": issue,
        "said": said,
        "back": _to(house, issue, said),
        "versions": [
            (one, versions.compare(texts[place], str(one.text)) if place else None)
            for place, one in enumerate(found)
        ],
    }
    return show(request, "kollontai/versions.html", context, way="issues")


def _require_a_fact(house: House, issue: Issue, before: Contribution, *, form: str) -> None:
    """Ask whether a fact may be stated below somebody's words, if it brings what it needs."""
    stating = facts.stating(issue, house.me, form=form, answers=before, source="given", at=house.now)
    require(rules.may_state_facts(stating, at=house.now))


def _voice(house: House, issue: Issue, voice_id: str) -> Contribution:
    return get_object_or_404(queries.said_on(issue, house.me), pk=voice_id)


def _to(house: House, issue: Issue, said: Contribution) -> str:
    """Where a voice stands: on the page of what it answers, or on its own."""
    on = said.answers_id or said.pk
    return reverse("voice", args=[house.slug, issue.number, on]) + f"#v{said.pk}"
