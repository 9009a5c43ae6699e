# SPDX-License-Identifier: AGPL-3.0-or-later
"""Have the witnesses that were asked for signed this checkpoint?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.openrecord.errors import RecordError

QUESTION = "Have the witnesses named in the policy countersigned this checkpoint?"
ARTICLE = 14
EVIDENCE = attested("the witnesses", limit="Only where a policy is given with --policy.")
FINDS = ("a record that was cut, mended or told differently to different people",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The policy accepts the checkpoint."""
    if audit.policy is None:
        return
    try:
        audit.policy.accept(audit.export.record.note())
    except RecordError as error:
        yield _found.breach(None, "record", f"The policy does not accept this checkpoint: {error}")
