# SPDX-License-Identifier: AGPL-3.0-or-later
"""Yes or no: exact thresholds over a stated base.

Abstentions stand outside the base. "More than" and "at least" are kept apart. All comparisons are of
integers, so two thirds are two thirds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .errors import WrongBallots


def share_rounded_up(share: Fraction, base: int) -> int:
    """The smallest whole number that is at least this share of the base."""
    return -((-share.numerator * base) // share.denominator)


def in_words(share: Fraction) -> str:
    """A share as members write it: 1/2, 2/3, or 12.5 % where that is exact."""
    if share.denominator <= 6:
        return str(share)
    percent = share * 100
    for digits in range(4):
        scaled = percent * 10**digits
        if scaled.denominator == 1:
            whole = scaled.numerator
            if not digits:
                return f"{whole} %"
            return f"{whole // 10**digits}.{whole % 10**digits:0{digits}d} %"
    return str(share)


@dataclass(frozen=True, slots=True)
class YesNoResult:
    """Every figure of a yes/no vote, and whether it carried."""

    yes: int
    no: int
    abstain: int
    roll: int
    quorum: Fraction
    majority: Fraction
    strictly: bool
    base: int
    """yes + no: abstentions are outside it."""
    yes_needed_for_quorum: int
    yes_needed_for_majority: int
    quorum_met: bool
    majority_met: bool
    carried: bool

    def sentence(self) -> str:
        """The result as one may read it out."""
        votes = f"{self.yes} yes, {self.no} no, {self.abstain} abstained, of {self.roll} on the roll"
        verdict = "Carried" if self.carried else "Not carried"
        how = "more than" if self.strictly else "at least"
        share = in_words(self.majority)
        if self.majority_met:
            majority = f"yes is {how} {share} of the {self.base} who said yes or no"
        else:
            majority = (
                f"yes is not {how} {share} of the {self.base} who said yes or no"
                f" ({self.yes_needed_for_majority} needed)"
            )
        quorum = "no quorum was asked"
        if self.yes_needed_for_quorum:
            met = "is met" if self.quorum_met else "is not met"
            quorum = (
                f"the quorum of {self.yes_needed_for_quorum} yes ({in_words(self.quorum)} of the roll) {met}"
            )
        return f"{verdict}: {votes}; {majority}; {quorum}."

    def to_json(self) -> dict[str, object]:
        """The same figures as plain JSON values; fractions are written as "2/3"."""
        return {
            "kind": "yes-no",
            "yes": self.yes,
            "no": self.no,
            "abstain": self.abstain,
            "roll": self.roll,
            "quorum": str(self.quorum),
            "majority": str(self.majority),
            "strictly": self.strictly,
            "base": self.base,
            "yes_needed_for_quorum": self.yes_needed_for_quorum,
            "yes_needed_for_majority": self.yes_needed_for_majority,
            "quorum_met": self.quorum_met,
            "majority_met": self.majority_met,
            "carried": self.carried,
        }


def count_yes_no(
    yes: int,
    no: int,
    abstain: int,
    *,
    roll: int,
    quorum: Fraction,
    majority: Fraction,
    strictly: bool,
) -> YesNoResult:
    """Decide a yes/no vote: enough yes of the roll, and enough yes of those who said yes or no.

    The quorum is yes ≥ quorum × roll, the count rounding up. The majority is yes > majority × (yes + no)
    where `strictly`, else yes ≥ majority × (yes + no). A vote in which nobody said yes is never carried.
    """
    for name, value in (("yes", yes), ("no", no), ("abstain", abstain), ("roll", roll)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise WrongBallots(f"The number {name!r} must be a whole number of 0 or more, not {value!r}.")
    for name, share in (("quorum", quorum), ("majority", majority)):
        if not isinstance(share, Fraction) or not 0 <= share <= 1:
            raise WrongBallots(f"The {name} must be an exact fraction between 0 and 1, not {share!r}.")
    if yes + no + abstain > roll:
        raise WrongBallots(
            f"{yes + no + abstain} votes were counted, but only {roll} members are on the roll."
        )
    base = yes + no
    for_quorum = share_rounded_up(quorum, roll)
    if strictly:
        for_majority = majority.numerator * base // majority.denominator + 1
    else:
        for_majority = share_rounded_up(majority, base)
    quorum_met = yes >= for_quorum
    majority_met = yes >= for_majority and yes > 0
    return YesNoResult(
        yes=yes,
        no=no,
        abstain=abstain,
        roll=roll,
        quorum=quorum,
        majority=majority,
        strictly=strictly,
        base=base,
        yes_needed_for_quorum=for_quorum,
        yes_needed_for_majority=max(for_majority, 1),
        quorum_met=quorum_met,
        majority_met=majority_met,
        carried=quorum_met and majority_met,
    )
