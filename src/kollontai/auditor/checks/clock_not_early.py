# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the clock do nothing before it was due, and was it ever very late?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "Did everything that the clock does happen at its time, and not before?"
ARTICLE = 14
EVIDENCE = attested("the server's clock")
FINDS = ()

_found = Finder(__name__, ARTICLE)
VERY_LATE = timedelta(days=1)
GRACE = timedelta(hours=1)
BEFORE_ANY_ACT = ("stage.begun", "issue.lapsed")
"""What is overdue of these is done before anybody acts: no matter waits while others go on."""


def check(audit: Audit) -> Iterator[Finding]:
    """What is due later has not happened yet; a day's delay is worth knowing."""
    for timed in audit.state.timed:
        if timed.at < timed.due:
            yield _found.breach(
                timed.position, timed.subject,
                f"{timed.kind} happened at {timed.at:%Y-%m-%d %H:%M}, before it was due at "
                f"{timed.due:%Y-%m-%d %H:%M}.",
            )  # fmt: skip
        elif timed.kind in BEFORE_ANY_ACT and timed.acted is not None and timed.acted - timed.due > GRACE:
            yield _found.breach(
                timed.position, timed.subject,
                f"{timed.kind} was due at {timed.due:%Y-%m-%d %H:%M}; members acted still at "
                f"{timed.acted:%Y-%m-%d %H:%M}, and it was not done.",
            )  # fmt: skip
        elif timed.at - timed.due > VERY_LATE:
            yield _found.observe(
                timed.position, timed.subject,
                f"{timed.kind} was due at {timed.due:%Y-%m-%d %H:%M} and happened only at "
                f"{timed.at:%Y-%m-%d %H:%M}.",
            )  # fmt: skip
