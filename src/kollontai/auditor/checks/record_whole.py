# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is the record whole: every entry, every tile, the root, and the signature over it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.verify import verify_directory

QUESTION = "Does every entry give the tree whose root was signed with the record's key?"
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ("a record that was cut, mended or told differently to different people",)

_found = Finder(__name__, ARTICLE)
_ENTRY = re.compile(r"[Ee]ntr(?:y|ies) ([0-9]{1,18})")


def check(audit: Audit) -> Iterator[Finding]:
    """Whatever the record's own verification finds is a breach."""
    for problem in audit.export.problems:
        yield _about(problem)
    if audit.key is None:
        yield _found.breach(
            None, "record", "No key was given and none lies in the export: nothing is proved."
        )
        return
    try:
        report = verify_directory(audit.export.record, vkey=audit.key)
    except (RecordError, OSError, ValueError) as error:
        yield _found.breach(None, "record", f"The record cannot be verified: {error}")
        return
    for problem in report.problems:
        yield _about(problem)
    founding = audit.state.founding
    if report.checkpoint and founding and founding.origin != report.checkpoint.origin:
        yield _found.breach(
            founding.opened.position, "record",
            f"The record is signed as {report.checkpoint.origin} but was opened as {founding.origin}.",
        )  # fmt: skip


def _about(problem: str) -> Finding:
    entry = _ENTRY.search(problem)
    return _found.breach(int(entry[1]) if entry else None, "record", problem)
