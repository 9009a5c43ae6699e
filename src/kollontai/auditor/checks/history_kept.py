# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does this record continue the earlier copy that was given?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.tiles import TileTree
from kollontai.openrecord.tree import TILE_WIDTH

QUESTION = "Is every earlier copy that was given the beginning of this one?"
ARTICLE = 14
EVIDENCE = proved(limit="Only where an earlier copy is given with --old.")
FINDS = ("a record that was cut, mended or told differently to different people",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The earlier tree is the beginning of this one; two roots that contradict each other prove a fork."""
    note, new = audit.old_note(), audit.export.checkpoint
    if note is None or new is None or audit.key is None:
        return
    try:
        old = open_checkpoint(note, *audit.keys)
    except RecordError as error:
        yield _found.breach(None, "record", f"The earlier checkpoint cannot be believed: {error}")
        return
    if old.origin != new.origin:
        yield _found.breach(None, "record", f"The earlier copy is of {old.origin}, this one of {new.origin}.")
    elif old.size > new.size:
        where = _first_change(audit, old, TileTree(new.size, audit.export.record.read))
        told = "it was cut" if where is None else f"from entry {where} on history was rewritten"
        yield _found.breach(
            new.size if where is None else where,
            "record",
            f"The earlier copy has {old.size} entries, this one only {new.size}: {told}.",
        )
    else:
        yield from _compare(audit, old)


def _compare(audit: Audit, old: Checkpoint) -> Iterator[Finding]:
    assert audit.export.checkpoint is not None
    tree = TileTree(audit.export.checkpoint.size, audit.export.record.read)
    try:
        same = tree.root(old.size) == old.root
    except RecordError as error:
        yield _found.breach(None, "record", f"The earlier root cannot be worked out from this copy: {error}")
        return
    if not same:
        yield _found.breach(
            _first_change(audit, old, tree), "record",
            f"This record does not continue the earlier copy of {old.size} entries: history was rewritten, "
            "and both roots are signed with the same key.",
        )  # fmt: skip


def _first_change(audit: Audit, old: Checkpoint, now: TileTree) -> int | None:
    """Where the first entry differs, if the earlier copy has its tiles."""
    if audit.old is None or not audit.old.is_dir():
        return None
    then = TileTree(old.size, RecordDirectory(audit.old).read)
    try:
        for n in range(-(-min(old.size, now.size) // TILE_WIDTH)):
            for place, (was, is_) in enumerate(zip(then.tile(0, n), now.tile(0, n), strict=False)):
                if was != is_:
                    return n * TILE_WIDTH + place
    except RecordError:
        pass
    return None
