# SPDX-License-Identifier: AGPL-3.0-or-later
"""An entry: one fact, when it happened, in which organisation, by whom, and how they were known.

Its bytes are a canonical JSON object (docs/record-format.md):
`{"v":1,"kind":…,"at":…,"org":…,"actor":…,"auth":…,"n":…,"f":{…},"c":{…}}`; `c` is left out when empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kollontai.openrecord import (
    canonical,
    facts,
    kinds,  # noqa: F401 - importing it fills facts.KINDS
)
from kollontai.openrecord.errors import MalformedEntry, UnknownKind
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.times import read_time, write_time

VERSION = 1
LARGEST_ENTRY = 65_535
NONCE_BYTES = 16
HASH_BYTES = 32
PROTECTED = "protected"
AUTHS = frozenset({"code", "passkey", "token", "signed", PROTECTED, "clock", "operator", "demo"})
"""How the actor was known: by an e-mail code, a passkey, a token, an own signature; or no member at all.

An alias says `protected`: where few have a passkey or a program, the way in would point at who signs.
"""

_NO_AUTH = "An entry must say how its actor was known, in one of the known words."
_WHOLE_MINUTES = frozenset({"accountable", "protected"})
_ID = re.compile(r"[A-Za-z0-9_.:/+=\-]{1,200}")
_HEX_NONCE = re.compile(r"[0-9a-f]{32}")
_HEX_HASH = re.compile(r"[0-9a-f]{64}")
_KEYS = frozenset({"v", "kind", "at", "org", "actor", "auth", "n", "f"})
_KEYS_WITH_COMMITMENTS = _KEYS | {"c"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. `n` is random, so that nobody can guess an entry from its hash."""

    at: datetime
    org: str
    actor: str
    auth: str
    n: bytes
    fact: Fact
    commitments: Mapping[str, bytes] = field(default_factory=dict)
    position: int | None = None


def to_bytes(entry: Entry) -> bytes:
    """Write an entry, refusing anything that may not stand on the record."""
    fact = entry.fact
    if facts.KINDS.get(getattr(fact, "kind_name", "")) is not type(fact):
        raise UnknownKind(f"{type(fact).__name__} is not among the kinds of entry.")
    if not (_ID.fullmatch(entry.org) and _ID.fullmatch(entry.actor)):
        raise MalformedEntry("The organisation and the actor of an entry must be plain ids.")
    if entry.auth not in AUTHS:
        raise MalformedEntry(_NO_AUTH)
    if len(entry.n) != NONCE_BYTES:
        raise MalformedEntry(f"An entry needs {NONCE_BYTES} random bytes.")
    if any(len(value) != HASH_BYTES for value in entry.commitments.values()):
        raise MalformedEntry("A commitment must be a SHA-256 hash.")
    _refuse_unfit(type(fact), entry.at, entry.commitments)
    try:
        at = write_time(entry.at)
    except ValueError as error:
        raise MalformedEntry(str(error)) from None
    fields = facts.to_fields(fact)
    facts.refuse_personal_data({"org": entry.org, "actor": entry.actor, **fields})
    core: dict[str, object] = {
        "v": VERSION,
        "kind": fact.kind_name,
        "at": at,
        "org": entry.org,
        "actor": entry.actor,
        "auth": entry.auth,
        "n": entry.n.hex(),
        "f": fields,
    }
    if entry.commitments:
        core["c"] = {name: value.hex() for name, value in entry.commitments.items()}
    data = canonical.encode(core)
    if len(data) > LARGEST_ENTRY:
        raise MalformedEntry(f"The entry has {len(data)} bytes; the most is {LARGEST_ENTRY}.")
    return data


def from_bytes(data: bytes, position: int | None = None) -> Entry:
    """Read an entry: its one spelling, a known kind, every field as its kind asks."""
    core = read_core(data)
    cls = facts.KINDS.get(core["kind"])
    if cls is None:
        raise UnknownKind(f"This release knows no kind {core['kind'][:80]!a}.")
    at = read_time(core["at"])
    commitments = {name: bytes.fromhex(value) for name, value in core.get("c", {}).items()}
    _refuse_unfit(cls, at, commitments)
    fact = facts.from_fields(cls, core["f"])
    nonce = bytes.fromhex(core["n"])
    return Entry(at, core["org"], core["actor"], core["auth"], nonce, fact, commitments, position)


def read_core(data: bytes) -> dict[str, Any]:
    """Read what every entry has, of whatever kind: enough to show one that this release does not know."""
    if len(data) > LARGEST_ENTRY:
        raise MalformedEntry(f"The entry has {len(data)} bytes; the most is {LARGEST_ENTRY}.")
    core = canonical.decode(data)
    if core.keys() != _KEYS and core.keys() != _KEYS_WITH_COMMITMENTS:
        raise MalformedEntry("An entry has the keys v, kind, at, org, actor, auth, n, f and perhaps c.")
    if core["v"] != VERSION or type(core["v"]) is not int:
        raise MalformedEntry(f"The entry is not of version {VERSION}.")
    for name in ("kind", "org", "actor"):
        if type(core[name]) is not str or not _ID.fullmatch(core[name]):
            raise MalformedEntry(f"The {name} of an entry must be a plain id.")
    if type(core["auth"]) is not str or core["auth"] not in AUTHS:
        raise MalformedEntry(_NO_AUTH)
    if type(core["n"]) is not str or not _HEX_NONCE.fullmatch(core["n"]):
        raise MalformedEntry(f"An entry needs {NONCE_BYTES} random bytes in small hexadecimal.")
    if type(core["f"]) is not dict:
        raise MalformedEntry("The fields of an entry must be an object.")
    try:
        read_time(core["at"])
    except ValueError:
        raise MalformedEntry("The time of an entry must read like 2026-02-19T09:42:00Z.") from None
    if "c" in core:
        _check_commitment_texts(core["c"])
    return core


def _refuse_unfit(cls: type[Fact], at: datetime, commitments: Mapping[str, bytes]) -> None:
    """Hold an entry against what its kind allows, whether it is written or read."""
    if cls.link in _WHOLE_MINUTES and at.second:
        raise MalformedEntry(f"The time of a {cls.kind_name} must be a whole minute.")
    for name in commitments:
        if name not in cls.commits:
            raise MalformedEntry(f"A {cls.kind_name} commits to no {name[:40]!a}.")


def _check_commitment_texts(commitments: object) -> None:
    if type(commitments) is not dict or not commitments:
        raise MalformedEntry("The commitments of an entry must be an object, left out when empty.")
    for value in commitments.values():
        if type(value) is not str or not _HEX_HASH.fullmatch(value):
            raise MalformedEntry("A commitment must be a SHA-256 hash in small hexadecimal.")
