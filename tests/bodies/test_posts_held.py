# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds what, read once and asked again later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kollontai.chapters.bodies.models import Term

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("begins", "ends", "ended", "runs"),
    [(0, 2, None, True), (-1, 1, None, True), (1, 2, None, False), (-2, 0, None, False),
        (-2, 2, 0, False), (-2, 2, -1, False), (-2, 2, 1, True)],
)  # fmt: skip
def test_a_term_runs_from_its_first_moment_to_before_its_last(begins, ends, ended, runs):
    term = Term(
        begins_at=NOON + begins * HOUR,
        ends_at=NOON + ends * HOUR,
        ended_at=None if ended is None else NOON + ended * HOUR,
    )
    assert term.runs_at(NOON) is runs
