# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calling a matter a big decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import classes, weighing
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.record.act import require
from kollontai.web.doing import doing
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members
from kollontai.web.views.issues import frame_on, the_issue


@for_members
def call(request: HttpRequest, house: House, number: int) -> HttpResponse:
    """Say that a matter is a big decision."""
    found = the_issue(house, number)
    require(classes.may_call_big(weighing.calling(found, house.me, at=house.now), at=house.now))
    frame = frame_on(
        house,
        found,
        title=_("Call it a big decision"),
        lead=_(
            "With %(n)s members it has the times of a big decision, and the talk begins anew, in full. It "
            "says nothing of how you will vote. You cannot take it back."
        )
        % {"n": found.needed},
        button=_("It is a big decision"),
        done=_("You have called it a big decision."),
        weighty=True,
    )
    return doing(request, YesForm.of(request), frame, lambda: call_big(house.actor, issue_id=found.pk))
