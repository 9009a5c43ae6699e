# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units that become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("unit.merge_agreed", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class MergeAgreed(Fact):
    """The members of `unit` voted that `merged` becomes part of `into`; their yes holds until a day.

    It stands with the count. `unit` is one of the two; with both yeses `unit.merged` follows directly.
    """

    unit: str
    merged: str
    into: str
    until: datetime
    issue: str
    draft: str


@kind("unit.merged", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class UnitMerged(Fact):
    """A unit is part of another from here on, because both voted so: directly after the second yes.

    Its members, applicants and invited people belong to `into`, its open issues too; its posts are over.
    `members` and `issues` say how many. `issue`, `draft`: those of the second yes; `agreed_before`: the issue
    of the first.
    """

    unit: str
    into: str
    members: int
    issues: int
    issue: str
    draft: str
    agreed_before: str
