# SPDX-License-Identifier: AGPL-3.0-or-later
"""A record as a folder of files: what a server publishes and what an export holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from kollontai.openrecord import entries
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from kollontai.openrecord.entries import Entry
from kollontai.openrecord.errors import MalformedKey, MalformedTile, MissingTile
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.tiles import ENTRIES, TileTree, is_inside
from kollontai.openrecord.tree import TILE_WIDTH

LARGEST_FILE = 20_000_000
"""More than a full bundle of the longest entries has: 256 × (2 + 65,535) bytes."""


class RecordDirectory:
    """The files `checkpoint`, `log.vkey` and `tile/…` under one folder."""

    def __init__(self, path: Path) -> None:
        """Look at a folder; nothing is read yet."""
        self.path = path

    def note(self) -> bytes:
        """Read the checkpoint with its signatures, as it lies there."""
        return self._file("checkpoint")

    def checkpoint(self, log: VerifierKey) -> Checkpoint:
        """Read the checkpoint, signed by this key."""
        return open_checkpoint(self.note(), log)

    def unchecked(self) -> Checkpoint:
        """Read the checkpoint **without checking who signed it**."""
        return read_checkpoint(self.note())

    def log_key(self) -> VerifierKey:
        """Read the key that lies beside the record; it proves nothing about who put it there."""
        try:
            return VerifierKey.parse(self._file("log.vkey").decode("utf-8"))
        except (MissingTile, UnicodeDecodeError):
            raise MalformedKey(f"There is no readable verifier key in {self.path / 'log.vkey'}.") from None

    def read(self, path: str) -> bytes:
        """Read a tile or bundle by its path; no other file can be reached this way."""
        if not is_inside(path):
            raise MalformedTile(f"{path[:100]!a} is not the path of a tile.")
        return self._file(path)

    def tree(self, size: int | None = None) -> TileTree:
        """Look at the tree of the checkpoint, or of an earlier size."""
        return TileTree(self.unchecked().size if size is None else size, self.read)

    def holds_entries(self) -> bool:
        """Tell whether the entries are here, or only their hashes."""
        return (self.path / "tile" / ENTRIES).is_dir()

    def raw_entry(self, index: int) -> bytes:
        """Read the bytes of one entry."""
        tree = self.tree()
        tree.leaf(index)
        return tree.bundle(index // TILE_WIDTH)[index % TILE_WIDTH]

    def raw_entries(self, start: int = 0) -> Iterator[bytes]:
        """Read the bytes of every entry from a position on, in order."""
        tree = self.tree()
        for n in range(start // TILE_WIDTH, -(-tree.size // TILE_WIDTH)):
            yield from tree.bundle(n)[max(0, start - n * TILE_WIDTH) :]

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Read every entry from a position on, in order."""
        for position, data in enumerate(self.raw_entries(start), start):
            yield entries.from_bytes(data, position)

    def _file(self, name: str) -> bytes:
        """Read a plain file. Who hands out a pipe, a device or a file without end keeps nobody waiting."""
        try:
            descriptor = os.open(f"{self.path}/{name}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(descriptor, "rb") as file:  # noqa: PTH123 - thousands of files: no Path each
                found = os.fstat(descriptor)
                if S_ISREG(found.st_mode) and found.st_size <= LARGEST_FILE:
                    return file.read()
        except OSError:
            pass
        raise MissingTile(f"{name} is missing from {self.path}.")


def read_verifier_keys(path: Path) -> list[VerifierKey]:
    """Read the verifier keys in a file, a line each (`log.vkey`, `log.vkeys`)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        raise MalformedKey(f"There is no readable verifier key in {path}.")
    return [VerifierKey.parse(line) for line in lines]
