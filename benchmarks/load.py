# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evening on which everybody comes: 2,000 members cast secret ballots within a minute, 200 read on.

    python -m benchmarks load                                    SQLite
    DATABASE_URL=… python -m benchmarks load                     PostgreSQL
    python -m benchmarks.load --voters 200 --readers 20 --seconds 10

A house of 2,658 members (the ballots of a real ward) with an election at its vote and a talk of 500 voices,
served by `kollontai serve` with two workers. Each voter does what a browser does: fetches the paper, looks
it over, casts it, reads the code. Each reader fetches a part of the talk, reads for some seconds, and goes
on. The clients share the two cores with the server, so they speak HTTP with as little around it as can be.
Waits are wall-clock seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

WARD = "aberdeen_2012_ward8"
VOICES = 500
READS_FOR = (2.0, 6.0)
"""Seconds that somebody reads before the next page."""
TASK = [sys.executable, "-m", "benchmarks.load", "--task"]


def main() -> None:
    """Prepare the house, open it, send everybody, and say how long they waited."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--voters", type=int, default=2_000)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.task:
        _tasks[told.task[0]](*told.task[1:])
        return
    home = Path(tempfile.mkdtemp(prefix="kollontai-bench-"))
    os.environ.update(KOLLONTAI_HOME=str(home), DJANGO_SETTINGS_MODULE="kollontai.settings")
    try:
        before = {**os.environ, "KOLLONTAI_FSYNC": "0"}
        subprocess.run([*TASK, "prepare", str(told.voters), str(told.readers)], env=before, check=True)
        _measure(home, told)
    finally:
        shutil.rmtree(home, ignore_errors=True)


# --- The house ---------------------------------------------------------------------------------------------


def prepare(voters: str, readers: str) -> None:
    """Found the ward, let its members talk, sign voters and readers in."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from kollontai import clock
    from kollontai.chapters.accounts.steps import account_for
    from kollontai.chapters.record.guard import opened_for
    from tests.against import ward

    with opened_for("all"):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    ward.begin(WARD, "0")
    told = json.loads(ward.home().joinpath("ward.json").read_text())

    def cookie(number: int) -> str:
        browser = Client()
        account = account_for(ward.member(number), at=clock.now())
        browser.force_login(account, backend="kollontai.chapters.accounts.backend.SignedIn")
        return f"sessionid={browser.cookies['sessionid'].value}"

    papers = list(ward.papers(WARD))
    everybody = {
        "talk": f"/{ward.SLUG}/issues/{_talk(told['members'])}/",
        "poll": f"/{ward.SLUG}/votes/{told['poll']}/",
        "voters": [{"cookie": cookie(n), "ranks": dict(enumerate(range(1, 6)))} for n in range(int(voters))],
        "readers": [cookie(len(papers) - 1 - n) for n in range(int(readers))],
    }
    ward.home().joinpath("everybody.json").write_text(json.dumps(everybody))


def _talk(members: list[str]) -> int:
    """An issue at its members' talk, with many voices; its number."""
    from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
    from kollontai.chapters.deliberation.acts.speak import speak
    from kollontai.chapters.deliberation.acts.support_issue import support_issue
    from kollontai.chapters.deliberation.models import Issue
    from kollontai.chapters.members.models import Unit
    from kollontai.chapters.record.act import Actor
    from tests.against.ward import ORG

    unit = Unit.objects.get(organisation=ORG, parent=None)
    raiser, *others = (Actor(ORG, member, "code") for member in members)
    issue = raise_issue(
        raiser, unit_id=unit.pk, title="A long talk", text="Everybody has something to say.",
        draft_title="One draft", draft_text="We talk.",
    ).value  # fmt: skip
    for other in others:
        if Issue.objects.get(pk=issue.pk).stage != "gathering":
            break
        support_issue(other, issue_id=issue.pk)
    for number in range(VOICES):
        speak(
            others[number % len(others)], issue_id=issue.pk,
            stance=("for", "against", "other", "question")[number % 4],
            text=f"What I have to say, number {number}, in **two** sentences. Members write about as much.",
        )  # fmt: skip
    return int(Issue.objects.get(pk=issue.pk).number)


def count() -> None:
    """Say how many ballots are in the box."""
    import django

    django.setup()
    from kollontai.chapters.voting.models import Voter
    from tests.against import ward

    told = json.loads(ward.home().joinpath("ward.json").read_text())
    cast = Voter.objects.filter(poll_id=told["poll"], marked=True).count()
    print(f"{cast:,} have voted.")


_tasks: dict[str, Callable[..., None]] = {"prepare": prepare, "count": count}


# --- Those who come ----------------------------------------------------------------------------------------


class Browser:
    """One connection, kept open, with cookies."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookies = port, dict([cookie.split("=", 1)])
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Fetch a page or send a form: status, place it leads to, body."""
        body = urlencode(fields).encode() if fields is not None else b""
        head = [
            f"{'POST' if fields is not None else 'GET'} {path} HTTP/1.1",
            f"Host: localhost:{self._port}",
            "Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        ]
        if fields is not None:
            head += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"Referer: http://localhost:{self._port}{path}",
            ]
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        reader, writer = self._streams
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await writer.drain()
        headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(headers.split(" ", 2)[1])
        for name, value in re.findall(r"(?mi)^set-cookie: ([^=]+)=([^;\r\n]*)", headers):
            self._cookies[name] = value
        place = re.search(r"(?mi)^location: (\S+)", headers)
        return status, place[1] if place else "", (await self._body(reader, headers)).decode()

    async def _body(self, reader: asyncio.StreamReader, headers: str) -> bytes:
        length = re.search(r"(?mi)^content-length: (\d+)", headers)
        if length:
            return await reader.readexactly(int(length[1]))
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


def _fields(page: str, action: str) -> dict[str, str]:
    """What is filled into a form of a page beforehand."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    if form is None:
        raise ValueError(f"no form leads to {action}")
    found = {}
    for one in re.findall(r"<input\b[^>]*>", form[0]):
        said = dict(re.findall(r'\b(name|value|type)="([^"]*)"', one))
        if said.get("name") and said.get("type") not in ("radio", "checkbox", "submit"):
            found[said["name"]] = html.unescape(said.get("value", ""))
    return found


class Evening:
    """Everybody who comes, and how long each of them waited for what."""

    def __init__(self, port: int, everybody: dict[str, Any], seconds: int) -> None:
        self.port, self.everybody, self.seconds = port, everybody, seconds
        self.waits: dict[str, list[float]] = {}
        self.wrong: list[str] = []
        self.last_cast = 0.0
        self._begun = 0.0
        self._over = asyncio.Event()

    async def take_place(self) -> None:
        """Let voters come, spread over the time, and readers read until the last of them has voted."""
        chance = random.Random(1)
        self._begun = time.monotonic()
        reading = [asyncio.create_task(self._read(cookie, chance)) for cookie in self.everybody["readers"]]
        voters = self.everybody["voters"]
        await asyncio.gather(
            *(self._vote(one, at * self.seconds * 0.9 / len(voters)) for at, one in enumerate(voters))
        )
        self._over.set()
        await asyncio.gather(*reading)

    async def _vote(self, voter: dict[str, Any], comes_at: float) -> None:
        await asyncio.sleep(comes_at)
        poll, browser = self.everybody["poll"], Browser(self.port, voter["cookie"])
        try:
            paper = await self._wait("the paper", browser.ask(poll))
            review = _next(paper, poll)
            fields = _fields(paper, review)
            for at, rank in voter["ranks"].items():
                fields[f"rank{at}"] = str(rank)
            looked = await self._wait("looking it over", browser.ask(review, fields))
            done = await self._wait(
                "casting it", browser.ask(f"{poll}cast/", _fields(looked, f"{poll}cast/"))
            )
            if "check code" not in done:
                raise ValueError("no check code was shown")
            self.last_cast = time.monotonic() - self._begun
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            self.wrong.append(f"voter: {error}")
        finally:
            browser.close()

    async def _read(self, cookie: str, chance: random.Random) -> None:
        browser = Browser(self.port, cookie)
        try:
            await asyncio.sleep(chance.uniform(0, READS_FOR[1]))
            while not self._over.is_set():
                part = chance.randint(1, 8)
                await self._wait("a part of the talk", browser.ask(f"{self.everybody['talk']}?page={part}"))
                await asyncio.sleep(chance.uniform(*READS_FOR))
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            self.wrong.append(f"reader: {error}")
        finally:
            browser.close()

    async def _wait(self, what: str, asked: Awaitable[tuple[int, str, str]]) -> str:
        begun = time.monotonic()
        status, _, body = await asked
        self.waits.setdefault(what, []).append(time.monotonic() - begun)
        if status != 200:
            raise ValueError(f"{what}: status {status}")
        return body


def _next(page: str, poll: str) -> str:
    """Where the form of a ballot paper leads."""
    found = re.search(rf'<form[^>]*action="({re.escape(poll)}[^"]*)"', page)
    if found is None:
        raise ValueError("there is no ballot on the page")
    return found[1]


def _cpu_of_children() -> float:
    """CPU seconds of every process of ours that has ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _measure(home: Path, told: argparse.Namespace) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = _cpu_of_children()
    server = subprocess.Popen(
        [sys.executable, "-c", "from kollontai.cli import main; main()", "serve", "--port", str(port),
         "--workers", str(told.workers)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(3)
        evening = Evening(port, json.loads((home / "everybody.json").read_text()), told.seconds)
        asyncio.run(evening.take_place())
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
    spent, asked = _cpu_of_children() - before, sum(map(len, evening.waits.values()))
    print("| what | how often | p50 | p99 | longest |")
    print("|---|---:|---:|---:|---:|")
    for what, waits in evening.waits.items():
        waits.sort()
        p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        print(f"| {what} | {len(waits):,} | {p50 * 1e3:.0f} ms | {p99 * 1e3:.0f} ms | {waits[-1]:.2f} s |")
    print(f"\nThe last ballot was in the box after {evening.last_cast:.1f} s.")
    print(
        f"The server, its start and its keeper included, took {spent:.1f} s of CPU: "
        f"{spent / asked * 1e3:.1f} ms a request."
    )
    print(f"What went wrong: {len(evening.wrong)}. {'; '.join(sorted(set(evening.wrong))[:5])}")
    subprocess.run([*TASK, "count"], check=True)
    kollontai = [sys.executable, "-c", "from kollontai.cli import main; main()"]
    subprocess.run(
        [*kollontai, "export", "ward", "--to", home / "copy"], check=True, stdout=subprocess.DEVNULL
    )
    audited = subprocess.run([*kollontai, "audit", home / "copy"], capture_output=True, text=True)
    print(
        "An audit of the whole afterwards:", "nothing found." if audited.returncode == 0 else audited.stdout
    )


if __name__ == "__main__":
    main()
