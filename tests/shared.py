# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is dear to build is built by one of the workers of a run, for all of them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PLACE = "KOLLONTAI_TESTS_SHARED"
"""A folder that is there as long as the run (tests/home.py)."""


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """The place of something, one process at a time."""
    place = Path(os.environ[PLACE]) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def folder(name: str, make: Callable[[Path], None]) -> Path:
    """A folder that was made once. It is everybody's: whoever changes something, changes a copy."""
    with alone(name) as place:
        made = place.with_name(f"{place.name}.made")
        if not made.exists():
            place.mkdir()
            make(place)
            made.touch()
    return place
