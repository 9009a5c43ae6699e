# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several checks ask about elections, terms and vacancies, worked out from docs/decisions/0011."""

from __future__ import annotations

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
    """Who was elected and was no member any more when the term was to begin: their seat is vacant."""
    decided = election.decided
    if decided is None:
        return []
    begins = max(decided.at, election.begins_at) if election.begins_at else decided.at
    begun = {term.member for term in audit.state.terms_of_poll.get(election.decided_poll, ())}
    return [
        member
        for member in election.elected
        if member not in begun and begins <= audit.last_at and not _member_then(audit, member, begins)
    ]


def _member_then(audit: Audit, member: str, moment: datetime) -> bool:
    person = audit.state.people.get(member)
    return person is not None and any(
        one.mark.at <= moment and (number >= len(person.departures) or person.departures[number].at > moment)
        for number, one in enumerate(person.admissions)
    )


def seated_elsewhere(post: Post, terms: list[Term], at: datetime, position: int) -> int:
    """How many of a post's seats are held past a moment, as far as the record goes at an entry."""
    return sum(
        term.begun.position < position
        and term.ends_at > at
        and (term.ended is None or term.ended.position > position)
        for term in terms
        if term.post == post.id
    )


def was_free(audit: Audit, post: Post, mark: Mark) -> bool:
    """Whether a post had a seat, when an entry was made, that nobody held and no election began to fill."""
    return len(post.forms) == 1 or _free(audit, post, mark, until=mark.at + AT_ONCE) > 0


def new_seats(audit: Audit, post: Post) -> list[tuple[Mark, int]]:
    """When members voted new seats, and how many of those were nobody's then.

    Seats that were voted away and voted again while they were held are their holders'.
    """
    found, before = [], 0
    for form in post.forms:
        if form.issue and form.what != "ended" and form.seats > before:
            free = min(form.seats - before, _free(audit, post, form.mark, until=None))
            if free > 0:
                found.append((form.mark, free))
        before = form.seats
    return found


def _free(audit: Audit, post: Post, mark: Mark, *, until: datetime | None) -> int:
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
        one.seats
        for one in audit.state.elections_of_post.get(post.id, ())
        if (one.opened.position < mark.position if until is None else one.opened.at <= until)
        and (one.begins_at is None or one.begins_at <= mark.at)
        and (one.ended is None or one.ended.position > mark.position)
    )
    return post.form_at(mark.position).seats - held - filled


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
