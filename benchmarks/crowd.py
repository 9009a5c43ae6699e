# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house of 100,000 members and one vote with 30,000 ballots: from the list that is read to the audit.

    python -m benchmarks crowd                                     SQLite
    DATABASE_URL=… python -m benchmarks crowd                      PostgreSQL
    python -m benchmarks.crowd --members 3000 --ballots 600

Members come from CSV files through the preview and the act of an invitation, as from a spreadsheet; they say
yes by the bulk step with the same rule, the last of them one by one. An election is called; ballots go into
its secret box by the bulk step with the same rule, the last of them one by one. The clock closes it; then the
whole is exported and audited. Each step is a process of its own: wall time, CPU, peak memory, growth on disk.
Pages are asked for by members who come for the first time, and come again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ORG, SLUG = "crowdcrowdcrowd1", "crowd"
BRANCHES, FOUNDERS, CANDIDATES, SEATS = 40, 30, 12, 5
OPEN, OVER = 18.0, 26.5
"""Days after the founding, at which the vote is open, and over."""
A_FILE = 4_000
"""Lines in one file of members."""
ONE_BY_ONE = 500
"""So many accept, and so many vote, by the ordinary act."""
TASK = [sys.executable, "-m", "benchmarks.crowd", "--task"]
KOLLONTAI = [sys.executable, "-c", "from kollontai.cli import main; main()"]
READERS = 30


def main() -> None:
    """Go through all of it, and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--ballots", type=int, default=30_000)
    parser.add_argument("--keep", type=Path, help="Build the house there and leave it.")
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.task:
        _begin()
        _tasks[told.task[0]](*map(int, told.task[1:]))
        return
    home = told.keep or Path(tempfile.mkdtemp(prefix="kollontai-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(KOLLONTAI_HOME=str(home), DJANGO_SETTINGS_MODULE="kollontai.settings")
    try:
        _measure(home, told.members, told.ballots)
    finally:
        if told.keep is None:
            shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path, members: int, ballots: int) -> None:
    copy = home / "copy"
    alone = min(ONE_BY_ONE, ballots // 2)
    lists = str(members - FOUNDERS)
    print("| step | how many | wall | CPU | peak memory | on disk after it |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    for words, many, command in (
        ("founded", FOUNDERS, [*TASK, "found"]),
        ("lists read, looked at, invited", members - FOUNDERS, [*TASK, "bring", lists]),
        ("accepted, many at once", members - FOUNDERS - alone, [*TASK, "accept", lists, str(alone)]),
        ("accepted, one by one", alone, [*TASK, "accept_alone", str(alone)]),
        ("the day's export read ahead, beside the acts", members, [*TASK, "read_ahead", "1"]),
        ("candidates stand, the day's export stamped", CANDIDATES, [*TASK, "stand_up"]),
        ("the vote opened by the clock", members, [*TASK, "open_vote"]),
        ("notices of it written", members, [*TASK, "notices"]),
        ("ballots, many at once", ballots - alone, [*TASK, "cast", str(ballots - alone)]),
        ("ballots, one by one", alone, [*TASK, "cast_alone", str(ballots - alone), str(ballots)]),
        ("pages while the vote is open", READERS, [*TASK, "pages_open"]),
        ("the day's export read ahead, beside the acts", members, [*TASK, "read_ahead", str(int(OVER))]),
        ("closed by the clock: counted, seated, published, stamped", ballots, [*TASK, "close"]),
        ("pages after it", READERS, [*TASK, "pages_after"]),
        ("exported", 1, [*KOLLONTAI, "export", SLUG, "--to", str(copy)]),
        ("audited", 1, [*KOLLONTAI, "audit", str(copy)]),
    ):
        _step(home, words, many, command)
    for name in ("pages_open", "pages_after"):
        _show_pages(json.loads((home / f"{name}.json").read_text()))


def _step(home: Path, words: str, many: int, command: list[str]) -> None:
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, spent = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - begun, spent.ru_utime + spent.ru_stime
    print(
        f"| {words} | {many:,} | {wall:.1f} s | {cpu:.1f} s | {spent.ru_maxrss / 1024:,.0f} MiB "
        f"| {_size(home) / 2**20:,.0f} MiB |",
        flush=True,
    )
    if status:
        print(said)
        raise SystemExit(f"{words}: it ended with {status}.")


def _size(home: Path) -> int:
    return sum(path.lstat().st_size for path in home.rglob("*") if path.is_file())


# --- The steps ----------------------------------------------------------------------------------------------


def _begin() -> None:
    import django

    django.setup()


def _home() -> Path:
    return Path(os.environ["KOLLONTAI_HOME"])


def _told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_home() / "crowd.json").read_text())
    return found


def _stand_at(days: float) -> datetime:
    """Let the clock of this process stand, so many days after the founding."""
    from kollontai import clock

    at = datetime.fromisoformat(_told()["founded"]) + timedelta(days=days)
    clock.read_from(lambda: at)
    return at


def email(number: int) -> str:
    """The address of a member by number; founders come first."""
    return f"m{number:06}@crowd.example"


def found() -> None:
    """Found the house with its branches and one committee."""
    from django.core.management import call_command

    from kollontai import clock
    from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
    from kollontai.chapters.bodies.acts.sign_charter import sign_charter
    from kollontai.chapters.bodies.rules import Founder, PostGiven
    from kollontai.chapters.members.models import Contact
    from kollontai.chapters.record.act import Actor, tick
    from kollontai.chapters.record.guard import opened_for
    from kollontai.ids import new_id

    with opened_for("all"):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    founded = clock.machine_time().replace(second=0, microsecond=0) - timedelta(days=OPEN)
    (_home() / "crowd.json").write_text(json.dumps({"founded": founded.isoformat()}))
    _stand_at(0)
    open_founding(
        Actor(ORG, new_id(), "code"),
        proposal=Proposal(
            slug=SLUG, origin=f"localhost/{SLUG}", name="A house of many", unit_word="branch",
            zone="Europe/London", preset="normal", joining="open",
            listed=tuple(Founder(f"Founder {n + 1}", email(n)) for n in range(FOUNDERS)),
            units=tuple(f"Branch {n + 1}" for n in range(BRANCHES)),
            posts=(PostGiven(title="Committee", leading=True, term_days=365, seats=SEATS),),
        ),
    )  # fmt: skip
    for member in Contact.objects.filter(organisation=ORG).values_list("member", flat=True):
        sign_charter(Actor(ORG, member, "code"))
    tick()


def bring(many: int) -> None:
    """Read the lists, look at each, and invite who stands in it; letters wait to be sent."""
    from kollontai.chapters.members import importing, queries
    from kollontai.chapters.members.acts.invite import Invitee, invite
    from kollontai.chapters.members.models import Contact
    from kollontai.chapters.record.act import Actor
    from kollontai.chapters.record.models import Organisation
    from kollontai.followers import letters

    _stand_at(0)
    organisation = Organisation.objects.get(pk=ORG)
    units = {str(one.unit.name): one.unit.pk for one in queries.units_with_figures(ORG)}
    founders = Contact.objects.filter(organisation=ORG).order_by("email").values_list("member", flat=True)
    for by, data in zip(list(founders), _lists(many), strict=False):
        seen = importing.preview(data, known=queries.all_addresses(ORG), units=units)
        assert not seen.problems, seen.problems[:3]
        invitees = [Invitee(row.name, row.email, row.unit) for row in seen.rows]
        done = invite(Actor(ORG, by, "token"), invitees=invitees)
        letters.ask_in(organisation, "http://localhost:8000/", done.value)


def _lists(many: int) -> Iterator[bytes]:
    numbers = range(FOUNDERS, FOUNDERS + many)
    for start in range(0, many, A_FILE):
        lines = [
            f"Member {n + 1},{email(n)},Branch {n % BRANCHES + 1}" for n in numbers[start : start + A_FILE]
        ]
        yield "\n".join(["name,e-mail,branch", *lines, ""]).encode()


def accept(many: int, alone: int) -> None:
    """Let all but the last say yes, some hundred in a transaction."""
    from kollontai.chapters.members.bulk import accept_many

    _stand_at(0)
    ids = _ids(FOUNDERS, FOUNDERS + many - alone)
    for start in range(0, len(ids), 500):
        accept_many(ORG, ids[start : start + 500], auth="code")


def accept_alone(many: int) -> None:
    """Let those who are left say yes, each by themself."""
    from kollontai.chapters.members.acts.accept_invitation import accept_invitation
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.record.act import Actor

    _stand_at(0)
    left = Member.objects.filter(organisation=ORG, standing="invited").values_list("pk", flat=True)
    for member in list(left):
        accept_invitation(Actor(ORG, member, "code"))


def _ids(first: int, last: int) -> list[str]:
    from kollontai.chapters.members.models import Contact

    here = Contact.objects.filter(organisation=ORG, email__gte=email(first), email__lt=email(last))
    return list(here.order_by("email").values_list("member", flat=True))


def read_ahead(days: int) -> None:
    """Work out what will be stamped next, as the keeper does before it is due."""
    from kollontai.followers import stamping
    from kollontai.followers.models import ExportReading

    stamping.read_ahead(at=_stand_at(days))
    assert ExportReading.objects.exists()


def stand_up() -> None:
    """Let some stand."""
    from kollontai.chapters.elections.acts.stand import stand
    from kollontai.chapters.elections.models import Election
    from kollontai.chapters.record.act import Actor

    _stand_at(1)
    election = Election.objects.get()
    for member in _ids(0, CANDIDATES):
        stand(Actor(ORG, member, "code"), election_id=election.pk, statement="One of **many**.")


def open_vote() -> None:
    """Let the clock open the vote."""
    from kollontai.chapters.record.act import tick
    from kollontai.followers import notices as post
    from kollontai.followers import stamping

    at = _stand_at(OPEN)
    post.keep_up(at=at)  # what was before is told to nobody
    stamping.read_ahead(at=at)
    tick()
    (_home() / "crowd.json").write_text(json.dumps({**_told(), "poll": _poll().pk}))


def _poll() -> Any:
    from kollontai.chapters.voting.models import Poll

    return Poll.objects.get(about="election")


def notices() -> None:
    """Write the letters that say the vote has opened."""
    from kollontai.followers import notices as post

    post.keep_up(at=_stand_at(OPEN))


def cast(last: int) -> None:
    """Cast ballots up to one, some hundred in a transaction."""
    from kollontai.chapters.voting.bulk import Ballot, cast_many

    _stand_at(OPEN)
    options = _poll().options
    ballots = (Ballot(m, ranking=_ranking(options, n)) for n, m in enumerate(_ids(0, last)))
    assert cast_many(ORG, _told()["poll"], ballots, auth="code") == []


def cast_alone(first: int, last: int) -> None:
    """Cast the last ballots, each by the ordinary act."""
    from kollontai.chapters.record.act import Actor
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot

    _stand_at(OPEN)
    poll = _poll()
    for number, member in enumerate(_ids(first, last), first):
        cast_ballot(Actor(ORG, member, "code"), poll_id=poll.pk, ranking=_ranking(poll.options, number))


def _ranking(options: list[str], number: int) -> list[list[str]]:
    """Up to six of the options, some more often than others."""
    chance = random.Random(number)
    wanted = sorted(options, key=lambda one: chance.random() * (1 + options.index(one)))
    return [[one] for one in wanted[: chance.randint(1, 6)]]


def close() -> None:
    """Let the clock close the vote."""
    from kollontai.chapters.record.act import tick

    _stand_at(OVER)
    tick()
    poll = _poll()
    assert poll.state == "counted", poll.state


_tasks: dict[str, Callable[..., None]] = {
    task.__name__: task
    for task in (
        found,
        bring,
        accept,
        accept_alone,
        read_ahead,
        stand_up,
        open_vote,
        notices,
        cast,
        cast_alone,
        close,
    )
}


# --- Pages --------------------------------------------------------------------------------------------------


def _ask_pages(name: str, days: float, more: list[str]) -> None:
    """Ask for pages as members who come for the first time, and again; CPU, statements, bytes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from kollontai import clock
    from kollontai.chapters.accounts.steps import account_for
    from kollontai.chapters.members.models import Member, Unit

    _stand_at(days)
    some = Member.objects.filter(organisation=ORG, standing="member").order_by("-pk")[:1].get()
    branch = Unit.objects.get(organisation=ORG, name__value=b"Branch 7")
    addresses = [
        "", "members/", f"members/?unit={branch.pk}&page=20", "members/?page=1000", f"members/{some.pk}/",
        "votes/", "posts/", "elections/", "issues/", "record/", "mine/", *more,
    ]  # fmt: skip
    browsers = []
    for number in range(READERS):
        browser = Client(HTTP_HOST="localhost")
        account = account_for(email(FOUNDERS + 7 * number), at=clock.now())
        browser.force_login(account, backend="kollontai.chapters.accounts.backend.SignedIn")
        browsers.append(browser)
    found = []
    for address in addresses:
        taken = []
        for browser in [browsers[0], *browsers]:  # the first of all comes twice
            begun = time.process_time()
            answer = browser.get(f"/{SLUG}/{address}")
            taken.append((time.process_time() - begun) * 1e3)
            assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as captured:
            browsers[-1].get(f"/{SLUG}/{address}")
        others = sorted(taken[2:])
        found.append(
            {
                "page": address.replace(some.pk, "…").replace(branch.pk, "…"),
                "first": taken[0],
                "again": taken[1],
                "others": others[len(others) // 2],
                "queries": len(captured),
                "slowest": max((float(one["time"]) * 1e3, one["sql"][:300]) for one in captured),
                "kb": len(answer.content) / 1024,
            }
        )
    (_home() / f"{name}.json").write_text(json.dumps({"name": name, "pages": found}))


def pages_open() -> None:
    """Pages while the vote is open."""
    poll = _told()["poll"]
    _ask_pages("pages_open", OPEN, [f"votes/{poll}/", f"votes/{poll}/turnout/", f"votes/{poll}/lot/"])


def pages_after() -> None:
    """Pages after the count."""
    poll = _told()["poll"]
    _ask_pages("pages_after", OVER, [f"votes/{poll}/", f"votes/{poll}/codes/"])


_tasks.update({task.__name__: task for task in (pages_open, pages_after)})


def _show_pages(told: dict[str, Any]) -> None:
    when = "while the vote is open" if told["name"] == "pages_open" else "after the count"
    print(f"\nPages {when}: CPU of the first of all, of others who come for the first time (middle), again\n")
    print("| page | first of all | others | again | queries | the longest of them | size |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for one in told["pages"]:
        print(
            f"| `/{SLUG}/{one['page']}` | {one['first']:.0f} ms | {one['others']:.0f} ms "
            f"| {one['again']:.0f} ms | {one['queries']} | {one['slowest'][0]:.0f} ms | {one['kb']:.0f} kB |"
        )


if __name__ == "__main__":
    main()
