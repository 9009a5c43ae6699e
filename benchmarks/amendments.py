# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hundred amendments on a text of 2,000 lines and 100 kB, through twelve versions.

In process, CPU time: the difference of two versions, carrying and placing all of them, what comes to the
vote, the page of the draft for a reader who comes again, and the auditor's own working out of the paper.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

LINES, BYTES, VERSIONS, AMENDMENTS, ROUNDS = 2_000, 100_000, 12, 100, 9


def main() -> None:
    """Build a house with such a draft in it, and measure."""
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


def texts() -> list[str]:
    """Versions of a long text: in each some lines are changed, inserted, deleted."""
    chance = random.Random(14)  # the same text each time
    width = BYTES // LINES - 1
    lines = [f"{number}. ".ljust(width, "abcdefgh "[number % 9]) for number in range(1, LINES - 40)]
    found = ["\n".join(lines)]
    for version in range(2, VERSIONS + 1):
        for _ in range(8):
            at = chance.randrange(len(lines))
            lines[at] = lines[at][:-3] + f"v{version}"
            lines.insert(chance.randrange(len(lines)), f"New in {version}.")
            del lines[chance.randrange(len(lines))]
        found.append("\n".join(lines))
    return found


def _measure(home: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from kollontai.chapters.record import tables

    tables.bring_up_to_date()
    call_command("collectstatic", verbosity=0, interactive=False)
    from kollontai.demos.again import build

    build(["tidewater"], lambda _: None, small=True)
    from django.test import Client

    from kollontai.auditor.amendments import options as outside
    from kollontai.auditor.audit import Audit
    from kollontai.auditor.read import Export
    from kollontai.chapters.deliberation import amending, amendment_facts, amendment_steps
    from kollontai.chapters.deliberation.facts import leaders_on
    from kollontai.followers.export import export_to

    issue, draft = _amended()
    here = amendment_facts.amended([draft])[draft.pk]
    first, last = here.texts.lines(1), here.texts.lines(here.texts.newest)
    motions = list(here.motions.values())
    leaders = leaders_on(issue, at=_now())
    at_first = [here.texts.lines(number) for number in range(1, here.texts.newest + 1)]
    export_to(issue.organisation, home / "copy")
    audit = Audit(Export(home / "copy"))
    told = audit.state.issues[issue.pk]
    end = told.raised._replace(position=audit.state.size)
    client, path = _reader(Client(HTTP_HOST="localhost"), issue)
    overtaken = sum(one.overtaken for one in here.standing.values())
    size = len(draft.versions.get(version=1).text.value)
    print(f"{len(first)} lines, {size:,} bytes, {here.texts.newest} versions, {len(motions)} amendments, "
          f"{overtaken} of them overtaken")  # fmt: skip
    _say("the difference of the first and the last version", lambda: amending.carried_lines(first, last))
    _say(
        "carry and place all amendments, nothing kept",
        lambda: amending.stand_all(motions, amending.Versions(at_first)),
    )
    _say("what comes to the vote, from the database on", lambda: amendment_steps.offered(issue, leaders))
    _say("the auditor: the paper worked out again", lambda: outside(audit, told, end))
    _say("page of the draft with all amendments", lambda: _page(client, path))


def _say(what: str, do: Callable[[], Any]) -> None:
    do()
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        do()
        spent.append(1_000 * (time.process_time() - begun))
    print(f"{what}: best {min(spent):.1f} ms, median {median(spent):.1f} ms of CPU")


def _now() -> Any:
    from kollontai import clock

    return clock.now()


def _amended() -> tuple[Any, Any]:
    """An issue in talk, whose draft members have amended all over."""
    from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
    from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
    from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
    from kollontai.chapters.deliberation.acts.support_issue import support_issue
    from kollontai.chapters.deliberation.facts import leaders_on
    from kollontai.chapters.deliberation.models import Issue
    from kollontai.chapters.members.models import Member, Unit
    from kollontai.chapters.record.act import Actor
    from kollontai.chapters.record.models import Organisation

    organisation = Organisation.objects.get(slug="tidewater")
    root = Unit.objects.get(organisation=organisation, parent=None)
    members = list(Member.objects.filter(organisation=organisation, standing="member").order_by("pk"))
    written = texts()
    actors = [Actor(organisation.pk, member.pk, "code") for member in members]
    issue = raise_issue(
        actors[0], unit_id=root.pk, title="The bylaws", text="They are old.", draft_title="Bylaws",
        draft_text=written[0],
    ).value  # fmt: skip
    leaders = leaders_on(issue, at=_now())
    speaking = [actor for actor in actors[1:] if actor.id not in leaders]
    for actor in speaking:
        if Issue.objects.get(pk=issue.pk).stage == "gathering":
            support_issue(actor, issue_id=issue.pk)
    draft = issue.drafts.get()
    for number in range(AMENDMENTS):
        move_amendment(
            speaking[number % len(speaking)], draft_id=draft.pk, version=1, operation="replace",
            first=1 + 19 * number, last=2 + 19 * number,
            text=f"As amendment {number + 1} has it.\nAnd so on.",
        )  # fmt: skip
    for text in written[1:]:
        revise_draft(actors[0], draft_id=draft.pk, title="Bylaws", text=text)
    draft.refresh_from_db()
    return Issue.objects.get(pk=issue.pk), draft


def _reader(client: Any, issue: Any) -> tuple[Any, str]:
    from kollontai.chapters.accounts.steps import account_for
    from kollontai.chapters.members.models import Contact

    contact = Contact.objects.filter(organisation=issue.organisation, member__standing="member").first()
    account = account_for(contact.email, at=_now())
    client.force_login(account, backend="kollontai.chapters.accounts.backend.SignedIn")
    return client, f"/tidewater/issues/{issue.number}/drafts/A/"


def _page(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    assert answer.content.count(b'id="am') == AMENDMENTS


if __name__ == "__main__":
    main()
