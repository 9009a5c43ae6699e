# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records for the tests, written the way a server writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, settings

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.cosignature import cosign
from kollontai.openrecord.entries import Entry, to_bytes
from kollontai.openrecord.keys import COSIGNATURE, SigningKey
from kollontai.openrecord.kinds.talk import ContributionMade
from kollontai.openrecord.note import add_signatures
from kollontai.openrecord.tiles import grow
from kollontai.openrecord.tree import Edge

ORIGIN = "tidewater.example/record"
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties: a busy machine is no failure."""

NOON = datetime(2026, 2, 19, 12, 0, tzinfo=UTC)


def seeded(text: str) -> bytes:
    """Draw 32 bytes that are the same in every run."""
    return hashlib.sha256(text.encode()).digest()


LOG_KEY = SigningKey(ORIGIN, 1, seeded("log"))
OTHER_KEY = SigningKey(ORIGIN, 1, seeded("another log"))
WITNESS_KEY = SigningKey("library.example/witness", COSIGNATURE, seeded("witness"))


def contribution(number: int, *, commitments: dict[str, bytes] | None = None) -> bytes:
    """Write the entry of one member's contribution, different for each number."""
    return to_bytes(
        Entry(
            at=NOON,
            org="tidewater",
            actor=f"m-{number:08x}",
            auth="passkey",
            n=seeded(f"nonce {number}")[:16],
            fact=ContributionMade(f"c-{number}", "i-1", "talk", "for"),
            commitments=commitments if commitments is not None else {"text": seeded(f"text {number}")},
        )
    )


def contributions(size: int) -> list[bytes]:
    """Write that many entries."""
    return [contribution(number) for number in range(size)]


def publish(
    folder: Path, entries: Sequence[bytes], *, key: SigningKey = LOG_KEY, steps: Iterable[int] = ()
) -> Path:
    """Write a whole record, in one growth or in growths ending at the given sizes."""
    edge = Edge()
    for size in (*steps, len(entries)):
        start = edge.size
        for path, data in grow(edge, entries[start - start % 256 : start], entries[start:size]):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    folder.mkdir(exist_ok=True)
    (folder / "checkpoint").write_bytes(Checkpoint(ORIGIN, edge.size, edge.root()).sign(key))
    (folder / "log.vkey").write_text(f"{key.verifier}\n", encoding="utf-8")
    return folder


def cosigned(note: bytes, *keys: SigningKey, time: int = 1_771_500_000) -> bytes:
    """Let witnesses sign a checkpoint."""
    text = note.rpartition(b"\n\n")[0] + b"\n"
    return add_signatures(note, [cosign(key, text, time=time) for key in keys])
