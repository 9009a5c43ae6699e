# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published lot: an order anyone can draw again from a seed announced beforehand.

Each name gets the SHA-256 of the seed, a line feed and the name; the lowest digest comes first. The seed is
fixed (or committed to) before ballots are opened, so nobody chooses the outcome.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def draw(seed: str, names: Sequence[str]) -> tuple[str, ...]:
    """The order this seed gives to these names. It does not depend on the order they come in."""
    return tuple(sorted(names, key=lambda name: (digest(seed, name), name)))


def digest(seed: str, name: str) -> str:
    """What a name drew: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest()
