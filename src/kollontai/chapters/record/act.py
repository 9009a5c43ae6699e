# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frame: what every use of a right passes through.

It opens the write transaction, takes the locks the act names (in sorted order), reads the time after
them, runs the act, puts its entries into the outbox last, commits, and tries again when the database
lost a race. An act that recorded nothing is rolled back. Acts never nest. Acts that come at one moment
share a transaction where they can (together.py). Before an act, the deadlines of its organisation that are
overdue are performed, so that no act meets yesterday's stage.

Deadlines are performed by clock acts in the same frame, each in its own transaction, exactly once.
"""

from __future__ import annotations

import functools
import importlib
import logging
import pkgutil
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils.timezone import is_naive

from kollontai import clock
from kollontai.chapters.record import publishing, sequencer, statements, together
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import Content, Deadline, Lock, Organisation
from kollontai.chapters.record.refusal import Refusal, Refused, require
from kollontai.chapters.record.statements import HeadNow, Leaving
from kollontai.chapters.record.turns import may_be_tried_again, sync_what_is_committed, write_turn
from kollontai.ids import new_id
from kollontai.openrecord import commitment
from kollontai.openrecord.entries import PROTECTED, Entry, to_bytes
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.facts import Fact

__all__ = ["Act", "Actor", "Done", "Refusal", "Refused", "act", "clock_act", "private_write", "require"]

P = ParamSpec("P")
T = TypeVar("T")

OPERATOR = "operator"
TRIES = 6
PATIENCE = 0.05  # seconds a request may wait for its receipt
log = logging.getLogger("kollontai.act")


class FrameError(Exception):
    """The code of an act is wrong: it nested, recorded nothing, or forgot a text."""


@dataclass(frozen=True)
class Actor:
    """Who acts, in which organisation, and how they were known."""

    organisation: str
    id: str
    auth: str


@dataclass(frozen=True)
class Done(Generic[T]):
    """What an act gave back, and where its entries stand. Empty `positions`: the receipt follows."""

    value: T
    ticket: str
    positions: tuple[int, ...]


class Act:
    """One use of a right while it runs. `at` is the time of all of it."""

    def __init__(self, actor: Actor, at: datetime, ticket: str, *, founding: bool) -> None:
        self._founding = founding
        self._organisation: Organisation | None = None
        self.actor = actor.id
        self.auth = actor.auth
        self.organisation_id = actor.organisation
        self.at = at
        self.ticket = ticket
        self.entries: list[Leaving] = []
        self.in_company = False
        """Done in one transaction with acts of others, where nobody waits for a lock."""
        self.evidence_follows = False
        """Set by a secret box alone: what it took in stands on the record when it is opened, not before."""
        self.once_committed: list[Callable[[], object]] = []
        """What is done when everything here is safely in the database, and not where it is undone."""

    @property
    def organisation(self) -> Organisation:
        """The organisation this happens in."""
        if self._organisation is None:
            if self._founding:
                raise FrameError("The organisation has not begun yet.")
            found = Organisation.objects.raw(
                "SELECT * FROM record_organisation WHERE id = %s", [self.organisation_id]
            )
            self._organisation = found[0]
        return self._organisation

    def begin(self, organisation: Organisation) -> None:
        """Found: give the organisation its row's place, its key and an empty record."""
        if self._organisation is not None or not self._founding:
            raise FrameError("An organisation begins once.")
        self._organisation = organisation
        sequencer.begin(organisation)
        self.deadline("followers.stamp_export", organisation.pk, self.at + timedelta(days=1))

    def record(
        self,
        fact: Fact,
        *,
        actor: str | None = None,
        author: str | None = None,
        held_until: str = "",
        audience: str | None = None,
        **texts: str,
    ) -> dict[str, Content]:
        """Put an entry on the record, with the commitments to its texts; return their rows.

        `author` is who may erase the texts later (the actor unless said otherwise). `held_until`: the
        poll or statement whose close or opening releases them.
        """
        contents = self._write(fact, actor or self.actor, author, held_until, audience, texts)
        statements.put_contents(list(contents.values()))
        return contents

    def record_beside(
        self, fact: Fact, table: str, key: str, row: Mapping[str, Any], *, held_until: str = "", **texts: str
    ) -> Content | None:
        """Put an entry with one text on the record, and write a row that names the text by `key`.

        None where such a row stands already: then the act is to be refused. By hand, for what is done more
        often than anything else; the text that is given back has no id.
        """
        [content] = self._write(fact, self.actor, None, held_until, None, texts).values()
        return content if statements.put_content_beside(content, table, key, row) else None

    def record_each(
        self, fact: Fact, *, held_until: str = "", texts: Mapping[str, Mapping[str, str]]
    ) -> dict[str, dict[str, Content]]:
        """Put the same fact on the record for each of several members, by member the texts of each."""
        contents = {
            member: self._write(fact, member, None, held_until, None, said) for member, said in texts.items()
        }
        statements.put_contents([one for each in contents.values() for one in each.values()])
        return contents

    def _write(
        self,
        fact: Fact,
        actor: str,
        author: str | None,
        held_until: str,
        audience: str | None,
        texts: Mapping[str, str],
    ) -> dict[str, Content]:
        unknown = texts.keys() - set(fact.commits)
        if unknown:
            raise FrameError(f"{fact.kind_name} commits to no {', '.join(sorted(unknown))}.")
        if fact.held and texts and not held_until:
            raise FrameError(f"{fact.kind_name} holds its texts back, but until when was not said.")
        written_by = author or actor
        contents: dict[str, Content] = {}
        commitments: dict[str, bytes] = {}
        for field, text in texts.items():
            salt, value = commitment.new_salt(), text.encode("utf-8")
            commitments[field] = commitment.commit(
                org=self.organisation_id,
                kind=fact.kind_name,
                field=field,
                author=written_by,
                salt=salt,
                value=value,
            )
            contents[field] = Content(
                organisation_id=self.organisation_id,
                commitment=commitments[field].hex(),
                kind=fact.kind_name,
                field=field,
                author=written_by,
                audience=audience or fact.audience,
                held_until=held_until,
                salt=salt,
                value=value,
            )
        entry = Entry(
            at=self.at,
            org=self.organisation_id,
            actor=actor,
            auth=PROTECTED if fact.link == "protected" else self.auth,
            n=secrets.token_bytes(16),
            fact=fact,
            commitments=commitments,
        )
        self.entries.append(
            Leaving(
                organisation_id=self.organisation_id,
                kind=fact.kind_name,
                subject=_subject_of(fact),
                actor=entry.actor,
                at=self.at,
                ticket=self.ticket,
                data=to_bytes(entry),
            )
        )
        return contents

    def erase(self, contents: Iterable[Content], *, ground: str) -> None:
        """Delete bytes and salt, and say so on the record; the commitments stay."""
        from kollontai.openrecord.kinds.talk import ContentErased

        gone = [content for content in contents if not content.erased]
        if not gone:
            return
        Content.objects.filter(pk__in=[content.pk for content in gone]).update(
            value=None, salt=None, erased_at=self.at
        )
        self.record(ContentErased(commitments=tuple(content.commitment for content in gone), ground=ground))

    def release(self, held_until: str) -> None:
        """Give everything that was held until this poll or statement to its audience, all at once."""
        Content.objects.filter(organisation_id=self.organisation_id, held_until=held_until).update(
            held_until=""
        )

    def deadline(self, act: str, subject: str, due: datetime) -> None:
        """Let the clock do something when its time has come."""
        if act not in CLOCK_ACTS:
            discover()
            if act not in CLOCK_ACTS:
                raise FrameError(f"No clock act is called {act}.")
        Deadline.objects.create(organisation_id=self.organisation_id, act=act, subject=subject, due=due)

    def bring_forward(self, subject: str) -> None:
        """Let the clock do now what it was to do later about this (a vote in which all have voted)."""
        Deadline.objects.filter(
            organisation_id=self.organisation_id, subject=subject, done_at=None, due__gt=self.at
        ).update(due=self.at)

    def cancel_deadlines(self, act: str, subject: str) -> None:
        """Take back what the clock was to do, because it no longer makes sense."""
        Deadline.objects.filter(
            organisation_id=self.organisation_id, act=act, subject=subject, done_at=None
        ).delete()

    def lock(self, *names: str) -> None:
        """Take more locks of this organisation, in sorted order, until the act is over."""
        if connection.vendor == "sqlite":
            return  # the write turn is the lock
        if self.in_company and names:
            raise together.DoneAlone
        locks = Lock.objects.filter(organisation_id=self.organisation_id)
        for name in sorted(set(names)):
            if locks.select_for_update().filter(name=name).first() is None:
                locks.get_or_create(organisation_id=self.organisation_id, name=name)
                locks.select_for_update().get(name=name)


Locks = Callable[[dict[str, Any]], Iterable[str]]
_running: ContextVar[str] = ContextVar("running", default="")


Written = Callable[Concatenate[Act, P], T]
"""An act as it is written: it is given the running act."""
Performed = Callable[Concatenate[Actor, P], Done[T]]
"""An act as it is called: it is given who acts."""


@overload
def act(function: Written[P, T]) -> Performed[P, T]: ...
@overload
def act(
    *, locks: Locks | None = None, founding: bool = False
) -> Callable[[Written[P, T]], Performed[P, T]]: ...
def act(
    function: Callable[..., Any] | None = None,
    *,
    locks: Locks | None = None,
    founding: bool = False,
) -> Any:
    """Make a plain function an act: called with an Actor in place of the running act, it gives a Done.

    `locks` names what must not be changed by another act meanwhile, from the act's own arguments.
    `founding`: the organisation does not exist yet; the act begins it.
    """

    def frame(inner: Callable[Concatenate[Act, P], T]) -> Callable[Concatenate[Actor, P], Done[T]]:
        @functools.wraps(inner)
        def perform(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Done[T]:
            names = sorted(set(locks(dict(kwargs)))) if locks else []

            def run(this: Act) -> T:
                value = inner(this, *args, **kwargs)
                if not this.entries and not this.evidence_follows:
                    raise FrameError(f"{inner.__name__} recorded nothing.")
                return value

            if not founding and not connection.in_atomic_block and _may_have_company(actor, names):
                done = _in_company(actor, inner.__name__, run)
                if done is not None:
                    return done
            if founding:
                sequencer.refuse_where_it_stands_still(actor.organisation)
            head = None if founding else _caught_up(actor.organisation)
            return _perform(actor, inner.__name__, names, run, head, founding=founding)

        ACTS[f"{'.'.join(inner.__module__.split('.')[2:3])}.{inner.__name__}"] = perform
        return perform

    return frame(function) if function is not None else frame


ACTS: dict[str, Callable[..., Any]] = {}
"""Every act of a member, by chapter and name."""

ClockAct = Callable[..., None]
CLOCK_ACTS: dict[str, ClockAct] = {}
"""Every act of the clock, by the name its deadlines carry."""


def clock_act(name: str) -> Callable[[ClockAct], ClockAct]:
    """Let the clock perform this function when a deadline of this name falls due."""

    def register(function: ClockAct) -> ClockAct:
        CLOCK_ACTS[name] = function
        return function

    return register


@functools.cache
def discover() -> None:
    """Import every file of powers, so that the clock finds its acts."""
    for follower in settings.FOLLOWERS_THAT_ACT:
        importlib.import_module(follower)
    for chapter in settings.CHAPTERS:
        if chapter in ("accounts", "record"):
            continue  # no powers there
        package = importlib.import_module(f"kollontai.chapters.{chapter}.acts")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")


@contextmanager
def private_write() -> Iterator[None]:
    """Write a private table of one's own: no entry, no frame, but the write turn and a transaction."""
    with write_turn(), transaction.atomic(), opened_for("private"):
        yield


def perform_step(actor: Actor, name: str, run: Callable[[Act], T]) -> Done[T]:
    """Perform in the frame what is no power: it stands on no list, and no page or address leads to it."""
    return _perform(actor, name, [], run, _caught_up(actor.organisation))


def perform_for_operator(organisation_id: str, name: str, run: Callable[[Act], T]) -> Done[T]:
    """Put on the record what whoever runs the server did to the house. No deadline is performed before it."""
    sequencer.ready(organisation_id)
    return _perform(Actor(organisation_id, OPERATOR, OPERATOR), name, [], run, None)


# --- The frame itself --------------------------------------------------------------------------------


def _perform(
    actor: Actor,
    name: str,
    locks: list[str],
    run: Callable[[Act], T],
    head: HeadNow | None,
    *,
    founding: bool = False,
) -> Done[T]:
    ticket = new_id()
    with _not_nested(name), sequencer.acting():
        value, done = _until_it_holds(lambda: _once(actor, locks, run, ticket, founding))
    for then in done.once_committed:
        then()
    if done.evidence_follows:
        sync_what_is_committed()
    if not done.entries:
        return Done(value, ticket, ())
    crowded = head if head is not None and _others_act(head) else None
    return Done(value, ticket, _receipt(actor.organisation, ticket, head, crowded))


@contextmanager
def _not_nested(name: str) -> Iterator[None]:
    if _running.get():
        raise FrameError(f"Acts never nest: {name} was called inside {_running.get()}.")
    token = _running.set(name)
    try:
        yield
    finally:
        _running.reset(token)


def _may_have_company(actor: Actor, names: list[str]) -> bool:
    """On SQLite always: the write turn is the lock, and there is one for all processes."""
    return connection.vendor == "sqlite" or not (names or together.others_act(actor.organisation))


def _in_company(actor: Actor, name: str, run: Callable[[Act], T]) -> Done[T] | None:
    """Do an act together with those that others bring just now; None where it is to be done alone."""
    ticket = new_id()
    acts: list[Act] = []

    def work(at: datetime | None) -> tuple[T, list[Leaving], datetime]:
        with opened_for("public"):
            this = Act(actor, at or _time(actor.organisation), ticket, founding=False)
            this.in_company = True
            acts[:] = [this]
            return run(this), this.entries, this.at

    with _not_nested(name):
        job = together.Job(actor.organisation, work, _nothing_overdue)
        together.perform(job)
    if job.error is not None:
        raise job.error
    if job.alone:
        return None
    for then in acts[0].once_committed:
        then()
    if not job.entries:  # a secret box took something in
        if not job.synced:
            sync_what_is_committed()
    elif not job.positions:
        gathers = job.head if together.others_act(actor.organisation) else None
        return Done(job.value, ticket, _receipt(actor.organisation, ticket, job.head, gathers))
    elif job.writes_out:
        with _told_later():
            _publish(actor.organisation, job.head, crowded=job.crowded)
    return Done(job.value, ticket, job.positions)


@contextmanager
def _told_later() -> Iterator[None]:
    """The act is done: what fails from here on is done again later, and is no reason to say it failed."""
    try:
        yield
    except (OSError, DatabaseError, RecordError):
        if _may_raise():
            raise
        log.exception("An act is done, but its entries could not be sequenced or published at once")


def _once(
    actor: Actor, locks: list[str], run: Callable[[Act], T], ticket: str, founding: bool
) -> tuple[T, Act]:
    with write_turn(), transaction.atomic(), opened_for("public"):
        this = Act(actor, clock.now(), ticket, founding=founding)
        this.lock(*locks)
        this.at = _time(actor.organisation)
        value = run(this)
        statements.put_into_outbox(this.entries)
        return value, this


def _time(organisation_id: str) -> datetime:
    """Read the time once the locks are held: whole minutes, never before the last entry's."""
    now = clock.now()
    assert not is_naive(now)
    now = now.replace(second=0, microsecond=0)
    last = statements.last_moment(organisation_id)
    return now if last is None or last <= now else last


def _until_it_holds(attempt: Callable[[], T]) -> T:
    """Run a transaction again when it lost a race; only the outermost one may be run again."""
    if connection.in_atomic_block:
        return attempt()
    for number in range(1, TRIES + 1):
        try:
            return attempt()
        except (OperationalError, IntegrityError) as error:
            if number == TRIES or not may_be_tried_again(error):
                raise
            time.sleep(random.uniform(0, 0.01 * 2**number))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def _receipt(
    organisation_id: str, ticket: str, before: HeadNow | None, crowded: HeadNow | None
) -> tuple[int, ...]:
    """Have the new entries sequenced, or see that another request just does it; give their positions.

    Only an old copy of the database is told that something failed, because there nothing will be done later.
    """
    give_up = time.monotonic() + PATIENCE
    positions: tuple[int, ...] = ()
    with _told_later():
        while not positions and time.monotonic() < give_up:
            if crowded:
                free = sequencer.give_positions_in_a_crowd(crowded)
            else:
                free = sequencer.give_positions(organisation_id)
                crowded = None if free else before
            positions = (
                sequencer.positions_of(ticket)
                if free
                else sequencer.wait_for_positions(organisation_id, ticket)
            )
        if positions:
            if before is not None:
                _last.acts[organisation_id] = before.size + len(positions), time.monotonic()
            _publish(organisation_id, before, crowded=crowded is not None)
        else:
            sync_what_is_committed()
    return positions


def _publish(organisation_id: str, before: HeadNow | None, *, crowded: bool) -> None:
    if before is None:
        publishing.publish(organisation_id)
    else:
        publishing.publish_in_passing(before, organisation_id, crowded=crowded)


def _may_raise() -> bool:
    """Whether a transaction around all this is spoilt by an error, as in tests: then nothing goes on."""
    return connection.in_atomic_block


class _Last(threading.local):
    """How far this thread's last act alone would have brought the record, and when that was."""

    def __init__(self) -> None:
        self.acts: dict[str, tuple[int, float]] = {}


_last = _Last()


def _others_act(head: HeadNow) -> bool:
    """Whether others acted here since this thread did, just now: then one of us does the work for all."""
    size, at = _last.acts.get(head.organisation_id, (head.size, 0.0))
    return head.size != size and time.monotonic() - at < together.A_MOMENT


# --- The clock ---------------------------------------------------------------------------------------


def _nothing_overdue(head: HeadNow) -> bool:
    return head.next_due is None or head.next_due > clock.now()


def _caught_up(organisation_id: str) -> HeadNow:
    """Give the head of an organisation in which nothing is overdue any more."""
    head = sequencer.ready(organisation_id)
    if _nothing_overdue(head) or _running.get():
        return head
    catch_up(organisation_id)
    return sequencer.ready(organisation_id)


def catch_up(organisation_id: str) -> int:
    """Perform everything overdue in one organisation, in the order it fell due; say how much that was.

    What has failed before is left to `tick`: acts do not wait for it again and again.
    """
    return _perform_due(organisation_id)


def tick() -> int:
    """Perform everything overdue anywhere, each in its own transaction; say how much that was."""
    return _perform_due()


def _perform_due(organisation_id: str = "") -> int:
    """Those of one organisation that have not failed before, or all there are."""
    discover()
    performed, passed_over = 0, set[int]()
    while True:
        row = statements.first_due(clock.now(), organisation_id, passed_over)
        if row is None:
            return performed
        try:
            if perform_deadline(row):
                performed += 1
            else:
                passed_over.add(row.pk)  # another process did it, or its minute is not over yet
        except Exception as error:  # one broken deadline must not stop the clock for all
            if _may_raise() or getattr(settings, "CLOCK_RAISES", False):
                raise
            passed_over.add(row.pk)
            log.exception("A deadline could not be performed: %s %s", row.act, row.subject)
            Deadline.objects.filter(pk=row.pk).update(failed=f"{type(error).__name__}: {error}"[:200])


def perform_deadline(row: Deadline) -> bool:
    """Perform one deadline, exactly once however many try; say whether it was done here."""
    actor = Actor(row.organisation_id, "clock", "clock")

    def run(this: Act) -> bool:
        held = statements.held_deadline(row.pk)
        if held is None or held.due > this.at:
            return False
        CLOCK_ACTS[held.act](this, subject=held.subject, due=held.due)
        statements.tick_off(row.pk, this.at)
        return True

    head = sequencer.ready(row.organisation_id)
    return bool(_perform(actor, row.act, [], run, head).value)


def _subject_of(fact: Fact) -> str:
    """The first field of a fact is what it is about."""
    for field in fact.shapes:
        value = getattr(fact, field)
        return value if isinstance(value, str) and len(value) <= 64 else ""
    return ""
