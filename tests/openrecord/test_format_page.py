# SPDX-License-Identifier: AGPL-3.0-or-later
"""What docs/record-format.md says to other implementers is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kollontai.openrecord import entries
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.commitment import commit
from kollontai.openrecord.cosignature import cosign
from kollontai.openrecord.keys import COSIGNATURE, ED25519, SigningKey
from kollontai.openrecord.note import add_signatures, open_note
from kollontai.openrecord.tree import leaf_hash, root_of
from kollontai.openrecord.words import five_words

PAGE = (Path(__file__).parents[2] / "docs/record-format.md").read_text(encoding="utf-8")
LOG = SigningKey("alder.example/record", ED25519, bytes(range(32)))
WITNESS = SigningKey("library.example/witness", COSIGNATURE, bytes(range(32, 64)))


@pytest.fixture
def blocks() -> list[str]:
    """The example's blocks: entries, hashes, keys, checkpoint."""
    found: list[str] = re.findall(r"```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 4
    return found


def test_the_entries_of_the_example_are_entries(blocks: list[str]) -> None:
    first, second = (entries.from_bytes(line.encode()) for line in blocks[0].splitlines())
    assert first.n + second.n == bytes(range(32))
    place = {"org": first.org, "kind": "contribution.made", "field": "text", "author": "m-7"}
    assert first.commitments["text"] == commit(**place, salt=bytes(range(32)), value=b"Tea for all.")


def test_the_hashes_of_the_example_follow(blocks: list[str]) -> None:
    leaves = [leaf_hash(line.encode()) for line in blocks[0].splitlines()]
    root = root_of(leaves)
    assert blocks[1].splitlines() == [*(value.hex() for value in (*leaves, root)), five_words(root)]


def test_the_keys_and_the_checkpoint_of_the_example_follow(blocks: list[str]) -> None:
    assert blocks[2].splitlines() == [str(LOG.verifier), str(WITNESS.verifier)]
    leaves = [leaf_hash(line.encode()) for line in blocks[0].splitlines()]
    checkpoint = Checkpoint(LOG.name, 2, root_of(leaves))
    cosignature = cosign(WITNESS, checkpoint.format(), time=1_771_500_000)
    note = add_signatures(checkpoint.sign(LOG), [cosignature])
    assert note.decode() == blocks[3]
    assert len(open_note(note, [LOG.verifier, WITNESS.verifier]).verified) == 2


def test_every_word_for_how_an_actor_was_known_stands_on_the_page() -> None:
    for word in entries.AUTHS:
        assert f"`{word}`" in PAGE
