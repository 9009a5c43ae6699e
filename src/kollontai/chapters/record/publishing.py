# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the record out as files: bundles and tiles first, the checkpoint last.

All of it follows from the database, so after a crash it is simply done again from the published size.
No file ever goes beyond the published checkpoint. Unfinished tiles are cleared away once the full tile
exists. While one process writes, the others go on: it writes for them too before it stops.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from kollontai.chapters.record import keys
from kollontai.chapters.record.files import make_folder, write_durably
from kollontai.chapters.record.keys import HasKey
from kollontai.chapters.record.models import Cosignature, EntryRow, Head, Organisation
from kollontai.chapters.record.statements import entries_between, head_of, nodes_between
from kollontai.chapters.record.turns import file_lock, file_lock_if_free
from kollontai.openrecord import tiles
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.rotation import KIND, chain, changes_of
from kollontai.openrecord.tree import TILE_WIDTH

PAUSE = 0.1
"""Seconds for which, in a crowd, one request waits to write for as many as possible."""
_next: dict[Path, Lock] = {}  # for each record, who of this process waits to write next


def folder(organisation: HasKey) -> Path:
    """Where the published record of an organisation lies."""
    return _inside(settings.RECORD, organisation.slug)


def checkpoint_path(organisation: HasKey) -> Path:
    """Where the checkpoint lies that the world sees."""
    return _inside(settings.RECORD, organisation.slug, "checkpoint")


@lru_cache(maxsize=256)
def _inside(*parts: Path | str) -> Path:
    return Path(*parts)


def published_head(organisation: HasKey) -> Checkpoint | None:
    """The checkpoint the world sees; None before the first."""
    try:
        data = checkpoint_path(organisation).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return open_checkpoint(data, *keys.verifiers(organisation))
    except RecordError as error:
        raise RecordError(f"The published checkpoint of {organisation.slug} is damaged: {error}") from None


def published_size(organisation: HasKey) -> int:
    """How many entries the world sees, without asking who signed that; 0 where that cannot be read."""
    try:
        return read_checkpoint(checkpoint_path(organisation).read_bytes()).size
    except (OSError, RecordError):
        return 0


def publish(organisation_id: str) -> None:
    """Bring the files up to the committed head."""
    head = head_of(organisation_id)
    if head is None:
        return
    make_folder(folder(head))
    with file_lock(folder(head) / ".lock"):
        _write_out(organisation_id)


def publish_in_passing(organisation: HasKey, organisation_id: str, *, crowded: bool) -> None:
    """Bring the files up to the committed head after an act.

    When nobody else acts, at once. In a crowd one request waits a moment and then writes for all; the
    others go home. It lets go of its place in the queue before it looks at the head: so whoever found
    the place taken committed before that look, and is written out with it.
    """
    place = folder(organisation)
    if not crowded:
        with file_lock_if_free(place / ".lock") as ours:
            if ours:
                _write_out(organisation_id)
                return
    waiting = _next.setdefault(place, Lock())
    if not waiting.acquire(blocking=False):
        return  # another thread of this process waits there; the file is for other processes
    with ExitStack() as writing:
        try:
            with file_lock_if_free(place / ".next") as ours:
                if not ours:
                    return
                time.sleep(PAUSE)
                writing.enter_context(file_lock(place / ".lock"))
        finally:
            waiting.release()
        _write_out(organisation_id)


def _write_out(organisation_id: str) -> None:
    head = head_of(organisation_id)
    if head is None or not head.size:
        return
    known = keys.last_signed(head)
    if known is None or known.size < head.size:
        keys.remember(head, head.size, head.root)
    old = published_size(head)
    if old >= head.size:
        return
    place = folder(head)
    vkey = place / "log.vkey"
    if not vkey.exists():
        write_verifiers(head, organisation_id)
    for path, data in _new_files(organisation_id, old, head.size):
        write_durably(place / path, data)
    write_durably(place / "checkpoint", head.checkpoint)
    for name in tiles.new_names(old, head.size):
        if name.width == TILE_WIDTH:  # once a tile is full, clients take the beginning of it
            shutil.rmtree(place / f"{name.path}.p", ignore_errors=True)


def write_verifiers(organisation: HasKey, organisation_id: str) -> None:
    """Show the world the key that signs, and, where there were others before it, all of them."""
    place = folder(organisation)
    every = every_verifier(organisation.origin, organisation_id)
    if every:
        write_durably(place / "log.vkeys", "".join(f"{key}\n" for key in every).encode())
    write_durably(place / "log.vkey", _verifier_line(organisation))


def shows_its_key(organisation: HasKey) -> bool:
    """Whether the world is shown the key that signs; not so where somebody was stopped while it changed."""
    return (folder(organisation) / "log.vkey").read_bytes() == _verifier_line(organisation)


def _verifier_line(organisation: HasKey) -> bytes:
    return f"{keys.load(organisation).verifier}\n".encode()


def every_verifier(origin: str, organisation_id: str) -> list[VerifierKey]:
    """Every key the record has had, the first one first; none where it always had the same."""
    rows = EntryRow.objects.filter(organisation_id=organisation_id, kind=KIND).order_by("position")
    return list(chain(changes_of(origin, (bytes(row.data) for row in rows))))


def _new_files(organisation_id: str, old: int, new: int) -> Iterator[tuple[str, bytes]]:
    """Every file a growth has to write; a bundle and the tile over it are read together."""
    for name in tiles.new_names(old, new):
        if name.level is None:
            first = name.n * TILE_WIDTH
            rows = entries_between(organisation_id, first, first + name.width)
            yield name.path, tiles.pack_bundle(data for data, _ in rows)
            yield name._replace(level=0).path, b"".join(leaf for _, leaf in rows)
        elif name.level:
            yield name.path, bytes_of(organisation_id, name)


def add_cosignatures(organisation: Organisation, head: Head) -> None:
    """Keep a checkpoint with the witnesses' lines; while it is the present one, the world sees them too."""
    witnesses = Cosignature.objects.filter(organisation=organisation).order_by("witness")
    lines = [one.line for one in witnesses if one.line and one.size == head.size]
    if not lines:
        return
    signed = bytes(head.checkpoint) + "".join(f"{line}\n" for line in lines).encode()
    place = folder(organisation)
    with file_lock(place / ".lock"):
        before = witnessed(organisation) or b""
        if sum(f" {one.witness} ".encode() in before for one in witnesses) <= len(lines):
            write_durably(place / "witnessed", signed)
        seen = published_head(organisation)
        if seen is not None and seen.size == head.size:
            write_durably(place / "checkpoint", signed)


def witnessed(organisation: HasKey) -> bytes | None:
    """The newest checkpoint that as many of the witnesses have countersigned as ever; None before any has.

    Acts go on while witnesses are asked now and then, so it is mostly a little older than the present one.
    """
    try:
        return (folder(organisation) / "witnessed").read_bytes()
    except FileNotFoundError:
        return None


def bytes_of(organisation_id: str, name: tiles.TileName) -> bytes:
    """Make one file of the record from its rows."""
    first = name.n * TILE_WIDTH
    last = first + name.width
    if name.level is None:
        return tiles.pack_bundle(data for data, _ in entries_between(organisation_id, first, last))
    if name.level == 0:
        return b"".join(leaf for _, leaf in entries_between(organisation_id, first, last))
    return b"".join(nodes_between(organisation_id, name.level, first, last))
