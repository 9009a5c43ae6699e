# SPDX-License-Identifier: AGPL-3.0-or-later
"""How posts are filled: nominations, candidates, the count that seats, the next in line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("election.opened", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ElectionOpened(Fact):
    """The clock opened nominations for seats of a post.

    `why`: "founding" (nobody held the seat when the organisation began), "created" (a new post or seat),
    "term-over" (the terms in `fills` end at `begins_at`), "vacancy" (the one term in `fills` ended before
    its time; others may join it, `election.widened`) or "again" (`after` left seats without anybody).
    `round` is 1, and after `after` one more.
    `half`: nobody stood in `after`, so members over the term limit may stand too, for half a term.

    `closes_at`: when nominations close. `members_since`: who was a member by then, and is when the vote
    opens, may vote and stand. `begins_at`: when the new terms begin; missing, with the count. `ends_at`:
    the end of the rest of a term after a vacancy; missing, a whole term. `limits` are copied from the
    charter for the election's whole life.
    """

    election: str
    post: str
    unit: str
    why: str
    fills: tuple[str, ...]
    seats: int
    round: int
    half: bool
    closes_at: datetime
    members_since: datetime
    limits: Mapping[str, int]
    due: datetime
    after: str | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@kind("election.widened", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ElectionWidened(Fact):
    """Another seat of the same post fell vacant while nominations of a by-election ran: it fills that too.

    `term`: the one that ended before its time, with the same end as the others. `seats`: how many the
    election fills from now on. `closes_at`: nominations last their days for this seat too. `members_since`
    moves with it only in an organisation younger than that day.
    """

    election: str
    term: str
    seats: int
    closes_at: datetime
    members_since: datetime
    due: datetime


@kind("nomination.made", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class NominationMade(Fact):
    """A member put somebody forward; who puts themself forward accepts in the same act."""

    election: str
    nominee: str


@kind("nomination.declined", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class NominationDeclined(Fact):
    """Who was put forward said no; the actor is the nominee."""

    election: str


@kind("candidacy.accepted", link="accountable", audience="members", commits=("statement", "picture"))
@dataclass(frozen=True, slots=True)
class CandidacyAccepted(Fact):
    """Who was put forward stands; the actor is the candidate.

    `half`: they have served their terms and stand for half a term. `statement` (committed): Markdown.
    `picture` (committed, may be missing): a JPEG in base64.
    """

    election: str
    half: bool


@kind("candidacy.revised", link="accountable", audience="members", commits=("statement", "picture"))
@dataclass(frozen=True, slots=True)
class CandidacyRevised(Fact):
    """A candidate put their statement anew, until nominations close; earlier ones stay readable."""

    election: str
    version: int


@kind("candidacy.withdrawn", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class CandidacyWithdrawn(Fact):
    """A candidate stands no longer; possible until the vote opens."""

    election: str


@kind("election.empty", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ElectionEmpty(Fact):
    """Nominations closed and nobody stands."""

    election: str
    due: datetime


@kind("election.decided", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ElectionDecided(Fact):
    """The count of the election's poll seats these members, in the order in which they were elected.

    `reopened`: seats for which nominations open again because the members wanted that; `unfilled`: seats
    left because too few stood. Elected, re-opened and unfilled together are the seats of the election.
    """

    election: str
    poll: str
    elected: tuple[str, ...]
    reopened: int
    unfilled: int
    due: datetime


@kind("election.annulled", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ElectionAnnulled(Fact):
    """The box of the election's vote was lost (`box.lost`, in the same act), and nobody of its candidates is
    a member of its unit any more, or its unit has become part of another: no vote opens anew.

    Nominations for all its seats open again at once, where the post still is.
    """

    election: str
    poll: str
    due: datetime


@kind("acting.offered", link="clock", audience="world", commits=("count",))
@dataclass(frozen=True, slots=True)
class ActingOffered(Fact):
    """A seat fell vacant before its time; the ballots that filled it, counted again, name who is next.

    `term`: the one that ended. `poll`: the poll that had elected its holder. `aside`: who was asked before
    and did not want to. `until`: when the offer lapses; `ends_at`: how long the acting term may last at
    most. `count` (committed): the recount as JSON.
    """

    term: str
    post: str
    poll: str
    member: str
    aside: tuple[str, ...]
    until: datetime
    ends_at: datetime
    due: datetime


@kind("acting.accepted", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class ActingAccepted(Fact):
    """The next in line takes the seat until the by-election; their acting term begins in the same act."""

    term: str


@kind("acting.declined", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class ActingDeclined(Fact):
    """The next in line does not want to; the one after is asked."""

    term: str


@kind("acting.lapsed", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class ActingLapsed(Fact):
    """The next in line did not answer in time; the one after is asked."""

    term: str
    member: str
    due: datetime


@kind("recall.decided", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class RecallDecided(Fact):
    """The electors voted on a recall. `outcome`: "recalled" (more yes than no, and a turnout of at least half
    of that which elected) or "kept".

    `cast` of `roll` voted now, `electing_cast` of `electing_roll` when the holder was elected.
    """

    petition: str
    term: str
    poll: str
    outcome: str
    cast: int
    roll: int
    electing_cast: int
    electing_roll: int
    due: datetime


@kind("post.decided", link="clock", audience="world", commits=("title",))
@dataclass(frozen=True, slots=True)
class PostDecided(Fact):
    """What the members voted about a post is in force, by itself, from the count on.

    `what`: "created", "changed" (leading, pay and duty for elections that open later) or "ended" (running
    terms go on to their end, nobody is elected after them). `post` is never used again. `pay`: a
    month, in hundredths of the currency. `box`: "separated", or "outside" where a law note says that a
    scrutineer holds the ballot.
    """

    post: str
    unit: str
    what: str
    issue: str
    draft: str
    leading: bool
    seats: int
    term_days: int
    pay: int
    box: str
    duty: str | None = None
