# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often each candidate is named, counted by numpy; whole numbers only."""

from __future__ import annotations

import numpy as np


def numbers(named: bytes) -> dict[int, int]:
    """A byte for each time somebody is named: who is named how often."""
    return dict(enumerate(np.bincount(np.frombuffer(named, dtype=np.uint8)).tolist()))
