# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree as small files that never change (C2SP tlog-tiles), and proofs from those files alone.

Tile n at level l holds up to 256 hashes; hash i in it is the root of the perfect subtree over 256^l
leaves that is number 256n + i. A bundle holds the up to 256 entries under one tile of level 0, each
after its length in two bytes. A tile with fewer than 256 hashes has an address of its own, so every
file is immutable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kollontai.openrecord.errors import MalformedTile, MissingTile
from kollontai.openrecord.tree import (
    HASH_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Edge,
    Range,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    partial_widths,
    root_of,
    split_of,
)

Read = Callable[[str], bytes]
"""Fetch a file of the record by its path, or raise MissingTile."""

LARGEST_ENTRY = 65_535
ENTRIES = "entries"
TOP_LEVEL = 63


# --- Paths -------------------------------------------------------------------------------------------


class TileName(NamedTuple):
    """Which tile: its level (None for a bundle of entries), its number there, how many it holds."""

    level: int | None
    n: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The address below the record's root."""
        folder = ENTRIES if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{folder}/{_number_path(self.n)}{partial}"

    @property
    def full(self) -> TileName:
        """The same tile once it is full."""
        return self._replace(width=TILE_WIDTH)


def tile_path(level: int, n: int, width: int = TILE_WIDTH) -> str:
    """Say where a tile of hashes lies."""
    return TileName(level, n, width).path


def bundle_path(n: int, width: int = TILE_WIDTH) -> str:
    """Say where a bundle of entries lies."""
    return TileName(None, n, width).path


def _number_path(n: int) -> str:
    path = f"{n % 1000:03}"
    while n := n // 1000:
        path = f"x{n % 1000:03}/{path}"
    return path


_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


def is_inside(path: str) -> bool:
    """Tell whether a path has the form of a tile's, so that it can lead nowhere else."""
    return _PATH.fullmatch(path) is not None


def parse_path(path: str) -> TileName:
    """Read a path, and only in its one spelling."""
    found = _PATH.fullmatch(path)
    if found:
        level = None if found["level"] == ENTRIES else int(found["level"])
        name = TileName(level, int(re.sub(r"[x/]", "", found["n"])), int(found["width"] or TILE_WIDTH))
        if name.path == path and (level or 0) <= TOP_LEVEL and name.width <= TILE_WIDTH:
            return name
    raise MalformedTile(f"{path[:100]!a} is not the path of a tile.")


# --- Which files a record of some size has -----------------------------------------------------------


def names_for(size: int) -> Iterator[TileName]:
    """List every bundle and tile of a record of this size, bundles first, then level by level."""
    return new_names(0, size)


def new_names(old_size: int, new_size: int) -> Iterator[TileName]:
    """List the bundles and tiles that a growth from one size to another has to write."""
    if not 0 <= old_size <= new_size:
        raise ValueError("A record does not shrink.")
    yield from _new_at(None, old_size, new_size)
    level = 0
    while new_size >> (TILE_HEIGHT * level):
        yield from _new_at(level, old_size >> (TILE_HEIGHT * level), new_size >> (TILE_HEIGHT * level))
        level += 1


def _new_at(level: int | None, old: int, new: int) -> Iterator[TileName]:
    if new > old:
        for n in range(old // TILE_WIDTH, -(-new // TILE_WIDTH)):
            yield TileName(level, n, min(TILE_WIDTH, new - n * TILE_WIDTH))


def grow(edge: Edge, tail: Sequence[bytes], entries: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Append entries at the edge; return (path, bytes) of every file this has to write, in order.

    `tail` are the entries already in the last, unfinished bundle. The edge moves on. What is returned
    follows from edge, tail and entries alone, so it can be written again after a crash.
    """
    old_size = edge.size
    if len(tail) != old_size % TILE_WIDTH:
        raise MalformedTile(f"The last bundle of a record of {old_size} entries is not {len(tail)} long.")
    hashes: list[list[bytes]] = [list(level) for level in edge.levels]  # from the start of the old last tile
    for entry in entries:
        leaf = leaf_hash(entry)
        for level, _, value in [(0, 0, leaf), *edge.append(leaf)]:
            if level == len(hashes):
                hashes.append([])
            hashes[level].append(value)
    bundled = [*tail, *entries]
    files = []
    for name in new_names(old_size, edge.size):
        level = name.level or 0
        first = (old_size >> (TILE_HEIGHT * level)) // TILE_WIDTH
        start = (name.n - first) * TILE_WIDTH
        if name.level is None:
            data = pack_bundle(bundled[start : start + name.width])
        else:
            data = b"".join(hashes[level][start : start + name.width])
        files.append((name.path, data))
    return files


# --- Bytes of a tile and of a bundle -----------------------------------------------------------------


def unpack_tile(data: bytes, width: int) -> list[bytes]:
    """Take a tile apart into its hashes."""
    if len(data) != width * HASH_BYTES:
        raise MalformedTile(f"A tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(data)}.")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def pack_bundle(entries: Iterable[bytes]) -> bytes:
    """Put entries behind one another, each after its length in two bytes."""
    parts = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise MalformedTile(f"An entry has {len(entry)} bytes; the most is {LARGEST_ENTRY}.")
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def unpack_bundle(data: bytes) -> list[bytes]:
    """Take a bundle apart into its entries."""
    entries = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > end or at > end:
            raise MalformedTile("A bundle of entries is cut short.")
        entries.append(data[start:at])
    return entries


# --- Reading a tree through its tiles ----------------------------------------------------------------


class TileTree:
    """A tree of a known size, read through its tiles; at most 256 hashes are taken for a subtree.

    It believes what it reads: proofs made here are checked against a signed root by whoever gets them.
    """

    def __init__(self, size: int, read: Read) -> None:
        """Look at the tree of `size` leaves whose files `read` fetches."""
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, n: int) -> list[bytes]:
        """Read the hashes of one tile, as many as this size has there."""
        if (level, n) not in self._tiles:
            width = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - n * TILE_WIDTH)
            if width <= 0:
                raise MissingTile(f"A record of {self.size} entries has no tile {n} at level {level}.")
            data = read_prefix(self._read, TileName(level, n, width))
            self._tiles[level, n] = unpack_tile(data, width)
        return self._tiles[level, n]

    def leaf(self, index: int) -> bytes:
        """Read one leaf hash."""
        if not 0 <= index < self.size:
            raise MissingTile(f"A record of {self.size} entries has no entry {index}.")
        return self.tile(0, index // TILE_WIDTH)[index % TILE_WIDTH]

    def bundle(self, n: int) -> list[bytes]:
        """Read the entries of one bundle, as many as this size has there."""
        width = min(TILE_WIDTH, self.size - n * TILE_WIDTH)
        if width <= 0:
            raise MissingTile(f"A record of {self.size} entries has no bundle {n}.")
        entries = unpack_bundle(read_prefix(self._read, TileName(None, n, width)))
        if len(entries) != width:
            raise MalformedTile(f"Bundle {n} holds {len(entries)} entries, not {width}.")
        return entries

    def root(self, size: int | None = None) -> bytes:
        """Compute the root, or the root the tree had at a smaller size."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise MissingTile(f"A record of {self.size} entries never had {size}.")
        return self._subtree(0, size) if size else root_of([])

    def edge(self) -> Edge:
        """Take up the tree at its right edge, to grow from there."""
        return Edge.load(
            self.size,
            [
                self.tile(level, (self.size >> (TILE_HEIGHT * level)) // TILE_WIDTH) if width else []
                for level, width in enumerate(partial_widths(self.size))
            ],
        )

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Prove that an entry stands at its place."""
        return self._subtrees(inclusion_ranges(index, self.size))

    def consistency_proof(self, old: int) -> list[bytes]:
        """Prove that the tree of the first `old` entries only grew."""
        return self._subtrees(consistency_ranges(old, self.size))

    def _subtrees(self, ranges: Iterable[Range]) -> list[bytes]:
        return [self._subtree(low, high) for low, high in ranges]

    def _subtree(self, low: int, high: int) -> bytes:
        size = high - low
        if size & (size - 1):
            middle = low + split_of(size)
            return node_hash(self._subtree(low, middle), self._subtree(middle, high))
        # A perfect subtree: its hashes lie side by side in one tile of the highest level that fits.
        level = (size.bit_length() - 1) // TILE_HEIGHT
        first, count = low >> (TILE_HEIGHT * level), size >> (TILE_HEIGHT * level)
        start = first % TILE_WIDTH
        return root_of(self.tile(level, first // TILE_WIDTH)[start : start + count])


def read_prefix(read: Read, name: TileName) -> bytes:
    """Read a tile; where an unfinished one has been cleared away, take the beginning of the full one."""
    try:
        return read(name.path)
    except MissingTile:
        if name.width == TILE_WIDTH:
            raise
    full = read(name.full.path)
    if name.level is not None:
        return full[: name.width * HASH_BYTES]
    return pack_bundle(unpack_bundle(full)[: name.width])
