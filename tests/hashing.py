# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes are hashed in tests as in real use, with less memory and less work."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class HastyArgon2(Argon2PasswordHasher):
    """Argon2 that takes no time."""

    time_cost = 1
    memory_cost = 8  # KiB
    parallelism = 1
