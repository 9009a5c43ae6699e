# SPDX-License-Identifier: AGPL-3.0-or-later
"""The checkpoint (C2SP tlog-checkpoint): the origin of a record, its size and its root, in a signed note.

    <origin>
    <size in decimal>
    <base64 of the root>

The origin is the record's identity for ever, and the name of the key that signs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.errors import BadSignature, MalformedCheckpoint
from kollontai.openrecord.note import SigningKey, VerifierKey, open_note, parse_note, sign_note
from kollontai.openrecord.spelling import hash_from_base64, size_from_decimal, to_base64
from kollontai.openrecord.tree import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a record is, and the one hash that stands for all of it.

    We write no extension lines; those of others are kept, since signatures cover them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: bytes) -> Checkpoint:
        """Read the text of a note as a checkpoint."""
        try:
            lines = text.decode("utf-8").split("\n")
            origin, size, root, *extensions, end = lines
            if not origin or end or "" in extensions:
                raise ValueError
            return cls(origin, size_from_decimal(size), hash_from_base64(root), tuple(extensions))
        except ValueError:
            raise MalformedCheckpoint(
                "A checkpoint is an origin, a size in decimal and a root in base64, a line each."
            ) from None

    def format(self) -> bytes:
        """Write the text that is signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()

    def sign(self, *keys: SigningKey) -> bytes:
        """Sign with the record's own key; while it changes, with the old one and the new one."""
        for key in keys:
            if key.name != self.origin:
                raise BadSignature(f"The key of {key.name} does not sign for {self.origin}.")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint("The root of an empty record is the hash of nothing.")
        return sign_note(self.format(), *keys)


def open_checkpoint(note: bytes, *log: VerifierKey) -> Checkpoint:
    """Read a checkpoint signed by the record's own key, or by any of those it has had."""
    opened = open_note(note, log)
    checkpoint = Checkpoint.parse(opened.text)
    if not any(checkpoint.origin == key.name for key in log):
        raise BadSignature(f"The key of {log[0].name} does not sign for {checkpoint.origin}.")
    return checkpoint


def read_checkpoint(note: bytes) -> Checkpoint:
    """Read a checkpoint **without checking who signed it**."""
    return Checkpoint.parse(parse_note(note)[0])
