# SPDX-License-Identifier: AGPL-3.0-or-later
"""Votes as whole numbers of the smallest unit, or as exact fractions. Never floats."""

from __future__ import annotations

from fractions import Fraction

Number = int | Fraction


def cut(value: Fraction | int) -> int:
    """A number without what follows the point."""
    return value if isinstance(value, int) else value.numerator // value.denominator


def ceiling(value: Fraction | int) -> int:
    """The next whole number at or above."""
    return value if isinstance(value, int) else -(-value.numerator // value.denominator)


def text(value: Number, places: int | None) -> str:
    """A number of units as people write it: 2842.00000; without places, an exact fraction."""
    if places is None:
        return str(value)
    whole = cut(value)
    if not places:
        return str(whole)
    sign = "-" if whole < 0 else ""
    whole = abs(whole)
    scale = 10**places
    return f"{sign}{whole // scale}.{whole % scale:0{places}d}"


def short(value: Number, places: int | None) -> str:
    """The same without zeros at the end."""
    if places is None:
        fraction = Fraction(value)
        if fraction.denominator == 1:
            return str(fraction.numerator)
        return text(cut(fraction * 10**6), 6).rstrip("0").rstrip(".")
    said = text(value, places)
    return said.rstrip("0").rstrip(".") if "." in said else said
