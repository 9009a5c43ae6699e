# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is anything left undone whose time has long come?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Person

QUESTION = "Did the clock do everything that was due before the record's last entry?"
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ("stages cut short, and texts that were frozen too late", "terms that ran longer than they may")

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """Judged by the last entry: while the record goes on, the clock goes on."""
    state = audit.state
    for issue in state.issues.values():
        if issue.ended is None:
            yield from _issue(audit, issue)
    for poll in state.polls.values():
        waits = poll.counted is None and poll.lost is None and poll.box != "outside"
        if waits and _over(audit, poll.closes_at):
            yield _found.breach(
                poll.opened.position,
                poll.id,
                f"{poll.id} was to close at {_say(poll.closes_at)} and was never counted.",
                article=12,
            )
    for term in state.terms.values():
        if term.ended is None and _over(audit, term.ends_at):
            yield _found.breach(
                term.begun.position,
                term.id,
                f"The term of {term.member} was over at {_say(term.ends_at)} and never ended.",
                article=1,
            )
        person = state.people.get(term.member)
        if (
            term.ended is None
            and person is not None
            and person.left is not None
            and person.left.position > term.begun.position
        ):
            yield _found.breach(
                person.left.position, term.id, f"{term.member} left and still holds {term.post}.", article=1
            )
    for person in state.people.values():
        yield from _person(audit, person)
    yield from _confirmations(audit)


def _over(audit: Audit, due: datetime) -> bool:
    return audit.last_at - due > GRACE


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _issue(audit: Audit, issue: Issue) -> Iterator[Finding]:
    if not issue.stages:
        if issue.put is not None:
            yield _found.breach(
                issue.raised.position, issue.id, f"{issue.id} was put before members, and no talk began."
            )
        elif _over(audit, issue.lapses_at):
            yield _found.breach(
                issue.raised.position,
                issue.id,
                f"{issue.id} was to lapse at {_say(issue.lapses_at)} and did not.",
                article=2,
            )
        return
    last = issue.stages[-1]
    if _over(audit, last.ends_at):
        yield _found.breach(
            last.mark.position, issue.id,
            f"The stage {last.name} of {issue.id} was over at {_say(last.ends_at)}, and nothing "
            f"followed.", article=2,
        )  # fmt: skip
    if last.name == "vote" and not issue.polls:
        yield _found.breach(
            last.mark.position, issue.id, f"{issue.id} is at the vote, and no poll was opened.", article=2
        )


def _person(audit: Audit, person: Person) -> Iterator[Finding]:
    application, founding = person.application, audit.state.founding
    if application is not None and person.waiting and founding is not None:
        vouchers = person.vouchers_for(application)
        enough = len(vouchers) >= application.vouchers_needed
        ready = max([application.admitted_at, *(voucher.at for voucher in vouchers)])
        if enough and _over(audit, ready):
            yield _found.breach(
                application.mark.position, person.id,
                f"{person.id} was to be admitted at {_say(ready)} and was not.", article=9,
            )  # fmt: skip
    if person.contact_asked is not None and _over(audit, person.contact_asked[1]):
        yield _found.breach(
            person.contact_asked[0].position,
            person.id,
            f"{person.id}'s new address was to take effect and did not.",
        )


def _confirmations(audit: Audit) -> Iterator[Finding]:
    founding = audit.state.founding
    if founding is None or founding.founded is None or not _over(audit, founding.founded.at):
        return
    for post in sorted({claim.post for claim in audit.state.claims}):
        claims = sum(claim.post == post for claim in audit.state.claims)
        polls = sum(
            poll.about == "confirmation" and poll.subject == post for poll in audit.state.polls.values()
        )
        if polls < claims:
            yield _found.breach(
                founding.founded.position,
                post,
                f"The members were never asked to confirm who held {post}.",
                article=1,
            )
