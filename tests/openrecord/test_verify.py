# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole record from its files: what is sound says nothing, whatever is touched is found."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory, read_verifier_keys
from kollontai.openrecord.errors import MalformedKey, MalformedTile, MissingTile, RecordError
from kollontai.openrecord.note import sign_note
from kollontai.openrecord.tree import root_of
from kollontai.openrecord.verify import (
    MOST_PROBLEMS,
    NO_ENTRIES,
    NO_PAST,
    UNPINNED,
    VerifyReport,
    verify_directory,
)
from tests.openrecord.building import (
    LOG_KEY,
    ORIGIN,
    OTHER_KEY,
    WITNESS_KEY,
    contribution,
    contributions,
    cosigned,
    publish,
    seeded,
)

SIZE = 600  # two full tiles and a beginning, three levels of them
ALL = contributions(SIZE + 100)
ENTRIES = ALL[:SIZE]
VKEY = LOG_KEY.verifier


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("original") / "record", ENTRIES)


@pytest.fixture
def record(original: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(original, tmp_path / "record"))


def verify(record: Path, old: Path | None = None) -> VerifyReport:
    return verify_directory(record, vkey=VKEY, old=old)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, SIZE])
def test_nothing_is_found_in_a_sound_record(tmp_path: Path, size: int) -> None:
    report = verify(publish(tmp_path / "record", ALL[:size]))
    assert report.problems == ()
    assert report.notes == (NO_PAST,)
    assert report.entries == size
    assert report.checkpoint is not None
    assert report.checkpoint.size == size


def test_nothing_is_found_in_a_record_of_three_levels(tmp_path: Path) -> None:
    report = verify(publish(tmp_path / "record", [b"%d" % number for number in range(66_000)]))
    assert (report.ok, report.entries, report.tiles) == (True, 66_000, 258 + 2 + 1)


def test_the_unfinished_tiles_of_earlier_sizes_may_lie_there(tmp_path: Path) -> None:
    folder = publish(tmp_path / "record", ENTRIES, steps=(1, 7, 255, 300, 513))
    assert len(list(folder.rglob("*.p/*"))) > 10
    assert verify(folder).ok


def test_unfinished_tiles_may_be_cleared_once_they_are_full(tmp_path: Path) -> None:
    folder = publish(tmp_path / "record", ALL[:512])
    earlier = publish(tmp_path / "earlier", ALL[:500])
    shutil.copy(earlier / "checkpoint", folder / "checkpoint")
    shutil.copytree(earlier / "tile/1", folder / "tile/1", dirs_exist_ok=True)
    assert not (folder / "tile/0/001.p").exists()
    assert verify(folder).ok


def test_a_cosigned_checkpoint_is_as_good(record: Path) -> None:
    (record / "checkpoint").write_bytes(cosigned((record / "checkpoint").read_bytes(), WITNESS_KEY))
    assert verify(record).ok


def test_hashes_alone_are_checked_and_said_to_be_all(record: Path) -> None:
    shutil.rmtree(record / "tile/entries")
    report = verify(record)
    assert (report.ok, report.entries) == (True, 0)
    assert NO_ENTRIES in report.notes


def test_without_a_given_key_the_report_says_whose_word_it_took(record: Path) -> None:
    assert UNPINNED in verify_directory(record).notes
    assert UNPINNED not in verify(record).notes


def test_every_byte_of_every_file_matters(record: Path) -> None:
    """Each file is spoiled at many places, one bit at a time; each time something is found."""
    draw = random.Random(1921)
    files = sorted(path for path in record.rglob("*") if path.is_file() and path.name != "log.vkey")
    assert {path.relative_to(record).parts[:2] for path in files} >= {
        ("checkpoint",),
        ("tile", "0"),
        ("tile", "1"),
        ("tile", "entries"),
    }
    for path in files:
        good = path.read_bytes()
        places = range(len(good)) if len(good) < 300 else sorted(draw.sample(range(len(good)), 40))
        for place in places:
            path.write_bytes(
                good[:place] + bytes([good[place] ^ (1 << draw.randrange(8))]) + good[place + 1 :]
            )
            assert not verify(record).ok, f"{path.relative_to(record)}, byte {place}"
        for shorter in (good[:-1], good[:-32], b"", good + b"\x00", good + bytes(32), good + good):
            path.write_bytes(shorter)
            assert not verify(record).ok, f"{path.relative_to(record)}, {len(shorter)} bytes"
        path.unlink()
        if path.name != "checkpoint":
            assert not verify(record).ok, f"{path.relative_to(record)} missing"
        path.write_bytes(good)
    assert verify(record).ok


def test_a_changed_entry_is_named(record: Path) -> None:
    bundle = record / "tile/entries/001"
    data = bundle.read_bytes()
    place = data.index(b"m-%08x" % 300)
    bundle.write_bytes(data[:place] + b"m-ffffffff" + data[place + 10 :])
    assert "Entry 300 is not the one whose hash stands in the tree." in verify(record).problems


def test_a_forged_entry_with_all_hashes_redone_needs_the_key(record: Path, tmp_path: Path) -> None:
    forged = [*ENTRIES[:300], contribution(9999), *ENTRIES[301:]]
    other = publish(tmp_path / "forged", forged, key=OTHER_KEY)
    assert "The checkpoint cannot be believed: " in verify(other).problems[0]
    assert verify_directory(other).ok, "taken alone it agrees with itself: that is what the key is for"


@pytest.mark.parametrize("change", ["changed", "dropped", "inserted", "exchanged", "shortened"])
def test_a_past_rewritten_and_signed_anew_is_found_with_an_earlier_copy(
    original: Path, tmp_path: Path, change: str
) -> None:
    rewritten: dict[str, list[bytes]] = {
        "changed": [*ENTRIES[:300], contribution(9999), *ENTRIES[301:], *ALL[SIZE:]],
        "dropped": [*ENTRIES[:300], *ALL[301:]],
        "inserted": [*ENTRIES[:300], contribution(9999), *ALL[300:]],
        "exchanged": [*ENTRIES[:300], ALL[301], ALL[300], *ALL[302:]],
        "shortened": ENTRIES[:-1],
    }
    folder = publish(tmp_path / "rewritten", rewritten[change])
    assert verify(folder).ok
    with_folder = verify(folder, old=original).problems
    with_note = verify(folder, old=original / "checkpoint").problems
    assert len(with_folder) == len(with_note) == 1
    if change == "shortened":
        assert with_folder[0] == "The earlier copy has 600 entries, this one only 599."
    else:
        assert with_folder[0].endswith("The first entry that differs is 300.")
        assert "does not continue the earlier one of 600 entries" in with_note[0]


@pytest.mark.parametrize("old_size", [0, 1, 255, 256, 300, SIZE])
def test_a_record_continues_each_of_its_earlier_copies(original: Path, tmp_path: Path, old_size: int) -> None:
    old = publish(tmp_path / "old", ENTRIES[:old_size])
    report = verify(original, old=old)
    assert (report.problems, report.notes) == ((), ())
    assert verify(original, old=old / "checkpoint").ok


def test_an_earlier_copy_of_another_record_is_refused(original: Path, tmp_path: Path) -> None:
    old = publish(tmp_path / "old", ENTRIES[:10], key=OTHER_KEY)
    assert "The earlier checkpoint cannot be believed" in verify(original, old=old).problems[0]


def sign_head(record: Path, text: bytes) -> None:
    (record / "checkpoint").write_bytes(sign_note(text, LOG_KEY))


SIGNED_LIES: dict[str, Callable[[], Checkpoint]] = {
    "a larger size": lambda: Checkpoint(ORIGIN, SIZE + 1, root_of([])),
    "a smaller size": lambda: Checkpoint(ORIGIN, SIZE - 1, root_of([])),
    "another root": lambda: Checkpoint(ORIGIN, SIZE, seeded("other")),
    "another origin": lambda: Checkpoint("elsewhere.example/record", SIZE, seeded("other")),
    "a size beyond all bounds": lambda: Checkpoint(ORIGIN, 2**63 - 1, seeded("other")),
    "nothing at all": lambda: Checkpoint(ORIGIN, 0, seeded("other")),
}


@pytest.mark.parametrize("lie", sorted(SIGNED_LIES))
def test_a_signed_head_that_the_entries_do_not_give_is_found(record: Path, lie: str) -> None:
    sign_head(record, SIGNED_LIES[lie]().format())
    report = verify(record)
    assert not report.ok
    assert len(report.problems) <= MOST_PROBLEMS


def test_files_beyond_the_checkpoint_are_not_read(record: Path, tmp_path: Path) -> None:
    ahead = publish(tmp_path / "ahead", ALL)
    shutil.copytree(ahead / "tile", record / "tile", dirs_exist_ok=True)
    report = verify(record)
    assert report.ok
    assert any("go beyond the checkpoint" in note for note in report.notes)


def test_a_stray_file_is_named_and_a_false_earlier_tile_found(record: Path) -> None:
    (record / "tile/0/readme").write_bytes(b"hello")
    assert any("tile/0/readme" in note for note in verify(record).notes)
    (record / "tile/0/001.p").mkdir()
    (record / "tile/0/001.p/2").write_bytes(bytes(64))
    assert verify(record).problems == ("tile/0/001.p/2 differs from what stands there now.",)


def test_when_entries_and_hashes_are_gone_the_reading_ends(record: Path) -> None:
    (record / "tile/0/001").unlink()
    (record / "tile/entries/001").unlink()
    assert "Nothing is left of entries 256 to 511." in verify(record).problems


def test_without_a_checkpoint_or_key_there_is_nothing_to_check(record: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingTile):
        verify(tmp_path)
    with pytest.raises(MissingTile):
        verify(record, old=tmp_path / "none")
    (record / "log.vkey").unlink()
    with pytest.raises(MalformedKey):
        verify_directory(record)
    assert verify(record).ok


# --- the folder itself ---


def test_a_folder_gives_its_entries_in_order(original: Path) -> None:
    directory = RecordDirectory(original)
    assert directory.checkpoint(VKEY) == directory.unchecked()
    assert list(directory.raw_entries()) == ENTRIES
    assert list(directory.raw_entries(300)) == ENTRIES[300:]
    assert [directory.raw_entry(index) for index in (0, 255, 256, 599)] == [
        ENTRIES[index] for index in (0, 255, 256, 599)
    ]
    entries = list(directory.entries(590))
    assert [entry.position for entry in entries] == list(range(590, 600))
    assert [entry.actor for entry in entries] == [f"m-{number:08x}" for number in range(590, 600)]
    assert directory.log_key() == VKEY
    assert read_verifier_keys(original / "log.vkey") == [VKEY]


def test_only_files_of_the_record_can_be_reached(original: Path) -> None:
    directory = RecordDirectory(original)
    for path in ("log.vkey", "checkpoint", "../secret", "tile/0/../../checkpoint", "/etc/passwd"):
        with pytest.raises(MalformedTile):
            directory.read(path)
    for index in (-1, SIZE):
        with pytest.raises(RecordError):
            directory.raw_entry(index)
