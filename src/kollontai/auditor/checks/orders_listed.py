# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which words did a court have erased, and has anybody looked at it since?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import later
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.read import json_value

QUESTION = "Does each erasure by law rest on a court's order, given with its text, and touch words alone?"
ARTICLE = 7
EVIDENCE = attested(
    "whoever runs the server",
    limit="Whether a court really said so, its file tells; the order is given with court and number.",
)
FINDS = ()

_found = Finder(__name__, ARTICLE)

REVIEW = 7
MAY_GO = {
    "contribution.made": ("text",),
    "contribution.revised": ("text",),
    "words.written_in": ("text",),
    "attachment.made": ("name", "file"),
    "member.invited": ("name",),
    "member.applied": ("name",),
}
"""What was said, and names. What is voted on, and rolls, papers, ballots and counts no order empties."""
PARTS = frozenset({"court", "number", "date", "statute", "words"})


def check(audit: Audit) -> Iterator[Finding]:
    """Each is listed, for members to judge; one without its order, or of a count, is a breach."""
    for one in audit.state.ordered:
        at = one.mark.position
        value = audit.contents.value(one.order)
        said = json_value(value)
        if one.order is None:
            yield _found.breach(at, "order", "Words were erased by order, and the order is not given.")
        elif value is not None and (
            not isinstance(said, dict)
            or said.keys() != PARTS
            or not all(isinstance(part, str) and part.strip() for part in said.values())
        ):
            yield _found.breach(
                at, "order", "The order does not name court, number, date, statute and words."
            )
        if one.review_by != later(one.mark.at, REVIEW):
            yield _found.breach(at, "order", f"The erasure is not to be reviewed within {REVIEW} days.")
        if not one.commitments or len(set(one.commitments)) != len(one.commitments):
            yield _found.breach(at, "order", "An erasure names nothing, or something twice.")
        for text in one.commitments:
            yield from _words(audit, at, text)
        court = said.get("court") if isinstance(said, dict) else None
        yield _found.observe(
            at, "order",
            f"{len(one.commitments)} texts were erased because {court or 'a court'} ordered it; no jury has "
            "reviewed that, because this release has none.",
        )  # fmt: skip


def _words(audit: Audit, at: int, text: str) -> Iterator[Finding]:
    try:
        commitment = bytes.fromhex(text)
    except ValueError:
        return  # entries_well_formed says so
    committed = audit.state.committed.get(commitment)
    if committed is None:
        return
    if committed.position > at:
        yield _found.breach(at, text, "An erasure comes before what it erases.")
    if committed.field not in MAY_GO.get(committed.kind, ()):
        yield _found.breach(
            at, text, f"The {committed.field} of a {committed.kind} was erased; no order empties that."
        )
    earlier = audit.state.erased.get(commitment)
    if earlier is not None and earlier.position != at:
        yield _found.breach(at, text, "Something was erased a second time.")
