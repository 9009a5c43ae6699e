# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receipt (C2SP tlog-proof): proof to carry home that an entry stands on the record.

    c2sp.org/tlog-proof@v1
    extra <base64>            what the proof does not vouch for; may be missing
    index <index>
    <base64>                  a hash a line, from the leaf's sibling to the root's child
                              an empty line
    <the checkpoint, with its signatures>

It can be checked offline against the log's key, years later, when the server is gone. Our own receipts
carry in `extra` the entry itself and, for its author, what it commits to (`Carried`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kollontai.openrecord import canonical
from kollontai.openrecord.commitment import SALT_BYTES, opens
from kollontai.openrecord.entries import read_core
from kollontai.openrecord.errors import BadProof, MalformedReceipt, RecordError
from kollontai.openrecord.note import parse_note
from kollontai.openrecord.policy import Accepted, Policy
from kollontai.openrecord.spelling import from_base64, hash_from_base64, size_from_decimal, to_base64
from kollontai.openrecord.tiles import TileTree
from kollontai.openrecord.tree import leaf_hash, verify_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands, the hashes from it to the root, and the signed root."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> Receipt:
        """Read a receipt; this checks its form alone."""
        head, gap, checkpoint = data.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
            extra = None
            if lines and lines[0].startswith("extra "):
                extra = from_base64(lines.pop(0).removeprefix("extra "))
            word, index = lines.pop(0).split(" ")
            if first != FIRST_LINE or word != "index" or not gap or len(lines) > MOST_HASHES:
                raise ValueError
            proof = tuple(hash_from_base64(line) for line in lines)
            receipt = cls(size_from_decimal(index), proof, checkpoint, extra)
        except (ValueError, IndexError):
            raise MalformedReceipt(f"A receipt begins with {FIRST_LINE}, an index and hashes.") from None
        parse_note(checkpoint)
        return receipt

    def format(self) -> bytes:
        """Write the receipt."""
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    def verify(self, entry: bytes, policy: Policy) -> Accepted:
        """Check that this very entry stands at the index, under a checkpoint the policy accepts."""
        return self.verify_leaf(leaf_hash(entry), policy)

    def verify_leaf(self, leaf: bytes, policy: Policy) -> Accepted:
        """Check the same for an entry of which only the hash is known."""
        accepted = policy.accept(self.checkpoint)
        verify_inclusion(leaf, self.index, accepted.checkpoint.size, self.proof, accepted.checkpoint.root)
        return accepted


def make_receipt(tree: TileTree, index: int, checkpoint: bytes, extra: bytes | None = None) -> Receipt:
    """Make the receipt of an entry from the tiles under a checkpoint of the tree's size."""
    return Receipt(index, tuple(tree.inclusion_proof(index)), checkpoint, extra)


# --- What our receipts carry -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """What an entry committed to: the bytes and their salt."""

    salt: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """The entry, and what its author may show of its contents.

    Canonical JSON: `{"entry":<its text>,"openings":{<field>:{"salt":<hex>,"value":<base64>}},"v":1}`.
    """

    entry: bytes
    openings: Mapping[str, Opening] = field(default_factory=dict)

    def pack(self) -> bytes:
        """Write it for a receipt's `extra`."""
        read_core(self.entry)  # only entries of ours are carried
        openings = {
            name: {"salt": opening.salt.hex(), "value": to_base64(opening.value)}
            for name, opening in self.openings.items()
        }
        return canonical.encode({"v": 1, "entry": self.entry.decode("utf-8"), "openings": openings})

    @classmethod
    def unpack(cls, extra: bytes) -> Carried:
        """Read a receipt's `extra` that one of our servers wrote."""
        try:
            values: dict[str, Any] = canonical.decode(extra)
            if values.keys() != {"v", "entry", "openings"} or values["v"] != 1 or values["v"] is True:
                raise ValueError
            openings = {name: _opening(value) for name, value in values["openings"].items()}
            return cls(values["entry"].encode("utf-8"), openings)
        except (RecordError, ValueError, AttributeError, TypeError):
            raise MalformedReceipt("What the receipt carries is no entry in a form known here.") from None

    def verify_openings(self) -> None:
        """Check that each text carried is what the entry committed to, or raise BadProof."""
        core = read_core(self.entry)
        for name, opening in self.openings.items():
            commitment = bytes.fromhex(core.get("c", {}).get(name, ""))
            place = {"org": core["org"], "kind": core["kind"], "field": name, "author": core["actor"]}
            if not opens(commitment, **place, salt=opening.salt, value=opening.value):
                raise BadProof(f"The {name} carried in the receipt is not what the entry committed to.")


def _opening(value: Any) -> Opening:
    if type(value) is not dict or value.keys() != {"salt", "value"}:
        raise ValueError
    opening = Opening(bytes.fromhex(value["salt"]), from_base64(value["value"]))
    if len(opening.salt) != SALT_BYTES or opening.salt.hex() != value["salt"]:
        raise ValueError
    return opening
