# SPDX-License-Identifier: AGPL-3.0-or-later
"""PrefLib's files: soc, soi, toc, toi (orders, with or without ties) and cat (categories).

Nicholas Mattei and Toby Walsh, PrefLib, "Data format": header lines with #, then `count: 1,2,{3,4}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..ballots import Ballots, Paper, Rank
from ..errors import WrongFile
from .limits import check

KINDS = ("soc", "soi", "toc", "toi", "cat")
NAME = re.compile(r"# ALTERNATIVE NAME (\d+): ?(.*)")


@dataclass(frozen=True, slots=True)
class Categories:
    """A file of categories: for every line, which alternatives stand in which category."""

    alternatives: tuple[str, ...]
    categories: tuple[str, ...]
    papers: tuple[tuple[tuple[frozenset[int], ...], int], ...]
    title: str = ""

    def approvals(self) -> list[tuple[frozenset[int], int]]:
        """The first category, as approvals."""
        return [(groups[0], times) for groups, times in self.papers]


def _head(text: str) -> tuple[dict[str, tuple[str, int]], dict[int, str], list[tuple[int, str]]]:
    facts: dict[str, tuple[str, int]] = {}
    names: dict[int, str] = {}
    body: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            if body:
                raise WrongFile(number, 1, "no header line after the first order", line[:30])
            found = NAME.fullmatch(line.rstrip())
            if found:
                names[int(found[1])] = found[2]
            elif ":" in line:
                key, _, value = line[1:].partition(":")
                facts[key.strip().upper()] = (value.strip(), number)
        elif line.strip():
            body.append((number, line))
    return facts, names, body


def _number(facts: dict[str, tuple[str, int]], key: str) -> int:
    if key not in facts:
        raise WrongFile(1, 1, f"a header line '# {key}: …'")
    value, line = facts[key]
    if not value.isdigit():
        raise WrongFile(line, len(key) + 5, f"a whole number for {key}", value)
    return int(value)


def _names(facts: dict[str, tuple[str, int]], names: dict[int, str]) -> tuple[str, ...]:
    many = _number(facts, "NUMBER ALTERNATIVES")
    if len(names) != many or sorted(names) != list(range(1, many + 1)):
        raise WrongFile(facts["NUMBER ALTERNATIVES"][1], 1, f"the names of alternatives 1 to {many}")
    return tuple(names[number] for number in range(1, many + 1))


def read(text: str, *, seats: int = 1) -> Ballots:
    """Read orders (soc, soi, toc, toi). The file names no seats; one unless said otherwise."""
    check(text)
    facts, named, body = _head(text)
    names = _names(facts, named)
    kind = facts.get("DATA TYPE", ("", 1))[0]
    if kind not in KINDS[:4]:
        raise WrongFile(facts.get("DATA TYPE", ("", 1))[1], 1, "a data type soc, soi, toc or toi", kind)
    papers: list[Paper] = []
    for number, line in body:
        times, start = _times(number, line)
        ranks = _order(number, line, start, len(names), ties=kind in ("toc", "toi"))
        papers.append((ranks, times))
    _voters(facts, papers)
    return Ballots(names, seats, tuple(papers), facts.get("TITLE", ("", 0))[0])


def _voters(facts: dict[str, tuple[str, int]], papers: list[Paper]) -> None:
    total, said = sum(times for _, times in papers), _number(facts, "NUMBER VOTERS")
    if total != said:
        raise WrongFile(facts["NUMBER VOTERS"][1], 1, f"{said} voters in the orders below", str(total))


def _times(number: int, line: str) -> tuple[int, int]:
    count, colon, _ = line.partition(":")
    if not colon or not count.strip().isdigit():
        raise WrongFile(number, 1, "a count and a colon", line[:20])
    return int(count), len(count) + 1


def _order(number: int, line: str, at: int, many: int, *, ties: bool) -> tuple[Rank, ...]:
    ranks: list[Rank] = []
    group: list[int] | None = None
    seen: set[int] = set()
    size = len(line.rstrip())
    comma = True
    while at < size:
        char = line[at]
        if char == " ":
            at += 1
        elif char == ",":
            if comma:
                raise WrongFile(number, at + 1, "an alternative before the comma", char)
            comma, at = True, at + 1
        elif char == "{":
            if not ties or group is not None:
                raise WrongFile(number, at + 1, "no equal alternatives here", char)
            group, comma, at = [], True, at + 1
        elif char == "}":
            if not group:
                raise WrongFile(number, at + 1, "alternatives between { and }", char)
            ranks.append(tuple(group) if len(group) > 1 else group[0])
            group, comma, at = None, False, at + 1
        else:
            end = at
            while end < size and line[end].isdigit():
                end += 1
            value = int(line[at:end]) if end > at else 0
            if not 1 <= value <= many or not comma:
                raise WrongFile(number, at + 1, f"an alternative from 1 to {many}", line[at : end + 1])
            if value in seen:
                raise WrongFile(number, at + 1, "each alternative once in an order", str(value))
            seen.add(value)
            (ranks if group is None else group).append(value - 1)
            comma, at = False, end
    if group is not None:
        raise WrongFile(number, size + 1, "a closing }")
    return tuple(ranks)


def read_categories(text: str) -> Categories:
    """Read a cat file: `count: {1,2},{3},{}`; a single alternative may stand without braces."""
    check(text)
    facts, named, body = _head(text)
    names = _names(facts, named)
    many = _number(facts, "NUMBER CATEGORIES")
    categories = tuple(
        facts.get(f"CATEGORY NAME {number}", (f"category {number}", 0))[0] for number in range(1, many + 1)
    )
    papers = []
    for number, line in body:
        times, at = _times(number, line)
        groups: list[frozenset[int]] = []
        for found in re.finditer(r"\s*(\{[^{}]*\}|\d+)\s*(,|$)", line[at:].rstrip()):
            inside = found[1].strip("{}").strip()
            members = [int(word) for word in inside.split(",")] if inside else []
            if any(not 1 <= member <= len(names) for member in members):
                raise WrongFile(
                    number, at + found.start() + 1, f"alternatives from 1 to {len(names)}", found[1]
                )
            groups.append(frozenset(member - 1 for member in members))
        if len(groups) != many:
            raise WrongFile(number, at + 1, f"{many} categories", line[at:].strip()[:30])
        papers.append((tuple(groups), times))
    return Categories(names, categories, tuple(papers), facts.get("TITLE", ("", 0))[0])
