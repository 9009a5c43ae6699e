# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every abuse is found by its own check, at its own entry; the honest story by none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kollontai.auditor import CHECKS, Report, audit_export
from kollontai.auditor.spoken import tongue
from tools.catalogues import LANGUAGES

from . import (  # noqa: F401 - they add to the abuses and the stories
    amendment_abuses,
    attachment_story,
    body_story,
    erasing_story,
    merging_abuses,
    operator_story,
    writing_story,
)
from .abuses import Abuse
from .stories import STORIES
from .story import honest
from .timing_abuses import ABUSES
from .town import Town


def finished(report: Report) -> Report:
    assert not [answer.unfinished for answer in report.answers if answer.unfinished]
    return report


@pytest.mark.parametrize("told", [honest, *STORIES], ids=lambda told: told.__name__)
def test_nothing_is_found_in_an_honest_history(told: Callable[[], Town], tmp_path: Path) -> None:
    world = told()
    report = finished(audit_export(world.export(tmp_path)))
    assert [finding.sentence for finding in report.findings] == []
    assert report.ok
    assert report.size == len(world.chain)


@pytest.mark.parametrize("abuse", ABUSES, ids=[one.name for one in ABUSES])
def test_an_abuse_is_found_by_its_own_check_at_its_own_entry(abuse: Abuse, tmp_path: Path) -> None:
    world = abuse.told()
    position = abuse.bend(world)
    report = finished(audit_export(world.export(tmp_path)))
    assert not report.ok
    found = [finding for finding in report.findings if finding.check == abuse.check]
    assert position in {finding.position for finding in found}, [
        (finding.check, finding.position, finding.sentence) for finding in report.findings
    ]
    told = {finding.sentence for finding in found if finding.position == position}
    assert [
        (language, one) for language in LANGUAGES for one in told if not tongue(language).whole(one)
    ] == []


def test_abuses_reach_nearly_every_check() -> None:
    by_files = {"record_whole", "history_kept", "manifest_holds", "witnessed"}  # tried in test_files.py
    observing = {"texts_echoed", "drafts_never_changed"}  # tried in test_observations.py
    observing.add("let_in_by_letter")  # tried in test_worlds.py
    assert {one.check for one in ABUSES} | by_files | observing == {check.name for check in CHECKS}
