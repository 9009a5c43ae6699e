# SPDX-License-Identifier: AGPL-3.0-or-later
"""Paper for members without a mail address: letters, labels, and the letter with a code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.record.act import require
from kollontai.web.doing import Frame
from kollontai.web.forms.letters import AddressesForm, CodeLetterForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.pages import letters as pages
from kollontai.web.pages import members, writing_in
from kollontai.web.showing import show


@never_cache
@for_members
def code_letter(request: HttpRequest, house: House, member_id: str) -> HttpResponse:
    """Vouch that somebody is let in by a letter; the second who does so is shown the code, this once."""
    other = get_object_or_404(members.seen_by(house.me), pk=member_id)
    facts = queries.lettering(house.organisation, house.me.pk, other, at=house.now)
    require(rules.may_vouch_for_code_letter(facts, at=house.now))
    first = queries.first_for_letter(other, at=house.now)
    context = {"other": other, "first": first}
    if request.method != "POST":
        frame = Frame(
            title=_("Let %(name)s in by a letter") % {"name": other.name},
            label=_("Members"),
            lead=_(
                "They have no mail address. You say: I know this person, and the letter comes into their"
                " hand. It takes two members of their unit; the second prints the letter. Both names stand on"
                " the record."
            ),
            button=_("I vouch, and print the letter") if first else _("I vouch for a letter"),
            weighty=True,
        )
        return show(request, frame.template, {"form": YesForm(), "frame": frame})
    made = vouch_for_code_letter(house.actor, member_id=other.pk).value
    form = CodeLetterForm(initial={"code": made.code, "who": other.pk})
    return show(request, "kollontai/code_letter.html", {**context, "code": made.code, "form": form})


@require_POST
@for_members
def letter(request: HttpRequest, house: House) -> HttpResponse:
    """A letter as a PDF file: what is open now, to each address; or the one with a code."""
    if "code" in request.POST:
        form = CodeLetterForm(request.POST)
        if form.is_valid():
            other = get_object_or_404(members.seen_by(house.me), pk=form.cleaned_data["who"])
            given = form.cleaned_data
            written = writing_in.lines_of(house, other)
            return as_pdf(
                pages.with_code(house, str(other.name), given["code"], given["addresses"], written), "letter"
            )
    else:
        form = AddressesForm(request.POST)
        if form.is_valid():
            return as_pdf(pages.of_notices(house, form.cleaned_data["addresses"]), "letters")
    return show(request, "kollontai/letters.html", {"form": form}, status=422)


@require_GET
@for_members
def letters(request: HttpRequest, house: House) -> HttpResponse:
    """Where addresses are typed, for letters or labels."""
    return show(request, "kollontai/letters.html", {"form": AddressesForm()})


@require_POST
@for_members
def labels(request: HttpRequest, house: House) -> HttpResponse:
    """Sheets of labels as a PDF file."""
    form = AddressesForm(request.POST)
    if form.is_valid():
        return as_pdf(pages.labels(form.cleaned_data["addresses"]), "labels")
    return show(request, "kollontai/letters.html", {"form": form}, status=422)


def as_pdf(data: bytes, name: str) -> HttpResponse:
    """A PDF file that is kept nowhere on the way."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
