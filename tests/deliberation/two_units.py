# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hall with two branches that may become one, each with a convenor."""

from __future__ import annotations

from typing import Any

from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.record.act import Actor
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.deliberation.hall import MEMBERS, Hall
from tests.world import founded, founders, held_by

FERRY, KILN = ("kit", "lou", "mia", "iva"), ("ola", "pam", "quin", "rhys")
"""Members of the two branches; iva and rhys lead in them."""
QUARRY = ("sol", "tam", "uma")
OF = {"Ferry Crews": FERRY, "Kiln Lane": KILN, "Quarry": QUARRY}
READY = {
    "title": "Together",
    "text": "We share a yard.",
    "draft_title": "One",
    "draft_text": "1. One branch.",
}


@prepared.once
def two_branches(now: Any) -> Hall:
    """The hall with both branches, and a third; hal leads over all."""
    world = founded(
        listed=(
            *founders(*FERRY, unit="Ferry Crews"),
            *founders(*KILN, unit="Kiln Lane"),
            *founders(*QUARRY, unit="Quarry"),
            *founders(*MEMBERS, "hal"),
        ),
        units=("Ferry Crews", "Kiln Lane", "Quarry"),
        posts=(
            held_by("hal"),
            held_by("iva", title="Convenor", unit="Ferry Crews"),
            held_by("rhys", title="Convenor", unit="Kiln Lane"),
        ),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    leaders = [world.people[name] for name in ("hal", "iva", "rhys")]
    for poll in Poll.objects.filter(about="confirmation"):
        for voter in poll.voters.exclude(member__in=leaders)[:3]:
            cast_ballot(Actor(world.id, voter.member_id, "code"), poll_id=poll.pk, choice="yes")
    now.pass_days(8)
    return Hall(world, now)


def merger(hall: Hall, merged: str = "Kiln Lane", into: str = "Ferry Crews") -> Effect:
    """That one branch becomes part of another."""
    return Effect("merge_units", from_unit=hall.world.unit(merged).pk, into_unit=hall.world.unit(into).pk)


def raised_in(hall: Hall, unit: str, *effects: Effect, by: str = "", **given: Any) -> Issue:
    """An issue of a branch, in the members' talk."""
    names = OF[unit][:3]
    words = {**READY, **given}
    issue: Issue = raise_issue(
        hall.world.actor(by or names[0]), unit_id=hall.world.unit(unit).pk, effects=list(effects), **words
    ).value
    for name in names:
        if name != (by or names[0]) and hall.fresh(issue).stage == "gathering":
            support_issue(hall.world.actor(name), issue_id=issue.pk)
    return hall.fresh(issue)


def to_the_vote(hall: Hall, issue: Issue) -> Issue:
    """An issue whose vote is open."""
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    return hall.fresh(issue)


def vote(hall: Hall, issue: Issue, *names: str, choice: str = "yes") -> Issue:
    """An issue at the vote, voted on by these and counted."""
    issue = to_the_vote(hall, issue)
    for name in names:
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice=choice)
    return hall.turned(issue)


def says_yes(hall: Hall, unit: str, effect: Effect | None = None) -> Issue:
    """A branch votes for the merger."""
    issue = raised_in(hall, unit, effect or merger(hall))
    return vote(hall, issue, *OF[unit][:3])


def both_at_the_vote(hall: Hall) -> list[Issue]:
    """Both branches vote on the merger; Kiln Lane is to become part of Ferry Crews."""
    issues = [raised_in(hall, unit, merger(hall)) for unit in ("Kiln Lane", "Ferry Crews")]
    return [to_the_vote(hall, issue) for issue in issues]


def both_carry(hall: Hall, issues: list[Issue]) -> None:
    """Both votes carry on the same evening, which merges the two."""
    for issue, names in zip(issues, (KILN, FERRY), strict=True):
        for name in names[:3]:
            cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice="yes")
    hall.turned(issues[0])
    assert hall.world.unit("Kiln Lane").merged_at is not None


def merged(hall: Hall) -> None:
    """Kiln Lane has become part of Ferry Crews."""
    both_carry(hall, both_at_the_vote(hall))
