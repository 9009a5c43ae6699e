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

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from kollontai.chapters.record import keys, publishing
from kollontai.chapters.record.models import EntryRow, Head, Node, Organisation, Outbox
from kollontai.chapters.record.turns import write_turn
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.tree import EMPTY_ROOT, TILE_WIDTH, Edge, leaf_hash, partial_widths

BATCH = 2_000
_edges: dict[str, Edge] = {}


class RecordIsAhead(Exception):
    """What was signed or published is ahead of the database: an old copy was restored."""


class LostTheHead(Exception):
    """Somebody else moved the head meanwhile; nothing was signed twice."""


def begin(organisation: Organisation) -> None:
    """Make the signing key of a new record and its empty head."""
    keys.create(organisation)
    Head.objects.create(
        organisation_id=organisation.pk, size=0, root=EMPTY_ROOT, checkpoint=b"", last_at=None
    )


def sequence(organisation_id: str) -> int:
    """Give positions to everything that waits; return the size of the record.

    Returns at once when another process has the head. Raises RecordIsAhead rather than sign a fork.
    """
    grown = False
    while True:
        with _durable_write():
            try:
                with transaction.atomic():
                    size, more = _sequence_batch(organisation_id)
            except _Taken:
                return -1
        if not more:
            break
        grown = True
        if more < BATCH:
            break
    if grown or publishing.behind(organisation_id, size):
        publishing.publish(organisation_id)
    return size


def positions_of(ticket: str) -> tuple[int, ...]:
    """Where the entries of one act stand; empty while they wait."""
    rows = EntryRow.objects.filter(ticket=ticket).order_by("position")
    return tuple(rows.values_list("position", flat=True))


class _Taken(Exception):
    """Another process has the head."""


def _sequence_batch(organisation_id: str) -> tuple[int, int]:
    waiting = Outbox.objects.filter(organisation_id=organisation_id).order_by("id")
    if not waiting.exists():
        size = Head.objects.filter(pk=organisation_id).values_list("size", flat=True).first()
        return size or 0, 0
    head = _take_head(organisation_id)
    rows = list(waiting[:BATCH])
    if not rows:
        return head.size, 0
    key = keys.load(head.organisation)
    refuse_when_ahead(head)

    edge = _edge(head).copy()
    old = head.size
    entries, nodes = [], []
    for position, row in enumerate(rows, start=old):
        leaf = leaf_hash(bytes(row.data))
        for level, index, value in edge.append(leaf):
            nodes.append(Node(organisation_id=organisation_id, level=level, index=index, hash=value))
        entries.append(
            EntryRow(
                organisation_id=organisation_id,
                position=position,
                kind=row.kind,
                subject=row.subject,
                actor=row.actor,
                at=row.at,
                ticket=row.ticket,
                data=row.data,
                leaf=leaf,
            )
        )
    root = edge.root()
    checkpoint = Checkpoint(head.organisation.origin, edge.size, root).sign(key)
    EntryRow.objects.bulk_create(entries, batch_size=500)
    Node.objects.bulk_create(nodes)
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()
    moved = Head.objects.filter(pk=organisation_id, size=old).update(
        size=edge.size,
        root=root,
        checkpoint=checkpoint,
        last_at=max([row.at for row in rows] + ([head.last_at] if head.last_at else [])),
    )
    if moved != 1:
        raise LostTheHead("The head moved while this process held it; nothing was signed.")
    _edges[organisation_id] = edge
    return edge.size, len(rows)


def _take_head(organisation_id: str) -> Head:
    heads = Head.objects.select_related("organisation")
    if connection.vendor == "sqlite":
        return heads.get(pk=organisation_id)
    try:
        return heads.select_for_update(nowait=True, of=("self",)).get(pk=organisation_id)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "55P03":
            raise _Taken from None
        raise


def _edge(head: Head) -> Edge:
    """The right edge at this head: remembered, or loaded from at most 256 rows a level."""
    edge = _edges.get(head.organisation_id)
    if edge is None or edge.size != head.size or edge.root() != bytes(head.root):
        edge = load_edge(head)
        if edge.root() != bytes(head.root):
            raise RecordIsAhead(
                f"The entries of {head.organisation.origin} do not give the root of its head; "
                "nothing is signed."
            )
        _edges[head.organisation_id] = edge
    return edge


def load_edge(head: Head) -> Edge:
    """Load the unfinished tiles of a record from its rows."""
    levels: list[list[bytes]] = []
    for level, width in enumerate(partial_widths(head.size)):
        first = ((head.size >> (8 * level)) // TILE_WIDTH) * TILE_WIDTH
        if level == 0:
            rows = EntryRow.objects.filter(
                organisation_id=head.organisation_id, position__gte=first, position__lt=head.size
            ).order_by("position")
            hashes = [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]
        else:
            nodes = Node.objects.filter(
                organisation_id=head.organisation_id, level=level, index__gte=first
            ).order_by("index")
            hashes = [bytes(value) for value in nodes.values_list("hash", flat=True)]
        levels.append(hashes[:width])
    return Edge.load(head.size, levels)


def refuse_when_ahead(head: Head) -> None:
    """Compare the head with what was signed last and what is published; refuse if either is ahead."""
    root = bytes(head.root)
    for place, seen in (
        ("the key's own note", keys.last_signed(head.organisation)),
        ("the published checkpoint", publishing.published_head(head.organisation)),
    ):
        if seen is None:
            continue
        if seen.size > head.size or (seen.size == head.size and seen.root != root):
            raise RecordIsAhead(
                f"{head.organisation.origin}: {place} stands at {seen.size} entries, "
                f"the database at {head.size}. This database is an older copy. Nothing is signed: "
                "bring the newer one back, or let the members found a new record that quotes this one."
            )


@contextmanager
def _durable_write() -> Iterator[None]:
    """Hold the write turn and let SQLite sync this one commit to the disk (earlier ones go with it)."""
    with write_turn():
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=NORMAL")
