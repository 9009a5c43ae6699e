# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were quiet days and the voting day set by votes alone, a year ahead?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import day_of, later
from kollontai.auditor.effects import ON_CALENDAR, Said, said_by, standing_at
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Mark, QuietSet, VotingSet

QUESTION = "Are quiet days and the voting day exactly what the members carried, and voted a year ahead?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("quiet days or a voting day that no vote set, or that were set too late",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Each by a carried draft of all members; each carried draft by an entry, unless it came too late."""
    for number, quiet in enumerate(audit.state.quiet_days, 1):
        at = quiet.mark.position
        if quiet.number != number:
            yield _found.breach(at, "quiet days", f"Set {quiet.number} of quiet days comes out of turn.")
        said = _carried(audit, quiet.issue, quiet.draft, quiet.mark, "set_quiet_days")
        if said is None:
            yield _found.breach(at, "quiet days", f"Quiet days of {quiet.year} were set, and no vote did so.")
        elif said and (said.get("year"), spelt(said.get("quiet"))) != (quiet.year, list(quiet.days)):
            yield _found.breach(at, "quiet days", f"Other quiet days of {quiet.year} were carried.")
        sentence = _why_not(audit, quiet)
        if sentence:
            yield _found.breach(at, "quiet days", sentence)
    for number, voting in enumerate(audit.state.voting_days, 1):
        at = voting.mark.position
        if voting.number != number or not 0 <= voting.day <= 28:
            yield _found.breach(at, "voting day", f"The voting day {voting.day} is none, or out of turn.")
        said = _carried(audit, voting.issue, voting.draft, voting.mark, "set_voting_day")
        if said is None:
            yield _found.breach(at, "voting day", "A voting day was set, and no vote did so.")
        elif said and said.get("day") != voting.day:
            yield _found.breach(at, "voting day", f"The voting day is {voting.day}; another one was carried.")
    for issue in audit.state.issues.values():
        yield from _done(audit, issue)


def _carried(audit: Audit, issue_id: str, draft_id: str, mark: Mark, kind: str) -> Said | None:
    """What the draft that was carried with this very entry declares; empty where its words are not here."""
    issue, draft = audit.state.issues.get(issue_id), audit.state.drafts.get(draft_id)
    poll = audit.state.polls.get(issue.decided_poll) if issue else None
    carried = any(
        (one.issue, one.draft, one.mark.at) == (issue_id, draft_id, mark.at) and one.mark < mark
        for one in audit.state.resolutions.values()
    )
    if issue is None or draft is None or poll is None or not carried or issue.unit != audit.state.root:
        return None
    effects = standing_at(draft, poll.opened.position)
    if effects is None or tuple(effects.what) != (kind,):
        return None
    said = said_by(audit, effects)
    return said[0] if said else {}


def spelt(quiet: object) -> list[str] | None:
    """The days that a draft lists, each by itself, in order; None where it lists something else."""
    if type(quiet) is not str:
        return None
    found: set[date] = set()
    for part in quiet.split():
        first, last = (day_of(one) for one in (part[:10], part[-10:]))
        if first is None or last is None or part not in (str(first), f"{first}..{last}"):
            return None
        while first <= last:
            found.add(first)
            first += timedelta(days=1)
    return [day.isoformat() for day in sorted(found)]


def _why_not(audit: Audit, quiet: QuietSet) -> str:
    """Why no vote sets such quiet days; or nothing."""
    limits, days = audit.limits_at(quiet.mark.position), [day_of(one) for one in quiet.days]
    known = [day for day in days if day is not None]
    if len(known) < len(days) or sorted(set(known)) != known or any(day.year != quiet.year for day in known):
        return f"The quiet days of {quiet.year} are not days of that year, each once, in order."
    if len(known) > limits["N.quiet_days"]:
        return f"{quiet.year} has {len(known)} quiet days; at most {limits['N.quiet_days']} are voted."
    return _too_soon(audit, quiet.year, known, quiet.mark)


def _too_soon(audit: Audit, year: int, days: list[date], here: Mark) -> str:
    """Whether a day is added or taken away that comes within a year."""
    before = {day for day in audit.quiet_at(here.position) if day.year == year}
    moved = before ^ set(days)
    if not moved:
        return f"The quiet days of {year} were so already."
    first = min(moved)
    begins = datetime(first.year, first.month, first.day, tzinfo=audit.zone).astimezone(UTC)
    ahead = audit.limits_at(here.position)["N.quiet_ahead"]
    if begins < later(here.at, ahead):
        return f"{first} became a quiet day, or none, less than {ahead} days ahead."
    return ""


def _done(audit: Audit, issue: Issue) -> Iterator[Finding]:
    """What was carried is so, unless it had become impossible."""
    draft, poll = audit.state.drafts.get(issue.decided_draft or ""), audit.state.polls.get(issue.decided_poll)
    if issue.outcome != "carried" or issue.decided is None or draft is None or poll is None:
        return
    effects = standing_at(draft, poll.opened.position)
    if effects is None or not any(one in ON_CALENDAR for one in effects.what):
        return
    at, said = issue.decided.position, said_by(audit, effects)
    set_days: list[QuietSet | VotingSet] = [*audit.state.quiet_days, *audit.state.voting_days]
    did = [one for one in set_days if one.issue == issue.id]
    if len(did) > 1:
        yield _found.breach(did[1].mark.position, issue.id, f"{issue.id} set days twice.")
    if did or not said:
        return
    one = said[0]
    if one.get("effect") == "set_voting_day":
        impossible = one.get("day") == audit.voting_day_at(at)
    else:
        days = [day for day in map(day_of, spelt(one.get("quiet")) or []) if day is not None]
        year = one.get("year")
        impossible = type(year) is not int or bool(_too_soon(audit, year, days, issue.decided))
    if not impossible:
        yield _found.breach(at, issue.id, f"{issue.id} was to set days, and none were set.")
        return
    yield _found.observe(
        at,
        issue.id,
        f"{issue.id} carried and was left undone, as the articles say: its days were set already, or come "
        f"too soon.",
    )
