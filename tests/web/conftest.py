# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages are tested in a hall that was built by acts, and the auditor agrees with it afterwards."""

import pytest
from django.core.cache import cache

from kollontai.chapters.accounts import codes
from tests.agreement import the_auditor_agrees
from tests.web.hall import Hall, built

__all__ = ["the_auditor_agrees"]


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """Codes are hashed slowly on purpose; not here, where many are asked for."""
    codes.nobodys_code.cache_clear()
    yield
    codes.nobodys_code.cache_clear()


@pytest.fixture
def hall(db, now) -> Hall:
    """An organisation to walk through."""
    cache.clear()
    return built(now)
