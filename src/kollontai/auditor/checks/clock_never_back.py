# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does time on the record only go forward?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "Does no entry stand behind a later one by more than five minutes?"
ARTICLE = 14
EVIDENCE = attested("the server's clock", limit="A clock that is wrong all the time shows only to witnesses.")
FINDS = ()

_found = Finder(__name__, ARTICLE)
TOLERANCE = timedelta(minutes=5)


def check(audit: Audit) -> Iterator[Finding]:
    """Entries of acts that ran at the same moment may change places by minutes, not more."""
    for position, at, last in audit.state.backwards:
        if last - at > TOLERANCE:
            yield _found.breach(
                position,
                "clock",
                f"This entry is of {at:%Y-%m-%d %H:%M}, but an earlier one is of {last:%Y-%m-%d %H:%M}.",
            )
