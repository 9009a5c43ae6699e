# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that only the holder of one key can open, written and read as streams of any length.

    kollontai sealed v1⏎
    <key id, 8 hex>⏎
    the file's own key, sealed to the holder's public key (libsodium's crypto_box_seal, 80 bytes)
    the header of a crypto_secretstream_xchacha20poly1305 (24 bytes)
    its messages: 65,536 bytes each, the last one shorter and marked as the last (17 bytes more each)

A file that was cut short, put together from two, or changed in one bit does not open. The key of a holder
is written as a line, so that it can be read out, printed and put away:

    public    kollontai-box+<key id, 8 hex>+<base64>
    private   PRIVATE+kollontai-box+<key id, 8 hex>+<base64>

The key id is the first four bytes of SHA-256 over "kollontai-box", a newline and the public key.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random as random_bytes

from kollontai.openrecord.spelling import from_base64, to_base64

MAGIC = b"kollontai sealed v1\n"
CHUNK = 65_536
NAME = "kollontai-box"
_MORE = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_NOT_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_SEALED_KEY = _KEY + bindings.crypto_box_SEALBYTES


class Unopened(Exception):
    """A key or a sealed file is not what it should be; the message is one sentence."""


@dataclass(frozen=True)
class BoxKey:
    """The public half: whoever has it can seal, and open nothing."""

    public: bytes

    @classmethod
    def parse(cls, text: str) -> BoxKey:
        """Read it from its line."""
        key = cls(_parse(text.strip(), f"{NAME}+"))
        if key.id != text.strip().split("+")[1]:
            raise Unopened("The id in this key does not belong to it: it was copied wrongly.")
        return key

    def __str__(self) -> str:
        """Write it as its line."""
        return f"{NAME}+{self.id}+{to_base64(self.public)}"

    @property
    def id(self) -> str:
        """What tells it from other keys, in 8 hexadecimal digits."""
        return sha256(NAME.encode() + b"\n" + self.public).digest()[:4].hex()


@dataclass(frozen=True)
class PrivateBoxKey:
    """The private half: it opens what was sealed to the public one. It shows in no repr."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> PrivateBoxKey:
        """Draw a new one."""
        return cls(bytes(PrivateKey.generate()))

    @classmethod
    def load(cls, path: Path) -> PrivateBoxKey:
        """Read it from its file."""
        try:
            text = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise Unopened(f"There is no readable key in {path}.") from None
        key = cls(_parse(text, f"PRIVATE+{NAME}+"))
        if key.public.id != text.split("+")[2]:
            raise Unopened(f"The id of the key in {path} does not belong to it: it was copied wrongly.")
        return key

    def save(self, path: Path) -> None:
        """Write it to a new file that only its owner may read; an old one is never replaced."""
        line = f"PRIVATE+{NAME}+{self.public.id}+{to_base64(self.secret)}\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    @property
    def public(self) -> BoxKey:
        """The public half."""
        return BoxKey(bytes(PrivateKey(self.secret).public_key))


def _parse(text: str, beginning: str) -> bytes:
    wrong = Unopened(f"A key of this kind reads {beginning}<id>+<base64>.")
    if not text.startswith(beginning):
        raise wrong
    try:
        _id, blob = text.removeprefix(beginning).split("+", 1)
        data = from_base64(blob)
    except ValueError:
        raise wrong from None
    if len(data) != 32:
        raise wrong
    return data


class Sealing:
    """A stream to write to; what comes out of it only the holder of the key can read. Close it to end it."""

    def __init__(self, out: BinaryIO, key: BoxKey) -> None:
        """Write the beginning of the file."""
        own = random_bytes(_KEY)
        self._out = out
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, own)
        self._waiting = bytearray()
        out.write(MAGIC + f"{key.id}\n".encode())
        out.write(SealedBox(PublicKey(key.public)).encrypt(own))
        out.write(header)

    def write(self, data: bytes) -> int:
        """Take some more; a whole chunk goes out once something follows it."""
        self._waiting += data
        whole = (len(self._waiting) - 1) // CHUNK * CHUNK
        for at in range(0, whole, CHUNK):
            self._push(bytes(self._waiting[at : at + CHUNK]), _NOT_LAST)
        if whole > 0:
            del self._waiting[:whole]
        return len(data)

    def close(self) -> None:
        """Write the end: without it the file does not open."""
        self._push(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _push(self, chunk: bytes, tag: int) -> None:
        self._out.write(bindings.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, None, tag))


class Opening:
    """A stream to read from: a sealed file, opened with its key, chunk by chunk."""

    def __init__(self, source: BinaryIO, key: PrivateBoxKey) -> None:
        """Read the beginning of the file."""
        if source.read(len(MAGIC)) != MAGIC:
            raise Unopened("This is no sealed file of this program.")
        wanted = source.read(9).decode("ascii", "replace").strip()
        if wanted != key.public.id:
            raise Unopened(f"This file is sealed to the key {wanted!a}; the key given is {key.public.id}.")
        try:
            own = SealedBox(PrivateKey(key.secret)).decrypt(source.read(_SEALED_KEY))
            self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
            header = source.read(_HEADER)
            if len(header) != _HEADER:
                raise Unopened("The sealed file is cut short.")
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, own)
        except CryptoError:
            raise Unopened("The sealed file does not open with this key: it was changed or cut.") from None
        self._source = source
        self._ready = bytearray()
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, fewer only at the end."""
        while not self._over and (size < 0 or len(self._ready) < size):
            self._pull()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _pull(self) -> None:
        data = self._source.read(CHUNK + _MORE)
        if not data:
            raise Unopened("The sealed file is cut short: its end is missing.")
        try:
            chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, data, None)
        except (CryptoError, ValueError, RuntimeError):
            raise Unopened("The sealed file was changed or cut; nothing of it is taken.") from None
        self._ready += chunk
        if tag == _LAST:
            self._over = True
            if self._source.read(1):
                raise Unopened("Something follows the end of the sealed file; nothing of it is taken.")
