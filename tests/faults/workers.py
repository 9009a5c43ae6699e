# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the processes of these tests do. One mother has imported everything and forks a child for each task.

The mother reads a line of JSON for each wish: ["start", environment, task, …] gives a process id, ["wait", id] its
end. She serves many halls and has opened none.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests import typist


def settle() -> None:
    """What the keeper does after a crash: sequence what waits, publish what is committed."""
    from kollontai.chapters.record import sequencer
    from tests.faults import house

    while sequencer.sequence(house.ORG) < 0:
        time.sleep(0.01)


def make_tables() -> None:
    """Make the tables, in one file where they are files."""
    from django.db import connection

    from tests.faults import house

    house.make_tables()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def begin(members: str, polls: str) -> None:
    """Begin the hall."""
    from tests.faults import house

    house.open_hall(house.member(0), members=int(members), polls=int(polls))


def write(receipts: str, poll: str, first: str, most: str) -> None:
    """Vote in one poll, member after member; write down each receipt once the act gave it."""
    from tests.faults import house

    for number in range(int(first), int(first) + int(most)):
        done = house.vote(house.member(number), poll=house.poll(int(poll)))
        if done.positions:
            note(
                receipts,
                {"ticket": done.ticket, "positions": done.positions, "actor": house.member(number).id},
            )


def note(path: str, line: object) -> None:
    """Write a line so that it outlives everything but the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, json.dumps(line).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sequence_on() -> None:
    """The keeper's loop, without its pauses."""
    from kollontai.chapters.record import sequencer
    from tests.faults import house

    while True:
        sequencer.sequence(house.ORG)
        time.sleep(0.002)


def vote_and_die(way: str, poll: str, point: str) -> None:
    """Vote once, alone or in company, and die at one point on the way to the receipt."""
    from kollontai.chapters.record import act, publishing, sequencer
    from tests.faults import house

    if way == "alone":
        act._in_company = lambda *_: None

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), 9)

    if point == "before the sequencing":
        sequencer.give_positions = sequencer.sequence_batch = die
    elif point == "inside the sequencing":
        sequencer.statements.move_head = die
    elif point == "after the commit":
        sequencer.tell = die
    elif point == "before the publication":
        publishing.publish_in_passing = die
    else:
        left, real = int(point.split()[-1]), publishing.write_durably

        def write_some(path: Path, data: bytes) -> None:
            nonlocal left
            if not left:
                die()
            left -= 1
            real(path, data)

        publishing.write_durably = publishing.keys.write_durably = write_some
    house.vote(house.member(0), poll=house.poll(int(poll)))


def vote_at(moment: str, results: str, poll: str, number: str, times: str) -> None:
    """Vote at an agreed moment, and on; write down how each vote was taken."""
    from kollontai.chapters.record import sequencer
    from kollontai.chapters.record.refusal import Refused
    from tests.faults import house

    house.Organisation.objects.exists()  # connected
    time.sleep(max(0.0, float(moment) - time.time()))
    for step in range(int(times)):
        try:
            done = house.vote(house.member(int(number)), poll=house.poll(int(poll) + step))
        except Refused as refused:
            note(results, {"refused": refused.refusal.code})
            continue
        positions = done.positions
        while not positions:
            time.sleep(0.005)
            positions = sequencer.positions_of(done.ticket)
        note(results, {"ticket": done.ticket, "positions": positions, "actor": house.member(int(number)).id})


def vote_in_threads(results: str, failure: str) -> None:
    """Vote in eight threads of one process, six times each; the acts of some threads fail or are refused."""
    from django.db import DatabaseError, connection

    from kollontai.chapters.record import sequencer, together
    from kollontai.chapters.record.refusal import Refused
    from tests.faults import house

    sizes: list[int] = []
    all_of, batch = together._all_of, sequencer.sequence_batch

    def count(jobs: list[together.Job], **how: bool) -> object:
        placed = all_of(jobs, **how)
        sizes.append(sum(not job.alone for job in jobs))
        return placed

    def fail_in_company(organisation_id: str) -> object:
        if "_all_of" in {frame.name for frame in traceback.extract_stack()}:
            raise DatabaseError("the disk is full")
        return batch(organisation_id)

    together._all_of = count
    if failure == "common":
        sequencer.sequence_batch = fail_in_company
    start = threading.Barrier(8)

    def loop(thread: int) -> None:
        acts = {6: house.break_halfway, 7: house.lock_and_vote}
        for step in range(6):
            start.wait()
            voter = house.member(0 if thread == 5 else thread)  # thread 5 comes a second time for member 0
            try:
                done = acts.get(thread, house.vote)(voter, poll=house.poll(step))
            except (Refused, ValueError) as error:
                note(results, {"thread": thread, "refused": str(error)})
                continue
            positions = done.positions
            while not positions:
                time.sleep(0.005)
                positions = sequencer.positions_of(done.ticket)
            note(
                results, {"thread": thread, "ticket": done.ticket, "positions": positions, "actor": voter.id}
            )
        connection.close()

    running = [threading.Thread(target=loop, args=(thread,)) for thread in range(8)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    note(results, {"company": sizes})


def export_slowly(results: str, copy: str, go: str) -> None:
    """Export; before the first file is written, wait until somebody says go."""
    from kollontai.followers import export
    from tests.faults import house

    real = export._files

    def files(*words: object) -> object:
        note(results, {"reading": True})
        until = time.monotonic() + 30
        while not Path(go).exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert Path(go).exists(), "whoever was to say go waits for this export"
        return real(*words)

    export._files = files
    export.export_to(house.Organisation.objects.get(), Path(copy))


def open_secret(number: str) -> None:
    """Open a secret vote."""
    from kollontai.chapters.record.act import Actor
    from tests.faults import house

    house.open_secret(Actor(house.ORG, "clock", "clock"), number=int(number), closes_in=3)


def cast_secret(results: str, number: str, first: str, many: str) -> None:
    """Let members vote in secret, one after the other; each writes down what they took home."""
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
    from tests.faults import house

    for voter in range(int(first), int(first) + int(many)):
        ranking = [[house.member(voter % 2).id], ["ron"]]
        taken = cast_ballot(house.member(voter), poll_id=house.poll(int(number)), ranking=ranking).value
        note(results, {"voter": house.member(voter).id, "choice": voter % 2, "code": taken.code,
                       "sealed": taken.commitment})  # fmt: skip


def set_deadlines(many: str) -> None:
    """Leave the clock something to do a week from now: many that work, and one in the midst that fails."""
    from tests.faults import house

    house.set_deadlines(house.member(0), many=int(many))


def tick_at(moment: str, results: str, days: str) -> None:
    """Tick as if so many days had passed."""
    from kollontai import clock
    from kollontai.chapters.record import act
    from tests.faults import house

    clock.read_from(lambda: clock.machine_time() + timedelta(days=float(days)))
    house.Organisation.objects.exists()
    time.sleep(max(0.0, float(moment) - time.time()))
    note(results, {"performed": act.tick()})


def follow(vkey: str) -> None:
    """Begin to witness a record."""
    from kollontai.chapters.record import witnessing
    from kollontai.openrecord.keys import VerifierKey

    witnessing.follow(VerifierKey.parse(vkey))


def witness_at(moment: str, results: str, request: str) -> None:
    """Answer a request to cosign at an agreed moment."""
    from kollontai.chapters.record import witnessing
    from tests.faults import house

    house.Organisation.objects.exists()
    body = Path(request).read_bytes()
    time.sleep(max(0.0, float(moment) - time.time()))
    answer = witnessing.answer(body, at=datetime.fromisoformat("2026-02-01T12:00:00+00:00"))
    note(results, {"status": answer.status, "body": answer.body.decode()})


def give_addresses() -> None:
    """Let every member be reached by mail."""
    from kollontai.chapters.members.models import Contact, Member
    from kollontai.chapters.record.guard import opened_for
    from tests.faults import house

    with opened_for("public"):
        Contact.objects.bulk_create(
            [
                Contact(member_id=one, organisation_id=house.ORG, email=f"{one}@example.org")
                for one in Member.objects.values_list("pk", flat=True)
            ]
        )


def write_notices(rounds: str) -> None:
    """The keeper's loop over notices; without end, or a number of times."""
    from kollontai import clock
    from kollontai.followers import notices

    left = int(rounds)
    while left != 0:
        notices.keep_up(at=clock.machine_time())
        left -= 1
        time.sleep(0.002)


TASKS: dict[str, Callable[..., None]] = {
    task.__name__: task
    for task in (
        make_tables, settle, begin, write, sequence_on, vote_and_die, vote_at, vote_in_threads, set_deadlines, tick_at, follow, witness_at,
        open_secret, cast_secret, give_addresses, write_notices, export_slowly,
    )
}  # fmt: skip


def mother() -> None:
    """Import everything once, and fork a child for each task: it reads the settings of its own environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    import django

    django.setup()
    from django.urls import get_resolver

    from kollontai.chapters.record import act
    from kollontai.followers import export, notices  # noqa: F401 - so that every child has them
    from tests.faults import house  # noqa: F401

    act.discover()
    _ = get_resolver().url_patterns  # all pages with them
    for line in sys.stdin:
        wish, *words = json.loads(line)
        if wish == "start":
            child = os.fork()
            if not child:
                os._exit(task(*words))
            answer({"started": child})
        else:
            _, status = os.waitpid(words[0], 0)
            answer({"ended": os.waitstatus_to_exitcode(status)})


def answer(what: object) -> None:
    """Tell the test."""
    print(json.dumps(what), flush=True)


def task(environment: dict[str, str], name: str, *words: str) -> int:
    """Do a task in this child, in the surroundings of its hall."""
    try:
        typist.be_in(environment)
        TASKS[name](*words)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    mother()
