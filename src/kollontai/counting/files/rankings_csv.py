# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rankings in CSV: wide (one row a ballot, columns are ranks) or long (`ballot_id,rank,choice`).

Voters skip ranks, name somebody twice, or put two at one rank. What then counts is a rule of the election,
so it is declared, never guessed; without a declaration such a ballot is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..ballots import Ballots, Paper, Rank
from ..errors import WrongFile
from .limits import check
from .limits import rows as csv_rows


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts on a ballot that was not filled in as asked.

    `skipped`: `refuse`, `close-up` (later ranks move up) or `stop` (the ballot ends there).
    `doubled`: `refuse`, `first` (the first place counts) or `stop`.
    `overvoted`: `refuse`, `equal` (equal ranks), `skip` (that rank is passed over) or `stop`.
    """

    skipped: Literal["refuse", "close-up", "stop"] = "refuse"
    doubled: Literal["refuse", "first", "stop"] = "refuse"
    overvoted: Literal["refuse", "equal", "skip", "stop"] = "refuse"


def ranks_of(
    places: Sequence[Sequence[int]], policy: Policy, *, line: int, column: int = 1
) -> tuple[Rank, ...]:
    """One ballot from what stands at its first, second, … place."""
    ranks: list[Rank] = []
    seen: set[int] = set()
    last = max((at for at, place in enumerate(places) if place), default=-1)
    for at, place in enumerate(places[: last + 1]):
        if not place:
            if policy.skipped == "refuse":
                raise WrongFile(line, column, f"somebody at rank {at + 1} (or a policy for skipped ranks)")
            if policy.skipped == "stop":
                break
            continue
        fresh = [candidate for candidate in dict.fromkeys(place) if candidate not in seen]
        if len(fresh) < len(place):
            if policy.doubled == "refuse":
                raise WrongFile(
                    line, column, "each candidate once (or a policy for doubled ones)", f"rank {at + 1}"
                )
            if policy.doubled == "stop":
                break
        if not fresh:
            continue
        if len(fresh) > 1:
            if policy.overvoted == "refuse":
                raise WrongFile(
                    line, column, "one candidate a rank (or a policy for overvotes)", f"rank {at + 1}"
                )
            if policy.overvoted == "stop":
                break
            if policy.overvoted == "skip":
                continue
        seen.update(fresh)
        ranks.append(tuple(fresh) if len(fresh) > 1 else fresh[0])
    return tuple(ranks)


def read(
    text: str,
    *,
    seats: int = 1,
    policy: Policy | None = None,
    candidates: Sequence[str] | None = None,
    blank: Iterable[str] = ("", "skipped", "undervote"),
) -> Ballots:
    """Read rankings; the header says which form the file has.

    Long: columns `ballot_id`, `rank`, `choice`. Wide: columns `rank1`, `rank2`, … (or `1`, `2`, …) with
    names, and perhaps `weight`. Without a list of candidates, names are taken in alphabetical order.
    """
    policy = policy or Policy()
    check(text)
    rows = list(csv_rows(text))
    if not rows:
        raise WrongFile(1, 1, "a header row", "the end of the file")
    head = [cell.strip().lower() for cell in rows[0]]
    empty = {word.lower() for word in blank}
    body = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    for number, row in body:
        if len(row) != len(head):
            raise WrongFile(number, 1, f"{len(head)} columns", str(len(row)))
    if {"ballot_id", "rank", "choice"} <= set(head):
        piles = _long(head, body, empty)
    else:
        piles = _wide(head, body, empty)
    if candidates is None:
        candidates = sorted({name for _, _, places in piles for place in places for name in place})
    index = {name: at for at, name in enumerate(candidates)}
    papers: list[Paper] = []
    for number, times, places in piles:
        for place in places:
            for name in place:
                if name not in index:
                    raise WrongFile(number, 1, "the name of a candidate", name)
        numbers = [[index[name] for name in place] for place in places]
        papers.append((ranks_of(numbers, policy, line=number), times))
    return Ballots(tuple(candidates), seats, tuple(papers))


def _long(
    head: list[str], body: list[tuple[int, list[str]]], empty: set[str]
) -> list[tuple[int, int, list[list[str]]]]:
    which, rank, choice = head.index("ballot_id"), head.index("rank"), head.index("choice")
    ballots: dict[str, tuple[int, list[list[str]]]] = {}
    for number, row in body:
        word = row[rank].strip()
        if not word.isdigit() or not 1 <= int(word) <= 1000:
            raise WrongFile(number, rank + 1, "a rank from 1", word)
        _, places = ballots.setdefault(row[which], (number, []))
        while len(places) < int(word):
            places.append([])
        name = row[choice].strip()
        if name.lower() not in empty:
            places[int(word) - 1].append(name)
    return [(number, 1, places) for number, places in ballots.values()]


def _wide(
    head: list[str], body: list[tuple[int, list[str]]], empty: set[str]
) -> list[tuple[int, int, list[list[str]]]]:
    columns: dict[int, int] = {}
    weight = head.index("weight") if "weight" in head else None
    for at, name in enumerate(head):
        digits = name.removeprefix("rank").removeprefix("choice").strip(" _")
        if digits.isdigit():
            columns[int(digits)] = at
    if sorted(columns) != list(range(1, len(columns) + 1)) or not columns:
        raise WrongFile(1, 1, "columns ballot_id, rank, choice, or rank1, rank2, …", ",".join(head)[:40])
    piles = []
    for number, row in body:
        times = 1
        if weight is not None:
            if not row[weight].strip().isdigit() or int(row[weight]) < 1:
                raise WrongFile(number, weight + 1, "a weight of 1 or more", row[weight])
            times = int(row[weight])
        places = []
        for rank in sorted(columns):
            cell = row[columns[rank]].strip()
            # Two names in one cell, divided by |, are an overvote.
            places.append([name for part in cell.split("|") if (name := part.strip()).lower() not in empty])
        piles.append((number, times, places))
    return piles
