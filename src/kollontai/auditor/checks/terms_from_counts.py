# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does every term rest on an earlier count that gave it to exactly this person, for exactly this long?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import MINUTE, later
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Claim, Mark, Term

QUESTION = "Does every term follow a count that carried for that person, and end when it must?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = (
    "terms without an earlier count that elected exactly that person",
    "terms that ran longer than they may",
)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Only a confirmation at the founding fills a post so far; a seat is taken once."""
    used: dict[str, int] = {}
    for term in audit.state.terms.values():
        yield from _ground(audit, term)
        if term.poll in used:
            yield _found.breach(
                term.begun.position,
                term.id,
                f"The poll {term.poll} had already filled a post (entry {used[term.poll]}).",
            )
        used.setdefault(term.poll, term.begun.position)
        yield from _length(audit, term)
        yield from _ending(audit, term)
    yield from _seats(audit)
    yield from _claims(audit)


def _ground(audit: Audit, term: Term) -> Iterator[Finding]:
    at, state = term.begun.position, audit.state
    claim = _claim(audit, term)
    poll = state.polls.get(term.poll)
    if term.how != "confirmed":
        yield _found.breach(at, term.id, f"There is no way into a post called {term.how}.")
    if claim is None:
        yield _found.breach(
            at, term.id, f"{term.member} took {term.post} without having been entered at the founding."
        )
    if poll is None or poll.about != "confirmation" or poll.subject != term.post:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} without a vote on it.")
        return
    named = json_value(audit.contents.value(poll.paper))
    if type(named) is dict and type(named.get("member")) is str and named["member"] != term.member:
        yield _found.breach(
            at, term.id, f"{term.member} took {term.post} by a vote on {named['member'][:40]}."
        )
    if poll.counted is None or poll.counted.position > at:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} before the vote was counted.")
        return
    recount = audit.recount(poll)
    carried = (recount.outcome or poll.outcome) == "yes"
    if not carried:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} although the vote did not carry.")
    person = state.people.get(term.member)
    if person is None or not person.member_at(at):
        yield _found.breach(at, term.id, f"{term.member} took {term.post} without being a member.")


def _claim(audit: Audit, term: Term) -> Claim | None:
    for claim in audit.state.claims:
        if (claim.post, claim.member) == (term.post, term.member):
            return claim
    return None


def _length(audit: Audit, term: Term) -> Iterator[Finding]:
    claim, founded_at = _claim(audit, term), audit.state.founded_at
    if claim is None or founded_at is None:
        return
    end = min(claim.old_end, later(founded_at, audit.charter["F.longest"]))
    if abs(term.ends_at - end) > MINUTE:
        longer = "longer" if term.ends_at > end else "shorter"
        yield _found.breach(
            term.begun.position, term.id,
            f"The term of {term.member} is to end at {term.ends_at:%Y-%m-%d %H:%M}, {longer} than it "
            f"must: {end:%Y-%m-%d %H:%M}.",
        )  # fmt: skip


def _ending(audit: Audit, term: Term) -> Iterator[Finding]:
    ended = term.ended
    if ended is None:
        return
    person = audit.state.people.get(term.member)
    departures = person.departures if person else []
    fair = {
        "term-over": ended.actor == "clock" and term.ended_due == term.ends_at,
        "left": any(left.at == ended.at for left in departures),
        "resigned": ended.actor == term.member,
    }
    if term.ended_why not in fair:
        yield _found.breach(ended.position, term.id, f"No term ends by {term.ended_why}.")
    elif not fair[term.ended_why]:
        yield _found.breach(
            ended.position,
            term.id,
            f"{ended.actor} ended the term of {term.member} as {term.ended_why}, which it was not.",
        )
    elif ended.at > term.ends_at and term.ended_why != "term-over":
        yield _found.breach(
            ended.position, term.id, f"{term.member} still held {term.post} after the end of the term."
        )


def _seats(audit: Audit) -> Iterator[Finding]:
    by_post: defaultdict[str, list[Term]] = defaultdict(list)
    for term in audit.state.terms.values():
        by_post[term.post].append(term)
    for post, terms in by_post.items():
        seats = audit.state.posts[post].seats
        for term in terms:
            there = [
                other for other in terms
                if other.begun.position <= term.begun.position
                and (other.ended is None or other.ended.position > term.begun.position)
                and other.over_at > term.begun.at
            ]  # fmt: skip
            if len(there) > seats:
                yield _found.breach(
                    term.begun.position, term.id, f"{len(there)} people hold {post}, which has {seats} seats."
                )
            if sum(other.member == term.member for other in there) > 1:
                yield _found.breach(term.begun.position, term.id, f"{term.member} holds {post} twice.")


def _claims(audit: Audit) -> Iterator[Finding]:
    founding = audit.state.founding
    founded = founding.founded if founding else None
    for claim in audit.state.claims:
        if founded is not None and claim.made.position > founded.position:
            yield _found.breach(
                claim.made.position, claim.post,
                f"{claim.member} was entered for {claim.post} after the founding; that is possible only "
                f"once.",
            )  # fmt: skip
        if claim.elected_at > claim.made.at:
            yield _found.breach(
                claim.made.position, claim.post, f"{claim.member} is said to have been elected in the future."
            )
    for mark, post, member, poll_id in audit.state.unconfirmed:
        poll = audit.state.polls.get(poll_id)
        if (
            poll is None
            or poll.subject != post
            or poll.counted is None
            or poll.counted.position > mark.position
        ):
            yield _found.breach(
                mark.position, post, f"{member} was not confirmed in {post}, without a counted vote."
            )
        elif (audit.recount(poll).outcome or poll.outcome) == "yes" and _belonged(audit, member, mark):
            yield _found.breach(
                mark.position, post, f"{member} was not confirmed in {post} although the vote carried."
            )


def _belonged(audit: Audit, member: str, mark: Mark) -> bool:
    """Whoever is no member holds no post, however the vote went."""
    person = audit.state.people.get(member)
    return person is not None and person.member_at(mark.position)
