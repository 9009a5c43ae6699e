# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every election open by the clock, on its ground and at its time, and leave members all their days?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import ORDINARY_LATENESS, counts_from, earlier, end_of_phase, later, near
from kollontai.auditor.elections import (
    ended_early,
    free_at,
    gone_before,
    lead_of,
    longer_since,
    new_seats,
    opens_at,
    rest_after,
    taken,
)
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Election, Mark, Post, Term, Widening

QUESTION = "Did every election open on one of its grounds, at its time, for its seats, with its full days?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = ("elections that were put off, cut short or never held",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Five grounds, and for each of them seats and moments that the record gives."""
    for election in audit.state.elections.values():
        post = audit.state.posts[election.post]
        yield from _plainly(audit, election, post)
        ground = _GROUNDS.get(election.why)
        if ground is None:
            yield _breach(election, f"There is no ground for an election called {election.why}.")
        else:
            yield from ground(audit, election, post)
        yield from _times(audit, election)
        for number, one in enumerate(election.widened):
            yield from _widened(audit, election, post, one, number)
        yield from _vote(audit, election)


def _breach(election: Election, sentence: str) -> Finding:
    return _found.breach(election.opened.position, election.id, sentence)


def _say(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "the count"


def _plainly(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    if election.unit != post.unit:
        yield _breach(
            election, f"{post.id} of {post.unit} is filled by {election.unit}; a unit elects its own posts."
        )
    if post.ended_at(election.opened.position):
        yield _breach(election, f"An election to {post.id} opened, which had been ended.")
    before = audit.state.elections.get(election.after)
    if (election.why == "again") != bool(election.after) or (election.after and before is None):
        yield _breach(election, f"{election.id} does not say which election it follows.")
    if election.round != (before.round + 1 if before else 1):
        yield _breach(election, f"{election.id} calls itself round {election.round}.")
    if election.half and (before is None or before.emptied is None):
        yield _breach(election, f"{election.id} opens for half terms; that is for where nobody stood before.")
    if before is not None and before.emptied is not None and not election.half:
        yield _breach(
            election, f"Nobody stood in {before.id}, and {election.id} does not open for half terms."
        )
    if election.why in ("founding", "created") and (election.fills or election.begins_at or election.ends_at):
        yield _breach(election, f"{election.id} fills new seats and speaks of terms that were before.")


def _founding(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    state, at = audit.state, election.opened
    confirmed = [
        term for term in state.terms_of_post.get(post.id, ())
        if term.how == "confirmed" and term.begun.position < at.position
    ]  # fmt: skip
    free = post.forms[0].seats - len(confirmed)
    earlier_ones = [one for one in _same(audit, election) if one.why == "founding"]
    if post.forms[0].what != "created" or post.forms[0].issue or earlier_ones or election.seats != free:
        yield _breach(
            election,
            f"{election.id} opens for {election.seats} seats of the founding in {post.id}, where {free} are "
            f"free.",
        )
    waiting = [claim for claim in state.claims if claim.post == post.id and not _settled(claim.settled, at)]
    if waiting:
        yield _breach(election, f"{election.id} opened before the members had confirmed who held {post.id}.")


def _settled(settled: Mark | None, at: Mark) -> bool:
    return settled is not None and settled.position < at.position


def _same(audit: Audit, election: Election) -> list[Election]:
    """Elections to the same post before this one."""
    return [
        one for one in audit.state.elections_of_post[election.post]
        if one.opened.position < election.opened.position
    ]  # fmt: skip


def _created(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    for new in new_seats(audit, post):
        if new[0].position < election.opened.position and new[1] == election.seats:
            others = [one for one in _same(audit, election) if one.why == "created" and _after(one, new[0])]
            if not others:
                return
    yield _breach(
        election, f"{election.id} opens for {election.seats} new seats in {post.id}, which no vote made."
    )


def _after(election: Election, mark: Mark) -> bool:
    return election.opened.position > mark.position


def _term_over(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    terms = [audit.state.terms.get(one) for one in election.fills]
    good = [one for one in terms if one is not None and one.post == post.id and one.how != "acting"]
    if not terms or len(good) != len(terms) or len(set(election.fills)) != len(terms):
        yield _breach(election, f"{election.id} does not fill terms of {post.id}.")
        return
    begins = election.begins_at
    if begins is None or any(term.ends_at != begins for term in good):
        yield _breach(
            election, f"{election.id} begins at {_say(begins)}, when the terms that it follows do not end."
        )
        return
    if {rest_after(audit, term) for term in good} != {election.ends_at}:
        yield _breach(
            election, f"{election.id} is for whole terms, or what is left of a rest, and names another end."
        )
    limits = audit.limits_at(election.opened.position) | dict(election.limits)
    due = max(opens_at(term, limits) for term in good)
    if election.opened.at < due and not near(election.opened.at, due):
        yield _breach(election, f"{election.id} opened at {_say(election.opened.at)}, before {_say(due)}.")
    lead = min(due, earlier(begins, lead_of(limits)))  # where that is past, it opened as soon as it could
    if election.due < lead and not near(election.due, lead):
        yield _breach(
            election, f"{election.id} says that it was due at {_say(election.due)}, not {_say(due)}."
        )
    for term in good:
        for other in audit.state.filled_by[term.id]:
            if other.why == "term-over" and other.opened.position < election.opened.position:
                yield _breach(election, f"The seat of {term.id} is filled by {other.id} already.")
    yield from _seats_of(audit, election, post, good, begins)


def _seats_of(
    audit: Audit, election: Election, post: Post, terms: list[Term], begins: datetime
) -> Iterator[Finding]:
    """As many seats as terms end, unless members voted fewer seats."""
    free = _free_from(audit, election, post, begins)
    if election.seats != len(terms) and election.seats != min(len(terms), free):
        yield _breach(election, f"{election.id} is for {election.seats} seats; {len(terms)} terms end.")


def _free_from(audit: Audit, election: Election, post: Post, day: datetime) -> int:
    """How many seats of a post were free from a day on, when an election opened."""
    opened = election.opened
    before = Mark(opened.position - 1, opened.at, "")
    return max(0, post.form_at(opened.position).seats - taken(audit, post, before, day))


def _vacancy(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    fills, seats, *_rest = election.first()
    if not fills and _elected_but_gone(audit, election):
        return
    term = audit.state.terms.get(fills[0]) if len(fills) == 1 else None
    if term is None or term.post != post.id or seats != 1:
        yield _breach(election, f"{election.id} does not fill the seat of one term of {post.id}.")
        return
    yield from _fallen_vacant(audit, election, term, election.opened)
    for other in audit.state.elections_of_post[post.id]:
        if other is not election and _could_join(audit, other, term, election.opened):
            yield _breach(
                election, f"{election.id} is held apart from {other.id}, which was to fill the seat too."
            )
        elif other is not election and _at_the_vote(audit, other, term, election.opened):
            yield _found.observe(
                election.opened.position,
                election.id,
                f"The seat of {term.id} fell vacant when the vote of {other.id} on another seat of {post.id} "
                f"had begun: the two are counted apart.",
            )


def _fallen_vacant(audit: Audit, election: Election, term: Term, at: Mark) -> Iterator[Finding]:
    """The seat of a term is vacant, long from its end, filled by nobody else, and for this rest."""
    ended = term.ended
    if ended is None or ended.position > at.position or not ended_early(term) or term.how == "acting":
        yield _found.breach(
            at.position,
            election.id,
            f"{election.id} fills the seat of {term.id}, which had not fallen vacant.",
        )
        return
    if election.ends_at != term.ends_at or election.begins_at is not None:
        yield _found.breach(
            at.position,
            election.id,
            f"{election.id} is for the rest of {term.id}, until {_say(term.ends_at)}, and says "
            f"{_say(election.ends_at)}.",
        )
    limits = audit.limits_at(at.position)
    if term.ends_at <= later(ended.at, limits["O2.acting"]):
        yield _found.breach(
            at.position,
            election.id,
            f"So little was left of {term.id} that {election.id} opened for nothing.",
        )
    if any(
        one is not election and _fills_since(one, term.id) < at.position
        for one in audit.state.filled_by[term.id]
    ):
        yield _found.breach(
            at.position, election.id, f"The seat of {term.id} is filled by another election already."
        )


def _fills_since(election: Election, term: str) -> int:
    """The entry by which an election fills the seat of a term."""
    joined = [one.mark.position for one in election.widened if one.term == term]
    return joined[0] if joined else election.opened.position


def _could_join(audit: Audit, election: Election, term: Term, at: Mark) -> bool:
    """Whether a by-election that ran when another seat fell vacant was to fill that too."""
    ended = audit.state.polls[election.polls[0]].opened if election.polls else election.ended
    closes_at = election.closing_at(at.position)
    if (
        election.ends_at != term.ends_at
        or election.begins_at is not None
        or election.half
        or not election.opened.position < at.position
        or (ended is not None and ended.position < at.position)
        or at.at >= closes_at
    ):
        return False
    new = max(closes_at, end_of_phase(at.at, audit.limits_born(election)["N.nominations"], audit.zone))
    return new == closes_at or _in_time(audit, election, new)


def _at_the_vote(audit: Audit, election: Election, term: Term, at: Mark) -> bool:
    """Whether the vote on another seat of a post, for the same rest, ran at an entry."""
    begun = audit.state.polls[election.polls[0]].opened.position if election.polls else at.position
    over = election.ended is not None and election.ended.position < at.position
    return election.ends_at == term.ends_at and begun < at.position and not over


def _in_time(audit: Audit, election: Election, closes_at: datetime) -> bool:
    """Whether the vote then closes as long as somebody may act."""
    limits = audit.limits_born(election)
    vote = end_of_phase(closes_at, limits["D5.other"], audit.zone)
    return vote <= later(election.opened.at, limits["O2.acting"])


def _widened(audit: Audit, election: Election, post: Post, one: Widening, number: int) -> Iterator[Finding]:
    """One seat more, of the same post and for the same rest, with all days of nominations."""
    at, name = one.mark, election.id
    _fills, seats, closes_at, since = one.before
    term = audit.state.terms.get(one.term)
    if term is None or term.post != post.id or one.seats != seats + 1 or not one.before[0]:
        yield _found.breach(at.position, name, f"{name} is not widened by the seat of one term of {post.id}.")
        return
    yield from _fallen_vacant(audit, election, term, at)
    if at.at >= closes_at or election.half:
        yield _found.breach(
            at.position, name, f"{name} was widened when its nominations were over, or for half terms."
        )
    days = audit.limits_born(election)["N.nominations"]
    right = {
        max(closes_at, end_of_phase(begins, days, audit.zone))
        for begins in (counts_from(one.due, at.at), at.at)
    }
    if one.closes_at not in right:
        yield _found.breach(
            at.position, name,
            f"Nominations of {name} close at {_say(one.closes_at)} with the seat of {term.id}; it is to be "
            f"{_say(min(right))}.",
        )  # fmt: skip
    if one.closes_at != closes_at and not _in_time(audit, election, one.closes_at):
        yield _found.breach(
            at.position,
            name,
            f"{name} is put off for the seat of {term.id}, for longer than somebody may act.",
        )
    if one.members_since != (one.closes_at if since == closes_at else since):
        yield _found.breach(
            at.position,
            name,
            f"Members since {_say(one.members_since)} may vote in {name} after it was widened.",
        )
    if term.id in one.before[0]:
        yield _found.breach(at.position, name, f"{name} fills the seat of {term.id} twice.")


def _elected_but_gone(audit: Audit, election: Election) -> bool:
    """Whether somebody was elected to this post, and was no member any more when the term was to begin."""
    return any(len(gone_before(audit, one)) >= election.first()[1] for one in _same(audit, election))


def _again(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    before = audit.state.elections.get(election.after)
    if before is None or before.post != post.id:
        yield _breach(election, f"{election.id} follows no election to {post.id}.")
        return
    ended, at = before.ended, election.opened
    if ended is None or ended.position > at.position:
        yield _breach(election, f"{election.id} opened before {before.id} had ended.")
        return
    begins = before.begins_at
    seats = election.first()[1]
    if 0 < seats <= len(gone_before(audit, before)) and at.at >= max(ended.at, begins or ended.at):
        return
    days = audit.limits_born(before)["N.again"]
    soon = is_soon(audit, before, election)
    whole = before.emptied or before.annulled
    left = before.seats if whole else before.reopened if soon else before.unfilled
    fewer = len(post.forms) > 1 and _as_far_as_free(audit, election, post, seats, left)
    if (seats != left and not fewer) or not left:
        yield _breach(election, f"{election.id} is for {seats} seats; {before.id} left {left} of that kind.")
    twice = [
        one for one in map(audit.state.elections.__getitem__, before.followers)
        if one.opened.position < at.position and is_soon(audit, before, one) == soon
    ]  # fmt: skip
    if twice:
        yield _breach(election, f"The seats that {before.id} left are filled by {twice[0].id} already.")
    if not soon and at.at < later(left_at(before), days):
        yield _breach(election, f"{election.id} opened before {days} days were over.")
    if election.first()[0] not in ((), before.fills, before.fills[-election.first()[1] :]):
        yield _breach(election, f"{election.id} fills other terms than {before.id}.")
    if election.ends_at != before.ends_at or election.begins_at not in (None, before.begins_at):
        yield _breach(election, f"{election.id} is for another time than {before.id}.")


def _as_far_as_free(audit: Audit, election: Election, post: Post, seats: int, left: int) -> bool:
    """Whether an election opened for as many of the seats left as members, who may have voted fewer, had."""
    begins = election.begins_at
    free = (
        free_at(audit, post, election.opened) if begins is None else _free_from(audit, election, post, begins)
    )
    return 0 < seats <= left and seats >= min(left, free)


def is_soon(audit: Audit, before: Election, election: Election) -> bool:
    """Whether an election opened at once for seats that re-opened, and not after days for the others."""
    if before.annulled is not None:
        return True
    if before.ended is None or before.emptied is not None or not before.reopened:
        return False
    if not before.unfilled:
        return True
    days = audit.limits_born(before)["N.again"]
    return election.opened.at < later(left_at(before), days)


def left_at(election: Election) -> datetime:
    """From when the days count until nominations open again for seats that an election left."""
    ended, due = election.ended, election.decided_due if election.decided else election.closes_at
    moments = [moment for moment in (ended.at if ended else None, due) if moment is not None]
    return min(moments)


_GROUNDS = {
    "founding": _founding,
    "created": _created,
    "term-over": _term_over,
    "vacancy": _vacancy,
    "again": _again,
}


def _times(audit: Audit, election: Election) -> Iterator[Finding]:
    """Nominations have their days; who may vote is fixed by a day before they opened."""
    limits, opened = audit.limits_born(election), election.opened.at
    _fills, _seats, closes_at, since = election.first()
    days = limits["N.nominations"]
    ends = end_of_phase(counts_from(election.due, opened), days, audit.zone)
    if closes_at not in (ends, end_of_phase(opened, days, audit.zone)):
        cut = "cut short" if closes_at < ends else "drawn out"
        yield _breach(
            election,
            f"Nominations of {election.id} are {cut}: they close at {_say(closes_at)}; {days} days "
            f"end at {_say(ends)}.",
        )
    founded, before = audit.state.founded_at, limits["R1.before"]
    right = {earlier(opened, before), earlier(election.due, before)}
    if founded is not None and founded > min(right):
        right = {closes_at} | ({one for one in right if one >= founded})
    day = earlier(closes_at, limits["R1.unit"])
    if day < max(right) and audit.in_unit_by(election.unit, day, election.opened.position):
        right = {one if one == closes_at else min(one, day) for one in right}  # days in a unit are more
    if not any(near(since, one) for one in right):
        yield _breach(
            election,
            f"Members since {_say(since)} may vote in {election.id}; it is to be those "
            f"since {_say(min(right))}.",
        )


def _vote(audit: Audit, election: Election) -> Iterator[Finding]:
    """The vote follows the nominations at once, and closes days before the terms end."""
    polls = [audit.state.polls[one] for one in election.polls]
    if election.emptied is not None:
        if polls:
            yield _breach(election, f"{election.id} came to a vote and is called empty.")
        yield from _was_empty(audit, election, election.emptied)
    if election.annulled is not None:
        yield from _was_annulled(audit, election, election.annulled)
    if not polls or election.begins_at is None:
        return
    limits, first = audit.limits_born(election), polls[0]
    terms = [audit.state.terms[one] for one in election.fills if one in audit.state.terms]
    in_time = (
        election.why == "term-over"
        and all(opens_at(term, limits) > term.begun.at for term in terms)  # known early enough
        and not _had_more_room(audit, election, terms, limits)
        and election.opened.at - election.due <= ORDINARY_LATENESS
        and first.opened.at - election.closes_at <= ORDINARY_LATENESS
    )
    if (
        in_time
        and first.closes_at > earlier(election.begins_at, limits["N.ahead"])
        and not any(longer_since(audit, term, limits, election.opened.at) for term in terms)
    ):
        yield _found.breach(
            first.opened.position,
            election.id,
            f"The vote of {election.id} closes less than {limits['N.ahead']} days before the terms end.",
        )


def _had_more_room(audit: Audit, election: Election, terms: list[Term], limits: dict[str, int]) -> bool:
    """Whether members voted more seats, or somebody left one voted away, after it was to have opened."""
    post, held = audit.state.posts[election.post], audit.state.terms_of_post[election.post]
    since = max((opens_at(term, limits) for term in terms), default=election.due)
    more = [after.mark for before, after in pairwise(post.forms) if after.seats > before.seats]
    more += [one.ended for one in held if one.ended is not None and ended_early(one) and len(post.forms) > 1]
    return any(since < one.at and one.position < election.opened.position for one in more)


def _was_empty(audit: Audit, election: Election, emptied: Mark) -> Iterator[Finding]:
    if emptied.at < election.closes_at:
        yield _found.breach(
            emptied.position, election.id, f"{election.id} was called empty before nominations had closed."
        )
    over = audit.state.posts[election.post].ended
    standing = [
        one.member for one in election.candidacies.values()
        if over is None or over.position > emptied.position
        if one.stands_at(emptied.position) and _may_vote(audit, election, one.member, emptied)
    ]  # fmt: skip
    if standing:
        yield _found.breach(
            emptied.position, election.id, f"{election.id} was called empty, and {standing[0]} stands."
        )


def _was_annulled(audit: Audit, election: Election, annulled: Mark) -> Iterator[Finding]:
    """Only directly after its box was lost, and only where nobody of its candidates is left."""
    poll = audit.state.polls.get(election.polls[-1]) if election.polls else None
    lost = poll.lost if poll else None
    if poll is None or poll.id != election.annulled_poll or lost is None or lost.at != annulled.at:
        yield _found.breach(
            annulled.position,
            election.id,
            f"{election.id} was annulled, and the box of its vote was not lost.",
        )
    if audit.state.where(election.unit, annulled.position) != election.unit:
        return
    standing = [
        one.member for one in election.candidacies.values()
        if one.stands_at(annulled.position) and _may_vote(audit, election, one.member, annulled)
    ]  # fmt: skip
    if standing:
        yield _found.breach(
            annulled.position, election.id, f"{election.id} was annulled, and {standing[0]} stands."
        )


def _may_vote(audit: Audit, election: Election, member: str, mark: Mark) -> bool:
    person = audit.state.people.get(member)
    admission = person.admission_at(mark.position) if person else None
    return (
        admission is not None
        and audit.state.within(admission.unit, election.unit, mark.position)
        and admission.mark.at <= election.members_since
    )
