# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses behind the server's back, done to a real organisation: each is found by its own check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import Report, audit_export
from kollontai.followers.export import export_to

from . import by_bent_rows, by_gaps, by_sql  # noqa: F401 - importing them fills the list
from .abuses import Abuse, of, speaks
from .forgery import Story


def test_of_the_honest_organisation_nothing_is_found(clean: Report) -> None:
    assert clean.ok, clean.text()
    assert not clean.observations, clean.text()


def test_the_honest_story_told_anew_is_still_found_honest(built: Any, tmp_path: Path) -> None:
    folder = Story(built.export, built.key).write(tmp_path / "again")
    report = audit_export(folder, vkey=built.key.verifier, old=built.export)
    assert report.ok, report.text()


@pytest.mark.django_db
@pytest.mark.parametrize("one", of("sql"))
def test_what_sql_changes_behind_the_server_is_found(one: Abuse, org: Any, tmp_path: Path) -> None:
    seen = one.do(org)
    export_to(org.world.organisation, tmp_path / "export")
    speaks(audit_export(tmp_path / "export"), one, seen)


@pytest.mark.django_db
@pytest.mark.parametrize("one", of("bent") + of("gap"))
def test_what_is_put_right_again_afterwards_is_found(one: Abuse, org: Any, now: Any, tmp_path: Path) -> None:
    seen = one.do(org, now)
    export_to(org.world.organisation, tmp_path / "export")
    speaks(audit_export(tmp_path / "export"), one, seen)
