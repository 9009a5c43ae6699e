# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of an export, tampered with on the way or by whoever hands them out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from kollontai.openrecord import canonical
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import SigningKey

from .abuses import Seen, abuse
from .forgery import Story, put, sign_files


def _words(built: Any) -> tuple[str, int]:
    """A contribution's words in the talk: their commitment, and where they were said."""
    story = Story(built.export, built.key)
    at = story.find("contribution.made", issue=built.org.talk, actor=built.org.who("max"))
    return story.entries[at]["c"]["text"], at


def _claim(folder: Path, change: Any) -> None:
    state = json.loads((folder / "state.json").read_bytes())
    change(state)
    put(folder, "state.json", canonical.encode(state) + b"\n")


def _bundle(folder: Path) -> Path:
    return next(path for path in (folder / "tile" / "entries").rglob("*") if path.is_file())


def _tile(folder: Path) -> Path:
    return next(path for path in (folder / "tile" / "0").rglob("*") if path.is_file())


# --- words ---


@abuse("files", "manifest_holds", "a file of content/ is removed")
def words_are_missing_from_a_copy(folder: Path, built: Any) -> Seen:
    path = f"content/{_words(built)[0]}.json"
    (folder / path).unlink()
    return Seen(path, None, "is not there")


@abuse("files", "content_opens", "a file of content/ is removed, and the list signed again")
def words_are_missing_from_every_copy(folder: Path, built: Any) -> Seen:
    words, at = _words(built)
    (folder / f"content/{words}.json").unlink()
    sign_files(folder, built.key)
    return Seen(words, at, "is missing")


@abuse("files", "manifest_holds", "a file of content/ is altered")
def words_are_altered_in_a_copy(folder: Path, built: Any) -> Seen:
    path = f"content/{_words(built)[0]}.json"
    put(folder, path, (folder / path).read_bytes().replace(b"enough", b"plenty"))
    return Seen(path, None, "is not the file that was listed")


@abuse("files", "content_opens", "a file of content/ is altered, and the list signed again")
def words_are_altered_in_every_copy(folder: Path, built: Any) -> Seen:
    words, at = _words(built)
    path = f"content/{words}.json"
    put(folder, path, (folder / path).read_bytes().replace(b"enough", b"plenty"))
    sign_files(folder, built.key)
    return Seen(words, at, "is not what was committed to")


@abuse("files", "content_opens", "the choice of an open poll lies in content/, and the list is signed")
def a_held_choice_is_leaked(folder: Path, built: Any) -> Seen:
    story = Story(built.export, built.key)
    poll = story.entries[story.find("poll.opened", subject=built.org.voting)]["f"]["poll"]
    at = story.find("ballot.cast", poll=poll)
    choice = story.entries[at]["c"]["choice"]
    put(folder, f"content/{choice}.json", built.held[choice])
    sign_files(folder, built.key)
    return Seen(choice, at, "is to stay closed")


@abuse("files", "content_opens", "a sealed statement lies in content/, and the list is signed")
def a_sealed_statement_is_leaked(folder: Path, built: Any) -> Seen:
    story = Story(built.export, built.key)
    at = story.find("statement.sealed", issue=built.org.talk)
    words = story.entries[at]["c"]["text"]
    put(folder, f"content/{words}.json", built.held[words])
    sign_files(folder, built.key)
    return Seen(words, at, "is to stay closed")


@abuse("files", "content_opens", "garbage in place of a file of content/, and the list signed again")
def words_become_garbage(folder: Path, built: Any) -> Seen:
    words, _ = _words(built)
    put(folder, f"content/{words}.json", b"\xff\x00" * 500)
    sign_files(folder, built.key)
    return Seen(words, _, "cannot be read")


@abuse("files", "manifest_holds", "a file of ten million bytes in place of a file of content/")
def words_become_endless(folder: Path, built: Any) -> Seen:
    path = f"content/{_words(built)[0]}.json"
    os.truncate(folder / path, 10_000_000)
    return Seen(path, None, "no plain file that can be read")


@abuse("files", "manifest_holds", "a link to a file outside in place of a file of content/")
def words_become_a_link(folder: Path, built: Any) -> Seen:
    path = f"content/{_words(built)[0]}.json"
    (folder / path).unlink()
    (folder / path).symlink_to("/etc/hostname")
    return Seen(path, None, "no plain file")


# --- the claim ---


@abuse("files", "manifest_holds", "state.json is altered")
def the_claim_is_altered_in_a_copy(folder: Path, built: Any) -> Seen:
    _claim(folder, lambda state: state["polls"].pop())
    return Seen("state.json", None, "is not the file that was listed")


@abuse("files", "state_matches", "state.json is altered, and the list signed again")
def the_claim_is_altered_in_every_copy(folder: Path, built: Any) -> Seen:
    story = Story(built.export, built.key)
    at = story.find("poll.opened", subject=built.org.plain)
    poll = story.entries[at]["f"]["poll"]

    def turn(state: Any) -> None:
        next(row for row in state["polls"] if row["poll"] == poll)["outcome"] = "no"

    _claim(folder, turn)
    sign_files(folder, built.key)
    return Seen(poll, at, "says outcome is no")


@abuse(
    "files", "state_matches", "state.json lacks its list of members, and the list of files is signed again"
)
def the_claim_keeps_silent_on_the_members(folder: Path, built: Any) -> Seen:
    _claim(folder, lambda state: state.pop("members"))
    sign_files(folder, built.key)
    return Seen("members", None, "says nothing of members")


@abuse("files", "state_matches", "state.json is removed, and the list signed again")
def the_server_claims_nothing(folder: Path, built: Any) -> Seen:
    (folder / "state.json").unlink()
    sign_files(folder, built.key)
    return Seen("state.json", None, "makes no claim")


@abuse("files", "state_matches", "state.json is 100,000 opening brackets")
def the_claim_is_a_pit(folder: Path, built: Any) -> Seen:
    put(folder, "state.json", b'{"members":' + b"[" * 100_000)
    sign_files(folder, built.key)
    return Seen("state.json", None, "cannot be read on")


@abuse("files", "state_matches", "state.json holds garbage")
def the_claim_is_garbage(folder: Path, built: Any) -> Seen:
    put(folder, "state.json", bytes(range(256)) * 40)
    sign_files(folder, built.key)
    return Seen("state.json", None, "cannot be read on")


# --- the record ---


@abuse("files", "record_whole", "one byte of a tile of hashes is altered")
def a_tile_is_altered(folder: Path, built: Any) -> Seen:
    tile = _tile(folder)
    data = bytearray(tile.read_bytes())
    data[32 * 7] ^= 1
    tile.write_bytes(data)
    sign_files(folder, built.key)
    return Seen("record", 7, "is not the one whose hash stands in the tree")


@abuse("files", "record_whole", "one byte of an entry in its bundle is altered")
def an_entry_is_altered_in_its_bundle(folder: Path, built: Any) -> Seen:
    bundle = _bundle(folder)
    bundle.write_bytes(bundle.read_bytes().replace(b'"preset":"normal"', b'"preset":"small!"'))
    sign_files(folder, built.key)
    return Seen("record", 0, "is not the one whose hash stands in the tree")


@abuse("files", "record_whole", "a bundle is cut in the middle")
def a_bundle_is_cut_short(folder: Path, built: Any) -> Seen:
    bundle = _bundle(folder)
    os.truncate(bundle, bundle.stat().st_size // 2)
    sign_files(folder, built.key)
    return Seen("record", 0, "cut short")


@abuse("files", "record_whole", "the bundle of entries is removed")
def the_entries_are_missing(folder: Path, built: Any) -> Seen:
    _bundle(folder).unlink()
    sign_files(folder, built.key)
    return Seen("record", None, "is missing")


@abuse("files", "record_whole", "the tile of hashes is removed")
def the_hashes_are_missing(folder: Path, built: Any) -> Seen:
    _tile(folder).unlink()
    sign_files(folder, built.key)
    return Seen("record", None, "is missing")


@abuse("files", "record_whole", "the root in the checkpoint is another; nobody signed that")
def the_checkpoint_is_altered(folder: Path, built: Any) -> Seen:
    head = RecordDirectory(folder).unchecked()
    note = (folder / "checkpoint").read_bytes()
    other = Checkpoint(head.origin, head.size, bytes(32)).format()
    put(folder, "checkpoint", other + note[note.index(b"\n\n") + 1 :])
    return Seen("record", None, "does not fit")


@abuse("files", "record_whole", "the checkpoint of another record, well signed by its own key")
def the_checkpoint_is_of_another_record(folder: Path, built: Any) -> Seen:
    head = RecordDirectory(folder).unchecked()
    other = SigningKey.generate("elsewhere.example/record")
    put(folder, "checkpoint", Checkpoint(other.name, head.size, head.root).sign(other))
    return Seen("record", None, "No known key has signed")


@abuse("files", "record_whole", "the checkpoint holds garbage")
def the_checkpoint_is_garbage(folder: Path, built: Any) -> Seen:
    put(folder, "checkpoint", b"\x00\xff" * 300)
    return Seen("record", None, "The checkpoint cannot be read")


@abuse("files", "record_whole", "the checkpoint is removed")
def the_checkpoint_is_missing(folder: Path, built: Any) -> Seen:
    (folder / "checkpoint").unlink()
    return Seen("record", None, "The checkpoint cannot be read")


@abuse("files", "record_whole", "a pipe that never speaks in place of the checkpoint")
def the_checkpoint_keeps_the_auditor_waiting(folder: Path, built: Any) -> Seen:
    (folder / "checkpoint").unlink()
    os.mkfifo(folder / "checkpoint")
    return Seen("record", None, "The checkpoint cannot be read")


@abuse("files", "record_whole", "a link to /dev/zero in place of a bundle")
def a_bundle_never_ends(folder: Path, built: Any) -> Seen:
    bundle = _bundle(folder)
    bundle.unlink()
    bundle.symlink_to("/dev/zero")
    return Seen("record", None, "is missing")


@abuse("files", "manifest_holds", "log.vkey is another key")
def the_key_beside_the_record_is_exchanged(folder: Path, built: Any) -> Seen:
    put(folder, "log.vkey", f"{SigningKey.generate(built.key.name).verifier}\n".encode())
    return Seen("log.vkey", None, "is not the file that was listed")


# --- the list of files ---


@abuse("files", "manifest_holds", "the manifest is removed")
def nobody_vouches_for_the_files(folder: Path, built: Any) -> Seen:
    (folder / "manifest").unlink()
    return Seen("manifest", None, "has no manifest")


@abuse("files", "manifest_holds", "a line of the manifest is removed")
def the_list_is_shortened(folder: Path, built: Any) -> Seen:
    lines = (folder / "manifest").read_bytes().split(b"\n")
    del lines[8]
    put(folder, "manifest", b"\n".join(lines))
    return Seen("manifest", None, "signature does not fit")


@abuse("files", "manifest_holds", "the manifest holds garbage")
def the_list_is_garbage(folder: Path, built: Any) -> Seen:
    put(folder, "manifest", bytes(range(256)) * 9)
    return Seen("manifest", None, "no signed note")


@abuse("files", "manifest_holds", "the list of an earlier size is put back")
def the_list_is_of_another_size(folder: Path, built: Any) -> Seen:
    story = Story(built.export, built.key)
    del story.entries[-1]
    earlier = story.write(folder.parent / "earlier")
    put(folder, "manifest", (earlier / "manifest").read_bytes())
    return Seen("manifest", None, f"The manifest speaks of {len(story.entries)} entries")


@abuse("files", "manifest_holds", "a file is added")
def a_pamphlet_is_slipped_in(folder: Path, built: Any) -> Seen:
    put(folder, "content/read-me-first.txt", b"Vote for the chair.")
    return Seen("content/read-me-first.txt", None, "no list names it")


@abuse("files", "content_opens", "a file of content/ that no entry commits to, and the list signed again")
def words_without_an_entry_are_handed_out(folder: Path, built: Any) -> Seen:
    words, _ = _words(built)
    put(folder, f"content/{'ab' * 32}.json", (folder / f"content/{words}.json").read_bytes())
    sign_files(folder, built.key)
    return Seen("ab" * 32, None, "was never committed to")


# --- another's key ---


@abuse(
    "key", "record_whole", "the whole export is signed anew with a key of the same name, and log.vkey with it"
)
def a_stranger_signs_as_the_organisation(folder: Path, built: Any) -> Seen:
    stranger = SigningKey.generate(built.key.name)
    head = RecordDirectory(folder).unchecked()
    put(folder, "checkpoint", Checkpoint(head.origin, head.size, head.root).sign(stranger))
    put(folder, "log.vkey", f"{stranger.verifier}\n".encode())
    sign_files(folder, stranger)
    return Seen("record", None, "No known key has signed")
