# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was an election held for every seat that was free or was to become so?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.elections_on_time import is_soon
from kollontai.auditor.days import end_of_phase, later
from kollontai.auditor.elections import (
    as_of,
    ended_early,
    free_at,
    gone_before,
    longer_since,
    new_seats,
    opens_at,
    rest_after,
    seat_of,
    taken,
    was_free,
)
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Election, Post, Term

QUESTION = "Did an election open for every seat that fell or falls vacant, come to a vote, and end?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = ("elections that were put off, cut short or never held",)

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """Judged by the last entry: while the record goes on, elections go on."""
    if audit.state.founded_at is None:
        return
    confirmed_at = _confirmed_at(audit)
    for post in audit.state.posts.values():
        yield from _new(audit, post, confirmed_at)
        for term in audit.state.terms_of_post.get(post.id, ()):
            yield from _after(audit, post, term)
    for election in audit.state.elections.values():
        yield from _carried_on(audit, election)


def _over(audit: Audit, due: datetime) -> bool:
    return audit.last_at - due > GRACE


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _confirmed_at(audit: Audit) -> datetime | None:
    """When the last confirmation was counted; None while one is open."""
    founded_at = audit.state.founded_at
    moments = [claim.settled.at if claim.settled else None for claim in audit.state.claims]
    known = [moment for moment in moments if moment is not None]
    if founded_at is None or len(known) != len(moments):
        return None
    return max([founded_at, *known])


def _alive(post: Post, moment: datetime) -> bool:
    """Whether a post was still filled at a moment."""
    return post.ended is None or post.ended.at > moment


def _new(audit: Audit, post: Post, confirmed_at: datetime | None) -> Iterator[Finding]:
    """Seats of the founding that nobody was confirmed for, and seats that members voted since."""
    elections = audit.state.elections_of_post.get(post.id, [])
    first = post.forms[0]
    if not first.issue and confirmed_at is not None and _over(audit, confirmed_at):
        free = first.seats - sum(
            term.how == "confirmed" for term in audit.state.terms_of_post.get(post.id, ())
        )
        opened = any(election.why == "founding" for election in elections)
        if free > 0 and not opened and _alive(post, confirmed_at):
            yield _found.breach(
                first.mark.position, post.id,
                f"{free} seats of {post.id} were free at {_say(confirmed_at)}, and no election opened.",
            )  # fmt: skip
    made = new_seats(audit, post)
    opened_for = sum(election.why == "created" for election in elections)
    for mark, seats in made[opened_for:]:
        if _over(audit, mark.at) and _alive(post, mark.at):
            yield _found.breach(
                mark.position, post.id, f"{seats} new seats of {post.id} were voted, and no election opened."
            )


def _after(audit: Audit, post: Post, term: Term) -> Iterator[Finding]:
    """After every term comes an election, after an early end a by-election for the rest."""
    if term.how == "acting":
        return
    filled_by = audit.state.filled_by.get(term.id, ())
    position = term.ended.position if term.ended else audit.state.size
    limits = audit.limits_at(position)
    if (
        ended_early(term)
        and term.ended is not None
        and term.ends_at > later(term.ended.at, limits["O2.acting"])
    ):
        held = any(one.ends_at is not None for one in filled_by)
        at = term.ended.at
        if term.ends_at <= later(audit.state.went_on_after(at), limits["O2.acting"]):
            return  # a late clock came when so little was left
        if not held and _over(audit, at) and _alive(post, at) and was_free(audit, post, term.ended):
            yield _found.breach(
                term.ended.position, term.id,
                f"{term.id} in {post.id} ended before its time, and no by-election opened.",
            )  # fmt: skip
        return
    if filled_by or any(
        one.begins_at == term.ends_at for seat in seat_of(audit, term) for one in audit.state.filled_by[seat]
    ):
        return  # a term that serves a rest: the election after it names the term whose rest it is
    rest = rest_after(audit, term)
    if rest is not None and rest <= later(term.ends_at, limits["O2.acting"]):
        return  # so little is left of the rest that the next whole term comes first
    due = opens_at(term, limits)
    if _over(audit, due) and (since := longer_since(audit, term, limits, audit.last_at)):
        due = max(due, later(since, 1))
    owed = _owed(audit, post, term, due) if _over(audit, due) and _alive(post, due) else None
    if owed is not None and _over(audit, owed):
        yield _found.breach(
            term.begun.position, term.id,
            f"{term.id} in {post.id} ends at {_say(term.ends_at)}; the election after it was to open at "
            f"{_say(owed)} and did not.",
        )  # fmt: skip


def _owed(audit: Audit, post: Post, term: Term, due: datetime) -> datetime | None:
    """When an election was to open for a seat beside those that elections for the day after fill; None where
    members have voted so few that none is left. Where they vote more until that day, another opens at once.

    Further rounds of such an election fill its own seats: they are counted once.
    """
    if len(post.forms) == 1:
        return due
    every = audit.state.elections_of_post.get(post.id, ())
    after = [one for one in every if one.begins_at == term.ends_at and not one.after]
    first = after[0].opened if after else as_of(audit, post, min(term.ends_at, audit.last_at))
    more = [form.mark for before, form in pairwise(post.forms) if form.seats > before.seats]
    held = audit.state.terms_of_post[post.id]
    left = [one.ended for one in held if one.ended is not None and ended_early(one)]
    for mark in (first, *(one for one in more if one.position > first.position and one.at < term.ends_at)):
        opened = sum(one.seats for one in after if one.opened.position > mark.position)
        if post.form_at(mark.position).seats > taken(audit, post, mark, term.ends_at) + opened:
            return max([due, *(one.at for one in (*more, *left) if one.position <= mark.position)])
    return None


def _full(audit: Audit, post: Post, election: Election, *moments: datetime) -> bool:
    """Whether members had voted so few seats that none was free when an election was to open, or none is."""
    if len(post.forms) == 1:
        return False
    begins = election.begins_at
    for mark in (as_of(audit, post, moment) for moment in (*moments, audit.last_at)):
        if begins is not None and begins > mark.at:
            free = post.form_at(mark.position).seats - taken(audit, post, mark, begins)
        else:
            free = free_at(audit, post, mark, until=mark.at)
        if free <= 0:
            return True
    return False


def _carried_on(audit: Audit, election: Election) -> Iterator[Finding]:
    """Nominations end in a vote or empty; a vote in a decision; what is left opens again."""
    post, at = audit.state.posts[election.post], election.opened.position
    if not election.polls and election.ended is None:
        if _over(audit, election.closes_at) and _alive(post, election.closes_at):
            yield _found.breach(
                at, election.id,
                f"Nominations of {election.id} closed at {_say(election.closes_at)}, and nothing followed.",
            )  # fmt: skip
        return
    if election.polls:
        last = audit.state.polls[election.polls[-1]]
        if last.lost is not None and election.annulled is None and _over(audit, last.lost.at):
            yield _found.breach(
                last.lost.position, election.id,
                f"The vote of {election.id} was annulled, and no other was opened.",
            )  # fmt: skip
    yield from _again(audit, election, post)
    decided, gone = election.decided, gone_before(audit, election)
    if decided is None or not gone:
        return
    begins = max(decided.at, election.begins_at) if election.begins_at else decided.at
    opened = sum(
        one.seats
        for one in audit.state.elections_of_post[post.id]
        if one.opened.at >= begins and (one.after == election.id or (one.why == "vacancy" and not one.fills))
    )
    if (
        opened < len(gone)
        and _over(audit, begins)
        and _alive(post, begins)
        and not _full(audit, post, election, begins)
        and not _almost_over(audit, election, begins)
    ):
        yield _found.breach(
            decided.position, election.id,
            f"{gone[0]} was no member any more when their term in {post.id} was to begin, and no election "
            f"opened.",
        )  # fmt: skip


def _again(audit: Audit, election: Election, post: Post) -> Iterator[Finding]:
    ended = election.ended
    if ended is None:
        return
    followers = [audit.state.elections[one] for one in election.followers]
    days = audit.limits_born(election)["N.again"]
    later_on = end_of_phase(ended.at, days, audit.zone)
    wanted = []
    if election.annulled is not None:
        wanted.append((ended.at, ended.at, True, election.seats))
    if election.decided is not None and election.reopened > 0:
        wanted.append((ended.at, ended.at, True, election.reopened))
    if election.emptied is not None or election.unfilled > 0:
        wanted.append((later(ended.at, days), later_on, False, election.unfilled or election.seats))
    for earliest, due, soon, seats in wanted:
        if _almost_over(audit, election, audit.state.went_on(due)):
            continue  # so little was left when the clock came that the next whole term comes first
        if not _over(audit, due) or not _alive(post, due) or _full(audit, post, election, earliest, due):
            continue
        if not any(is_soon(audit, election, one) == soon for one in followers):
            yield _found.breach(
                ended.position, election.id,
                f"{election.id} left {seats} seats of {post.id}; nominations were to open again at "
                f"{_say(due)} and did not.",
            )  # fmt: skip


def _almost_over(audit: Audit, election: Election, moment: datetime) -> bool:
    """Whether what is left of a rest is too short for another round; a day either way is the clock's."""
    limits = audit.limits_born(election)
    days = max(limits["N.again"], limits["N.nominations"] + limits["D5.other"])
    return election.ends_at is not None and election.ends_at <= later(moment, days + 1)
