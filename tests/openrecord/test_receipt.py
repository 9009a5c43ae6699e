# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: they hold for one entry at one place, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kollontai.openrecord.commitment import commit
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import BadProof, BadSignature, MalformedReceipt, RecordError
from kollontai.openrecord.policy import Policy
from kollontai.openrecord.receipt import Carried, Opening, Receipt, make_receipt
from tests.openrecord.building import (
    LOG_KEY,
    OTHER_KEY,
    WITNESS_KEY,
    contribution,
    contributions,
    cosigned,
    publish,
    seeded,
)

POLICY = Policy.trusting(LOG_KEY.verifier)
SIZE = 300


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RecordDirectory:
    return RecordDirectory(publish(tmp_path_factory.mktemp("record"), contributions(SIZE)))


def test_a_receipt_holds_for_its_entry(record: RecordDirectory) -> None:
    for index in (0, 1, 255, 256, SIZE - 1):
        receipt = make_receipt(record.tree(), index, record.note())
        assert Receipt.parse(receipt.format()) == receipt
        assert receipt.verify(contribution(index), POLICY).checkpoint.size == SIZE


def test_a_receipt_has_this_form(record: RecordDirectory) -> None:
    receipt = make_receipt(record.tree(), 299, cosigned(record.note(), WITNESS_KEY), extra=b"hello")
    lines = receipt.format().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra aGVsbG8=", "index 299"]
    assert lines[3 : 3 + len(receipt.proof)] == [line for line in lines[3:] if len(line) == 44][:-1]
    assert lines[3 + len(receipt.proof)] == ""
    assert receipt.format().endswith(b"\n\n" + receipt.checkpoint)
    assert Receipt.parse(receipt.format()) == receipt


def test_a_receipt_holds_for_no_other_entry_place_or_key(record: RecordDirectory) -> None:
    receipt = make_receipt(record.tree(), 41, record.note())
    with pytest.raises(BadProof):
        receipt.verify(contribution(42), POLICY)
    with pytest.raises(BadProof):
        Receipt(42, receipt.proof, receipt.checkpoint).verify(contribution(41), POLICY)
    with pytest.raises(BadProof):
        Receipt(41, receipt.proof[:-1], receipt.checkpoint).verify(contribution(41), POLICY)
    with pytest.raises(BadSignature):
        receipt.verify(contribution(41), Policy.trusting(OTHER_KEY.verifier))


def test_every_bit_of_a_receipt_matters(record: RecordDirectory) -> None:
    data = make_receipt(record.tree(), 41, record.note()).format()
    for place in range(len(data)):
        for bit in (0, 5, 7):
            spoiled = data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]
            with pytest.raises(RecordError):
                Receipt.parse(spoiled).verify(contribution(41), POLICY)


@pytest.mark.parametrize(
    "change",
    [
        (b"@v1", b"@v2"),
        (b"index 41", b"index 041"),
        (b"index 41", b"index -1"),
        (b"index 41", b"index  41"),
        (b"index 41\n", b""),
        (b"index 41\n", b"index 41\nextra aGVsbG8=\n"),
        (b"index 41\n", b"extra \nextra aGVsbG8=\nindex 41\n"),
        (b"index 41\n", b"extra aGVsbG8\nindex 41\n"),
        (b"index 41\n", b"index 41\n" + b"A" * 43 + b"=\n" * 1 + (b"A" * 43 + b"=\n") * 63),
        (b"\n\n", b"\n"),
    ],
)
def test_bytes_that_are_no_receipt_are_refused(record: RecordDirectory, change: tuple[bytes, bytes]) -> None:
    data = make_receipt(record.tree(), 41, record.note()).format()
    assert change[0] in data
    with pytest.raises(RecordError):
        Receipt.parse(data.replace(*change))


# --- what our receipts carry ---

SALT = seeded("salt")
WORDS = "Zoë’s tea, <hot>, for all.".encode()
PLACE = {"org": "tidewater", "kind": "contribution.made", "field": "text", "author": "m-00000007"}
ENTRY = contribution(7, commitments={"text": commit(**PLACE, salt=SALT, value=WORDS)})


def test_an_author_carries_home_entry_text_and_salt(tmp_path: Path) -> None:
    record = RecordDirectory(publish(tmp_path / "record", [*contributions(7), ENTRY]))
    carried = Carried(ENTRY, {"text": Opening(SALT, WORDS)})
    data = make_receipt(record.tree(), 7, record.note(), carried.pack()).format()

    receipt = Receipt.parse(data)
    assert receipt.extra is not None
    again = Carried.unpack(receipt.extra)
    assert again == carried
    receipt.verify(again.entry, POLICY)
    again.verify_openings()


@pytest.mark.parametrize(
    "openings",
    [
        {"text": Opening(SALT, WORDS + b".")},
        {"text": Opening(seeded("other salt"), WORDS)},
        {"title": Opening(SALT, WORDS)},
    ],
)
def test_a_carried_text_that_was_not_committed_to_is_found(openings: dict[str, Opening]) -> None:
    with pytest.raises(BadProof):
        Carried(ENTRY, openings).verify_openings()


@pytest.mark.parametrize(
    "extra",
    [
        b"",
        b"{}",
        b'{"entry":1,"openings":{},"v":1}',
        b'{"entry":"","openings":[],"v":1}',
        b'{"entry":"","openings":{},"v":2}',
        b'{"entry":"","openings":{"a":1},"v":1}',
        b'{"entry":"","openings":{"a":{"salt":"","value":""}},"v":1}',
        b'{"entry":"","openings":{"a":{"salt":1,"value":""}},"v":1}',
        b'{"entry":"","openings":{"a":{"salt":"' + b"AA" * 32 + b'","value":""}},"v":1}',
        b'{"entry":"","openings":{},"v":1,"w":1}',
    ],
)
def test_what_is_carried_in_another_form_is_refused(extra: bytes) -> None:
    with pytest.raises(MalformedReceipt):
        Carried.unpack(extra)
