# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write docs/retention.md from the one place that says how long everything is kept.

python -m tools.retention
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "retention.md"


def page() -> str:
    """The page as the code says it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from kollontai.followers.keeping.retention import BACKUPS, KEPT

    lines = [
        "# How long everything is kept",
        "",
        "Written from `kollontai.followers.keeping.retention` by `python -m tools.retention`; the page",
        "*Who sees what* of every organisation shows the same. Every table stands in one line.",
        "",
        "| what | kept | tables |",
        "|---|---|---|",
    ]
    for one in (*KEPT, BACKUPS):
        lines.append(f"| {one.what} | {one.until} | {', '.join(f'`{table}`' for table in one.tables)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
