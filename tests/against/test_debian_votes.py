# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's leader votes of 2006 and 2020, cast here by as many members, one ballot each.

Each candidate is a draft, "None of the Above" is the status quo; the clock closes the vote. The matrix and
the winner must be those that Debian published. Afterwards the auditor must agree with the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Draft, Issue, Resolution
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import OpenBallot
from kollontai.followers.export import export_to
from tests.against import record_go
from tests.world import World, founded, founders

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data" / "counting" / "condorcet"
"""Origin and licence stand in the README beside this folder."""
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text())


def rankings(sheet: str, options: list[str]) -> Iterator[list[list[str]]]:
    """The ballots of a tally sheet: a mark for each option, "-" where it is not ranked."""
    for line in (DATA / sheet).read_text(encoding="latin-1").splitlines():
        if line.startswith("V: "):
            marks = line[3 : 3 + len(options)]
            yield [
                [option for option, mark in zip(options, marks, strict=True) if mark == rank]
                for rank in sorted(set(marks) - {"-"})
            ]


def all_drafts(world: World, candidates: list[str]) -> tuple[Issue, list[Draft]]:
    """An issue with a draft for each candidate, all supported enough to come to the vote."""
    names = list(world.people)
    issue = raise_issue(
        world.actor(names[0]), unit_id=world.unit().pk, title="Who leads?", text="The term is over.",
        draft_title=candidates[0], draft_text=f"{candidates[0]} leads.",
    ).value  # fmt: skip
    for name in names[1 : issue.needed]:
        support_issue(world.actor(name), issue_id=issue.pk)
    drafts = [issue.drafts.get()]
    for number, candidate in enumerate(candidates[1:], start=1):
        mover, *others = names[number * 10 : number * 10 + issue.needed]
        draft = put_draft(
            world.actor(mover), issue_id=issue.pk, title=candidate, text=f"{candidate} leads."
        ).value
        for name in others:
            support_draft(world.actor(name), draft_id=draft.pk)
        drafts.append(draft)
    return issue, drafts


@pytest.mark.parametrize("sheet", ["debian_leader2006_tally.txt", "debian_leader2020_tally.txt"])
def test_a_real_vote_gives_the_published_matrix_and_winner(now, sheet, tmp_path):
    expected = EXPECTED[sheet]
    candidates = [expected["options"][str(at + 1)] for at in range(len(expected["options"]))][:-1]
    world = founded(listed=founders(*(f"voter{n}" for n in range(expected["votes"]))), units=())
    now.move(minutes=1)
    issue, drafts = all_drafts(world, candidates)
    while issue.stage != "vote":
        issue.refresh_from_db()
        now.pass_to(issue.stage_ends_at if issue.stage != "vote" else now.time)
    options = [draft.pk for draft in drafts] + ["status-quo"]
    assert issue.poll.options == options

    ballots = list(rankings(sheet, options))
    assert len(ballots) == expected["votes"]
    for name, ranking in zip(world.people, ballots, strict=True):
        if name != "voter0":
            cast_ballot(world.actor(name), poll_id=issue.poll_id, ranking=ranking)
    now.pass_days(1)
    issue.refresh_from_db()
    assert issue.stage == "vote", "one voter is still missing, so nothing is counted yet"
    assert issue.poll.figures is None
    cast_ballot(world.actor("voter0"), poll_id=issue.poll_id, ranking=ballots[0])
    now.pass_to(now.time)

    issue = Issue.objects.select_related("poll__count").get(pk=issue.pk)
    count = queries.count_of(issue.poll)
    assert issue.stage == "decided"
    assert OpenBallot.objects.filter(poll=issue.poll_id).count() == issue.poll.cast == expected["votes"]
    assert count is not None
    assert count["matrix"] == expected["pairwise"]
    assert (
        drafts[options.index(count["winner"])].versions.get().title.value
        == expected["official_winner"].encode()
    )
    stayed = {options[at] for at in expected["options_surviving_default_check"]} | {"status-quo"}
    assert set(count["remaining"]) == stayed
    assert str(Resolution.objects.get().text) == f"{expected['official_winner']} leads."

    export_to(world.organisation, tmp_path / "copy")
    report = audit_export(tmp_path / "copy")
    assert report.ok, report.text()
    with suppress(pytest.skip.Exception):  # without Go it has been said loudly that this was not checked
        result = record_go.build(tmp_path)(tmp_path / "copy")
        assert result.stdout.startswith("ok localhost/tidewater size="), result.stderr
