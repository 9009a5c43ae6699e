# SPDX-License-Identifier: AGPL-3.0-or-later
"""Random names for things: short, unguessable, never used twice."""

from __future__ import annotations

import base64
import secrets


def new_id() -> str:
    """Sixteen letters and digits, 80 random bits."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
