# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that asks what time it is.

Rules never ask: time is handed to them. The frame reads it once for each act. Tests and demonstrations
put another source in place of the machine's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def machine_time() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = machine_time


def now() -> datetime:
    """The present moment, in UTC."""
    return _source()


def read_from(source: Callable[[], datetime]) -> None:
    """Take the time from another source from here on (tests, demonstrations)."""
    global _source
    _source = source
