# SPDX-License-Identifier: AGPL-3.0-or-later
"""Written in by a neighbour: who may, writing words and support in, the slip, and undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kollontai import clock
from kollontai.chapters.accounts import once, slips, tries
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.record.act import Actor, Done, require
from kollontai.chapters.writing_in import queries, rules
from kollontai.chapters.writing_in.acts.end_naming import end_naming
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.undo_writing import undo_writing
from kollontai.chapters.writing_in.acts.write_in_support import write_in_support
from kollontai.chapters.writing_in.acts.write_in_words import write_in_words
from kollontai.web.doing import Frame, doing, sender_of
from kollontai.web.forms.base import HouseForm, new_key
from kollontai.web.forms.members import YesForm
from kollontai.web.forms.writing_in import (
    SlipForm,
    SupportInForm,
    UndoBySlipForm,
    WordsInForm,
    WrittenLetterForm,
)
from kollontai.web.house import House, for_known, for_members, open_to_all
from kollontai.web.pages import members, writing_in
from kollontai.web.showing import show
from kollontai.web.views.issues import frame_on, the_issue
from kollontai.web.views.letters import as_pdf

# --- Who for whom ------------------------------------------------------------------------------------


@for_members
def name(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """Name a member who may write in for oneself."""
    other = get_object_or_404(members.seen_by(house.me), pk=member_id)
    require(
        rules.may_name_writer(queries.naming(house.organisation, house.me, other, at=house.now), at=house.now)
    )
    frame = Frame(
        title=_("Let %(name)s write in for me") % {"name": other.name},
        label=_("Mine"),
        lead=_(
            "For whoever has no mail address. They may put your words into a talk and put you behind an"
            " issue, a draft or an amendment: in your name, with theirs beside it. You get a slip for each"
            " and can undo it. They never vote for you."
        ),
        button=_("They may write in for me"),
        done=_("They may write in for you."),
        weighty=True,
        back=reverse("mine", args=[house.slug]) + "#writing-in",
    )
    return doing(request, YesForm.of(request), frame, lambda: name_writer(house.actor, writer_id=other.pk))


@for_members
def end(request: HttpRequest, house: House, naming_id: str) -> HttpResponse:
    """No longer let somebody write in, or no longer write in for somebody."""
    if not queries.is_in(house.me, naming_id):
        raise Http404
    frame = Frame(
        title=_("End it"),
        label=_("Mine"),
        lead=_("From here on nothing more is written in. What was stays, and can be undone as before."),
        button=_("End it"),
        done=_("It is ended."),
        back=reverse("mine", args=[house.slug]) + "#writing-in",
    )
    return doing(request, YesForm.of(request), frame, lambda: end_naming(house.actor, naming_id=naming_id))


# --- Writing in --------------------------------------------------------------------------------------


@never_cache
@for_members
def words(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Put a neighbour's words into the talk; the slip is shown, this once."""
    issue = the_issue(house, number)
    asks = request.POST.get("stance") == "question"
    require(writing_in.why_not_write_in(house, issue, Doing.ASK if asks else Doing.SPEAK))
    frame = frame_on(
        house,
        issue,
        title=_("Write in words for a neighbour"),
        lead=_(
            "They stand in the talk under their name, with yours beside it. You then print the slip for them."
        ),
        button=_("Write it in"),
        kept=False,
    )
    form = WordsInForm.of(request, neighbours=writing_in.neighbours(house.me))
    return _written(
        request, house, form, frame, lambda: write_in_words(house.actor, issue_id=issue.pk, **form.wanted())
    )


@never_cache
@for_members
def support(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Put a neighbour behind something; the slip is shown, this once."""
    issue = the_issue(house, number)
    require(writing_in.why_not_write_in(house, issue, writing_in.doing_of(issue)))
    frame = frame_on(
        house,
        issue,
        title=_("Write in support for a neighbour"),
        lead=_(
            "It counts as theirs, and everybody reads that you wrote it in. You then print the slip for them."
        ),
        button=_("Write it in"),
        kept=False,
    )
    form = SupportInForm.of(
        request, neighbours=writing_in.neighbours(house.me), supported=writing_in.to_support(issue)
    )
    return _written(request, house, form, frame, lambda: write_in_support(house.actor, **form.wanted()))


def _written(
    request: HttpRequest, house: House, form: HouseForm, frame: Frame, perform: Callable[[], Done[Any]]
) -> HttpResponse:
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "frame": frame}
        return show(request, frame.template, context, way=frame.way, status=422 if form.is_bound else 200)
    key, sender = request.POST.get("form_key") or new_key(), sender_of(request)
    if once.take(key, of=sender, at=clock.now()):
        messages.info(request, _("You sent this form before. It stands once; its slip was shown then."))
        return HttpResponseRedirect(frame.back)
    try:
        made = perform().value
    except BaseException:
        once.give_back(key, of=sender)
        raise
    once.done(key, frame.back, of=sender)
    one = writing_in.by_id(house, made.pk)
    slip_form = SlipForm(initial={"code": made.slip, "write_in": made.pk})
    context = {"one": one, "code": made.slip, "form": slip_form, "back": frame.back}
    return show(request, "kollontai/slip.html", context, way=frame.way)


@require_POST
@for_members
def slip_pdf(request: HttpRequest, house: House) -> HttpResponse:
    """The slip as a PDF file, for whoever wrote it in."""
    form = SlipForm(request.POST)
    if not form.is_valid():
        return show(request, "kollontai/letters.html", {"form": form}, status=422)
    given = form.cleaned_data
    one = writing_in.by_id(house, given["write_in"])
    if one is None or one.made.writer_id != house.me.pk:
        raise Http404
    return as_pdf(writing_in.slip(house, one, given["code"], given["addresses"]), "slip")


# --- What was written in -----------------------------------------------------------------------------


@for_members
def written(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """Everything written in for a member; as a letter to them, where they have no mail address."""
    other = get_object_or_404(members.seen_by(house.me), pk=member_id)
    form = WrittenLetterForm.of(request)
    if request.method == "POST" and form.is_valid():
        return as_pdf(writing_in.letter(house, other, form.cleaned_data["addresses"]), "written-in")
    context = {"other": other, "written": writing_in.written_for(house, other), "form": form}
    return show(request, "kollontai/written_in.html", context, status=422 if form.is_bound else 200)


@for_known
def undo(request: HttpRequest, house: House, write_in_id: str) -> HttpResponse:
    """Say that something written in is not one's own."""
    one = writing_in.by_id(house, write_in_id)
    if one is None or one.made.member_id != house.actor.id:
        raise Http404
    require(rules.may_undo(queries.undoing(one.made, house.actor.id, slip=""), at=house.now))
    frame = Frame(
        title=_("Undo what %(name)s wrote in") % {"name": one.made.writer.name},
        label=_("Mine"),
        lead=_("%(what)s. Support then counts no longer; words stay and are marked as not yours.")
        % {"what": one.what},
        button=_("It is not mine: undo it"),
        done=_("It is undone."),
        weighty=True,
        back=reverse("mine", args=[house.slug]) + "#writing-in",
    )
    return doing(
        request, YesForm.of(request), frame, lambda: undo_writing(house.actor, write_in_id=one.made.pk)
    )


@never_cache
@open_to_all
def by_slip(request: HttpRequest, house: House) -> HttpResponse:
    """Undo by the code on a slip, without signing in; misses are counted by network."""
    form = UndoBySlipForm.of(request)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        one = writing_in.by_id(
            house, slips.enter(code, network=tries.asking(request), at=clock.now()) or "none"
        )
        if one is not None:
            who = Actor(house.id, one.made.member_id, "code")
            undo_writing(who, write_in_id=one.made.pk, slip=code)
            return show(request, "kollontai/slip_undone.html", {"one": one})
        form.add_error("code", _("This code undoes nothing. It is good for 28 days and five tries."))
    return show(request, "kollontai/slip_undo.html", {"form": form}, status=422 if form.is_bound else 200)
