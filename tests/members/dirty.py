# SPDX-License-Identifier: AGPL-3.0-or-later
"""A members' list as it grows in twenty years of several hands: drawn from a seed, with what is wrong known.

The people are made up from lists of names; no list of a real organisation was seen for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

UNITS = {"Ferry Crews": "u1", "Kiln Lane": "u2", "Bücherei am Ufer": "u3"}
KNOWN = {"old.hand@example.org"}
FIRST = [
    "Ada",
    "Ben",
    "Cléo",
    "Daí",
    "Eva",
    "Finn",
    "Gülay",
    "Håkon",
    "Inês",
    "Jörg",
    "Kübra",
    "Léa",
    "Mia",
    "Noël",
    "Özlem",
    "Père",
    "Quin",
    "Rosa",
    "Søren",
    "Teo",
]
LAST = [
    "Marsh",
    "Ågren",
    "Müßig",
    "Okonjo",
    "García",
    "Straßer",
    "Kowal",
    "Ngũgĩ",
    "O'Shea",
    "de-la-Cruz",
    "Łuczak",
    "Nuñez",
    "Þórsdóttir",
    "Weiß",
]


@dataclass
class Dirty:
    """A list: its cells by line, and the kind of what is wrong with each line; none where it can be used."""

    headings: tuple[str, ...] = ("Member-No", "Full Name", "E-Mail", "Branch", "Joined")
    lines: list[str] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)
    formulas: int = 0

    def data(self, encoding: str, ends: str = "\r\n") -> bytes:
        """The bytes of the file; signs that the encoding does not know become question marks."""
        return (ends.join(self.lines) + ends).encode(encoding, "replace")


def quoted(cell: str, delimiter: str) -> str:
    """A cell as a spreadsheet writes it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {delimiter, '"'} else cell


def dirty(rows: int, *, delimiter: str, seed: int = 6) -> Dirty:
    """A list of so many rows."""
    luck = random.Random(seed)
    found = Dirty()
    found.lines.append(delimiter.join(found.headings))
    good: list[str] = []

    def person() -> tuple[str, str, str]:
        name = f"{luck.choice(FIRST)} {luck.choice(LAST)}"
        return (
            name,
            f"m{len(found.lines)}@{luck.choice(('example.org', 'bücher.example'))}",
            luck.choice(("", "Ferry Crews", "kiln  LANE", "Bucherei am Ufer")),
        )

    def doubled(name: str, email: str, unit: str) -> tuple[str, str, str]:
        box, _, domain = luck.choice(good).partition("@")
        ways = [f"{box.upper()}@{domain}", f"{box}+list@{domain}", f" {box}@{domain.upper()} ",
                f"{box}@{domain.encode('idna').decode()}"]  # fmt: skip
        return name, luck.choice(ways), unit

    spoilt: dict[str, Callable[[str, str, str], tuple[str, str, str]]] = {
        "name-missing": lambda n, e, u: (luck.choice(("", "  ", "\u00a0")), e, u),
        "name-unusable": lambda n, e, u: (luck.choice((n + "\x07", "x" * 121)), e, u),
        "email-elsewhere": lambda n, e, u: (n, "", e),
        "email-unusable": lambda n, e, u: (
            n, luck.choice(("31.12.1999", "none", e.replace("@", " at "), f"{e} / {e}", "=A2&B2", f"{e},")), u
        ),
        "twice": doubled,
        "known": lambda n, e, u: (n, luck.choice(("Old.Hand@Example.org", "old.hand+x@example.org")), u),
        "unit": lambda n, e, u: (n, e, luck.choice(("Fery Crews", "Kiln Lnae", "The Moon", "—"))),
        "cells": lambda n, e, u: (n, e, u),
        "quotes": lambda n, e, u: (f'"{n}', e, u),
        "too-long": lambda n, e, u: (n, e, u),
    }  # fmt: skip
    kinds = [*[""] * 12, "formula", *spoilt]
    while len(found.lines) <= rows:
        kind = luck.choice(kinds) if len(good) > 3 else ""
        line = len(found.lines) + 1
        name, email, unit = person()
        if kind in spoilt:
            found.wrong[line] = kind
            name, email, unit = spoilt[kind](name, email, unit)
        elif kind == "formula":
            found.formulas += 1
            name = luck.choice("=+-@") + name
        cells = [str(line), name, email, unit, luck.choice(("1999-12-31", "31.12.99", "", "Spring?"))]
        if kind not in spoilt:
            good.append(email)
        if kind == "cells":
            cells += ["and", "more"]
        if kind == "too-long":
            cells[-1] = "x" * 6_000
        if kind == "quotes":
            found.lines.append(delimiter.join(cells))
        else:
            found.lines.append(delimiter.join(quoted(cell, delimiter) for cell in cells))
    return found
