# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something is drawn by lot: some times in `make test`, many times in `make test-long`."""

from __future__ import annotations

import os

MANY = 25 if os.environ.get("KOLLONTAI_TESTS_THOROUGH") else 1


def draws(number: int) -> int:
    """So many now, or a multiple where there is time."""
    return number * MANY
