# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record as members look at it: a list of entries, one entry with its proof and its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from kollontai.chapters.members.models import Member
from kollontai.chapters.record import publishing
from kollontai.chapters.record.models import Content, EntryRow, Organisation
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.entries import read_core
from kollontai.openrecord.facts import KINDS
from kollontai.openrecord.receipt import Carried, Opening, make_receipt
from kollontai.openrecord.tree import inclusion_ranges
from kollontai.web import numbers
from kollontai.web.kinds import AUTHS, FIELDS, KindWords, words_of

PER_PAGE = 50
LONGEST_SHOWN = 2_000


@dataclass(frozen=True)
class Line:
    """An entry in a list."""

    position: int
    at: datetime
    words: KindWords
    who: str


@dataclass(frozen=True)
class Committed:
    """What an entry is tied to, and how much of it may be seen."""

    field: str
    commitment: str
    state: str  # opens, held, erased, missing
    text: str
    more: int  # signs left out


@dataclass(frozen=True)
class Neighbour:
    """One hash on the way from an entry to the root."""

    hash: str
    entries: int
    left: bool


@dataclass(frozen=True)
class EntryPage:
    """One entry with everything that is known of it."""

    position: int
    kind: str
    words: KindWords
    at: datetime
    who: str
    member: str
    by_alias: bool
    auth: str
    subject: str
    leaf: str
    raw: str
    length: int
    committed: tuple[Committed, ...]
    neighbours: tuple[Neighbour, ...]
    size: int
    root: bytes
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ListPage:
    """Part of the record, newest first."""

    lines: tuple[Line, ...]
    newer: int | None
    older: int | None


def position_in(text: str) -> int | None:
    """The position that an address names, if it names one that could be."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def newest(organisation: Organisation, *, before: int | None, member_id: str = "") -> ListPage:
    """Entries from a position downwards; of one member, if asked."""
    rows = EntryRow.objects.filter(organisation=organisation)
    if member_id:
        rows = rows.filter(actor=member_id)
    if before is not None:
        rows = rows.filter(position__lt=before)
    some = list(rows.order_by("-position").values_list("position", "at", "kind", "actor")[: PER_PAGE + 1])
    names = names_of(organisation, (actor for _p, _a, _k, actor in some))
    lines = tuple(
        Line(position, at, words_of(kind), names.get(actor, ""))
        for position, at, kind, actor in some[:PER_PAGE]
    )
    older = lines[-1].position if len(some) > PER_PAGE else None
    return ListPage(lines, None if before is None else before + PER_PAGE, older)


def names_of(organisation: Organisation, ids: Iterable[str]) -> dict[str, str]:
    """The names of these people, as far as they have not erased them."""
    found = Member.objects.filter(organisation=organisation, pk__in=set(ids)).select_related("name")
    return {member.pk: str(member.name) for member in found}


def entry(organisation: Organisation, position: int, *, viewer: Member) -> EntryPage | None:
    """One entry as a member sees it."""
    row = EntryRow.objects.filter(organisation=organisation, position=position).first()
    if row is None:
        return None
    core = read_core(bytes(row.data))
    directory = RecordDirectory(publishing.folder(organisation))
    tree = directory.tree()
    return EntryPage(
        position=position,
        kind=row.kind,
        words=words_of(row.kind),
        at=row.at,
        who=names_of(organisation, [row.actor]).get(row.actor, ""),
        member=row.actor if row.actor not in {"clock", "operator"} and not _is_alias(row.kind) else "",
        by_alias=_is_alias(row.kind),
        auth=str(AUTHS.get(core["auth"], core["auth"])),
        subject=row.subject,
        leaf=bytes(row.leaf).hex(),
        raw=json.dumps(core, indent=1, sort_keys=True, ensure_ascii=False),
        length=len(row.data),
        committed=tuple(_committed(organisation, core.get("c", {}), viewer)),
        neighbours=_neighbours(tree, position) if position < tree.size else (),
        size=tree.size,
        root=tree.root() if tree.size else bytes(32),
        before=position - 1 if position else None,
        after=position + 1 if position + 1 < organisation.head.size else None,
    )


def _is_alias(kind: str) -> bool:
    """Whether whoever acts in entries of this kind is known by an alias made for one matter alone."""
    return kind in KINDS and KINDS[kind].link == "protected"


def _neighbours(tree, position: int) -> tuple[Neighbour, ...]:  # type: ignore[no-untyped-def]
    ranges = inclusion_ranges(position, tree.size)
    hashes = tree.inclusion_proof(position)
    return tuple(
        Neighbour(value.hex(), high - low, high <= position)
        for (low, high), value in zip(ranges, hashes, strict=True)
    )


def _committed(
    organisation: Organisation, commitments: Mapping[str, str], viewer: Member
) -> Iterable[Committed]:
    found = {
        content.commitment: content
        for content in Content.objects.filter(organisation=organisation, commitment__in=commitments.values())
    }
    for field, commitment in commitments.items():
        content = found.get(commitment)
        state, text = _seen(content, viewer)
        if field == "picture" and text:
            text = gettext("A picture, as letters: %(n)s of them.") % {"n": numbers.whole(len(text))}
        if field == "file" and text:
            text = gettext("A file, as letters: %(n)s of them.") % {"n": numbers.whole(len(text))}
        shown = text[:LONGEST_SHOWN]
        yield Committed(str(FIELDS.get(field, field)), commitment, state, shown, len(text) - len(shown))


def _seen(content: Content | None, viewer: Member) -> tuple[str, str]:
    if content is None:
        return "missing", ""
    if content.erased:
        return "erased", ""
    if content.held_until and content.author != viewer.pk:
        return "held", ""
    return "opens", str(content)


def receipt(organisation: Organisation, position: int, *, viewer: Member) -> bytes | None:
    """The proof of one entry to carry home; its author also carries what it committed to."""
    row = EntryRow.objects.filter(organisation=organisation, position=position).first()
    directory = RecordDirectory(publishing.folder(organisation))
    if row is None or position >= directory.unchecked().size:
        return None
    openings = {}
    if row.actor == viewer.pk:
        commitments = read_core(bytes(row.data)).get("c", {})
        contents = Content.objects.filter(
            organisation=organisation, commitment__in=commitments.values(), author=viewer.pk, erased_at=None
        )
        openings = {
            content.field: Opening(bytes(content.salt or b""), bytes(content.value or b""))
            for content in contents
        }
    carried = Carried(bytes(row.data), openings).pack()
    return make_receipt(directory.tree(), position, directory.note(), carried).format()


def placed(organisation: Organisation, ticket: str) -> int | None:
    """Where the first entry of an act stands, once it has its place."""
    rows = EntryRow.objects.filter(organisation=organisation, ticket=ticket).order_by("position")
    return rows.values_list("position", flat=True).first()
