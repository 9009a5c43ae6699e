# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading the record by position: each follower has a place of its own, and moves on with what it did there.

What a follower writes and the place it has come to are one transaction, under the lock of the place. So
however many processes follow, and wherever one of them is killed, each entry is met exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from kollontai.chapters.record.models import EntryRow, Head, Organisation
from kollontai.chapters.record.turns import write_turn
from kollontai.followers.models import Place
from kollontai.openrecord.entries import Entry, from_bytes

MOST_AT_ONCE = 500


def behind(follower: str) -> list[str]:
    """The organisations in whose records there is something this follower has not read."""
    read = dict(Place.objects.filter(follower=follower).values_list("organisation", "position"))
    heads = Head.objects.filter(size__gt=0).values_list("organisation", "size")
    return sorted(one for one, size in heads if read.get(one, -1) < size)


@contextmanager
def at_its_place(
    organisation: Organisation, follower: str, begin: Callable[[Organisation], int]
) -> Iterator[Place]:
    """Stand at the follower's place, alone. `begin` says where it begins when it has never been here."""
    with write_turn(), transaction.atomic():
        found = Place.objects.filter(organisation=organisation, follower=follower)
        place = found.select_for_update().first()
        if place is None:
            _row, made = Place.objects.get_or_create(organisation=organisation, follower=follower)
            place = found.select_for_update().get()
            if made:
                place.position = begin(organisation)
                place.save(update_fields=["position"])
        yield place


def next_entries(place: Place, kinds: frozenset[str]) -> list[Entry]:
    """The next entries of these kinds; the place moves behind all that was passed over."""
    rows = EntryRow.objects.filter(organisation=place.organisation_id, position__gte=place.position)
    taken = list(rows.order_by("position").values_list("position", "kind", "data")[:MOST_AT_ONCE])
    if taken:
        place.position = taken[-1][0] + 1
        place.save(update_fields=["position"])
    return [from_bytes(bytes(data), position) for position, kind, data in taken if kind in kinds]
