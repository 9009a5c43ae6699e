# SPDX-License-Identifier: AGPL-3.0-or-later
"""Can every entry be read, and did somebody make it who could?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding

QUESTION = (
    "Is every entry of a known kind, in its one spelling, without personal data, and possible where it "
    "stands?"
)
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Whatever could not be read or folded is told with its position."""
    state = audit.state
    for position, sentence in state.unread:
        yield _found.breach(position, "entry", sentence)
    for position, subject, sentence in state.impossible:
        yield _found.breach(position, subject, sentence)
    for position, org in state.orgs:
        yield _found.breach(position, org, f"This entry belongs to another organisation, {org}.")
