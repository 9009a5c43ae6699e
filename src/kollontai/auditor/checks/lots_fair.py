# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every lot fixed before anybody voted, and added to and shown in its times?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import ORDINARY_LATENESS, middle, near
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Box, Poll

QUESTION = "Does every lot come from the secret that was fixed at the opening and what members added in time?"
ARTICLE = 12
EVIDENCE = proved(limit="Where nobody added to a lot, the server's secret alone decides it.")
FINDS = ("lots of a vote that were drawn otherwise than was announced",)

_found = Finder(__name__, ARTICLE)
_HASH = re.compile(r"[0-9a-f]{64}")


def check(audit: Audit) -> Iterator[Finding]:
    """Added in the first half of the vote, shown in the second; who is silent counts as zeros."""
    for poll in audit.state.polls.values():
        if poll.secret is not None:
            yield from _fixed(poll, poll.secret)
            yield from _added(audit, poll, poll.secret)


def _fixed(poll: Poll, box: Box) -> Iterator[Finding]:
    at = box.opened.position
    half = middle(poll.opened.at, poll.closes_at)
    if abs(box.lots_until - half) > ORDINARY_LATENESS and not near(box.lots_until, half):
        yield _found.breach(
            at,
            poll.id,
            f"The lot of {poll.id} is open until {box.lots_until:%Y-%m-%d %H:%M}, not for half the vote.",
        )
    if not _HASH.fullmatch(box.lot):
        yield _found.breach(at, poll.id, f"No secret was fixed for the lot of {poll.id}.")
    if box.counted is None:
        return
    try:
        secret = bytes.fromhex(box.secret)
    except ValueError:
        secret = b""
    if len(secret) != 32 or sha256(secret).hexdigest() != box.lot:
        yield _found.breach(
            box.counted.position,
            poll.id,
            f"The secret of the lot of {poll.id} is not the one that was fixed.",
        )
    silent = tuple(sorted(one for one, addition in box.added.items() if addition.shown is None))
    if tuple(sorted(box.silent)) != silent:
        yield _found.breach(
            box.counted.position, poll.id,
            f"Silent in the lot of {poll.id} were {', '.join(silent) or 'nobody'}; it says "
            f"{', '.join(box.silent) or 'nobody'}.",
        )  # fmt: skip


def _added(audit: Audit, poll: Poll, box: Box) -> Iterator[Finding]:
    shown = [one.shown for one in box.added.values() if one.shown is not None]
    first = min((mark.position for mark in shown), default=None)
    for member, addition in box.added.items():
        mark = addition.mark
        if mark.at >= box.lots_until or (first is not None and mark.position > first):
            yield _found.breach(mark.position, poll.id, f"{member} added to the lot of {poll.id} too late.")
        if not _HASH.fullmatch(addition.sha256):
            yield _found.breach(mark.position, poll.id, f"{member} added no hash to the lot of {poll.id}.")
        if addition.shown is None:
            continue
        at = addition.shown.position
        if addition.shown.at < box.lots_until:
            yield _found.breach(
                at, poll.id, f"{member} showed a sentence while others could still add to the lot."
            )
        if addition.shown.at >= poll.closes_at or (box.counted is not None and box.counted.position < at):
            yield _found.breach(at, poll.id, f"{member} showed a sentence after the close of {poll.id}.")
        sentence = audit.contents.value(addition.sentence)
        if addition.sentence is None or (
            sentence is not None and sha256(sentence).hexdigest() != addition.sha256
        ):
            yield _found.breach(at, poll.id, f"{member} showed another sentence than the one announced.")
