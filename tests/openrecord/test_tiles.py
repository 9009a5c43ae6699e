# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tiles and bundles: their paths, which exist at a size, and proofs from them alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.openrecord.errors import MalformedTile, MissingTile
from kollontai.openrecord.tiles import (
    TileName,
    TileTree,
    bundle_path,
    grow,
    names_for,
    new_names,
    pack_bundle,
    parse_path,
    tile_path,
    unpack_bundle,
)
from kollontai.openrecord.tree import Edge, consistency_proof, inclusion_proof, leaf_hash, root_of
from tests.openrecord.building import CALM

SIZE = 66_200
ENTRIES = [b"%d" % number for number in range(SIZE)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def read_from(files: dict[str, bytes]):
    def read(path: str) -> bytes:
        if path not in files:
            raise MissingTile(f"{path} is missing.")
        return files[path]

    return read


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The files of a record grown in uneven steps."""
    draw = random.Random(1921)
    edge = Edge()
    files: dict[str, bytes] = {}
    while edge.size < SIZE:
        start = edge.size
        end = min(SIZE, start + draw.choice([1, 2, 255, 256, 257, 3000]))
        files.update(grow(edge, ENTRIES[start - start % 256 : start], ENTRIES[start:end]))
    return files


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(1, 1234067), "tile/1/x001/x234/067"),
        (tile_path(2, 999, 17), "tile/2/999.p/17"),
        (tile_path(0, 1000), "tile/0/x001/000"),
        (bundle_path(273, 112), "tile/entries/273.p/112"),
        (bundle_path(123456), "tile/entries/x123/456"),
    ],
)
def test_a_path_has_its_number_in_groups_of_three_digits(path: str, expected: str) -> None:
    assert path == expected


@CALM
@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_is_read_back(level: int | None, n: int, width: int) -> None:
    name = TileName(level, n, width)
    assert parse_path(name.path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/007",
        "tile/0/000/../../secret",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/data/000",
        "tile/0/٠٠٠",
    ],
)
def test_no_other_path_is_a_tile(path: str) -> None:
    with pytest.raises(MalformedTile):
        parse_path(path)


def test_a_record_of_70000_has_these_tiles() -> None:
    names = list(names_for(70_000))
    by_level = {level: [name for name in names if name.level == level] for level in (None, 0, 1, 2, 3)}
    assert [len(by_level[level]) for level in (None, 0, 1, 2, 3)] == [274, 274, 2, 1, 0]
    assert by_level[None][-1].path == "tile/entries/273.p/112"
    assert by_level[0][-1].path == "tile/0/273.p/112"
    assert [name.path for name in by_level[1]] == ["tile/1/000", "tile/1/001.p/17"]
    assert by_level[2][0].path == "tile/2/000.p/1"


def test_a_record_of_256_has_a_full_tile_and_one_hash_above() -> None:
    assert [name.path for name in names_for(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(names_for(0)) == []


def test_a_growth_writes_only_what_is_new() -> None:
    assert [name.path for name in new_names(255, 257)] == [
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
    ]
    assert [name.path for name in new_names(256, 257)] == ["tile/entries/001.p/1", "tile/0/001.p/1"]
    assert list(new_names(257, 257)) == []
    with pytest.raises(ValueError, match="shrink"):
        list(new_names(2, 1))


@pytest.mark.parametrize("old", [0, 1, 255, 256, 257, 600, 65_535, 65_536])
@pytest.mark.parametrize("step", [0, 1, 255, 256, 300])
def test_a_growth_gives_the_same_files_as_writing_at_once(old: int, step: int) -> None:
    new = min(old + step, SIZE)
    at_once = dict(grow(Edge(), [], ENTRIES[:new]))
    edge = Edge()
    before = dict(grow(edge, [], ENTRIES[:old]))
    growth = grow(edge, ENTRIES[old - old % 256 : old], ENTRIES[old:new])
    assert [path for path, _ in growth] == [name.path for name in new_names(old, new)]
    after = before | dict(growth)
    assert {path: after[path] for path in at_once} == at_once
    assert edge.root() == root_of(LEAVES[:new])


def test_a_growth_needs_the_entries_of_the_unfinished_bundle() -> None:
    edge = Edge()
    grow(edge, [], ENTRIES[:3])
    with pytest.raises(MalformedTile):
        grow(edge, ENTRIES[:2], ENTRIES[3:4])


def test_proofs_come_from_tiles_alone(files: dict[str, bytes]) -> None:
    tree = TileTree(SIZE, read_from(files))
    assert tree.root() == root_of(LEAVES)
    for index in (0, 1, 255, 256, 65_535, 65_536, SIZE - 1):
        assert tree.leaf(index) == LEAVES[index]
        assert tree.inclusion_proof(index) == inclusion_proof(LEAVES, index)
    for old in (0, 1, 2, 255, 256, 257, 40_001, 65_535, 65_536, 65_537, SIZE):
        assert tree.consistency_proof(old) == consistency_proof(LEAVES, old)
        assert tree.root(old) == root_of(LEAVES[:old])


def test_every_proof_of_small_trees_comes_from_tiles() -> None:
    for size in range(1, 71):
        tree = TileTree(size, read_from(dict(grow(Edge(), [], ENTRIES[:size]))))
        for index in range(size):
            assert tree.inclusion_proof(index) == inclusion_proof(LEAVES[:size], index)
            assert tree.consistency_proof(index) == consistency_proof(LEAVES[:size], index)


def test_an_earlier_size_is_read_from_the_tiles_of_a_later_one(files: dict[str, bytes]) -> None:
    complete = {path: data for path, data in files.items() if ".p/" not in path}
    tree = TileTree(65_536 - 100, read_from(complete))
    assert tree.root() == root_of(LEAVES[: 65_536 - 100])
    assert tree.bundle(255) == ENTRIES[255 * 256 : 65_536 - 100]


def test_the_edge_is_taken_up_from_tiles(files: dict[str, bytes]) -> None:
    edge = TileTree(SIZE, read_from(files)).edge()
    assert (edge.size, edge.root()) == (SIZE, root_of(LEAVES))
    assert TileTree(0, read_from({})).edge().root() == root_of([])


def test_what_is_not_there_is_said_to_be_missing(files: dict[str, bytes]) -> None:
    tree = TileTree(SIZE, read_from({}))
    with pytest.raises(MissingTile):
        tree.root()
    with pytest.raises(MissingTile):
        tree.leaf(SIZE)
    with pytest.raises(MissingTile):
        tree.bundle(SIZE // 256 + 1)
    with pytest.raises(MissingTile):
        tree.root(SIZE + 1)


@CALM
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_taken_apart_again(entries: list[bytes]) -> None:
    assert unpack_bundle(pack_bundle(entries)) == entries


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01ab", b"\xff\xff"])
def test_a_bundle_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedTile):
        unpack_bundle(data)


def test_no_bundle_holds_an_entry_longer_than_its_length_can_say() -> None:
    assert unpack_bundle(pack_bundle([b"a" * 65_535])) == [b"a" * 65_535]
    with pytest.raises(MalformedTile):
        pack_bundle([b"a" * 65_536])
