# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does every term rest on an earlier count that gave it to exactly this person, for exactly this long?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import MINUTE, later, near
from kollontai.auditor.elections import (
    acts_beyond,
    after_close,
    begin_of,
    by_elections,
    electing,
    in_paid_posts,
    offer_of,
    paid_until,
    term_days,
)
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Claim, Election, Mark, Term

QUESTION = "Does every term follow a count that gave it to that person, begin then, and end when it must?"
ARTICLE = 1
EVIDENCE = proved(limit="Whether the ballots of a secret poll are those that were cast, boxes_whole asks.")
FINDS = (
    "terms without an earlier count that elected exactly that person",
    "terms that ran longer than they may",
)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Three ways into a post: confirmed at the founding, elected, or next in line until the by-election."""
    used: dict[tuple[str, str], int] = {}
    for term in audit.state.terms.values():
        yield from _GROUNDS.get(term.how, _no_ground)(audit, term)
        whose = "" if term.how == "confirmed" else term.member
        if (term.poll, whose) in used and term.how != "acting":
            yield _found.breach(
                term.begun.position,
                term.id,
                f"The poll {term.poll} had already filled a post (entry {used[term.poll, whose]}).",
            )
        used.setdefault((term.poll, whose), term.begun.position)
        person = audit.state.people.get(term.member)
        if person is None or not person.member_at(term.begun.position):
            yield _found.breach(
                term.begun.position, term.id, f"{term.member} took {term.post} without being a member."
            )
        yield from _ending(audit, term)
    yield from _seats(audit)
    yield from _claims(audit)


def _no_ground(audit: Audit, term: Term) -> Iterator[Finding]:
    yield _found.breach(term.begun.position, term.id, f"There is no way into a post called {term.how}.")


def _confirmed(audit: Audit, term: Term) -> Iterator[Finding]:
    at, state = term.begun.position, audit.state
    poll = state.polls.get(term.poll)
    yield from _length(audit, term)
    if _claim(audit, term) is None:
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


def _elected(audit: Audit, term: Term) -> Iterator[Finding]:
    at, election = term.begun.position, electing(audit, term)
    if election is None or election.post != term.post:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} without an election to it.")
        return
    poll, decided = audit.state.polls[term.poll], election.decided
    if poll.lost is not None:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} by a vote that was annulled.")
    if (
        poll.counted is None
        or poll.counted.position > at
        or decided is None
        or decided.position > at
        or election.decided_poll != term.poll
    ):
        yield _found.breach(at, term.id, f"{term.member} took {term.post} before the vote was counted.")
        return
    again = audit.recount(poll)
    elected = again.elected if again.outcome else election.elected
    if term.member not in elected:
        yield _found.breach(
            at,
            term.id,
            f"{term.member} took {term.post}; the count elected {', '.join(elected) or 'nobody'}.",
        )
    begins = election.begins_at
    if begins is not None and begins > decided.at:
        if term.begun.at < begins:
            yield _found.breach(
                at, term.id, f"{term.member} took {term.post} before the term was to begin: {_say(begins)}."
            )
    elif term.begun.at != decided.at:
        yield _found.breach(at, term.id, f"{term.member} took {term.post} at another time than the count.")
    yield from _full_length(audit, term, election, decided)


def _full_length(audit: Audit, term: Term, election: Election, decided: Mark) -> Iterator[Finding]:
    days = term_days(audit, election, term.begun.position)
    candidacy = election.candidacies.get(term.member)
    if election.half and candidacy is not None and candidacy.half:
        days = -(-days // 2)
    begins = election.begins_at
    due = begins if begins is not None and begins > decided.at else election.decided_due
    right = [*after_close(due, term.begun.at, days)]
    if election.ends_at is not None:
        right = [election.ends_at]
        if election.half and candidacy is not None and candidacy.half:
            right += [end for end in after_close(due, term.begun.at, days) if end < election.ends_at]
    paid = paid_until(audit, election, term.member, term.begun.at, term.begun.position)
    right = [min(end, paid) for end in right] if paid else right  # no vote lets anybody be paid beyond that
    if not any(near(term.ends_at, end) for end in right):
        yield _wrong_end(term, right[0])


def _wrong_end(term: Term, end: datetime) -> Finding:
    longer = "longer" if term.ends_at > end else "shorter"
    return _found.breach(
        term.begun.position, term.id,
        f"The term of {term.member} is to end at {_say(term.ends_at)}, {longer} than it must: {_say(end)}.",
    )  # fmt: skip


def _acting(audit: Audit, term: Term) -> Iterator[Finding]:
    offer = offer_of(audit, term)
    if offer is None:
        yield _found.breach(
            term.begun.position,
            term.id,
            f"{term.member} acts in {term.post} without having been asked as next in line and said yes.",
        )
    elif not near(term.ends_at, offer.ends_at):
        yield _wrong_end(term, offer.ends_at)
    if audit.state.held_as(term).pay > 0:
        at, begins = term.begun.position, term.begun.at
        whole = in_paid_posts(audit, term.member, begins, at) + (term.ends_at - begins)
        most = audit.limits_at(at)["O1.paid"]
        if whole > timedelta(days=most):
            yield _found.breach(
                at, term.id,
                f"{term.member} acts in {term.post} and comes to be in paid posts for {whole.days} days on "
                f"end; {most} is the most.",
            )  # fmt: skip


_GROUNDS: dict[str, Callable[[Audit, Term], Iterator[Finding]]] = {
    "confirmed": _confirmed,
    "elected": _elected,
    "acting": _acting,
}


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
        yield _wrong_end(term, end)


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


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
        "recalled": ended.actor == "clock" and _recalled(audit, term, ended),
        "unit-merged": ended.actor == "clock" and _unit_gone(audit, term, ended),
        "seat-filled": ended.actor == "clock" and _seat_filled(audit, term, ended),
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


def _recalled(audit: Audit, term: Term, ended: Mark) -> bool:
    """The electors decided so, in the same act."""
    return any(
        one.decided is not None
        and one.subject == one.decided.term == term.id
        and one.decided.outcome == "recalled"
        and one.decided.mark.at == ended.at
        and one.decided.mark.position < ended.position
        for one in audit.state.petitions.values()
    )


def _unit_gone(audit: Audit, term: Term, ended: Mark) -> bool:
    """The unit of the post became part of another in the same act."""
    gone = audit.state.posts[term.post].gone
    return gone is not None and gone.at == ended.at and gone.position < ended.position


def _seat_filled(audit: Audit, term: Term, ended: Mark) -> bool:
    """The by-election filled the seat in the same act, or gave whoever acts a seat of their own; only whoever
    acts goes then."""
    if term.how == "acting" and any(
        other.post == term.post and other.how == "elected" and other.begun.at == ended.at
        for other in audit.state.terms_of_member[term.member]
    ):
        return True
    offer = offer_of(audit, term) if term.how == "acting" else None
    before = audit.state.terms.get(offer.term) if offer else None
    return before is not None and any(
        one.decided is not None
        and one.elected
        and one.decided.at == ended.at
        and acts_beyond(audit, one, ended.at) >= 0
        for one in by_elections(audit, before)
    )


def _seats(audit: Audit) -> Iterator[Finding]:
    for post, terms in audit.state.terms_of_post.items():
        for term in terms:
            seats = _seats_then(audit, term)
            there = [
                other for other in terms
                if other.begun.position <= term.begun.position
                and (other.ended is None or other.ended.position > term.begun.position)
                and other.over_at > term.begun.at
                and (other is term or other.over_at > _reckoned(audit, term))
            ]  # fmt: skip
            if len(there) > seats:
                yield _found.breach(
                    term.begun.position, term.id, f"{len(there)} people hold {post}, which has {seats} seats."
                )
            if sum(other.member == term.member for other in there) > 1:
                yield _found.breach(term.begun.position, term.id, f"{term.member} holds {post} twice.")


def _seats_then(audit: Audit, term: Term) -> int:
    """How many seats a post had; whom an election fills keeps a seat that was there when it opened."""
    post, offer = audit.state.posts[term.post], offer_of(audit, term) if term.how == "acting" else None
    election = electing(audit, term) if term.how == "elected" else None
    marks = [term.begun, *([offer.mark] if offer else []), *([election.opened] if election else [])]
    return max(post.form_at(one.position).seats for one in marks)


def _reckoned(audit: Audit, term: Term) -> datetime:
    """When a term was to begin at the latest: with all voters the vote closes sooner."""
    election = electing(audit, term) if term.how == "elected" else None
    return begin_of(audit, election, term.begun.position) if election else term.begun.at


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
