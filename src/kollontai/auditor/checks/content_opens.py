# SPDX-License-Identifier: AGPL-3.0-or-later
"""Are the words beside the record those that were committed to, all there, and none too early?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import LEVELS
from kollontai.openrecord import facts

QUESTION = "Are all words here that must be, exactly as they were committed to, and none before its time?"
ARTICLE = 14
EVIDENCE = PROVED
FINDS = (
    "texts that are missing without an entry that says why",
    "texts that are missing or are not the ones that were sealed",
)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Three states: opens, erased by an entry, or missing, which is an alarm. Held words stay closed."""
    state, contents = audit.state, audit.contents
    for commitment, why in contents.altered:
        committed = state.committed.get(commitment)
        where = committed.position if committed else None
        yield _found.breach(where, commitment.hex(), f"A content {why}.")
    for position, commitment_hex in state.recommitted:
        yield _found.breach(
            position, commitment_hex,
            "This entry repeats a commitment that belongs to another entry, so it says nothing of its own.",
        )  # fmt: skip
    for commitment in contents.missing():
        committed = state.committed[commitment]
        yield _found.breach(
            committed.position, commitment.hex(),
            f"The {committed.field} of this {committed.kind} is missing, and no entry says that it was "
            f"erased.",
            article=7,
        )  # fmt: skip
    for commitment in contents.authors:
        yield from _look_at_opened(audit, commitment)


def _look_at_opened(audit: Audit, commitment: bytes) -> Iterator[Finding]:
    committed = audit.state.committed[commitment]
    where, subject = committed.position, commitment.hex()
    what = f"The {committed.field} of this {committed.kind}"
    if commitment in audit.state.erased:
        yield _found.breach(where, subject, f"{what} was erased, but is still handed out.", article=7)
    if audit.contents.is_held(commitment):
        yield _found.breach(
            where, subject, f"{what} is handed out although it is to stay closed until the end."
        )
    author = audit.contents.authors[commitment]
    if author not in (committed.actor, committed.owner):
        yield _found.breach(where, subject, f"{what} is bound to {author}, who did not make this entry.")
    audience = audit.contents.audiences[commitment]
    wanted = facts.KINDS[committed.kind].audience
    if audience not in LEVELS or LEVELS.index(audience) > LEVELS.index(wanted):
        yield _found.breach(
            where, subject, f"{what} is for {wanted}, but is marked for {audience[:20]!a} only."
        )
