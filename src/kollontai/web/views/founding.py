# SPDX-License-Identifier: AGPL-3.0-or-later
"""Founding, in a few calm steps; what was filled in waits in the session until the last of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kollontai import clock
from kollontai.chapters.accounts import tries
from kollontai.chapters.accounts.models import Account
from kollontai.chapters.bodies import rules
from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.charter import articles
from kollontai.chapters.members import queries as members
from kollontai.chapters.record.act import Actor, require
from kollontai.chapters.record.models import Organisation
from kollontai.followers import letters
from kollontai.ids import new_id
from kollontai.web.doing import Frame, do_once, doing, say_done
from kollontai.web.forms import founding as forms
from kollontai.web.forms.base import HouseForm
from kollontai.web.house import House, for_known
from kollontai.web.pages import demo, people
from kollontai.web.showing import show
from kollontai.web.views.account import for_accounts

_FORMS: dict[str, type[HouseForm]] = {
    "name": forms.NameForm,
    "founders": forms.FoundersForm,
    "words": forms.WordsForm,
}
STEPS = ("name", "founders", "posts", "words", "look")


def door(request: HttpRequest) -> HttpResponse:
    """The organisations that live here, and the way to found another."""
    found = list(people.organisations())
    leads = demo.leads(found) if settings.DEMO else {}
    context = {
        "organisations": [(one, leads.get(one.slug)) for one in found],
        "walk": {"tidewater", "alder-house"} <= leads.keys(),
    }
    return show(request, "kollontai/door.html", context)


@for_accounts
def begin(request: HttpRequest, me: Account) -> HttpResponse:
    """What founding is, before the first step."""
    return show(request, "kollontai/found/begin.html", {"articles": articles.read().articles})


@for_accounts
def step(request: HttpRequest, me: Account, step: str) -> HttpResponse:
    """One step: keep what was filled in, and go on to the next."""
    if step not in STEPS:
        raise Http404
    kept: dict[str, Any] = request.session.get("founding", {})
    if any(earlier not in kept for earlier in STEPS[: STEPS.index(step)]):
        return HttpResponseRedirect(reverse("found"))
    return {"posts": _posts, "look": _look}.get(step, _simple)(request, me, step, kept)


def _simple(request: HttpRequest, me: Account, step: str, kept: dict[str, Any]) -> HttpResponse:
    form_class = _FORMS[step]
    initial = kept.get(step) or ({"founders": f"…, {me.email}\n"} if step == "founders" else {})
    units = (
        forms.UnitsForm(request.POST or None, initial=kept.get("units"), auto_id="units_%s")
        if step == "founders"
        else None
    )
    form = form_class.of(request, initial=initial)
    if form.is_bound and form.is_valid() and (units is None or units.is_valid()):
        _keep(request, step, form.wanted())
        if units is not None:
            _keep(request, "units", units.wanted())
        return _next(step)
    return _show_step(request, step, {"form": form, "units": units}, 422 if form.is_bound else 200)


def _posts(request: HttpRequest, me: Account, step: str, kept: dict[str, Any]) -> HttpResponse:
    listed = forms.founders_in(kept["founders"]["founders"])
    units = forms.units_in(kept.get("units", {}).get("units", ""))
    before: list[dict[str, Any]] = kept.get("posts", [])
    sent = request.POST.get("rows", "")
    asked = sent.isdecimal() and len(sent) < 4
    shown = int(sent) if asked else max(forms.POSTS_AT_FIRST, len(before) + 1)
    rows = min(forms.MOST_POSTS, shown)
    posts = [
        forms.PostForm(
            request.POST or None,
            prefix=f"p{number}",
            initial=before[number] if number < len(before) else None,
            units=units,
            founders=listed,
        )
        for number in range(rows)
    ]
    fine = bool(request.POST) and not [post for post in posts if not post.is_valid()]
    if fine:
        given = [post.cleaned_data for post in posts if post.cleaned_data.get("title")]
        _keep(request, step, [{name: _plain(value) for name, value in one.items()} for one in given])
        return HttpResponseRedirect(request.path) if "more" in request.POST else _next(step)
    return _show_step(
        request, step, {"posts": posts, "form": forms.AgreeForm()}, 422 if request.POST else 200
    )


def _look(request: HttpRequest, me: Account, step: str, kept: dict[str, Any]) -> HttpResponse:
    proposal = _proposal(kept)
    if request.method == "POST":
        return do_once(request, lambda: _open(request, me, proposal), reverse("door"))
    context = {"proposal": proposal, "form": forms.AgreeForm(), "needed": _needed(len(proposal.listed))}
    return _show_step(request, step, context, 200)


def _open(request: HttpRequest, me: Account, proposal: Proposal) -> str:
    limits = ((tries.FOUND_BY_ACCOUNT, me.pk), (tries.FOUND_BY_NETWORK, tries.asking(request)))
    for limit, key in limits:
        tries.ask(limit, key, at=clock.now())
    actor = Actor(new_id(), new_id(), request.session.get("auth", "code"))
    done = open_founding(actor, proposal=proposal, account_id=me.pk)
    for limit, key in limits:
        tries.count(limit, key, at=clock.now())
    organisation: Organisation = done.value
    letters.ask_founders(organisation, but=actor.id)
    del request.session["founding"]
    say_done(request, done, _("The charter lies before its founders."))
    return reverse("home", args=[organisation.slug])


def _proposal(kept: dict[str, Any]) -> Proposal:
    named = kept["name"]
    origin = f"{'demo.' if settings.DEMO else ''}{settings.ORIGIN_HOST}/{named['slug']}"
    return Proposal(
        **named,
        origin=origin,
        listed=forms.founders_in(kept["founders"]["founders"]),
        units=forms.units_in(kept.get("units", {}).get("units", "")),
        posts=[forms.post_given(post, named["zone"]) for post in kept["posts"]],
        words=kept["words"]["words"],
        demo=settings.DEMO,
    )


def _needed(listed: int) -> int:
    from kollontai.chapters.bodies.rules import signatures_needed

    return signatures_needed(listed=listed, limits=articles.read().defaults("normal"))


@for_known
def sign(request: HttpRequest, house: House) -> HttpResponse:
    """Sign the charter as one of its founders."""
    if request.method != "POST":
        require(
            rules.may_sign(
                members.person(house.person),
                house.organisation.founded_at,
                members.limits_now(house.id),
                at=house.now,
            )
        )
    frame = Frame(
        title=_("Sign the charter"),
        label=_("Founding"),
        lead=_("With your name you say: under these articles I want to be a member here."),
        button=_("I sign"),
        done=_("You have signed."),
        weighty=True,
        back=reverse("home", args=[house.slug]),
    )
    account_id = request.user.pk if request.user.is_authenticated else None
    return doing(
        request, forms.AgreeForm.of(request), frame, lambda: sign_charter(house.actor, account_id=account_id)
    )


def _keep(request: HttpRequest, step: str, what: Any) -> None:
    request.session["founding"] = {**request.session.get("founding", {}), step: what}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _next(step: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("found-step", args=[STEPS[STEPS.index(step) + 1]]))


def _show_step(request: HttpRequest, step: str, context: dict[str, Any], status: int) -> HttpResponse:
    number = STEPS.index(step) + 1
    before = reverse("found-step", args=[STEPS[number - 2]]) if number > 1 else reverse("found")
    context = {**context, "step": step, "number": number, "of": len(STEPS), "before": before}
    return show(request, f"kollontai/found/{step}.html", context, status=status)
