# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came out of a secret box, or was entered from a ballot held outside, read afresh.

Ballots are published without names. What cannot be read is told position by position by `boxes_whole`;
here it only keeps a poll from being counted again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kollontai.auditor.contents import Contents
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Box, Entered, Poll
from kollontai.counting.ballots import Ballots, Ranks
from kollontai.counting.errors import CountingError
from kollontai.counting.files import blt

RON = "ron"
YES_NO = ("yes", "no", "abstain")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Published:
    """The ballots of a poll without names."""

    here: bool = False
    """Whether the words are in this export."""
    codes: list[str] = field(default_factory=list)
    votes: Counter[Any] = field(default_factory=Counter)
    """Choices, or rankings of options from best to last."""
    problems: list[str] = field(default_factory=list)

    @property
    def cast(self) -> int:
        """How many ballots there are."""
        return sum(self.votes.values())


def published(poll: Poll, contents: Contents) -> Published:
    """Read the ballots that a box gave."""
    found, box = Published(), poll.secret
    value = contents.value(box.ballots) if box else None
    if box is None or value is None:
        return found
    found.here = True
    whole = json_value(value)
    rows = whole.get("ballots") if type(whole) is dict and whole.keys() == {"ballots"} else None
    if type(rows) is not list:
        found.problems.append("The published ballots cannot be read.")
        return found
    options, texts = frozenset(poll.options), {}
    for number, row in enumerate(rows, 1):
        if type(row) is not list or len(row) != 2 or type(row[0]) is not str or not row[0]:
            found.problems.append(f"Ballot {number} cannot be read.")
            continue
        found.codes.append(row[0])
        key = repr(row[1])
        if key not in texts:
            texts[key] = _choice(row[1], poll, box, options)
        choice, wrong = texts[key]
        if wrong:
            found.problems.append(f"The ballot with the code {row[0][:40]} {wrong}.")
        else:
            found.votes[choice] += 1
    return found


def _choice(said: Any, poll: Poll, box: Box, options: frozenset[str]) -> tuple[Any, str]:
    """What a ballot says, and what is wrong with it."""
    if type(said) is not dict or len(said) != 1:
        return None, "says nothing that can be counted"
    if poll.form == "yes_no":
        choice = said.get("choice")
        good = type(choice) is str and choice in YES_NO and choice in options
        return (choice, "") if good else (None, "says neither yes nor no")
    ranking = said.get("ranking")
    if type(ranking) is not list or not all(type(one) is str for one in ranking):
        return None, "ranks nobody that can be read"
    if not options.issuperset(ranking):
        return None, "ranks somebody who does not stand"
    if len(set(ranking)) != len(ranking):
        return None, "ranks somebody twice"
    if len(ranking) > box.most_ranks:
        return None, f"has {len(ranking)} ranks; at most {box.most_ranks} are allowed"
    return tuple(ranking), ""


def sealed_hashes(poll: Poll, contents: Contents) -> list[str] | None:
    """The hashes of the sealed ballots as they lay in the box; None where the words are not here."""
    value = contents.value(poll.secret.sealed) if poll.secret else None
    if value is None:
        return None
    hashes = json_value(value)
    good = type(hashes) is list and all(type(one) is str and _HASH.fullmatch(one) for one in hashes)
    return hashes if good else [""]


def as_ballots(poll: Poll, seats: int, votes: Counter[Any]) -> Ballots:
    """Rankings as the counting library reads them: candidates by their number on the paper."""
    number = {option: at for at, option in enumerate(poll.options)}
    papers: dict[Ranks, int] = {}
    for ranking, times in sorted(votes.items()):
        papers[tuple(number[option] for option in ranking)] = times
    return Ballots(poll.options, seats, tuple(papers.items()))


def outside_ballots(poll: Poll, seats: int, contents: Contents) -> Ballots | str | None:
    """The ballots that were entered; a sentence where they cannot be read, None where they are not here."""
    entry = decisive_entry(poll)
    value = contents.value(entry.ballots) if entry else None
    if value is None:
        return None
    try:
        read = blt.read(value.decode("utf-8"))
    except (CountingError, UnicodeDecodeError, ValueError, OverflowError) as error:
        return f"The ballots entered for {poll.id} are no BLT file: {error}"
    if len(read.candidates) != len(poll.options):
        return (
            f"The ballots entered for {poll.id} name {len(read.candidates)} candidates; "
            f"{len(poll.options)} options stand on the paper."
        )
    if read.seats != seats:
        return f"The ballots entered for {poll.id} are for {read.seats} seats, not for {seats}."
    return Ballots(poll.options, seats, read.papers, tie_order=read.tie_order)


def decisive_entry(poll: Poll) -> Entered | None:
    """The entry with which a ballot held outside was counted: the last that was not taken back."""
    return max(standing_entries(poll), key=lambda one: one.mark.position, default=None)


def seed_outside(poll: Poll) -> str:
    """The seed of the lot of a ballot held outside."""
    entry = decisive_entry(poll)
    return entry.sha256 if entry else ""


def standing_entries(poll: Poll) -> Iterator[Entered]:
    """What scrutineers entered and did not take back."""
    return (one for one in poll.entered if one.back is None)


def seed_of(box: Box, contents: Contents) -> str | None:
    """The seed of a box's lot, from its secret and from what others added; None where words are missing.

    A sentence that was not shown, or is not the one that was announced, counts as zeros.
    """
    try:
        whole = b"kollontai/seed/v1\n" + bytes.fromhex(box.secret)
    except ValueError:
        return None
    for member in sorted(box.added):
        addition = box.added[member]
        digest = bytes(32)
        if addition.shown is not None:
            sentence = contents.value(addition.sentence)
            if sentence is not None:
                if sha256(sentence).hexdigest() == addition.sha256:
                    digest = sha256(sentence).digest()
            elif _HASH.fullmatch(addition.sha256):
                digest = bytes.fromhex(addition.sha256)  # the hash stands on the record, words or none
        whole += digest
    return sha256(whole).hexdigest()
