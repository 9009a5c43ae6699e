# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clock that stands still until it is moved, and then walks from deadline to deadline."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError, connection

from kollontai import clock
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import Deadline
from kollontai.chapters.record.statements import moment_of

HOUSEKEEPING = ("followers.stamp_export",)
"""Deadlines that nobody comes to see; the clock does not stop for them."""


def read() -> datetime:
    """What the clock shows; the machine's time where it was never set."""
    try:
        with connection.cursor() as cursor:  # by hand: everything asks, all the time
            cursor.execute("SELECT shows FROM demos_democlock ORDER BY id LIMIT 1")
            row = cursor.fetchone()
    except DatabaseError:
        row = None  # before the tables are there
    return (moment_of(row[0]) if row else None) or clock.machine_time()


def put(moment: datetime) -> None:
    """Set the clock, without anything being performed on the way (only while building)."""
    from kollontai.demos.models import DemoClock  # only where demonstrations are installed

    DemoClock.objects.update_or_create(pk=1, defaults={"shows": moment})


def next_deadline() -> Deadline | None:
    """What happens by itself the next time."""
    waiting = Deadline.objects.filter(done_at=None, failed="").exclude(act__in=HOUSEKEEPING)
    return waiting.order_by("due", "id").first()


def walk_to(moment: datetime) -> int:
    """Move on to a moment; whatever falls due on the way is performed at its own time.

    Says how many things happened that anybody comes to see, whoever performed them.
    Another process may perform some of it first: the walk goes on all the same, deadline by deadline, so that
    nothing that comes later is late.
    """
    before, tried = _performed(), set[int]()
    while True:
        waiting = Deadline.objects.filter(done_at=None, failed="", due__lte=moment).exclude(pk__in=tried)
        first = waiting.order_by("due", "id").values_list("pk", "due").first()
        if first is None:
            break
        tried.add(first[0])  # what cannot be done now does not stop the walk
        if first[1] > read():
            put(first[1])
        tick()
    if moment > read():
        put(moment)
    return _performed() - before


def _performed() -> int:
    """How much of what anybody comes to see has happened by itself."""
    return Deadline.objects.exclude(done_at=None).exclude(act__in=HOUSEKEEPING).count()
