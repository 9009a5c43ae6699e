# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several checks ask about elections, terms and vacancies, worked out from docs/decisions/0011."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import counts_from, earlier, end_of_phase, later
from kollontai.auditor.things import Election, Mark, Offer, Post, Term

EVENINGS = 2
"""Nominations and the vote end in the evening: so many days may be lost by it."""
AT_ONCE = timedelta(hours=1)
"""What the clock does at once it has done by then."""
BEFORE_THEIR_TIME = frozenset({"left", "resigned", "recalled"})


def ended_early(term: Term) -> bool:
    """Whether a term ended before its time and so left a vacancy."""
    return term.ended is not None and term.ended_why in BEFORE_THEIR_TIME


def lead_of(limits: dict[str, int]) -> int:
    """How many days before a term ends the election after it opens."""
    return limits["N.ahead"] + limits["D5.other"] + limits["N.nominations"] + EVENINGS


def opens_at(term: Term, limits: dict[str, int]) -> datetime:
    """When the election after a term opens: early enough, or at once where that is past."""
    return max(earlier(term.ends_at, lead_of(limits)), term.begun.at)


def longer_since(audit: Audit, term: Term, limits: dict[str, int], until: datetime) -> datetime | None:
    """When votes became so long that the election after a term should have opened already; None if never.

    By a vote on the charter, or because a small house grew. It opens at once then, or on the next day.
    """
    lead, due = lead_of(limits), opens_at(term, limits)
    joined = (one.mark for person in audit.state.people.values() for one in person.admissions)
    marks = [
        one for one in (*(change.mark for change in audit.state.changes), *joined) if due < one.at <= until
    ]
    since = [one.at for one in marks if lead_of(audit.limits_at(one.position)) < lead]
    return max(since, default=None)


def begin_of(audit: Audit, election: Election, position: int) -> datetime:
    """When the terms of an election begin, as it was known at an entry: on their day, or with the count."""
    counted = end_of_phase(election.closing_at(position), audit.limits_born(election)["D5.other"], audit.zone)
    return max(election.begins_at, counted) if election.begins_at else counted


def term_days(audit: Audit, election: Election, position: int) -> int:
    """How long a whole term of an election is: as the post was here, and no longer than its charter said."""
    post, limits = audit.state.posts[election.post], audit.limits_born(election)
    leads = post.form_at(election.opened.position).leading
    return max(1, min(post.form_at(position).term_days, limits["O1.leading" if leads else "O1.other"]))


FOLLOWING = 90
"""Terms with no more days between them follow one another."""


def in_paid_posts(audit: Audit, member: str, begins: datetime, position: int) -> timedelta:
    """How long somebody would have been in paid posts without a break up to a day, by what an entry knew.

    Acting is being in one; days in two of them at once are counted once.
    """
    held = [
        (term, _until(term, position))
        for term in audit.state.terms_of_member.get(member, ())
        if term.begun.position < position and term.begun.at < begins and audit.state.held_as(term).pay > 0
    ]
    whole, edge = timedelta(), begins
    for term, until in sorted(held, key=lambda one: one[1], reverse=True):
        if later(until, FOLLOWING) < edge:
            break
        first = min(edge, term.begun.at)
        whole += max(timedelta(), min(until, edge) - first)
        edge = first
    return whole


def paid_until(
    audit: Audit, election: Election, member: str, begins: datetime, position: int
) -> datetime | None:
    """Until when somebody who begins then may hold what they were elected to; None where it is not paid."""
    if audit.state.posts[election.post].form_at(election.opened.position).pay <= 0:
        return None
    most = audit.limits_born(election)["O1.paid"]
    return later(begins, most) - in_paid_posts(audit, member, begins, position)


def _until(term: Term, position: int) -> datetime:
    """When a term was over, or is to be, as far as was known at an entry."""
    ended = term.ended
    return min(ended.at, term.ends_at) if ended and ended.position < position else term.ends_at


def line_before(audit: Audit, election: Election) -> list[Election]:
    """An election and those it follows, back to the first."""
    found, seen = [election], {election.id}
    while (before := audit.state.elections.get(found[-1].after)) is not None and before.id not in seen:
        found.append(before)
        seen.add(before.id)
    return found


def line_after(audit: Audit, election: Election) -> Iterator[Election]:
    """An election and all that followed it."""
    seen, left = set(), [election.id]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            yield audit.state.elections[one]
            left += audit.state.elections[one].followers


def empty_rounds(audit: Audit, election: Election) -> int:
    """In how many rounds in a row nobody stood, this one the last."""
    rounds = 0
    for one in line_before(audit, election):
        if one.emptied is None:
            break
        rounds += 1
    return rounds


def electing(audit: Audit, term: Term) -> Election | None:
    """The election by which a term came about."""
    poll = audit.state.polls.get(term.poll)
    return audit.state.elections.get(poll.subject) if poll and poll.about == "election" else None


def seat_of(audit: Audit, term: Term) -> list[str]:
    """The terms whose rests a term serves, back to the first that began for the whole seat."""
    found, left = [], [term]
    while left:
        one = left.pop()
        if one.id not in found:
            found.append(one.id)
            election = electing(audit, one)
            if election is not None and election.ends_at is not None:
                left += [audit.state.terms[other] for other in election.fills if other in audit.state.terms]
    return found[1:]


def rest_after(audit: Audit, term: Term) -> datetime | None:
    """Until when the seat of a term goes on that served half of a rest."""
    election = electing(audit, term) if term.how == "elected" else None
    rest = election.ends_at if election else None
    return rest if rest is not None and rest > term.ends_at else None


def by_elections(audit: Audit, term: Term) -> Iterator[Election]:
    """The elections that fill the seat that a term left before its time."""
    for first in audit.state.filled_by.get(term.id, ()):
        if first.why != "term-over":
            yield from line_after(audit, first)


def acts_beyond(audit: Audit, election: Election, at: datetime) -> int:
    """How many more act, in the seats that an election and those before and after it fill, than stay empty.

    Less than nothing, where a seat stays empty in which somebody had acted, or nobody.
    """
    *_, first = line_before(audit, election)
    line = list(line_after(audit, first))
    seated = sum(
        term.how == "elected" and term.begun.at <= at
        for one in line
        for term in audit.state.terms_of_poll.get(one.decided_poll, ())
    )
    acting = sum(
        term.how == "acting" and term.begun.at <= at < term.ends_at
        and (term.ended is None or term.ended.at > at)
        and (offer := offer_of(audit, term)) is not None
        and offer.term in first.fills
        for term in audit.state.terms_of_post.get(first.post, ())
    )  # fmt: skip
    return acting - max(0, len(first.fills) - seated)


def offer_of(audit: Audit, acting: Term) -> Offer | None:
    """The offer that an acting term came from."""
    for before in audit.state.terms_of_poll.get(acting.poll, ()):
        for offer in audit.state.offers.get(before.id, ()):
            answered = offer.answered
            if (
                offer.state == "accepted"
                and (offer.member, offer.post) == (acting.member, acting.post)
                and answered is not None
                and answered.at == acting.begun.at
            ):
                return offer
    return None


def gone_before(audit: Audit, election: Election) -> list[str]:
    """Who was elected and was no member any more when the term was to begin: their seat is vacant.

    So is that of who had come to be in paid posts for as long as anybody may be.
    """
    decided = election.decided
    if decided is None:
        return []
    begins = max(decided.at, election.begins_at) if election.begins_at else decided.at
    begun = {term.member for term in audit.state.terms_of_poll.get(election.decided_poll, ())}
    return [
        member
        for member in election.elected
        if member not in begun
        and begins <= audit.last_at
        and (not _member_then(audit, member, begins) or _paid_enough(audit, election, member, begins))
    ]


def _paid_enough(audit: Audit, election: Election, member: str, begins: datetime) -> bool:
    until = paid_until(audit, election, member, begins, audit.state.size)
    return until is not None and until <= begins


def _member_then(audit: Audit, member: str, moment: datetime) -> bool:
    person = audit.state.people.get(member)
    return person is not None and any(
        one.mark.at <= moment and (number >= len(person.departures) or person.departures[number].at > moment)
        for number, one in enumerate(person.admissions)
    )


def was_free(audit: Audit, post: Post, mark: Mark) -> bool:
    """Whether a post had a seat, when an entry was made, that nobody held and no election began to fill."""
    return len(post.forms) == 1 or free_at(audit, post, mark, until=mark.at + AT_ONCE) > 0


def new_seats(audit: Audit, post: Post) -> list[tuple[Mark, int]]:
    """When members voted new seats, and how many were nobody's then, nor on the way to be somebody's.

    Seats that were voted away and voted again while they were held are their holders'.
    """
    found, before = [], 0
    for form in post.forms:
        if form.issue and form.what != "ended" and form.seats > before:
            free = form.seats - taken(audit, post, form.mark)
            if free > 0:
                found.append((form.mark, free))
        before = form.seats
    return found


def free_at(audit: Audit, post: Post, mark: Mark, *, until: datetime | None = None) -> int:
    """The seats of a post, as an entry left it, less those held and those that an election began to fill.

    That election had opened before the entry or, where `until` is a moment, by then.
    """
    held = sum(
        term.how != "acting"
        and term.begun.position <= mark.position
        and (term.ended is None or term.ended.position > mark.position)
        and term.ends_at > mark.at
        for term in audit.state.terms_of_post.get(post.id, ())
    )
    filled = sum(
        one.seats_at(mark.position)
        for one in audit.state.elections_of_post.get(post.id, ())
        if (one.opened.position < mark.position if until is None else one.opened.at <= until)
        and (one.begins_at is None or one.begins_at <= mark.at)
        and (one.ended is None or one.ended.position > mark.position)
    )
    return post.form_at(mark.position).seats - held - filled


def as_of(audit: Audit, post: Post, moment: datetime) -> Mark:
    """The last entry on the seats of a post by a moment, as a mark at that moment."""
    marks = [form.mark for form in post.forms]
    for term in audit.state.terms_of_post.get(post.id, ()):
        marks += [term.begun, *([term.ended] if term.ended else [])]
    for one in audit.state.elections_of_post.get(post.id, ()):
        marks += [one.opened, *([one.ended] if one.ended else [])]
    return Mark(max((one.position for one in marks if one.at <= moment), default=-1), moment, "")


def taken(audit: Audit, post: Post, mark: Mark, day: datetime | None = None) -> int:
    """How many seats of a post were somebody's, or on the way to be, as an entry left it: now, or past a day.

    Held, being filled, waiting for another round. A seat of whose whole term so little is left that no
    by-election is held for it waits for the election after it.
    """
    moment = day or mark.at
    ends, began = _held_until(audit, post, mark)
    few = later(mark.at, audit.limits_at(mark.position)["O2.acting"])
    found = 0
    for one in audit.state.elections_of_post.get(post.id, ()):
        if one.opened.position > mark.position:
            continue
        seats = _to_fill(audit, one, mark)
        begun = one.begins_at is None or one.begins_at <= mark.at
        if one.ends_at is not None:
            if begun and one.ends_at > mark.at:
                ends[one.ends_at] += seats
        elif day is None:
            found += seats if begun else 0
        elif _holds_past(audit, one, mark, day):
            waits = one.decided is not None and one.decided.position <= mark.position and not begun
            found += seats + (len(one.elected) if waits else 0)
    for end, number in began.items():
        if end <= few:
            ends[end] = max(number, ends[end])
    return found + sum(number for end, number in ends.items() if end > moment)


def _holds_past(audit: Audit, election: Election, mark: Mark, day: datetime) -> bool:
    """Whether a whole term that is being filled is there by a day, or soon after it, and lasts beyond it."""
    begins = election.begins_at or max(mark.at, begin_of(audit, election, mark.position))
    days = term_days(audit, election, mark.position)
    return (election.begins_at is None or begins <= day) and later(begins, days) > day


def _held_until(audit: Audit, post: Post, mark: Mark) -> tuple[Counter[datetime], Counter[datetime]]:
    """The terms that run, and those that ever began whole, by the end of the whole term of their seat."""
    ends: Counter[datetime] = Counter()
    began: Counter[datetime] = Counter()
    for term in audit.state.terms_of_post.get(post.id, ()):
        if term.how == "acting" or term.begun.position > mark.position or term.ends_at <= mark.at:
            continue
        election = electing(audit, term)
        rest = election.ends_at if election else None
        if rest is None:
            began[term.ends_at] += 1
        ended = term.ended
        at_once = ended is not None and ended.at == mark.at and ended_early(term)
        if (
            ended is None
            or ended.position > mark.position
            or (
                at_once
                and not any(one.opened.position < mark.position for one in audit.state.filled_by[term.id])
            )
        ):
            ends[rest or term.ends_at] += 1
    return ends, began


def _to_fill(audit: Audit, election: Election, mark: Mark) -> int:
    """How many seats an election, or the round after it, was about to fill when an entry was made."""
    ended = election.ended
    if ended is None or ended.position > mark.position:
        return election.seats_at(mark.position)
    if election.annulled is not None:
        return 0
    due = later(ended.at, audit.limits_born(election)["N.again"])
    followed = any(
        one.opened.position > mark.position and due <= one.opened.at <= mark.at + AT_ONCE
        for one in map(audit.state.elections.__getitem__, election.followers)
    )  # a late clock came to both at once
    left = election.seats if election.emptied else election.unfilled
    return left if due > mark.at or followed else 0


def after_close(due: datetime | None, at: datetime, days: int) -> tuple[datetime, datetime]:
    """Whole days from when something was due, and from when it happened."""
    return later(counts_from(due, at), days), later(at, days)


def is_scrutineer(audit: Audit, member: str, unit: str, mark: Mark) -> bool:
    """Whether somebody held a scrutineer's post of a unit, or of one above it, when they did something."""
    above = audit.state.over(unit, mark.position)
    return any(
        term.begun.position < mark.position
        and (term.ended is None or term.ended.position > mark.position)
        and mark.at < term.ends_at
        and audit.state.posts[term.post].unit in above
        and audit.state.held_as(term).duty == "scrutineer"
        for term in audit.state.terms_of_member.get(member, ())
    )
