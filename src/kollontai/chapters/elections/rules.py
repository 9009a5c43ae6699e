# SPDX-License-Identifier: AGPL-3.0-or-later
"""How posts are filled. Article 1; how it is done in detail, docs/decisions/0011.

1. At the founding, and only then, the members of a post's unit vote yes or no on each person who was
   entered for it. Nobody opens such a vote, closes it early, or enters anybody later. More yes than no
   confirms, until the old end or the longest such term after the founding, whichever is sooner. Who has not
   signed the charter when the vote is counted, or has left, is not seated.
2. In every other way a post is filled by election, and the clock opens it: for a seat nobody held, before a
   term ends, for a vacancy, and again where a seat was left. Nobody else opens, closes, or skips one.
3. Nominations last their days. Any member of the unit puts somebody forward, themself too; who is put
   forward says yes or no; who said yes may take it back until voting opens. Who votes also stands: those who
   were members by a day that was fixed when nominations opened. Where the post itself ends meanwhile, nobody
   is put forward or says yes any more; its nominations close without a vote.
4. Nobody stands for more terms in a row than the charter says, unless nobody stood in the round before: then
   for half a term, marked so; nor ever in paid posts without a break beyond its days, those of acting in one
   counted: whatever members vote after that, a term ends when these are over. A post takes on the terms
   served in older posts of its unit that were ended. No term is longer than the charter had it when its
   election opened.
5. Nobody holds, acts in, waits to begin in, is to be confirmed in or stands for more posts at once than the
   charter says; nobody counts for whom they lead: a scrutineer holds no leading post, and acts in none. Of
   one post nobody holds two seats at once, or stands for two; who acts in it may stand, and acts no longer
   when they hold it.
6. A secret ballot decides, with re-open nominations as its last option, also where no more stand than there
   are seats. Who is elected is seated by the count itself, when the seat is free.
7. Where a seat falls vacant before its time, the next in line by a recount is asked, and may act until the
   by-election, for so many days at most; never a second time for the same vacancy. Seats of one post with
   the same end that fall vacant one after the other are filled together, as long as nominations run and
   nobody has to act longer for it: a majority that could win each of them alone does not win them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.rules import LONGEST_TEXT, is_text
from kollontai.chapters.record.refusal import Refusal
from kollontai.counting.ballots import Ballots

ARTICLE = 1
Limits = Mapping[str, int]
KEPT = ("N.nominations", "N.ahead", "N.again", "N.rounds", "D5.other", "R1.before", "R1.unit", "O1.leading",
        "O1.other", "O1.running", "O1.paid", "O2.acting", "O4.paid", "O4.unpaid")  # fmt: skip
"""The limits that an election copies from the charter at its birth."""


class State(StrEnum):
    """Where an election stands."""

    NOMINATIONS = "nominations"
    VOTING = "voting"
    DECIDED = "decided"
    EMPTY = "empty"
    ANNULLED = "annulled"  # its box was lost, and nobody is left to be voted on


RUNNING = (State.NOMINATIONS, State.VOTING)

# --- The confirmation at the founding ----------------------------------------------------------------

OPTIONS = ("yes", "no", "abstain")
MAJORITY = (1, 2)  # more than half of yes and no


def ends_at(*, old_end: datetime, founded_at: datetime, limits: Limits) -> datetime:
    """When the term of somebody elected before the founding is over."""
    return min(old_end, founded_at + limits["F.longest"] * DAY)


def is_seated(*, outcome: str, standing: str) -> bool:
    """Whether the members said yes, to somebody who is one of them."""
    return outcome == "yes" and standing == "member"


# --- Who votes and stands ----------------------------------------------------------------------------


def members_since(
    *, opened_at: datetime, closes_at: datetime, founded_at: datetime, limits: Limits
) -> datetime:
    """By when one had to be a member to vote and to stand.

    Where the organisation is younger than that, everybody who is a member when nominations close.
    """
    day = opened_at - limits["R1.before"] * DAY
    return day if founded_at <= day else closes_at


def in_unit_since(*, vote_at: datetime, since: datetime, limits: Limits) -> datetime:
    """By when one had come into a unit to vote there on its own posts: some days before the vote, as on its
    matters, and no later than one had to be a member. `limits`: what was born before them copied none."""
    return min(since, vote_at - limits.get("R1.unit", 0) * DAY)


# --- Nominations -------------------------------------------------------------------------------------

MOST_CANDIDATES = 200
LONGEST_STATEMENT = 5_000  # characters: the same room for everybody


@dataclass(frozen=True)
class Person:
    """Who would vote, put forward, or stand."""

    is_member: bool
    of_unit: bool
    joined_at: datetime | None


@dataclass(frozen=True)
class Place:
    """Where an election stands."""

    state: str
    closes_at: datetime
    members_since: datetime
    half: bool
    candidates: int
    limits: Limits
    post_ended_at: datetime | None = None

    def takes_names(self, at: datetime) -> Refusal | None:
        """Names are put forward until nominations close, and neither earlier nor later."""
        if self.state != State.NOMINATIONS or at >= self.closes_at:
            return Refusal("nominations-closed", ARTICLE, facts={"closed": self.closes_at})
        return None


def _takes_new_names(place: Place, at: datetime) -> Refusal | None:
    """Nobody is put forward or says yes any more where nobody is elected any more."""
    refusal = place.takes_names(at)
    if refusal is None and place.post_ended_at is not None:
        return Refusal("post-ended", ARTICLE, facts={"ended": place.post_ended_at})
    return refusal


def _belongs(person: Person, place: Place) -> Refusal | None:
    if not person.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not person.of_unit:
        return Refusal("election-of-another-unit", ARTICLE)
    if person.joined_at is None or person.joined_at > place.members_since:
        return Refusal("member-too-new", ARTICLE, facts={"since": place.members_since})
    return None


def may_nominate(
    place: Place, by: Person, nominee: Person, *, oneself: bool, state: str, at: datetime
) -> Refusal | None:
    """Any member of the unit puts any other forward, once; `state` is what became of an earlier time."""
    refusal = _takes_new_names(place, at) or _belongs(by, place)
    if refusal is not None:
        return refusal
    if oneself:
        return Refusal("stand-yourself", ARTICLE)
    if _belongs(nominee, place) is not None:
        return Refusal("nominee-cannot-stand", ARTICLE)
    if state:
        return Refusal("already-nominated", ARTICLE)
    if place.candidates >= MOST_CANDIDATES:
        return Refusal("too-many-candidates", ARTICLE, facts={"most": MOST_CANDIDATES})
    return None


def may_decline(place: Place, *, state: str, at: datetime) -> Refusal | None:
    """Who was put forward and has not answered may say no."""
    if not state:
        return Refusal("not-nominated", ARTICLE)
    if state != "asked":
        return Refusal("already-answered", ARTICLE)
    return place.takes_names(at)


def may_withdraw(place: Place, *, state: str, at: datetime) -> Refusal | None:
    """A candidate takes their yes back until voting opens."""
    if state != "stands":
        return Refusal("not-a-candidate", ARTICLE)
    return place.takes_names(at)


def usable_statement(text: str) -> Refusal | None:
    """Everybody has the same room, and says something in it."""
    if not text.strip():
        return Refusal("statement-empty", ARTICLE)
    if len(text) > LONGEST_STATEMENT or not is_text(text):
        return Refusal("statement-too-long", ARTICLE, facts={"longest": LONGEST_STATEMENT})
    return None


# --- Standing ----------------------------------------------------------------------------------------

IN_A_ROW = 90 * DAY
"""Terms with a longer break between them do not follow one another."""


@dataclass(frozen=True)
class Held:
    """A term that somebody held or holds: from when, until when (its end, or the day it ended before)."""

    post: str
    begins_at: datetime
    over_at: datetime
    paid: bool
    leading: bool
    duty: str
    acting: bool = False


@dataclass(frozen=True)
class Seat:
    """The post one would stand for, and when its new term would begin and end at the latest.

    `takes_on`: older posts of its unit that were ended, and posts of units that have become part of it. Terms
    in them count as terms in this one, so that nobody ends a post, or a unit, to begin anew. `half_ends_at`:
    when half a term would end.
    """

    post: str
    paid: bool
    leading: bool
    duty: str
    begins_at: datetime
    ends_at: datetime
    takes_on: frozenset[str] = frozenset()
    half_ends_at: datetime | None = None


def terms_in_a_row(held: Sequence[Held], posts: Collection[str], *, before: datetime) -> int:
    """How many terms in some posts follow one another up to a day; acting does not count, a rest does."""
    mine = [term for term in held if term.post in posts and not term.acting]
    return len(_run(mine, before))


def paid_in_a_row(held: Sequence[Held], *, before: datetime) -> timedelta:
    """How long somebody has been in paid posts without a break, up to a day; acting in one is being in it.

    Days in two of them at once are counted once.
    """
    whole, edge = timedelta(), before
    for term in _run([term for term in held if term.paid], before):
        whole += max(min(term.over_at, edge) - min(term.begins_at, edge), timedelta())
        edge = min(edge, term.begins_at)
    return whole


def paid_until(held: Sequence[Held], *, begins_at: datetime, limits: Limits) -> datetime:
    """Until when somebody who begins in a paid post may be in it: no vote lets them stay beyond that."""
    return begins_at + limits["O1.paid"] * DAY - paid_in_a_row(held, before=begins_at)


def _run(terms: Sequence[Held], before: datetime) -> list[Held]:
    run: list[Held] = []
    edge = before
    for term in sorted(terms, key=lambda term: term.over_at, reverse=True):
        if term.begins_at >= before:
            continue
        if edge - term.over_at > IN_A_ROW:
            break
        run.append(term)
        edge = min(edge, term.begins_at)
    return run


def has_served(seat: Seat, held: Sequence[Held], *, limits: Limits) -> bool:
    """Whether somebody has served as many terms, or as long in paid posts, as the charter allows."""
    return _enough_terms(seat, held, limits) or _paid_too_long(seat, held, limits, until=seat.ends_at)


def _enough_terms(seat: Seat, held: Sequence[Held], limits: Limits) -> bool:
    row = terms_in_a_row(held, seat.takes_on | {seat.post}, before=seat.begins_at)
    return row >= limits["O1.running"]


def _paid_too_long(seat: Seat, held: Sequence[Held], limits: Limits, *, until: datetime) -> bool:
    """No round, whoever else stands or not, lets anybody be paid beyond the days of the charter."""
    return seat.paid and until > paid_until(held, begins_at=seat.begins_at, limits=limits)


def may_stand(
    place: Place,
    person: Person,
    seat: Seat,
    held: Sequence[Held],
    elsewhere: Sequence[Seat],
    *,
    state: str,
    at: datetime,
) -> Refusal | None:
    """Whoever was put forward, by others or by themself, stands by their own yes.

    `held` are all terms they held and hold, `elsewhere` the seats they stand for, or wait to begin in, by
    other elections, and those that they are to be confirmed in.
    """
    refusal = _takes_new_names(place, at) or _belongs(person, place)
    if refusal is not None:
        return refusal
    if state == "stands":
        return Refusal("already-stands", ARTICLE)
    if _enough_terms(seat, held, place.limits) and not place.half:
        return Refusal("served-their-terms", ARTICLE, facts={"most": place.limits["O1.running"]})
    until = seat.half_ends_at if place.half and seat.half_ends_at is not None else seat.ends_at
    if _paid_too_long(seat, held, place.limits, until=until):
        return Refusal("paid-for-long-enough", ARTICLE, facts={"most": place.limits["O1.paid"]})
    sits = [term.over_at for term in held if term.post == seat.post and not term.acting]
    if any(over_at > seat.begins_at for over_at in sits):
        return Refusal("holds-it-already", ARTICLE, facts={"until": max(sits)})
    if any(_beside(seat, other) for other in elsewhere):
        return Refusal("stands-for-it-already", ARTICLE)
    return _together(seat, held, elsewhere, limits=place.limits)


def _beside(one: Seat, other: Seat) -> bool:
    """Whether two seats are of one post, and for days of which some are the same."""
    return one.post == other.post and one.begins_at < other.ends_at and other.begins_at < one.ends_at


def _together(
    seat: Seat, held: Sequence[Held], elsewhere: Sequence[Seat], *, limits: Limits
) -> Refusal | None:
    """What one person may not hold at once (O4). Who acts in a post and stands for it would hold one post."""
    other: list[Held | Seat] = [
        term for term in held if term.post != seat.post and term.over_at > seat.begins_at
    ]
    other += [one for one in elsewhere if one.post != seat.post and one.ends_at > seat.begins_at]
    for one in other:
        if controls(seat, one) or controls(one, seat):
            return Refusal("controller-and-controlled", ARTICLE)
    most = limits["O4.paid"] + limits["O4.unpaid"]
    if seat.paid and len({one.post for one in other if one.paid}) >= limits["O4.paid"]:
        return Refusal("paid-post-already", ARTICLE)
    if len({one.post for one in other}) >= most:
        return Refusal("too-many-posts-at-once", ARTICLE, facts={"most": most})
    return None


def controls(one: Held | Seat, other: Held | Seat) -> bool:
    """Whether the holder of one post looks after what the holder of the other does."""
    return one.duty == "scrutineer" and other.leading


# --- The count and what follows ----------------------------------------------------------------------


def rule_for(seats: int) -> str:
    """How an election is counted: one seat by alternative vote, more by single transferable vote."""
    return "irv" if seats == 1 else "scottish-stv"


def term_days(days: int, *, leading: bool, limits: Limits) -> int:
    """How long a whole term of an election is: as the post says, and no longer than the charter said then.

    `limits`: those it was born with; the first elections there were have copied none of these.
    """
    return min(days, limits.get("O1.leading" if leading else "O1.other", days)) or 1


def term_end(*, begins_at: datetime, term_days: int, rest: datetime | None, half: bool) -> datetime:
    """When a new term ends: after a whole one, half of one (rounded up), or with the rest it serves."""
    days = -(-term_days // 2) if half else term_days
    end = begins_at + days * DAY
    return end if rest is None else min(end, rest)


def needs_by_election(*, ends_at: datetime, at: datetime, limits: Limits) -> bool:
    """Whether so much of a term is left that a by-election serves it; else the next in line does."""
    return ends_at - at > limits["O2.acting"] * DAY


def is_worth_a_round(*, rest: datetime | None, at: datetime, limits: Limits) -> bool:
    """Whether enough of a rest is left that nominations open for it once more; else the next term comes.

    `rest`: when the terms end that are to be filled; None for whole ones. `limits`: of the round before.
    No vote is held on what is over at its count.
    """
    days = max(limits["N.again"], limits["N.nominations"] + limits["D5.other"])
    return rest is None or rest - at > days * DAY


@dataclass(frozen=True)
class Nominating:
    """A by-election that may fill another seat too."""

    state: str
    half: bool
    opened_at: datetime
    closes_at: datetime  # its nominations
    rest: datetime | None  # when the terms it fills end
    limits: Limits


def fills_too(
    one: Nominating, *, rest: datetime, closes_at: datetime, vote_closes_at: datetime, at: datetime
) -> bool:
    """Whether a by-election fills another seat that falls vacant while its nominations run.

    `closes_at` and `vote_closes_at`: with all days of nominations for that seat as well. Not where the vote
    would then close later than the next in line may act, nor in a round for half terms: nobody has failed to
    stand for the new seat yet.
    """
    if one.state != State.NOMINATIONS or at >= one.closes_at or one.half or one.rest != rest:
        return False
    return closes_at == one.closes_at or vote_closes_at <= one.opened_at + one.limits["O2.acting"] * DAY


ASKED_FOR = 3 * DAY
"""How long the next in line may think it over."""


def acting_until(*, vacant_at: datetime, term_ends_at: datetime, limits: Limits) -> datetime:
    """How long somebody may act at most."""
    return min(vacant_at + limits["O2.acting"] * DAY, term_ends_at)


@dataclass(frozen=True)
class Asked:
    """Whether somebody is asked to act, and until when."""

    is_member: bool
    own: bool
    state: str
    until: datetime


def may_answer_offer(facts: Asked, *, at: datetime) -> Refusal | None:
    """The next in line, and nobody else, says yes or no while they are asked."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.own:
        return Refusal("not-next-in-line", ARTICLE)
    if facts.state != "asked" or at >= facts.until:
        return Refusal("offer-over", ARTICLE)
    return None


def may_act(
    facts: Asked, seat: Seat, held: Sequence[Held], elsewhere: Sequence[Seat], *, limits: Limits, at: datetime
) -> Refusal | None:
    """Who says yes may hold it beside what they hold, and stand for, already; and holds no seat of it.

    Nobody comes to be in paid posts for longer than they may, by acting in one.
    """
    refusal = may_answer_offer(facts, at=at)
    if refusal is not None:
        return refusal
    sits = [term.over_at for term in held if term.post == seat.post and term.over_at > at]
    if sits:
        return Refusal("holds-it-already", ARTICLE, facts={"until": max(sits)})
    if _paid_too_long(seat, held, limits, until=seat.ends_at):
        return Refusal("paid-for-long-enough", ARTICLE, facts={"most": limits["O1.paid"]})
    return _together(seat, held, elsewhere, limits=limits)


def open_seats(*, seats: int, held: int, waiting: int, being_filled: int) -> int:
    """How many seats of a post nobody holds, waits to be confirmed in, or is being elected to."""
    return max(0, seats - held - waiting - being_filled)


def empty_rounds(states: Iterable[str]) -> int:
    """How many rounds in a row, the latest first, nobody stood in."""
    rounds = 0
    for state in states:
        if state != State.EMPTY:
            break
        rounds += 1
    return rounds


# --- Recall ------------------------------------------------------------------------------------------


def recall_days(limits: Limits) -> int:
    """How long the vote on a recall takes: as long as others, and no longer than S5 says."""
    return min(limits["D5.other"], limits["S5.vote"])


def is_recalled(*, yes: int, no: int, cast: int, roll: int, electing_cast: int, electing_roll: int) -> bool:
    """The double test: more yes than no, and at least half of the turnout that elected.

    Turnouts are compared as exact fractions; abstentions belong to a turnout and to neither side.
    """
    return yes > no and 2 * cast * electing_roll >= electing_cast * roll


# --- Held outside ------------------------------------------------------------------------------------

LONGEST_BALLOT_FILE = 2_000_000  # signs
MINUTE = timedelta(minutes=1)  # entries of one scrutineer are told apart by their time


@dataclass(frozen=True)
class Outside:
    """What is known when somebody enters, or takes back, what a ballot held outside gave."""

    is_member: bool
    is_scrutineer: bool  # holds a scrutineer's post of the unit, or of a unit above
    is_candidate: bool
    held_outside: bool
    is_open: bool
    closes_at: datetime
    entered: bool
    last_entered_at: datetime | None = None


def may_scrutinise(facts: Outside) -> Refusal | None:
    """Elected scrutineers, and nobody else, see to a ballot that is held outside."""
    if not facts.is_member:
        return Refusal("not-a-member", 12)
    if not facts.held_outside:
        return Refusal("vote-held-here", 12)
    if not facts.is_scrutineer:
        return Refusal("not-a-scrutineer", 12)
    return None


def may_enter_count(facts: Outside, *, at: datetime) -> Refusal | None:
    """A scrutineer who does not stand enters the ballots, once, after the close and before the count."""
    refusal = may_scrutinise(facts)
    if refusal is not None:
        return refusal
    if facts.is_candidate:
        return Refusal("scrutineer-stands", 12)
    if at < facts.closes_at:
        return Refusal("outside-not-closed", 12, until=facts.closes_at)
    if not facts.is_open:
        return Refusal("counted-already", 12)
    if facts.entered:
        return Refusal("entered-already", 12)
    if facts.last_entered_at is not None and at < facts.last_entered_at + MINUTE:
        return Refusal("entered-just-now", 12, until=facts.last_entered_at + MINUTE)
    return None


def may_take_back_count(facts: Outside) -> Refusal | None:
    """Whoever entered ballots takes them back as long as they are not counted."""
    refusal = may_scrutinise(facts)
    if refusal is not None:
        return refusal
    if not facts.is_open:
        return Refusal("counted-already", 12)
    if not facts.entered:
        return Refusal("nothing-entered", 12)
    return None


def usable_report(report: str) -> Refusal | None:
    """The report of whoever held the ballot, whole."""
    if not report.strip():
        return Refusal("report-missing", 12)
    if not is_text(report):
        return Refusal("text-unusable", 12, facts={"longest": LONGEST_TEXT})
    return None


@dataclass(frozen=True)
class Paper:
    """What the ballots of an election must fit: names in the order of the paper, seats, voters."""

    names: Sequence[str]
    seats: int
    on_roll: int


def usable_ballots(ballots: Ballots, paper: Paper) -> Refusal | None:
    """The ballots are those of this paper: the same names in the same order, and no more than voters.

    Nobody is withdrawn from a paper that is frozen; papers without a preference, and such as give a number
    twice, are no votes here and belong into the report. Ties go by the lot that the ballots themselves give.
    """
    if len(ballots.candidates) != len(paper.names):
        return other_paper(len(ballots.candidates), paper)
    if ballots.seats != paper.seats:
        return Refusal("ballot-file-other-seats", 12, facts={"found": ballots.seats, "expected": paper.seats})
    known = [_folded(name) for name in paper.names]
    for at, name in enumerate(ballots.candidates):
        if _folded(name) in known and _folded(name) != known[at]:
            return Refusal(
                "ballot-file-other-order",
                12,
                facts={"number": at + 1, "found": name, "expected": paper.names[at]},
            )
    if ballots.withdrawn or ballots.tie_order:
        return Refusal("ballot-file-changes-paper", 12)
    if ballots.has_equal_ranks or any(not ranks for ranks, _ in ballots.papers):
        return Refusal("ballot-file-not-votes", 12)
    if ballots.total > paper.on_roll:
        return Refusal(
            "more-ballots-than-voters", 12, facts={"ballots": ballots.total, "voters": paper.on_roll}
        )
    return None


def other_paper(candidates: object, paper: Paper) -> Refusal:
    """The file is about another number of candidates."""
    facts = {"found": candidates, "expected": len(paper.names)}
    return Refusal("ballot-file-other-paper", 12, facts=facts)


def _folded(name: str) -> str:
    """A name as a ballot file can carry it, without regard to case."""
    return " ".join(name.replace('"', "'").split()).casefold()


def same_count(mine: Ballots, theirs: Ballots) -> Refusal | None:
    """What two scrutineers enter must be the same ballots; the second is told what differs."""
    if mine.total != theirs.total:
        return Refusal("counts-differ-in-number", 12, facts={"yours": mine.total, "theirs": theirs.total})
    yours, others = mine.merged(), theirs.merged()
    differ = sorted(ranks for ranks in yours.keys() | others.keys() if yours.get(ranks) != others.get(ranks))
    if not differ:
        return None
    ranks = differ[0]
    return Refusal(
        "counts-differ",
        12,
        facts={
            "ranking": " ".join(str(rank + 1) for rank in ranks if isinstance(rank, int)),
            "yours": yours.get(ranks, 0),
            "theirs": others.get(ranks, 0),
            "rankings": len(differ),
        },
    )
