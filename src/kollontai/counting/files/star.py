# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scores in CSV, one row a ballot and one column a candidate, as star.vote exports them."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import WrongFile
from ..ratings import Rated
from .limits import check
from .limits import rows as csv_rows

ABOUT_THE_BALLOT = (
    "voterid",
    "votetime",
    "pollid",
    "voter id",
    "vote time",
    "poll id",
    "date",
    "ballot_id",
    "weight",
)


def read(
    text: str, *, highest: int = 5, ignore: Iterable[str] = ABOUT_THE_BALLOT
) -> tuple[list[Rated], list[str]]:
    """Ballots and candidates. An empty cell is no rating."""
    check(text)
    rows = list(csv_rows(text.lstrip("\ufeff")))
    if not rows:
        raise WrongFile(1, 1, "a header row", "the end of the file")
    skip = {word.lower() for word in ignore}
    columns = [(at, name.strip()) for at, name in enumerate(rows[0]) if name.strip().lower() not in skip]
    if not columns or len({name for _, name in columns}) < len(columns):
        raise WrongFile(1, 1, "candidates with different names")
    ballots: list[Rated] = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(rows[0]):
            raise WrongFile(number, 1, f"{len(rows[0])} columns", str(len(row)))
        scores: dict[str, int] = {}
        for at, name in columns:
            cell = row[at].strip()
            if not cell:
                continue
            if not (cell.isascii() and cell.isdigit()) or int(cell) > highest:
                raise WrongFile(number, at + 1, f"a score from 0 to {highest}", cell)
            scores[name] = int(cell)
        ballots.append((scores, 1))
    return ballots, [name for _, name in columns]
