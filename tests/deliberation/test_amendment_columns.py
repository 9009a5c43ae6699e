# SPDX-License-Identifier: AGPL-3.0-or-later
"""No column that amendments fill can be changed without the export changing too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from tests.conftest import StandingClock
from tests.deliberation.amended import accepted, moved, talked, voted
from tests.deliberation.files import pdf, picture
from tests.deliberation.hall import Hall, opened_hall
from tests.tampering.building import Built, as_built, built_once
from tests.tampering.test_columns import (
    LISTS_OF_AMENDMENTS,
    OF_AMENDMENTS,
    every_column_is_seen,
    fields_agree,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def the_auditor_agrees() -> None:
    """What is bent here is bent behind the acts."""


def build(now: StandingClock) -> Hall:
    """A vote on a draft with amendments: one accepted, two combined, a child among them."""
    hall = opened_hall(now)
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 1, 1, "Ones.", "cleo", reasons="There are several.")
    two = moved(hall, "cleo", draft, 5, 5, "Fives.\nSixes.", "dai")
    accepted(hall, "cleo", moved(hall, "dai", draft, 2, 2, "Six.", parent_id=two.pk))
    accepted(hall, "ada", moved(hall, "eva", draft, 3, 3, "Third."))
    proposal = propose_combination(hall.world.actor("ben"), amendment_id=one.pk, with_ids=[two.pk]).value
    agree_to_combination(hall.world.actor("cleo"), combination_id=proposal.pk)
    moved(hall, "gus", draft, 4, 4, "Last.", version=2)
    hall.said("gus", issue, draft_id=draft.pk, version=2, first=4, last=5, files=[pdf(), picture()])
    voted(hall, issue)
    return hall


@pytest.fixture(scope="module")
def built_amended(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Built]:
    """Build it once, in a transaction that is never committed."""
    yield from built_once(django_db_blocker, tmp_path_factory.mktemp("amended"), build)


@pytest.fixture
def amended(db: None, built_amended: Built, now: StandingClock, own_home: Any) -> Iterator[Any]:
    """The organisation as it was built; afterwards nothing has happened."""
    yield from as_built(built_amended, now, own_home)


@pytest.mark.parametrize("model", OF_AMENDMENTS, ids=[model._meta.db_table for model in OF_AMENDMENTS])
def test_a_column_of_an_amendment_changed_behind_the_server_changes_the_export(
    model: Any, amended: Any
) -> None:
    every_column_is_seen(model, amended)


def test_every_field_that_is_claimed_is_worked_out_again_by_the_auditor(
    built_amended: Any, amended: Any
) -> None:
    assert fields_agree(built_amended) >= LISTS_OF_AMENDMENTS
