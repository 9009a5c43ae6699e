# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every new key of the record brought in by the one before it, and does the last one sign?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.rotation import Change, has_signed

QUESTION = "Is every new key of the record signed by the one before it, and is the newest the one that signs?"
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The keys follow one another without a gap, and the checkpoint bears the newest one's signature."""
    founding, last = audit.state.founding, None
    if not audit.state.key_changes or founding is None:
        return
    known: list[VerifierKey] = []
    for number, one in enumerate(audit.state.key_changes, 2):
        at = one.mark.position
        try:
            change = Change.read(
                founding.origin, one.number, one.by, one.public, one.signature, one.proof
            )  # fmt: skip
        except RecordError as error:
            yield _found.breach(at, "key", str(error))
            continue
        if not change.holds:
            yield _found.breach(at, "key", "The new key is not signed by the old one, or not by itself.")
        if one.number != number:
            yield _found.breach(
                at, "key", f"The key number {number} of the record calls itself {one.number}."
            )
        if last is not None and change.old != last:
            yield _found.breach(at, "key", "The new key follows another than the last one.")
        known += [change.old, change.new]
        last = change.new
    if last is None:
        return
    if audit.key is not None and audit.key not in known:
        yield _found.breach(None, "key", "The key that signs this export is none of those on its record.")
    try:
        signs = has_signed(last, audit.export.record.note())
    except RecordError:
        return  # there is no checkpoint, which record_whole says
    if not signs:
        yield _found.breach(None, "key", "The checkpoint is not signed by the newest key on the record.")
