# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lot of a secret poll: a seed to which everybody may add, and which nobody alone can choose.

The server fixes its secret before anybody votes. In the first half of the voting time members add the hash
of a sentence of their own; in the second half they show the sentence. Who does not, counts as zeros and is
named. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kollontai.chapters.record.refusal import Refusal

ARTICLE = 1
HASH = re.compile(r"[0-9a-f]{64}")
LONGEST_SENTENCE = 500
SEED = b"kollontai/seed/v1\n"


@dataclass(frozen=True)
class Adding:
    """What is known when somebody wants to add to a lot, or to show what they added."""

    is_member: bool
    is_open: bool
    lots_until: datetime
    closes_at: datetime
    added: str = ""  # the hash this member added
    shown: bool = False


def half_way(opens_at: datetime, closes_at: datetime) -> datetime:
    """Until when a lot is added to: whole minutes, half of the voting time."""
    middle = opens_at + (closes_at - opens_at) / 2
    return middle.replace(second=0, microsecond=0)


def digest(sentence: str) -> str:
    """What a member adds for a sentence they keep."""
    return sha256(sentence.encode("utf-8")).hexdigest()


def may_add(facts: Adding, hashed: str, *, at: datetime) -> Refusal | None:
    """Any member adds once, before the first half of the voting time is over."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.is_open or at >= facts.lots_until:
        return Refusal("lot-closed", ARTICLE, facts={"closed": facts.lots_until})
    if facts.added:
        return Refusal("lot-already-added", ARTICLE)
    if not HASH.fullmatch(hashed):
        return Refusal("lot-no-hash", ARTICLE)
    return None


def may_show(facts: Adding, sentence: str, *, at: datetime) -> Refusal | None:
    """Whoever added shows the very sentence."""
    refusal = is_to_show(facts, at=at)
    if refusal is None and (len(sentence) > LONGEST_SENTENCE or digest(sentence) != facts.added):
        return Refusal("lot-other-sentence", ARTICLE)
    return refusal


def is_to_show(facts: Adding, *, at: datetime) -> Refusal | None:
    """Whoever added shows it once, when nothing can be added any more and before the close, if they are a
    member still."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.added:
        return Refusal("lot-nothing-added", ARTICLE)
    if facts.shown:
        return Refusal("lot-already-shown", ARTICLE)
    if at < facts.lots_until:
        return Refusal("lot-shown-too-early", ARTICLE, until=facts.lots_until)
    if not facts.is_open or at >= facts.closes_at:
        return Refusal("vote-closed", ARTICLE, facts={"closed": facts.closes_at})
    return None


def seed_of(secret: bytes, shares: Mapping[str, str | None]) -> str:
    """The seed, from the server's secret and what members added: member ids and sentences, None if unseen.

    Its first line makes it another hash than the one by which the secret was fixed, which everybody knows.
    """
    whole = sha256(SEED + secret)
    for sentence in _in_order(shares):
        whole.update(bytes(32) if sentence is None else sha256(sentence.encode("utf-8")).digest())
    return whole.hexdigest()


def _in_order(shares: Mapping[str, str | None]) -> Iterable[str | None]:
    return (shares[member] for member in sorted(shares))
