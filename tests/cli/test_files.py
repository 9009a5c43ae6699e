# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are shown by a command first, and put only as the member whose key it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kollontai import clock
from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation import fromfile
from kollontai.chapters.deliberation.models import Amendment, ArchivedThread, Issue
from kollontai.cli.files import import_archive, import_issue
from tests.deliberation.loomio_export import NEW, export
from tests.web.hall import LEADER, Hall, built

pytestmark = pytest.mark.django_db

FILE = (
    "# Issue: A kettle\n# Why\nIt leaks.\n# Draft: Buy one\nWe buy.\nSoon.\n# Draft: Mend\nX.\n# Nonsense\n"
)
TABLE = "number,first,operation,text,mover\n1,2,replace,Now.,Hal\n2,9,delete,,\n"


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return built(now)


def key_of(name: str) -> dict[str, str]:
    account = account_for(f"{name}@example.org", at=clock.now())
    _token, secret = tokens.make(account, label="key", scopes=["act"], days=7, at=clock.now())
    return {"KOLLONTAI_TOKEN": secret}


def run(command: Any, *given: Any, env: dict[str, str] | None = None) -> Any:
    return CliRunner().invoke(command, [str(one) for one in given], env=env or {"KOLLONTAI_TOKEN": ""})


def test_an_issue_is_shown_and_raised_only_when_asked_to(hall: Hall, tmp_path: Path) -> None:
    file, table = tmp_path / "kettle.md", tmp_path / "changes.csv"
    file.write_bytes(FILE.encode())
    table.write_bytes(TABLE.encode())
    shown = run(import_issue, "tidewater", file, "--amendments", table)
    assert (shown.exit_code, Issue.objects.count()) == (0, 0)
    assert "A kettle: read as UTF-8." in shown.output
    assert "kettle.md, line 9: This heading is none of" in shown.output
    assert "changes.csv, line 3: Lines 9 to 9 are not in draft A" in shown.output
    nobody = run(import_issue, "tidewater", file, "--raise")
    assert (nobody.exit_code, Issue.objects.count()) == (2, 0)
    raised = run(import_issue, "tidewater", file, "--amendments", table, "--raise", env=key_of("ben"))
    assert raised.exit_code == 0, raised.output
    issue = Issue.objects.get()
    assert issue.raised_by_id == hall.world.people["ben"]
    assert [one["what"] for one in fromfile.waiting(hall.world.member("ben"), issue)] == [
        "draft",
        "amendment",
    ]
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("Just words.", "it needs a title"), ("---\nunit: Moon\n---\n" + FILE, "There is no unit 'Moon' here.")],
)
def test_a_file_that_is_no_issue_is_unusable_input(hall: Hall, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "file.md").write_text(text)
    found = run(import_issue, "tidewater", tmp_path / "file.md")
    assert found.exit_code == 2
    assert words in found.output


def test_threads_are_shown_and_brought_along_only_when_asked_to(hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "group.json"
    file.write_bytes(export(NEW) + b"{\n")
    shown = run(import_archive, "tidewater", file)
    assert (shown.exit_code, ArchivedThread.objects.count()) == (0, 0)
    assert "2 threads can be brought along." in shown.output
    assert "group.json, line 17: This line is no JSON." in shown.output
    done = run(
        import_archive, "tidewater", file, "--bring-along", "--without", "Orla Fictional", env=key_of("ada")
    )
    assert done.exit_code == 0, done.output
    said = [str(one.thread) for one in ArchivedThread.objects.select_related("thread")]
    assert len(said) == 2
    assert "Orla" not in "".join(said)
    hall.at_talk()
    refused = run(import_archive, "tidewater", file, "--bring-along", env=key_of(LEADER))
    assert refused.exit_code == 1
    assert "old threads are for others to bring along" in refused.output
