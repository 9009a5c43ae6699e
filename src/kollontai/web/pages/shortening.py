# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an issue may be shortened, or was, on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kollontai.chapters.deliberation import hastening, rules, shortening
from kollontai.chapters.deliberation.models import Issue, Letter, Shortening
from kollontai.chapters.deliberation.stages import ENDED, Doing, Stage
from kollontai.chapters.members.models import Member
from kollontai.web.house import House


@dataclass(frozen=True)
class Proposal:
    """A proposal to shorten, with how many stand behind it."""

    row: Shortening
    letter: int  # its number in the letter box
    behind: int
    members: frozenset[str]


@dataclass(frozen=True)
class Hurry:
    """What all readers share: the proposals that wait, or the one by which the issue was shortened."""

    proposals: list[Proposal]
    done: Proposal | None
    needed: int


def hurry_of(issue: Issue, letters: Sequence[Letter], leaders: set[str]) -> Hurry:
    """Where shortening stands; without a letter nothing is asked of the database."""
    if not letters:
        return Hurry([], None, 0)
    numbers = {letter.pk: number for number, letter in enumerate(letters, 1)}
    rows = issue.shortenings.select_related("issue__unit", "proposed_by__name").prefetch_related("supporters")
    shown = [
        Proposal(
            row,
            numbers.get(row.letter_id, 0),
            hastening.standing(row, leaders),
            frozenset(one.member_id for one in row.supporters.all()),
        )
        for row in rows.order_by("at", "pk")
    ]
    done = next((one for one in shown if one.row.shortened_at is not None), None)
    waiting = [] if done or Stage(issue.stage) in (*ENDED, Stage.VOTE) else shown
    return Hurry(waiting, done, hastening.needed(issue, leaders) if waiting else 0)


def doors(
    issue: Issue, place: rules.Place, leaders: set[str], letters: Sequence[Letter], hurry: Hurry, house: House
) -> tuple[bool, frozenset[str]]:
    """Whether this member may propose to shorten, and behind which proposals they may stand."""
    me, at = house.me, house.now
    if place.leads or not letters or rules.may(Doing.SHORTEN, place, at=at) is not None:
        return False, frozenset()
    matter = hastening.matter(issue, leaders, at=at)
    mine = any(one.row.proposed_by_id == me.pk for one in hurry.proposals)
    backings = {
        one.row.pk: shortening.Backing(place, matter, supports=me.pk in one.members, before=one.row.before)
        for one in hurry.proposals
    }
    backs = frozenset(pk for pk, one in backings.items() if shortening.may_back(one, at=at) is None)
    return not mine and shortening.may_shorten(place, matter, at=at) is None, backs


def waiting_for(house: House, me: Member) -> list[Shortening]:
    """The proposals to shorten that wait for this member."""
    rows = Shortening.objects.visible_to(me).filter(
        issue__shortened_at=None, issue__stage__in=("talk", "answer", "reply")
    )
    rows = rows.exclude(supporters__member=me).select_related("issue__unit__name", "issue__title")
    return [
        row for row in rows.order_by("at", "pk")
        if shortening.may_back(hastening.backing(row, me, at=house.now), at=house.now) is None
    ]  # fmt: skip
