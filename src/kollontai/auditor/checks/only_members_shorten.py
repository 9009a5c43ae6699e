# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were issues shortened by enough members, by a letter, and by nobody else?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.amendments import options
from kollontai.auditor.audit import Audit
from kollontai.auditor.effects import standing_at
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Issue, Mark, Shortened, Shortening
from kollontai.auditor.timing import vote_ends

QUESTION = (
    "Was every issue that was shortened shortened by enough members who do not lead on it, because of a date "
    "in a posted letter, for one text, in time, and a few times a year?"
)
ARTICLE = 2
EVIDENCE = attested(
    "whoever posted the letter", limit="Which date a letter names is read by members, not by a machine."
)
FINDS = ("issues that were shortened by leaders, by too few, without a letter or too often",)

_found = Finder(__name__, ARTICLE)
_YEAR = timedelta(days=365)
_STAGES = ("talk", "answer", "reply")


def check(audit: Audit) -> Iterator[Finding]:
    """Each proposal, each support, each shortening; and what nobody does on a shortened issue."""
    for one in audit.state.shortenings.values():
        yield from _proposal(audit, audit.state.issues[one.issue], one)
    for issue in audit.state.issues.values():
        if issue.shortened is not None:
            yield from _done(audit, issue, issue.shortened)
            yield from _afterwards(audit, issue, issue.shortened)


def _proposal(audit: Audit, issue: Issue, one: Shortening) -> Iterator[Finding]:
    at, letter = one.proposed.position, audit.state.letters.get(one.letter)
    if letter is None or letter.issue != issue.id or letter.posted.position > at:
        yield _found.breach(at, issue.id, f"{one.id} rests on no letter in the letter box of {issue.id}.")
    earlier = [audit.state.shortenings[other] for other in issue.shortenings]
    if any(other.proposed.actor == one.proposed.actor and other.proposed.position < at for other in earlier):
        yield _found.breach(at, issue.id, f"{one.proposed.actor} proposed twice to shorten {issue.id}.")
    for member, mark in one.backing.items():
        yield from _backer(audit, issue, member, mark)
    if issue.shortened is None:
        last = max(one.backing.values())
        if _behind(audit, issue, one, last) >= _needed(audit, issue, last):
            yield _found.breach(
                last.position, issue.id, f"Enough members shortened {issue.id}, and it was not shortened."
            )


def _backer(audit: Audit, issue: Issue, member: str, mark: Mark) -> Iterator[Finding]:
    at, stage = mark.position, issue.stage_at(mark.position)
    if audit.leads(member, issue, mark):
        yield _found.breach(at, issue.id, f"{member} leads on {issue.id} and would shorten it.")
    person = audit.state.people.get(member)
    if person is not None and not audit.state.belongs(person, issue.unit, at):
        yield _found.breach(at, issue.id, f"{member} would shorten {issue.id} without belonging to its unit.")
    ended = issue.ended is not None and issue.ended.position < at
    over = stage is not None and mark.at >= (stage.said_ends_at if _uncut(issue, at) else stage.ends_at)
    if stage is None or stage.name not in _STAGES or ended or over:
        yield _found.breach(at, issue.id, f"{member} would shorten {issue.id} out of its time.")
    if issue.shortened is not None and issue.shortened.mark.position < at:
        yield _found.breach(at, issue.id, f"{member} would shorten {issue.id}, which was shortened already.")


def _uncut(issue: Issue, at: int) -> bool:
    return issue.shortened is None or at < issue.shortened.mark.position


def _behind(audit: Audit, issue: Issue, one: Shortening, upto: Mark) -> int:
    """How many stood behind it here who belonged to the unit and did not lead on the issue."""
    return sum(
        mark.position <= upto.position
        and not audit.leads(member, issue, upto)
        and (person := audit.state.people.get(member)) is not None
        and person.member_at(upto.position)
        and audit.state.belongs(person, issue.unit, upto.position)
        for member, mark in one.backing.items()
    )


def _needed(audit: Audit, issue: Issue, here: Mark) -> int:
    limits = audit.limits_of(issue)
    base = sum(
        not audit.leads(person.id, issue, here)
        for person, _ in audit.state.members_of(issue.unit, here.position)
    )
    return max(-(-base * limits["N.shorten_share"] // 10_000), limits["N.shorten_least"])


def _done(audit: Audit, issue: Issue, done: Shortened) -> Iterator[Finding]:
    at, one = done.mark.position, audit.state.shortenings[done.shortening]
    last = max(one.backing.values())
    if last.position + 1 != at or last.actor != done.mark.actor:
        yield _found.breach(at, issue.id, f"{issue.id} was shortened apart from the last support for it.")
    had, needed = _behind(audit, issue, one, done.mark), _needed(audit, issue, done.mark)
    if had < needed:
        yield _found.breach(
            at,
            issue.id,
            f"{issue.id} was shortened by {had} members who do not lead on it; {needed} are needed.",
        )
    if (done.supporters, done.needed) != (had, needed):
        yield _found.breach(
            at, issue.id,
            f"{issue.id} is said to be shortened by {done.supporters} of {done.needed}; it was {had} of "
            f"{needed}.",
        )  # fmt: skip
    if issue.weight_at(at) == "big":
        yield _found.breach(at, issue.id, f"{issue.id} is a big decision and was shortened.")
    yield from _one_text(audit, issue, done)
    home = audit.state.where(issue.unit, at)
    lately = sum(
        audit.state.where(other.unit, at) == home
        and other.shortened is not None
        and other.shortened.mark.position <= at
        and done.mark.at - other.shortened.mark.at < _YEAR
        for other in audit.state.issues.values()
    )
    if lately > audit.limits_of(issue)["N.shorten_year"]:
        yield _found.breach(at, issue.id, f"{home} shortened {lately} issues within a year.")
    yield from _in_time(audit, issue, done, one)


def _one_text(audit: Audit, issue: Issue, done: Shortened) -> Iterator[Finding]:
    at, entitled = done.mark.position, options(audit, issue, done.mark)
    if len(entitled) != 1 or entitled[0].amendments:
        yield _found.breach(
            at,
            issue.id,
            f"{issue.id} was shortened with {len(entitled)} texts entitled to the paper.",
        )
        return
    effects = standing_at(audit.state.drafts[entitled[0].draft], at)
    if effects is not None and effects.what:
        yield _found.breach(
            at, issue.id, f"{issue.id} was shortened, and its draft would change something by itself."
        )


def _in_time(audit: Audit, issue: Issue, done: Shortened, one: Shortening) -> Iterator[Finding]:
    at, stage = done.mark.position, issue.stage_at(done.mark.position)
    if stage is None or stage.name not in _STAGES:
        yield _found.breach(at, issue.id, f"{issue.id} was shortened out of its time.")
        return
    would = vote_ends(audit, issue, stage.name, stage.said_ends_at, at, shortened=False)
    if done.would_end != would or one.before >= would:
        yield _found.breach(
            at, issue.id,
            f"{issue.id} was shortened for {one.before:%Y-%m-%d %H:%M}; its vote would have ended at "
            f"{would:%Y-%m-%d %H:%M}.",
        )  # fmt: skip
    ends = vote_ends(audit, issue, stage.name, done.ends_at, at, shortened=True)
    if ends > one.before:
        yield _found.breach(
            at, issue.id,
            f"{issue.id} was shortened, and its vote ends at {ends:%Y-%m-%d %H:%M}, after the date for which "
            f"it was.",
        )  # fmt: skip


def _afterwards(audit: Audit, issue: Issue, done: Shortened) -> Iterator[Finding]:
    """From then on the text is fixed; nobody puts, changes, amends or supports one, or calls it big."""
    state, after = audit.state, done.mark.position
    acts = list(issue.big_calls.values())
    for draft in map(state.drafts.__getitem__, issue.drafts):
        acts += [version.mark for version in draft.versions] + list(draft.backing.values())
    for amendment in map(state.amendments.__getitem__, issue.amendments):
        acts += [version.mark for version in amendment.versions] + list(amendment.backing.values())
        acts += [amendment.accepted] if amendment.accepted else []
    for mark in acts:
        if mark.position > after:
            yield _found.breach(
                mark.position,
                issue.id,
                f"{mark.actor} changed what is asked on {issue.id} after it was cut.",
            )
