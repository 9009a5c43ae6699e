# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seats for units in proportion to their members: Sainte-Laguë, D'Hondt, largest remainder.

Michel Balinski and H. Peyton Young, Fair Representation (1982), appendix A. Exact fractions throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from .errors import TieNeedsDecision, WrongBallots

Method = Literal["sainte-lague", "dhondt", "largest-remainder", "droop-remainder"]


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Who got how many seats, and how close it was."""

    method: str
    seats: int
    sizes: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, int], ...]
    minimum: int
    order: tuple[tuple[str, Fraction], ...]
    """Seats beyond the minimum in the order in which they fell, with the quotient or remainder."""
    by_lot: bool

    def of(self, unit: str) -> int:
        """Seats of one unit."""
        return dict(self.given)[unit]

    def sentences(self) -> tuple[str, ...]:
        """The apportionment in sentences."""
        said = [f"{self.seats} seats are shared out by {self.method}, at least {self.minimum} each."]
        said += [f"{unit}: {seats} for {dict(self.sizes)[unit]}." for unit, seats in self.given]
        return tuple(said)

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values."""
        return {
            "kind": "apportionment",
            "method": self.method,
            "seats": self.seats,
            "minimum": self.minimum,
            "sizes": dict(self.sizes),
            "given": dict(self.given),
            "order": [[unit, str(value)] for unit, value in self.order],
            "by_lot": self.by_lot,
        }


def apportion(
    sizes: Mapping[str, int],
    seats: int,
    *,
    method: Method = "sainte-lague",
    minimum: int = 0,
    tie_break: Sequence[str] | None = None,
) -> Apportionment:
    """Share seats out. A unit never gets fewer than `minimum`, and a unit without members gets just that.

    Where the last seat falls on several units alike, the count stops and asks, unless `tie_break` gives a
    published order.
    """
    for unit, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < 0:
            raise WrongBallots(f"The size of {unit} must be a whole number, not {size!r}.")
    if not sizes or seats < minimum * len(sizes):
        raise WrongBallots(f"{seats} seats are too few for {len(sizes)} units with at least {minimum} each.")
    if not any(sizes.values()) and seats > minimum * len(sizes):
        raise WrongBallots("No unit has members, so there is nothing to share seats by.")
    given = dict.fromkeys(sizes, minimum)
    order: list[tuple[str, Fraction]] = []
    by_lot = False

    def pick(values: Mapping[str, Fraction], left: int) -> str:
        nonlocal by_lot
        best = max(values.values())
        tied = [unit for unit, value in values.items() if value == best]
        if len(tied) > left:
            if tie_break is None:
                raise TieNeedsDecision(tied, "Who gets the last seat")
            by_lot = True
            return min(tied, key=list(tie_break).index)
        return tied[0]

    if method in ("largest-remainder", "droop-remainder"):
        total, shared = sum(sizes.values()), seats
        divisor = Fraction(total // (shared + 1) + 1)
        if method == "largest-remainder":
            divisor = Fraction(total, max(shared, 1))
        exact = {unit: Fraction(size) / divisor for unit, size in sizes.items()}
        for unit, value in exact.items():
            given[unit] = max(minimum, value.numerator // value.denominator)
        rest = {unit: value - value.numerator // value.denominator for unit, value in exact.items()}
        over = sum(given.values()) - seats
        while over > 0:
            # Minimum seats took more than their share: the smallest remainders above the minimum give back.
            able = {unit: given[unit] - exact[unit] for unit in given if given[unit] > minimum}
            given[pick(able, over)] -= 1
            over -= 1
        while sum(given.values()) < seats:
            left = seats - sum(given.values())
            open_units = {unit: value for unit, value in rest.items() if exact[unit] >= given[unit]}
            unit = pick(open_units or rest, left)
            order.append((unit, rest[unit]))
            given[unit] += 1
            rest[unit] -= 1
    elif method in ("sainte-lague", "dhondt"):
        while sum(given.values()) < seats:
            step, first = (2, 1) if method == "sainte-lague" else (1, 1)
            values = {
                unit: Fraction(size, step * given[unit] + first) for unit, size in sizes.items() if size
            }
            unit = pick(values, seats - sum(given.values()))
            order.append((unit, values[unit]))
            given[unit] += 1
    else:
        raise WrongBallots(f"There is no method {method!r}.")
    return Apportionment(
        method, seats, tuple(sizes.items()), tuple(given.items()), minimum, tuple(order), by_lot
    )
