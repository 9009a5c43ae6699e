# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we trust to have signed (C2SP tlog-policy): logs, witnesses, and how many of them it takes.

log <verifier key> [<url>]
witness <name> <verifier key> [<url>]
group <name> all|any|<k> <member>...
quorum <name>|none
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.errors import BadSignature, MalformedKey, MalformedPolicy
from kollontai.openrecord.keys import COSIGNATURE, ED25519, VerifierKey
from kollontai.openrecord.note import open_note
from kollontai.openrecord.spelling import size_from_decimal

NONE = "none"
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n")


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where to reach it."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Members of whom at least `needed` must have signed."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint the policy accepts, and the names of the witnesses under it."""

    checkpoint: Checkpoint
    witnesses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """Any one of the logs, and the quorum of the witnesses."""

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @classmethod
    def trusting(cls, *log: VerifierKey) -> Policy:
        """Trust one log, by any of the keys it has had, and ask for no witness."""
        return cls(tuple(Party(key) for key in log))

    def accept(self, note: bytes) -> Accepted:
        """Read a checkpoint signed by one of the logs and by the quorum, or raise BadSignature."""
        log_keys = [party.key for party in self.logs]
        opened = open_note(note, [*log_keys, *(party.key for party in self.witnesses.values())])
        signed_by = {(signature.name, signature.key_id) for signature in opened.verified}
        checkpoint = Checkpoint.parse(opened.text)
        if not any(key.name == checkpoint.origin and (key.name, key.key_id) in signed_by for key in log_keys):
            raise BadSignature(f"No trusted log has signed for {checkpoint.origin}.")
        present = frozenset(
            name for name, party in self.witnesses.items() if (party.key.name, party.key.key_id) in signed_by
        )
        if not self.quorum_met(present):
            raise BadSignature("Too few of the trusted witnesses have cosigned this checkpoint.")
        return Accepted(checkpoint, present)

    def quorum_met(self, present: Collection[str]) -> bool:
        """Tell whether these witnesses are enough."""
        return self.quorum == NONE or self._has_signed(self.quorum, present)

    def _has_signed(self, name: str, present: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in present
        return sum(self._has_signed(member, present) for member in group.members) >= group.needed


def parse_policy(data: bytes) -> Policy:
    """Read a policy file; an error names its line."""
    if data.translate(None, _CONTROLS) != data:
        raise MalformedPolicy("The policy holds control characters.")
    reader = _Reader()
    # Names are octets to the format; this encoding keeps every octet and compares them as such.
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            try:
                reader.take(words)
            except (MalformedPolicy, MalformedKey) as error:
                raise MalformedPolicy(f"Line {number} of the policy: {error}") from None
    return reader.finish()


class _Reader:
    """What has been read of a policy so far; every line refers only to earlier ones."""

    def __init__(self) -> None:
        self.logs: list[Party] = []
        self.witnesses: dict[str, Party] = {}
        self.groups: dict[str, Group] = {}
        self.members: set[str] = set()
        self.quorum: str | None = None

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._log(key, *url)
            case ["witness", name, key, *url] if len(url) <= 1:
                self._witness(name, key, *url)
            case ["group", name, needed, *members] if members:
                self._group(name, needed, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise MalformedPolicy("it is no log, witness, group or quorum line.")

    def finish(self) -> Policy:
        if self.quorum is None:
            raise MalformedPolicy("The policy has no quorum line.")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _log(self, text: str, url: str | None = None) -> None:
        key = _key(text, ED25519)
        if any(party.key.public == key.public for party in self.logs):
            raise MalformedPolicy("this log is listed twice.")
        self.logs.append(Party(key, url))

    def _witness(self, name: str, text: str, url: str | None = None) -> None:
        self._new(name)
        key = _key(text, COSIGNATURE)
        if any(party.key.public == key.public for party in self.witnesses.values()):
            raise MalformedPolicy("this witness is listed twice.")
        self.witnesses[name] = Party(key, url)

    def _group(self, name: str, needed: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            self._known(member)
            if member in self.members:
                raise MalformedPolicy("a name is a member more than once.")
            self.members.add(member)
        self.groups[name] = Group(_threshold(needed, len(members)), tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise MalformedPolicy("there is a second quorum line.")
        if name != NONE:
            self._known(name)
        self.quorum = name

    def _new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise MalformedPolicy("this name is taken.")

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise MalformedPolicy("it names nobody from an earlier line.")


def _threshold(text: str, members: int) -> int:
    try:
        needed = {"all": members, "any": 1}.get(text) or size_from_decimal(text)
    except ValueError:
        needed = 0
    if not 1 <= needed <= members:
        raise MalformedPolicy("a group needs all, any, or a number of its members.")
    return needed


def _key(text: str, wanted: int) -> VerifierKey:
    key = VerifierKey.parse(text)
    if key.type != wanted:
        raise MalformedPolicy("the key is of the wrong type: logs sign (0x01), witnesses cosign (0x04).")
    return key
