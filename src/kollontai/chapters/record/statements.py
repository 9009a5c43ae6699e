# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few statements that every single act runs, written by hand.

Composing them anew for each act took four fifths of its time. They touch the tables of this chapter
alone, and read the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.models import Content, Deadline
from kollontai.chapters.record.rows import columns_of, made_of


class HeadNow(NamedTuple):
    """The head of a record with what names it.

    `next_due`: when the clock has something to do next in this organisation, apart from what it has
    failed at before.
    """

    organisation_id: str
    slug: str
    origin: str
    size: int
    root: bytes
    checkpoint: bytes
    last_at: datetime | None
    next_due: datetime | None


class Leaving(NamedTuple):
    """An entry on its way into the outbox."""

    organisation_id: str
    kind: str
    subject: str
    actor: str
    at: datetime
    ticket: str
    data: bytes


class Waiting(NamedTuple):
    """An entry taken out of the outbox."""

    id: int
    kind: str
    subject: str
    actor: str
    at: datetime
    ticket: str
    data: bytes


def last_moment(organisation_id: str) -> datetime | None:
    """The latest time an entry of this organisation bears, whether it has a position yet or waits."""
    rows = by_hand.rows(
        "SELECT last_at FROM record_head WHERE organisation_id = %s "
        "UNION ALL SELECT MAX(at) FROM record_outbox WHERE organisation_id = %s",
        [organisation_id, organisation_id],
    )
    return max((moment for (value,) in rows if (moment := moment_of(value)) is not None), default=None)


def head_of(organisation_id: str, *, lock: bool = False) -> HeadNow | None:
    """The head; with `lock` (PostgreSQL), held until the transaction ends, or an error at once."""
    held = " FOR UPDATE OF h NOWAIT" if lock and connection.vendor == "postgresql" else ""
    rows = by_hand.rows(
        "SELECT h.organisation_id, o.slug, o.origin, h.size, h.root, h.checkpoint, h.last_at, "  # noqa: S608
        "(SELECT d.due FROM record_deadline d WHERE d.organisation_id = h.organisation_id "
        "AND d.done_at IS NULL AND d.failed = '' ORDER BY d.due LIMIT 1) "
        "FROM record_head h JOIN record_organisation o ON o.id = h.organisation_id "
        f"WHERE h.organisation_id = %s{held}",
        [organisation_id],
    )
    for id_, slug, origin, size, root, note, last_at, next_due in rows:
        return HeadNow(
            id_, slug, origin, size, bytes(root), bytes(note), moment_of(last_at), moment_of(next_due)
        )
    return None


class Standing(NamedTuple):
    """How far the record of an organisation has come. `waits`: something is done but has no place yet."""

    organisation_id: str
    root: str
    waits: bool


def standing_of(slug: str) -> Standing | None:
    """How far the record of the organisation at this address has come.

    Public rows change by acts alone, and each act leaves an entry: while nothing waits and the root is
    the same, so are they.
    """
    rows = by_hand.rows(
        "SELECT o.id, h.root, EXISTS (SELECT 1 FROM record_outbox w WHERE w.organisation_id = o.id) "
        "FROM record_organisation o JOIN record_head h ON h.organisation_id = o.id WHERE o.slug = %s",
        [slug],
    )
    for organisation_id, root, waits in rows:
        return Standing(organisation_id, bytes(root).hex(), bool(waits))
    return None


def put_contents(contents: Sequence[Content]) -> None:
    """Keep the words of an entry, and give their rows the ids they got."""
    if not contents:
        return
    ids = by_hand.rows(
        f"{_INTO_CONTENT} VALUES {', '.join([_CONTENT] * len(contents))} RETURNING commitment, id",
        [getattr(content, column) for content in contents for column in _OF_CONTENT],
    )
    by_commitment = dict(ids)
    for content in contents:
        content.pk = by_commitment[content.commitment]
        content._state.adding = False
        content._state.db = "default"


def put_content_beside(content: Content, table: str, key: str, row: Mapping[str, Any]) -> bool:
    """Keep the words of an entry, and write a row that names them by `key`; False where that row stands.

    On PostgreSQL one journey to the server for both.
    """
    words = [getattr(content, column) for column in _OF_CONTENT]
    columns, places = ", ".join([*row, key]), ", ".join(["%s"] * len(row))
    into = f"INSERT INTO {table} ({columns})"
    if connection.vendor == "postgresql":
        new = by_hand.change(
            f"WITH said AS ({_INTO_CONTENT} VALUES {_CONTENT} RETURNING id) "  # noqa: S608
            f"{into} SELECT {places}, said.id FROM said ON CONFLICT DO NOTHING",
            [*words, *row.values()],
        )
        return new == 1
    [(content.pk,)] = by_hand.rows(f"{_INTO_CONTENT} VALUES {_CONTENT} RETURNING id", words)
    new = by_hand.change(f"{into} VALUES ({places}, %s) ON CONFLICT DO NOTHING", [*row.values(), content.pk])
    return new == 1


_OF_CONTENT = (
    "organisation_id", "commitment", "kind", "field", "author", "audience", "held_until", "salt", "value",
)  # fmt: skip
_INTO_CONTENT = f"INSERT INTO record_content ({', '.join(_OF_CONTENT)})"
_CONTENT = f"({', '.join(['%s'] * len(_OF_CONTENT))})"


def put_into_outbox(entries: Sequence[Leaving]) -> None:
    """Let entries wait for their positions, in this order."""
    insert(
        "record_outbox",
        ("organisation_id", "kind", "subject", "actor", "at", "ticket", "data"),
        (
            (e.organisation_id, e.kind, e.subject, e.actor, at, e.ticket, e.data)
            for e, at in zip(entries, _written_each(e.at for e in entries), strict=True)
        ),
    )


def anything_waits(organisation_id: str) -> bool:
    """Whether the outbox holds an entry of this organisation."""
    return bool(
        by_hand.rows("SELECT 1 FROM record_outbox WHERE organisation_id = %s LIMIT 1", [organisation_id])
    )


def take_from_outbox(organisation_id: str, most: int) -> list[Waiting]:
    """Take the entries that have waited longest, in the order in which they came."""
    rows = by_hand.rows(
        "DELETE FROM record_outbox WHERE id IN "
        "(SELECT id FROM record_outbox WHERE organisation_id = %s ORDER BY id LIMIT %s) "
        "RETURNING id, kind, subject, actor, at, ticket, data",
        [organisation_id, most],
    )
    return sorted(
        Waiting(number, kind, subject, actor, _surely(moment_of(at)), ticket, bytes(data))
        for number, kind, subject, actor, at, ticket, data in rows
    )


def put_entries(organisation_id: str, first: int, taken: Sequence[Waiting], leaves: Sequence[bytes]) -> None:
    """Write entries at their positions."""
    insert(
        "record_entryrow",
        ("organisation_id", "position", "kind", "subject", "actor", "at", "ticket", "data", "leaf"),
        (
            (organisation_id, position, e.kind, e.subject, e.actor, at, e.ticket, e.data, leaf)
            for position, (e, leaf, at) in enumerate(
                zip(taken, leaves, _written_each(e.at for e in taken), strict=True), first
            )
        ),
    )


def put_nodes(organisation_id: str, nodes: Iterable[tuple[int, int, bytes]]) -> None:
    """Write the roots of tiles that are full now: level, index, hash."""
    insert(
        "record_node",
        ("organisation_id", "level", '"index"', "hash"),
        ((organisation_id, level, index, value) for level, index, value in nodes),
    )


def move_head(old: HeadNow, size: int, root: bytes, checkpoint: bytes, last_at: datetime | None) -> bool:
    """Move the head on, if it still stands where it stood."""
    moved = by_hand.change(
        "UPDATE record_head SET size = %s, root = %s, checkpoint = %s, last_at = %s "
        "WHERE organisation_id = %s AND size = %s",
        [size, root, checkpoint, last_at and written(last_at), old.organisation_id, old.size],
    )
    return moved == 1


def entries_between(organisation_id: str, first: int, last: int) -> list[tuple[bytes, bytes]]:
    """The bytes and leaf hashes of the entries from one position up to, not including, another."""
    rows = by_hand.rows(
        "SELECT data, leaf FROM record_entryrow WHERE organisation_id = %s AND position >= %s "
        "AND position < %s ORDER BY position",
        [organisation_id, first, last],
    )
    return [(bytes(data), bytes(leaf)) for data, leaf in rows]


def leaves_between(organisation_id: str, first: int, last: int) -> list[bytes]:
    """The leaf hashes from one position up to, not including, another."""
    rows = by_hand.rows(
        "SELECT leaf FROM record_entryrow WHERE organisation_id = %s AND position >= %s AND position < %s "
        "ORDER BY position",
        [organisation_id, first, last],
    )
    return [bytes(leaf) for (leaf,) in rows]


def nodes_between(organisation_id: str, level: int, first: int, last: int) -> list[bytes]:
    """The hashes of one level above the leaves, from one index up to, not including, another."""
    rows = by_hand.rows(
        'SELECT hash FROM record_node WHERE organisation_id = %s AND level = %s AND "index" >= %s '
        'AND "index" < %s ORDER BY "index"',
        [organisation_id, level, first, last],
    )
    return [bytes(value) for (value,) in rows]


def first_due(until: datetime, organisation_id: str, besides: Collection[int]) -> Deadline | None:
    """What fell due first; `organisation_id`: in one alone, and nothing that failed before; or "" for all."""
    there = "AND d.organisation_id = %s AND d.failed = '' " if organisation_id else ""
    passed = f"AND d.id NOT IN ({', '.join(['%s'] * len(besides))}) " if besides else ""
    found = by_hand.rows(
        f"SELECT {columns_of(Deadline, 'd')} FROM record_deadline d WHERE d.done_at IS NULL "  # noqa: S608
        f"AND d.due <= %s {there}{passed}ORDER BY d.due, d.id LIMIT 1",
        [written(until), *([organisation_id] if organisation_id else []), *sorted(besides)],
    )
    return made_of(Deadline, found[0]) if found else None


def held_deadline(pk: int) -> Deadline | None:
    """A deadline that nobody has performed, held until the transaction ends."""
    held = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    found = by_hand.rows(
        f"SELECT {columns_of(Deadline, 'd')} FROM record_deadline d "  # noqa: S608 - names of ours
        f"WHERE d.id = %s AND d.done_at IS NULL{held}",
        [pk],
    )
    return made_of(Deadline, found[0]) if found else None


def tick_off(pk: int, at: datetime) -> None:
    """A deadline was performed."""
    by_hand.change("UPDATE record_deadline SET done_at = %s, failed = '' WHERE id = %s", [written(at), pk])


def positions_of(ticket: str) -> tuple[int, ...]:
    """Where the entries of one act stand."""
    return tuple(position for (position,) in by_hand.rows(
        "SELECT position FROM record_entryrow WHERE ticket = %s ORDER BY position", [ticket]
    ))  # fmt: skip


def insert(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows, some hundred in a statement. Names of tables and columns are ours, never a reader's."""
    place = f"({', '.join(['%s'] * len(columns))})"
    coming = iter(rows)
    while some := list(islice(coming, 500)):
        by_hand.change(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([place] * len(some))}",  # noqa: S608 - names of ours
            [value for row in some for value in row],
        )


def written(moment: datetime) -> Any:
    """A moment as the database in use keeps it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _written_each(moments: Iterable[datetime]) -> Iterator[Any]:
    """Write moments of which many are the same."""
    known: dict[datetime, Any] = {}
    for moment in moments:
        if moment not in known:
            known[moment] = written(moment)
        yield known[moment]


def moment_of(value: datetime | str | None) -> datetime | None:
    """SQLite keeps UTC without saying so, and says it as text where it does not know the column."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _surely(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment
