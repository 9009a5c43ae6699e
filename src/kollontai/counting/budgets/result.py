# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a budget count gives: what is funded, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


def amount(value: Fraction | int) -> str:
    """Money exactly: 25200, 1698575.39; a fraction where decimals do not end."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    for places in range(1, 7):
        scaled = exact * 10**places
        if scaled.denominator == 1:
            sign, whole = ("-" if exact < 0 else ""), abs(scaled.numerator)
            return f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}"
    return str(exact)


@dataclass(frozen=True, slots=True)
class Round:
    """One project funded, or passed over."""

    project: str
    cost: Fraction
    funded: bool
    score: Fraction | int
    """Votes or points behind it."""
    share: Fraction | None = None
    """Equal shares: what most supporters pay for it each (the highest payment)."""
    paying: int = 0
    """How many supporters paid."""
    why: str = ""

    def sentence(self) -> str:
        """What happened to this project."""
        if not self.funded:
            return f"{self.project} is passed over: {self.why}."
        if self.share is None:
            return f"{self.project} is funded: {amount(self.score)} behind it, costs {amount(self.cost)}."
        most = amount(Fraction(-(-self.share * 100 // 1), 100))
        return (
            f"{self.project} is funded: {self.paying} supporters pay {amount(self.cost)} together, "
            f"nobody more than {most}."
        )


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """A budget count from its first project to its last."""

    rule: str
    title: str
    budget: Fraction
    projects: tuple[str, ...]
    costs: tuple[Fraction, ...]
    scores: tuple[Fraction | int, ...]
    selected: tuple[str, ...]
    """In the order in which they were funded."""
    rounds: tuple[Round, ...]
    voters: int
    per_voter: Fraction | None = None
    """Equal shares: what each voter was given in the run that counts."""
    runs: int = 0
    """How often the method ran while the shares were raised."""
    by_lot: bool = False
    notes: tuple[str, ...] = ()

    @property
    def cost(self) -> Fraction:
        """What the funded projects cost together."""
        price = dict(zip(self.projects, self.costs, strict=True))
        return sum((price[project] for project in self.selected), Fraction(0))

    def sentences(self) -> tuple[str, ...]:
        """The count in sentences."""
        said = [f"{self.voters} voters share {amount(self.budget)} among {len(self.projects)} projects."]
        said += self.notes
        if self.per_voter is not None:
            more = f", after raising it {self.runs - 1} times" if self.runs > 1 else ""
            cents = Fraction(self.per_voter * 100 // 1, 100)
            said.append(f"Each voter has {amount(cents)} to give{more}.")
        said += [one.sentence() for one in self.rounds]
        said.append(
            f"{len(self.selected)} projects are funded for {amount(self.cost)}; "
            f"{amount(self.budget - self.cost)} is left."
        )
        return tuple(said)

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values; money and shares are exact strings."""
        return {
            "kind": "budget",
            "rule": self.rule,
            "title": self.title,
            "budget": amount(self.budget),
            "voters": self.voters,
            "selected": list(self.selected),
            "cost": amount(self.cost),
            "per_voter": None if self.per_voter is None else amount(self.per_voter),
            "runs": self.runs,
            "by_lot": self.by_lot,
            "notes": list(self.notes),
            "rounds": [
                {
                    "project": one.project,
                    "cost": amount(one.cost),
                    "funded": one.funded,
                    "score": amount(one.score),
                    "share": None if one.share is None else amount(one.share),
                    "paying": one.paying,
                    "why": one.why,
                }
                for one in self.rounds
            ],
        }
