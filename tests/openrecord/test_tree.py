# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Merkle tree: published vectors, every size and pair up to 70, an oracle, and lies."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from kollontai.openrecord.errors import BadProof, MalformedTile
from kollontai.openrecord.tree import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.openrecord.building import CALM

MOST = 70
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(MOST)]
ROOTS = [root_of(LEAVES[:size]) for size in range(MOST + 1)]

# The test values of the Certificate Transparency reference implementation (RFC 6962).
CT_ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_LEAVES = [leaf_hash(entry) for entry in CT_ENTRIES]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CT_CONSISTENCY = {
    (1, 8): CT_INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_rfc_6962(size: int) -> None:
    assert root_of(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("index", "size"), sorted(CT_INCLUSION))
def test_inclusion_proofs_are_those_of_rfc_6962(index: int, size: int) -> None:
    proof = inclusion_proof(CT_LEAVES[:size], index)
    assert [value.hex() for value in proof] == CT_INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), sorted(CT_CONSISTENCY))
def test_consistency_proofs_are_those_of_rfc_6962(old: int, new: int) -> None:
    proof = consistency_proof(CT_LEAVES[:new], old)
    assert [value.hex() for value in proof] == CT_CONSISTENCY[old, new]


def test_every_entry_of_every_tree_is_proved() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            verify_inclusion(LEAVES[index], index, size, inclusion_proof(LEAVES[:size], index), ROOTS[size])


def test_every_tree_is_proved_to_continue_every_smaller_one() -> None:
    for new in range(MOST + 1):
        for old in range(new + 1):
            verify_consistency(old, ROOTS[old], new, ROOTS[new], consistency_proof(LEAVES[:new], old))


def test_no_inclusion_proof_holds_for_another_place_size_leaf_or_root() -> None:
    for size in (1, 2, 3, 7, 8, 33, 70):
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            for other in range(MOST):
                if other != index:
                    with pytest.raises(BadProof):
                        verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])
                    with pytest.raises(BadProof):
                        verify_inclusion(LEAVES[other], index, size, proof, ROOTS[size])
                if other != size:
                    with pytest.raises(BadProof):
                        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[other])


def spoiled(proof: list[bytes]) -> list[list[bytes]]:
    """Spoil a proof in every plain way: a hash altered, dropped, doubled, added; two exchanged."""
    extra = leaf_hash(b"extra")
    ways = [[extra, *proof], [*proof, extra]]
    for place, value in enumerate(proof):
        ways.append([*proof[:place], bytes([value[0] ^ 1]) + value[1:], *proof[place + 1 :]])
        ways.append([*proof[:place], *proof[place + 1 :]])
        ways.append([*proof[: place + 1], *proof[place:]])
        ways.append([*proof[:place], value[:-1], *proof[place + 1 :]])
    ways += [[*proof[:at], b, a, *proof[at + 2 :]] for at, (a, b) in enumerate(pairwise(proof))]
    return ways


def test_no_spoiled_inclusion_proof_holds() -> None:
    for size in (1, 2, 3, 5, 8, 31, 32, 33, 70):
        for index in range(size):
            for proof in spoiled(inclusion_proof(LEAVES[:size], index)):
                with pytest.raises(BadProof):
                    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


def test_no_spoiled_consistency_proof_holds() -> None:
    for new in (1, 2, 3, 5, 8, 31, 32, 33, 70):
        for old in range(new + 1):
            for proof in spoiled(consistency_proof(LEAVES[:new], old)):
                with pytest.raises(BadProof):
                    verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


def test_no_tree_with_another_past_is_a_continuation() -> None:
    for new in (2, 3, 8, 33, 70):
        for old in range(1, new):
            for place in {0, old // 2, old - 1}:
                rewritten = [*LEAVES[:place], leaf_hash(b"rewritten"), *LEAVES[place + 1 : new]]
                with pytest.raises(BadProof):
                    verify_consistency(
                        old, ROOTS[old], new, root_of(rewritten), consistency_proof(rewritten, old)
                    )


def test_one_size_has_one_root() -> None:
    with pytest.raises(BadProof, match="two different roots"):
        verify_consistency(7, ROOTS[7], 7, ROOTS[8], [])
    with pytest.raises(BadProof, match="hash of nothing"):
        verify_consistency(0, ROOTS[1], 7, ROOTS[7], [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (4, 3)])
def test_what_is_not_in_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(BadProof, match=f"has no entry {index}"):
        inclusion_proof(LEAVES[:size], index)
    with pytest.raises(BadProof, match=f"has no entry {index}"):
        verify_inclusion(LEAVES[0], index, size, [], ROOTS[size])


def test_a_tree_does_not_continue_a_larger_one() -> None:
    with pytest.raises(BadProof, match="no earlier state"):
        consistency_proof(LEAVES[:3], 4)
    with pytest.raises(BadProof, match="no earlier state"):
        verify_consistency(4, ROOTS[4], 3, ROOTS[3], [])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the oracle, whose names change
def test_another_library_computes_the_same_roots() -> None:
    oracle = InmemoryTree(algorithm="sha256")
    edge = Edge()
    for number in range(600):
        entry = b"entry %d" % number
        oracle.append_entry(entry)
        edge.append(leaf_hash(entry))
        assert edge.root() == oracle.get_state()


@CALM
@given(st.lists(st.binary(max_size=8), max_size=40))
def test_a_root_follows_the_definition(entries: list[bytes]) -> None:
    def by_definition(leaves: list[bytes]) -> bytes:
        if len(leaves) <= 1:
            return leaves[0] if leaves else EMPTY_ROOT
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))

    leaves = [leaf_hash(entry) for entry in entries]
    assert root_of(leaves) == by_definition(leaves)


def test_the_edge_names_each_node_it_finishes() -> None:
    edge = Edge()
    leaves = [leaf_hash(b"%d" % number) for number in range(65536 + 300)]
    finished = [node for leaf in leaves for node in edge.append(leaf)]
    ones = [root_of(leaves[256 * number : 256 * (number + 1)]) for number in range(257)]
    assert [node for node in finished if node[0] == 1] == [(1, number, ones[number]) for number in range(257)]
    assert [node for node in finished if node[0] == 2] == [(2, 0, root_of(ones[:256]))]
    assert [len(level) for level in edge.levels] == [44, 1, 1]
    assert edge.root() == root_of(leaves)


def test_the_edge_goes_on_from_where_it_was_loaded() -> None:
    edge = Edge()
    for number in range(1000):
        edge.append(leaf_hash(b"%d" % number))
    again = Edge.load(edge.size, edge.levels)
    kept = edge.copy()
    for number in range(1000, 1100):
        assert again.append(leaf_hash(b"%d" % number)) == edge.append(leaf_hash(b"%d" % number))
    assert again.root() == edge.root() != kept.root()
    assert kept.size == 1000


@pytest.mark.parametrize(
    ("size", "levels"), [(1, []), (0, [[b""]]), (256, [[]]), (257, [[b"a"]]), (2, [[b"a", b"b"], []])]
)
def test_the_edge_is_not_loaded_from_tiles_of_another_size(size: int, levels: list[list[bytes]]) -> None:
    with pytest.raises(MalformedTile):
        Edge.load(size, levels)
