# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an organisation begins, who leads in it, and how one leaves. Articles 1, 2 and 13.

1. Anybody may put a charter before founders whom they list, once each. The first on the list is the
   one who opens. Each signs for themself.
2. It exists when at least three have signed, and two thirds of those listed; a signature stands. Until
   then nobody is a member and nobody holds anything. Who signs later is a founder from then on; when the
   days are over in which founders bring others in, who has not signed says yes as anybody who is invited.
3. A post belongs to a unit, has a name of its own there, seats, and a term no longer than the charter
   allows. A single post leads, unless its duty is on the closed list; a committee leads if the charter
   says so.
4. Only at founding, and only for listed founders: somebody was elected to a post before, on a day that is
   past, until a day that is not, by minutes that are shown. Not more than there are seats, not more posts
   than one person may hold at once, and only in one's own unit.
5. Leaders on a matter: who holds, at any time since it was raised, a leading post of its unit or of a unit
   above. Where they are half or more of the members concerned, nobody is silenced; posts younger than
   ninety days do not count for that, so that nobody makes posts to lift the silence.
6. A term ends by the clock, or because its holder gave it back, was recalled, or left. One that ended
   before its time leaves a vacancy. The election of whoever comes after opens early enough for voting to
   close three days before the end.
7. Every member may leave at any time; their posts end with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.rules import LONGEST_NAME, LONGEST_TEXT, is_name, is_text
from kollontai.chapters.members.emails import is_email, tidy
from kollontai.chapters.members.rules import Person, signs
from kollontai.chapters.record.refusal import Refusal

Limits = Mapping[str, int]
MOST_FOUNDERS = 1_000  # their ids stand in one entry; who comes later moves in
MOST_UNITS = 200
MOST_POSTS = 100
MOST_SEATS = 50
DUTIES = frozenset({"scrutineer", "juror", "delegate", "specialist"})
YOUNG_POST = 90 * DAY


# --- What is put before founders ---------------------------------------------------------------------


@dataclass(frozen=True)
class Founder:
    """Somebody asked to sign the charter. `unit` is the name of one of the units, or empty."""

    name: str
    email: str
    unit: str = ""


@dataclass(frozen=True)
class Claimed:
    """Who held a post before the founding, by minutes of that day. `founder` is their address."""

    founder: str
    elected_at: datetime
    old_end: datetime
    minutes: str


@dataclass(frozen=True)
class PostGiven:
    """A post the charter creates. `duty` says why a single post need not lead."""

    title: str
    leading: bool
    term_days: int
    unit: str = ""
    seats: int = 1
    duty: str = ""
    held_before: tuple[Claimed, ...] = ()


def may_open_as(*, account_email: str | None, listed: Sequence[Founder]) -> Refusal | None:
    """Who opens stands first on the list, with the address they are signed in with, not as another.

    None: no account opens, but whoever runs the server. An account without an address can name nobody's.
    """
    if account_email is not None and listed and tidy(listed[0].email) != tidy(account_email):
        return Refusal("opener-not-first", 13)
    return None


def may_list(listed: Sequence[Founder], units: Sequence[str], *, limits: Limits) -> Refusal | None:
    """Founders are listed once each, enough of them, in units that there will be."""
    if len(units) > MOST_UNITS:
        return Refusal("too-many-units", 13, facts={"most": MOST_UNITS})
    for name in units:
        if not is_name(name):
            return Refusal("unit-name-unusable", 13, facts={"longest": LONGEST_NAME})
    if len({name.casefold() for name in units}) < len(units):
        return Refusal("doubled-unit", 13)
    if len(listed) < limits["F.least"]:
        return Refusal("too-few-founders", 13, facts={"least": limits["F.least"]})
    if len(listed) > MOST_FOUNDERS:
        return Refusal("too-many-founders", 13, facts={"most": MOST_FOUNDERS})
    seen: set[str] = set()
    for line, founder in enumerate(listed, start=1):
        if not is_name(founder.name):
            return Refusal("name-unusable", 13, facts={"line": line, "longest": LONGEST_NAME})
        if not is_email(tidy(founder.email)):
            return Refusal("email-unusable", 13, facts={"line": line})
        if founder.unit and founder.unit not in units:
            return Refusal("unit-unknown", 13, facts={"line": line})
        if tidy(founder.email) in seen:
            return Refusal("doubled-founder", 13, facts={"line": line})
        seen.add(tidy(founder.email))
    return None


def may_create_posts(
    posts: Sequence[PostGiven],
    listed: Sequence[Founder],
    units: Sequence[str],
    *,
    limits: Limits,
    at: datetime,
) -> Refusal | None:
    """Posts have names, seats and ends; who held one before was elected, is listed, and belongs there."""
    if len(posts) > MOST_POSTS:
        return Refusal("too-many-posts", 1, facts={"most": MOST_POSTS})
    named: set[tuple[str, str]] = set()
    for post in posts:
        refusal = _may_create(post, units, limits=limits)
        if refusal is not None:
            return refusal
        if (post.unit, post.title.casefold()) in named:
            return Refusal("doubled-post", 1, facts={"title": post.title})
        named.add((post.unit, post.title.casefold()))
    units_of = {tidy(founder.email): founder.unit for founder in listed}
    held: Counter[str] = Counter()
    for post in posts:
        refusal = _may_enter(post, units_of, at=at)
        if refusal is not None:
            return refusal
        held.update(tidy(claim.founder) for claim in post.held_before)
    most = limits["O4.paid"] + limits["O4.unpaid"]
    if held and max(held.values()) > most:
        return Refusal("too-many-posts-at-once", 1, facts={"most": most})
    watching = _entered(post for post in posts if post.duty == "scrutineer")
    leading = _entered(post for post in posts if post.leading)
    return Refusal("founder-watches-and-leads", 1) if watching & leading else None


def _entered(posts: Iterable[PostGiven]) -> set[str]:
    return {tidy(claim.founder) for post in posts for claim in post.held_before}


def _may_create(post: PostGiven, units: Sequence[str], *, limits: Limits) -> Refusal | None:
    if post.unit and post.unit not in units:
        return Refusal("unit-unknown", 1, facts={"title": post.title})
    return usable_post(post, limits=limits)


@dataclass(frozen=True)
class Held:
    """What a post is for whoever holds it: as it was when their election opened, to the end of their term."""

    leading: bool
    pay: int
    duty: str


@dataclass(frozen=True)
class PostWanted:
    """How a post is to be, as the members voted it. `pay`: a month, in hundredths of the currency."""

    title: str
    leading: bool
    seats: int
    term_days: int
    pay: int = 0
    duty: str = ""
    box: str = "separated"


def usable_post(post: PostGiven | PostWanted, *, limits: Limits) -> Refusal | None:
    """A post has a name, seats, and terms that end; a single one leads, unless its duty is on the list."""
    if not is_name(post.title):
        return Refusal("post-title-unusable", 1, facts={"longest": LONGEST_NAME})
    if not 1 <= post.seats <= MOST_SEATS:
        return Refusal("seats-unusable", 1, facts={"title": post.title, "most": MOST_SEATS})
    if post.duty and (post.duty not in DUTIES or post.leading):
        return Refusal("duty-unknown", 2, facts={"title": post.title})
    if post.seats == 1 and not post.leading and not post.duty:
        return Refusal("single-post-leads", 2, facts={"title": post.title})
    longest = limits["O1.leading" if post.leading else "O1.other"]
    if not 1 <= post.term_days <= longest:
        return Refusal("term-too-long", 1, facts={"title": post.title, "days": longest})
    return None


def _may_enter(post: PostGiven, units_of: Mapping[str, str], *, at: datetime) -> Refusal | None:
    facts = {"title": post.title}
    if len(post.held_before) > post.seats:
        return Refusal("more-holders-than-seats", 1, facts={**facts, "seats": post.seats})
    if len({tidy(claim.founder) for claim in post.held_before}) < len(post.held_before):
        return Refusal("doubled-holder", 1, facts=facts)
    for claim in post.held_before:
        holder = tidy(claim.founder)
        if holder not in units_of:
            return Refusal("holder-not-listed", 1, facts=facts)
        if post.unit and units_of[holder] != post.unit:
            return Refusal("holder-of-another-unit", 1, facts=facts)
        if claim.elected_at.tzinfo is None or claim.old_end.tzinfo is None:
            return Refusal("date-unusable", 1, facts=facts)
        if claim.elected_at > at:
            return Refusal("elected-in-the-future", 1, facts=facts)
        if claim.old_end <= at:
            return Refusal("term-already-over", 1, facts=facts)
        if not claim.minutes.strip():
            return Refusal("minutes-missing", 1, facts=facts)
        if not is_text(claim.minutes):
            return Refusal("text-unusable", 1, facts={**facts, "longest": LONGEST_TEXT})
    return None


# --- Signing -----------------------------------------------------------------------------------------


def may_sign(person: Person, founded_at: datetime | None, limits: Limits, *, at: datetime) -> Refusal | None:
    """Who is listed signs once, for themself, unless they said no, as long as founders bring others in."""
    if person.signed:
        return Refusal("already-signed", 13)
    if person.standing == "member":
        return Refusal("already-member", 13)
    if person.ground != "founding" or person.standing != "invited":
        return Refusal("not-listed", 13)
    if not signs(person, founded_at, limits, at=at):
        return Refusal("accept-the-invitation", 9)
    return None


def is_founded(*, signed: int, listed: int, limits: Limits) -> bool:
    """Whether enough of those listed have signed: no fewer than three, and two thirds."""
    share = Fraction(limits["F.share_num"], limits["F.share_den"])
    return signed >= limits["F.least"] and Fraction(signed, listed) >= share


def signatures_needed(*, listed: int, limits: Limits) -> int:
    """How many of those listed must sign. Counts round up."""
    share = Fraction(limits["F.share_num"] * listed, limits["F.share_den"])
    return max(limits["F.least"], -int(-share // 1))


# --- Leading and leaving -----------------------------------------------------------------------------


def silences_nobody(*, leaders: int, members: int) -> bool:
    """Where leaders are half or more of the members concerned, speaking first or last means nothing."""
    return leaders > 0 and 2 * leaders >= members


def may_leave(person: Person) -> Refusal | None:
    """Every member may leave. No ground is asked, nothing is owed first."""
    if person.standing in {"invited", "applicant"}:
        return Refusal("decline-instead", 13)
    if person.standing != "member":
        return Refusal("not-a-member", 13)
    return None


# --- The end of a term -------------------------------------------------------------------------------

EVENINGS = 2
"""Nominations and voting each end in the evening after their days: up to one day more for each."""


def nominations_due(ends_at: datetime, *, limits: Limits) -> datetime:
    """When nominations for a post open at the latest, so that voting closes in time before a term ends."""
    days = limits["N.ahead"] + limits["D5.other"] + limits["N.nominations"] + EVENINGS
    return ends_at - days * DAY


def leaves_a_vacancy(why: str) -> bool:
    """Whether a term that ended so leaves its seat vacant before its time."""
    return why not in {"term-over", "seat-filled", "unit-merged"}


def may_resign(*, own: bool, running: bool) -> Refusal | None:
    """Whoever holds a post may give it back; nobody does so for another."""
    if not own:
        return Refusal("not-your-post", 1)
    if not running:
        return Refusal("term-already-ended", 1)
    return None
