# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own ballots file: JSON that says by itself who stood, for what, and what every ballot says.

```
{"format": "kollontai-ballots", "version": 1, "title": "…", "seats": 3, "candidates": ["Ada", …],
 "withdrawn": [4], "reopen": 5, "ballots": [[12, [1, 3, [2, 4]]], …]}
```
Candidates are numbered from 1; `[12, [1, 3, [2, 4]]]` is twelve ballots for 1, then 3, then 2 and 4 equal.
"""

from __future__ import annotations

import json
from typing import Any

from ..ballots import Ballots, Paper, Rank
from ..errors import WrongFile
from .limits import check

FORMAT = "kollontai-ballots"
KEYS = {"format", "version", "title", "seats", "candidates", "withdrawn", "reopen", "ballots", "tie_order"}


def read(text: str) -> tuple[Ballots, int | None]:
    """Read a ballots file; also says which option is Re-open nominations, from 0."""
    check(text)
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongFile(error.lineno, error.colno, f"JSON ({error.msg})") from error
    except RecursionError as error:
        raise WrongFile(1, 1, "JSON that is not nested without end") from error
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise WrongFile(1, 1, "characters of Unicode", f"\\u{ord(error.object[error.start]):x}") from error

    def wrong(expected: str, found: object) -> WrongFile:
        return WrongFile(1, 1, expected, json.dumps(found, ensure_ascii=False)[:60])

    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("version") != 1:
        raise wrong(f'"format": "{FORMAT}" and "version": 1', told if not isinstance(told, dict) else [*told])
    unknown = set(told) - KEYS
    if unknown:
        raise wrong(f"only the keys {', '.join(sorted(KEYS))}", sorted(unknown))
    names = told.get("candidates")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise wrong('"candidates" as a list of names', names)
    for name in (*names, told.get("title", "")):
        if isinstance(name, str) and any(ord(sign) < 32 or ord(sign) == 127 for sign in name):
            raise wrong("names without control characters", name)
    seats: Any = told.get("seats")
    if not _is_number(seats) or seats < 1:
        raise wrong('"seats" of 1 or more', seats)

    def candidate(value: Any) -> int:
        if not _is_number(value) or not 1 <= value <= len(names):
            raise wrong(f"a candidate from 1 to {len(names)}", value)
        return int(value) - 1

    papers: list[Paper] = []
    lines = told.get("ballots")
    if not isinstance(lines, list):
        raise wrong('"ballots" as a list', lines)
    for line in lines:
        if not (
            isinstance(line, list) and len(line) == 2 and _is_number(line[0]) and isinstance(line[1], list)
        ):
            raise wrong("[how often, [candidates in order]]", line)
        if line[0] < 1:
            raise wrong("a ballot cast at least once", line)
        ranks: list[Rank] = []
        for rank in line[1]:
            ranks.append(tuple(candidate(one) for one in rank) if isinstance(rank, list) else candidate(rank))
        flat = [one for rank in ranks for one in (rank if isinstance(rank, tuple) else (rank,))]
        if len(set(flat)) < len(flat) or () in ranks:
            raise wrong("each candidate once on a ballot", line)
        papers.append((tuple(ranks), line[0]))
    title = told.get("title", "")
    if not isinstance(title, str):
        raise wrong('"title" as words', title)
    gone = frozenset(candidate(one) for one in told.get("withdrawn", []))
    order = tuple(candidate(one) for one in told.get("tie_order", []))
    if order and sorted(order) != list(range(len(names))):
        raise wrong("every candidate once in the order for ties", told["tie_order"])
    reopen = told.get("reopen")
    ballots = Ballots(tuple(names), int(seats), tuple(papers), title, gone, order)
    return ballots, None if reopen is None else candidate(reopen)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def write(ballots: Ballots, reopen: int | None = None) -> str:
    """The same ballots as our own file."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "version": 1,
        "title": ballots.title,
        "seats": ballots.seats,
        "candidates": list(ballots.candidates),
    }
    if ballots.withdrawn:
        told["withdrawn"] = sorted(candidate + 1 for candidate in ballots.withdrawn)
    if ballots.tie_order:
        told["tie_order"] = [candidate + 1 for candidate in ballots.tie_order]
    if reopen is not None:
        told["reopen"] = reopen + 1
    told["ballots"] = [
        [times, [[c + 1 for c in rank] if isinstance(rank, tuple) else rank + 1 for rank in ranks]]
        for ranks, times in ballots.papers
    ]
    return json.dumps(told, ensure_ascii=False)
