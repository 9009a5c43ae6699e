# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a stage of an issue had to end, worked out afresh: its days, its hours, quiet days, the voting day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kollontai.auditor.days import counts_from, end_of_phase, evening_on, without_quiet, without_quiet_days

if TYPE_CHECKING:
    from kollontai.auditor.audit import Audit
    from kollontai.auditor.things import Issue

ORDER = ("talk", "answer", "reply", "vote")
HOUR = timedelta(hours=1)


def limit_of(weight: str, stage: str) -> str:
    """Which limit says how long a stage of an issue of this weight lasts."""
    size = weight if weight in ("big", "ordinary", "unit") else "ordinary"
    if stage == "talk":
        return f"D1.{size}"
    code = {"answer": "D3", "reply": "D4", "vote": "D5"}[stage]
    return f"{code}.{'big' if size == 'big' else 'other'}"


def leaders_had(audit: Audit, issue: Issue, here: int) -> timedelta:
    """How long the leaders had to answer on an issue, as it was known here; the members have no less."""
    talk, answer = issue.stage("talk"), issue.stage("answer")
    if talk is None or answer is None or answer.mark.position >= here:
        return timedelta(0)
    return without_quiet_days(
        counts_from(talk.ends_at, answer.mark.at), answer.ends_at, audit.quiet_at(here), audit.zone
    )


def stage_ends(
    audit: Audit,
    issue: Issue,
    stage: str,
    begins: datetime,
    here: int,
    *,
    shortened: bool | None = None,
    had: timedelta | None = None,
) -> tuple[datetime, datetime]:
    """When a stage that began with the entry here ends by its own time, and when it ends.

    `shortened`: whether the issue was by then; `had`: how long the leaders had to answer. Both as the record
    has it unless it is said.
    """
    limits = audit.limits_of(issue)
    if shortened is None:
        shortened = issue.shortened is not None and issue.shortened.mark.position < here
    if stage != "reply":
        had = timedelta(0)
    elif had is None:
        had = leaders_had(audit, issue, here)
    own = end_of_phase(begins, limits[limit_of(issue.weight_at(here), stage)], audit.zone, had)
    quiet = audit.quiet_at(here)
    if quiet:
        own = without_quiet(begins, own, quiet, audit.zone)
    if shortened:
        own = min(own, begins + limits[f"N.shorten_{stage}"] * HOUR)
        return own, own
    day = audit.voting_day_at(here) if stage == "reply" else 0
    if not day:
        return own, own
    at = own.astimezone(audit.zone).date()
    while at.day != day or evening_on(at, audit.zone) < own:
        at += timedelta(days=1)
    while at in quiet:
        at += timedelta(days=1)
    return own, evening_on(at, audit.zone)


def vote_ends(
    audit: Audit, issue: Issue, stage: str, ends_at: datetime, here: int, *, shortened: bool
) -> datetime:
    """When the vote would end of an issue whose stage ends then, if no clock is late."""
    talk, answer = issue.stage("talk"), issue.stage("answer")
    quiet, begins = audit.quiet_at(here), ends_at
    if stage == "answer" and talk is not None and answer is not None:
        begins = counts_from(talk.ends_at, answer.mark.at)
    for following in ORDER[ORDER.index(stage) + 1 :]:
        had = without_quiet_days(begins, ends_at, quiet, audit.zone)
        begins = ends_at
        ends_at = stage_ends(audit, issue, following, ends_at, here, shortened=shortened, had=had)[1]
    return ends_at
