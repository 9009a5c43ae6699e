# SPDX-License-Identifier: AGPL-3.0-or-later
"""An issue from a file: read, shown, raised by whoever read it; what else was in it waits for its mover."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kollontai.chapters.deliberation import facts, fromfile, importing, rules
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.importing import AmendmentRead, DraftRead, IssueRead
from kollontai.chapters.deliberation.stages import Doing
from kollontai.web.doing import do_once, say_done
from kollontai.web.forms.fromfile import IssueFileForm, RaiseFromFileForm, TableForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import issue as pages
from kollontai.web.showing import show
from kollontai.web.views.issues import the_issue


@for_members
def issue_from_file(request: HttpRequest, house: House) -> HttpResponse:
    """Read an issue from a file, and show what can be used and what cannot, line by line."""
    form = IssueFileForm.of(request)
    context: dict[str, Any] = {"form": form}
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        found = importing.read_issue(form.cleaned_data["file"].read(importing.MOST_BYTES + 1))
        beside = _table(form.cleaned_data["table"], {one.letter: one for one in found.drafts})
        units = pages.units_for_raising(house)
        mine = [unit for unit in units if str(unit.name).casefold() == found.unit.casefold()]
        context |= {
            "read": found, "beside": beside, "amendments": [*found.amendments, *beside.amendments],
            "problems": [*found.problems, *beside.problems], "unknown_unit": bool(found.unit) and not mine,
        }  # fmt: skip
        if found.whole:
            fromfile.keep(house.me, "issue", _plain(found, beside), at=house.now)
            initial = {"unit_id": mine[0].pk} if mine else {}
            context["raising"] = RaiseFromFileForm(units=units, initial=initial)
        else:
            status = 422
    return show(request, "kollontai/issue_from_file.html", context, way="issues", status=status)


@require_POST
@for_members
def raise_from_file(request: HttpRequest, house: House) -> HttpResponse:
    """Raise what was read, in one's own name; the rest of the file waits on the issue, for oneself alone."""
    back = reverse("issue-from-file", args=[house.slug])
    kept = fromfile.kept(house.me, "issue")
    form = RaiseFromFileForm.of(request, units=pages.units_for_raising(house))
    if kept is None or not form.is_valid():
        return HttpResponseRedirect(back)
    drafts = [DraftRead(**one) for one in kept["drafts"]]
    amendments = [AmendmentRead(**one) for one in kept["amendments"]]

    def perform() -> str:
        done = raise_issue(
            house.actor, unit_id=form.cleaned_data["unit_id"], title=kept["title"], text=kept["why"],
            draft_title=drafts[0].title, draft_text=drafts[0].text, big=kept["big"],
        )  # fmt: skip
        issue = done.value
        fromfile.forget(house.me, "issue")
        say_done(request, done, _("It is raised."))
        if len(drafts) > 1 or amendments:
            first = issue.drafts.get(first=True)
            fromfile.add(
                house.me, issue, drafts=drafts[1:], amendments=amendments,
                letters={drafts[0].letter: first}, at=house.now,
            )  # fmt: skip
            return reverse("from-file", args=[house.slug, issue.number])
        return reverse("issue", args=[house.slug, issue.number])

    return do_once(request, perform, back)


@for_members
def waiting(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """What waits on an issue from one's own file; and amendments read from a table."""
    issue = the_issue(house, number)
    drafts = {one.letter: one for one in issue.drafts.filter(withdrawn_at=None).order_by("put_at", "letter")}
    form = TableForm.of(request)
    context: dict[str, Any] = {"issue": issue, "form": form}
    if form.is_bound and form.is_valid():
        lines = {letter: _newest(one) for letter, one in drafts.items()}
        data = form.cleaned_data["file"].read(importing.MOST_BYTES + 1)
        found = importing.read_amendments(data, lines)
        if found.amendments:
            fromfile.add(house.me, issue, amendments=found.amendments, letters=drafts, at=house.now)
        context |= {"read": found, "problems": found.problems}
    names = {one.pk: letter for letter, one in drafts.items()}
    context |= {
        "items": [
            {**one, "to": names.get(one.get("draft_id", ""), "")} for one in fromfile.waiting(house.me, issue)
        ],
        "why_not": rules.may(Doing.PUT_DRAFT, facts.place(issue, house.me, at=house.now), at=house.now),
    }
    status = 422 if form.errors else 200
    return show(request, "kollontai/from_file.html", context, way="issues", status=status)


@require_POST
@for_members
def drop(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Let one thing of one's file wait no longer."""
    issue = the_issue(house, number)
    found = [one for one in fromfile.waiting(house.me, issue) if one["id"] == which]
    fromfile.take_out(house.me, issue, found[0] if found else None)
    return HttpResponseRedirect(reverse("from-file", args=[house.slug, issue.number]))


def _newest(draft: Any) -> int:
    return len(str(draft.versions.select_related("text").get(version=draft.version).text).split("\n"))


def _table(file: Any, drafts: dict[str, DraftRead]) -> IssueRead:
    if file is None:
        return IssueRead()
    lines = {letter: len(one.text.split("\n")) for letter, one in drafts.items()}
    return importing.read_amendments(file.read(importing.MOST_BYTES + 1), lines)


def _plain(found: IssueRead, beside: IssueRead) -> dict[str, Any]:
    return {
        "title": found.title, "why": found.why, "big": found.big,
        "drafts": [asdict(one) for one in found.drafts],
        "amendments": [asdict(one) for one in (*found.amendments, *beside.amendments)],
    }  # fmt: skip
