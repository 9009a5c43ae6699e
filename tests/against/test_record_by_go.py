# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our records, read by an implementation that is not ours: the Go checksum database's own packages.

Needs Debian's `golang-go` and `golang-golang-x-mod-dev`; nothing is downloaded.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.note import open_note
from kollontai.openrecord.receipt import Carried, make_receipt
from tests.against.record_go import Check, build
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

ENTRIES = contributions(1000)


@pytest.fixture(scope="session")
def record_go(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Build the program once; give a function that runs it."""
    return build(tmp_path_factory.mktemp("go"))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 1000])
def test_go_proves_every_entry_of_our_record(record_go: Check, tmp_path: Path, size: int) -> None:
    folder = publish(tmp_path / "record", ENTRIES[:size])
    result = record_go(folder)
    assert result.stderr == ""
    assert result.stdout.startswith(f"ok tidewater.example/record size={size} ")
    assert result.stdout.endswith(f"entries={size}\n")


def test_go_reads_a_record_of_three_levels(record_go: Check, tmp_path: Path) -> None:
    folder = publish(tmp_path / "record", [b"%d" % number for number in range(66_000)])
    assert "size=66000 tiles=261 entries=66000" in record_go(folder).stdout


@pytest.mark.parametrize("old_size", [0, 1, 2, 255, 256, 257, 700, 1000])
def test_go_sees_our_record_continue_its_past(record_go: Check, tmp_path: Path, old_size: int) -> None:
    old = publish(tmp_path / "old", ENTRIES[:old_size])
    folder = publish(tmp_path / "record", ENTRIES)
    assert record_go("-old", old / "checkpoint", folder).stdout.endswith(f"old={old_size}\n")


def test_go_refuses_a_rewritten_past(record_go: Check, tmp_path: Path) -> None:
    old = publish(tmp_path / "old", ENTRIES[:700])
    folder = publish(tmp_path / "record", [*ENTRIES[:300], contribution(9999), *ENTRIES[301:]])
    assert record_go(folder).returncode == 0
    assert record_go("-old", old / "checkpoint", folder).returncode == 1


def test_go_checks_our_cosignatures_and_receipts(record_go: Check, tmp_path: Path) -> None:
    folder = publish(tmp_path / "record", ENTRIES)
    directory = RecordDirectory(folder)
    note = cosigned(directory.note(), WITNESS_KEY)
    (folder / "checkpoint").write_bytes(note)
    receipt = tmp_path / "act.tlog-proof"
    made = make_receipt(directory.tree(), 300, directory.note(), Carried(ENTRIES[300]).pack())
    receipt.write_bytes(made.format())
    result = record_go("-witness", WITNESS_KEY.verifier, "-receipt", receipt, folder)
    assert result.stdout.endswith("entries=1000 witnessed receipt=300\n"), result.stderr

    stranger = SigningKey("stranger.example", 4, seeded("stranger"))
    assert record_go("-witness", stranger.verifier, folder).returncode == 1
    receipt.write_bytes(made.format().replace(b"index 300", b"index 301"))
    assert record_go("-receipt", receipt, folder).returncode == 1


@pytest.mark.parametrize(
    "name", ["checkpoint", "tile/0/001", "tile/0/003.p/232", "tile/1/000.p/3", "tile/entries/002"]
)
def test_go_and_we_refuse_the_same_spoiled_files(record_go: Check, tmp_path: Path, name: str) -> None:
    folder = publish(tmp_path / "record", ENTRIES)
    file = folder / name
    good = file.read_bytes()
    for place in (0, 40, len(good) // 2, len(good) - 2):
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        assert record_go(folder).returncode == 1, place
    file.unlink()
    assert record_go(folder).returncode == 1
    file.write_bytes(good)
    assert record_go(folder).returncode == 0


def test_go_refuses_another_key(record_go: Check, tmp_path: Path) -> None:
    folder = publish(tmp_path / "record", ENTRIES[:3])
    (tmp_path / "other.vkey").write_text(f"{OTHER_KEY.verifier}\n")
    assert record_go("-vkey", tmp_path / "other.vkey", folder).returncode == 1
    note = (folder / "checkpoint").read_bytes()
    head = Checkpoint.parse(open_note(note, [LOG_KEY.verifier]).text)
    assert (head.size, record_go("-vkey", folder / "log.vkey", folder).returncode) == (3, 0)
