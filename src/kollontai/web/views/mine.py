# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mine: what I did, with its place on the record; my data; my address; leaving; taking my name along."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai import clock
from kollontai.chapters.accounts import codes, tries
from kollontai.chapters.accounts.steps import tidy
from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies import rules as bodies_rules
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation import muting
from kollontai.chapters.deliberation import queries as deliberation
from kollontai.chapters.deliberation.acts.erase_amendment import erase_amendment
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.erase_draft import erase_draft
from kollontai.chapters.deliberation.acts.erase_name import erase_name
from kollontai.chapters.elections import queries as elections
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.stop_contact_change import stop_contact_change
from kollontai.chapters.petitions import queries as petitions
from kollontai.chapters.record.act import Done, require
from kollontai.web import marking
from kollontai.web.doing import Frame, do_once, doing, say_done
from kollontai.web.forms.accounts import CodeForm
from kollontai.web.forms.members import AddressForm, SoForm, SureForm, YesForm
from kollontai.web.house import House, for_ever_known, for_former, for_known, for_members
from kollontai.web.pages import elections as election_pages
from kollontai.web.pages import members as pages
from kollontai.web.pages import my_data as data
from kollontai.web.pages import own_words as words_pages
from kollontai.web.pages import record, writing_in
from kollontai.web.showing import show
from kollontai.web.views.sign_in import safe

PROVING = "address_secret"
ERASES: dict[str, Callable[..., Done[None]]] = {
    "contribution": erase_contribution,
    "draft": erase_draft,
    "amendment": erase_amendment,
}


@require_GET
@for_known
def mine(request: HttpRequest, house: House) -> HttpResponse:
    """Everything about oneself here."""
    me = house.someone
    assert me is not None
    contact = pages.contact_of(me)
    context = {
        "listed": record.newest(
            house.organisation, before=record.position_in(request.GET.get("before", "")), member_id=me.pk
        ),
        "contact": contact,
        "may_stop": rules.may_stop_contact_change(contact.pending_from, at=house.now) is None,
        "may_decline": rules.may_decline(queries.person(me)) is None,
        "terms": bodies.terms_of(me),
        "stood": election_pages.stood(me),
        "signed": petitions.mine(me),
        "offers": elections.asked_to_act(house.id, at=house.now).filter(member=me),
        "muted": pages.muted(me),
        "letters": pages.letters_for(me),
        "writing": writing_in.mine(house, contact),
    }
    return show(request, "kollontai/mine.html", context)


@require_GET
@for_ever_known
def my_data(request: HttpRequest, house: House) -> HttpResponse:
    """Everything that is kept about oneself, as a file."""
    response = HttpResponse(data.my_data(house, request.user), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{house.slug}-mine.json"'
    return response


@for_known
def address(request: HttpRequest, house: House) -> HttpResponse:
    """Ask for another address: first it is proved by a code."""
    form = AddressForm.of(request)
    frame = _address_frame(house)
    if request.method != "POST":
        require(rules.one_change_at_a_time(pages.contact_of(house.someone).pending_from))
    if not (form.is_bound and form.is_valid()):
        return show(
            request, frame.template, {"form": form, "frame": frame}, status=422 if form.is_bound else 200
        )
    contact = pages.contact_of(house.someone)
    email = tidy(form.cleaned_data["email"])
    require(rules.may_prove_contact(queries.changing(house.id, contact, email=email)))
    request.session[PROVING] = codes.new_browser()
    codes.send(email, browser=request.session[PROVING], network=tries.asking(request), at=clock.now())
    return HttpResponseRedirect(reverse("mine-address-code", args=[house.slug]))


@for_known
def address_code(request: HttpRequest, house: House) -> HttpResponse:
    """Prove the new address; the change then waits seven days, and the old address is told."""
    form, frame = CodeForm.of(request), _address_frame(house)
    if form.is_bound and form.is_valid():
        proved = codes.prove(
            form.cleaned_data["code"],
            browser=request.session.get(PROVING, ""),
            network=tries.asking(request),
            at=clock.now(),
        )
        if isinstance(proved, codes.Proved):
            return do_once(request, lambda: _ask(request, house, proved.email), frame.back)
        form.add_error("code", _("This code is not the one we sent. Tries left: %(n)s.") % {"n": proved.left})
    return show(request, frame.template, {"form": form, "frame": frame}, status=422 if form.is_bound else 200)


def _ask(request: HttpRequest, house: House, email: str) -> str:
    done = ask_contact_change(house.actor, email=email)
    say_done(request, done, _("Your new address takes effect in seven days."))
    return reverse("mine", args=[house.slug])


def _address_frame(house: House) -> Frame:
    return Frame(
        title=_("Another mail address"),
        label=_("Mine"),
        lead=_("It takes effect after seven days; the old address is told and can stop it until then."),
        button=_("Go on"),
        back=reverse("mine", args=[house.slug]),
    )


@for_known
def stop_address(request: HttpRequest, house: House) -> HttpResponse:
    """Stop a change of address before it takes effect."""
    if request.method != "POST":
        pending_from = pages.contact_of(house.someone).pending_from
        require(rules.may_stop_contact_change(pending_from, at=house.now))
    frame = Frame(
        title=_("Stop the change of address"),
        label=_("Mine"),
        button=_("Stop it"),
        done=_("The change is stopped."),
        back=reverse("mine", args=[house.slug]),
    )
    return doing(request, YesForm.of(request), frame, lambda: stop_contact_change(house.actor))


@for_known
def leave_house(request: HttpRequest, house: House) -> HttpResponse:
    """Leave, at any time and for no ground that anybody asks."""
    require(bodies_rules.may_leave(queries.person(house.someone)))
    frame = Frame(
        title=_("Leave %(name)s") % {"name": house.name},
        label=_("Mine"),
        lead=_("Your posts end with it. What you said stays yours; you can erase it afterwards too."),
        button=_("I leave"),
        done=_("You have left."),
        weighty=True,
        back=reverse("mine", args=[house.slug]),
    )
    home = reverse("home", args=[house.slug])
    return doing(request, YesForm.of(request), frame, lambda: leave(house.actor), then=home)


@require_GET
@for_former
def my_name(request: HttpRequest, house: House) -> HttpResponse:
    """What goes and what stays when somebody who is gone has their name erased; the first of two pages."""
    assert house.former is not None
    require(deliberation.may_erase_name(house.former, at=house.now))
    context = {"terms": bodies.terms_of(house.former), "contact": pages.contact_of(house.former)}
    return show(request, "kollontai/name.html", context)


@for_former
def erase_my_name(request: HttpRequest, house: House) -> HttpResponse:
    """Have one's own name erased; the second of two pages."""
    require(deliberation.may_erase_name(house.former, at=house.now))
    frame = Frame(
        title=_("Erase my name for good"),
        label=_("My name"),
        lead=_("Nobody can bring it back: not you, not members, not whoever runs the server."),
        button=_("Erase my name"),
        done=_("Your name and your address are erased. Farewell."),
        weighty=True,
        back=reverse("name", args=[house.slug]),
    )
    home = reverse("home", args=[house.slug])
    return doing(request, SureForm.of(request), frame, lambda: erase_name(house.former_actor), then=home)


@require_GET
@for_former
def own_words(request: HttpRequest, house: House) -> HttpResponse:
    """What somebody who is gone may still erase of their own."""
    assert house.former is not None
    return show(request, "kollontai/own_words.html", {"words": words_pages.of(house.former)})


@for_former
def erase_own_words(request: HttpRequest, house: House, what: str, words_id: str) -> HttpResponse:
    """Erase one of them, every version of it."""
    assert house.former is not None
    erase = ERASES.get(what)
    words = words_pages.texts_of(house.former, what, words_id) if erase else []
    if erase is None or not words:
        raise Http404
    frame = Frame(
        title=_("Erase your words"),
        label=_("My words"),
        lead=_(
            "Every version goes, for everybody, at once. That there was something, and that you erased it, "
            "remains."
        ),
        button=_("Erase them"),
        done=_("Your words are erased."),
        weighty=True,
        back=reverse("own-words", args=[house.slug]),
    )
    return doing(
        request,
        YesForm.of(request),
        frame,
        lambda: marking.forgetting(words, lambda: erase(house.former_actor, **{f"{what}_id": words_id})),
        then=reverse("own-words", args=[house.slug]),
    )


@for_members
def mute(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """Not want to see somebody's words, or want to again. Nobody else learns of it."""
    other = get_object_or_404(pages.seen_by(house.me).exclude(pk=house.me.pk), pk=member_id)
    muted = other.pk in muting.muted_by(house.me)
    form = SoForm.of(request, initial={"so": "no" if muted else "yes"})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["so"] == "no":
            muting.unmute(house.me, other.pk)
        elif not muting.mute(house.me, other.pk):
            most = {"n": muting.MOST}
            messages.warning(request, _("You have muted %(n)s people. Hear one of them again first.") % most)
        back = safe(request, request.POST.get("back", ""))
        return HttpResponseRedirect(back or reverse("mine", args=[house.slug]))
    lead = _("Their words stay where they are; you see them folded. Nobody else learns of it.")
    frame = Frame(
        title=(_("Hear %(name)s again") if muted else _("Mute %(name)s")) % {"name": other.name},
        label=_("Only for you"),
        lead=_("You see what they say folded; then you see it as all others do.") if muted else lead,
        button=_("Hear again") if muted else _("Mute"),
        back=reverse("mine", args=[house.slug]),
    )
    status = 422 if form.is_bound else 200
    return show(request, frame.template, {"form": form, "frame": frame}, status=status)
