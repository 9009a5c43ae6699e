# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write docs/tampering.md from the abuses themselves: `python -m tests.tampering.page`."""

from __future__ import annotations

import os
from pathlib import Path

import django

from .abuses import ABUSES

PAGE = Path(__file__).parents[2] / "docs" / "tampering.md"

_BEGINNING = """\
# Tampering: what was tried, and which check speaks

An organisation is built by acts alone: fifteen members in a hall and two units, a chair confirmed by the
members, two decisions, a talk, an open vote, people who wait, left or said no. Its export audits clean. Then
each abuse below is done to it, on SQLite and on PostgreSQL, behind everything the software would have
refused; the check named beside it must point at the right thing and at the right entry
(`tests/tampering/`). This page is written by `python -m tests.tampering.page` from the abuses themselves.
"""

_WAYS = {
    "sql": (
        "With the database's password",
        "Rows are written with SQL, past every act. The next export gives them away.",
    ),
    "bent": (
        "Bent, used, and straightened again",
        "Rows are bent, the server itself acts on them in good faith, and the rows are put right. No row tells "
        "any more; the record does.",
    ),
    "gap": (
        "Acts without entries, entries without places",
        "Somebody writes without an act, or takes entries out of the database before or after they have their "
        "place on the record.",
    ),
    "forged": (
        "With the server's own key: stories that break an article",
        "Entries are forged, dropped, added or moved; every hash, the checkpoint, the claim and the list of files "
        "are made anew and signed with the record's own key. One export is enough to find these. Whoever kept an "
        "earlier copy finds each that touches the past a second time, by `history_kept`.",
    ),
    "past": (
        "With the server's own key: stories that break nothing",
        "The new past is as good as the old one, and audits clean alone. Only an earlier copy (`--old`), a "
        "receipt or a witness shows that there was another. **Keep your exports.**",
    ),
    "files": (
        "The files of a copy",
        "Somebody tampers with the files, on the way or where they are handed out.",
    ),
    "key": (
        "Under a false name",
        "Everything fits, and another key has signed it. Only who brings the right key (`--vkey`) sees that.",
    ),
}

_END = """\
## What stays unseen, and for whom it does not

| abuse | what shows it |
|---|---|
| a member's address is changed in the database, and somebody signs in as them | the member: *Mine* lists \
everything done in their name |
| an act is made up in the name of a member who has no key | the same |
| a ballot is dropped, or turned round, before its entry has a place | the voter: there is no receipt for it, or \
it shows another ballot |
| the clock is stopped, and nothing else is recorded either | whoever looks at the date of the last entry, which \
every report names; the next entry makes it a finding (`overdue`) |
| two people are shown two records | witnesses (`--policy`), or both of them comparing five words |
| the past is told anew and nobody kept a copy, a receipt or a checkpoint | nobody |
"""


def page() -> str:
    """The page as it should stand."""
    parts = [_BEGINNING, f"\n**{len(ABUSES)} abuses.**\n"]
    for way, (title, words) in _WAYS.items():
        parts.append(f"\n## {title}\n\n{words}\n\n| abuse | how | which check speaks |\n|---|---|---|\n")
        parts += [f"| {one.words} | {one.how} | `{one.check}` |\n" for one in ABUSES if one.way == way]
    return "".join([*parts, "\n", _END])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    django.setup()
    from . import (  # noqa: F401
        abuses,
        by_attachments,
        by_bent_rows,
        by_bodies,
        by_charter,
        by_files,
        by_forgery,
        by_gaps,
        by_merging,
        by_sql,
        by_timing,
    )

    PAGE.write_text(page(), encoding="utf-8")
