# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls: frozen when they open, closed by the clock, counted in public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("poll.opened", link="clock", audience="members", commits=("roll", "paper"))
@dataclass(frozen=True, slots=True)
class PollOpened(Fact):
    """A vote opened. Everything about it is frozen here.

    `about`: "issue", "confirmation", "election" or "recall"; `subject`: the issue's, the post's, the
    election's or the petition's id. `form`: "yes_no" (options yes, no, abstain), "ranked" (options are draft
    ids and the status quo) or "election" (candidates' member ids in the order their lot under the poll's id
    gives, then "ron": re-open nominations).
    `roll` (committed): the member ids who may vote, as a JSON list, sorted. `paper` (committed): the
    options with their texts, as JSON. `quorum_bp`: basis points of the roll that yes must reach.
    `majority`: numerator and denominator over yes + no; `more_than` tells "more than" from "at least".
    """

    poll: str
    about: str
    subject: str
    unit: str
    form: str
    box: str
    """"open": choices are published with names at the close; "separated": secret, see kinds/boxes.py;
    "outside": held outside by law, entered by two scrutineers."""
    options: tuple[str, ...]
    status_quo: str | None
    opens_at: datetime
    closes_at: datetime
    roll_count: int
    quorum_bp: int
    majority: tuple[int, ...]
    more_than: bool
    due: datetime | None = None


@kind("ballot.cast", link="accountable", audience="members", commits=("choice",), held=True)
@dataclass(frozen=True, slots=True)
class BallotCast(Fact):
    """A member voted in an open poll. The choice is committed and is published when the poll closes.

    `choice` (committed): JSON {"choice": "yes"} or {"ranking": [["d1"], ["d2", "d3"]]}.
    """

    poll: str


@kind("poll.counted", link="clock", audience="world", commits=("count",))
@dataclass(frozen=True, slots=True)
class PollCounted(Fact):
    """The poll closed by the clock, or because everybody had voted, and was counted at once.

    `outcome`: the option that won ("yes", "no", a draft id, or the status quo's id). `figures`: for
    yes_no the sums of yes, no, abstain; for ranked the votes above and below the status quo by option
    (`<option>.yes`, `<option>.no`); for an election the first preferences (`<option>.first`), and the
    outcome is "counted". `count` (committed): the whole count as JSON, matrix and stages and all.
    """

    poll: str
    due: datetime
    cast: int
    outcome: str
    figures: Mapping[str, int]
