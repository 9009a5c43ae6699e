# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a ranked count gives: every stage, in figures and in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from ..ballots import Ranks
from .numbers import Number, short, text
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what was done, and what everybody has at its end."""

    action: str | None
    """None for first preferences, else `surplus`, `exclude`, `iterate`, or by quotients `elect`."""
    candidates: tuple[int, ...]
    tallies: tuple[Number, ...]
    """Votes of every candidate; by quotients (QPQ) their quotients, of the elected the last one."""
    non_transferable: Number
    """Votes of papers that say no more, so far."""
    lost: Number
    """Votes lost by cutting decimals, so far."""
    quota: Number
    moved: tuple[tuple[int, Number], ...] = ()
    """(candidate, votes received at this stage)"""
    from_votes: Number = 0
    """What the transferring candidates had to give."""
    value: Number | None = None
    elected: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    factors: tuple[Number, ...] = ()
    """Meek: what part each candidate keeps."""


@dataclass(frozen=True, slots=True)
class Count:
    """A ranked count from its first stage to its last."""

    rule: Rule
    title: str
    candidates: tuple[str, ...]
    seats: int
    valid: int
    blank: int
    quota: Number
    """At the first stage."""
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]
    """In the order in which they were elected."""
    by_default: tuple[int, ...]
    """Those among them who filled last places without the quota."""
    by_lot: bool
    """Whether a lot decided anything."""
    withdrawn: tuple[int, ...] = ()
    reopened: int = 0
    """Seats for which nominations open again."""
    reopen: int | None = None
    """Which option is Re-open nominations."""
    left_out: tuple[int, ...] = ()
    """Options that no ballot ranks, and which took no part."""
    parcels: tuple[tuple[int, tuple[tuple[Ranks, int], ...]], ...] = ()
    """For each elected candidate the papers that elected them, where the rule keeps such a parcel."""

    def text(self, value: Number) -> str:
        """A number of votes as the rule writes it."""
        return text(value, self.rule.places)

    def short(self, value: Number) -> str:
        """The same without needless zeros."""
        return short(value, self.rule.places)

    def quota_text(self) -> str:
        """The quota; whole where it is whole."""
        return self.short(self.quota)

    def name(self, candidate: int) -> str:
        """How sentences call a candidate."""
        return self.candidates[candidate]

    def _names(self, candidates: tuple[int, ...]) -> str:
        listed = [self.name(candidate) for candidate in candidates]
        return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " and " + listed[-1]

    def sentences(self) -> tuple[str, ...]:
        """One sentence for the start, one for each stage, one for the end."""
        spoiled = f" {self.blank} name nobody who stands." if self.blank else ""
        places = f"{self.seats} place" + ("s" if self.seats != 1 else "")
        said = [f"{self.valid} ballots count for {places}; the quota is {self.quota_text()}.{spoiled}"]
        said += [self.sentence(number) for number in range(len(self.stages))]
        if self.by_default:
            verb = "fills" if len(self.by_default) == 1 else "fill"
            said.append(f"{self._names(self.by_default)} {verb} what is left without reaching the quota.")
        if self.reopened:
            times = "place" if self.reopened == 1 else "places"
            said.append(f"Nominations open again for {self.reopened} {times}.")
        said.append(f"Elected: {self._names(self.elected)}." if self.elected else "Nobody is elected.")
        return tuple(said)

    def sentence(self, number: int) -> str:
        """What happened at one stage."""
        stage = self.stages[number]
        before = self.stages[number - 1] if number else None
        parts = list(stage.notes)
        if stage.action is None:
            parts.append("First preferences are counted.")
        elif self.rule.family == "quotient":
            return " ".join([*parts, self._by_quotient(number)])
        elif stage.action == "iterate":
            parts.append("Surpluses are shared out until they are settled.")
        else:
            gone = stage.non_transferable - before.non_transferable if before else 0
            lost = stage.lost - before.lost if before else 0
            went = sum((votes for _, votes in stage.moved), 0 * stage.quota)
            tails = [f"{self.short(went)} go on" + self._to(stage)]
            if gone:
                tails.append(f"{self.short(gone)} say no more")
            if lost:
                tails.append(f"{self.short(lost)} are lost with the decimals cut off")
            names = self._names(stage.candidates)
            if stage.action == "surplus":
                value = "" if stage.value is None else f" at {self._value(stage.value)} a paper"
                whose = "are passed on" if len(stage.candidates) > 1 else "is passed on"
                head = f"The surplus of {names}, {self.short(stage.from_votes)}, {whose}{value}"
            else:
                one = len(stage.candidates) == 1
                many = f"{self.short(stage.from_votes)}" + ("" if one else " together")
                head = f"{names} {'is' if one else 'are'} excluded: fewest votes, {many}"
            parts.append(f"{head}; {'; '.join(tails)}.")
        if stage.elected:
            verb = "is" if len(stage.elected) == 1 else "are"
            parts.append(f"{self._names(stage.elected)} {verb} elected.")
        return " ".join(parts)

    def _by_quotient(self, number: int) -> str:
        stage = self.stages[number]
        name, quotient, quota = (
            self._names(stage.candidates),
            self.short(stage.from_votes),
            self.short(stage.quota),
        )
        if stage.action == "exclude":
            again = "; the count starts again without them" if number + 1 < len(self.stages) else ""
            lowest = f"{name} is excluded: lowest quotient, {quotient}{again}"
            return f"Nobody is above the quota of {quota}. {lowest}."
        verb = "is elected" if stage.elected else "is elected for now"
        return f"{name} {verb}: highest quotient, {quotient}, above the quota of {quota}."

    def _value(self, value: Number) -> str:
        rule = self.rule
        places = (
            None
            if rule.value_exact
            else (rule.value_places if rule.value_places is not None else rule.places)
        )
        return short(value, places)

    def _to(self, stage: Stage) -> str:
        best = sorted(stage.moved, key=lambda pair: (-pair[1], pair[0]))[:3]
        if not best:
            return ""
        listed = ", ".join(f"{self.short(votes)} to {self.name(who)}" for who, votes in best)
        return f" ({listed}{', …' if len(stage.moved) > 3 else ''})"

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values. Candidates are numbered from 1, as in ballot files."""
        return {
            "kind": "ranked",
            "rule": self.rule.name,
            "title": self.title,
            "candidates": {str(at + 1): name for at, name in enumerate(self.candidates)},
            "seats": self.seats,
            "valid": self.valid,
            "blank": self.blank,
            "quota": self.quota_text(),
            "elected": sorted(candidate + 1 for candidate in self.elected),
            "elected_in_order": [candidate + 1 for candidate in self.elected],
            "by_default": [candidate + 1 for candidate in self.by_default],
            "withdrawn": [candidate + 1 for candidate in self.withdrawn],
            "left_out": [candidate + 1 for candidate in self.left_out],
            "reopened": self.reopened,
            "by_lot": self.by_lot,
            "stages": [self._stage_json(stage) for stage in self.stages],
        }

    def _stage_json(self, stage: Stage) -> dict[str, object]:
        told: dict[str, object] = {
            "tallies": {str(at + 1): self.text(votes) for at, votes in enumerate(stage.tallies)},
            "non_transferable": self.text(stage.non_transferable),
            "lost_by_truncation": self.text(stage.lost),
            "non_transferable_with_lost": self.text(stage.non_transferable + stage.lost),
            "action": stage.action,
            "candidate": stage.candidates[0] + 1 if stage.candidates else None,
            "candidates": [candidate + 1 for candidate in stage.candidates],
            "quota": self.short(stage.quota),
            "elected": [candidate + 1 for candidate in stage.elected],
            "notes": list(stage.notes),
        }
        if stage.factors:
            told["keep_factors"] = {str(at + 1): self.text(kept) for at, kept in enumerate(stage.factors)}
        return told
