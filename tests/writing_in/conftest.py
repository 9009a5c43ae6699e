# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hall with neighbours in it; what these tests build, the auditor must agree with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agreement import the_auditor_agrees  # noqa: F401 - a fixture for all tests here
from tests.writing_in.street import Street, opened_street


@pytest.fixture
def street(db: None, now: Any) -> Street:
    """The hall, and rosa, sam, tess and uli, who have no mail address."""
    return opened_street(now)
