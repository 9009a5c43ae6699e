# SPDX-License-Identifier: AGPL-3.0-or-later
"""Do law notes stand only as members voted them, and only until their day?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import later
from kollontai.auditor.effects import said_by, standing_at
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import LawNote

QUESTION = "Is every law note what the members carried, where a law note may stand, and over on its day?"
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ("law notes that no vote made, or that were kept beyond their day",)

_found = Finder(__name__, ARTICLE)
TOUCHES = ("form", "term", "eligibility", "proxy", "publication", "signing")
NEVER = (3, 13, 14)
WORDS = ("country", "statute", "section", "adviser", "text", "change")
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """Voted by the charter's majority; over by the clock, not before and not after."""
    for note in audit.state.law_notes.values():
        yield from _voted(audit, note)
        yield from _over(audit, note)
    for issue in audit.state.issues.values():
        draft, poll = (
            audit.state.drafts.get(issue.decided_draft or ""),
            audit.state.polls.get(issue.decided_poll),
        )
        if issue.outcome != "carried" or issue.decided is None or draft is None or poll is None:
            continue
        effects = standing_at(draft, poll.opened.position)
        wanted = 1 if effects is not None and "law_note" in effects.what else 0
        made = [note for note in audit.state.law_notes.values() if note.issue == issue.id]
        if len(made) < wanted:
            yield _found.breach(
                issue.decided.position, issue.id, f"{issue.id} carried a law note, and none stands."
            )


def _voted(audit: Audit, note: LawNote) -> Iterator[Finding]:
    at = note.voted.position
    issue, draft = audit.state.issues.get(note.issue), audit.state.drafts.get(note.draft)
    poll = audit.state.polls.get(issue.decided_poll) if issue else None
    carried = any(
        (one.issue, one.draft, one.mark.at) == (note.issue, note.draft, note.voted.at)
        and one.mark.position < at
        for one in audit.state.resolutions.values()
    )
    effects = standing_at(draft, poll.opened.position) if draft and poll else None
    if not carried or effects is None or tuple(effects.what) != ("law_note",):
        yield _found.breach(at, note.id, f"The law note {note.id} stands, and no vote made it.")
        return
    if sum(one.issue == note.issue for one in audit.state.law_notes.values()) > 1:
        yield _found.breach(at, note.id, f"{note.issue} made more than one law note.")
    if note.touches not in TOUCHES or not 1 <= note.article <= 14 or note.article in NEVER:
        yield _found.breach(at, note.id, f"No law note touches {note.touches} at article {note.article}.")
    words = json_value(audit.contents.value(note.words))
    for said in said_by(audit, effects) or []:
        same = (said.get("article"), said.get("touches")) == (note.article, note.touches)
        if not same or (type(words) is dict and words != {name: said.get(name) for name in WORDS}):
            yield _found.breach(at, note.id, f"The law note {note.id} is not the one that was carried.")


def _over(audit: Audit, note: LawNote) -> Iterator[Finding]:
    days = audit.limits_at(note.voted.position)["N.law_note"]
    if note.until != later(note.voted.at, days):
        yield _found.breach(
            note.voted.position, note.id, f"The law note {note.id} is to last otherwise than {days} days."
        )
    if note.lapsed is None:
        if audit.last_at - note.until > GRACE:
            yield _found.breach(
                note.voted.position, note.id, f"The law note {note.id} is kept beyond its day."
            )
    elif note.lapsed.at < note.until or note.lapsed_due != note.until or note.lapsed.actor != "clock":
        yield _found.breach(note.lapsed.position, note.id, f"The law note {note.id} did not end on its day.")
