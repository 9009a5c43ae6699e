# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads brought along from elsewhere: the list, one of them, bringing them, erasing one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kollontai.chapters.deliberation import archives as rules
from kollontai.chapters.deliberation import facts, fromfile, loomio, mails
from kollontai.chapters.deliberation.acts.erase_archive import erase_archive
from kollontai.chapters.deliberation.acts.import_archive import import_archive
from kollontai.chapters.record.act import Done, require
from kollontai.web import marking
from kollontai.web.doing import Frame, do_once, doing, say_done
from kollontai.web.forms.fromfile import ArchiveFileForm, BringForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import archives as pages
from kollontai.web.showing import show


@require_GET
@for_members
def archive(request: HttpRequest, house: House) -> HttpResponse:
    """Every thread that was brought along, the newest of them first."""
    page = Paginator(pages.listed(house), 50).get_page(request.GET.get("page", ""))
    bringing = facts.bringing(house.organisation, house.me, given=1, at=house.now)
    context = {
        "page": page,
        "threads": [(one, pages.title_of(one)) for one in page],
        "why_not_bring": rules.may_bring(bringing),
    }
    return show(request, "kollontai/archive.html", context, way="issues")


@require_GET
@for_members
def thread(request: HttpRequest, house: House, archive_id: str) -> HttpResponse:
    """One thread, to be read and nothing more."""
    one = get_object_or_404(pages.listed(house), pk=archive_id)
    context = {"one": one, "thread": pages.opened(one), "mine": one.brought_by_id == house.me.pk}
    return show(request, "kollontai/archived.html", context, way="issues")


@for_members
def bring(request: HttpRequest, house: House) -> HttpResponse:
    """Read the export of another program, and show what is in it; nothing is brought along yet."""
    require(rules.may_bring(facts.bringing(house.organisation, house.me, given=1, at=house.now)))
    form = ArchiveFileForm.of(request)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data["file"].read(loomio.MOST_ON_A_PAGE + 1)
        source, reader = ("mbox", mails.preview) if mails.is_mbox(data) else ("loomio", loomio.preview)
        found = reader(data, most=loomio.MOST_ON_A_PAGE)
        if found.threads:
            _keep(house, source, [rules.write(one) for one in found.threads])
        context["read"] = found
    context |= _waiting(house)
    return show(
        request, "kollontai/archive_bring.html", context, way="issues", status=422 if form.errors else 200
    )


@require_POST
@for_members
def bring_now(request: HttpRequest, house: House) -> HttpResponse:
    """Bring along the threads that were chosen; the others wait for some time more."""
    back = reverse("archive-bring", args=[house.slug])
    source, kept = _kept(house)
    form = BringForm.of(request, threads=_to_choose(kept))
    if not form.is_valid():
        context = {"form": ArchiveFileForm(), **_waiting(house), "bringing": form}
        return show(request, "kollontai/archive_bring.html", context, way="issues", status=422)
    chosen = set(form.cleaned_data["which"])
    names = form.cleaned_data["without"].split("\n")

    def perform() -> str:
        threads = [rules.without(rules.read(kept[at]), names) for at in sorted(chosen)]
        done = import_archive(house.actor, source=source, threads=threads)
        left = [one for at, one in enumerate(kept) if at not in chosen]
        if left:
            _keep(house, source, left)
        else:
            fromfile.forget(house.me, "archive")
        said = ngettext("%(n)s thread is brought along.", "%(n)s threads are brought along.", len(threads))
        say_done(request, done, said % {"n": len(threads)})
        return back if left else reverse("archive", args=[house.slug])

    return do_once(request, perform, back)


@for_members
def erase(request: HttpRequest, house: House, archive_id: str) -> HttpResponse:
    """Erase a thread that one brought along."""
    one = get_object_or_404(pages.listed(house), pk=archive_id)
    require(rules.may_erase(facts.erasing_archived(one, house.me)))
    frame = Frame(
        title=_("Erase this thread"),
        label=_("From elsewhere"),
        lead=_("It goes whole, for everybody, at once. That you brought it along, and erased it, remains."),
        button=_("Erase it"),
        done=_("The thread is erased."),
        weighty=True,
        back=reverse("archive", args=[house.slug]),
        way="issues",
    )

    def perform() -> Done[None]:
        return marking.forgetting([one.thread], lambda: erase_archive(house.actor, archive_id=one.pk))

    return doing(request, YesForm.of(request), frame, perform)


def _waiting(house: House) -> dict[str, Any]:
    _source, kept = _kept(house)
    if not kept:
        return {}
    choices = _to_choose(kept)
    form = BringForm(threads=choices, initial={"which": [at for at, _words in choices]})
    return {"bringing": form, "waits": len(kept), "shown": len(choices)}


def _keep(house: House, source: str, threads: list[str]) -> None:
    fromfile.keep(house.me, "archive", {"source": source, "threads": threads}, at=house.now)


def _kept(house: House) -> tuple[str, list[str]]:
    """Where the threads that wait come from, and each of them as it is written."""
    kept = fromfile.kept(house.me, "archive") or []
    if isinstance(kept, list):  # kept by a release that knew one program alone
        return "loomio", kept
    return str(kept["source"]), list(kept["threads"])


def _to_choose(kept: list[str]) -> list[tuple[str, str]]:
    """The first threads that wait, each in a line."""
    return [(str(at), pages.in_a_line(rules.read(one))) for at, one in enumerate(kept[: rules.MOST_AT_ONCE])]
