# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts through the frame and the sequencer, with receipts, beside two simpler ways of writing them down.

    record     the frame: rows and outbox in one transaction, then a signed head, then the receipt
    ballot     the same through `cast_ballot`: with its rule, its roll and its box
    bulk       ballots by `cast_many`: the same rule and box, some hundred in a transaction, one client
    rows       the same two rows by Django's ORM, one durable commit each, no record at all
    chain      the rows and the next link of a hash chain under a locked counter, one durable commit each

Bars: 800 acts a second on SQLite, 400 on PostgreSQL, 8 clients; 99 of 100 receipts within 500 ms; 5,000
and 2,000 ballots a second in bulk; with 1,000,000 entries the record is opened, the first act sequenced,
and a page served by `kollontai serve`, within 2 s.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

MEMBERS, POLLS, CLIENTS = 2_000, 1_000, 8
BALLOTS, CROWDS, BULK = 80, 12, 10  # polls with a roll: for single ballots, for bulk; polls of a bulk round
WARM = 5  # acts of each client before the clock runs
DATABASES = ("SQLite", "PostgreSQL")
Once = Callable[[int], None]


def main() -> int:
    """Measure, or do one part of measuring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the best counts")
    parser.add_argument("--entries", type=int, default=1_000_000, help="size of the long record")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds to wait for a quiet machine")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        return PARTS[given.part[0]](*given.part[1:])
    for database in [given.only] if given.only else DATABASES:
        with _database(database), tempfile.TemporaryDirectory(prefix="kollontai-bench-") as home:
            os.environ["KOLLONTAI_HOME"] = home
            part("prepare")
            measure(database, given.seconds, given.rounds, given.patience)
            measure_bulk(given.rounds, given.patience)
            measure_start(given.entries)
    return 0


def _database(name: str) -> Any:
    if name == "SQLite":
        os.environ.pop("DATABASE_URL", None)
        return nullcontext()
    from tests.postgres import private_postgres

    class Server:
        def __enter__(self) -> None:
            self.server = private_postgres(durable=True)
            os.environ["DATABASE_URL"] = self.server.__enter__()

        def __exit__(self, *error: Any) -> None:
            os.environ.pop("DATABASE_URL")
            self.server.__exit__(*error)

    return Server()


# --- The parent --------------------------------------------------------------------------------------


def measure(database: str, seconds: float, rounds: int, patience: float) -> None:
    """Print the table of one database."""
    print(f"\n{database}, {rounds} rounds of {seconds:g} s, the best of them:\n")
    print("| way | clients | acts/s | p50 | p99 | slowest | CPU of the clients for each | receipt later |")
    print("|---|---|---|---|---|---|---|---|")
    best: dict[tuple[str, str], Round] = {}
    turn = 0
    for _ in range(rounds):
        for way in WAYS:
            for clients in CLIENTS_OF[way]:
                wait_for_quiet(patience)
                found = one_round(way, clients, seconds, turn)
                turn += 1
                if (way, clients) not in best or found.rate > best[way, clients].rate:
                    best[way, clients] = found
    for (way, clients), (rate, waits, cpu, late) in best.items():
        waits.sort()
        p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        print(
            f"| {way} | {clients} | {rate:,.0f} | {p50 * 1e3:.1f} ms | {p99 * 1e3:.1f} ms | "
            f"{waits[-1] * 1e3:.0f} ms | {cpu / len(waits) * 1e3:.2f} ms | {late} |",
            flush=True,
        )


def measure_bulk(rounds: int, patience: float) -> None:
    """Print how many ballots a second go in together."""
    rates, costs = [], []
    for turn in range(min(rounds, CROWDS)):
        wait_for_quiet(patience)
        said = json.loads(part("bulk", str(turn)))
        rates.append(said["ballots"] / said["seconds"])
        costs.append(said["cpu"] / said["ballots"])
    print(
        f"\nIn bulk: {max(rates):,.0f} ballots a second (median {median(rates):,.0f}), "
        f"{min(costs) * 1e3:.3f} ms of CPU each (median {median(costs) * 1e3:.3f}).",
        flush=True,
    )


def wait_for_quiet(patience: float) -> None:
    """On a machine that others use too, wait until it has been nine tenths idle for a second."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        before = _processor_times()
        time.sleep(1)
        idle, every = (now - then for now, then in zip(_processor_times(), before, strict=True))
        if idle >= 0.9 * every:
            return


def _processor_times() -> tuple[int, int]:
    """Ticks in which the processors were idle, and all ticks."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


class Round(NamedTuple):
    """Acts a second, every wait, CPU seconds of all clients, and how many receipts came later."""

    rate: float
    waits: list[float]
    cpu: float
    late: int


def one_round(way: str, clients: str, seconds: float, turn: int) -> Round:
    """Let all clients begin at one moment."""
    processes = {"8 processes": CLIENTS, "2 processes of 4 threads": 2}.get(clients, 1)
    threads = CLIENTS // processes if clients != "1" else 1
    running = [
        start("client", way, str(turn), str(number), str(threads), str(seconds))
        for number in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    begin = time.time() + 0.3
    for process in running:
        assert process.stdin is not None
        process.stdin.write(f"{begin}\n")
        process.stdin.flush()
    results = [json.loads(process.communicate()[0]) for process in running]
    waits = [wait for result in results for wait in result["waits"]]
    cpu = sum(result["cpu"] for result in results)
    return Round(len(waits) / seconds, waits, cpu, sum(result["late"] for result in results))


def start(*words: str) -> subprocess.Popen[str]:
    """Begin one part in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.frame", "--part", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def part(*words: str) -> str:
    """Do one part in a process of its own; give what it printed."""
    process = start(*words)
    said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed.")
    return said


def measure_start(entries: int) -> None:
    """Print how long a long record takes to open, to take up its next act, and to be served."""
    part("collect")
    short = [serve_once() for _ in range(3)]
    part("fill", str(entries))
    first = min((json.loads(part("first")) for _ in range(3)), key=lambda said: said["both"])
    print(
        f"\nWith {entries:,} entries: opened in {first['open'] * 1e3:.0f} ms, the first act with its receipt "
        f"after {first['act'] * 1e3:.0f} ms more (bar for both: 2 s).",
        flush=True,
    )
    long = [serve_once() for _ in range(5)]
    for words, found in (("With hardly any", short), (f"With {entries:,}", long)):
        walls, costs = zip(*found, strict=True)
        print(
            f"{words} entries `kollontai serve` answered after {min(walls):.2f} s (median "
            f"{median(walls):.2f} s), with {min(costs):.2f} s of CPU in its four processes (bar: 2 s).",
            flush=True,
        )


def serve_once() -> tuple[float, float]:
    """Start the server with two workers; give the seconds until its first page, and the CPU of all of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-c", "from kollontai.cli import main; main()", "serve", "--port", str(port),
         "--workers", "2"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            assert server.poll() is None, "the server ended"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/record/hall/checkpoint") as page:
                    assert page.status == 200
            except OSError:
                time.sleep(0.01)
            else:
                break
        waited = time.perf_counter() - begun
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# --- The parts ---------------------------------------------------------------------------------------


def _open() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    import django

    django.setup()


def prepare() -> int:
    """Make the tables, the hall, and the table of the chain."""
    _open()
    from django.db import connection

    from tests.faults import house

    house.make_tables()
    house.open_hall(house.member(0), members=MEMBERS, polls=POLLS)
    binary = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE chain (place bigint PRIMARY KEY, data {binary}, link {binary})")
        cursor.execute(f"CREATE TABLE chain_head (id int PRIMARY KEY, size bigint, link {binary})")
        cursor.execute("INSERT INTO chain_head VALUES (1, 0, %s)", [bytes(32)])
    _rolls()
    return 0


def _rolls() -> None:
    """Polls in which every member may vote."""
    from django.db import transaction

    from kollontai.chapters.record.guard import opened_for
    from kollontai.chapters.voting.models import Poll, Voter
    from tests.faults import house

    pattern = Poll.objects.get(pk=house.poll(0))
    with opened_for("public"), transaction.atomic():
        for number in range(POLLS, POLLS + BALLOTS + CROWDS * BULK):
            pattern.pk = house.poll(number)
            pattern.save(force_insert=True)
            Voter.objects.bulk_create(
                Voter(organisation_id=house.ORG, poll_id=pattern.pk, member_id=house.member(one).id)
                for one in range(MEMBERS)
            )


def client(way: str, turn: str, number: str, threads: str, seconds: str) -> int:
    """Act again and again until the round is over; print every wait."""
    _open()
    once = WAYS[way]()
    waits: list[float] = []
    late = [0]
    moments: list[float] = []
    told, warm = threading.Event(), threading.Semaphore(0)

    def loop(thread: int) -> None:
        from django.db import connection

        # Every client of every round has polls of its own: 10,000 acts until somebody votes twice.
        first = (int(turn) * CLIENTS + int(number) * int(threads) + thread) * 5 * MEMBERS
        for step in range(WARM):
            once(first + step)
        warm.release()
        told.wait()
        begin, end = moments
        step = WARM
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < end:
            before = time.perf_counter()
            if once(first + step):
                late[0] += 1
            waits.append(time.perf_counter() - before)
            step += 1
        connection.close()

    running = [threading.Thread(target=loop, args=(thread,)) for thread in range(int(threads))]
    for thread in running:
        thread.start()
    for _ in running:
        warm.acquire()
    print("ready", flush=True)
    begin = float(sys.stdin.readline())
    moments[:] = begin, begin + float(seconds)
    before = time.process_time()
    told.set()
    for thread in running:
        thread.join()
    print(json.dumps({"waits": waits, "late": late[0], "cpu": time.process_time() - before}))
    return 0


def by_record() -> Any:
    """The frame, until the receipt is there."""
    from kollontai.chapters.record import sequencer
    from tests.faults import house

    def once(step: int) -> bool:
        done = house.cast(house.member(step % MEMBERS), poll=house.poll(step // MEMBERS % POLLS))
        late = not done.positions
        while not sequencer.positions_of(done.ticket):
            time.sleep(0.002)
        return late

    return once


def by_ballot() -> Any:
    """The act of voting, until the receipt is there."""
    from kollontai.chapters.record import sequencer
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
    from tests.faults import house

    def once(step: int) -> bool:
        poll = POLLS + step // (5 * MEMBERS) % BALLOTS
        done = cast_ballot(house.member(step % MEMBERS), poll_id=house.poll(poll), choice="yes")
        late = not done.positions
        while not sequencer.positions_of(done.ticket):
            time.sleep(0.002)
        return late

    return once


def bulk(turn: str) -> int:
    """Cast ballots of everybody in several polls, some hundred in a transaction."""
    _open()
    from kollontai.chapters.record.models import Outbox
    from kollontai.chapters.voting.bulk import Ballot, cast_many
    from tests.faults import house

    polls = range(POLLS + BALLOTS + int(turn) * BULK, POLLS + BALLOTS + int(turn) * BULK + BULK)
    ballots = [Ballot(house.member(number).id, "yes") for number in range(MEMBERS)]
    begun, spent = time.perf_counter(), time.process_time()
    for poll in polls:
        assert not cast_many(house.ORG, house.poll(poll), ballots, auth="code")
    while Outbox.objects.exists():
        time.sleep(0.002)
    said = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - spent}
    print(json.dumps({"ballots": MEMBERS * BULK, **said}))
    return 0


def by_rows() -> Any:
    """Content and ballot by the ORM."""
    from django.db import connection, transaction

    from kollontai.chapters.record.guard import opened_for

    def once(step: int) -> None:
        with opened_for("public"), _durable(connection), transaction.atomic():
            _rows(step)

    return once


def by_chain() -> Any:
    """Content, ballot, and a link under the locked counter."""
    from django.db import connection, transaction

    from kollontai.chapters.record.guard import opened_for

    lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"

    def once(step: int) -> None:
        with opened_for("public"), _durable(connection), transaction.atomic():
            _rows(step)
            data = (
                json.dumps({"kind": "ballot.cast", "n": secrets.token_hex(16), "step": step})
                .encode()
                .ljust(300)
            )
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT size, link FROM chain_head WHERE id = 1{lock}")
                size, link = cursor.fetchone()
                link = sha256(bytes(link) + data).digest()
                cursor.execute("INSERT INTO chain VALUES (%s, %s, %s)", [size, data, link])
                cursor.execute("UPDATE chain_head SET size = %s, link = %s WHERE id = 1", [size + 1, link])

    return once


def _rows(step: int) -> None:
    from kollontai import clock
    from kollontai.chapters.record.models import Content
    from kollontai.chapters.voting.models import OpenBallot
    from tests.faults import house

    words = Content.objects.create(
        organisation_id=house.ORG, commitment=secrets.token_hex(32), kind="ballot.cast", field="choice",
        author=house.member(0).id, audience="members", salt=secrets.token_bytes(32),
        value=b'{"choice": "yes"}',
    )  # fmt: skip
    OpenBallot.objects.create(
        organisation_id=house.ORG, poll_id=house.poll(step // MEMBERS % POLLS),
        voter_id=house.member(step % MEMBERS).id, choice=words, at=clock.now(),
    )  # fmt: skip


def _durable(connection: Any) -> Any:
    """As durable as a receipt: on SQLite every commit of the peers waits for the disk."""
    from kollontai.chapters.record.turns import write_turn

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    return write_turn()


WAYS: dict[str, Callable[[], Any]] = {
    "record": by_record, "ballot": by_ballot, "rows": by_rows, "chain": by_chain,
}  # fmt: skip
CLIENTS_OF = {
    "record": ("1", "8 threads", "2 processes of 4 threads", "8 processes"),
    "ballot": ("8 threads", "2 processes of 4 threads"), "rows": ("8 processes",), "chain": ("8 processes",),
}  # fmt: skip


def fill(entries: str) -> int:
    """Put a long record into the database and publish it, without acts."""
    _open()
    from django.db import connection, transaction

    from kollontai.chapters.record import keys, publishing, sequencer
    from kollontai.chapters.record.models import EntryRow, Head, Node, Organisation
    from kollontai.openrecord.checkpoint import Checkpoint
    from kollontai.openrecord.tree import leaf_hash
    from tests.faults import house

    head = Head.objects.select_related("organisation").get(pk=house.ORG)
    edge = sequencer.load_edge(house.ORG, head.size)
    at = head.last_at
    while edge.size < int(entries):
        rows, nodes = [], []
        for position in range(edge.size, min(edge.size + 20_000, int(entries))):
            data = secrets.token_bytes(150).hex().encode()
            leaf = leaf_hash(data)
            nodes += [
                Node(organisation_id=house.ORG, level=level, index=index, hash=value)
                for level, index, value in edge.append(leaf)
            ]
            rows.append(
                EntryRow(
                    organisation_id=house.ORG, position=position, kind="ballot.cast", subject="",
                    actor=house.member(position % MEMBERS).id, at=at, ticket=f"{position:016}", data=data,
                    leaf=leaf,
                )
            )  # fmt: skip
        with transaction.atomic():
            EntryRow.objects.bulk_create(rows, batch_size=500)
            Node.objects.bulk_create(nodes)
    organisation = Organisation.objects.get(pk=house.ORG)
    note = Checkpoint(organisation.origin, edge.size, edge.root()).sign(keys.load(organisation))
    Head.objects.filter(pk=house.ORG).update(size=edge.size, root=edge.root(), checkpoint=note)
    publishing.publish(house.ORG)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return 0


def collect() -> int:
    """Put the files of the pages where the server finds them."""
    _open()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    return 0


def first() -> int:
    """Open a long record as `serve` does, then act once."""
    _open()
    from kollontai.chapters.record import sequencer
    from tests.faults import house

    before = time.perf_counter()
    sequencer.sequence(house.ORG)
    opened = time.perf_counter()
    step = secrets.randbelow(MEMBERS * POLLS)
    once = by_record()
    once(step)
    acted = time.perf_counter()
    print(json.dumps({"open": opened - before, "act": acted - opened, "both": acted - before}))
    return 0


PARTS: dict[str, Callable[..., int]] = {
    "prepare": prepare, "client": client, "bulk": bulk, "collect": collect, "fill": fill, "first": first,
}  # fmt: skip

if __name__ == "__main__":
    raise SystemExit(main())
