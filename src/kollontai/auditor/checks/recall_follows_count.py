# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every recall that reached its number come to a vote, and end the term exactly where it carried?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Petition, Poll, Recall

QUESTION = "Was every recall put to the vote at once, and did the double test alone decide it?"
ARTICLE = 1
EVIDENCE = proved(limit="Whether the ballots of a secret poll are those that were cast, boxes_whole asks.")
FINDS = ("recalls that were put off, or decided otherwise than the electors voted",)

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """More yes than no, and half of the turnout that elected."""
    for petition in audit.state.petitions.values():
        if petition.about == "recall":
            yield from _vote(audit, petition)
            if petition.decided is not None:
                yield from _decided(audit, petition, petition.decided)


def _vote(audit: Audit, petition: Petition) -> Iterator[Finding]:
    reached = petition.reached
    polls = [audit.state.polls[one] for one in petition.polls]
    if reached is not None:
        at_once = [poll for poll in polls if poll.opened.at == reached.at]
        if not at_once and (polls or audit.last_at - reached.at > GRACE):
            yield _found.breach(
                reached.position, petition.id, f"{petition.id} had its number, and no vote opened at once."
            )
    for poll in polls:
        if poll.lost is not None and poll is polls[-1] and audit.last_at - poll.lost.at > GRACE:
            yield _found.breach(
                poll.lost.position,
                petition.id,
                f"The vote on {petition.id} was annulled, and no other opened.",
            )
        if poll.counted is not None and petition.decided is None:
            yield _found.breach(
                poll.counted.position,
                petition.id,
                f"The vote on {petition.id} was counted, and nothing decided.",
            )


def electing_turnout(audit: Audit, term_id: str) -> tuple[int, int]:
    """How many of how many voted in the poll that gave a term."""
    term = audit.state.terms.get(term_id)
    poll = audit.state.polls.get(term.poll) if term else None
    return (poll.cast, poll.roll_count) if poll else (0, 0)


def _decided(audit: Audit, petition: Petition, decided: Recall) -> Iterator[Finding]:
    at, poll = decided.mark.position, audit.state.polls.get(decided.poll)
    if (
        poll is None
        or poll.about != "recall"
        or poll.subject != petition.id
        or decided.term != petition.subject
    ):
        yield _found.breach(at, petition.id, f"{petition.id} was decided without a vote on it.")
        return
    if poll.counted is None or poll.counted.position > at or poll.lost is not None:
        yield _found.breach(at, petition.id, f"{petition.id} was decided before the vote was counted.")
        return
    if poll.counted.at != decided.mark.at:
        yield _found.breach(at, petition.id, f"{petition.id} was not decided at the moment of the count.")
    yield from _figures(audit, petition, decided, poll)
    outcome = _outcome(audit, petition, poll)
    if decided.outcome != outcome:
        yield _found.breach(
            at,
            petition.id,
            f"{petition.id} is said to end in {decided.outcome}; by the double test it is {outcome}.",
        )
    term = audit.state.terms.get(petition.subject)
    if term is None or outcome != "recalled":
        return  # a term that ended as recalled without this, terms_from_counts finds
    if term.ended is None or (term.ended.at > decided.mark.at):
        yield _found.breach(
            at,
            petition.id,
            f"{term.member} was recalled from {term.post}, and the term did not end.",
        )


def _figures(audit: Audit, petition: Petition, decided: Recall, poll: Poll) -> Iterator[Finding]:
    cast, roll = electing_turnout(audit, petition.subject)
    told = (decided.cast, decided.roll, decided.electing_cast, decided.electing_roll)
    if told != (poll.cast, poll.roll_count, cast, roll):
        yield _found.breach(
            decided.mark.position, petition.id,
            f"{petition.id} speaks of {told[0]} of {told[1]}, and of {told[2]} of {told[3]} who elected; it "
            f"is {poll.cast} of {poll.roll_count}, and {cast} of {roll}.",
        )  # fmt: skip


def _outcome(audit: Audit, petition: Petition, poll: Poll) -> str:
    again = audit.recount(poll)
    figures = again.figures if again.figures is not None else poll.figures
    cast, roll = electing_turnout(audit, petition.subject)
    more = figures.get("yes", 0) > figures.get("no", 0)
    turnout = 2 * poll.cast * roll >= cast * poll.roll_count
    return "recalled" if more and turnout else "kept"
