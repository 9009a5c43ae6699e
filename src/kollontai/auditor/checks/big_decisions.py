# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did matters become big decisions only as members, or effects, made them, and were they talked over anew?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import end_of_phase, without_quiet
from kollontai.auditor.effects import needs_long_times, said_by
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Effects, Issue, MadeBig, Mark

QUESTION = (
    "Was each matter made big by enough members in time, or by an effect that needs it, and talked over anew?"
)
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("matters that were made big by too few, too late or by leaders, and talks that did not begin anew",)

_found = Finder(__name__, ARTICLE)
LIMIT = "N.call_big"


def check(audit: Audit) -> Iterator[Finding]:
    """Members call it big in the first days of their talk; an effect raises it in the talk alone."""
    for issue in audit.state.issues.values():
        for member, mark in issue.big_calls.items():
            yield from _call(audit, issue, member, mark)
        if issue.made_big is not None:
            yield from _made(audit, issue, issue.made_big)
        elif issue.big_calls:
            last = max(issue.big_calls.values())
            if _callers(audit, issue, last) >= audit.needed(issue):
                yield _found.breach(
                    last.position, issue.id, f"Enough members called {issue.id} big, and it was not made so."
                )
        for draft in map(audit.state.drafts.__getitem__, issue.drafts):
            for effects in draft.effects:
                yield from _followed(audit, issue, effects)


def _call(audit: Audit, issue: Issue, member: str, mark: Mark) -> Iterator[Finding]:
    at, stage = mark.position, issue.stage_at(mark.position)
    if audit.leads(member, issue, mark):
        yield _found.breach(at, issue.id, f"{member} leads on {issue.id} and called it big.")
    person = audit.state.people.get(member)
    if person is not None and not audit.state.belongs(person, issue.unit, at):
        yield _found.breach(at, issue.id, f"{member} called {issue.id} big without belonging to its unit.")
    if issue.weight_at(at) == "big":
        yield _found.breach(at, issue.id, f"{member} called {issue.id} big, which it was already.")
    if stage is None or stage.name != "talk":
        yield _found.breach(at, issue.id, f"{member} called {issue.id} big outside the members' talk.")
        return
    days = audit.limits_of(issue)[LIMIT]
    until = end_of_phase(stage.mark.at, days, audit.zone)
    quiet = audit.quiet_at(at)
    until = min(without_quiet(stage.mark.at, until, quiet, audit.zone) if quiet else until, stage.ends_at)
    if mark.at >= until:
        yield _found.breach(
            at, issue.id,
            f"{member} called {issue.id} big on {mark.at:%Y-%m-%d %H:%M}; that ended on "
            f"{until:%Y-%m-%d %H:%M}.",
        )  # fmt: skip


def _callers(audit: Audit, issue: Issue, upto: Mark) -> int:
    """How many members who did not lead on it had called it big here."""
    return sum(
        mark.position <= upto.position
        and not audit.leads(member, issue, upto)
        and (person := audit.state.people.get(member)) is not None
        and person.member_at(upto.position)
        for member, mark in issue.big_calls.items()
    )


def _made(audit: Audit, issue: Issue, made: MadeBig) -> Iterator[Finding]:
    at = made.mark.position
    stage = issue.stage_at(at)
    if made.weight_before == "big" or stage is None or stage.name != "talk":
        yield _found.breach(at, issue.id, f"{issue.id} was made big out of its time.")
    if not any(one.name == "talk" and one.mark.position == at + 1 for one in issue.stages):
        yield _found.breach(at, issue.id, f"{issue.id} was made big, and its talk did not begin anew.")
    if made.why == "members":
        had, needed = _callers(audit, issue, made.mark), audit.needed(issue)
        if had < needed:
            yield _found.breach(
                at, issue.id,
                f"{issue.id} was made big by {had} members who do not lead on it; {needed} are needed.",
            )  # fmt: skip
        last = issue.big_calls.get(made.mark.actor)
        if last is None or last.position + 1 != at:
            yield _found.breach(at, issue.id, f"{issue.id} was made big apart from the last call.")
    elif made.why == "effect":
        before = _followed_at(audit, issue, at)
        said = said_by(audit, before) if before else None
        if before is None or before.mark.actor != made.mark.actor:
            yield _found.breach(at, issue.id, f"{issue.id} was made big by an effect that nobody declared.")
        elif said is not None and not any(needs_long_times(audit, one, at) for one in said):
            yield _found.breach(
                at, issue.id, f"{issue.id} was made big, and no effect declared there needs it."
            )
    else:
        yield _found.breach(at, issue.id, f"Nothing is made big by {made.why}.")


def _what_follows(audit: Audit, issue: Issue, declared: int) -> int:
    """Where what follows from a declaration stands: behind it, or behind the entry that it asks again."""
    asks_again = any(
        one.mark.position == declared + 1 for draft in issue.drafts for one in audit.state.drafts[draft].again
    )
    return declared + 2 if asks_again else declared + 1


def _followed_at(audit: Audit, issue: Issue, position: int) -> Effects | None:
    return next(
        (
            effects
            for draft in issue.drafts
            for effects in audit.state.drafts[draft].effects
            if _what_follows(audit, issue, effects.mark.position) == position
        ),
        None,
    )


def _followed(audit: Audit, issue: Issue, effects: Effects) -> Iterator[Finding]:
    """What needs the long times has them, from this entry on; after the talk nothing new is declared."""
    stage = issue.stage_at(effects.mark.position)
    if stage is not None and stage.name != "talk":
        return
    at, said = effects.mark.position, said_by(audit, effects)
    big = issue.weight_at(at) == "big" or (
        issue.made_big is not None and issue.made_big.mark.position == _what_follows(audit, issue, at)
    )
    if said and not big and any(needs_long_times(audit, one, at) for one in said):
        yield _found.breach(
            at,
            issue.id,
            f"An effect that needs the long times was declared on {issue.id}, which has them not.",
        )
