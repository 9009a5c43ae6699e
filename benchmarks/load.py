# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members who vote within a minute, over HTTP, while others read a long talk: wall-clock latencies.

`python -m benchmarks.load [members] [seconds] [readers]`: 2,000 members in 60 seconds and 200 readers, unless
told otherwise. Each member opens the ballot page and casts; each reader opens a part of a talk of five
hundred voices every five seconds. One `kollontai serve` with two workers; what asks runs on the same machine
and is part of its load. Afterwards the ballots on the server are counted: one for each member.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

VOICES, EVERY, THREADS = 500, 5.0, 48
TOKEN = "x" * 32  # what a browser's cookie and form must agree on


def main() -> None:
    """Build the house, serve it, let them come."""
    members, seconds, readers = (*map(int, sys.argv[1:]), *(2_000, 60, 200)[len(sys.argv) - 1 :])
    home = Path(tempfile.mkdtemp(prefix="kollontai-bench-"))
    os.environ.update(KOLLONTAI_HOME=str(home), DJANGO_SETTINGS_MODULE="kollontai.settings")
    os.environ.pop("KOLLONTAI_DEMO", None)
    try:
        house = build(members)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        server = subprocess.Popen(
            [sys.executable, "-c", "from kollontai.cli import main; main()", "serve", "--port", str(port),
             "--workers", "2"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
            told = come(house, port, seconds, readers)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        _say(told, house)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class House:
    """Where the ballot and the talk are, and a session for each member."""

    poll: str
    talk: int
    sessions: list[str]


def build(members: int) -> House:
    """A house whose members vote on its chair, and talk in five hundred voices. All of it by acts."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from kollontai import clock
    from kollontai.chapters.record.act import tick
    from kollontai.chapters.record.guard import opened_for
    from kollontai.chapters.voting.models import Poll
    from tests.world import Founder, founded, held_by

    with opened_for("all"):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    settings.FSYNC = False  # while it is built; the server syncs as in real use
    begun = clock.machine_time() - timedelta(hours=3)
    clock.read_from(lambda: begun)
    # Whoever signs when it is founded already comes too late for this roll: some more are asked.
    listed = tuple(Founder(f"Member {n}", f"m{n}@example.org", "") for n in range(members * 3 // 2 + 2))
    world = founded(listed=listed, posts=(held_by("m0"),), units=())
    clock.read_from(clock.machine_time)
    tick()
    talk = _talk(world)
    poll = Poll.objects.get(about="confirmation")
    roll = set(poll.voters.values_list("member_id", flat=True))
    voters = [name for name, member in world.people.items() if member in roll][:members]
    return House(poll.pk, talk, [_session(f"{name}@example.org") for name in voters])


def _talk(world: object) -> int:
    from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
    from kollontai.chapters.deliberation.acts.speak import speak
    from kollontai.chapters.deliberation.acts.support_issue import support_issue
    from kollontai.chapters.deliberation.models import Issue
    from tests.world import World

    assert isinstance(world, World)
    names = list(world.people)[1:]
    issue = raise_issue(
        world.actor(names[0]), unit_id=world.unit().pk, title="A long talk", text="Everybody has a word.",
        draft_title="One draft", draft_text="We talk.",
    ).value  # fmt: skip
    for name in names[1:]:
        if Issue.objects.get(pk=issue.pk).stage != "gathering":
            break
        support_issue(world.actor(name), issue_id=issue.pk)
    for number in range(min(VOICES, 25 * len(names))):
        speak(
            world.actor(names[number % len(names)]), issue_id=issue.pk, stance="for",
            text=f"What I have to say, number {number}, in **two** sentences. Members write about as much.",
        )  # fmt: skip
    return int(issue.number)


def _session(email: str) -> str:
    """Sign a member in, as the page does; the value of their cookie."""
    from django.conf import settings
    from django.test import Client

    from kollontai import clock
    from kollontai.chapters.accounts.steps import account_for

    client = Client()
    client.force_login(account_for(email, at=clock.now()), backend=settings.AUTHENTICATION_BACKENDS[0])
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@dataclass
class Told:
    """How long each kind of request took, in seconds, and how often it was not answered as it should be."""

    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self,
        port: int,
        session: str,
        what: str,
        path: str,
        form: dict[str, str] | None = None,
        due: float = 0.0,
    ) -> None:
        """Ask for a page, or send a form. The time runs from when it was `due`, however late it is sent."""
        begun = due or time.perf_counter()
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
        body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}) if form is not None else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            status = answer.status
        except OSError:
            status = 0
        took = time.perf_counter() - begun
        with self.lock:
            self.took[what].append(took)
            if status != (302 if body else 200):
                self.failed[what][status] += 1


def come(house: House, port: int, seconds: int, readers: int) -> Told:
    """Let every member vote, spread evenly over these seconds, and readers read meanwhile."""
    told, begun = Told(), time.perf_counter() + 0.5
    ballot, talk = f"/tidewater/votes/{house.poll}/", f"/tidewater/issues/{house.talk}/"
    jobs = [
        (begun + at * seconds / len(house.sessions), "vote", one) for at, one in enumerate(house.sessions)
    ]
    for reader in range(readers):
        session = house.sessions[reader % len(house.sessions)]
        first = begun + reader * EVERY / readers
        jobs += [(first + turn * EVERY, "read", session) for turn in range(max(1, int(seconds / EVERY)))]
    jobs.sort(reverse=True)

    def work() -> None:
        while True:
            with told.lock:
                if not jobs:
                    return
                due, what, session = jobs.pop()
            time.sleep(max(0.0, due - time.perf_counter()))
            if what == "read":
                told.ask(port, session, "a long talk, read", talk, due=due)
            else:
                told.ask(port, session, "a ballot page, opened", ballot, due=due)
                told.ask(port, session, "a ballot, cast", f"{ballot}cast/", {"choice": "yes"})

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(2)
                return
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


def _statuses(failed: Counter[int]) -> str:
    """How requests were answered that should have been answered otherwise; 0: not at all."""
    return ", ".join(f"{many} × {status}" for status, many in sorted(failed.items())) or "none"


def _say(told: Told, house: House) -> None:
    from kollontai.chapters.voting.models import OpenBallot

    print("| what | asked | not answered well | half within | 99 of 100 within | longest |")
    print("|---|---:|---:|---:|---:|---:|")
    for what, took in told.took.items():
        took.sort()
        half, most = took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
        times = " | ".join(f"{one * 1e3:.0f} ms" for one in (half, most, took[-1]))
        print(f"| {what} | {len(took):,} | {_statuses(told.failed[what])} | {times} |")
    cast = OpenBallot.objects.filter(poll=house.poll).count()
    print(f"\n{cast:,} ballots lie in the box, of {len(house.sessions):,} voters.")


if __name__ == "__main__":
    main()
