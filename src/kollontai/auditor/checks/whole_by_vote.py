# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did units and dues change only as members voted?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.effects import (
    MERGED,
    ON_DUES,
    ON_UNITS,
    SO_ALREADY,
    Said,
    dues_rise,
    left_undone,
    said_by,
    standing_at,
)
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import DuesSet, Effects, Issue, Mark, UnitChange

QUESTION = (
    "Was every unit made or renamed, and every figure of the dues set, by exactly the draft that carried?"
)
ARTICLE = 13
EVIDENCE = PROVED
FINDS = ("units and dues that no vote made, renamed or set",)

_found = Finder(__name__, ARTICLE)
DID = {"create_unit": "created", "rename_unit": "renamed"}


def check(audit: Audit) -> Iterator[Finding]:
    """All members make a unit and set dues; a unit gives itself its name."""
    for change in audit.state.unit_changes:
        yield from _unit(audit, change)
    for number, dues in enumerate(audit.state.dues):
        yield from _dues(audit, dues, number)
    for issue in audit.state.issues.values():
        if issue.outcome == "carried":
            yield from _done(audit, issue)


def _voted(audit: Audit, issue_id: str, draft_id: str, mark: Mark) -> tuple[Issue, Effects] | None:
    """The issue and the effects of the draft that was carried in the same moment, before this entry."""
    issue, draft = audit.state.issues.get(issue_id), audit.state.drafts.get(draft_id)
    carried = any(
        (one.issue, one.draft, one.mark.at) == (issue_id, draft_id, mark.at) and one.mark < mark
        for one in audit.state.resolutions.values()
    )
    poll = audit.state.polls.get(issue.decided_poll) if issue else None
    if issue is None or draft is None or poll is None or not carried:
        return None
    effects = standing_at(draft, poll.opened.position)
    return None if effects is None else (issue, effects)


def _unit(audit: Audit, change: UnitChange) -> Iterator[Finding]:
    at, voted = change.mark.position, _voted(audit, change.issue, change.draft, change.mark)
    if voted is None or change.what not in (DID.get(one) for one in voted[1].what):
        yield _found.breach(at, change.unit, f"{change.unit} was {change.what}, and no vote said so.")
        return
    issue, effects = voted
    home = audit.state.root if change.what == "created" else change.unit
    poll = audit.state.polls.get(issue.decided_poll)
    if (
        audit.state.where(issue.unit, at) != home
        or (poll and poll.unit != home)
        or change.parent != audit.state.root
    ):
        yield _found.breach(at, change.unit, f"{change.unit} was {change.what} by {issue.unit}.")
    name, said = audit.contents.value(change.name), said_by(audit, effects)
    names = [one.get("unit_name") for one in said or [] if DID.get(str(one.get("effect"))) == change.what]
    if said is not None and name is not None and name.decode("utf-8", "replace") not in names:
        yield _found.breach(at, change.unit, f"{change.unit} is called otherwise than its vote said.")


def _dues(audit: Audit, dues: DuesSet, number: int) -> Iterator[Finding]:
    at, voted = dues.mark.position, _voted(audit, dues.issue, dues.draft, dues.mark)
    if dues.number != number + 1:
        yield _found.breach(at, "dues", f"Figure {dues.number} of the dues comes out of turn.")
    if voted is None or "set_dues" not in voted[1].what or voted[0].unit != audit.state.root:
        yield _found.breach(at, "dues", "Dues were set, and no vote of all members said so.")
        return
    issue, effects = voted
    said = [one for one in said_by(audit, effects) or [] if one.get("effect") == "set_dues"]
    if said and said[0].get("dues") != dues.amount:
        yield _found.breach(at, "dues", "Dues were set otherwise than the members voted.")
    if issue.weight != "big" and dues_rise(audit, {"dues": dues.amount}, at):
        yield _found.breach(at, "dues", "Dues changed by more than a twentieth without the long times.")


def _done(audit: Audit, issue: Issue) -> Iterator[Finding]:
    """As many as the carried draft declares, unless one had become impossible."""
    draft, poll = audit.state.drafts.get(issue.decided_draft or ""), audit.state.polls.get(issue.decided_poll)
    if draft is None or poll is None or issue.decided is None:
        return
    effects = standing_at(draft, poll.opened.position)
    if effects is None:
        return
    here = issue.decided.position
    wanted = Counter(one for one in effects.what if one in (*ON_UNITS, *ON_DUES))
    did = Counter(
        "create_unit" if one.what == "created" else "rename_unit"
        for one in audit.state.unit_changes
        if one.issue == issue.id
    )
    did.update("set_dues" for one in audit.state.dues if one.issue == issue.id)
    reasons: list[str] = []
    for one in said_by(audit, effects) or []:
        if one.get("effect") not in (*ON_UNITS, *ON_DUES) or _is_done(audit, issue, one):
            continue
        if reason := _why_not(audit, one, here, issue):
            reasons.append(reason)
            wanted[str(one["effect"])] -= 1
    if any(did[kind] < wanted[kind] for kind in wanted) or any(
        did[kind] > effects.what.count(kind) for kind in did
    ):
        yield _found.breach(
            here, issue.id, f"What {issue.id} carried on units or dues was not what was done."
        )
    elif reasons:
        yield _found.observe(here, issue.id, left_undone(issue, reasons))


def _is_done(audit: Audit, issue: Issue, said: Said) -> bool:
    """Whether an entry of its count does what an effect says."""
    if said.get("effect") == "set_dues":
        return any(one.issue == issue.id and one.amount == said.get("dues") for one in audit.state.dues)
    for one in audit.state.unit_changes:
        name = audit.contents.value(one.name)
        same = name is not None and name.decode("utf-8", "replace") == said.get("unit_name")
        if one.issue == issue.id and one.what == DID[str(said["effect"])] and same:
            return True
    return False


def _why_not(audit: Audit, said: Said, here: int, issue: Issue) -> str:
    """Why an effect could not be done any more when its vote was counted; or nothing."""
    poll = audit.state.polls.get(issue.decided_poll)
    if poll is not None and poll.unit != audit.state.where(issue.unit, here):
        return MERGED
    if said.get("effect") == "set_dues":
        before = [one.amount for one in audit.state.dues if one.mark.position < here]
        if before and before[-1] == said.get("dues"):
            return SO_ALREADY
        rises = issue.weight != "big" and dues_rise(audit, said, here)
        return "dues move by more than a twentieth with the long times alone." if rises else ""
    name = str(said.get("unit_name")).casefold()
    taken = name in {one.casefold() for one in names_at(audit, here)}
    return "another unit bears that name, or it is called so already." if taken else ""


def names_at(audit: Audit, position: int) -> list[str]:
    """What units were called when the entry at this position was made, as far as their names are here."""
    named: dict[str, bytes] = {}
    for (label, unit), found in audit.state.named.items():
        earlier = [one for one in found if audit.state.committed[one].position < position]
        if label == "unit.name" and earlier:
            named[unit] = max(earlier, key=lambda one: audit.state.committed[one].position)
    values = (audit.contents.value(one) for one in named.values())
    return [value.decode("utf-8", "replace") for value in values if value is not None]
