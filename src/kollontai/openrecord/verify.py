# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check a whole record from its files alone: every leaf, every tile, the root, and its own past.

Nothing that is read is believed before it has been derived again. Leaves are hashed from the entries,
tiles compared with what the level below gives, the root with the signed one. Every difference is
listed; none stops the rest, unless nothing can be derived any more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import MalformedTile, MissingTile, RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.rotation import chain, changes_in, follow, has_signed
from kollontai.openrecord.tiles import TileName, TileTree, parse_path, read_prefix, unpack_tile
from kollontai.openrecord.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Edge

MOST_PROBLEMS = 100
"""After this many the reading ends: a checkpoint that claims a huge size must not keep us for ever."""

UNPINNED = "The key was taken from this export alone; give the log's key to know whose record it is."
NO_PAST = "No earlier copy was given, so its past was taken from this export alone."
NO_ENTRIES = "The entries are not in this export: their hashes were checked, not their bytes."


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked, what was found, and what could not be told."""

    checkpoint: Checkpoint | None
    entries: int
    tiles: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify_directory(
    directory: RecordDirectory | Path, *, vkey: VerifierKey | None = None, old: Path | None = None
) -> VerifyReport:
    """Derive a record again and compare; `old` is an earlier copy (a folder or a checkpoint file).

    Raises only when there is nothing to check: no checkpoint or no key in the folder, no readable `old`.
    """
    record = directory if isinstance(directory, RecordDirectory) else RecordDirectory(directory)
    note = record.note()
    log = follow(record, vkey or record.log_key(), note)
    old_note = _note_of(old) if old is not None else None
    return _Verification(record, log, pinned=vkey is not None).run(note, old, old_note)


def _note_of(old: Path) -> bytes:
    path = old / "checkpoint" if old.is_dir() else old
    try:
        return path.read_bytes()
    except OSError:
        raise MissingTile(f"There is no readable checkpoint at {path}.") from None


class _TooMany(Exception):
    """So much is wrong, or missing, that reading on tells nothing more."""


class _Verification:
    """One run: what it has counted and found so far."""

    def __init__(self, record: RecordDirectory, log: VerifierKey, *, pinned: bool) -> None:
        self.record = record
        self.log = log
        self.entries = 0
        self.tiles = 0
        self.seen: set[str] = set()
        self.problems: list[str] = []
        self.notes: list[str] = [] if pinned else [UNPINNED]

    def run(self, note: bytes, old: Path | None, old_note: bytes | None) -> VerifyReport:
        checkpoint = None
        try:
            checkpoint = open_checkpoint(note, self.log)
            self._derive(checkpoint)
            if old is None or old_note is None:
                self.notes.append(NO_PAST)
            else:
                self._compare_past(checkpoint, old, old_note)
        except _TooMany:
            self.notes.append("The reading ended early; nothing further could be derived.")
        except RecordError as error:
            self.problems.append(f"The checkpoint cannot be believed: {error}")
        return VerifyReport(checkpoint, self.entries, self.tiles, tuple(self.problems), tuple(self.notes))

    def _find(self, problem: str) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            raise _TooMany

    def _read(self, path: str) -> bytes:
        self.seen.add(path)
        return self.record.read(path)

    # --- from the entries up to the root ---

    def _derive(self, checkpoint: Checkpoint) -> None:
        edge_levels: list[list[bytes]] = []
        hashes: Iterator[bytes] = self._leaf_tiles(checkpoint.size)
        level = 0
        while checkpoint.size >> (TILE_HEIGHT * level):
            finished: list[bytes] = []
            unfinished = b""
            for tile in hashes:
                if len(tile) == TILE_WIDTH * HASH_BYTES:
                    finished.append(root_of_full_tile(tile))
                else:
                    unfinished = tile
            edge_levels.append(unpack_tile(unfinished, len(unfinished) // HASH_BYTES))
            level += 1
            hashes = self._tiles_above(level, finished)
        if Edge.load(checkpoint.size, edge_levels).root() != checkpoint.root:
            self._find("The entries do not give the root that was signed.")
        self._look_at_the_rest(checkpoint.size)

    def _leaf_tiles(self, size: int) -> Iterator[bytes]:
        """Hash the entries a bundle at a time; each row of leaf hashes must be the tile that lies there."""
        with_entries = self.record.holds_entries()
        if size and not with_entries:
            self.notes.append(NO_ENTRIES)
        for n in range(-(-size // TILE_WIDTH)):
            width = min(TILE_WIDTH, size - n * TILE_WIDTH)
            stored = self._stored(TileName(0, n, width))
            derived = self._leaves_of_bundle(TileName(None, n, width)) if with_entries else None
            if derived is None and stored is None:
                self._find(f"Nothing is left of entries {n * TILE_WIDTH} to {n * TILE_WIDTH + width - 1}.")
                raise _TooMany
            if derived is not None and stored is not None and derived != stored:
                self._find(_first_difference(derived, stored, n))
            yield derived or stored or b""

    def _leaves_of_bundle(self, name: TileName) -> bytes | None:
        try:
            data = read_prefix(self._read, name)
            leaves = leaf_hashes_of_bundle(data, name.width)
        except RecordError as error:
            self._find(f"{name.path}: {error}")
            return None
        self.entries += name.width
        return leaves

    def _tiles_above(self, level: int, hashes: list[bytes]) -> Iterator[bytes]:
        """Row up the roots of full tiles; each row must be the tile that lies a level above."""
        for start in range(0, len(hashes), TILE_WIDTH):
            derived = b"".join(hashes[start : start + TILE_WIDTH])
            name = TileName(level, start // TILE_WIDTH, len(derived) // HASH_BYTES)
            stored = self._stored(name)
            if stored is not None and stored != derived:
                self._find(f"{name.path} is not what the tiles below it give.")
            yield derived

    def _stored(self, name: TileName) -> bytes | None:
        length = name.width * HASH_BYTES
        try:
            data = read_prefix(self._read, name)
            if len(data) != length:
                raise MalformedTile(f"it has {len(data)} bytes, not {length}.")
        except RecordError as error:
            self._find(f"{name.path}: {error}")
            return None
        self.tiles += 1
        return data

    # --- whatever else lies there ---

    def _look_at_the_rest(self, size: int) -> None:
        """Earlier, unfinished tiles may lie there still; each must be the beginning of a later one."""
        beyond = 0
        for path in _files_below(self.record.path):
            if path in self.seen:
                continue
            try:
                name = parse_path(path)
            except MalformedTile:
                self.notes.append(f"{path} is no file of a record and was not read.")
                continue
            if name.n * TILE_WIDTH + name.width > size >> (TILE_HEIGHT * (name.level or 0)):
                beyond += 1
            else:
                self._compare_earlier(size, name)
        if beyond:
            self.notes.append(f"{beyond} files go beyond the checkpoint and were not read.")

    def _compare_earlier(self, size: int, name: TileName) -> None:
        try:
            now = b"".join(TileTree(size, self.record.read).tile(name.level or 0, name.n)[: name.width])
            data = self.record.read(name.path)
            if name.level is None:
                data = leaf_hashes_of_bundle(data, name.width)
        except RecordError as error:
            self._find(f"{name.path}: {error}")
            return
        if data != now:
            self._find(f"{name.path} differs from what stands there now.")

    # --- and its own past ---

    def _compare_past(self, checkpoint: Checkpoint, old: Path, old_note: bytes) -> None:
        try:
            before = open_checkpoint(old_note, self.log, *self._earlier_keys(old_note))
        except RecordError as error:
            self._find(f"The earlier checkpoint cannot be believed: {error}")
            return
        if before.size > checkpoint.size:
            self._find(f"The earlier copy has {before.size} entries, this one only {checkpoint.size}.")
            return
        try:
            same = TileTree(checkpoint.size, self.record.read).root(before.size) == before.root
        except RecordError as error:
            self._find(f"The earlier root cannot be derived: {error}")
            return
        if not same:
            where = self._first_change(before.size, old) if old.is_dir() else ""
            self._find(
                f"This record does not continue the earlier one of {before.size} entries; "
                f"two roots signed by one key contradict each other.{where}"
            )

    def _earlier_keys(self, note: bytes) -> list[VerifierKey]:
        """The keys that the record had before, where the earlier copy was signed by one of them."""
        return [] if has_signed(self.log, note) else list(chain(changes_in(self.record)))

    def _first_change(self, size: int, old: Path) -> str:
        """Name the first entry that differs, where the earlier copy still has its tiles."""
        then, now = TileTree(size, RecordDirectory(old).read), TileTree(size, self.record.read)
        try:
            for n in range(-(-size // TILE_WIDTH)):
                for place, (was, is_) in enumerate(zip(then.tile(0, n), now.tile(0, n), strict=True)):
                    if was != is_:
                        return f" The first entry that differs is {n * TILE_WIDTH + place}."
        except RecordError:
            pass  # the earlier copy is a checkpoint with few tiles or none: the contradiction stands anyway
        return ""


def _first_difference(derived: bytes, stored: bytes, n: int) -> str:
    for place in range(len(derived) // HASH_BYTES):
        here = slice(place * HASH_BYTES, (place + 1) * HASH_BYTES)
        if derived[here] != stored[here]:
            return f"Entry {n * TILE_WIDTH + place} is not the one whose hash stands in the tree."
    return f"{TileName(0, n).path} has not the hashes its entries give."


def _files_below(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root / "tile"):
        folders.sort()
        below = Path(folder).relative_to(root).as_posix()
        yield from (f"{below}/{file}" for file in sorted(files))


# --- Hashing in bulk ---------------------------------------------------------------------------------

_LEAF = sha256(b"\x00")  # copying a state that has taken in the prefix saves a fifth of the time


def leaf_hashes_of_bundle(data: bytes, width: int) -> bytes:
    """Hash the entries of a bundle, one hash behind the other."""
    hashes: list[bytes] = []
    at, end = 0, len(data)
    copy = _LEAF.copy
    for _ in range(width):
        start = at + 2
        if start > end:
            raise MalformedTile(f"A bundle of {width} entries holds only {len(hashes)}.")
        at = start + (data[at] << 8 | data[at + 1])
        leaf = copy()
        leaf.update(data[start:at])
        hashes.append(leaf.digest())
    if at != end:
        raise MalformedTile(f"A bundle of {width} entries is cut short or holds more.")
    return b"".join(hashes)


def root_of_full_tile(tile: bytes) -> bytes:
    """Compute the node above the 256 hashes of a full tile, two neighbouring hashes at a time."""
    pair = 2 * HASH_BYTES
    while len(tile) > HASH_BYTES:
        layer = [sha256(b"\x01" + tile[at : at + pair]).digest() for at in range(0, len(tile), pair)]
        tile = b"".join(layer)
    return tile
