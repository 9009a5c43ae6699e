# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts: putting one, supporting one, revising and withdrawing one's own, every version of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.deliberation import erasing, facts, fromfile, rules
from kollontai.chapters.deliberation.acts.erase_draft import erase_draft
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.record.act import Done, require
from kollontai.web import marking, texts
from kollontai.web.doing import doing
from kollontai.web.forms.issues import DraftForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import amendments, effects, files, versions
from kollontai.web.showing import show
from kollontai.web.views.issues import frame_on, the_issue

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import Draft, Issue


@for_members
def put(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Put a whole draft beside the others."""
    issue = the_issue(house, number)
    require(rules.may(Doing.PUT_DRAFT, facts.place(issue, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Put a draft"),
        lead=_("With %(n)s supporters it comes on the ballot beside the others.") % {"n": issue.needed},
        button=_("Put it beside the others"),
        done=_("Your draft is put."),
        template="kollontai/draft_form.html",
    )
    item = fromfile.item(house.me, issue, request.GET.get("from", ""), what="draft")

    def perform(**wanted: Any) -> Done[Any]:
        done = put_draft(house.actor, issue_id=issue.pk, **wanted)
        fromfile.draft_put(house.me, issue, item, done.value)
        return done

    initial = {"title": item["title"], "text": item["text"]} if item else {}
    return doing(
        request,
        DraftForm.of(
            request,
            offered=effects.to_draft(house, issue),
            initial=initial,
        ),
        frame,
        perform,
        then=lambda made: _to(house, issue, made),
    )


@require_GET
@for_members
def draft(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """One draft with its amendments, and what its newest version changed."""
    issue = the_issue(house, number)
    found = _draft(issue, letter)
    listed = list(found.versions.select_related("title", "text").order_by("-version")[:2])
    newest, before = listed[0], listed[1] if len(listed) > 1 else None
    kept = not newest.text.erased and (before is None or not before.text.erased)
    amended = amendments.of_draft(house, issue, found)
    context = {
        "issue": issue,
        "draft": found,
        "newest": newest,
        "amended": amended,
        "files": files.of(house.slug, draft=[found.pk]).get(found.pk, []),
        "parts": texts.parts(str(newest.text)),
        "numbered": [
            (line, amended.touched.get(at, [])) for at, line in enumerate(str(newest.text).split("\n"), 1)
        ],
        "supporters": found.supporters.count(),
        "changes": effects.of_drafts([found.pk]).get(found.pk, []),
        "difference": versions.compare(str(before.text), str(newest.text)) if before and kept else None,
        "may_erase": found.mover_id == house.me.pk
        and rules.may_erase_text(erasing.erasing_draft(found, house.me)) is None,
    }
    return show(request, "kollontai/draft.html", context, way="issues")


@for_members
def support(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Stand behind bringing a draft to the vote."""
    issue = the_issue(house, number)
    found = _draft(issue, letter)
    require(rules.may_support_draft(facts.drafting(issue, house.me, found, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Support draft %(letter)s") % {"letter": letter},
        lead=_("You say: this should stand on the ballot. It does not say how you will vote."),
        button=_("I support it"),
        done=_("You support this draft."),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: support_draft(house.actor, draft_id=found.pk),
        then=_to(house, issue, found),
    )


@for_members
def revise(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Put one's own draft anew; every earlier version stays readable."""
    issue = the_issue(house, number)
    found = _draft(issue, letter)
    require(rules.may_revise_draft(facts.drafting(issue, house.me, found, at=house.now), at=house.now))
    newest = found.versions.select_related("title", "text").order_by("-version")[0]
    declared = effects.declared_by(found)
    frame = frame_on(
        house,
        issue,
        title=_("Revise draft %(letter)s") % {"letter": letter},
        lead=_("Every earlier version stays readable."),
        button=_("Put it anew"),
        done=_("The new version stands."),
        template="kollontai/draft_form.html",
    )
    return doing(
        request,
        DraftForm.of(
            request,
            offered=effects.to_draft(house, issue, declared),
            declared=declared,
            initial={"title": str(newest.title), "text": str(newest.text)},
        ),
        frame,
        lambda **wanted: revise_draft(house.actor, draft_id=found.pk, **wanted),
        then=_to(house, issue, found),
    )


@for_members
def withdraw(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Take one's own draft back, until the vote opens."""
    issue = the_issue(house, number)
    found = _draft(issue, letter)
    require(rules.may_withdraw_draft(facts.drafting(issue, house.me, found, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Take draft %(letter)s back") % {"letter": letter},
        lead=_("It stays to be read until you erase it, and is not voted on."),
        button=_("Take it back"),
        done=_("The draft is taken back."),
        weighty=True,
    )
    return doing(request, YesForm.of(request), frame, lambda: withdraw_draft(house.actor, draft_id=found.pk))


@for_members
def erase(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Erase one's own draft, every version of it."""
    issue = the_issue(house, number)
    found = _draft(issue, letter)
    require(rules.may_erase_text(erasing.erasing_draft(found, house.me)))
    frame = frame_on(
        house,
        issue,
        title=_("Erase draft %(letter)s") % {"letter": letter},
        lead=_(
            "Every version goes, for everybody, at once. That you put it, what it would have changed by "
            "itself, and that you erased it, remain."
        ),
        button=_("Erase it"),
        done=_("The draft is erased."),
        weighty=True,
    )
    words = erasing.of_draft(found)
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: marking.forgetting(words, lambda: erase_draft(house.actor, draft_id=found.pk)),
        then=reverse("draft", args=[house.slug, issue.number, letter]),
    )


def _draft(issue: Issue, letter: str) -> Draft:
    return get_object_or_404(issue.drafts.select_related("mover__name", "mover__unit__name"), letter=letter)


def _to(house: House, issue: Issue, draft: Draft) -> str:
    return reverse("issue", args=[house.slug, issue.number]) + f"?draft={draft.letter}#drafts"
