# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who leads, asked by hand: every door of every issue asks it.

The statements read the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.statements import written

_LEADING = (
    "FROM bodies_term t JOIN bodies_post p ON p.id = t.post_id WHERE t.leading AND p.unit_id IN ({units}) "
    "AND t.begins_at <= %s AND t.ends_at >= %s AND (t.ended_at IS NULL OR t.ended_at >= %s)"
)
"""Leading terms of posts of some units that ran between two moments, both included."""


def leaders(units: Sequence[str], since: datetime, until: datetime) -> set[str]:
    """The ids of all who held a leading post of these units at any time from one moment to the other."""
    sql, values = _leading(units, since, until)
    return {member for (member,) in by_hand.rows(f"SELECT t.member_id {sql}", values)}


def concerned_and_leading(
    organisation: str, unit: str, units: Sequence[str], at: datetime, posts_before: datetime
) -> tuple[int, int]:
    """How many were members at a moment, and how many of them led then, by posts made before another.

    `unit`: whose members are counted, or "" for those of the whole organisation; `units`: whose posts lead.
    """
    sql, values = _leading(units, at, at)
    of_unit = "AND m.unit_id = %s" if unit else ""
    [(concerned, leading)] = by_hand.rows(
        f"SELECT COUNT(*), COUNT(CASE WHEN m.id IN (SELECT t.member_id {sql} AND p.created_at <= %s) "  # noqa: S608
        f"THEN 1 END) FROM members_member m WHERE m.organisation_id = %s {of_unit} AND m.joined_at <= %s "
        "AND m.standing IN ('member', 'left') AND (m.left_at IS NULL OR m.left_at > %s)",
        [*values, written(posts_before), organisation, *([unit] if unit else []), *[written(at)] * 2],
    )
    return int(concerned), int(leading)


def _leading(units: Sequence[str], since: datetime, until: datetime) -> tuple[str, list[Any]]:
    sql = _LEADING.format(units=", ".join(["%s"] * len(units)))
    return sql, [*units, written(until), *[written(since)] * 2]
