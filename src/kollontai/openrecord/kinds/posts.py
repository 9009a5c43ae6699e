# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posts and who holds them. There is no kind for appointing anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("post.created", link="accountable", audience="world", commits=("title",))
@dataclass(frozen=True, slots=True)
class PostCreated(Fact):
    """A post exists in a unit. Its id is never used again.

    `leading`: the holder leads, and so speaks after the members. `term_days`: how long one term lasts.
    `duty`: why a single post does not lead: "scrutineer", "juror", "delegate" or "specialist". `pay`: a
    month, in hundredths of the currency; missing, unpaid.
    """

    post: str
    unit: str
    leading: bool
    seats: int
    term_days: int
    duty: str | None = None
    pay: int | None = None


@kind("post.entered", link="accountable", audience="world", commits=("minutes",))
@dataclass(frozen=True, slots=True)
class PostEntered(Fact):
    """Only at founding: somebody was elected to this post before, by these minutes.

    The members confirm it or not; until they do, nobody holds it. `elected_at` and `old_end` are the
    dates in the minutes.
    """

    post: str
    member: str
    elected_at: datetime
    old_end: datetime


@kind("term.begun", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class TermBegun(Fact):
    """A member holds a post, because this poll said so.

    `how`: "confirmed" (elected before the founding, confirmed by the members), "elected", or "acting" (the
    next in line, by a recount of `poll`; it begins with their own act of acceptance).
    """

    term: str
    post: str
    member: str
    poll: str
    how: str
    ends_at: datetime


@kind("post.unconfirmed", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class PostUnconfirmed(Fact):
    """The members did not confirm the person entered at founding; the post is vacant."""

    post: str
    member: str
    poll: str


@kind("term.ended", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class TermEnded(Fact):
    """A term is over. `why`: "term-over" (by the clock, then `due` stands), "left", "resigned", "recalled"
    or, for an acting term, "seat-filled" (by the clock, when the by-election has filled its seat).
    """

    term: str
    post: str
    member: str
    why: str
    due: datetime | None = None
