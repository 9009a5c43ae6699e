# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shortening an issue because of a date from outside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import facts, hastening, shortening
from kollontai.chapters.deliberation.acts.propose_shortening import propose_shortening
from kollontai.chapters.deliberation.acts.support_shortening import support_shortening
from kollontai.chapters.record.act import require
from kollontai.web.doing import doing
from kollontai.web.forms.issues import ShortenForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.views.issues import frame_on, the_issue


@for_members
def propose(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Name a letter and its date, and propose to shorten."""
    found = the_issue(house, number)
    leaders = facts.leaders_on(found, at=house.now)
    place = facts.place(found, house.me, at=house.now, leaders=leaders)
    require(shortening.may_shorten(place, hastening.matter(found, leaders, at=house.now), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("Shorten it, because of a date from outside"),
        lead=_(
            "A letter names a date that comes before the vote would end. With %(n)s members who don’t lead "
            "behind it the talk has 48 hours from then on, the answer and the reply 12 each, the vote 48; "
            "the one text is fixed, and is asked about with yes or no. Afterwards all look at when the "
            "letter came."
        )
        % {"n": hastening.needed(found, leaders)},
        button=_("Propose to shorten it"),
        done=_("You have proposed to shorten it."),
        weighty=True,
    )
    letters = found.letters.select_related("sender").order_by("at", "pk")
    form = ShortenForm.of(request, letters=list(letters))
    return doing(
        request, form, frame, lambda **wanted: propose_shortening(house.actor, issue_id=found.pk, **wanted)
    )


@for_members
def support(request: HttpRequest, house: House, number: int, which: str) -> HttpResponse:
    """Stand behind a proposal to shorten."""
    found = the_issue(house, number)
    proposal = get_object_or_404(found.shortenings.select_related("issue__unit"), pk=which)
    require(shortening.may_back(hastening.backing(proposal, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("Stand behind shortening it"),
        lead=_(
            "You say: the date is real, and this cannot wait. With the last member needed the stages have "
            "hours in place of days. It says nothing of how you will vote."
        ),
        button=_("I stand behind it"),
        done=_("You stand behind shortening it."),
        weighty=True,
    )
    return doing(
        request, YesForm.of(request), frame,
        lambda: support_shortening(house.actor, shortening_id=proposal.pk),
    )  # fmt: skip
