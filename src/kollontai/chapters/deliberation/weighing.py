# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a matter becomes a big decision, and which effects are fixed: facts and steps for classes.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kollontai.chapters.charter.queries import articles_of, quiet_days
from kollontai.chapters.deliberation import classes, effects, facts, steps
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import BigCall, DraftEffects, Issue, StageRow
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.members.models import Member, Standing, Unit
from kollontai.chapters.record.act import Act, require
from kollontai.openrecord.kinds.charter import IssueMadeBig

# --- Facts -------------------------------------------------------------------------------------------


def call_until(issue: Issue) -> datetime | None:
    """Until when members may call a matter big; None where no talk is on."""
    if issue.stage != Stage.TALK.value or issue.weight == classes.BIG:
        return None
    days = issue.limits.get(classes.CALL_DAYS)
    if days is None:  # it was raised before there was this limit
        days = articles_of(issue.organisation_id).defaults(issue.organisation.preset)[classes.CALL_DAYS]
    quiet = frozenset[date]().union(*quiet_days(issue.organisation_id).values())
    until = classes.call_until(issue.stage_began_at, days, issue.organisation.zone, quiet)
    return until if issue.stage_ends_at is None else min(until, issue.stage_ends_at)


def calling(
    issue: Issue, member: Member | None, *, at: datetime, leaders: set[str] | None = None
) -> classes.Calling:
    """Facts for calling a matter a big decision."""
    return classes.Calling(
        place=facts.place(issue, member, at=at, leaders=leaders),
        weight=issue.weight,
        called=member is not None and issue.big_calls.filter(member=member).exists(),
        until=call_until(issue),
    )


def calls_that_count(issue: Issue, leaders: set[str]) -> int:
    """How many members who are no leaders on it call a matter big."""
    calls = BigCall.objects.filter(issue=issue, member__standing=Standing.MEMBER)
    return calls.exclude(member__in=leaders).count()


def fixed_effects(issue: Issue) -> list[tuple[Effect, ...]]:
    """What each draft declared that stood when the members' talk ended."""
    ended = StageRow.objects.filter(issue=issue, stage=Stage.ANSWER.value).first()
    if ended is None:
        return []
    standing = []
    for draft in issue.drafts.filter(put_at__lt=ended.began_at):
        if draft.withdrawn_at is not None and draft.withdrawn_at < ended.began_at:
            continue
        version = draft.versions.filter(at__lt=ended.began_at).order_by("-version").first()
        declared = version and DraftEffects.objects.filter(draft=draft, version=version.version).first()
        if declared:
            standing.append(effects.read(str(declared.effects)))
    return standing


# --- Declaring ---------------------------------------------------------------------------------------


def weight_for(unit: Unit, declared: Sequence[Effect], *, big: bool) -> str:
    """The weight of an issue that is raised now: nobody chooses shorter times than its effects need."""
    if big or effects.any_needs_long_times(declared, facts.ground(unit, "", declared)):
        return classes.BIG
    return "ordinary" if unit.parent_id is None else "unit"


def require_declarable(issue: Issue, declared: Sequence[Effect], *, at: datetime) -> None:
    """Ask whether a draft on this issue may declare such effects now; Refused says why not."""
    stage = Stage(issue.stage)
    ground = facts.ground(issue.unit, issue.weight, declared, issue, at=at)
    needs = effects.any_needs_long_times(declared, ground)
    if stage in classes.FIXED and declared:
        require(classes.may_still_declare(declared, stage, fixed_effects(issue)))
    if classes.raises(issue.weight, stage, needs_long_times=needs):
        ground = facts.ground(issue.unit, classes.BIG, declared, issue, at=at)
    require(effects.may_declare(declared, ground))


def make_big_when_needed(this: Act, issue: Issue, declared: Sequence[Effect]) -> None:
    """After a draft was put or revised: its effects may make the matter big."""
    needs = effects.any_needs_long_times(declared, facts.ground(issue.unit, issue.weight, declared))
    if classes.raises(issue.weight, Stage(issue.stage), needs_long_times=needs):
        make_big(this, issue, why="effect")


def make_big_when_enough(this: Act, issue: Issue) -> None:
    """With the last call needed the matter is a big decision; nobody decides whether."""
    if calls_that_count(issue, facts.leaders_on(issue, at=this.at)) >= issue.needed:
        make_big(this, issue, why="members")


def make_big(this: Act, issue: Issue, *, why: str) -> None:
    """Give a matter the times of a big decision, and let its talk begin anew in full.

    What it was born with stays, also where the charter has changed since.
    """
    kept = steps.limits_kept(this, classes.BIG)
    issue.weight = classes.BIG
    issue.limits = {key: issue.limits.get(key, value) for key, value in kept.items()}
    issue.made_big_at, issue.made_big_why = this.at, why
    issue.save(update_fields=["weight", "limits", "made_big_at", "made_big_why"])
    this.record(IssueMadeBig(issue=issue.pk, why=why, limits=issue.limits))
    this.cancel_deadlines("deliberation.advance", subject=issue.pk)
    steps.begin_stage(this, issue, Stage.TALK, due=None)
