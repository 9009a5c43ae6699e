# SPDX-License-Identifier: AGPL-3.0-or-later
"""abcvoting's `.abc.yaml`: approval ballots for a committee.

Only what these files use is read: a mapping of `key: value`, where a value is a plain word, a number or
lists in square brackets over one or several lines. `compute:` holds results and is handed back as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..errors import WrongFile
from .limits import check

KEY = re.compile(r"([A-Za-z_]+):(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who approves whom, and how many are to be chosen."""

    candidates: tuple[str, ...]
    size: int
    ballots: tuple[frozenset[int], ...]
    title: str = ""
    compute: tuple[tuple[str, tuple[tuple[int, ...], ...] | None, bool], ...] = ()
    """(rule, winning committees, whether one of them is asked) as the file states them."""


class Flow:
    """A list in brackets, read word by word."""

    def __init__(self, text: str, line: int, column: int) -> None:
        self.text, self.at, self.line, self.column = text, 0, line, column

    def where(self) -> tuple[int, int]:
        """Line and column of the next character."""
        before = self.text[: self.at]
        lines = before.count("\n")
        start = before.rfind("\n") + 1
        return self.line + lines, (self.column if not lines else 1) + self.at - start

    def value(self) -> Any:
        """The next value."""
        self.space()
        if self.at < len(self.text) and self.text[self.at] == "[":
            self.at += 1
            items: list[Any] = []
            self.space()
            while self.at < len(self.text) and self.text[self.at] != "]":
                items.append(self.value())
                self.space()
                if self.at < len(self.text) and self.text[self.at] == ",":
                    self.at += 1
                    self.space()
                elif self.at >= len(self.text) or self.text[self.at] != "]":
                    raise WrongFile(*self.where(), "a comma or ]", self.text[self.at : self.at + 10])
            if self.at >= len(self.text):
                raise WrongFile(*self.where(), "a closing ]", "the end of the value")
            self.at += 1
            return items
        found = re.compile(r"[^\s,\[\]{}]+").match(self.text, self.at)
        if not found:
            raise WrongFile(*self.where(), "a value", self.text[self.at : self.at + 10])
        self.at = found.end()
        word = found[0]
        return int(word) if re.fullmatch(r"-?\d+", word) else word

    def space(self) -> None:
        """Skip blanks."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1


def read(text: str) -> Approvals:
    """Read one instance."""
    check(text)
    blocks: dict[str, tuple[str, int, int]] = {}
    current = ""
    compute: list[tuple[str, tuple[tuple[int, ...], ...] | None, bool]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        found = KEY.match(line)
        if found:
            current = found[1]
            if current in blocks:
                raise WrongFile(number, 1, "each key once", current)
            blocks[current] = (line[found.end() :], number, found.end() + 1)
        elif line.strip() and current:
            value, start, column = blocks[current]
            blocks[current] = (value + "\n" + line, start, column)
        elif line.strip():
            raise WrongFile(number, 1, "a key and a colon", line[:20])
    for key in ("profile", "num_cand", "committeesize"):
        if key not in blocks:
            raise WrongFile(len(lines) + 1, 1, f"the key {key}", "the end of the file")
    many, size = _whole(blocks["num_cand"]), _whole(blocks["committeesize"])
    value, line_at, column = blocks["profile"]
    flow = Flow(value, line_at, column)
    profile = flow.value()
    if not isinstance(profile, list):
        raise WrongFile(line_at, column, "a list of ballots in brackets")
    ballots = []
    for ballot in profile:
        good = isinstance(ballot, list) and all(isinstance(c, int) and 0 <= c < many for c in ballot)
        if not good:
            raise WrongFile(
                line_at, column, f"ballots with candidates from 0 to {many - 1}", str(ballot)[:30]
            )
        ballots.append(frozenset(ballot))
    if "compute" in blocks:
        value, line_at, column = blocks["compute"]
        for item in re.split(r"^- ", value, flags=re.M)[1:]:
            told = re.search(r"result: (\[.*\]|null)", item, flags=re.S)
            result = None
            if told and told[1] != "null":
                result = tuple(tuple(sorted(one)) for one in Flow(told[1], line_at, 1).value())
            rule = re.search(r"rule_id: (\S+)", item)
            compute.append((rule[1] if rule else "", result, "resolute: true" in item))
    title = blocks.get("description", ("", 0, 0))[0].strip().strip('"')
    names = tuple(str(number) for number in range(many))
    return Approvals(names, size, tuple(ballots), " ".join(title.split()), tuple(compute))


def _whole(block: tuple[str, int, int]) -> int:
    value, line, column = block
    if not value.strip().isdigit():
        raise WrongFile(line, column, "a whole number", value.strip()[:20])
    return int(value)
