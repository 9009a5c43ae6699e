# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secret boxes: sealed to a key made for one poll, opened at its close, the key destroyed.

Nobody's choice stands in any entry, and no entry says when somebody voted. `poll.opened` stands before
`box.opened`; `poll.counted` before `box.counted`; each pair in one act of the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("box.opened", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class BoxOpened(Fact):
    """A secret box of a poll opened.

    `key`: its public key (X25519, hex); ballots are sealed to it and padded to `size` bytes. `rule`: how it
    is counted ("scottish-stv", "irv" or "yes-no"); `seats`: how many are elected (0 for yes/no);
    `most_ranks`: how many ranks a ballot may have. `lot`: SHA-256 (hex) of the server's secret for the lot;
    `lots_until`: until when others add to the lot; from then to the close they show what they added.
    """

    poll: str
    key: str
    size: int
    seats: int
    rule: str
    most_ranks: int
    lot: str
    lots_until: datetime


@kind("lot.added", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class LotAdded(Fact):
    """A candidate or any other member added to the lot: the SHA-256 (hex) of a sentence they keep."""

    poll: str
    sha256: str


@kind("lot.shown", link="accountable", audience="members", commits=("sentence",))
@dataclass(frozen=True, slots=True)
class LotShown(Fact):
    """Whoever added to the lot showed their sentence, before the close. Who does not counts as zeros."""

    poll: str


@kind("box.counted", link="clock", audience="world", commits=("box", "ballots"))
@dataclass(frozen=True, slots=True)
class BoxCounted(Fact):
    """A secret box was opened and counted; its key is destroyed.

    `cast`: how many of the roll voted, which is how many ballots were in the box. `secret`: the server's
    secret for the lot (hex), whose SHA-256 stands in `box.opened`. `silent`: who added to the lot and did
    not show it, and counts as zeros. `box` (committed): the SHA-256 (hex) of each sealed ballot as it lay in
    the box, as a sorted JSON list. `ballots` (committed): JSON {"ballots": [[code, choice], …]} sorted by
    code, where choice is {"choice": "yes"} or {"ranking": ["option", …]}, best first.
    """

    poll: str
    cast: int
    secret: str
    silent: tuple[str, ...]


@kind("box.lost", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class BoxLost(Fact):
    """The key of a secret box is gone, or what lies in it is not what the roll says: the poll is annulled.

    `why`: "key-missing", "ballots-differ" or "unreadable". Another poll about the same opens at
    once, or, where nobody of an election's candidates is left, the election is annulled.
    """

    poll: str
    why: str
    due: datetime


@kind("outside.entered", link="accountable", audience="world", commits=("report", "ballots"))
@dataclass(frozen=True, slots=True)
class OutsideEntered(Fact):
    """An elected scrutineer entered what a ballot held outside gave: the report, and the ballots as BLT.

    `sha256`: of the ballots as entered (hex), so that two entries can be compared. When two scrutineers
    have entered the same, the poll is counted.
    """

    poll: str
    cast: int
    sha256: str


@kind("outside.taken_back", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class OutsideTakenBack(Fact):
    """A scrutineer took back what they had entered, before it was counted."""

    poll: str


@kind("links.destroyed", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class LinksDestroyed(Fact):
    """The ties between persons and a poll (who took part) or a petition (who signed) are destroyed for good.

    `of`: the poll or the petition. It happens by the clock, once nobody may be charged any more.
    """

    of: str
    due: datetime
