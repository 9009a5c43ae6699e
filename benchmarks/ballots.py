# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real ballots into a secret box: CPU and wall time for each, by the ordinary act and many at once.

The ballots of a real ward are cast by as many members through `cast_ballot`, one after the other, and once
more through the bulk step with the same rule; then the clock closes both polls. One process, syncs as in
real use.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

WARD = "shetland_2022_ward5"


def main() -> None:
    """Measure on SQLite, or on PostgreSQL where DATABASE_URL is set."""
    ward = sys.argv[1] if len(sys.argv) > 1 else WARD
    home = Path(tempfile.mkdtemp(prefix="kollontai-bench-"))
    os.environ.update(KOLLONTAI_HOME=str(home), DJANGO_SETTINGS_MODULE="kollontai.settings")
    try:
        _measure(ward)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(ward: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    from kollontai.chapters.record import tables
    from tests.against import ward as house

    tables.bring_up_to_date()
    settings.FSYNC = False
    house.begin(ward, "0")
    settings.FSYNC = True
    many = sum(1 for _ in house.papers(ward))
    print("| what | ballots | CPU for each | ballots a second |")
    print("|---|---:|---:|---:|")
    for words, cast in (
        ("one by one, `cast_ballot`", house.cast),
        ("many at once, the same rule", house.cast_bulk),
    ):
        half = (0, many // 2) if cast is house.cast else (many // 2, many)
        cpu, wall = time.process_time(), time.perf_counter()
        cast(ward, *map(str, half))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        told = half[1] - half[0]
        print(f"| {words} | {told:,} | {cpu / told * 1000:.2f} ms | {told / wall:,.0f} |")
    cpu = time.process_time()
    house.close()
    each = (time.process_time() - cpu) / many * 1000
    print(f"| opened, counted, seated, published by the clock | {many:,} | {each:.2f} ms | |")


if __name__ == "__main__":
    main()
