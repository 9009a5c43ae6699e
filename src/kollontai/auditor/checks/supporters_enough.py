# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did as many members stand behind an issue as it needed?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import end_of_phase, later
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.limits import supporters_needed
from kollontai.auditor.things import Backing, Issue, Mark

QUESTION = "Was the number of supporters worked out rightly, and did the talk begin with the last of them?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Members of the unit who do not lead on it; whoever raises it is the first, unless a leader."""
    for issue in audit.state.issues.values():
        if issue.put is not None:
            continue  # the clock put it before members; questions_put looks at it
        yield from _number(audit, issue)
        yield from _talk(audit, issue)
        yield from _lapse(audit, issue)
        for member, backing in issue.backing.items():
            yield from _taken_back(audit, issue, member, backing)
        raiser = audit.state.people.get(issue.raised.actor)
        if raiser is not None and not audit.state.belongs(raiser, issue.unit, issue.raised.position):
            yield _found.breach(
                issue.raised.position,
                issue.id,
                f"{raiser.id} raised {issue.id} without belonging to its unit.",
            )


def _number(audit: Audit, issue: Issue) -> Iterator[Finding]:
    at = issue.raised.position
    members = audit.state.members_at(issue.unit, at)
    limits = audit.limits_of(issue)
    if issue.needed == supporters_needed(members, limits):
        return
    # Somebody may have joined or left in the same moment, unseen by the act that raised the issue.
    possible = {supporters_needed(max(0, members + more), limits) for more in _same_moment(audit, issue)}
    if issue.needed not in possible:
        yield _found.breach(
            at, issue.id,
            f"{issue.id} is said to need {issue.needed} supporters; with {members} members it is "
            f"{supporters_needed(members, limits)}.",
        )  # fmt: skip


def _same_moment(audit: Audit, issue: Issue) -> set[int]:
    joined = left = 0
    for person in audit.state.members_near(issue.raised.position):
        joined += any(one.mark.at == issue.raised.at for one in person.admissions)
        left += any(one.at == issue.raised.at for one in person.departures)
    return set(range(-joined - left, joined + left + 1))


def _backing(audit: Audit, issue: Issue, upto: Mark) -> int:
    """How many good supporters an issue had here; whoever had become a leader on it by then is none."""
    return sum(
        backing.mark.position <= upto.position
        and (backing.withdrawn is None or backing.withdrawn.position > upto.position)
        and not audit.leads(member, issue, upto)
        and (person := audit.state.people.get(member)) is not None
        and audit.state.belongs(person, issue.unit, backing.mark.position)
        for member, backing in issue.backing.items()
    )


def _to_talk(audit: Audit, issue: Issue) -> int:
    """How many it needs; more, where it was raised with a question that had been decided."""
    again = [audit.state.drafts[one].again_of(1) for one in issue.drafts if audit.state.drafts[one].first]
    return max([issue.needed, *(one.needed for one in again if one is not None)])


def _talk(audit: Audit, issue: Issue) -> Iterator[Finding]:
    needed = _to_talk(audit, issue)
    talk = next((stage for stage in issue.stages if stage.name == "talk"), None)
    if talk is not None:
        had = _backing(audit, issue, talk.mark)
        if had < needed:
            yield _found.breach(
                talk.mark.position,
                issue.id,
                f"The talk on {issue.id} began with {had} supporters; {needed} are needed.",
            )
        earlier = [one.mark for one in issue.backing.values() if one.mark.position < talk.mark.position]
        with_it = max(earlier, default=issue.raised)
        if (with_it.at, with_it.actor) != (talk.mark.at, talk.mark.actor):
            yield _found.breach(
                talk.mark.position, issue.id, f"The talk on {issue.id} did not begin with its last supporter."
            )
        return
    had = _backing(audit, issue, issue.ended or Mark(audit.state.size, issue.lapses_at, ""))
    if had >= needed:
        positions = (backing.mark.position for backing in issue.backing.values())
        last = max(positions, default=issue.raised.position)  # an issue that says it needs nobody
        yield _found.breach(
            last,
            issue.id,
            f"{issue.id} has {had} supporters of {needed} needed, and the talk has not begun.",
        )


def _taken_back(audit: Audit, issue: Issue, member: str, backing: Backing) -> Iterator[Finding]:
    """One steps back while an issue gathers; what another wrote in may be undone later too."""
    mark = backing.withdrawn
    made = audit.state.write_ins.get(backing.write_in)
    if mark is None or (made is not None and made.undone == mark):
        return
    if issue.stage_at(mark.position) is not None or (issue.ended is not None and issue.ended < mark):
        yield _found.breach(
            mark.position, issue.id, f"{member} stepped back from {issue.id} after it had left gathering."
        )


def _lapse(audit: Audit, issue: Issue) -> Iterator[Finding]:
    days = audit.limits_of(issue)["L.lapse"]
    earliest, latest = later(issue.raised.at, days), end_of_phase(issue.raised.at, days, audit.zone)
    if not earliest <= issue.lapses_at <= latest:
        yield _found.breach(
            issue.raised.position, issue.id,
            f"{issue.id} is to lapse at {issue.lapses_at:%Y-%m-%d %H:%M}; it has {days} days to find "
            f"supporters.",
        )  # fmt: skip
    if issue.lapsed is None:
        return
    position = issue.lapsed.position
    if issue.lapsed_why == "no-supporters":
        if issue.stages or issue.lapsed_due != issue.lapses_at:
            yield _found.breach(position, issue.id, f"{issue.id} lapsed for want of supporters out of turn.")
    elif issue.lapsed_why != "no-draft":
        yield _found.breach(position, issue.id, f"No issue lapses by {issue.lapsed_why}.")
