# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a long talk: searching in it, following it, coming to a contribution, forgetting where one was."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kollontai.chapters.deliberation import reading
from kollontai.web.doing import Frame
from kollontai.web.forms.members import SoForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import issue as pages
from kollontai.web.pages import search as searches
from kollontai.web.pages import talk
from kollontai.web.showing import show
from kollontai.web.views.issues import the_issue


@require_GET
@for_members
def search(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """What in an issue holds all the words somebody typed."""
    issue = the_issue(house, number)
    context = {"issue": issue, "found": searches.search(house, issue, request.GET.get("q", ""))}
    return show(request, "kollontai/search.html", context, way="issues")


@require_GET
@for_members
def in_talk(request: HttpRequest, house: House, number: int, voice_id: str) -> HttpResponse:
    """Go to the part of the talk in which a contribution stands."""
    all_see = pages.shared(house, number)
    if all_see is None or voice_id not in all_see.numbers:
        raise Http404
    part = talk.part_of(house, all_see, voice_id)
    if part is None:
        root = talk.root_of(all_see, voice_id)
        return HttpResponseRedirect(reverse("voice", args=[house.slug, number, root]) + f"#v{voice_id}")
    return HttpResponseRedirect(reverse("issue", args=[house.slug, number]) + f"?page={part}#v{voice_id}")


@for_members
def follow(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Follow an issue, or follow it no longer. Nobody else learns of it."""
    issue = the_issue(house, number)
    back = reverse("issue", args=[house.slug, number]) + "#talk"
    followed = reading.follows(house.me, issue)
    form = SoForm.of(request, initial={"so": "no" if followed else "yes"})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["so"] == "no":
            reading.follow_no_longer(house.me, issue)
            return HttpResponseRedirect(back)
        all_see = pages.shared(house, number)
        newest = talk.newest_of(all_see) if all_see else 0
        if not reading.follow(house.me, issue, newest=newest, today=timezone.localdate(house.now)):
            most = {"n": reading.MOST_FOLLOWED}
            messages.warning(
                request, _("You follow %(n)s issues already. Follow one of them no longer first.") % most
            )
        return HttpResponseRedirect(back)
    lead = _("When something is new on an issue you follow, one quiet line on your first page says so.")
    if followed:
        lead = _("You follow this: when something is new here, one quiet line on your first page says so.")
    frame = Frame(
        title=str(issue.title),
        label=_("Only for you"),
        lead=lead + " " + _("Nobody else learns of it."),
        button=_("Follow no longer") if followed else _("Follow"),
        back=back,
        way="issues",
        template="kollontai/follow.html",
    )
    status = 422 if form.is_bound else 200
    return show(
        request, frame.template, {"form": form, "frame": frame, "issue": issue}, way="issues", status=status
    )


@require_POST
@for_members
def forget(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Keep no longer where somebody was in this talk, nor that they follow it."""
    reading.forget(house.me, the_issue(house, number))
    return HttpResponseRedirect(reverse("issues", args=[house.slug]))
