# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses behind the server's back, done to a real organisation: each is found by its own check."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import Report, audit_export
from kollontai.auditor.audit import Audit
from kollontai.auditor.read import Export
from kollontai.auditor.rows import TABLES
from kollontai.followers.export import export_to

from . import (  # noqa: F401 - importing them fills the list
    by_attachments,
    by_bent_rows,
    by_bodies,
    by_charter,
    by_files,
    by_forgery,
    by_gaps,
    by_merging,
    by_sql,
    by_timing,
)
from .abuses import Abuse, of, speaks
from .forgery import Story
from .page import PAGE, page

pytestmark = pytest.mark.django_db
# What is done to an export (`any_database`) is done to the same files on either database.

QUIET = {"record_whole", "manifest_holds", "state_matches"}
"""A good forger leaves no trace in hashes, lists and rows."""


def test_of_the_honest_organisation_nothing_is_found(clean: Report) -> None:
    assert clean.ok, clean.text()
    assert not clean.observations, clean.text()


def test_every_field_of_a_row_that_is_claimed_is_derived(built: Any) -> None:
    claim = json.loads((built.export / "state.json").read_text(encoding="utf-8"))
    audit = Audit(Export(built.export))
    looked_at = 0
    for name, table in TABLES.items():
        for row in claim[name][:1]:
            derived = table.find(audit, row)
            assert derived is not None
            assert row.keys() == derived.fields.keys(), f"auditor/rows.py derives other fields of {name}"
            looked_at += 1
    assert looked_at > 30


@pytest.mark.any_database
def test_the_honest_story_told_anew_is_still_found_honest(built: Any, tmp_path: Path) -> None:
    folder = Story(built.export, built.key).write(tmp_path / "again")
    report = audit_export(folder, vkey=built.key.verifier, old=built.export)
    assert report.ok, report.text()


@pytest.mark.parametrize("one", of("sql"))
def test_what_sql_changes_behind_the_server_is_found(one: Abuse, org: Any, tmp_path: Path) -> None:
    seen = one.do(org)
    export_to(org.world.organisation, tmp_path / "export")
    speaks(audit_export(tmp_path / "export"), one, seen)


@pytest.mark.parametrize("one", of("bent") + of("gap"))
def test_what_is_put_right_again_afterwards_is_found(one: Abuse, org: Any, now: Any, tmp_path: Path) -> None:
    seen = one.do(org, now)
    export_to(org.world.organisation, tmp_path / "export")
    speaks(audit_export(tmp_path / "export"), one, seen)


def _first_change(told: Story, was: Story) -> int | None:
    """Where a forged story leaves the honest one; nowhere, where it only goes on."""
    for at, entry in enumerate(was.entries):
        if at == len(told.entries) or told.entries[at] != entry:
            return at
    return None


@pytest.mark.any_database
@pytest.mark.parametrize("one", of("forged"))
def test_a_forged_story_that_breaks_an_article_is_found(one: Abuse, built: Any, tmp_path: Path) -> None:
    story = Story(built.export, built.key)
    seen = one.do(story, built.org)
    report = audit_export(story.write(tmp_path / "forged"), old=built.export)
    speaks(report, one, seen)
    assert not [found for found in report.findings if found.check in QUIET], report.text()
    changed = _first_change(story, Story(built.export, built.key))
    history = [found.position for found in report.findings if found.check == "history_kept"]
    assert history == ([] if changed is None else [changed]), report.text()


@pytest.mark.any_database
@pytest.mark.parametrize("one", of("past"))
def test_a_forged_story_that_breaks_nothing_is_found_by_who_kept_a_copy(
    one: Abuse, built: Any, tmp_path: Path
) -> None:
    story = Story(built.export, built.key)
    seen = one.do(story, built.org)
    forged = story.write(tmp_path / "forged")
    alone = audit_export(forged)
    assert alone.ok, alone.text()
    report = audit_export(forged, old=built.export)
    changed = _first_change(story, Story(built.export, built.key))
    speaks(report, one, replace(seen, position=changed))
    assert {found.check for found in report.findings} <= {"history_kept", "export_stamps"}, report.text()


@pytest.mark.any_database
@pytest.mark.parametrize("one", of("files"))
def test_whatever_is_done_to_the_files_is_found(
    one: Abuse, built: Any, tmp_path: Path, in_time: None
) -> None:
    folder = Path(shutil.copytree(built.export, tmp_path / "copy"))
    seen = one.do(folder, built)
    speaks(audit_export(folder, vkey=built.key.verifier, old=built.export), one, seen)
    assert not audit_export(folder).ok


@pytest.mark.any_database
@pytest.mark.parametrize("one", of("key"))
def test_who_signed_shows_to_whoever_knows_the_key(one: Abuse, built: Any, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built.export, tmp_path / "copy"))
    seen = one.do(folder, built)
    speaks(audit_export(folder, vkey=built.key.verifier), one, seen)
    alone = audit_export(folder)
    assert alone.ok, alone.text()
    assert any("the key was taken from this export alone" in line for line in alone.not_seen)


@pytest.fixture
def in_time() -> Iterator[None]:
    """No file keeps the auditor waiting for ever."""

    def too_long(number: int, frame: object) -> None:
        pytest.fail("The auditor waits for a file that never ends.")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.any_database
def test_the_page_lists_every_abuse() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.tampering.page"
