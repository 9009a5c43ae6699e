# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members: the list, one of them, joining, inviting, vouching."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kollontai.chapters.accounts.models import Account
from kollontai.chapters.members import importing, queries, rules
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.record.act import Actor, Done, require
from kollontai.followers import letters
from kollontai.ids import new_id
from kollontai.web.doing import Frame, do_once, doing, say_done
from kollontai.web.forms.members import InviteForm, JoinForm, ListForm, YesForm
from kollontai.web.house import House, for_known, for_members, open_to_all
from kollontai.web.pages import members as pages
from kollontai.web.pages.people import KEPT_FOR
from kollontai.web.showing import show


@require_GET
@for_members
def members(request: HttpRequest, house: House) -> HttpResponse:
    """Who belongs, who asks to, who was asked in, and the parts of the organisation."""
    unit_id = request.GET.get("unit", "")
    page = pages.listed(house, unit_id=unit_id, page=request.GET.get("page", ""))
    context = {
        "page": page,
        "rows_key": pages.rows_key(house, unit_id=unit_id, page=page),
        "rows_kept": 0 if house.stands.waits else KEPT_FOR,
        "units": pages.figures(house),
        "unit_id": unit_id,
        "asking": pages.waiting(house, page=request.GET.get("asking", "")),
        "asked_in": pages.asked_in(house),
    }
    return show(request, "kollontai/members.html", context)


@require_GET
@for_members
def member(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """One member: posts, and what they said and did in public."""
    shown = get_object_or_404(pages.seen_by(house.me), pk=member_id)
    return show(request, "kollontai/member.html", {"page": pages.one(house, shown)})


@open_to_all
def join(request: HttpRequest, house: House) -> HttpResponse:
    """Ask to join."""
    account = request.user
    if not isinstance(account, Account):
        return HttpResponseRedirect(f"{reverse('sign-in')}?next={request.path}")
    before = house.someone
    frame = Frame(
        title=_("Ask to join"),
        label=house.name,
        lead=_(
            "Whoever asks waits some days in the open and is then admitted by the clock. "
            "Nobody decides on you."
        )
        if house.organisation.joining == "open"
        else _("Two members vouch that they know you; then the clock admits you."),
        button=_("I ask to join"),
        done=_("You have asked to join."),
        back=reverse("home", args=[house.slug]),
    )
    actor = Actor(house.id, before.pk if before else new_id(), request.session.get("auth", "code"))

    def ask(unit_id: str, name: str) -> Done[Any]:
        email = "" if before else account.email or ""
        return apply(actor, unit_id=unit_id, name=name, email=email, account_id=account.pk)

    require(pages.why_not_join(house))
    return doing(request, JoinForm.of(request, units=pages.units(house)), frame, ask)


@for_known
def accept(request: HttpRequest, house: House) -> HttpResponse:
    """Say yes to an invitation."""
    if request.method != "POST":
        require(
            rules.may_accept(
                queries.person(house.person),
                house.organisation.founded_at,
                queries.limits_now(house.id),
                at=house.now,
            )
        )
    frame = Frame(
        title=_("Say yes"),
        label=house.name,
        lead=_("You belong from your own yes on, under the charter as it stands."),
        button=_("Yes, I join"),
        done=_("You said yes."),
        back=reverse("home", args=[house.slug]),
    )
    account_id = request.user.pk if request.user.is_authenticated else None
    return doing(
        request, YesForm.of(request), frame, lambda: accept_invitation(house.actor, account_id=account_id)
    )


@for_known
def decline(request: HttpRequest, house: House) -> HttpResponse:
    """Say no to an invitation, or take back that one asked."""
    if request.method != "POST":
        require(rules.may_decline(queries.person(house.person)))
    frame = Frame(
        title=_("Say no"),
        label=house.name,
        lead=_("Nobody asks you again. You may still ask to join by yourself one day."),
        button=_("No, thank you"),
        done=_("You said no."),
        back=reverse("home", args=[house.slug]),
    )
    return doing(request, YesForm.of(request), frame, lambda: decline_invitation(house.actor))


@for_members
def vouch_for(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """Vouch for somebody who asks to join."""
    applicant = get_object_or_404(pages.seen_by(house.me), pk=member_id)
    require(
        rules.may_vouch(
            queries.vouching(house.organisation, house.me.pk, applicant, at=house.now), at=house.now
        )
    )
    frame = Frame(
        title=_("Vouch for %(name)s") % {"name": applicant.name},
        label=_("Members"),
        lead=_("You say: I know this person, they are who they say, and may join. It stands on the record."),
        button=_("I vouch for them"),
        done=_("You have vouched."),
        back=reverse("members", args=[house.slug]) + "#waiting",
    )
    return doing(request, YesForm.of(request), frame, lambda: vouch(house.actor, member_id=applicant.pk))


@for_members
def invite_one(request: HttpRequest, house: House) -> HttpResponse:
    """Ask one person in."""
    require(rules.must_be_member(queries.person(house.me), house.organisation.founded_at))
    frame = Frame(
        title=_("Ask somebody in"),
        label=_("Members"),
        lead=_("They get a mail, and belong only by their own yes."),
        button=_("Ask them in"),
        done=_("They are asked in."),
        back=reverse("members", args=[house.slug]) + "#asked-in",
        template="kollontai/invite.html",
    )

    def ask(unit_id: str, name: str, email: str) -> Done[Any]:
        return _invite(request, house, [Invitee(name, email, unit_id)])

    return doing(request, InviteForm.of(request, units=pages.units(house)), frame, ask)


@for_members
def preview_list(request: HttpRequest, house: House) -> HttpResponse:
    """Read a list of people, and show what can be used and what cannot, line by line."""
    form = ListForm.of(request)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        units = pages.units(house)
        found = importing.preview(
            form.cleaned_data["file"].read(importing.MOST_BYTES + 1),
            known=queries.all_addresses(house.id),
            units={str(unit.name): unit.pk for unit in units},
        )
        names = {unit.pk: str(unit.name) for unit in units}
        request.session[f"invite:{house.id}"] = [asdict(row) for row in found.rows]
        request.session[f"bad:{house.id}"] = importing.write_problems(found) if found.headings else ""
        shown = [(row, names.get(row.unit, names[units[0].pk])) for row in found.rows[:200]]
        context |= {"preview": found, "shown": shown, "sending": YesForm()}
        context |= {"wrong": importing.grouped(found.problems), "to_look_at": importing.grouped(found.notes)}
        context["bad_rows"] = bool(found.problems and found.headings)
    return show(request, "kollontai/invite_list.html", context, status=422 if form.errors else 200)


@require_GET
@for_members
def bad_rows(request: HttpRequest, house: House) -> HttpResponse:
    """The lines of the list looked at last that cannot be used, as a table to mend and send again."""
    table = request.session.get(f"bad:{house.id}", "")
    if not table:
        raise Http404
    response = HttpResponse("\ufeff" + table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{house.slug}-to-mend.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@for_members
def invite_list(request: HttpRequest, house: House) -> HttpResponse:
    """Ask in everybody on the list that was looked at."""
    rows = pages.rows_from(request.session.get(f"invite:{house.id}", []))
    if request.method != "POST" or not rows:
        return HttpResponseRedirect(reverse("invite-list", args=[house.slug]))
    root = pages.units(house)[0].pk
    people = [Invitee(row.name, row.email, row.unit or root) for row in rows]
    back = reverse("members", args=[house.slug]) + "#asked-in"

    def perform() -> str:
        done = _invite(request, house, people)
        said = ngettext("%(n)s person is asked in.", "%(n)s people are asked in.", len(people))
        say_done(request, done, said % {"n": len(people)})
        for kept in ("invite", "bad"):
            request.session.pop(f"{kept}:{house.id}", None)
        return back

    return do_once(request, perform, back)


def _invite(request: HttpRequest, house: House, people: list[Invitee]) -> Done[Any]:
    done = invite(house.actor, invitees=people)
    letters.ask_in(house.organisation, done.value)
    return done
