# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hall with members and polls, for tests of the record alone."""

from __future__ import annotations

import pytest
from django.conf import settings

from kollontai.chapters.record.models import Organisation


@pytest.fixture
def hall(db) -> Organisation:
    """An organisation whose record has begun with one entry."""
    from tests.faults import house

    return house.open_hall(house.member(0), members=40, polls=10).value


@pytest.fixture(autouse=True, scope="session")
def somewhere_for_static_files() -> None:
    """The folder that `kollontai migrate` makes; the pages warn where it is missing."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
