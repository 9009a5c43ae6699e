# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that sign notes (C2SP signed-note), written as one line of text each.

    verifier key   <name>+<key id, 8 hex>+<base64(type || public key)>
    signing key    PRIVATE+KEY+<name>+<key id, 8 hex>+<base64(type || seed)>

    type 0x01      Ed25519 over the text: how a log signs its checkpoints
    type 0x04      Ed25519 over a time and the text: how a witness cosigns them

The key id is the first four bytes of SHA-256(name || newline || type || public key). One key has one
type: what a log signs and what a witness signs can never be taken for one another.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kollontai.openrecord.errors import MalformedKey
from kollontai.openrecord.spelling import from_base64, to_base64

ED25519 = 0x01
COSIGNATURE = 0x04
_TYPES = (ED25519, COSIGNATURE)
_PRIVATE = "PRIVATE+KEY+"
_SIGNATURE_BYTES = 64


def is_key_name(name: str) -> bool:
    """Tell whether a key may have this name: not empty, valid Unicode, no space, plus or control."""
    refused = (sign.isspace() or sign == "+" or sign < " " or "\ud800" <= sign <= "\udfff" for sign in name)
    return bool(name) and not any(refused)


def cosigned_message(text: bytes, time: int) -> bytes:
    """Write what a witness signs: the time, and the whole text of the note."""
    return b"cosignature/v1\ntime %d\n" % time + text


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, which checks one type of signature."""

    name: str
    type: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key from its line."""
        try:
            name, key_id, blob = text.removesuffix("\n").split("+", 2)
            data = from_base64(blob)
        except ValueError:
            raise MalformedKey("A verifier key reads <name>+<id>+<base64>.") from None
        _check(name, data)
        key = cls(name, data[0], data[1:])
        if key.key_id.hex() != key_id:
            raise MalformedKey(f"The id in the verifier key of {name} does not belong to it.")
        return key

    def __str__(self) -> str:
        """Write the key as its line."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.type]) + self.public)}"

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line points to its key."""
        return sha256(b"%s\n%c" % (self.name.encode(), self.type) + self.public).digest()[:4]

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key signed this text."""
        if self.type == COSIGNATURE:
            text, signature = cosigned_message(text, int.from_bytes(signature[:8], "big")), signature[8:]
        if len(signature) != _SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key under a name. Its seed shows in no repr; it is written only by `save`."""

    name: str
    type: int
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str, type: int = ED25519) -> SigningKey:
        """Draw a new key."""
        seed = secrets.token_bytes(32)
        _check(name, bytes([type]) + seed)
        return cls(name, type, seed)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read a key from its line."""
        text = text.removesuffix("\n")
        try:
            name, key_id, blob = text.removeprefix(_PRIVATE).split("+", 2)
            data = from_base64(blob)
            if not text.startswith(_PRIVATE):
                raise ValueError
        except ValueError:
            raise MalformedKey("A signing key reads PRIVATE+KEY+<name>+<id>+<base64>.") from None
        _check(name, data)
        key = cls(name, data[0], data[1:])
        if key.verifier.key_id.hex() != key_id:
            raise MalformedKey(f"The id in the signing key of {name} does not belong to it.")
        return key

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """Read a key from its file."""
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise MalformedKey(f"There is no readable key in {path}.") from None

    def save(self, path: Path) -> None:
        """Write the key to a new file that only its owner may read; an old one is never replaced."""
        blob = to_base64(bytes([self.type]) + self.seed)
        line = f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{blob}\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.type, _public(self.seed))

    def sign(self, text: bytes, *, time: int | None = None) -> bytes:
        """Sign a text; a witness's key also says when, in seconds since 1970."""
        if (time is not None) != (self.type == COSIGNATURE):
            raise ValueError("A cosignature has a time, and no other signature has one.")
        if time is None:
            return _private(self.seed).sign(text)
        return time.to_bytes(8, "big") + _private(self.seed).sign(cosigned_message(text, time))


@lru_cache(maxsize=64)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=64)
def _public(seed: bytes) -> bytes:
    return _private(seed).public_key().public_bytes_raw()


def _check(name: str, data: bytes) -> None:
    if not is_key_name(name):
        raise MalformedKey("A key's name is not empty and has no space and no plus.")
    if len(data) != 33 or data[0] not in _TYPES:
        raise MalformedKey(f"The key of {name} is of no type known here (Ed25519 of a log or a witness).")
