# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scores in CSV, one row a ballot and one column a candidate, as star.vote exports them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
)


def read(
    text: str,
    *,
    highest: int = 5,
    grades: Sequence[str] = (),
    ignore: Iterable[str] = ABOUT_THE_BALLOT,
) -> tuple[list[Rated], list[str]]:
    """Ballots and candidates. An empty cell is no rating; a column `weight` says how many ballots a row is.

    `grades`, from the lowest up, are words that may stand in a cell; then numbers may not.
    """
    check(text)
    rows = list(csv_rows(text.lstrip("\ufeff")))
    if not rows:
        raise WrongFile(1, 1, "a header row", "the end of the file")
    skip = {word.lower() for word in ignore}
    words = {grade.lower(): at for at, grade in enumerate(grades)}
    asked = f"one of {', '.join(grades)}" if grades else f"a score from 0 to {highest}"
    columns = [(at, name.strip()) for at, name in enumerate(rows[0]) if name.strip().lower() not in skip]
    weight = next((at for at, name in columns if name.lower() == "weight"), None)
    columns = [(at, name) for at, name in columns if at != weight]
    if not columns or len({name for _, name in columns}) < len(columns):
        raise WrongFile(1, 1, "candidates with different names")
    for at, name in columns:
        if not name:
            raise WrongFile(1, at + 1, "the name of a candidate")
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
            if grades and cell.lower() in words:
                scores[name] = words[cell.lower()]
            elif grades or not (cell.isascii() and cell.isdigit()) or int(cell) > highest:
                raise WrongFile(number, at + 1, asked, cell)
            else:
                scores[name] = int(cell)
        times = 1
        if weight is not None:
            cell = row[weight].strip()
            if not (cell.isascii() and cell.isdigit()) or int(cell) < 1:
                raise WrongFile(number, weight + 1, "a weight of 1 or more", cell)
            times = int(cell)
        ballots.append((scores, times))
    return ballots, [name for _, name in columns]
