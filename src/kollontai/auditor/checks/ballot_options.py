# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the vote open as it had to: these options, these thresholds, this window?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kollontai.auditor.amendments import MOST, options
from kollontai.auditor.audit import Audit
from kollontai.auditor.backing import backers, qualifies
from kollontai.auditor.days import counts_from, end_of_phase
from kollontai.auditor.effects import for_charter
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.published import RON, YES_NO
from kollontai.auditor.things import Draft, Election, Issue, Mark, Poll
from kollontai.auditor.timing import stage_ends
from kollontai.counting.lots import draw

QUESTION = (
    "Stood exactly those drafts or candidates on the paper that had to, in their order, with the charter's "
    "quorum, majority and window?"
)
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ("candidates who may not stand, and candidates who are kept off the paper",)

_found = Finder(__name__, ARTICLE)

STATUS_QUO = "status-quo"


def check(audit: Audit) -> Iterator[Finding]:
    """Everything about a poll is frozen at its opening."""
    for poll in audit.state.polls.values():
        if poll.about == "issue":
            yield from _issue(audit, poll)
        elif poll.about == "confirmation":
            yield from _confirmation(audit, poll)
        elif poll.about == "election":
            yield from _election(audit, poll)
        elif poll.about == "recall":
            yield from _recall(audit, poll)
        else:
            yield _found.breach(poll.opened.position, poll.id, f"There are no polls about {poll.about}.")
        yield from _box(audit, poll)
        if poll.about not in ("election", "issue") and (poll.majority != (1, 2) or not poll.more_than):
            yield _found.breach(poll.opened.position, poll.id, "It was to carry with more yes than no.")
        if not poll.opens_at <= poll.opened.at:
            yield _found.breach(poll.opened.position, poll.id, "The poll was opened before it opens.")


def _issue(audit: Audit, poll: Poll) -> Iterator[Finding]:
    at = poll.opened.position
    issue = audit.state.issues.get(poll.subject)
    if issue is None:
        yield _found.breach(at, poll.id, f"The poll is about {poll.subject}, which is no issue.")
        return
    if len(issue.polls) > 1 and issue.polls[0] != poll.id:
        yield _found.breach(at, poll.id, f"{issue.id} was put to the vote a second time.")
    if poll.unit != audit.state.where(issue.unit, at):
        yield _found.breach(
            at, poll.id, f"The vote on {issue.id} was held in {poll.unit}, not in its own unit."
        )
    limits = audit.limits_of(issue)
    on_charter = for_charter(audit, issue)
    quorum = limits["D9.charter" if on_charter else "D9.ordinary"]
    if poll.quorum_bp != quorum:
        yield _found.breach(
            at,
            poll.id,
            f"The quorum is {poll.quorum_bp} hundredths of a per cent; {issue.id} was born with {quorum}.",
        )
    if on_charter and (poll.majority != (limits["C1.num"], limits["C1.den"]) or poll.more_than):
        yield _found.breach(at, poll.id, "It was to carry with the charter's own majority.")
    elif not on_charter and (poll.majority != (1, 2) or not poll.more_than):
        yield _found.breach(at, poll.id, "It was to carry with more yes than no.")
    yield from _window(audit, issue, poll)
    yield from _options(audit, issue, poll)


def _window(audit: Audit, issue: Issue, poll: Poll) -> Iterator[Finding]:
    at = poll.opened.position
    reply, vote = issue.stage("reply"), issue.stage("vote")
    if reply is None or reply.mark.position > at:
        yield _found.breach(
            at, poll.id, f"The vote on {issue.id} opened before the members had replied.", article=2
        )
        return
    if poll.opened.at < reply.ends_at or poll.due not in (None, reply.ends_at):
        yield _found.breach(
            at, poll.id, f"The vote on {issue.id} opened before the end of the reply.", article=2
        )
    begins = counts_from(reply.ends_at, poll.opened.at)
    closes = stage_ends(audit, issue, "vote", begins, at)[1]
    if poll.closes_at != closes:
        yield _found.breach(
            at, poll.id,
            f"The vote on {issue.id} closes at {poll.closes_at:%Y-%m-%d %H:%M}; its time ends at "
            f"{closes:%Y-%m-%d %H:%M}.",
        )  # fmt: skip
    if vote is None:
        yield _found.breach(
            at, poll.id, f"The vote on {issue.id} opened without the stage for it.", article=2
        )
    elif vote.ends_at != poll.closes_at:
        yield _found.breach(at, poll.id, f"The vote on {issue.id} and its stage end at different times.")


def supporters_of(audit: Audit, issue: Issue, draft: Draft, opened: Mark) -> int:
    """How many members who do not lead on the issue want a draft on the ballot; its mover is one of them.

    Whoever becomes a leader before the vote opens counts as one.
    """
    return backers(audit, issue, [(draft.mover, draft.put), *draft.backing.items()], opened)


def on_the_paper_of(audit: Audit, issue: Issue, poll: Poll) -> list[Draft]:
    """The drafts on the paper of a vote: the ranked ones, or the one that is asked about."""
    at = poll.opened.position
    if poll.form == "ranked":
        return [audit.state.drafts[one] for one in poll.options if one in issue.drafts]
    standing = [
        draft
        for draft in map(audit.state.drafts.__getitem__, issue.drafts)
        if draft.put.position < at and (draft.withdrawn is None or draft.withdrawn.position > at)
    ]
    return [one for one in standing if qualifies(audit, issue, one, poll.opened)]


def _options(audit: Audit, issue: Issue, poll: Poll) -> Iterator[Finding]:
    at = poll.opened.position
    entitled = options(audit, issue, poll.opened)
    if not entitled:
        yield _found.breach(at, poll.id, f"The vote on {issue.id} opened although no draft was left.")
        return
    if len(entitled) == 1:
        if poll.form != "yes_no" or poll.options != YES_NO or poll.status_quo:
            yield _found.breach(
                at, poll.id, f"One draft was left on {issue.id}, so the question is yes or no."
            )
        return
    if poll.form != "ranked" or poll.status_quo != STATUS_QUO or poll.options.count(STATUS_QUO) != 1:
        yield _found.breach(
            at, poll.id, f"{len(entitled)} drafts on {issue.id} are to be ranked with the status quo."
        )
        return
    written = {
        (one.draft, one.version, one.amendments): one.id
        for one in map(audit.state.alternatives.__getitem__, issue.alternatives)
        if one.written.position < at
    }
    right = {
        (written[one.key] if one.amendments else one.draft): one
        for one in entitled
        if not one.amendments or one.key in written  # unwritten ones: alternatives_written
    }
    shown = [option for option in poll.options if option != STATUS_QUO]
    for option in sorted(set(shown) - right.keys()):
        yield _found.breach(
            at, option, f"{option} stands on the ballot of {issue.id} without being entitled to."
        )
    in_order = [option for option in right if option in shown]
    if sorted(shown) == sorted(in_order) and shown != in_order:
        yield _found.breach(at, poll.id, "The options do not stand in the order in which they were put.")
    if poll.options[-1] != STATUS_QUO:
        yield _found.breach(at, poll.id, "The status quo does not stand last.")
    if len(set(shown)) != len(shown):
        yield _found.breach(at, poll.id, "An option stands on the ballot twice.")
    if len(shown) > MOST:
        yield _found.breach(at, poll.id, f"{len(shown)} drafts stand on the ballot; at most {MOST} do.")
    for option, one in right.items():
        if option not in shown:
            yield _found.breach(
                at,
                option,
                f"{option} has {one.supporters} supporters of {audit.needed(issue)} needed and is not on the "
                "ballot.",
            )


def _confirmation(audit: Audit, poll: Poll) -> Iterator[Finding]:
    at = poll.opened.position
    post, founded_at = audit.state.posts.get(poll.subject), audit.state.founded_at
    claims = sum(claim.post == poll.subject for claim in audit.state.claims)
    polls = sum(
        other.about == "confirmation" and other.subject == poll.subject and other.opened.position <= at
        for other in audit.state.polls.values()
    )
    if post is None or founded_at is None or polls > claims:
        yield _found.breach(
            at, poll.id, f"Nobody was entered for {poll.subject} whom this vote could confirm.", article=1
        )
        return
    if poll.form != "yes_no" or poll.options != YES_NO or poll.status_quo:
        yield _found.breach(at, poll.id, "A confirmation asks yes or no.", article=1)
    if poll.quorum_bp != 0:
        yield _found.breach(at, poll.id, "A confirmation has no quorum.", article=1)
    if poll.unit != post.unit:
        yield _found.breach(
            at, poll.id, f"{post.id} is confirmed in {poll.unit}, not in its own unit.", article=1
        )
    days = audit.charter["F.confirm"]
    begins = counts_from(founded_at, poll.opened.at)
    closes = end_of_phase(begins, days, audit.zone)
    if poll.closes_at not in (closes, end_of_phase(poll.opened.at, days, audit.zone)):
        yield _found.breach(
            at, poll.id,
            f"The confirmation closes at {poll.closes_at:%Y-%m-%d %H:%M}; {days} days end at "
            f"{closes:%Y-%m-%d %H:%M}.",
            article=1,
        )  # fmt: skip


def _box(audit: Audit, poll: Poll) -> Iterator[Finding]:
    """Persons are voted on in secret, outside where a law note stands; everything else with names."""
    at, election = poll.opened.position, audit.state.elections.get(poll.subject)
    wanted = "open"
    if poll.about == "recall":
        wanted = "separated"
    elif poll.about == "election" and election is not None:
        outside = audit.state.posts[election.post].form_at(at).box == "outside"
        wanted = "outside" if outside and audit.state.held_outside_by_law(at) else "separated"
    if poll.box != wanted:
        yield _found.breach(at, poll.id, f"The box of {poll.id} is called {poll.box}; it is to be {wanted}.")
    elif poll.box == "separated" and (poll.secret is None or poll.secret.opened.at != poll.opened.at):
        yield _found.breach(at, poll.id, f"{poll.id} is secret, and no box opened with it.")


def _plain(poll: Poll, form: str, unit: str, about: str) -> Iterator[Finding]:
    at = poll.opened.position
    if poll.form != form or poll.status_quo:
        yield _found.breach(at, poll.id, f"{about} has the form {form}.", article=1)
    if poll.quorum_bp != 0:
        yield _found.breach(at, poll.id, f"{about} has no quorum.", article=1)
    if poll.unit != unit:
        yield _found.breach(at, poll.id, f"{about} is held in {poll.unit}, not in {unit}.", article=1)


def _closes(poll: Poll, begins: list[datetime], days: int, audit: Audit) -> Iterator[Finding]:
    ends = [end_of_phase(begin, days, audit.zone) for begin in begins]
    if poll.closes_at not in ends:
        yield _found.breach(
            poll.opened.position, poll.id,
            f"The vote closes at {poll.closes_at:%Y-%m-%d %H:%M}; {days} days end at "
            f"{ends[0]:%Y-%m-%d %H:%M}.",
            article=1,
        )  # fmt: skip


def _again(audit: Audit, polls: list[str], poll: Poll) -> bool:
    """Whether an earlier poll about the same stood already; one that was annulled does not count."""
    return any(
        (other := audit.state.polls[one]).opened.position < poll.opened.position and other.lost is None
        for one in polls
    )


def _election(audit: Audit, poll: Poll) -> Iterator[Finding]:
    at, election = poll.opened.position, audit.state.elections.get(poll.subject)
    if election is None:
        yield _found.breach(
            at, poll.id, f"The poll is about {poll.subject}, which is no election.", article=1
        )
        return
    yield from _plain(poll, "election", election.unit, f"The vote of {election.id}")
    if _again(audit, election.polls, poll):
        yield _found.breach(at, poll.id, f"{election.id} was put to the vote a second time.", article=1)
    first = not any(audit.state.polls[one].opened.position < at for one in election.polls)
    if first and poll.opened.at < election.closes_at:
        yield _found.breach(
            at, poll.id, f"The vote of {election.id} opened before nominations had closed.", article=1
        )
    begins = [counts_from(election.closes_at if first else poll.due, poll.opened.at), poll.opened.at]
    yield from _closes(poll, begins, audit.limits_born(election)["D5.other"], audit)
    yield from _paper(audit, election, poll)


def on_the_paper(audit: Audit, election: Election, poll: Poll) -> tuple[str, ...]:
    """Who has to stand on the paper: who stood when the vote opened and may vote in it, in their order."""
    roll, at = audit.roll(poll), poll.opened.position
    standing = [
        one.member for one in election.candidacies.values() if one.stands_at(at) and one.member in roll
    ]
    return (*draw(poll.id, standing), RON)


def _paper(audit: Audit, election: Election, poll: Poll) -> Iterator[Finding]:
    at, right = poll.opened.position, on_the_paper(audit, election, poll)
    shown, wanted = set(poll.options), set(right)
    for option in sorted(shown - wanted):
        yield _found.breach(
            at, option, f"{option} stands on the paper of {election.id} and may not.", article=1
        )
    for option in sorted(wanted - shown):
        name = "Re-open nominations" if option == RON else f"The candidate {option}"
        yield _found.breach(at, option, f"{name} is missing on the paper of {election.id}.", article=1)
    if shown == wanted and poll.options != right:
        yield _found.breach(
            at, poll.id, f"The paper of {election.id} is not in the order of its lot.", article=1
        )
    if len(right) == 1:
        yield _found.breach(at, poll.id, f"{election.id} came to a vote, and nobody stands.", article=1)


def _recall(audit: Audit, poll: Poll) -> Iterator[Finding]:
    at, petition = poll.opened.position, audit.state.petitions.get(poll.subject)
    if petition is None or petition.about != "recall":
        yield _found.breach(
            at, poll.id, f"The poll is about {poll.subject}, which asks for no recall.", article=1
        )
        return
    yield from _plain(poll, "yes_no", petition.unit, f"The vote on {petition.id}")
    if poll.options != YES_NO:
        yield _found.breach(at, poll.id, "A recall asks yes or no.", article=1)
    if _again(audit, petition.polls, poll):
        yield _found.breach(at, poll.id, f"{petition.id} was put to the vote a second time.", article=1)
    reached = petition.reached
    if reached is None or reached.position > at:
        yield _found.breach(
            at, poll.id, f"A recall was put to the vote although {petition.id} had not its number.", article=1
        )
        return
    begins = [poll.opened.at, counts_from(poll.due, poll.opened.at)]
    limits = audit.limits_born(petition)
    yield from _closes(poll, begins, min(limits["D5.other"], limits["S5.vote"]), audit)
