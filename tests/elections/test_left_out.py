# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server that leaves out a seat which it should put to election: the record tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections import facts
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.models import Organisation
from kollontai.followers.export import export_to
from tests.elections.hall import DAY, elected_house, give_back, voted

pytestmark = pytest.mark.django_db


@pytest.fixture
def the_auditor_agrees() -> None:
    """It is not to agree here."""


@pytest.mark.parametrize("left_out", [0, 1])
def test_one_seat_less_after_the_terms_is_found(
    now: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left_out: int
) -> None:
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    whole = facts.ending_seats
    monkeypatch.setattr(facts, "ending_seats", lambda *post, **when: whole(*post, **when)[left_out:])
    now.pass_to(ends_at - 10 * DAY)
    give_back(world, "cleo")
    assert Election.objects.get(why="term-over").seats == 2 - left_out
    export_to(Organisation.objects.get(), tmp_path / "export")
    found = {one.check for one in audit_export(tmp_path / "export").findings if one.severity == "breach"}
    assert found == ({"elections_held"} if left_out else set())
