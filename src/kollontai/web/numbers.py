# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers as the reader's language writes them: 48,212 or 48.212; 12.5 % or 12,5 %."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format

PLACES = 5


def whole(value: int) -> str:
    """A whole number with its thousands set apart."""
    return number_format(value, force_grouping=True)


def exact(value: Fraction) -> str:
    """A number of votes without needless zeros, to five places."""
    rounded = round(Decimal(value.numerator) / Decimal(value.denominator), PLACES)
    whole_votes = rounded == rounded.to_integral_value()
    short = f"{rounded:.0f}" if whole_votes else f"{rounded:f}".rstrip("0")
    return number_format(Decimal(short), force_grouping=True)


def per_cent(basis_points: int) -> str:
    """Hundredths of a per cent as people say them."""
    return f"{exact(Fraction(basis_points, 100))} %"


def money(hundredths: int) -> str:
    """A sum with its two places."""
    return number_format(Decimal(hundredths) / 100, decimal_pos=2, force_grouping=True)
