# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a test that built a world by acts, the auditor must agree with what the rows claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def the_auditor_agrees(request: Any, tmp_path: Path) -> Iterator[None]:
    """Export every organisation the test left behind and audit it; a breach fails the test."""
    # By a mark, or by a fixture that asks for the database.
    if request.node.get_closest_marker("django_db") is None and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    yield
    from kollontai.auditor import audit_export
    from kollontai.chapters.record.models import Organisation
    from kollontai.followers.export import export_to

    for organisation in Organisation.objects.all():
        folder = tmp_path / f"export-{organisation.slug}"
        export_to(organisation, folder)
        report = audit_export(folder)
        wrong = [
            f"{answer.check.name}: {finding.sentence}"
            for answer in report.answers
            for finding in answer.findings
            if finding.severity == "breach"
        ]
        wrong += [answer.unfinished for answer in report.answers if answer.unfinished]
        assert not wrong, "\n".join(wrong)
