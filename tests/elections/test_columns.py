# SPDX-License-Identifier: AGPL-3.0-or-later
"""No column that elections fill can be changed without the export changing too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kollontai.chapters.voting.models import Voter
from tests.conftest import StandingClock
from tests.elections.in_elections import InElections, build_in_elections
from tests.tampering.building import Built, as_built, built_once
from tests.tampering.sql import change
from tests.tampering.test_columns import (
    LISTS_OF_ELECTIONS,
    OF_ELECTIONS,
    every_column_is_seen,
    fields_agree,
    shown,
)

pytestmark = pytest.mark.django_db


def build(now: StandingClock) -> InElections:
    """An organisation in which there was every step of an election."""
    return InElections(build_in_elections(now))


@pytest.fixture(scope="module")
def built_electoral(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Built]:
    """Build it once, in a transaction that is never committed."""
    place = tmp_path_factory.mktemp("electoral")
    yield from built_once(django_db_blocker, place, build)


@pytest.fixture
def electoral(db: None, built_electoral: Built, now: StandingClock, own_home: Path) -> Iterator[Any]:
    """The organisation as it was built; afterwards nothing has happened."""
    yield from as_built(built_electoral, now, own_home)


@pytest.mark.parametrize("model", OF_ELECTIONS, ids=[model._meta.db_table for model in OF_ELECTIONS])
def test_a_column_of_an_election_changed_behind_the_server_changes_the_export(
    model: Any, electoral: Any
) -> None:
    every_column_is_seen(model, electoral)


def test_every_field_that_is_claimed_is_worked_out_again_by_the_auditor(
    built_electoral: Any, electoral: Any
) -> None:
    assert fields_agree(built_electoral) >= LISTS_OF_ELECTIONS


def test_a_mark_changed_behind_the_server_is_seen_once_a_vote_is_counted_and_wherever_none_belongs(
    electoral: Any,
) -> None:
    before = shown(electoral, "voting_voter")
    here = Voter.objects.filter(poll__organisation=electoral.world.id)
    for voter in (
        here.filter(poll__secret_box__state="counted").first(),
        here.filter(poll__box="open").first(),
        here.filter(poll__box="outside").first(),
    ):
        assert voter is not None
        with transaction.atomic():
            change(voter, marked=not voter.marked)
            assert shown(electoral, "voting_voter")["marks"] != before["marks"]
            transaction.set_rollback(True)
