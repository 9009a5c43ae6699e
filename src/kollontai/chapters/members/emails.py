# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses: one way to write each, and what can be one. They never enter the record."""

from __future__ import annotations

import re

LONGEST = 254
_SHAPE = re.compile(
    r"""[^\s@<>()\[\]",:;\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?"""
)


def tidy(email: str) -> str:
    """Write an address the one way it is kept and compared (the same way as `accounts`)."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """Whether a letter could be sent there, as far as one can tell from its look."""
    return len(email) <= LONGEST and bool(_SHAPE.fullmatch(email)) and ".." not in email.partition("@")[0]
