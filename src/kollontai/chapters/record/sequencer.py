# SPDX-License-Identifier: AGPL-3.0-or-later
"""Give every entry its position, sign the head, publish: in this order, and never otherwise.

`sequence` may be called by anybody at any time: the request that has just committed, a loop of the
server, a test. Whoever gets the head's row does the work for all. Entries, head and signed checkpoint
are committed in one durable transaction guarded by `size = old`; only then are files written, the
checkpoint last. Everything after the commit follows from the database and can be done again.

It refuses to sign when anything it signed or published before is ahead of the database: that database
is an old copy, and signing would make a second history.
"""

from __future__ import annotations

import logging
import os
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock

from django.db import OperationalError, transaction

from kollontai.chapters.record import keys, publishing, standing, statements
from kollontai.chapters.record.models import Head, Organisation
from kollontai.chapters.record.statements import HeadNow, Waiting
from kollontai.chapters.record.turns import durable_write, file_lock_if_free
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.tree import EMPTY_ROOT, TILE_WIDTH, Edge, leaf_hash, partial_widths

__all__ = [
    "LostTheHead", "RecordIsAhead", "StandsStill", "Taken", "acting", "begin", "give_positions",
    "give_positions_in_a_crowd", "keep_up", "load_edge", "look_at_what_was_signed", "positions_of",
    "ready", "refuse_when_ahead", "sequence", "sequence_batch", "tell", "wait_for_positions",
]  # fmt: skip

log = logging.getLogger("kollontai.sequencer")
BATCH = 2_000
GATHERING = 0.005
"""Seconds for which, in a crowd, one request waits for entries to sequence together."""
A_LITTLE_MORE = 0.015
"""Seconds for which it waits beyond that for acts that other threads of this process are in the midst of."""
A_BREATH = 0.004
"""Seconds between two looks for what another process does."""
A_ROUND = 0.025
"""Seconds for which one waits at most while another thread of this process gathers: it will tell."""
_gathering: dict[str, Lock] = {}  # for each organisation, which thread of this process gathers
_news = Condition()
_acting: list[int] = []  # one for each thread of this process that is in the midst of an act
_placed: dict[str, list[int]] = {}  # where the entries stand that this process sequenced just now
_sound: dict[str, tuple[object, ...]] = {}  # the heads this process last held against what was signed
_edges: dict[str, tuple[Edge, bytes]] = {}  # what this process remembers of each right edge, and its root


class RecordIsAhead(Exception):
    """What was signed or published is ahead of the database: an old copy was restored."""


class StandsStill(RecordIsAhead):
    """The house was restored or handed over, and that is not settled."""


class LostTheHead(Exception):
    """Somebody else moved the head meanwhile; nothing was signed twice."""


def begin(organisation: Organisation) -> None:
    """Make the signing key of a new record and its empty head."""
    keys.create(organisation)
    Head.objects.create(
        organisation_id=organisation.pk, size=0, root=EMPTY_ROOT, checkpoint=b"", last_at=None
    )


def sequence(organisation_id: str) -> int:
    """Give positions to everything that waits, publish what is committed; return the size of the record.

    Returns -1 at once when another process has the head. Raises RecordIsAhead rather than sign a fork,
    and also when nothing waits but an old copy lies here.
    """
    if not give_positions(organisation_id):
        return -1
    head = look_at_what_was_signed(organisation_id)
    if head is None:
        return 0
    if publishing.published_size(head) < head.size:
        publishing.publish(organisation_id)
    return head.size


def keep_up() -> None:
    """Sequence and publish whatever is left anywhere; what is wrong with one record stops no other."""
    for organisation_id in list(Head.objects.order_by("pk").values_list("pk", flat=True)):
        try:
            sequence(organisation_id)
        except (RecordIsAhead, LostTheHead, keys.KeyMissing, RecordError, OSError) as error:
            log.error("The record of %s stands still: %s", organisation_id, error)


def give_positions_in_a_crowd(head: HeadNow) -> bool:
    """Wait a moment and give positions to all who came meanwhile; False when somebody else does so."""
    gathering = _gathering.setdefault(head.organisation_id, Lock())
    if not gathering.acquire(blocking=False):
        return False
    try:
        with file_lock_if_free(publishing.folder(head) / ".gathering") as ours:
            if ours:
                time.sleep(GATHERING)
                with _news:
                    _news.wait_for(lambda: not _acting, A_LITTLE_MORE)
                return give_positions(head.organisation_id)
        return False
    finally:
        gathering.release()
        with _news:
            _news.notify_all()


@contextmanager
def acting() -> Iterator[None]:
    """Let whoever gathers know that another thread of this process is about to bring entries."""
    with _news:
        _acting.append(1)
    try:
        yield
    finally:
        with _news:
            _acting.pop()
            if not _acting:
                _news.notify_all()


def positions_of(ticket: str) -> tuple[int, ...]:
    """Where the entries of one act stand; empty as long as they wait."""
    return tuple(_placed.get(ticket, ())) or statements.positions_of(ticket)


def wait_for_positions(organisation_id: str, ticket: str) -> tuple[int, ...]:
    """Wait a little for somebody else to give the entries of one act their positions."""
    gathering = _gathering.setdefault(organisation_id, Lock())
    with _news:
        if ticket not in _placed:
            _news.wait(A_ROUND if gathering.locked() else A_BREATH)
        if ticket not in _placed and gathering.locked():
            return ()  # the thread that gathers will tell; the database knows nothing sooner
    return positions_of(ticket)


def tell(taken: Sequence[Waiting], first: int) -> None:
    """Let the other threads of this process know what was committed, so that they need not ask for it."""
    placed: dict[str, list[int]] = {}
    for position, entry in enumerate(taken, first):
        placed.setdefault(entry.ticket, []).append(position)
    with _news:
        if len(_placed) > BATCH:
            _placed.clear()
        _placed.update(placed)
        _news.notify_all()


def give_positions(organisation_id: str) -> bool:
    """Give positions to everything that waits; False when another process is just doing so."""
    more = True
    while more:
        if not statements.anything_waits(organisation_id):
            return True
        try:
            with durable_write(), transaction.atomic():
                first, taken = sequence_batch(organisation_id)
        except Taken:
            return False
        tell(taken, first)
        more = len(taken) >= BATCH
    return True


class Taken(Exception):
    """Another process has the head."""


def sequence_batch(organisation_id: str) -> tuple[int, list[Waiting]]:
    """In a transaction: give positions to what waits longest; where the first stands, and what it was.

    Raises Taken where another process has the head.
    """
    head = _take_head(organisation_id)
    taken = statements.take_from_outbox(organisation_id, BATCH)
    if not taken:
        return head.size, taken
    signers = keys.signers(head)
    refuse_when_ahead(head)

    edge = _edge(head).copy()
    leaves = [leaf_hash(entry.data) for entry in taken]
    nodes = [node for leaf in leaves for node in edge.append(leaf)]
    root = edge.root()
    checkpoint = Checkpoint(head.origin, edge.size, root).sign(*signers)
    times = [entry.at for entry in taken] + ([head.last_at] if head.last_at else [])
    statements.put_entries(organisation_id, head.size, taken, leaves)
    statements.put_nodes(organisation_id, nodes)
    if not statements.move_head(head, edge.size, root, checkpoint, max(times)):
        raise LostTheHead("The head moved while this process held it; nothing was signed.")
    _edges[organisation_id] = edge, root
    return head.size, taken


def _take_head(organisation_id: str) -> HeadNow:
    try:
        head = statements.head_of(organisation_id, lock=True)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "55P03":
            raise Taken from None
        raise
    if head is None:
        raise LostTheHead(f"There is no head of a record for {organisation_id}.")
    return head


def _edge(head: HeadNow) -> Edge:
    """The right edge at this head: remembered, or loaded from at most 256 rows a level."""
    edge, root = _edges.get(head.organisation_id, (None, b""))
    if edge is not None and (edge.size, root) == (head.size, head.root):
        return edge
    if edge is not None and 0 < head.size - edge.size < TILE_WIDTH:  # others sequenced meanwhile
        edge = edge.copy()
        for leaf in statements.leaves_between(head.organisation_id, edge.size, head.size):
            edge.append(leaf)
    if edge is None or edge.size != head.size or edge.root() != head.root:
        edge = load_edge(head.organisation_id, head.size)
        if edge.root() != head.root:
            raise RecordIsAhead(
                f"The entries of {head.origin} do not give the root of its head; nothing is signed."
            )
    _edges[head.organisation_id] = edge, head.root
    return edge


def load_edge(organisation_id: str, size: int) -> Edge:
    """Load the unfinished tiles of a record from its rows."""
    levels: list[list[bytes]] = []
    for level, width in enumerate(partial_widths(size)):
        first = ((size >> (8 * level)) // TILE_WIDTH) * TILE_WIDTH
        if level == 0:
            levels.append(statements.leaves_between(organisation_id, first, size))
        else:
            levels.append(statements.nodes_between(organisation_id, level, first, first + width))
    return Edge.load(size, levels)


# --- Old copies --------------------------------------------------------------------------------------


def look_at_what_was_signed(organisation_id: str) -> HeadNow | None:
    """Give the head, unless what was signed or published is ahead of it."""
    head = statements.head_of(organisation_id)
    while head is not None:
        try:
            refuse_when_ahead(head)
            return head
        except RecordIsAhead:
            # Another process may have committed and published between our two looks.
            again = statements.head_of(organisation_id)
            if again is None or again.size == head.size:
                raise
            head = again
    return None


def ready(organisation_id: str) -> HeadNow:
    """Give the head, unless acts must change nothing: the database is an old copy, or the key is missing."""
    head = look_at_what_was_signed(organisation_id)
    if head is None:
        raise Organisation.DoesNotExist(f"There is no organisation {organisation_id} here.")
    keys.load(head)
    return head


def refuse_when_ahead(head: HeadNow | Head) -> None:
    """Compare the head with what was signed last and what is published; refuse if either is ahead."""
    record = head.organisation if isinstance(head, Head) else head
    root = bytes(head.root)
    refuse_where_it_stands_still(head.organisation_id)
    signed = _stamp(keys.last_path(record)), _stamp(publishing.checkpoint_path(record))
    if _sound.get(head.organisation_id) == (head.size, root, signed):
        return
    _hold_against_what_was_signed(head, record, root)
    _sound[head.organisation_id] = head.size, root, signed


def refuse_where_it_stands_still(organisation_id: str) -> None:
    """Refuse in a house that was restored or handed over, also to begin another record."""
    sentence = standing.why(organisation_id)
    if sentence:
        raise StandsStill(sentence)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written anew."""
    try:
        found = os.stat(path)  # noqa: PTH116 - twice for every act
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _hold_against_what_was_signed(head: HeadNow | Head, record: HeadNow | Organisation, root: bytes) -> None:
    if _is_behind(keys.last_path(record), head.size, root) and _is_behind(
        publishing.checkpoint_path(record), head.size, root
    ):
        return
    for place, seen in (
        ("the key's own note", keys.last_signed(record)),
        ("the published checkpoint", publishing.published_head(record)),
    ):
        if seen is not None and seen.size > head.size:
            raise RecordIsAhead(
                f"{record.origin}: {place} stands at {seen.size} entries, "
                f"the database at {head.size}. This database is an older copy. Nothing is signed: "
                "bring the newer one back, or let the members found a new record that quotes this one."
            )
        if seen is not None and seen.size == head.size and seen.root != root:
            raise RecordIsAhead(
                f"{record.origin}: at {head.size} entries {place} has another root than the database. "
                "This database is not the one that was signed. Nothing is signed: bring that one back."
            )


def _is_behind(path: Path, size: int, root: bytes) -> bool:
    """Whether a signed head is surely no further than this one; where in doubt, it is read with care."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - twice for every act
            _, signed_size, signed_root, _ = file.read().split(b"\n", 3)
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    if signed_size.isdigit() and int(signed_size) < size:
        return True
    return signed_size == b"%d" % size and signed_root == b64encode(root)
