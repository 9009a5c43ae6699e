# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every count have exactly the consequence it must, and nothing a consequence without a count?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import options
from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.ballot_options import supporters_of
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Draft, Issue, Poll

QUESTION = "Did every decision follow its count, and every count lead to its decision, by itself?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Carried means in force, not carried means not; nobody stands between."""
    for issue in audit.state.issues.values():
        if issue.decided is not None:
            yield from _decided(audit, issue)
    for poll in audit.state.polls.values():
        if poll.counted is None:
            continue
        if poll.about == "issue":
            yield from _followed(audit, poll)
        elif poll.about == "confirmation" and not any(claim.poll == poll.id for claim in audit.state.claims):
            yield _found.breach(
                poll.counted.position,
                poll.id,
                f"{poll.id} on {poll.subject} was counted and nothing followed.",
                article=1,
            )


def _decided(audit: Audit, issue: Issue) -> Iterator[Finding]:
    assert issue.decided is not None
    at = issue.decided.position
    poll = audit.state.polls.get(issue.decided_poll)
    if poll is None or poll.about != "issue" or poll.subject != issue.id:
        yield _found.breach(at, issue.id, f"{issue.id} was decided without a vote on it.")
        return
    if poll.counted is None or poll.counted.position > at:
        yield _found.breach(at, issue.id, f"{issue.id} was decided before the vote was counted.")
        return
    carried = winner(audit, issue, poll)
    wanted = "carried" if carried else "not-carried"
    said = issue.decided_alternative or issue.decided_draft
    if (issue.outcome, issue.decided_draft, issue.decided_alternative) != (wanted, *made_of(audit, carried)):
        yield _found.breach(
            at, issue.id,
            f"{issue.id} is said to be {issue.outcome} with {said or 'no draft'}; "
            f"the count says {wanted} with {carried or 'no draft'}.",
        )  # fmt: skip


def made_of(audit: Audit, option: str | None) -> tuple[str | None, str | None]:
    """The draft that an option is or is made of, and the alternative where it is one."""
    alternative = audit.state.alternatives.get(option or "")
    return (alternative.draft, option) if alternative else (option, None)


def winner(audit: Audit, issue: Issue, poll: Poll) -> str | None:
    """The draft or alternative that a counted poll carried, going by the recount where there is one."""
    outcome = audit.recount(poll).outcome or poll.outcome
    if poll.form == "ranked":
        return None if outcome == poll.status_quo else outcome
    return on_paper(audit, issue, poll) if outcome == "yes" else None


def on_paper(audit: Audit, issue: Issue, poll: Poll) -> str | None:
    """The one text of a yes/no vote: what was entitled to it; where that is not one, the first that was left,
    the first draft before the others."""
    at = poll.opened.position
    standing: list[Draft] = [
        draft
        for draft in map(audit.state.drafts.__getitem__, issue.drafts)
        if draft.put.position < at and (draft.withdrawn is None or draft.withdrawn.position > at)
    ]
    if issue.alternatives or len(standing) > 1:
        entitled = [option.key for option in options(audit, issue, poll.opened)]
        for one in map(audit.state.alternatives.__getitem__, issue.alternatives):
            if [(one.draft, one.version, one.amendments)] == entitled:
                return one.id
        if len(entitled) == 1 and not entitled[0][2]:
            return entitled[0][0]
    standing.sort(key=lambda draft: not draft.first)
    if len(standing) > 1 and not standing[0].first:
        standing.sort(key=lambda draft: -supporters_of(audit, issue, draft, poll.opened))
    return standing[0].id if standing else None


def _followed(audit: Audit, poll: Poll) -> Iterator[Finding]:
    assert poll.counted is not None
    issue = audit.state.issues.get(poll.subject)
    if issue is None:
        return  # ballot_options says so
    if issue.decided is None:
        yield _found.breach(
            poll.counted.position, poll.id, f"The vote on {issue.id} was counted, but nothing was decided."
        )
        return
    if issue.decided.at != poll.counted.at:
        yield _found.breach(
            issue.decided.position,
            issue.id,
            f"{issue.id} was not decided at the moment of the count, but at "
            f"{issue.decided.at:%Y-%m-%d %H:%M}.",
        )
    in_force = [one for one in audit.state.resolutions.values() if one.issue == issue.id]
    if issue.outcome == "carried" and not in_force:
        yield _found.breach(
            issue.decided.position, issue.id, f"{issue.id} carried, and its text is not in force."
        )
