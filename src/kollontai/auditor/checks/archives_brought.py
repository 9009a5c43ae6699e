# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every thread from elsewhere brought along by somebody who led on nothing just then?"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Archive, Issue

QUESTION = (
    "Did nobody bring threads along from elsewhere who led on an issue under way, and nobody more than "
    "others may?"
)
ARTICLE = 13
EVIDENCE = attested(
    "whoever brought them along",
    limit="Whether a thread was said elsewhere as it stands here, no record can tell.",
)
FINDS = ()

_found = Finder(__name__, ARTICLE)

KNOWN = frozenset({"loomio", "mbox"})
LONGEST = 500_000
IN_A_DAY = 500
DAY = timedelta(days=1)
_PARTS = {"title": str, "text": str, "who": str, "at": str, "remarks": list, "votes": list}


def check(audit: Audit) -> Iterator[Finding]:
    """In the order of the record, so that the last day of each member is known at each entry."""
    lately: defaultdict[str, deque[datetime]] = defaultdict(deque)
    for archive in sorted(audit.state.archives.values(), key=lambda one: one.brought.position):
        mark = archive.brought
        for issue in _led_on(audit, archive):
            yield _found.breach(
                mark.position, archive.id,
                f"{mark.actor} brought a thread along while {issue.id} was under way, and leads on it.",
                article=2,
            )  # fmt: skip
        times = lately[mark.actor]
        while times and mark.at - times[0] >= DAY:
            times.popleft()
        times.append(mark.at)
        if len(times) == IN_A_DAY + 1:
            yield _found.breach(
                mark.position, archive.id, f"{mark.actor} brought more than {IN_A_DAY} threads in a day."
            )
        yield from _thread(audit, archive)


def _led_on(audit: Audit, archive: Archive) -> Iterator[Issue]:
    mark = archive.brought
    if not audit.leadership.ever_led(mark.actor):
        return
    for issue in audit.state.issues.values():
        over = issue.ended is not None and issue.ended.position < mark.position
        if issue.raised.position < mark.position and not over and audit.leads(mark.actor, issue, mark):
            yield issue


def _thread(audit: Audit, archive: Archive) -> Iterator[Finding]:
    mark = archive.brought
    if archive.source not in KNOWN:
        yield _found.breach(
            mark.position,
            archive.id,
            f"A thread names {archive.source[:20]!a} as its source; nobody knows it.",
        )
    if archive.thread is None:
        yield _found.breach(mark.position, archive.id, "A thread was brought along without its words.")
        return
    said = audit.contents.value(archive.thread)
    if said is None:
        return  # erased or missing: others ask about that
    if len(said) > LONGEST:
        yield _found.breach(
            mark.position, archive.id, f"A thread of more than {LONGEST} bytes was brought along."
        )
    try:
        thread = json.loads(said)
    except (ValueError, RecursionError):
        thread = None
    if not isinstance(thread, dict) or any(
        not isinstance(thread.get(name), shape) for name, shape in _PARTS.items()
    ):
        yield _found.breach(mark.position, archive.id, "What was brought along is no thread.")
