# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments: moving one, each one's page, supporting, accepting, combining; drafts compared and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation import erasing, fromfile
from kollontai.chapters.deliberation import facts as places
from kollontai.chapters.deliberation import rules as rules_of_talk
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.erase_amendment import erase_amendment
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.rules import may
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.record.act import Refusal, Refused, require
from kollontai.web import marking
from kollontai.web.doing import do_once, doing, say_done
from kollontai.web.erased import erased_how
from kollontai.web.forms.amendments import AmendForm, CombineForm, LinesForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import amendments as pages
from kollontai.web.pages import files, paper, versions
from kollontai.web.showing import show
from kollontai.web.views.issues import frame_on, the_issue
from kollontai.web.words import explain

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import Amendment, Draft, Issue


# --- Moving ------------------------------------------------------------------------------------------


@for_members
def amend(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Choose lines of a draft, change them, see the difference, and move it."""
    issue = the_issue(house, number)
    return _amend(request, house, issue, _draft(issue, letter), None)


@for_members
def amend_amendment(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """The same with the new lines of an amendment."""
    issue = the_issue(house, number)
    parent = _amendment(issue, which)
    return _amend(request, house, issue, parent.draft, parent)


def _amend(
    request: HttpRequest, house: House, issue: Issue, draft: Draft, parent: Amendment | None
) -> HttpResponse:
    require(may(Doing.PUT_DRAFT, places.place(issue, house.me, at=house.now), at=house.now))
    here = facts.amended([draft])[draft.pk]
    texts = here.motions[parent.pk].texts if parent else here.texts
    back = _to(house, issue, parent.number) if parent else _to_draft(house, issue, draft)
    context: dict[str, Any] = {
        "issue": issue, "draft": draft, "parent": parent, "back": back, "newest": texts.newest,
        "all_lines": texts.lines(texts.newest),
    }  # fmt: skip
    if request.method == "POST":
        return _typed(request, house, texts, context)
    item = fromfile.item(house.me, issue, request.GET.get("from", ""), what="amendment", draft=draft.pk)
    if item is not None and parent is None:
        wanted = fromfile.as_typed(item, texts.lines(item["version"]))
        context |= {"form": AmendForm(initial=wanted), "first": wanted["first"], "last": wanted["last"]}
        context |= {"named": item["mover"], "from_file": True}
        return show(request, "kollontai/amend.html", context, way="issues")
    lines = texts.lines(texts.newest)
    chosen = LinesForm(request.GET) if "first" in request.GET else None
    if chosen is not None and chosen.is_valid():
        first, last = chosen.cleaned_data["first"], chosen.cleaned_data["last"]
        if not first <= last <= len(lines):
            raise Refused(Refusal("lines-not-there", rules.ARTICLE))
    elif len(lines) <= pages.WHOLE_TO_EDIT:
        first, last = 1, len(lines)
    else:
        context["choose"] = chosen or LinesForm()
        return show(request, "kollontai/amend.html", context, way="issues")
    initial = {
        "text": "\n".join(lines[first - 1 : last]), "first": first, "last": last, "version": texts.newest,
    }  # fmt: skip
    context |= {"form": AmendForm(initial=initial), "first": first, "last": last, "whole": last == len(lines)}
    context["choose"] = LinesForm(initial={"first": first, "last": last})
    return show(request, "kollontai/amend.html", context, way="issues")


def _typed(request: HttpRequest, house: House, texts: Any, context: dict[str, Any]) -> HttpResponse:
    """Show what was typed as a difference, or move it; what is refused stands beside what was typed."""
    form = AmendForm(request.POST, request.FILES)
    context["form"] = form
    if form.is_valid():
        try:
            return _looked_at_or_moved(request, house, texts, context)
        except Refused as why:
            context["refused"] = explain(why.refusal, request)
    return show(request, "kollontai/amend.html", context, way="issues", status=422)


def _looked_at_or_moved(
    request: HttpRequest, house: House, texts: Any, context: dict[str, Any]
) -> HttpResponse:
    issue, draft, parent = context["issue"], context["draft"], context["parent"]
    said = context["form"].cleaned_data
    version, first, last = said["version"], said["first"], said["last"]
    if version > texts.newest:
        raise Refused(Refusal("version-unknown", rules.ARTICLE, facts={"newest": texts.newest}))
    if not 1 <= first <= last + 1 <= len(texts.lines(version)) + 1:
        raise Refused(Refusal("lines-not-there", rules.ARTICLE))
    wanted = pages.wanted(texts.lines(version), first, last, said["text"])
    if wanted is None:
        raise Refused(Refusal("changes-nothing", rules.ARTICLE))
    if "look" in request.POST:
        context |= {"look": wanted.difference, "first": first, "last": last}
        return show(request, "kollontai/amend.html", context, way="issues")

    def perform() -> str:
        done = move_amendment(
            house.actor, draft_id=draft.pk, version=version, operation=wanted.operation, first=wanted.first,
            last=wanted.last, text=wanted.text, reasons=said["reasons"],
            parent_id=parent.pk if parent else "", files=said["files"],
        )  # fmt: skip
        say_done(request, done, _("Your amendment is moved."))
        item = fromfile.item(house.me, issue, request.GET.get("from", ""), what="amendment", draft=draft.pk)
        fromfile.take_out(house.me, issue, item)
        return _to(house, issue, done.value.number)

    return do_once(request, perform, context["back"])


# --- One amendment -----------------------------------------------------------------------------------


@require_GET
@for_members
def amendment(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """One amendment: what it changes, in one list or side by side, where it stands, what one may do."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    page = pages.of_draft(house, issue, row.draft)
    context = {
        "issue": issue, "draft": row.draft, "page": page, "one": page.one(which),
        "sides": request.GET.get("as") == "sides",
        "files": files.of(house.slug, amendment=[row.pk]).get(row.pk, []),
        "may_erase": row.mover_id == house.me.pk
        and rules_of_talk.may_erase_text(erasing.erasing_amendment(row, house.me)) is None,
    }  # fmt: skip
    return show(request, "kollontai/amendment.html", context, way="issues")


@for_members
def support(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Stand behind an amendment."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    require(rules.may_support_amendment(facts.doing(row, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Support amendment %(n)s") % {"n": which},
        lead=_("You say: if it is not accepted, this should stand on the ballot. It is no vote yet."),
        button=_("I support it"),
        done=_("You support this amendment."),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: support_amendment(house.actor, amendment_id=row.pk),
        then=_to(house, issue, which),
    )


@for_members
def withdraw(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Take one's own amendment back."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    require(rules.may_withdraw_amendment(facts.doing(row, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Take amendment %(n)s back") % {"n": which},
        lead=_("It stays to be read until you erase it, and is not voted on. Amendments to it go on."),
        button=_("Take it back"),
        done=_("The amendment is taken back."),
        weighty=True,
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: withdraw_amendment(house.actor, amendment_id=row.pk),
        then=_to(house, issue, which),
    )


@for_members
def erase(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Erase one's own amendment, every version of it."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    require(rules_of_talk.may_erase_text(erasing.erasing_amendment(row, house.me)))
    frame = frame_on(
        house,
        issue,
        title=_("Erase amendment %(n)s") % {"n": which},
        lead=_(
            "Its words and its reasons go, for everybody, at once. That you moved it, and erased it, remains."
        ),
        button=_("Erase it"),
        done=_("The amendment is erased."),
        weighty=True,
    )
    words = erasing.of_amendment(row)
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: marking.forgetting(words, lambda: erase_amendment(house.actor, amendment_id=row.pk)),
        then=_to(house, issue, which),
    )


@for_members
def accept(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Take an amendment into one's own text."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    here = facts.amended([row.draft])[row.draft_id]
    require(rules.may_accept(facts.doing(row, house.me, at=house.now, here=here), at=house.now))
    frame = frame_on(
        house,
        issue,
        title=_("Accept amendment %(n)s") % {"n": which},
        lead=_("Your text becomes a new version with this change, to the letter. The earlier one stays."),
        button=_("I accept it"),
        done=_("It is part of the text."),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: accept_amendment(house.actor, amendment_id=row.pk),
        then=_to(house, issue, which),
    )


# --- Combining ---------------------------------------------------------------------------------------


@for_members
def combine(request: HttpRequest, house: House, number: int, which: int) -> HttpResponse:
    """Propose that one's own amendment and others stand as one alternative."""
    issue = the_issue(house, number)
    row = _amendment(issue, which)
    require(may(Doing.PUT_DRAFT, places.place(issue, house.me, at=house.now), at=house.now))
    page = pages.of_draft(house, issue, row.draft)
    mine = page.one(which)
    assert mine is not None
    frame = frame_on(
        house,
        issue,
        title=_("Combine amendment %(n)s") % {"n": which},
        lead=_("Combined they are one alternative on the ballot, if each has its supporters."),
        button=_("Ask their movers"),
        done=_("Their movers are asked."),
    )
    return doing(
        request,
        CombineForm.of(request, others=pages.combinable(page, mine)),
        frame,
        lambda **wanted: propose_combination(house.actor, amendment_id=row.pk, **wanted),
        then=_to(house, issue, which),
    )


@for_members
def agree(request: HttpRequest, house: House, number: int, combination_id: str) -> HttpResponse:
    """Say yes to a proposal to combine."""
    issue = the_issue(house, number)
    proposal = get_object_or_404(issue.combinations, pk=combination_id)
    rows = list(
        issue.amendments.select_related("draft", "parent")
        .filter(pk__in=proposal.amendments)
        .order_by("number")
    )
    combining = facts.combining(issue, house.me, rows, proposal=proposal, at=house.now)
    require(rules.may_agree(combining, at=house.now))
    numbers = ", ".join(str(row.number) for row in rows)
    mine = next(row for row in rows if row.mover_id == house.me.pk)
    frame = frame_on(
        house,
        issue,
        title=_("Combine amendments %(numbers)s") % {"numbers": numbers},
        lead=_("They stand on the ballot as one alternative, if each of them has its supporters."),
        button=_("I agree"),
        done=_("You agreed."),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: agree_to_combination(house.actor, combination_id=proposal.pk),
        then=_to(house, issue, mine.number),
    )


# --- Comparing and printing --------------------------------------------------------------------------


@require_GET
@for_members
def compare(request: HttpRequest, house: House, number: int, letter: str) -> HttpResponse:
    """Two versions of a draft, in one list or side by side."""
    issue = the_issue(house, number)
    draft = _draft(issue, letter)
    listed = {str(one.version): one for one in draft.versions.select_related("title", "text")}
    newest = str(draft.version)
    older = listed.get(request.GET.get("from", str(max(1, draft.version - 1))))
    newer = listed.get(request.GET.get("to", newest))
    if older is None or newer is None:
        raise Http404
    context = {
        "issue": issue, "draft": draft, "older": older, "newer": newer,
        "numbers": range(1, draft.version + 1),
        "difference": versions.compare(str(older.text), str(newer.text)),
        "gone": next((erased_how(one.text) for one in (newer, older) if one.text.erased), ""),
        "sides": request.GET.get("as") == "sides",
    }  # fmt: skip
    return show(request, "kollontai/compare.html", context, way="issues")


@require_GET
@for_members
def to_print(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """All drafts with their amendments and alternatives on one paper."""
    issue = the_issue(house, number)
    context = {"issue": issue, "drafts": paper.parts(house, issue)}
    return show(request, "kollontai/issue_print.html", context, way="issues")


@require_GET
@for_members
def as_pdf(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """The same paper as a PDF file."""
    issue = the_issue(house, number)
    try:
        made = paper.pdf(house, issue)
    except paper.TooLong:
        messages.info(request, _("There is too much on this issue for one file; print this page instead."))
        return redirect("issue-print", house.slug, number)
    except paper.NoTypeface:
        messages.info(request, _("Some signs are in no typeface of this machine; print this page instead."))
        return redirect("issue-print", house.slug, number)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="issue-{issue.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _draft(issue: Issue, letter: str) -> Draft:
    return get_object_or_404(issue.drafts.select_related("mover__name", "issue__unit"), letter=letter)


def _amendment(issue: Issue, number: int) -> Amendment:
    found = issue.amendments.select_related(
        "draft__mover__name", "draft__issue__unit", "parent", "issue__unit", "mover__unit__name"
    )
    return get_object_or_404(found, number=min(number, 10_000))


def _to(house: House, issue: Issue, number: int) -> str:
    return reverse("amendment", args=[house.slug, issue.number, number])


def _to_draft(house: House, issue: Issue, draft: Draft) -> str:
    return reverse("draft", args=[house.slug, issue.number, draft.letter])
