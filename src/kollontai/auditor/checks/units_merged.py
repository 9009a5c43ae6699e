# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did a unit become part of another only when both had voted so, with all who were of it?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import later, near
from kollontai.auditor.effects import MERGES, said_by, standing_at
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Merger, MergeYes, Term

QUESTION = "Did units merge by the yes of both, within its days, with every member, and with nothing left?"
ARTICLE = 13
EVIDENCE = PROVED
FINDS = ("units that were merged without the yes of both, or not as they had voted",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Each yes by a vote of its own unit; each merger by two of them; nothing begins in what is gone."""
    for yes in audit.state.merge_yeses:
        yield from _voted(audit, yes)
        yield from _followed(audit, yes)
    for merger in audit.state.mergers:
        yield from _by_both(audit, merger)
        yield from _counted(audit, merger)
        for term in audit.state.terms.values():
            if audit.state.posts[term.post].unit == merger.unit:
                yield from _over(merger, term)
        yield from _begun_since(audit, merger)
    for issue in audit.state.issues.values():
        if issue.outcome == "carried":
            yield from _said(audit, issue)


def _effect(audit: Audit, issue: Issue) -> tuple[str, str] | None:
    """Which unit was to become part of which, by the draft that carried; empty where it is unseen."""
    draft, poll = audit.state.drafts.get(issue.decided_draft or ""), audit.state.polls.get(issue.decided_poll)
    effects = standing_at(draft, poll.opened.position) if draft and poll else None
    if effects is None or tuple(effects.what) != (MERGES,):
        return None
    said = said_by(audit, effects)
    if not said:
        return "", ""
    return str(said[0].get("from_unit")), str(said[0].get("into_unit"))


def _voted(audit: Audit, yes: MergeYes) -> Iterator[Finding]:
    at, state, issue = yes.mark.position, audit.state, audit.state.issues.get(yes.issue)
    both = {yes.merged, yes.into}
    if (
        issue is None
        or issue.decided is None
        or issue.decided.at != yes.mark.at
        or issue.decided.position > at
    ):
        yield _found.breach(at, yes.unit, f"{yes.unit} is said to agree to a merger, and no vote said so.")
        return
    poll, effect = state.polls.get(issue.decided_poll), _effect(audit, issue)
    if effect is None or issue.decided_draft != yes.draft or effect not in (("", ""), (yes.merged, yes.into)):
        yield _found.breach(at, yes.unit, f"{yes.unit} agrees to another merger than {yes.issue} carried.")
    if yes.unit not in both or state.where(issue.unit, at) != yes.unit or (poll and poll.unit != yes.unit):
        yield _found.breach(at, yes.unit, f"{yes.issue} of {issue.unit} spoke for {yes.unit}.")
    if len(both) < 2 or state.root in both or any(state.where(one, at) != one for one in both):
        yield _found.breach(at, yes.unit, f"{yes.merged} and {yes.into} are no two units that can merge.")
    if issue.weight_at(at) != "big":
        yield _found.breach(at, yes.unit, f"{yes.issue} merges units without the times of a big decision.")
    if not near(yes.until, later(yes.mark.at, audit.limits_at(at)["N.merge"])):
        yield _found.breach(at, yes.unit, f"The yes of {yes.unit} is to hold until {yes.until:%Y-%m-%d}.")


def _before(audit: Audit, last: MergeYes) -> MergeYes | None:
    """The other unit's yes to the same merger, while it held, when this one was said."""
    found = None
    for yes in audit.state.merge_yeses:
        same = (yes.merged, yes.into) == (last.merged, last.into) and yes.unit != last.unit
        if same and yes.mark.position < last.mark.position and last.mark.at < yes.until:
            found = yes
    if found is None:
        return None
    both = {last.merged, last.into}
    between = any(
        both & {one.unit, one.into} and found.mark.position < one.mark.position < last.mark.position
        for one in audit.state.mergers
    )
    return None if between else found


def _followed(audit: Audit, yes: MergeYes) -> Iterator[Finding]:
    after = any(
        (one.unit, one.into, one.mark.position) == (yes.merged, yes.into, yes.mark.position + 1)
        for one in audit.state.mergers
    )
    if not after and _before(audit, yes) is not None:
        yield _found.breach(
            yes.mark.position, yes.merged, f"{yes.merged} and {yes.into} both said yes, and nothing followed."
        )


def _by_both(audit: Audit, merger: Merger) -> Iterator[Finding]:
    at = merger.mark.position
    last = next((one for one in audit.state.merge_yeses if one.mark.position == at - 1), None)
    if last is None or (last.merged, last.into) != (merger.unit, merger.into):
        yield _found.breach(at, merger.unit, f"{merger.unit} became part of {merger.into} without a vote.")
        return
    first = _before(audit, last)
    if first is None:
        yield _found.breach(
            at, merger.unit, f"{merger.unit} became part of {merger.into}; only {last.unit} had said yes."
        )
    elif first.issue != merger.agreed_before:
        yield _found.breach(at, merger.unit, f"{merger.agreed_before} is not where {first.unit} said yes.")
    if (last.issue, last.draft) != (merger.issue, merger.draft):
        yield _found.breach(at, merger.unit, f"{merger.issue} is not where {last.unit} said yes.")


def _counted(audit: Audit, merger: Merger) -> Iterator[Finding]:
    at, state = merger.mark.position, audit.state
    members = state.members_at(merger.unit, at)
    if merger.members != members:
        yield _found.breach(
            at,
            merger.unit,
            f"{merger.members} members of {merger.unit} were moved; {members} belonged to it.",
        )
    issues = sum(
        issue.raised.position < at
        and (issue.ended is None or issue.ended.position > at)
        and state.where(issue.unit, at) == merger.unit
        for issue in state.issues.values()
    )
    if merger.issues != issues:
        yield _found.breach(
            at, merger.unit, f"{merger.issues} issues of {merger.unit} were moved; {issues} were open."
        )


def _over(merger: Merger, term: Term) -> Iterator[Finding]:
    at = merger.mark
    if term.begun.position > at.position:
        yield _found.breach(
            term.begun.position, term.id, f"{term.id} began in {merger.unit}, which was no more.", article=1
        )
        return
    ended = term.ended
    if term.ends_at <= at.at or (ended is not None and ended.position < at.position):
        return
    if ended is None or ended.at != at.at or term.ended_why != "unit-merged":
        yield _found.breach(
            at.position,
            term.id,
            f"{term.member} went on in {term.post} when its unit was no more.",
            article=1,
        )


def _begun_since(audit: Audit, merger: Merger) -> Iterator[Finding]:
    """Nobody comes into a unit that is no more, and nothing is put before it."""
    state, unit, at = audit.state, merger.unit, merger.mark.position
    begun = [(issue.raised, issue.id) for issue in state.issues.values() if issue.unit == unit]
    begun += [(post.made, post.id) for post in state.posts.values() if post.unit == unit]
    begun += [(one.opened, one.id) for one in state.elections.values() if one.unit == unit]
    begun += [(one.opened, one.id) for one in state.petitions.values() if one.unit == unit]
    for person in state.people.values():
        begun += [(one.mark, person.id) for one in person.admissions if one.unit == unit]
        begun += [(one.mark, person.id) for one in person.applications if one.unit == unit]
        if person.invited is not None and person.invited_unit == unit:
            begun.append((person.invited, person.id))
    for mark, what in begun:
        if mark.position > at:
            yield _found.breach(mark.position, what, f"{what} began in {unit}, which was no more.")


def _said(audit: Audit, issue: Issue) -> Iterator[Finding]:
    """A merger that carried is a yes, unless one of the two was no more or the vote another unit's."""
    effect, poll, decided = _effect(audit, issue), audit.state.polls.get(issue.decided_poll), issue.decided
    if not effect or not effect[0] or poll is None or decided is None:
        return
    said = any(one.issue == issue.id for one in audit.state.merge_yeses)
    home = audit.state.where(issue.unit, decided.position)
    possible = (
        poll.unit == home
        and home in effect
        and all(audit.state.where(one, decided.position) == one for one in effect)
    )
    if possible and not said:
        yield _found.breach(
            decided.position, issue.id, f"{issue.id} carried a merger, and the yes of {home} stands nowhere."
        )
