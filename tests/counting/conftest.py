# SPDX-License-Identifier: AGPL-3.0-or-later
"""A library knows no house: its tests are given none."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_home() -> None:
    """No files but those that a test makes."""
