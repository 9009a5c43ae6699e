# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed notes (C2SP signed-note): a text, an empty line, and signature lines.

    — <key name> <base64(4-byte key id || signature)>

Signatures by unknown keys are kept and passed on, so that new types of key can be added. A signature
by a known key that does not fit condemns the whole note.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kollontai.openrecord.errors import BadNote, BadSignature
from kollontai.openrecord.keys import SigningKey, VerifierKey, is_key_name
from kollontai.openrecord.spelling import from_base64, to_base64

__all__ = [
    "OpenedNote",
    "Signature",
    "SigningKey",
    "VerifierKey",
    "add_signatures",
    "open_note",
    "parse_note",
    "sign_note",
]

LARGEST_NOTE = 64_000_000  # the manifest of an export names every file in a note
MOST_SIGNATURES = 100
_CONTROLS = bytes(byte for byte in range(0x20) if byte != 0x0A)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose, by which key, and the bytes."""

    name: str
    key_id: bytes
    blob: bytes

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a signature line, without its newline."""
        try:
            dash, name, text = line.split(" ")
            data = from_base64(text)
        except ValueError:
            raise BadNote("A signature line reads — <name> <base64>.") from None
        if dash != "—" or not is_key_name(name) or len(data) < 5:
            raise BadNote("A signature line reads — <name> <base64>.")
        return cls(name, data[:4], data[4:])

    def line(self) -> str:
        """Write the signature line, with its newline."""
        return f"— {self.name} {to_base64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A text signed by at least one key we know."""

    text: bytes
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...]


def sign_note(text: bytes, *signers: SigningKey, signatures: Iterable[Signature] = ()) -> bytes:
    """Sign a text with one or more keys, keeping signatures it already has."""
    made = [Signature(key.name, key.verifier.key_id, key.sign(text)) for key in signers]
    lines = [signature.line() for signature in (*made, *signatures)]
    note = text + b"\n" + "".join(lines).encode()
    parse_note(note)  # nothing leaves here that others could not read
    return note


def add_signatures(note: bytes, signatures: Iterable[Signature]) -> bytes:
    """Put further signature lines under a note, each once."""
    _, present = parse_note(note)
    new = [signature for signature in dict.fromkeys(signatures) if signature not in present]
    longer = note + "".join(signature.line() for signature in new).encode()
    parse_note(longer)
    return longer


def parse_note(data: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Take a note apart into text and signatures, **without checking any of them**."""
    if len(data) > LARGEST_NOTE:
        raise BadNote(f"The note has {len(data)} bytes; the most is {LARGEST_NOTE}.")
    if data.translate(None, _CONTROLS) != data:
        raise BadNote("The note holds control characters.")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadNote("The note is not UTF-8.") from None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("A note is a text, an empty line and signature lines.")
    signatures = tuple(Signature.parse(line) for line in lines.removesuffix("\n").split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise BadNote(f"The note has {len(signatures)} signatures; the most is {MOST_SIGNATURES}.")
    return (text + "\n").encode(), signatures


def open_note(data: bytes, verifiers: Iterable[VerifierKey]) -> OpenedNote:
    """Read a note signed by at least one of these keys, and by none of them wrongly."""
    text, signatures = parse_note(data)
    known = {(key.name, key.key_id): key for key in verifiers}
    verified: dict[tuple[str, bytes], Signature] = {}
    unknown = []
    for signature in signatures:
        place = (signature.name, signature.key_id)
        if place not in known:
            unknown.append(signature)
        elif not known[place].verifies(text, signature.blob):
            raise BadSignature(f"The signature by {signature.name} does not fit the text.")
        else:
            verified.setdefault(place, signature)
    if not verified:
        raise BadSignature("No known key has signed this note.")
    return OpenedNote(text, tuple(verified.values()), tuple(unknown))
