# SPDX-License-Identifier: AGPL-3.0-or-later
"""Verify a record of a million entries of 300 bytes, and prove single entries: python -m benchmarks merkle.

Prints rows for the table in docs; bars: full verification ≤ 2.0 CPU s, a proof of any entry ≤ 5 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.tiles import TileTree, grow
from kollontai.openrecord.tree import Edge, leaf_hash, verify_inclusion
from kollontai.openrecord.verify import verify_directory

ENTRY_BYTES = 300
BATCH = 64 * 256


def write_record(folder: Path, size: int) -> SigningKey:
    """Write a record of random entries, batch after batch as a server would."""
    edge = Edge()
    tail: list[bytes] = []
    while edge.size < size:
        entries = [os.urandom(ENTRY_BYTES) for _ in range(min(BATCH, size - edge.size))]
        for path, data in grow(edge, tail, entries):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        tail = entries[len(entries) - edge.size % 256 :] if edge.size % 256 else []
    key = SigningKey.generate("benchmark.example/record")
    (folder / "checkpoint").write_bytes(Checkpoint(key.name, edge.size, edge.root()).sign(key))
    (folder / "log.vkey").write_text(f"{key.verifier}\n", encoding="utf-8")
    return key


def row(what: str, bar: str, cpu: float, wall: float, per: int) -> None:
    """Print one row: CPU and wall time of one such thing."""
    unit, factor = ("s", 1.0) if cpu / per > 0.1 else ("ms", 1000.0)
    print(f"| {what} | {bar} | {cpu / per * factor:.3g} {unit} | {wall / per * factor:.3g} {unit} |")


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    size = parser.parse_args().size
    print("| what | bar | CPU | wall |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cpu, wall = time.process_time(), time.perf_counter()
        key = write_record(folder, size)
        row(f"write {size:,} entries", "-", time.process_time() - cpu, time.perf_counter() - wall, 1)

        cpu, wall = time.process_time(), time.perf_counter()
        report = verify_directory(folder, vkey=key.verifier)
        row(f"verify {size:,} entries", "2.0 CPU s", time.process_time() - cpu, time.perf_counter() - wall, 1)
        if not report.ok or report.entries != size:
            print("\n".join(report.problems), file=sys.stderr)
            return 1

        record = RecordDirectory(folder)
        head = record.checkpoint(key.verifier)
        draw = random.Random(1921)
        places = [draw.randrange(size) for _ in range(200)]
        cpu, wall = time.process_time(), time.perf_counter()
        proofs = [TileTree(size, record.read).inclusion_proof(place) for place in places]
        row("prove one entry", "5 ms", time.process_time() - cpu, time.perf_counter() - wall, len(places))
        cpu, wall = time.process_time(), time.perf_counter()
        for place, proof in zip(places, proofs, strict=True):
            leaf = leaf_hash(record.raw_entry(place))
            verify_inclusion(leaf, place, size, proof, head.root)
        row("read and check one", "-", time.process_time() - cpu, time.perf_counter() - wall, len(places))
        cpu, wall = time.process_time(), time.perf_counter()
        TileTree(size, record.read).edge()
        row("take up the edge", "-", time.process_time() - cpu, time.perf_counter() - wall, 1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
