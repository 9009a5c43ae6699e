# SPDX-License-Identifier: AGPL-3.0-or-later
"""How members shorten an issue: facts and steps for shortening.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kollontai.chapters.deliberation import (
    amendment_steps,
    facts,
    foreseeing,
    shortening,
    steps,
    timetable,
    words,
)
from kollontai.chapters.deliberation.comparing import limits_with, with_merged
from kollontai.chapters.deliberation.models import (
    Draft,
    Issue,
    Letter,
    Shortening,
    ShorteningSupporter,
    StageRow,
)
from kollontai.chapters.deliberation.stages import TIMED, Stage, days_key
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import accepted_in
from kollontai.chapters.record.act import Act
from kollontai.openrecord.kinds.timing import IssueShortened

# --- Facts -------------------------------------------------------------------------------------------


def limits_of(issue: Issue) -> dict[str, int]:
    """The limits an issue was born with, and the hours it would have."""
    return limits_with(issue, (*timetable.WHO_SHORTENS, *map(timetable.hours_key, TIMED)))


def matter(issue: Issue, leaders: set[str], *, at: datetime) -> shortening.Matter:
    """What is known of an issue that somebody wants to shorten."""
    offered = amendment_steps.offered(issue, leaders, at=at)
    single = Draft.objects.get(pk=offered[0].draft) if len(offered) == 1 else None
    lately = Issue.objects.filter(unit__in=with_merged([issue.unit]), shortened_at__gt=at - shortening.YEAR)
    limits = limits_of(issue)
    would, may = ends_of(issue, at=at)
    return shortening.Matter(
        weight=issue.weight,
        texts=len(offered),
        a_draft=single is not None and not offered[0].motions,
        effects=single is not None and bool(facts.effects_of(single)),
        lately=lately.count(),
        most=limits[shortening.A_YEAR],
        would_end=would,
        may_end=may,
    )


def ends_of(issue: Issue, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When the vote on an issue would end, in its ordinary time and shortened at this moment."""
    stage, limits = Stage(issue.stage), limits_of(issue)
    if stage not in TIMED or issue.stage_ends_at is None or days_key(stage, issue.weight) not in limits:
        return None, None
    rows, shorter = list(StageRow.objects.filter(issue=issue)), stage_end(issue, at=at)
    plain = foreseeing.to_come(issue, rows)
    swift = foreseeing.to_come(issue, rows, ends_at=shorter, shortened=True)
    return plain[-1][2] if plain else issue.stage_ends_at, swift[-1][2] if swift else shorter


def stage_end(issue: Issue, *, at: datetime) -> datetime:
    """When the present stage would end if the issue were shortened at this moment."""
    assert issue.stage_ends_at is not None
    hours = limits_of(issue)[timetable.hours_key(Stage(issue.stage))]
    return min(issue.stage_ends_at, at + hours * timetable.HOUR)


def proposing(
    issue: Issue, member: Member | None, *, letter: Letter | None, before: datetime, at: datetime
) -> shortening.Proposing:
    """Facts for proposing to shorten."""
    leaders = facts.leaders_on(issue, at=at)
    return shortening.Proposing(
        place=facts.place(issue, member, at=at, leaders=leaders),
        matter=matter(issue, leaders, at=at),
        letter_here=letter is not None and letter.issue_id == issue.pk,
        proposed=member is not None and issue.shortenings.filter(proposed_by=member).exists(),
        before=before,
    )


def backing(proposal: Shortening, member: Member | None, *, at: datetime) -> shortening.Backing:
    """Facts for standing behind a proposal to shorten."""
    issue = proposal.issue
    leaders = facts.leaders_on(issue, at=at)
    return shortening.Backing(
        place=facts.place(issue, member, at=at, leaders=leaders),
        matter=matter(issue, leaders, at=at),
        supports=member is not None and proposal.supporters.filter(member=member).exists(),
        before=proposal.before,
    )


def needed(issue: Issue, leaders: Collection[str]) -> int:
    """How many shorten an issue: a part of the members concerned who do not lead on it."""
    base = accepted_in(issue.unit).exclude(pk__in=leaders).count()
    return shortening.needed(base, limits_of(issue))


def standing(proposal: Shortening, leaders: Collection[str]) -> int:
    """How many stand behind a proposal who belong to the unit now and do not lead on the issue."""
    behind = proposal.supporters.values_list("member", flat=True)
    return accepted_in(proposal.issue.unit).filter(pk__in=behind).exclude(pk__in=leaders).count()


# --- Steps -------------------------------------------------------------------------------------------


def back(this: Act, proposal: Shortening) -> ShorteningSupporter:
    """Put somebody behind a proposal."""
    return ShorteningSupporter.objects.create(
        organisation_id=this.organisation_id, shortening=proposal, member_id=this.actor, at=this.at
    )


def shorten_when_enough(this: Act, proposal: Shortening) -> None:
    """With the last member needed the issue is shortened; nobody decides whether."""
    issue = proposal.issue
    leaders = facts.leaders_on(issue, at=this.at)
    behind, wanted = standing(proposal, leaders), needed(issue, leaders)
    if behind < wanted:
        return
    would, _ = ends_of(issue, at=this.at)
    assert would is not None
    issue.stage_ends_at = stage_end(issue, at=this.at)
    issue.shortened_at = proposal.shortened_at = this.at
    proposal.supported, proposal.needed, proposal.would_end = behind, wanted, would
    issue.save(update_fields=["stage_ends_at", "shortened_at"])
    proposal.save(update_fields=["shortened_at", "supported", "needed", "would_end"])
    StageRow.objects.filter(issue=issue, stage=issue.stage).update(ends_at=issue.stage_ends_at)
    this.record(
        IssueShortened(
            issue=issue.pk,
            shortening=proposal.pk,
            supporters=behind,
            needed=wanted,
            ends_at=issue.stage_ends_at,
            would_end=would,
        )
    )
    this.cancel_deadlines("deliberation.advance", subject=issue.pk)
    this.deadline("deliberation.advance", subject=issue.pk, due=issue.stage_ends_at)


def put_review(this: Act, issue: Issue, *, due: datetime) -> None:
    """Ask the members of a shortened issue when the letter came."""
    proposal = Shortening.objects.select_related("letter").get(issue=issue, shortened_at=issue.shortened_at)
    unit = issue.unit.home  # after an outage a merger may have been counted between the end and this
    title, text = words.when_it_came(
        issue.number,
        received=proposal.letter.received_at,
        posted=proposal.letter.at,
        before=proposal.before,
        shortened=issue.shortened_at,
        supporters=proposal.supported,
        needed=proposal.needed,
        would_end=proposal.would_end,
    )
    steps.put_question(
        this,
        why="shortened",
        subject=issue.pk,
        unit=unit,
        weight="ordinary" if unit.parent_id is None else "unit",
        title=title,
        text=text,
        due=due,
    )
