# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page of fifty contributions, of a short talk and of one of five hundred, and under load.

Each beside an empty view behind the same middlewares.

In process: CPU time per request of the application as the server calls it, all middlewares and the
session included, best and middle of several rounds; for a reader who comes again, and for the first one
after an act. Under load: `kollontai serve` with two workers and 32 connections held open, wall-clock
latencies (skipped where wrk is missing).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS, REQUESTS, VOICES, LOADS = 9, 60, 50, 5
LONG = 500


def main() -> None:
    """Build a house with a talk of fifty voices in it, and measure."""
    home = Path(tempfile.mkdtemp(prefix="kollontai-bench-"))
    os.environ.update(
        KOLLONTAI_HOME=str(home), KOLLONTAI_DEMO="1", KOLLONTAI_FSYNC="0",
        DJANGO_SETTINGS_MODULE="kollontai.settings",
    )  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    try:
        _measure(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from kollontai.chapters.record import tables

    tables.bring_up_to_date()
    call_command("collectstatic", verbosity=0, interactive=False)
    from kollontai.demos.again import build

    build(["tidewater"], lambda _: None, small=True)
    from django.http import HttpResponse
    from django.urls import path

    from kollontai import urls
    from kollontai.chapters.record.models import Head

    def grow() -> None:
        Head.objects.update(
            root=os.urandom(32)
        )  # as after an act of somebody: it is a copy to be thrown away

    urls.urlpatterns.insert(0, path("empty/", lambda request: HttpResponse()))
    number = _fill()
    client = _reader()
    page, long = f"/tidewater/issues/{number}/", f"/tidewater/issues/{_long_talk()}/"
    later, search = f"{long}?page=5", f"{long}search/?q=two+sentences"
    body = client.get(page).content
    said = len(re.findall(rb'<article class="voice', body))
    root = Head.objects.values_list("root", flat=True).get()
    parts = {name: client.get(address).content for name, address in (("long", later), ("found", search))}
    cost: dict[str, list[float]] = {name: [] for name in ("empty", "again", "first", "long", "new", "found")}
    for _ in range(ROUNDS):  # in turn, so that what else runs here meets all of them alike
        cost["empty"].append(_cpu(client, "/empty/"))
        cost["again"].append(_cpu(client, page))
        cost["first"].append(_cpu(client, page, before=grow))
        cost["long"].append(_cpu(client, later))
        cost["new"].append(_cpu(client, later, before=grow))
        cost["found"].append(_cpu(client, search, turns=10))
    Head.objects.update(root=root)
    print("| what | CPU per request, best (median) | in empty views, best (median) |")
    print("|---|---|---|")
    for name, words in (
        ("empty", "an empty view behind the same middlewares"),
        ("again", f"a page with {said} voices, {len(body) / 1000:.0f} kB"),
        ("first", "the same, for the first reader after an act"),
        ("long", f"a part of a talk of {LONG} voices, {len(parts['long']) / 1000:.0f} kB"),
        ("new", "the same, for the first reader after an act"),
        ("found", f"a search in it that finds {LONG}, the first 100 shown"),
    ):
        best, middle = min(cost[name]), median(cost[name])
        units = min(cost["empty"]), median(cost["empty"])
        print(
            f"| {words} | {best * 1e3:.2f} ms ({middle * 1e3:.2f}) | "
            f"{best / units[0]:.1f} ({middle / units[1]:.1f}) |"
        )
    _load(home, client, page)


def _fill() -> int:
    """Let members speak until fifty voices stand in the talk."""
    from kollontai.chapters.deliberation.models import Issue

    return _speak(Issue.objects.get(number=4), VOICES)


def _long_talk() -> int:
    """Let members talk over another issue, in five hundred voices."""
    from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
    from kollontai.chapters.deliberation.acts.support_issue import support_issue
    from kollontai.chapters.deliberation.models import Issue
    from kollontai.chapters.record.act import Actor

    first = Issue.objects.get(number=4)
    raiser, *others = _speakers()
    issue = raise_issue(
        Actor(first.organisation_id, raiser.pk, "demo"), unit_id=_root(first).pk, title="A long talk",
        text="Everybody has something to say.", draft_title="One draft", draft_text="We talk.",
    ).value  # fmt: skip
    for member in others:
        if Issue.objects.get(pk=issue.pk).stage != "gathering":
            break
        support_issue(Actor(first.organisation_id, member.pk, "demo"), issue_id=issue.pk)
    return _speak(Issue.objects.get(pk=issue.pk), LONG)


def _root(issue: Any) -> Any:
    from kollontai.chapters.members.models import Unit

    return Unit.objects.get(organisation=issue.organisation_id, parent=None)


def _speakers() -> list[Any]:
    """Members who never led."""
    from kollontai.chapters.members.models import Member

    leaders = set(Member.objects.exclude(terms=None).values_list("pk", flat=True))
    return [m for m in Member.objects.filter(standing="member").order_by("pk") if m.pk not in leaders]


def _speak(issue: Any, many: int) -> int:
    from kollontai.chapters.deliberation.acts.speak import speak
    from kollontai.chapters.record.act import Actor

    speakers = _speakers()
    stances = ("for", "against", "other", "question")
    for at in range(many - issue.contributions.count()):
        speak(
            Actor(issue.organisation_id, speakers[at % len(speakers)].pk, "demo"),
            issue_id=issue.pk,
            stance=stances[at % 4],
            text=f"What I have to say, number {at}, in **two** sentences. Members write about as much.",
        )
    return int(issue.number)


def _reader() -> Any:
    from django.test import Client

    from kollontai.chapters.members.models import Member

    client = Client(headers={"host": "localhost"})
    member = Member.objects.filter(standing="member").order_by("pk")[0]
    client.post("/demo/enter/", {"of": "tidewater", "member": member.pk})
    assert client.get("/tidewater/mine/").status_code == 200, "nobody could be entered as"
    return client


def _cpu(
    client: Any, address: str, *, before: Callable[[], None] = lambda: None, turns: int = REQUESTS
) -> float:
    """Seconds of CPU for one request: the mean of a round."""
    from kollontai.wsgi import application

    path, _, query = address.partition("?")
    asked = client._base_environ(PATH_INFO=path, QUERY_STRING=query, HTTP_HOST="localhost")
    spent = 0.0
    for turn in range(turns + 1):
        before()
        begun = time.process_time()
        sent = b"".join(application(dict(asked), _answer))
        if turn:
            spent += time.process_time() - begun
    assert sent or address == "/empty/"
    return spent / turns


def _answer(status: str, *_: Any) -> None:
    assert status.startswith("200"), status


def _load(home: Path, client: Any, page: str) -> None:
    if shutil.which("wrk") is None:
        print("\nNOT MEASURED under load: wrk is missing (Debian: wrk).")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from kollontai.cli import main; main()", "serve", "--port", str(port),
         "--workers", "2"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(2)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        for connections in (2, *[32] * LOADS):
            ran = subprocess.run(
                ["wrk", "-t1", f"-c{connections}", "-d6s", "--latency", "-H", f"Cookie: {cookie}",
                 f"http://localhost:{port}{page}"],
                capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            found = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", ran.stdout, flags=re.MULTILINE))
            rate = re.search(r"Requests/sec:\s+(\S+)", ran.stdout)
            bad = "Non-2xx" in ran.stdout
            pages = rate[1] if rate else "?"
            print(f"\n{connections} connections, 2 workers: {pages} pages/s, p50 {found.get('50')},", end=" ")
            print(f"p99 {found.get('99')}{', SOME NOT 200' if bad else ''} (wrk shares the two cores)")
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


if __name__ == "__main__":
    main()
