# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every count of an election seat exactly whom it elected, and re-open what it left?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.elections import acts_beyond, by_elections, gone_before, offer_of
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Election, Mark, Poll

QUESTION = "Did every election's count seat exactly whom it elected, in their order, and leave what it must?"
ARTICLE = 1
EVIDENCE = proved(limit="Whether the ballots of a secret poll are those that were cast, boxes_whole asks.")
FINDS = (
    "terms without an earlier count that elected exactly that person",
    "seats that came out otherwise than the ballots say",
)

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """From the ballots to the decision, from the decision to the terms."""
    for election in audit.state.elections.values():
        for poll in map(audit.state.polls.__getitem__, election.polls):
            if poll.counted is not None and election.decided is None:
                yield _found.breach(
                    poll.counted.position,
                    election.id,
                    f"{poll.id} was counted, and {election.id} not decided.",
                )
        if election.decided is not None:
            yield from _decided(audit, election, election.decided)
    yield from _acting_over(audit)


def _decided(audit: Audit, election: Election, decided: Mark) -> Iterator[Finding]:
    at, poll = decided.position, audit.state.polls.get(election.decided_poll)
    if poll is None or poll.about != "election" or poll.subject != election.id:
        yield _found.breach(at, election.id, f"{election.id} was decided without a vote on it.")
        return
    if poll.counted is None or poll.counted.position > at or poll.lost is not None:
        yield _found.breach(at, election.id, f"{election.id} was decided before the vote was counted.")
        return
    if poll.counted.at != decided.at:
        yield _found.breach(at, election.id, f"{election.id} was not decided at the moment of the count.")
    told = len(election.elected) + election.reopened + election.unfilled
    if told != election.seats or min(election.reopened, election.unfilled) < 0:
        yield _found.breach(
            at, election.id, f"{election.id} fills {election.seats} seats and speaks of {told}."
        )
    yield from _result(audit, election, poll, at)
    for member in election.elected:
        yield from _begins(audit, election, poll, member, decided)


def _result(audit: Audit, election: Election, poll: Poll, at: int) -> Iterator[Finding]:
    again = audit.recount(poll)
    if again.outcome is None:
        return  # counts_recomputed says why
    if election.elected != again.elected:
        yield _found.breach(
            at, election.id,
            f"{election.id} is said to seat {', '.join(election.elected) or 'nobody'}; counted again it is "
            f"{', '.join(again.elected) or 'nobody'}.",
        )  # fmt: skip
    if election.reopened != again.reopened:
        yield _found.breach(
            at, election.id,
            f"{election.id} re-opens {election.reopened} seats; the ballots re-open {again.reopened}.",
        )  # fmt: skip


def _begins(audit: Audit, election: Election, poll: Poll, member: str, decided: Mark) -> Iterator[Finding]:
    begins = max(decided.at, election.begins_at) if election.begins_at else decided.at
    gone = audit.state.posts[election.post].gone
    if gone is not None and gone.at <= begins:
        return  # the unit is no more, and so are its seats
    if election.ends_at is not None and election.ends_at <= begins:
        return  # the vote closed so late that nothing was left of the rest
    begun = [term for term in audit.state.terms_of_poll.get(poll.id, ()) if term.member == member]
    if begun or audit.last_at - begins <= GRACE:
        return
    if member not in gone_before(audit, election):
        yield _found.breach(
            decided.position, election.id,
            f"{member} was elected in {election.id}, and their term did not begin at "
            f"{begins:%Y-%m-%d %H:%M}.",
        )  # fmt: skip


def _acting_over(audit: Audit) -> Iterator[Finding]:
    """Whoever acts goes when the by-election seats somebody; of several, as many as stay empty go on."""
    for term in audit.state.terms.values():
        offer = offer_of(audit, term) if term.how == "acting" else None
        before = audit.state.terms.get(offer.term) if offer else None
        for election in by_elections(audit, before) if before else ():
            filled = election.decided
            if (
                filled is not None
                and election.elected
                and filled.at < term.ends_at
                and (term.ended is None or term.ended.at > filled.at)
                and audit.state.terms_of_poll.get(election.decided_poll)
                and acts_beyond(audit, election, filled.at) > 0
            ):
                yield _found.breach(
                    filled.position, term.id,
                    f"{election.id} filled the seat, and {term.member} went on acting in {term.post}.",
                )  # fmt: skip
