# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is next in line when somebody leaves (programme, article 1).

The ballots that elected them are counted again without the leaver. Members still seated keep their seats,
Re-open nominations stays on the ballot, and who does not consent stands aside. The older way of Tasmania
looks only at the papers that elected the leaver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..ballots import Ballots
from ..errors import WrongBallots
from .constraints import Constraint
from .count import count
from .result import Count
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Countback:
    """A recount for a vacancy."""

    count: Count
    left: tuple[int, ...]
    seated: tuple[int, ...]
    aside: tuple[int, ...]
    """Those who did not consent."""
    next_in_line: tuple[int, ...]
    """Who takes the vacant seats; fewer than were vacant where nominations open again."""

    @property
    def vacancies(self) -> int:
        """How many seats are vacant."""
        return self.count.seats - len(self.seated)

    def sentences(self) -> tuple[str, ...]:
        """The recount in sentences."""
        names = self.count.candidates

        def listed(candidates: Sequence[int]) -> str:
            return ", ".join(names[c] for c in candidates)

        said = [f"The ballots are counted again without {listed(self.left)}."]
        if self.aside:
            said.append(f"{listed(self.aside)} did not consent and stood aside.")
        if self.seated:
            said.append(f"{listed(self.seated)} kept their seats.")
        said += self.count.sentences()[:-1]
        if self.next_in_line:
            said.append(f"Next in line: {listed(self.next_in_line)}.")
        else:
            said.append("Nobody is next in line; the by-election fills the place.")
        return tuple(said)

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values."""
        return {
            "kind": "countback",
            "left": [c + 1 for c in self.left],
            "seated": [c + 1 for c in self.seated],
            "aside": [c + 1 for c in self.aside],
            "next_in_line": [c + 1 for c in self.next_in_line],
            "count": self.count.to_json(),
        }


def countback(
    ballots: Ballots,
    rule: Rule | str,
    *,
    left: Iterable[int],
    seated: Iterable[int],
    aside: Iterable[int] = (),
    seats: int | None = None,
    seed: str | None = None,
    tie_order: Sequence[int] | None = None,
    reopen: int | None = None,
    constraints: Iterable[Constraint] = (),
    leave_out_unranked: bool = True,
) -> Countback:
    """Count again without those who left; the seated keep their seats.

    `aside` are candidates who, asked, did not consent: call again with them added. Where Re-open nominations
    wins the place, nobody is next in line.
    """
    left, seated, aside = tuple(left), tuple(seated), tuple(aside)
    if set(left) & set(seated):
        raise WrongBallots("Somebody is said both to have left and to be seated.")
    if not left:
        raise WrongBallots("A recount for a vacancy needs somebody who left.")
    done = count(
        ballots,
        rule,
        seats=seats,
        seed=seed,
        tie_order=tie_order,
        withdrawn=(*left, *aside),
        constraints=constraints,
        kept=seated,
        reopen=reopen,
        leave_out_unranked=leave_out_unranked,
    )
    fresh = tuple(c for c in done.elected if c not in seated)
    return Countback(done, left, seated, aside, fresh)


def from_own_papers(
    done: Count, leaver: int, consenting: Iterable[int], *, seed: str | None = None, rule: Rule | str = "irv"
) -> Count:
    """Tasmania's recount: only the papers that elected the leaver, among candidates who consent."""
    papers = dict(done.parcels).get(leaver)
    if papers is None:
        raise WrongBallots(f"The count kept no papers that elected {done.candidates[leaver]}.")
    standing = set(consenting) - set(done.elected)
    gone = [c for c in range(len(done.candidates)) if c not in standing]
    return count(Ballots(done.candidates, 1, papers, done.title), rule, withdrawn=gone, seed=seed)
