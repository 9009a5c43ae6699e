# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words beside the record: every file hashed once, every content opened once.

A commitment is in one of these states: *opens*, *held* (until a close or an opening), *erased* (by an
entry), *not at this level*, or *missing*, which is an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256

from kollontai.auditor.read import (
    LARGEST_CONTENT,
    LEVELS,
    WITNESSED,
    Content,
    Export,
    Manifest,
    commitment_of,
    fits,
    is_log_file,
    read_content,
)
from kollontai.auditor.state import State
from kollontai.openrecord import facts

_SMALL = 4_096


class Contents:
    """What was found among the files, commitment by commitment."""

    def __init__(self, export: Export, state: State, manifest: Manifest | None) -> None:
        """Go through every file of the export once."""
        self._export = export
        self._state = state
        self.level = manifest.level if manifest and manifest.level in LEVELS else "members"
        self.authors: dict[bytes, str] = {}
        self.audiences: dict[bytes, str] = {}
        self.altered: list[tuple[bytes, str]] = []
        self.strays: list[str] = []
        self.wrong_files: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._choices: dict[bytes, bytes] = {}
        self._same: dict[bytes, bytes] = {}
        self._sweep(manifest)

    def _sweep(self, manifest: Manifest | None) -> None:
        listed = dict(manifest.files) if manifest else {}
        for path in self._export.files():
            if path == "manifest":
                continue
            commitment = commitment_of(path)
            data = None
            if commitment is not None:
                data = self._export.bytes_of(path, LARGEST_CONTENT)
                digest = None if data is None else sha256(data).hexdigest()
            else:
                digest = self._export.digest(path)
            wanted = listed.pop(path, None)
            if digest is None:
                self.links.append(path)
            elif path == WITNESSED and wanted is None:
                continue
            elif manifest is not None and wanted is None:
                self.strays.append(path)
            elif manifest is not None and wanted != digest:
                self.wrong_files.append((path, "is not the file that was listed"))
            if commitment is not None and data is not None:
                self._open(commitment, data)
            elif manifest is None and path != "state.json" and not is_log_file(path):
                self.strays.append(path)
        self.wrong_files += [(path, "is listed, but is not there") for path in listed]

    def _open(self, commitment: bytes, data: bytes) -> None:
        committed = self._state.committed.get(commitment)
        if committed is None:
            self.altered.append((commitment, "was never committed to on the record"))
            return
        read = read_content(data)
        if read is None:
            self.altered.append((commitment, "cannot be read"))
            return
        content, salt = read
        if (content.kind, content.field) != (committed.kind, committed.field):
            self.altered.append((commitment, f"calls itself {content.kind} {content.field}"))
        elif not fits(content, salt, commitment, self._state.org):
            self.altered.append((commitment, "is not what was committed to"))
        else:
            self.authors[commitment] = content.author
            self.audiences[commitment] = content.audience
            if content.field == "choice" and len(content.value) <= _SMALL:
                self._choices[commitment] = self._same.setdefault(content.value, content.value)

    def opened(self, commitment: bytes | None) -> bool:
        """Whether the words are here and are what was committed to."""
        return commitment is not None and commitment in self.authors

    def value(self, commitment: bytes | None) -> bytes | None:
        """The words, if they are here."""
        if commitment is None or commitment not in self.authors:
            return None
        if commitment in self._choices:
            return self._choices[commitment]
        content = self._read(commitment)
        return None if content is None else content.value

    def _read(self, commitment: bytes) -> Content | None:
        data = self._export.bytes_of(f"content/{commitment.hex()}.json", LARGEST_CONTENT)
        read = None if data is None else read_content(data)
        return None if read is None else read[0]

    def is_held(self, commitment: bytes) -> bool:
        """Whether the record says that these words are to stay closed for now."""
        return self._state.committed[commitment].held in self.closed

    @cached_property
    def closed(self) -> frozenset[str]:
        """Polls not counted yet and statements not opened yet: what they hold is to stay closed."""
        polls, statements = self._state.polls, self._state.statements
        found = {poll.id for poll in polls.values() if poll.counted is None}
        found |= {one.id for one in statements.values() if one.opened is None and one.id not in polls}
        return frozenset(found - {""})

    def missing(self) -> Iterator[bytes]:
        """Commitments whose words ought to be here, for readers at this level, and are not."""
        level = LEVELS.index(self.level)
        altered = {commitment for commitment, _ in self.altered}
        visible = {name: LEVELS.index(cls.audience) <= level for name, cls in facts.KINDS.items()}
        for commitment, committed in self._state.committed.items():
            if (
                commitment not in self.authors
                and visible[committed.kind]
                and commitment not in self._state.erased
                and commitment not in altered
                and committed.held not in self.closed
            ):
                yield commitment
