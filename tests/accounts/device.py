# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device with a passkey, as far as a server can tell."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as b64
from webauthn.helpers import encode_cbor

PRESENT = 0x01
PRESENT_AND_VERIFIED = 0x05
WITH_KEY = 0x40


class Device:
    """Makes one key and answers with it."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost:8000") -> None:
        self.host, self.origin = host, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0

    def _said(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        self.count += 1
        return (
            hashlib.sha256(self.host.encode()).digest()
            + bytes([flags])
            + self.count.to_bytes(4, "big")
            + more
        )

    def make(self, options: str) -> str:
        """Answer a request to make a key."""
        point = self.key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        data = self._data(
            PRESENT_AND_VERIFIED | WITH_KEY,
            bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public,
        )
        return self._answer(
            {
                "clientDataJSON": b64(self._said("webauthn.create", options)),
                "attestationObject": b64(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
            }
        )

    def show(self, options: str, *, verified: bool = True) -> str:
        """Answer a request to come in; not `verified`: without having asked who holds it."""
        said = self._said("webauthn.get", options)
        data = self._data(PRESENT_AND_VERIFIED if verified else PRESENT)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": b64(said), "authenticatorData": b64(data), "signature": b64(signature)}
        )

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        )
