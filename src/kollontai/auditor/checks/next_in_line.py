# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was the next in line asked, and nobody else, for as long as one may act?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.candidates_entitled import together
from kollontai.auditor.days import later, near
from kollontai.auditor.elections import electing, ended_early
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.recount import Next, next_in_line
from kollontai.auditor.things import Mark, Offer, Poll, Post, Term

QUESTION = "Is whoever acts the next in line by the electing ballots, asked in turn, and not for too long?"
ARTICLE = 1
EVIDENCE = proved(limit="Whether the ballots of a secret poll are those that were cast, boxes_whole asks.")
FINDS = ("terms that ran longer than they may", "somebody who acts without being next in line")

_found = Finder(__name__, ARTICLE)

TO_ANSWER = 3
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """The electing ballots without the leaver, for every term that ended before its time."""
    for term in audit.state.terms.values():
        offers = audit.state.offers.get(term.id, [])
        for number, offer in enumerate(offers):
            yield from _offer(audit, term, offer, offers[:number])
        if ended_early(term) and term.how == "elected":
            yield from _asked(audit, term, offers)


def _breach(offer: Offer, sentence: str) -> Finding:
    return _found.breach(offer.mark.position, offer.term, sentence)


def _acts_until(audit: Audit, term: Term) -> datetime:
    """At most O2 from the vacancy on, and never beyond the old term."""
    if term.ended is None:
        return term.ends_at
    return min(later(term.ended.at, audit.limits_at(term.ended.position)["O2.acting"]), term.ends_at)


def _offer(audit: Audit, term: Term, offer: Offer, before: list[Offer]) -> Iterator[Finding]:
    mark, who = offer.mark, offer.member
    if term.how != "elected" or not ended_early(term) or term.ended is None:
        yield _breach(offer, f"{who} was asked to act for {term.id}, which nobody is next in line for.")
        return
    if term.ended.position > mark.position:
        yield _breach(offer, f"{who} was asked to act for {term.id}, which still ran.")
    if offer.post != term.post or offer.poll != term.poll:
        yield _breach(offer, f"{who} was asked to act in another seat than that of {term.id}.")
        return
    most = _acts_until(audit, term)
    if offer.ends_at > most and not near(offer.ends_at, most):
        yield _breach(
            offer,
            f"{who} was to act until {_say(offer.ends_at)}; {_say(most)} is the most from the vacancy on.",
        )
    elif not near(offer.ends_at, most):
        yield _breach(offer, f"{who} was to act until {_say(offer.ends_at)} only; it is to be {_say(most)}.")
    waits = [later(offer.due, TO_ANSWER), later(mark.at, TO_ANSWER)]
    if not any(near(offer.until, min(one, most)) or near(offer.until, one) for one in waits):
        yield _breach(offer, f"{who} had until {_say(offer.until)} to answer; {TO_ANSWER} days are given.")
    yield from _answer(offer)
    if offer.state == "accepted" and offer.answered is not None:
        limits, form = audit.limits_at(offer.answered.position), audit.state.held_as(term)
        for sentence in together(audit, offer.post, form, who, offer.answered, offer.answered.at, limits):
            yield _found.breach(
                offer.answered.position, term.id, f"{who} acts in {offer.post} and {sentence}"
            )
    open_one = [one for one in before if one.answered is None or one.answered.position > mark.position]
    if open_one or any(one.state == "accepted" for one in before):
        yield _breach(offer, f"{who} was asked while {before[-1].member} had not answered, or had said yes.")
    yield from _right_one(audit, term, offer, before)


def _answer(offer: Offer) -> Iterator[Finding]:
    answered = offer.answered
    if answered is None:
        return
    late = answered.at >= offer.until
    if offer.state == "lapsed" and not late:
        yield _found.breach(
            answered.position, offer.term, f"The time of {offer.member} to answer was cut short."
        )
    elif offer.state == "accepted" and late:
        yield _found.breach(
            answered.position, offer.term, f"{offer.member} said yes after their time to answer was over."
        )


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _right_one(audit: Audit, term: Term, offer: Offer, before: list[Offer]) -> Iterator[Finding]:
    mark = offer.mark
    said_no = {one.member for one in before if one.answered and one.answered.position < mark.position}
    for member in sorted(said_no - set(offer.aside)):
        yield _breach(offer, f"{member} was asked before for {term.id} and is counted again.")
    for member in sorted(set(offer.aside) - said_no):
        person = audit.state.people.get(member)
        if person is None or person.member_at(mark.position):
            yield _breach(offer, f"{member} was passed over for {term.id} without having said no.")
    found = _line(audit, term, mark.position, offer.aside)
    if found is None or not found.known:
        return
    if found.problem:
        yield _breach(offer, f"The next in line for {term.id} cannot be counted: {found.problem}")
    elif found.members[:1] != (offer.member,):
        right = found.members[0] if found.members else "nobody"
        yield _breach(
            offer, f"{offer.member} was asked to act in {term.post}; next in line for {term.id} is {right}."
        )


def _line(audit: Audit, term: Term, position: int, aside: tuple[str, ...]) -> Next | None:
    """Who takes the seat, as things stood at an entry; None where no election stands behind the term."""
    poll: Poll | None = audit.state.polls.get(term.poll)
    election = electing(audit, term)
    if poll is None or election is None:
        return None
    left, seated = [], []
    for other in audit.state.terms_of_poll[poll.id]:
        if other.begun.position > position:
            continue
        gone = other.ended is not None and other.ended.position < position
        if gone and ended_early(other):
            left.append(other.member)
        elif not gone:
            seated.append(other.member)
    seated += [
        offer.member for offer in _open_offers(audit, term, position)
        if _is_member(audit, offer.member, position) and offer.member not in left
    ]  # fmt: skip
    seated = [member for member in dict.fromkeys(seated) if member not in left]
    # Who is no member any more, or sits there by another poll, is asked for nothing, whether or not somebody
    # has said so.
    there = _by_others(audit, term, position) | _asked_by_others(audit, term, position)
    away = [
        one for one in poll.options
        if one in audit.state.people and (one in there or not _is_member(audit, one, position))
    ]  # fmt: skip
    out = [member for member in dict.fromkeys((*aside, *away)) if member not in left and member not in seated]
    return next_in_line(
        poll, audit.contents, election.seats, left=dict.fromkeys(left), seated=seated, aside=out
    )


def _by_others(audit: Audit, term: Term, position: int) -> set[str]:
    """Who held a seat of a term's post, or acted in it, when an entry was made, by another poll."""
    return {
        other.member
        for other in audit.state.terms_of_post.get(term.post, ())
        if other.poll != term.poll
        and other.begun.position < position
        and (other.ended is None or other.ended.position > position)
    }


def _asked_by_others(audit: Audit, term: Term, position: int) -> set[str]:
    """Who was being asked, when an entry was made, to act in a seat of the post that another poll filled."""
    return {
        offer.member
        for other in audit.state.terms_of_post.get(term.post, ())
        if other.poll != term.poll
        for offer in audit.state.offers.get(other.id, ())
        if offer.mark.position < position and (offer.answered is None or offer.answered.position >= position)
    }


def _open_offers(audit: Audit, term: Term, position: int) -> Iterator[Offer]:
    """Who was being asked, when an entry was made, to act in another seat that the same poll had filled."""
    for other in audit.state.terms_of_poll[term.poll]:
        for offer in audit.state.offers.get(other.id, ()) if other is not term else ():
            answered = offer.answered
            if offer.mark.position < position and (answered is None or answered.position >= position):
                yield offer


def _is_member(audit: Audit, member: str, position: int) -> bool:
    person = audit.state.people.get(member)
    return person is not None and person.member_at(position)


def _asked_elsewhere(audit: Audit, term: Term, member: str, since: Mark) -> bool:
    """Whether somebody was asked about another seat of the post in the same moment."""
    return any(
        offer.member == member and since.position < offer.mark.position and offer.mark.at - since.at <= GRACE
        for other in audit.state.terms_of_poll[term.poll]
        for offer in audit.state.offers.get(other.id, ())
    )


def _has_a_seat(audit: Audit, post: Post, term: Term, at: Mark) -> bool:
    """Whether a seat that was left is still one: members may have voted fewer."""
    if len(post.forms) == 1:
        return True
    terms = audit.state.terms_of_post[post.id]
    held = sum(
        one.begun.position < at.position and (one.ended is None or one.ended.position > at.position)
        for one in terms
    )
    asked = sum(
        offer.mark.at - at.at <= GRACE and (offer.answered is None or offer.answered.position > at.position)
        for other in terms
        if other is not term
        for offer in audit.state.offers.get(other.id, ())
    )
    filled = sum(
        one.seats_at(at.position)
        for one in audit.state.elections_of_post.get(post.id, ())
        if one.ends_at is None
        and one.opened.position < at.position
        and (one.begins_at is None or one.begins_at <= at.at)
        and (one.ended is None or one.ended.position > at.position)
    )
    return post.form_at(at.position).seats > held + asked + filled


def _without_by_election(audit: Audit, term: Term, ended: Mark) -> bool:
    """Whether a seat that fell vacant long before its end is filled by nobody for the rest."""
    few = later(ended.at, audit.limits_at(ended.position)["O2.acting"])
    return term.ends_at > few and not any(one.ends_at for one in audit.state.filled_by.get(term.id, ()))


def _asked(audit: Audit, term: Term, offers: list[Offer]) -> Iterator[Finding]:
    """Where somebody is next in line, they are asked; where they say no, the one after."""
    ended, post = term.ended, audit.state.posts[term.post]
    if ended is None:
        return
    last = offers[-1] if offers else None
    if last is not None and (last.answered is None or last.state == "accepted"):
        if last.answered is None and audit.last_at - last.until > GRACE:
            yield _found.breach(
                last.mark.position, term.id, f"{last.member} did not answer, and the offer did not lapse."
            )
        return
    since = last.answered if last is not None and last.answered is not None else ended
    if post.ended_at(since.position) or not _has_a_seat(audit, post, term, since):
        return  # members ended the post, or voted fewer seats, also while somebody thought it over
    if len(post.forms) > 1 and _without_by_election(audit, term, ended):
        return  # nobody acts in a seat that members had voted away; elections_held looks at those
    until = _acts_until(audit, term)
    if later(since.at, TO_ANSWER) >= until or audit.last_at - since.at <= GRACE:
        return
    if audit.state.went_on_after(since.at) >= until:
        return  # a late clock came when nobody could act any more
    if any(
        one.decided is not None and one.decided.at <= since.at
        for one in audit.state.filled_by.get(term.id, ())
    ):
        return
    aside = tuple(offer.member for offer in offers)
    found = _line(audit, term, since.position + 1, aside)
    if found is None or not found.known or not found.members:
        return
    who = found.members[0]
    if _is_member(audit, who, since.position) and not _asked_elsewhere(audit, term, who, since):
        yield _found.breach(
            since.position, term.id,
            f"{who} is next in line for {term.id} in {term.post} and was not asked.",
        )  # fmt: skip
