# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who stands behind drafts and amendments, and which drafts have enough of them for the paper of a vote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kollontai.auditor.things import Draft, Issue, Mark

if TYPE_CHECKING:
    from kollontai.auditor.audit import Audit


def backers(audit: Audit, issue: Issue, marks: Iterable[tuple[str, Mark]], upto: Mark) -> int:
    """How many of these stood behind something by then, as members of the unit, and do not lead on the issue.

    Whoever has gone elsewhere since stood behind it all the same.
    """
    return len(
        {
            member
            for member, mark in marks
            if mark.position < upto.position
            and not audit.leads(member, issue, upto)
            and (person := audit.state.people.get(member)) is not None
            and audit.state.belongs(person, issue.unit, mark.position)
        }
    )


def qualifies(audit: Audit, issue: Issue, draft: Draft, opened: Mark) -> bool:
    """Whether enough stand behind a draft for the paper of a vote that this entry opened.

    One that asks again what was decided needs a number of its own; behind the first stand those of the issue.
    """
    marks = [(draft.mover, draft.put), *draft.backing.items()]
    again = draft.again_of(draft.version_at(opened.position).number)
    if not draft.first and backers(audit, issue, marks, opened) < audit.needed(issue):
        return False
    if again is None:
        return True
    if draft.first:
        marks += [
            (member, one.mark)
            for member, one in issue.backing.items()
            if one.withdrawn is None or one.withdrawn.position > opened.position
        ]
    return backers(audit, issue, marks, opened) >= again.needed
