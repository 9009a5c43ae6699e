# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pabulib's `.pb`: participatory budgets.

Stolicki, Szufa, Talmon, "Pabulib: a participatory budgeting library" (2020): three sections META, PROJECTS
and VOTES, each a table with `;`. Money may have decimals; it is read exactly.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import WrongFile
from .limits import check

Points = int | Fraction
SECTIONS = ("META", "PROJECTS", "VOTES")
KINDS = ("approval", "ordinal", "cumulative", "scoring", "choose-1")


@dataclass(frozen=True, slots=True)
class Project:
    """Something that can be funded."""

    id: str
    cost: Fraction
    name: str = ""
    selected: bool | None = None
    """What the city says it funded."""
    votes: Fraction | None = None
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """A participatory budget: projects, money, and what every voter marked."""

    projects: tuple[Project, ...]
    budget: Fraction
    kind: str
    voters: int
    ballots: tuple[tuple[tuple[int, ...], tuple[Points, ...], int], ...] = field(repr=False)
    """(projects marked, points given to each, how many ballots say just that). Approvals give no points."""
    meta: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What in the file does not agree with itself, and how it was read."""

    @property
    def title(self) -> str:
        """What the file calls itself."""
        return self.meta.get("description", "") or self.meta.get("unit", "")

    def index(self, project: str) -> int:
        """A project by its id."""
        return next(at for at, one in enumerate(self.projects) if one.id == project)


def money(text: str, line: int, column: int, what: str) -> Fraction:
    """An exact amount: digits, perhaps a point or comma and more digits."""
    word = text.strip().replace(",", ".")
    whole, _, part = word.partition(".")
    if not whole.isascii() or not whole.isdigit() or (part and not part.isdigit()):
        raise WrongFile(line, column, f"{what} as a number", text)
    return Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        if not line or line.isspace():
            continue
        if '"' in line:
            try:
                yield number, next(csv.reader([line], delimiter=";"))
            except csv.Error as error:
                raise WrongFile(number, 1, "cells of at most 131,072 characters") from error
        else:
            yield number, line.split(";")


def read(text: str) -> Budget:
    """Read a `.pb` file."""
    check(text)
    section = ""
    head: list[str] = []
    meta: dict[str, str] = {}
    where: dict[str, int] = {}
    projects: list[Project] = []
    index: dict[str, int] = {}
    cast: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], int] = {}
    notes: list[str] = []
    vote_at, points_at = 0, -1
    kind = ""
    number = 0
    for number, row in _rows(text):
        many = len(row)
        if section == "VOTES" and head and (many > 1 or row[0].strip().upper() not in SECTIONS):
            if many <= vote_at or many > len(head):
                raise WrongFile(number, 1, f"{len(head)} columns", str(many))
            key = (row[vote_at], row[points_at] if 0 <= points_at < many else "")
            times = cast.get(key, 0)
            if not times:
                first[key] = number
            cast[key] = times + 1
            continue
        word = row[0].strip()
        if many == 1 and word.upper() in SECTIONS:
            section, head = word.upper(), []
            continue
        if not section:
            raise WrongFile(number, 1, "the section META", word[:20])
        if not head:
            head = [cell.strip().lower() for cell in row]
            if section == "VOTES":
                kind = meta.get("vote_type", "")
                if kind not in KINDS:
                    raise WrongFile(
                        where.get("vote_type", number), 1, f"a vote_type of {', '.join(KINDS)}", kind
                    )
                if "vote" not in head:
                    raise WrongFile(number, 1, "a column vote")
                vote_at = head.index("vote")
                points_at = head.index("points") if "points" in head else -1
                if kind in ("cumulative", "scoring") and points_at < 0:
                    raise WrongFile(number, 1, "a column points")
            elif section == "PROJECTS" and not {"project_id", "cost"} <= set(head):
                raise WrongFile(number, 1, "columns project_id and cost", ";".join(head)[:40])
            continue
        if section == "META":
            meta[word] = row[1].strip() if len(row) > 1 else ""
            where[word] = number
        else:
            if len(row) != len(head):
                raise WrongFile(number, 1, f"{len(head)} columns", str(len(row)))
            project = _project(dict(zip(head, row, strict=True)), number)
            if project.id in index:
                raise WrongFile(number, 1, "each project once", project.id)
            index[project.id] = len(projects)
            projects.append(project)
    if "budget" not in meta:
        raise WrongFile(number + 1, 1, "a budget in META", "the end of the file")
    if not kind:
        raise WrongFile(number + 1, 1, "the section VOTES", "the end of the file")
    budget = money(meta["budget"], where["budget"], 8, "the budget")
    voters = sum(cast.values())
    said = meta.get("num_votes", "")
    if said.isdigit() and int(said) != voters:
        notes.append(
            f"Line {where['num_votes']} says {said} votes, but the file holds {voters}; all were read."
        )
    together: dict[tuple[tuple[int, ...], tuple[Points, ...]], int] = {}
    for (vote, points), times in cast.items():
        ballot = _ballot(vote, points, index, kind, first[vote, points], notes)
        together[ballot] = together.get(ballot, 0) + times
    ballots = tuple((chosen, given, times) for (chosen, given), times in together.items())
    return Budget(tuple(projects), budget, kind, voters, ballots, meta, tuple(notes))


def _project(cells: dict[str, str], number: int) -> Project:
    def maybe(key: str) -> Fraction | None:
        word = cells.get(key, "").strip()
        return money(word, number, 1, key) if word else None

    cost = money(cells["cost"], number, 1, "the cost")
    if cost <= 0:
        raise WrongFile(number, 1, "a cost above 0", cells["cost"])
    chosen = cells.get("selected", "").strip()
    return Project(
        cells["project_id"].strip(),
        cost,
        cells.get("name", "").strip(),
        None if chosen == "" else chosen == "1",
        maybe("votes"),
        maybe("score"),
    )


def _ballot(
    vote: str, points: str, index: dict[str, int], kind: str, number: int, notes: list[str]
) -> tuple[tuple[int, ...], tuple[Points, ...]]:
    words = vote.split(",")
    if kind == "approval" and None not in (quick := list(map(index.get, words))):
        once = set(quick)
        if len(once) == len(words):
            return tuple(sorted(once)), ()  # type: ignore[arg-type]
    chosen = []
    for word in words:
        project = index.get(word)
        if project is None:
            project = index.get(word.strip())
            if project is None:
                if not vote.strip():
                    return (), ()
                raise WrongFile(number, 1, "the id of a project", word)
        chosen.append(project)
    if kind in ("cumulative", "scoring"):
        given = [word for word in points.split(",") if word.strip()]
        if len(given) != len(chosen):
            raise WrongFile(number, 1, f"{len(chosen)} numbers of points", points)
        total: dict[int, Points] = {}
        for project, word in zip(chosen, given, strict=True):
            total[project] = total.get(project, 0) + _points(word, number)
        if len(total) < len(chosen):
            notes.append(f"Line {number} marks a project more than once; its points were added up.")
        ordered = sorted(total)
        return tuple(ordered), tuple(total[project] for project in ordered)
    if len(set(chosen)) < len(chosen):
        notes.append(f"Line {number} marks a project more than once; it was counted once.")
        chosen = list(dict.fromkeys(chosen))
    if kind == "ordinal":
        return tuple(chosen), ()
    return tuple(sorted(chosen)), ()


def _points(word: str, number: int) -> Points:
    plain = word.strip()
    if plain.isascii() and plain.isdigit():
        return int(plain)
    if plain.startswith("-"):
        return -money(plain[1:], number, 1, "points")
    return money(plain, number, 1, "points")
