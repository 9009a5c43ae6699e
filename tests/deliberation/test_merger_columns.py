# SPDX-License-Identifier: AGPL-3.0-or-later
"""No column that a merger fills can be changed without the export changing too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Unit
from tests.conftest import StandingClock
from tests.deliberation.hall import Hall
from tests.deliberation.two_units import both_at_the_vote, both_carry, raised_in, two_branches
from tests.tampering.building import Built, as_built, built_once
from tests.tampering.sql import change
from tests.tampering.test_columns import (
    LISTS_OF_MERGERS,
    OF_MERGERS,
    every_column_is_seen,
    fields_agree,
    shown,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def the_auditor_agrees() -> None:
    """What is bent here is bent behind the acts."""


def build(now: StandingClock) -> Hall:
    """Two branches that have merged, with an issue that went along."""
    hall = two_branches(now)
    both = both_at_the_vote(hall)
    raised_in(hall, "Kiln Lane", title="A lamp", draft_title="Lamp")
    both_carry(hall, both)
    return hall


@pytest.fixture(scope="module")
def built_merged(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Built]:
    """Build it once, in a transaction that is never committed."""
    yield from built_once(django_db_blocker, tmp_path_factory.mktemp("merged"), build)


@pytest.fixture
def together(db: None, built_merged: Built, now: StandingClock, own_home: Any) -> Iterator[Any]:
    """The organisation as it was built; afterwards nothing has happened."""
    yield from as_built(built_merged, now, own_home)


@pytest.mark.parametrize("model", OF_MERGERS, ids=[model._meta.db_table for model in OF_MERGERS])
def test_a_column_of_a_merger_changed_behind_the_server_changes_the_export(model: Any, together: Any) -> None:
    every_column_is_seen(model, together)


@pytest.mark.parametrize("column", ["merged_into_id", "merged_at"])
def test_a_merger_is_not_undone_behind_the_server(column: str, together: Any) -> None:
    before = shown(together, "members_unit")
    change(Unit.objects.get(merged_at__isnull=False), **{column: None})
    assert shown(together, "members_unit") != before


def test_whether_all_led_is_not_changed_behind_the_server(together: Any) -> None:
    before = shown(together, "deliberation_issue")
    change(Issue.objects.filter(all_led=False).latest("raised_at"), all_led=True)
    assert shown(together, "deliberation_issue") != before


def test_every_field_that_is_claimed_is_worked_out_again_by_the_auditor(
    built_merged: Any, together: Any
) -> None:
    assert fields_agree(built_merged) >= LISTS_OF_MERGERS
