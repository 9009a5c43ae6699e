# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages are tested in a hall that was built by acts, and the auditor agrees with it afterwards."""

import pytest
from django.core.cache import cache

from tests.agreement import the_auditor_agrees
from tests.web.hall import Hall, built

__all__ = ["the_auditor_agrees"]


@pytest.fixture
def hall(db, now) -> Hall:
    """An organisation to walk through."""
    cache.clear()
    return built(now)
