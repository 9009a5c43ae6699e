# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots held outside: what scrutineers take along, what they have entered, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404

from kollontai.chapters.elections import outside, rules
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.voting.models import OutsideEntry, Poll
from kollontai.web.house import House
from kollontai.web.pages.polls import seen_by


@dataclass(frozen=True)
class OutsidePage:
    """A ballot held outside, for one reader."""

    poll: Poll
    entries: list[OutsideEntry]
    why_not_scrutinise: Refusal | None
    why_not_enter: Refusal | None
    why_not_take_back: Refusal | None


def find(house: House, poll_id: str) -> Poll:
    """A vote that is held outside, if whoever looks may see it."""
    return get_object_or_404(seen_by(house).filter(box="outside"), pk=poll_id)


def page_of(house: House, poll: Poll) -> OutsidePage:
    """A ballot held outside, for one reader."""
    facts = outside.scrutinising(poll, house.member, at=house.now)
    entries = OutsideEntry.objects.filter(poll=poll).select_related("member__name", "report")
    return OutsidePage(
        poll,
        list(entries.order_by("at", "pk")),
        rules.may_scrutinise(facts),
        rules.may_enter_count(facts, at=house.now),
        rules.may_take_back_count(facts),
    )


def file_of(house: House, poll: Poll, name: str) -> tuple[str, str]:
    """What a scrutineer takes along, and its type; 404 for whoever is none."""
    roll = outside.roll_of(poll.pk, house.member, at=house.now)
    if roll is None:
        raise Http404
    if name == "roll.csv":
        return outside.roll_as_csv(roll), "text/csv; charset=utf-8"
    if name == "paper.csv":
        return outside.paper_as_csv(poll), "text/csv; charset=utf-8"
    if name == "ballots.blt":
        return outside.empty_ballot_file(poll), "text/plain; charset=utf-8"
    raise Http404
