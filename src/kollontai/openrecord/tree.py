# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Merkle tree of RFC 6962 (SHA-256): leaves, roots, proofs, and the edge where it grows.

    leaf = H(0x00 || entry)    node = H(0x01 || left || right)    the empty tree = H("")

A tree of more than one leaf splits at the largest power of two below its size. No padding, no leaf
counted twice. Every proof is a list of roots of ranges of leaves: `inclusion_ranges` and
`consistency_ranges` say which, whoever computes them (a list here, tiles in `tiles.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import zip_longest

from kollontai.openrecord.errors import BadProof, MalformedTile

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
TILE_WIDTH = 256
TILE_HEIGHT = 8

Range = tuple[int, int]
"""Leaves from the first number up to, not including, the second."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into the node above them."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Compute the root over leaf hashes, layer by layer.

    An odd last hash is carried up unhashed, which is the same as splitting at powers of two.
    """
    layer = list(leaf_hashes)
    if not layer:
        return EMPTY_ROOT
    while len(layer) > 1:
        pairs = zip(layer[::2], layer[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        if len(layer) % 2:
            above.append(layer[-1])
        layer = above
    return layer[0]


# --- Which ranges make a proof -----------------------------------------------------------------------


def split_of(size: int) -> int:
    """Find where a tree of more than one leaf splits: the largest power of two below its size."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """List the siblings on the way from a leaf up to the root."""
    if not 0 <= index < size:
        raise BadProof(f"A record of {size} entries has no entry {index}.")
    ranges = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split_of(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """List the subtrees that show the first `old` of `new` leaves to be unchanged."""
    if not 0 <= old <= new:
        raise BadProof(f"A record of {new} entries has no earlier state with {old}.")
    if old in (0, new):
        return []
    ranges = []
    low, high = 0, new
    while high > old:  # walk down to the subtree that ends where the old tree ends
        middle = low + split_of(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low > 0:  # else it is the whole old tree, whose root the reader knows
        ranges.append((low, high))
    return ranges[::-1]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that a leaf stands at its place among these."""
    return [root_of(leaf_hashes[low:high]) for low, high in inclusion_ranges(index, len(leaf_hashes))]


def consistency_proof(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """Prove that the tree of the first `old` leaves only grew into the tree of all of them."""
    return [root_of(leaf_hashes[low:high]) for low, high in consistency_ranges(old, len(leaf_hashes))]


# --- Checking a proof (RFC 9162, sections 2.1.3.2 and 2.1.4.2) ---------------------------------------


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf hash stands at this index under this root, or raise BadProof."""
    if not 0 <= index < size:
        raise BadProof(f"A record of {size} entries has no entry {index}.")
    place, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadProof("The proof has hashes to spare.")
        if place % 2 or place == last:
            computed = node_hash(sibling, computed)
            place, last = _past_unpaired(place, last)
        else:
            computed = node_hash(computed, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof("The proof lacks hashes.")
    if computed != root:
        raise BadProof(f"The proof does not lead from entry {index} to the root.")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that one tree only grew into another, or raise BadProof."""
    if not 0 <= old_size <= new_size:
        raise BadProof(f"A record of {new_size} entries has no earlier state with {old_size}.")
    if old_size in (0, new_size):
        if proof:
            raise BadProof("The proof has hashes to spare.")
        if old_size == 0 and old_root != EMPTY_ROOT:
            raise BadProof("The root of an empty record is not the hash of nothing.")
        if old_size == new_size and old_root != new_root:
            raise BadProof(f"There are two different roots at size {new_size}.")
        return
    hashes = list(proof)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise BadProof("The proof lacks hashes.")
    place, last = old_size - 1, new_size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old_computed = new_computed = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise BadProof("The proof has hashes to spare.")
        if place % 2 or place == last:
            old_computed = node_hash(sibling, old_computed)
            new_computed = node_hash(sibling, new_computed)
            place, last = _past_unpaired(place, last)
        else:
            new_computed = node_hash(new_computed, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof("The proof lacks hashes.")
    if old_computed != old_root or new_computed != new_root:
        raise BadProof(f"The record of {new_size} entries is no continuation of the one of {old_size}.")


def _past_unpaired(place: int, last: int) -> Range:
    """Climb the layers where the right edge has no partner and is carried up unhashed."""
    while place and place % 2 == 0:
        place, last = place >> 1, last >> 1
    return place, last


# --- Growing -----------------------------------------------------------------------------------------


class Edge:
    """The right edge of a growing tree: all that is needed to append, at most 255 hashes a level.

    `levels[l]` are the hashes of the last, unfinished tile at level l: hash i of it is the root of a
    perfect subtree of 256^l leaves. A finished tile becomes one hash a level up.
    """

    def __init__(self) -> None:
        """Begin with the empty tree."""
        self.size = 0
        self.levels: list[list[bytes]] = []

    @classmethod
    def load(cls, size: int, levels: Iterable[Sequence[bytes]]) -> Edge:
        """Continue from the unfinished tiles of a tree of this size, lowest level first."""
        edge = cls()
        edge.size = size
        edge.levels = [list(hashes) for hashes in levels]
        for hashes, width in zip_longest(edge.levels, partial_widths(size)):
            if hashes is None or width is None or len(hashes) != width:
                raise MalformedTile(f"These are not the unfinished tiles of a record of {size} entries.")
        return edge

    def copy(self) -> Edge:
        """Take a second edge at the same place, to try a growth that may be given up."""
        return Edge.load(self.size, self.levels)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return (level, index, hash) of each hash this finished at levels above 0."""
        finished: list[tuple[int, int, bytes]] = []
        level, new = 0, leaf
        self.size += 1
        while True:
            if level == len(self.levels):
                self.levels.append([])
            hashes = self.levels[level]
            hashes.append(new)
            if len(hashes) < TILE_WIDTH:
                return finished
            new = root_of(hashes)
            hashes.clear()
            level += 1
            finished.append((level, (self.size >> (TILE_HEIGHT * level)) - 1, new))

    def root(self) -> bytes:
        """Compute the root of the tree as it stands."""
        root: bytes | None = None
        for hashes in self.levels:
            end = len(hashes)
            while end:  # split off the perfect subtrees, smallest (rightmost) first
                start = end & (end - 1)
                subtree = root_of(hashes[start:end])
                root = subtree if root is None else node_hash(subtree, root)
                end = start
        return EMPTY_ROOT if root is None else root


def partial_widths(size: int) -> list[int]:
    """Say how many hashes the last, unfinished tile holds at each level that has any hash at all."""
    widths = []
    while size:
        widths.append(size % TILE_WIDTH)
        size >>= TILE_HEIGHT
    return widths
