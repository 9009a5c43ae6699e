# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every world these tests build is audited afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agreement import the_auditor_agrees  # noqa: F401 - a fixture for all tests here
from tests.deliberation.hall import Hall, opened_hall


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    """Ten people, hal in the chair, iva convenor of Ferry Crews."""
    return opened_hall(now)
