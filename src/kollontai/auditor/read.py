# SPDX-License-Identifier: AGPL-3.0-or-later
"""An export as it lies in a folder: its record, its list of files, its words, the server's own claim.

Nothing here trusts a path, a length or a spelling. What cannot be read becomes a sentence.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kollontai.openrecord import canonical
from kollontai.openrecord.checkpoint import Checkpoint, read_checkpoint
from kollontai.openrecord.commitment import opens
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import BadNote, RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.note import Signature
from kollontai.openrecord.rotation import follow
from kollontai.openrecord.tiles import TileName, parse_path, read_prefix, unpack_bundle
from kollontai.openrecord.tree import TILE_WIDTH

LARGEST_CONTENT = 8_000_000
LARGEST_NOTE = 100_000
WITNESSED = "witnessed"
"""A checkpoint with the lines of witnesses. It is signed, so the list of files need not name it."""
LEVELS = ("world", "members", "unit", "party")

_CONTENT = re.compile(r"content/([0-9a-f]{64})\.json")
_MANIFEST_LINE = re.compile(rb"([0-9a-f]{64})  ([\x21-\x7e]{1,300})")


class Unusable(Exception):
    """There is nothing here that could be audited; the message is one clear sentence."""


@dataclass(slots=True)
class Manifest:
    """The signed list of files."""

    origin: str = ""
    size: int = -1
    level: str = ""
    sha256: str = ""
    files: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Export:
    """A folder that holds an export."""

    def __init__(self, path: Path, vkey: VerifierKey | None = None) -> None:
        """Look into the folder; raise Unusable where there is no record in it at all."""
        self.path = path
        self.pinned = vkey is not None
        self.record = RecordDirectory(path)
        if not path.is_dir():
            raise Unusable(f"There is no folder {path}.")
        if not (path / "checkpoint").is_file() and not (path / "tile").is_dir():
            raise Unusable(f"There is no record in {path}: it has neither a checkpoint nor tiles.")
        self.key = vkey
        self.problems: list[str] = []
        if self.key is None:
            try:
                self.key = self.record.log_key()
            except RecordError as error:
                self.problems.append(f"The key of the record cannot be read: {error}")
        self.checkpoint: Checkpoint | None = None
        try:
            self.checkpoint = read_checkpoint(self.record.note())
        except RecordError as error:
            self.problems.append(f"The checkpoint cannot be read: {error}")
        if self.key is not None:
            with suppress(RecordError):  # there is no checkpoint, which is said already
                self.key = follow(self.record, self.key, self.record.note())
        self.manifest = self._manifest()

    @property
    def size(self) -> int:
        """How many entries the checkpoint speaks of; without one, as many as the list of files says."""
        if self.checkpoint is not None:
            return self.checkpoint.size
        return max(0, self.manifest.size) if self.manifest is not None else 0

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """Read every entry that can be read, with its position."""
        missing = 0
        for n in range(-(-self.size // TILE_WIDTH)):
            width = min(TILE_WIDTH, self.size - n * TILE_WIDTH)
            try:
                bundle = unpack_bundle(read_prefix(self.record.read, TileName(None, n, width)))
            except RecordError as error:
                self.problems.append(f"Entries {n * TILE_WIDTH} to {n * TILE_WIDTH + width - 1}: {error}")
                missing += 1
                if missing > 3:
                    return
                continue
            yield from enumerate(bundle[:width], n * TILE_WIDTH)

    def witnessed(self) -> bytes | None:
        """The checkpoint that witnesses have countersigned, where the export brings one."""
        return self.bytes_of(WITNESSED, LARGEST_NOTE)

    # --- files ---

    def files(self) -> Iterator[str]:
        """List every file below the folder by its path, links and other oddities too."""
        top = os.fspath(self.path)
        for folder, below, names in os.walk(top, followlinks=False):
            below.sort()
            inside = os.path.relpath(folder, top).replace(os.sep, "/")
            prefix = "" if inside == "." else inside + "/"
            for name in sorted(names):
                yield prefix + name
            for name in below:
                if Path(folder, name).is_symlink():
                    yield prefix + name

    def bytes_of(self, path: str, most: int | None = None) -> bytes | None:
        """Read a plain file of the export; None where there is none that may be read."""
        place = self.path / path
        try:
            if place.is_symlink() or not place.is_file():
                return None
            if most is not None and place.stat().st_size > most:
                return None
            return place.read_bytes()
        except (OSError, ValueError):
            return None

    def _manifest(self) -> Manifest | None:
        """Read the list of files; None where there is none. Its problems are kept in it."""
        data = self.bytes_of("manifest")
        if data is None:
            return None
        found = Manifest(sha256=hashlib.sha256(data).hexdigest())
        text, gap, lines = data.rpartition(b"\n\n")
        if not gap:
            found.problems.append("The manifest is no signed note.")
            return found
        text += b"\n"
        self._check_signature(found, text, lines)
        head, *rest = text.removesuffix(b"\n").split(b"\n")
        if head != b"kollontai manifest v1" or len(rest) < 3:
            found.problems.append("The manifest does not begin as a manifest of version 1 does.")
            return found
        found.origin = rest[0].decode("utf-8", "replace")
        found.level = rest[2].decode("utf-8", "replace")
        size = rest[1]
        if re.fullmatch(rb"0|[1-9][0-9]{0,17}", size):
            found.size = int(size)
        else:
            found.problems.append("The manifest gives no size of the record.")
        last = ""
        for number, line in enumerate(rest[3:], 5):
            matched = _MANIFEST_LINE.fullmatch(line)
            path = matched[2].decode() if matched else ""
            if not matched or path.startswith("/") or ".." in path.split("/"):
                found.problems.append(f"Line {number} of the manifest cannot be read.")
                if len(found.problems) > 100:
                    break
            elif path <= last:
                found.problems.append(f"Line {number} of the manifest is doubled or out of order.")
            else:
                found.files[path] = matched[1].decode()
                last = path
        return found

    def _check_signature(self, manifest: Manifest, text: bytes, lines: bytes) -> None:
        if self.key is None:
            manifest.problems.append("The manifest's signature cannot be checked without a key.")
            return
        fits = False
        try:
            for line in lines.decode("utf-8").removesuffix("\n").split("\n"):
                signature = Signature.parse(line)
                if (signature.name, signature.key_id) == (self.key.name, self.key.key_id):
                    if not self.key.verifies(text, signature.blob):
                        manifest.problems.append("The record's signature does not fit the manifest.")
                        return
                    fits = True
        except (BadNote, UnicodeDecodeError):
            manifest.problems.append("The manifest is no signed note.")
            return
        if not fits:
            manifest.problems.append("The manifest is not signed with the record's key.")

    def digest(self, path: str) -> str | None:
        """Hash a file, however large it is."""
        place = self.path / path
        try:
            if place.is_symlink() or not place.is_file():
                return None
            with place.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None


def is_log_file(path: str) -> bool:
    """Whether a path is one of the record's own."""
    if path in ("checkpoint", "log.vkey", "log.vkeys", WITNESSED):
        return True
    try:
        parse_path(path)
    except RecordError:
        return False
    return True


def commitment_of(path: str) -> bytes | None:
    """The commitment that a content file is named after."""
    found = _CONTENT.fullmatch(path)
    return bytes.fromhex(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Content:
    """A content file that has been opened: the words, and what they are bound to."""

    kind: str
    field: str
    author: str
    audience: str
    value: bytes


def read_content(data: bytes) -> tuple[Content, bytes] | None:
    """Read a content file and its salt; None for anything that is no content file."""
    try:
        core = canonical.decode(data)
        if core.keys() != {"kind", "field", "author", "audience", "salt", "value"}:
            return None
        if not all(type(value) is str for value in core.values()):
            return None
        salt = bytes.fromhex(core["salt"])
        value = core["value"].encode("utf-8")
    except (RecordError, ValueError):
        return None
    return Content(core["kind"], core["field"], core["author"], core["audience"], value), salt


def fits(content: Content, salt: bytes, commitment: bytes, org: str) -> bool:
    """Whether a content is what was committed to."""
    return opens(
        commitment,
        org=org,
        kind=content.kind,
        field=content.field,
        author=content.author,
        salt=salt,
        value=content.value,
    )


def json_value(value: bytes | None) -> Any:
    """Read a content that is JSON; None for anything else."""
    if value is None:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
