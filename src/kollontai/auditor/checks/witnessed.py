# SPDX-License-Identifier: AGPL-3.0-or-later
"""Have the witnesses that were asked for signed this record?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.policy import Party, Policy
from kollontai.openrecord.tiles import TileTree

QUESTION = "Have the witnesses named in the policy countersigned this record?"
ARTICLE = 14
EVIDENCE = attested("the witnesses", limit="Only where a policy is given with --policy.")
FINDS = ("a record that was cut, mended or told differently to different people",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The policy accepts this checkpoint, or an earlier one that this record continues.

    Witnesses sign now and then, while acts go on; what they have not seen yet is said.
    """
    if audit.policy is None:
        return
    try:
        _following(audit, audit.policy).accept(audit.export.record.note())
    except RecordError as error:
        earlier = audit.export.witnessed()
        if earlier is None:
            yield _found.breach(None, "record", f"The policy does not accept this checkpoint: {error}")
        else:
            yield from _of_earlier(audit, _following(audit, audit.policy), earlier)


def _following(audit: Audit, policy: Policy) -> Policy:
    """The policy, with every key of this record where it trusts one of them."""
    if not any(party.key in audit.keys for party in policy.logs):
        return policy
    more = (Party(key) for key in audit.keys if all(party.key != key for party in policy.logs))
    return replace(policy, logs=(*policy.logs, *more))


def _of_earlier(audit: Audit, policy: Policy, note: bytes) -> Iterator[Finding]:
    now = audit.export.checkpoint
    try:
        seen = policy.accept(note).checkpoint
    except RecordError as error:
        yield _found.breach(None, "record", f"The policy accepts no checkpoint of this export: {error}")
        return
    if now is None or seen.origin != now.origin or seen.size > now.size:
        yield _found.breach(
            None,
            "record",
            f"The witnesses saw {seen.size} entries of {seen.origin}, and not this record.",
        )
        return
    try:
        same = TileTree(now.size, audit.export.record.read).root(seen.size) == seen.root
    except RecordError as error:
        yield _found.breach(None, "record", f"What the witnesses saw cannot be worked out again: {error}")
        return
    if not same:
        yield _found.breach(
            None,
            "record",
            f"This record does not continue the {seen.size} entries that the witnesses have seen: "
            "others were shown another history.",
        )
    elif seen.size < now.size:
        yield _found.observe(
            seen.size,
            "record",
            f"The witnesses saw the first {seen.size} entries; those from here on are not witnessed yet.",
        )
