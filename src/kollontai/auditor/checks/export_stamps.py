# SPDX-License-Identifier: AGPL-3.0-or-later
"""Do the stamped exports fit together, and the earlier copy with its stamp?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved

QUESTION = "Did all members who downloaded the record at one size get the same bytes?"
ARTICLE = 13
EVIDENCE = proved(limit="An earlier copy is compared only where it is given with --old and was stamped.")
FINDS = ("copies that differ",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """One hash for one size; a stamp speaks of what was there before it, and since the stamp before."""
    seen: dict[int, str] = {}
    before = -1
    for stamp in audit.state.stamps:
        at = stamp.mark.position
        if before >= 0 and stamp.size <= before + 1:
            yield _found.breach(
                at,
                "export",
                f"A stamp of {stamp.size} entries says nothing of what came since the stamp before.",
            )
        before = at
        if stamp.size > at:
            yield _found.breach(
                at, "export", f"An export of {stamp.size} entries is stamped when there were only {at}."
            )
        earlier = seen.setdefault(stamp.size, stamp.manifest_sha256)
        if earlier != stamp.manifest_sha256:
            yield _found.breach(at, "export", f"Two different exports are stamped for the size {stamp.size}.")
    old, checkpoint = audit.old, audit.old_checkpoint()
    if old is None or checkpoint is None or checkpoint.size not in seen:
        return
    try:
        digest = hashlib.sha256((old / "manifest").read_bytes()).hexdigest()
    except OSError:
        return
    if digest != seen[checkpoint.size]:
        yield _found.breach(
            None, "export", "The earlier copy is not the export that was stamped for its size."
        )
