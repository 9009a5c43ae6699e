# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts that come at the same moment are done by one thread, in one transaction, with one sync.

Threads of one process get in each other's way: each commit, each sync and each handing over of Python's
lock costs about as much as an act itself. So whoever comes while another thread is at it leaves its act
there. One thread does all that lie there, one after the other, each in a savepoint of its own: what is
refused or fails is undone alone. Then it gives their entries positions and commits everything at once.

What cannot be done in company (it takes named locks on PostgreSQL, it lost a race, or the common
transaction failed) is done again alone, the ordinary way.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction

from kollontai.chapters.record import by_hand, sequencer, statements
from kollontai.chapters.record.statements import HeadNow, Leaving, Waiting
from kollontai.chapters.record.turns import SYNC_THIS_COMMIT, durable_write, may_be_tried_again, write_turn

log = logging.getLogger("kollontai.act")
MOST = 64
"""Acts that are done in one transaction."""
LATELY = 0.05
"""Seconds for which a thread that brought an act is expected again."""
A_LITTLE = 0.003
"""Seconds for which whoever leads waits for them at most."""
A_MOMENT = 0.25
"""Seconds within which acts of others make a crowd."""
A_WHILE = 1.0
"""Seconds for which other processes that acted are expected to go on."""
Work = Callable[[datetime | None], tuple[Any, Sequence[Leaving], datetime]]


class DoneAlone(Exception):
    """This act must be done by itself."""


@dataclass(eq=False)
class Job:
    """One act that somebody brought, and what came of it.

    `work` is given the time that earlier acts in the same transaction bear (None: read it), and gives the
    act's value, its entries and its time. It is run in the context of whoever brought it, by any thread.
    """

    organisation_id: str
    work: Work
    may_go_on: Callable[[HeadNow], bool]
    """Whether nothing is overdue at this head."""
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    thread: int = field(default_factory=threading.get_ident)
    signal: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    head: HeadNow | None = None
    leads: bool = False
    alone: bool = True
    """It is to be done by itself: nothing has come of it."""
    value: Any = None
    error: Exception | None = None
    entries: Sequence[Leaving] = ()
    positions: tuple[int, ...] = ()
    synced: bool = False
    """What it brought is on the disk."""
    crowded: bool = False
    """Others act in this organisation, too, just now."""
    writes_out: bool = False
    """Whoever brought it publishes what this and its neighbours brought."""


class _Seen(NamedTuple):
    """How far this process brought a record, when, and since when it had company."""

    size: int
    at: float
    company_at: float


_gate = threading.Condition()
_waiting: list[Job] = []
_busy = [False]
_came: dict[int, float] = {}  # when each thread last brought an act
_seen: dict[str, _Seen] = {}
_others_act_until: dict[str, float] = {}
"""While other processes act, too, all gather for one sync (sequencer.give_positions_in_a_crowd)."""


def perform(job: Job) -> None:
    """Have a job done, by this thread or another. Afterwards it says what came of it."""
    with _gate:
        _waiting.append(job)
        _came[job.thread] = time.monotonic()
        leads = not _busy[0]
        _busy[0] = True
        _gate.notify()  # who leads may wait for us
    if not leads:
        job.signal.acquire()
    if leads or job.leads:
        _lead()
    if job.writes_out and job.crowded:
        with _gate:
            _came.pop(job.thread, None)  # it is busy with that for a while: nobody waits for it


def _lead() -> None:
    jobs: list[Job] = []
    try:
        _wait_for_company()
        _do(jobs)
    finally:
        if not jobs:
            _take(jobs)
        _tell(jobs)


def others_act(organisation_id: str) -> bool:
    """Whether other processes act in this organisation, too, just now."""
    return _others_act_until.get(organisation_id, 0.0) > time.monotonic()


def _tell(jobs: Sequence[Job]) -> None:
    """Let everybody know, and the next one lead."""
    with _gate:
        following = _waiting[0] if _waiting else None
        _busy[0] = following is not None
    if following is not None:
        following.leads = True
        following.signal.release()
    for job in jobs:
        job.signal.release()


def _wait_for_company() -> None:
    """Wait a little for the threads that brought something a moment ago: they may just come again."""
    with _gate:
        since = time.monotonic() - LATELY
        for thread in [thread for thread, at in _came.items() if at < since]:
            del _came[thread]
        _gate.wait_for(lambda: len(_waiting) >= len(_came), A_LITTLE)


def _take(jobs: list[Job]) -> None:
    with _gate:
        jobs += _waiting[:MOST]
        del _waiting[:MOST]


def _do(jobs: list[Job]) -> None:
    try:
        with write_turn():
            _take(jobs)  # late: who came while we waited for the turn is taken along
            gather = any(others_act(job.organisation_id) for job in jobs)
            # PostgreSQL is told within the transaction, together with the first savepoint.
            told_within = gather or connection.vendor == "postgresql"
            with nullcontext() if told_within else durable_write(), transaction.atomic():
                placed = _all_of(jobs, gather=gather)
    except BaseException as error:
        for job in jobs:
            job.alone, job.value, job.error, job.entries = True, None, None, ()
        if not isinstance(error, DatabaseError | OSError):
            raise
        # What was wrong with all of it, each finds out alone.
        log.info("Acts could not be done together and are done one by one", exc_info=True)
        return
    for job in jobs:
        job.synced = not gather
    for organisation_id, (first, taken) in placed.items():
        sequencer.tell(taken, first)
        here = [job for job in jobs if job.organisation_id == organisation_id]
        _remember(organisation_id, first, taken, here)


def _remember(organisation_id: str, first: int, taken: Sequence[Waiting], jobs: Sequence[Job]) -> None:
    """Say where the entries of each act stand, who publishes them, and who else acts."""
    places: dict[str, list[int]] = {}
    for position, entry in enumerate(taken, first):
        places.setdefault(entry.ticket, []).append(position)
    now = time.monotonic()
    before = _seen.get(organisation_id, _Seen(first, 0.0, 0.0))
    if before.size != first and now - before.at < A_MOMENT:
        _others_act_until[organisation_id] = now + A_WHILE
    company_at = now if len(jobs) > 1 else before.company_at
    _seen[organisation_id] = _Seen(first + len(taken), now, company_at)
    for job in jobs:
        if job.entries:
            job.positions = tuple(places.get(job.entries[0].ticket, ()))
            job.crowded = now - company_at < A_MOMENT
    for job in jobs:
        if job.positions:
            job.writes_out = True
            break


def _all_of(jobs: Sequence[Job], *, gather: bool) -> dict[str, tuple[int, list[Waiting]]]:
    judges = {job.organisation_id: job.may_go_on for job in jobs}
    heads = {organisation_id: _ready(organisation_id, judge) for organisation_id, judge in judges.items()}
    times: dict[str, datetime] = {}
    leaving: dict[str, list[Leaving]] = {}
    mark = Savepoint(synced=not gather)
    for job in jobs:
        job.head = heads[job.organisation_id]
        at = job.head and job.context.run(_one, job, times.get(job.organisation_id), mark)
        if at is not None:
            times[job.organisation_id] = at
            leaving.setdefault(job.organisation_id, []).extend(job.entries)
    placed = {}
    for organisation_id, entries in leaving.items():
        if entries:
            statements.put_into_outbox(entries)
            given = None if gather else _positions(organisation_id)
            if given is not None:
                placed[organisation_id] = given
    return placed


def _ready(organisation_id: str, may_go_on: Callable[[HeadNow], bool]) -> HeadNow | None:
    """The head of an organisation in which acts may go on; what is wrong or overdue, each meets alone."""
    try:
        with transaction.atomic():
            head = sequencer.ready(organisation_id)
    except DatabaseError:
        raise
    except Exception:
        return None
    return head if may_go_on(head) else None


class Savepoint:
    """The savepoint of the act that runs: each gives up the one before it in the same breath.

    Django's own takes two statements an act, each a journey to the server and back.
    """

    def __init__(self, *, synced: bool) -> None:
        """Know of no act yet. `synced`: PostgreSQL's commit of them all waits for the disk."""
        told = synced and connection.vendor == "postgresql"
        self._before: tuple[str, ...] = (SYNC_THIS_COMMIT,) if told else ()
        self._hooks = 0

    def set(self) -> None:
        """Keep what was done so far; what comes can be taken back until this is called again."""
        by_hand.in_one_breath(*self._before, 'SAVEPOINT "act"')
        self._before = ('RELEASE SAVEPOINT "act"',)
        self._hooks = len(connection.run_on_commit)

    def take_back(self) -> None:
        """Undo what was done since, with all that was to follow the commit."""
        by_hand.in_one_breath('ROLLBACK TO SAVEPOINT "act"')
        del connection.run_on_commit[self._hooks :]
        connection.set_rollback(False)


def _one(job: Job, at: datetime | None, mark: Savepoint) -> datetime | None:
    """Do one act after a savepoint; give the time it bears, or None where nothing came of it."""
    mark.set()
    try:
        job.value, job.entries, at = job.work(at)
    except DoneAlone:
        mark.take_back()
        return None
    except Exception as error:
        mark.take_back()
        job.alone = isinstance(error, DatabaseError) and may_be_tried_again(error)
        job.error = None if job.alone else error
        return None
    job.alone = False
    return at


def _positions(organisation_id: str) -> tuple[int, list[Waiting]] | None:
    """Give positions to all that waits, if nobody else does so; else each asks for its own later."""
    try:
        with transaction.atomic():
            return sequencer.sequence_batch(organisation_id)
    except sequencer.Taken:
        _others_act_until[organisation_id] = time.monotonic() + A_WHILE
        return None
    except DatabaseError:
        raise
    except Exception:  # the acts stand; what is wrong is told to who asks for their positions
        log.exception("Entries could not be given positions together with their acts")
        return None
