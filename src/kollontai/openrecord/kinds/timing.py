# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a question comes again, and how members shorten; quiet days and the voting day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("question.again", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class QuestionAgain(Fact):
    """A version of a draft is the same question as one that was decided not long ago.

    Stands behind the draft's `draft.put`, `draft.revised` or `question.put`, and behind its
    `effects.declared` where there is one. `earlier`: the issue that decided it, the last one of several.
    `needed`: how many must stand behind it before it comes to the vote (and, for the draft an issue is raised
    with, before the talk).
    """

    issue: str
    draft: str
    version: int
    earlier: str
    needed: int


@kind("shortening.proposed", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ShorteningProposed(Fact):
    """A member who is no leader on it proposes to shorten an issue, and stands behind that.

    `letter`: the one in its letter box that names a date from outside; `before`: that date.
    """

    shortening: str
    issue: str
    letter: str
    before: datetime


@kind("shortening.supported", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ShorteningSupported(Fact):
    """A member who is no leader on it stands behind shortening the issue."""

    shortening: str
    issue: str


@kind("issue.shortened", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueShortened(Fact):
    """The issue is shortened: this act was the last support needed, and stands directly before.

    `supporters` stand behind it, `needed` are needed. `ends_at`: the end of the stage that runs, from here
    on. `would_end`: when the vote would have ended.
    """

    issue: str
    shortening: str
    supporters: int
    needed: int
    ends_at: datetime
    would_end: datetime


@kind("quiet_days.set", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class QuietDaysSet(Fact):
    """These are the quiet days of a calendar year, because all members voted so. `number` counts from 1.

    `days`: each as 2030-08-01, in order; none where the year has none any more.
    """

    number: int
    year: int
    days: tuple[str, ...]
    issue: str
    draft: str


@kind("voting_day.set", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class VotingDaySet(Fact):
    """Votes of issues open on this day of a month (1 to 28; 0: whenever the reply is over), by a vote of all.

    `number` counts from 1.
    """

    number: int
    day: int
    issue: str
    draft: str
