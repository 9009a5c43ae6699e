# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the record went on from a backup: does it continue that backup, and was it compared first?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.tiles import TileTree

QUESTION = (
    "Does the record continue each backup that it went on from, and was that held against others' copies?"
)
ARTICLE = 14
EVIDENCE = proved(limit="With whom a backup was compared before it went on, only the server says.")
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The root of the backup is that of the first entries; a backup that nobody vouched for is said."""
    for one in audit.state.restorations:
        at = one.mark.position
        if one.taken_at > one.mark.at.replace(second=59) or one.size > at or one.size < 1:
            yield _found.breach(
                at, "database", f"A backup of {one.size} entries, of {audit.spelt[one.taken_at]}, cannot be."
            )
            continue
        try:
            same = TileTree(audit.export.size, audit.export.record.read).root(one.size).hex() == one.root
        except RecordError as error:
            yield _found.breach(
                at, "database", f"Whether the backup was of this record is not shown: {error}"
            )
            continue
        if not same:
            yield _found.breach(
                at, "database",
                f"The record does not continue the backup of {one.size} entries it went on from.",
            )  # fmt: skip
        if not one.witnesses and not one.copies:
            yield _found.observe(
                at, "database",
                "The record went on from a backup that nobody's copy was compared with: whoever holds a "
                "checkpoint from before should compare it now.",
            )  # fmt: skip
