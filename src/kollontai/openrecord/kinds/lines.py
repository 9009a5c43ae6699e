# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are said of certain lines of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("lines.spoken_of", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class LinesSpokenOf(Fact):
    """A contribution speaks of these lines of a draft, `first` to `last` counted from 1, in this version.

    Stands directly after its `contribution.made`. Where the lines are in later versions follows by itself.
    """

    contribution: str
    issue: str
    draft: str
    version: int
    first: int
    last: int
