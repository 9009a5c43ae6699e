# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rulebook that people really live by: the Debian constitution, amended as its own history amended it.

The first version of 1998 is a draft; forty changes of its later versions are amendments, moved by different
members from a file, supported, accepted, in conflict, amended and combined; the version in force is another
draft; then all vote. The texts lie in Debian's package `doc-debian` and stay out of this repository.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.deliberation import amending, fromfile
from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.amending import Change, Run, applied
from kollontai.chapters.deliberation.importing import AmendmentRead, read_amendments, read_issue
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    Combination,
    Draft,
    Issue,
    Resolution,
)
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.followers.export import export_to
from kollontai.web.pages.amendments import wanted
from tests.deliberation.hall import CHAIR, FERRY, MEMBERS, Hall, opened_hall
from tests.web.hall import Hall as Doors

pytestmark = pytest.mark.django_db

PLACE = Path("/usr/share/doc/debian")
EARLIER = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8")
MOVER = "ada"
OTHERS = (*(name for name in MEMBERS if name != MOVER), *FERRY[:3])
MANY = 40


def texts() -> list[list[str]]:
    """Every version that the package carries, oldest first, as lines."""
    files = [PLACE / f"constitution.{number}.txt.gz" for number in EARLIER] + [PLACE / "constitution.txt.gz"]
    if not all(file.exists() for file in files):
        pytest.skip("NOT TESTED: Debian's constitution is missing (Debian: apt-get install doc-debian)")
    return [gzip.decompress(file.read_bytes()).decode("utf-8").strip("\n").split("\n") for file in files]


@dataclass(frozen=True)
class Hunk:
    """A change that a later version makes to the first: an inclusive run of lines, and what they become."""

    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def operation(self) -> str:
        if self.last < self.first:
            return "insert"
        return "replace" if self.lines else "delete"


def hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """What stands in one text and not in the other."""
    return [
        Hunk(a + 1, b, tuple(new[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def forty(versions: list[list[str]]) -> list[Hunk]:
    """Forty changes of its history, those of later versions after those of earlier ones, each once."""
    found: dict[Hunk, None] = {}
    for later in versions[1:]:
        found |= dict.fromkeys(
            hunk for hunk in hunks(versions[0], later) if not hunk.lines or any(map(str.strip, hunk.lines))
        )
    return list(found)[:MANY]


def table_of(changes: list[Hunk]) -> bytes:
    """They as a table, moved in turn by everybody but the mover of the draft."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("number", "first line", "last line", "operation", "new text", "mover", "reasons"))
    for number, one in enumerate(changes, 1):
        table.writerow(
            (number, one.first, max(one.first, one.last), one.operation, "\n".join(one.lines),
             OTHERS[number % len(OTHERS)].title(), "As it came to be.")
        )  # fmt: skip
    return out.getvalue().encode()


def move(hall: Hall, draft: Draft, read: AmendmentRead) -> Amendment:
    """The member whom the file names opens the form that it fills in, and presses the button."""
    member = hall.world.member(read.mover.casefold())
    fromfile.add(member, draft.issue, amendments=[read], letters={read.draft: draft}, at=hall.now.time)
    item = fromfile.waiting(member, draft.issue)[-1]
    lines = facts.amended([draft])[draft.pk].texts.lines(item["version"])
    typed = fromfile.as_typed(item, lines)
    made = wanted(lines, typed["first"], typed["last"], typed["text"])
    assert made is not None
    asked = Change(Run(read.first, read.last), tuple(read.text.split("\n")) if read.text else ())
    new = tuple(made.text.split("\n")) if made.operation != "delete" else ()
    assert applied(lines, Change(Run(made.first, made.last), new)) == applied(lines, asked)
    moved: Amendment = move_amendment(
        hall.world.actor(read.mover.casefold()), draft_id=draft.pk, version=item["version"],
        operation=made.operation, first=made.first, last=made.last, text=made.text, reasons=item["reasons"],
    ).value  # fmt: skip
    fromfile.take_out(member, draft.issue, item)
    return moved


def test_a_real_rulebook_goes_all_the_way(now: Any, tmp_path: Path) -> None:
    versions = texts()
    changes = forty(versions)
    assert len(changes) == MANY
    hall = opened_hall(now)
    draft = the_draft(hall, versions[0])
    issue = draft.issue
    moved = all_moved(hall, draft, changes)
    conflicts = conflicting(draft)
    assert conflicts, "later versions change again what earlier ones changed"

    children = amended_again(hall, moved, versions)
    assert children
    taken = accepted(hall, draft, moved, conflicts)
    pair = combined(hall, draft, moved, taken, conflicts)
    whole = put_draft(
        hall.world.actor("ben"), issue_id=issue.pk, title="As it is in force", text="\n".join(versions[-1])
    ).value
    for name in ("cleo", "dai", "eva"):
        support_draft(hall.world.actor(name), draft_id=whole.pk)

    page = Doors(hall.world, now).enter("eva").get(f"/tidewater/issues/{issue.number}/print/")
    printed = page.content.decode()
    assert page.status_code == 200
    assert "make any technical or nontechnical decision" in re.sub(r"\s+", " ", printed)
    assert f"Amendment {moved[-1].number}" in printed

    poll = to_the_vote(hall, issue)
    options = poll_options(poll)
    assert 3 <= len(options) <= 13
    assert whole.pk in options
    assert any(pair <= set(one.amendments) for one in Alternative.objects.filter(issue=issue))
    for name in (*MEMBERS, CHAIR):
        cast_ballot(hall.world.actor(name), poll_id=poll.pk, ranking=[[whole.pk], [draft.pk], ["status-quo"]])
    hall.turned(hall.fresh(issue))
    assert hall.fresh(issue).outcome == "carried"
    assert str(Resolution.objects.get(issue=issue).text) == "\n".join(versions[-1])

    export_to(hall.world.organisation, tmp_path / "export")
    report = audit_export(tmp_path / "export")
    assert [finding.sentence for finding in report.findings if finding.severity == "breach"] == []
    assert report.ok


def the_draft(hall: Hall, lines: list[str]) -> Draft:
    """The first version from a file, raised by its reader, with supporters enough to be talked over."""
    safe = "\n".join(f"\\{line}" if line.startswith("#") else line for line in lines)
    found = read_issue(
        f"# Issue: A constitution\n# Why\nWe need one.\n# Draft: Constitution\n{safe}\n".encode()
    )
    assert (found.problems, found.whole) == ((), True)
    assert found.drafts[0].text == "\n".join(lines)
    issue = raise_issue(
        hall.world.actor(MOVER), unit_id=hall.world.unit().pk, title=found.title, text=found.why,
        draft_title=found.drafts[0].title, draft_text=found.drafts[0].text,
    ).value  # fmt: skip
    for name in OTHERS:
        if hall.fresh(issue).stage == "gathering":
            support_issue(hall.world.actor(name), issue_id=issue.pk)
    return Draft.objects.select_related("issue__unit").get(issue=issue)


def all_moved(hall: Hall, draft: Draft, changes: list[Hunk]) -> list[Amendment]:
    """Forty amendments from a table, each in its own mover's name, most with the supporters they need."""
    lines = len(str(draft.versions.get().text).split("\n"))
    found = read_amendments(table_of(changes), {"A": lines})
    assert found.problems == ()
    moved = [move(hall, draft, one) for one in found.amendments]
    assert {one.mover_id for one in moved} == {hall.world.people[name] for name in OTHERS}
    for number, one in enumerate(moved):
        if number % 4:
            behind = [name for name in OTHERS if hall.world.people[name] != one.mover_id]
            for name in behind[: draft.issue.needed - 1]:
                support_amendment(hall.world.actor(name), amendment_id=one.pk)
    return moved


def conflicting(draft: Draft) -> dict[int, list[int]]:
    """Which amendments change the same lines, by their numbers."""
    here = facts.amended([draft])[draft.pk]
    found = amending.conflicts(list(here.standing.values()))
    return {here.rows[name].number: others for name, others in found.items() if others}


def amended_again(hall: Hall, moved: list[Amendment], versions: list[list[str]]) -> list[Amendment]:
    """Where a later version gave the same lines yet other words, an earlier change is amended to them."""
    every = {(one.first, one.last): one for later in versions[1:] for one in hunks(versions[0], later)}
    made: list[Amendment] = []
    for one in moved:
        last = every.get((one.first, one.last))
        mine = str(one.versions.get().text).split("\n")
        if one.operation != "replace" or last is None or not last.lines or list(last.lines) == mine:
            continue
        [first, *_] = hunks(mine, list(last.lines))
        if len(mine) == first.last - first.first + 1 and not first.lines:
            continue
        mover = next(name for name in OTHERS[::-1] if hall.world.people[name] != one.mover_id)
        made.append(
            move_amendment(
                hall.world.actor(mover), draft_id=one.draft_id, parent_id=one.pk, version=1,
                operation=first.operation, first=first.first, last=first.last, text="\n".join(first.lines),
            ).value
        )  # fmt: skip
        if len(made) == 3:
            break
    return made


def accepted(
    hall: Hall, draft: Draft, moved: list[Amendment], conflicts: dict[int, list[int]]
) -> list[Amendment]:
    """The mover takes six of them into the text, one after the other; each is there to the letter."""
    taken: list[Amendment] = []
    for one in moved:
        if one.number in conflicts or one.children.exists() or len(taken) == 6:
            continue
        before = facts.amended([draft])[draft.pk]
        wanted_text = applied(before.texts.lines(before.texts.newest), before.standing[one.pk].change)
        accept_amendment(hall.world.actor(MOVER), amendment_id=one.pk)
        draft = Draft.objects.select_related("issue__unit").get(pk=draft.pk)
        assert str(draft.versions.get(version=draft.version).text) == "\n".join(wanted_text)
        taken.append(one)
    assert draft.version == 7
    return taken


def combined(
    hall: Hall, draft: Draft, moved: list[Amendment], taken: list[Amendment], conflicts: dict[int, list[int]]
) -> set[str]:
    """Two members make their amendments one alternative, and everybody stands behind both."""
    here = facts.amended([draft])[draft.pk]
    free = [
        one for one in moved
        if one not in taken and one.number not in conflicts and not here.standing[one.pk].overtaken
        and not one.children.exists()
    ]  # fmt: skip
    mine = free[0]
    yours = next(one for one in free if one.mover_id != mine.mover_id)
    names = {member: name for name, member in hall.world.people.items()}
    for one in (mine, yours):
        for name in OTHERS:
            if not one.supporters.filter(member=hall.world.people[name]).exists():
                support_amendment(hall.world.actor(name), amendment_id=one.pk)
    propose_combination(hall.world.actor(names[mine.mover_id]), amendment_id=mine.pk, with_ids=[yours.pk])
    proposal = Combination.objects.get()
    agree_to_combination(hall.world.actor(names[yours.mover_id]), combination_id=proposal.pk)
    return {mine.pk, yours.pk}


def poll_options(poll: Poll) -> list[str]:
    return list(poll.options)


def to_the_vote(hall: Hall, issue: Issue) -> Poll:
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    return Poll.objects.get(pk=hall.fresh(issue).poll_id)
