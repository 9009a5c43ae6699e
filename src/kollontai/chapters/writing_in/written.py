# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a writer is given back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WrittenIn:
    """The id of a write-in, and, shown this once, the code of its slip."""

    pk: str
    slip: str
