# SPDX-License-Identifier: AGPL-3.0-or-later
"""The count of an election as people read it: stages as a table, as sentences, and as a picture of the flow.

Everything is taken from the count as it stands on the record; nothing is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kollontai.chapters.voting.choices import RON
from kollontai.web import numbers
from kollontai.web.pages.flows import Flow, Votes, flow_of


@dataclass(frozen=True)
class Cell:
    """What somebody has after a stage, and how it changed."""

    text: str
    change: str = ""
    kind: str = ""  # gets: elected here; out: went out here, or before
    said: str = ""


@dataclass(frozen=True)
class Line:
    """One candidate through all stages."""

    title: str
    cells: list[Cell]
    outcome: str
    won: bool


@dataclass(frozen=True)
class Seated:
    """Somebody who was elected, and how."""

    name: str
    how: str


@dataclass(frozen=True)
class CountShown:
    """A count from its first stage to its last."""

    rule: str
    quota: str
    valid: int
    seated: list[Seated]
    heads: list[str]
    lines: list[Line]
    silent: list[str]
    together: list[str]
    sentences: list[str]
    flow: Flow
    by_lot: bool


def listed(names: Sequence[str]) -> str:
    """Names in one line: Ada, Ben and Cleo."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def plain(number: Fraction) -> str:
    """A number of votes without needless zeros, exact to its last place."""
    return numbers.exact(number)


def count_shown(count: Mapping[str, Any], names: Mapping[str, str]) -> CountShown | None:
    """Read a count; None where nobody voted. `names` are those of the options, by id."""
    if count.get("kind") != "ranked" or not count["valid"]:
        return None
    return _Reader(count, names).shown()


class _Reader:
    """Follows a count stage by stage."""

    def __init__(self, count: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self.count = count
        self.stages: list[Mapping[str, Any]] = count["stages"]
        self.ids: list[str] = list(count["candidates"].values())
        self.people = {number: names.get(option, option) for number, option in count["candidates"].items()}
        self.names = names
        self.elected = [str(number) for number in count["elected_in_order"]]
        self.left_out = {str(number) for number in count["left_out"]}
        self.quota = Fraction(count["quota"])
        self.votes: list[Votes] = [self._votes(stage) for stage in self.stages]

    def _votes(self, stage: Mapping[str, Any]) -> Votes:
        tallies = {number: Fraction(votes) for number, votes in stage["tallies"].items()}
        return Votes(tallies, Fraction(stage["non_transferable_with_lost"]))

    def shown(self) -> CountShown:
        order = self._order()
        return CountShown(
            rule=self.count["rule"],
            quota=plain(self.quota),
            valid=self.count["valid"],
            seated=[Seated(self.people[number], self._how(number)) for number in self.elected],
            heads=[f"{at}. {self._head(stage)}" for at, stage in enumerate(self.stages, 1)],
            lines=[self._line(number) for number in order],
            silent=[plain(votes.silent) for votes in self.votes],
            together=[plain(sum(votes.of.values()) + votes.silent) for votes in self.votes],
            sentences=self._sentences(),
            flow=flow_of(
                self.votes,
                [[str(number) for number in stage["candidates"]] for stage in self.stages],
                [number for number in order if number not in self.left_out],
                self.people,
                {number: self._elected_at(number) for number in self.elected},
                [self._short_head(stage) for stage in self.stages],
            ),
            by_lot=self.count["by_lot"],
        )

    def _order(self) -> list[str]:
        """Who was elected, in that order; then the others, who was in longest first."""
        last = {
            str(number): at for at, stage in enumerate(self.stages) for number in stage["candidates"]
            if stage["action"] == "exclude"
        }  # fmt: skip
        others = [number for number in self.people if number not in self.elected]
        others.sort(key=lambda one: (-last.get(one, len(self.stages)), -self.votes[0].of[one], int(one)))
        return self.elected + [one for one in others if one not in self.left_out] + sorted(self.left_out)

    # --- The table ---

    def _names(self, numbers: Sequence[object]) -> str:
        return listed([self.people[str(number)] for number in numbers])

    def _head(self, stage: Mapping[str, Any]) -> str:
        if stage["action"] == "surplus":
            return _("%(name)s: surplus passed on") % {"name": self._names(stage["candidates"])}
        if stage["action"] == "exclude":
            return _("%(name)s out") % {"name": self._names(stage["candidates"])}
        return _("First choices")

    def _short_head(self, stage: Mapping[str, Any]) -> str:
        if stage["action"] == "surplus":
            return _("Surplus")
        if stage["action"] == "exclude":
            who = [self.people[str(number)].split()[-1] for number in stage["candidates"]]
            return _("%(name)s out") % {"name": listed(who)}
        return _("First choices")

    def _elected_at(self, number: str) -> int:
        for at, stage in enumerate(self.stages):
            if int(number) in stage["elected"]:
                return at
        return len(self.stages) - 1

    def _how(self, number: str) -> str:
        at = self._elected_at(number)
        votes = plain(self.votes[at].of[number])
        if int(number) in self.count["by_default"]:
            return _("as the last who was left, with %(votes)s votes") % {"votes": votes}
        if at == 0:
            return _("at once, with %(votes)s first choices") % {"votes": votes}
        return _("at stage %(n)s, with %(votes)s votes") % {"n": at + 1, "votes": votes}

    def _line(self, number: str) -> Line:
        cells, gone = [], False
        for at, stage in enumerate(self.stages):
            now = self.votes[at].of[number]
            moved = now - self.votes[at - 1].of[number] if at else Fraction(0)
            change = f"{'+' if moved > 0 else '−'}{plain(abs(moved))}" if moved else ""
            out_here = stage["action"] == "exclude" and int(number) in stage["candidates"]
            if gone:
                cells.append(Cell("·", kind="out"))
            elif out_here:
                cells.append(Cell(_("out"), change, "out"))
            elif int(number) in stage["elected"]:
                cells.append(Cell(plain(now), change, "gets", _("elected")))
            else:
                cells.append(Cell(plain(now), change))
            gone = gone or out_here
        won = number in self.elected
        return Line(self.people[number], cells, self._outcome(number, won), won)

    def _outcome(self, number: str, won: bool) -> str:
        if won:
            return _("Elected")
        if number in self.left_out:
            return _("On no ballot")
        if self._is_ron(number):
            return _("Chosen: seats open again") if self.count["reopened"] else _("Not chosen")
        return _("Not elected")

    def _is_ron(self, number: str) -> bool:
        return self.ids[int(number) - 1] == RON

    # --- The sentences ---

    def _sentences(self) -> list[str]:
        said = [self._sentence(at, stage) for at, stage in enumerate(self.stages)]
        if self.count["by_default"]:
            said.append(
                ngettext(
                    "%(name)s fills the last seat: nobody else was left.",
                    "%(name)s fill the last seats: nobody else was left.",
                    len(self.count["by_default"]),
                )
                % {"name": self._names(self.count["by_default"])}
            )
        if self.count["reopened"]:
            said.append(
                ngettext(
                    "Re-open nominations won: %(n)s seat opens again.",
                    "Re-open nominations won: %(n)s seats open again.",
                    self.count["reopened"],
                )
                % {"n": self.count["reopened"]}
            )
        return said

    def _sentence(self, at: int, stage: Mapping[str, Any]) -> str:
        parts = [self._note(note) for note in stage["notes"]]
        if at == 0:
            parts.append(
                _("%(n)s ballots name somebody; %(quota)s votes elect.")
                % {"n": numbers.whole(self.count["valid"]), "quota": plain(self.quota)}
            )
        elif stage["candidates"]:
            parts += [self._what(at, stage), self._where_to(at)]
        if stage["elected"]:
            parts.append(
                ngettext("%(name)s is elected.", "%(name)s are elected.", len(stage["elected"]))
                % {"name": self._names(stage["elected"])}
            )
        return " ".join(part for part in parts if part)

    def _what(self, at: int, stage: Mapping[str, Any]) -> str:
        before = [self.votes[at - 1].of[str(number)] for number in stage["candidates"]]
        facts = {"name": self._names(stage["candidates"]), "votes": plain(sum(before, Fraction(0)))}
        if stage["action"] == "surplus":
            more = sum(before, Fraction(0)) - len(before) * self.quota
            return _("%(name)s had %(votes)s, %(more)s more than needed, and those move on.") % {
                **facts,
                "more": plain(more),
            }
        return _("%(name)s had the fewest, %(votes)s, and went out.") % facts

    def _where_to(self, at: int) -> str:
        before, now = self.votes[at - 1], self.votes[at]
        gained = sorted(
            (
                (now.of[one] - before.of[one], self.people[one])
                for one in now.of
                if now.of[one] > before.of[one]
            ),
            reverse=True,
        )
        silent = now.silent - before.silent
        said = ""
        if gained:
            said = _("Gained: %(list)s.") % {
                "list": ", ".join(f"{name} {plain(votes)}" for votes, name in gained)
            }
        if silent:
            said += " " + _("%(votes)s named nobody further.") % {"votes": plain(silent)}
        return said.strip()

    def _note(self, note: str) -> str:
        """How a tie was broken, in the reader's language; any other note stands as the count has it."""
        tied = _TIED.fullmatch(note)
        said = note
        if tied and tied["on"] in _ON:
            said = _("%(names)s are tied on %(on)s; it is %(name)s, %(why)s.") % {
                "names": tied["names"],
                "on": _ON[tied["on"]],
                "name": tied["name"],
                "why": _why(tied["why"]),
            }
        for option in self.ids:
            said = said.replace(option, self.names.get(option, option))
        return said


_TIED = re.compile(r"(?P<names>.+) are tied on (?P<on>[a-z ]+); it is (?P<name>[^,]+), (?P<why>[^,]+)\.")
_ON = {
    "whom to exclude": gettext_lazy("whom to exclude"),
    "whose surplus to transfer first": gettext_lazy("whose surplus to transfer first"),
    "whom to elect": gettext_lazy("whom to elect"),
}


def _why(why: str) -> str:
    """What broke a tie: an earlier stage, or the lot."""
    differed = re.fullmatch(r"they differed at stage (\d+)", why)
    if differed:
        return _("they differed at stage %(n)s") % {"n": differed[1]}
    return _("by the published lot") if why == "by the published lot" else why
