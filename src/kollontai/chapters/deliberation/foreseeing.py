# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of an issue that are still to come, from those it has had: facts for timetable.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from kollontai.chapters.charter.calendar import NO_TIME, Days, next_begins
from kollontai.chapters.charter.queries import days_now
from kollontai.chapters.deliberation import comparing, timetable
from kollontai.chapters.deliberation.models import Issue, StageRow
from kollontai.chapters.deliberation.stages import TIMED, Stage, days_key


def limits_of(issue: Issue) -> dict[str, int]:
    """The limits an issue was born with, and the hours it would have if it were shortened."""
    return comparing.limits_with(issue, map(timetable.hours_key, TIMED))


def leaders_had(issue: Issue, days: Days) -> timedelta:
    """How long the leaders had to answer on an issue; nothing where they had no turn yet."""
    rows = {row.stage: row for row in StageRow.objects.filter(issue=issue)}
    talk, answer = rows.get(Stage.TALK), rows.get(Stage.ANSWER)
    if talk is None or answer is None:
        return NO_TIME
    return timetable.leaders_had(talk.ends_at, answer.began_at, answer.ends_at, days)


def to_come(
    issue: Issue, rows: Iterable[StageRow], *, ends_at: datetime | None = None, shortened: bool | None = None
) -> list[tuple[Stage, datetime, datetime]]:
    """Each stage after the present one, and when it will begin and end unless the server stands still.

    `rows`: the stages it has had. `ends_at` and `shortened`: what holds of it, where that is asked about.
    """
    had = {Stage(row.stage): row for row in rows}
    stage, limits = Stage(issue.stage), limits_of(issue)
    if stage not in had or issue.ended_at is not None or days_key(stage, issue.weight) not in limits:
        return []
    here, before = had[stage], None if stage is Stage.TALK else had.get(TIMED[TIMED.index(stage) - 1])
    return list(
        timetable.to_come(
            stage,
            here.began_at if before is None else next_begins(before.ends_at, here.began_at),
            ends_at or here.ends_at,
            weight=issue.weight,
            limits=limits,
            days=days_now(issue.organisation),
            shortened=issue.shortened_at is not None if shortened is None else shortened,
        )
    )
