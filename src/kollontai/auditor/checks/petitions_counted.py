# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every petition need the right number, have one name an alias, and end by its number or time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import end_of_phase, later, near
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Petition, Term

QUESTION = "Did every petition need the right number, and reach it with standing signatures, one an alias?"
ARTICLE = 12
EVIDENCE = attested(
    "the server that gave each signer one alias",
    limit="Who signed a petition stands nowhere: that each alias is another member is the server's word, and "
    "each signer finds their own.",
)
FINDS = ("petitions with too few names, or with names that were counted twice",)

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """The base is who belongs to the unit at the opening; names count while the petition runs."""
    for petition in audit.state.petitions.values():
        yield from _opening(audit, petition)
        yield from _number(audit, petition)
        yield from _signatures(audit, petition)
        yield from _end(audit, petition)


def _breach(petition: Petition, sentence: str, position: int | None = None) -> Finding:
    at = petition.opened.position if position is None else position
    return _found.breach(at, petition.id, sentence)


def _opening(audit: Audit, petition: Petition) -> Iterator[Finding]:
    opened = petition.opened
    if petition.about == "recall":
        term = audit.state.terms.get(petition.subject)
        if term is None or term.begun.position > opened.position or _over(term, opened.position):
            yield _breach(petition, f"{petition.id} asks to recall {petition.subject}, which does not run.")
        else:
            grace = audit.limits_born(petition)["S5.grace"]
            if term.how != "confirmed" and grace and opened.at < later(term.begun.at, grace):
                yield _breach(petition, f"{petition.id} opened in the first {grace} days of {term.id}.")
            if audit.state.posts[term.post].unit != petition.unit:
                yield _breach(
                    petition, f"{petition.id} is put to {petition.unit}, which did not elect {term.id}."
                )
        other = _before(audit, petition)
        if other:
            yield _breach(
                petition, f"{petition.id} opened while {other} about {petition.subject} was not over."
            )
    elif petition.about == "question":
        if petition.subject or petition.unit != audit.state.root:
            yield _breach(petition, f"{petition.id} is a question; it is put to all members, about a text.")
    else:
        yield _breach(petition, f"There is no petition for a {petition.about}.")
    days = audit.limits_born(petition)["S5.within"]
    earliest, latest = later(opened.at, days), end_of_phase(opened.at, days, audit.zone)
    if not earliest <= petition.closes_at <= latest:
        yield _breach(
            petition,
            f"{petition.id} closes at {petition.closes_at:%Y-%m-%d %H:%M}; it has {days} days to find names.",
        )


def _before(audit: Audit, petition: Petition) -> str:
    """Another recall of the same term that runs, or waits for its vote: one at a time."""
    at = petition.opened.position
    for other in audit.state.petitions.values():
        over = other.decided.mark if other.decided else other.lapsed
        if (
            other.subject == petition.subject
            and other.opened.position < at
            and (over is None or over.position > at)
        ):
            return other.id
    return ""


def _over(term: Term, position: int) -> bool:
    return term.ended is not None and term.ended.position < position


def needed(audit: Audit, petition: Petition, base: int) -> int:
    """A share of the base, rounded up; at least two, and one in the smallest units where it is a recall."""
    limits = audit.limits_born(petition)
    recall = petition.about == "recall"
    share = -(-base * limits["S5.share" if recall else "S3.share"] // 10_000)
    return max(share, 1 if recall and base < 4 else 2)


def _number(audit: Audit, petition: Petition) -> Iterator[Finding]:
    at = petition.opened.position
    base = audit.state.members_at(petition.unit, at)
    if petition.base != base:
        yield _breach(petition, f"{petition.id} speaks of {petition.base} members; {base} belonged then.")
    right = needed(audit, petition, petition.base)
    if petition.needed != right:
        yield _breach(
            petition,
            f"{petition.id} is said to need {petition.needed} names; of {petition.base} it is {right}.",
        )
    units = units_with_members(audit, at)
    most = audit.limits_born(petition)["S3.units"]
    spread = petition.about == "question" and units >= most
    wanted = {most} if spread else {0, 1}  # else no more than the one that anybody signs from
    if petition.units_needed not in wanted:
        yield _breach(
            petition,
            f"{petition.id} is said to need names from {petition.units_needed} units; it is {max(wanted)}.",
        )


def _signatures(audit: Audit, petition: Petition) -> Iterator[Finding]:
    ended = petition.ended
    for alias, again in petition.again:
        yield _breach(petition, f"{alias} signed {petition.id} a second time.", again.position)
    for one in petition.every_signature():
        marks = (one.mark, one.withdrawn) if one.withdrawn else (one.mark,)
        for mark in marks:
            if mark.at >= petition.closes_at or (ended is not None and ended.position < mark.position):
                did = "signed" if mark == one.mark else "took their name back from"
                yield _breach(
                    petition, f"{one.alias} {did} {petition.id} after it had closed.", mark.position
                )
        if petition.units_needed > 1 and one.unit not in audit.state.units:
            yield _breach(petition, f"{one.alias} signed {petition.id} for no unit.", one.mark.position)
    yield from _belonged(audit, petition, ended.position if ended else audit.state.size)


def _belonged(audit: Audit, petition: Petition, upto: int) -> Iterator[Finding]:
    """No more names than members: of the whole, and where units are counted, of each of them."""
    standing, opened = petition.standing_at(upto), petition.opened.position
    whole = audit.state.below(petition.unit, upto)
    joined = sum(opened < place < upto for unit in whole for place in audit.state.joins[unit])
    joined += sum(
        audit.state.members_at(merger.unit, merger.mark.position)
        for merger in audit.state.mergers
        if opened < merger.mark.position < upto and merger.into == petition.unit
    )
    if len(standing) > petition.base + joined:
        yield _breach(
            petition,
            f"{len(standing)} names stand under {petition.id}; so many did not belong to it.",
        )
    if petition.units_needed <= 1:
        return
    names = Counter(audit.state.where(one.unit, upto) for one in standing if one.unit in audit.state.units)
    for unit, number in sorted(names.items()):
        # Each with all that had become part of it: whoever was there at the opening, or joined since.
        parts = [one for one in audit.state.units if audit.state.where(one, upto) == unit]
        there = sum(audit.state.joins_at(one, opened) for one in parts)
        there += sum(opened < place < upto for one in parts for place in audit.state.joins[one])
        if number > there:
            yield _breach(
                petition,
                f"{number} names of {unit} stand under {petition.id}; so many did not belong to it.",
            )


def units_with_members(audit: Audit, position: int) -> int:
    """How many units had members when an entry was made."""
    state = audit.state
    return len({state.where(one, position) for one in state.units if state.joins_at(one, position) > 0})


def enough(audit: Audit, petition: Petition, position: int) -> tuple[int, bool]:
    """How many names stood when an entry was made, and whether they were enough.

    From how many units they come matters no more where fewer than that have members.
    """
    standing = petition.standing_at(position)
    units = {one.unit for one in standing if one.unit}
    spread = petition.units_needed <= 1 or len(units) >= petition.units_needed
    spread = spread or units_with_members(audit, position) < petition.units_needed
    return len(standing), len(standing) >= petition.needed and spread


def _end(audit: Audit, petition: Petition) -> Iterator[Finding]:
    if petition.reached is not None:
        at = petition.reached.position
        had, good = enough(audit, petition, at)
        if not good:
            spread = f" from {petition.units_needed} units" if petition.units_needed > 1 else ""
            yield _breach(
                petition,
                f"{petition.id} is said to be reached with {had} names; it needs {petition.needed}{spread}.",
                at,
            )
        if petition.reached_with != had:
            yield _breach(
                petition, f"{petition.id} is said to have {petition.reached_with} names; it had {had}.", at
            )
    elif petition.lapsed is not None:
        yield from _lapsed(audit, petition, petition.lapsed.position)
    else:
        yield from _running(audit, petition)


def _lapsed(audit: Audit, petition: Petition, at: int) -> Iterator[Finding]:
    had, good = enough(audit, petition, at)
    term, due = audit.state.terms.get(petition.subject), petition.lapsed_due
    if petition.lapsed_with != had:
        yield _breach(
            petition,
            f"{petition.id} is said to have lapsed with {petition.lapsed_with} names; it had {had}.",
            at,
        )
    if petition.lapsed_why == "too-few":
        if good:
            yield _breach(petition, f"{petition.id} lapsed, although {had} names stood under it.", at)
        if due != petition.closes_at:
            yield _breach(petition, f"{petition.id} lapsed at another time than its end.", at)
    elif petition.lapsed_why == "term-over":
        if term is None or petition.lapsed is None or term.over_at > petition.lapsed.at:
            yield _breach(petition, f"{petition.id} lapsed as if {petition.subject} had ended.", at)
    else:
        yield _breach(petition, f"No petition lapses by {petition.lapsed_why}.", at)


def _running(audit: Audit, petition: Petition) -> Iterator[Finding]:
    had, good = enough(audit, petition, audit.state.size)
    last = max([petition.opened.at, *(one.mark.at for one in petition.every_signature())])
    if petition.units_needed > 1:
        last = max([last, *_fewer_since(audit)])
    term = audit.state.terms.get(petition.subject)
    if good and _late(audit, last):
        yield _breach(
            petition,
            f"{had} names stand under {petition.id}, {petition.needed} are needed, and nothing followed.",
        )
    elif _late(audit, petition.closes_at):
        yield _breach(
            petition, f"{petition.id} was to end at {petition.closes_at:%Y-%m-%d %H:%M} and did not."
        )
    elif term is not None and term.ended is not None and _late(audit, term.ended.at):
        yield _breach(petition, f"{petition.subject} has ended, and the petition about it goes on.")


def _fewer_since(audit: Audit) -> Iterator[datetime]:
    """When there may have come to be fewer units with members: at each merger, and when members left."""
    yield from (one.mark.at for one in audit.state.mergers)
    for person in audit.state.people.values():
        yield from (left.at for left in person.departures)


def _late(audit: Audit, due: datetime) -> bool:
    return audit.last_at - due > GRACE and not near(due, audit.last_at)
