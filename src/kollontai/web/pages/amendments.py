# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments as pages show them: what each changes, where it stands, what one may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import amending
from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation import facts as places
from kollontai.chapters.deliberation.amending import Run
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    AmendmentSupporter,
    Combination,
    Contribution,
    Draft,
    Issue,
    SpokenOf,
)
from kollontai.chapters.deliberation.rules import Place, may
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.record.models import Content
from kollontai.web.erased import erased_how
from kollontai.web.house import House
from kollontai.web.pages import people
from kollontai.web.pages.versions import Difference, Line, of_change

WHOLE_TO_EDIT = 60
"""Up to so many lines a draft is put whole into the form in which somebody amends it."""

STATES: dict[str, tuple[str | Promise, str]] = {
    "accepted": (gettext_lazy("Accepted"), "force"),
    "withdrawn": (gettext_lazy("Taken back"), "over"),
    "vote": (gettext_lazy("Goes to the vote"), "calls"),
    "voted": (gettext_lazy("On the ballot"), "calls"),
    "open": (gettext_lazy("Open"), ""),
    "left": (gettext_lazy("Not on the ballot"), "over"),
}
"""What each state is called, and how its tag looks."""


@dataclass(frozen=True)
class Proposal:
    """A proposal to combine, as the page of one of its amendments shows it."""

    combination: Combination
    numbers: list[int]
    asked: bool  # the reader's yes is missing
    agreed: int
    movers: int


@dataclass(frozen=True)
class AmendmentShown:
    """One amendment for one reader."""

    row: Amendment
    state: str
    state_words: str | Promise
    tag: str
    overtaken: bool
    undone: bool
    difference: Difference
    version: int  # of the text that it is shown against
    reasons: Content | None
    supporters: int
    supported: bool
    mine: bool
    conflicts: list[int]
    parent: int  # its number; 0 where it amends the draft
    children: list[int]
    proposals: list[Proposal]
    together: list[int]  # numbers it is combined with, itself among them
    may_support: bool
    may_withdraw: bool
    may_accept: bool
    may_amend: bool
    may_combine: bool

    @property
    def number(self) -> int:
        """Its number on the issue."""
        return self.row.number


@dataclass(frozen=True)
class Spoken:
    """Words that are said of lines of a draft. `first` is 0 where the lines have changed since."""

    contribution: Contribution
    first: int
    last: int
    read: SpokenOf

    @property
    def name(self) -> Content:
        """Who said it."""
        return self.contribution.author.name


@dataclass(frozen=True)
class AmendmentsShown:
    """The amendments of a draft, in order, and which lines of the draft as it stands they touch."""

    all: list[AmendmentShown]
    touched: dict[int, list[int]]  # by line, the numbers of the amendments
    spoken: list[Spoken]
    needed: int
    may_move: bool
    may_ask: bool
    key: str  # what all readers see alike stands so long
    keep: int  # seconds

    def one(self, number: int) -> AmendmentShown | None:
        """The amendment of a number."""
        return next((shown for shown in self.all if shown.number == number), None)


def of_draft(house: House, issue: Issue, draft: Draft) -> AmendmentsShown:
    """Gather the amendments of a draft in a fixed number of queries, however many there are."""
    return of_drafts(house, issue, [draft])[draft.pk]


def of_drafts(house: House, issue: Issue, drafts: Sequence[Draft]) -> dict[str, AmendmentsShown]:
    """The amendments of several drafts of one issue, by draft, in as many queries as those of one."""
    leaders = people.leading(house, issue)
    place = places.place(issue, house.me, at=house.now, leaders=leaders)
    here = facts.amended(drafts)
    beside = _Beside(house, issue, drafts, leaders)
    return {draft.pk: _of_draft(house, issue, draft, here[draft.pk], place, beside) for draft in drafts}


def _of_draft(
    house: House, issue: Issue, draft: Draft, here: facts.Amended, place: Place, beside: _Beside
) -> AmendmentsShown:
    at = house.now
    reads = _Reading(house, issue, draft, here, place, beside)
    shown = [reads.shown(row) for row in here.rows.values()]
    touched: dict[int, list[int]] = {}
    for one in shown:
        stands = here.standing[one.row.pk]
        if stands.goes_on and not stands.overtaken:
            run = stands.change.run
            for line in range(run.first, max(run.first, run.last) + 1):
                touched.setdefault(min(line, draft_lines(here)), []).append(one.number)
    may_move = may(Doing.PUT_DRAFT, place, at=at) is None and draft.withdrawn_at is None
    when = f"{house.now:%Y%m%d%H%M}:{get_language()}"
    key = f"{draft.pk}:{house.stands.root}:{when}:{house.stands.waits}"
    keep = 0 if house.stands.waits else 60
    may_ask = may(Doing.ASK, place, at=at) is None and draft.withdrawn_at is None
    spoken = _spoken(beside.spoken.get(draft.pk, []), here)
    return AmendmentsShown(shown, touched, spoken, issue.needed, may_move, may_ask, key, keep)


def _spoken(rows: Iterable[SpokenOf], here: facts.Amended) -> list[Spoken]:
    """What is said of lines of a draft, in the order of the lines as they stand; what lost them, last."""
    found = []
    for row in rows:
        run = here.texts.carried(Run(row.first, row.last), row.version, here.texts.newest)
        found.append(Spoken(row.contribution, run.first if run else 0, run.last if run else 0, row))
    return sorted(found, key=lambda one: (one.first == 0, one.first))


def draft_lines(here: facts.Amended) -> int:
    """How many lines a draft has as it stands."""
    return len(here.texts.lines(here.texts.newest))


class _Beside:
    """What is read once for all drafts: support, combinations, alternatives, what is said of lines."""

    def __init__(self, house: House, issue: Issue, drafts: Sequence[Draft], leaders: set[str]) -> None:
        wanted = [draft.pk for draft in drafts]
        self.backed = facts.backed(issue, leaders)
        mine = AmendmentSupporter.objects.filter(amendment__draft__in=wanted, member=house.me)
        self.mine = set(mine.values_list("amendment", flat=True))
        self.combinations: dict[str, list[Combination]] = {}
        combined = Combination.objects.filter(draft__in=wanted).prefetch_related("agreed")
        for one in combined.order_by("proposed_at", "pk"):
            self.combinations.setdefault(one.draft_id, []).append(one)
        written = Alternative.objects.filter(draft__in=wanted).values_list("amendments", flat=True)
        self.written = {name for names in written for name in names}
        self.spoken: dict[str, list[SpokenOf]] = {}
        said = SpokenOf.objects.filter(draft__in=wanted).select_related("contribution__author__name")
        for row in said.order_by("contribution__at", "pk"):
            self.spoken.setdefault(row.draft_id, []).append(row)


class _Reading:
    """One draft as one member reads it."""

    def __init__(
        self, house: House, issue: Issue, draft: Draft, here: facts.Amended, place: Place, beside: _Beside
    ) -> None:
        self.at, self.me, self.issue, self.draft = house.now, house.me, issue, draft
        self.here, self.place = here, place
        self.backed, self.mine, self.written = beside.backed, beside.mine, beside.written
        self.conflicts = amending.conflicts(list(here.standing.values()))
        self.combinations = beside.combinations.get(draft.pk, [])
        self.taken = {name: one for one in self.combinations if one.combined_at for name in one.amendments}
        self.over = Stage(issue.stage) in (Stage.VOTE, Stage.DECIDED, Stage.LAPSED)

    def shown(self, row: Amendment) -> AmendmentShown:
        """One amendment."""
        here, stands = self.here, self.here.standing[row.pk]
        if row.parent_id:
            row.parent = here.rows[row.parent_id]
        row.draft, row.issue = self.draft, self.issue
        texts = here.text_of(row)
        settled = amending.settle(here.motions[row.pk], texts)
        difference = self._difference(row, settled)
        state = self._state(row, stands)
        known = self._known(row, settled.overtaken)
        together = self.taken.get(row.pk)
        open_ = stands.goes_on and not stands.overtaken and row.accepted_at is None
        child_of_child = row.parent_id is not None
        return AmendmentShown(
            row=row,
            state=state,
            state_words=STATES[state][0],
            tag=STATES[state][1],
            overtaken=stands.overtaken and not stands.done and not stands.undone,
            undone=stands.undone,
            difference=difference,
            version=settled.version,
            reasons=row.reasons,
            supporters=self.backed.get(row.pk, 0),
            supported=row.pk in self.mine,
            mine=row.mover_id == self.me.pk,
            conflicts=self.conflicts[row.pk],
            parent=row.parent.number if row.parent_id else 0,
            children=[one.number for one in here.rows.values() if one.parent_id == row.pk],
            proposals=self._proposals(row),
            together=self._numbers(together) if together else [],
            may_support=rules.may_support_amendment(known, at=self.at) is None,
            may_withdraw=rules.may_withdraw_amendment(known, at=self.at) is None,
            may_accept=rules.may_accept(known, at=self.at) is None,
            may_amend=open_ and not child_of_child and row.operation != rules.DELETE and self._may_put(),
            may_combine=open_ and row.pk not in self.taken and known.is_mover and self._may_put(),
        )

    def _difference(self, row: Amendment, settled: amending.Settled) -> Difference:
        """What it changes; of what was erased, that it was."""
        here, lines = self.here, self.here.motions[row.pk].lines
        own = here.erased.get((row.pk, row.newest))
        if own is not None:
            return Difference(erased_how(own), [])
        if (row.parent_id or row.draft_id, settled.version) in here.erased:
            shown = [Line("+", line, at) for at, line in enumerate(lines, settled.run.first)]
            return Difference(_("The words that it would change were erased; these are its own."), shown)
        texts = here.text_of(row).lines(settled.version)
        return of_change(texts, settled.run.first, settled.run.last, lines)

    def _may_put(self) -> bool:
        return may(Doing.PUT_DRAFT, self.place, at=self.at) is None

    def _state(self, row: Amendment, stands: amending.Standing) -> str:
        if row.withdrawn_at is not None:
            return "withdrawn"
        if stands.done:
            return "accepted"
        if self.over:
            return "voted" if row.pk in self.written else "left"
        return "vote" if self.backed.get(row.pk, 0) >= self.issue.needed else "open"

    def _known(self, row: Amendment, overtaken: bool) -> rules.Amending:
        text_of = row.parent if row.parent_id else self.draft
        assert text_of is not None
        return rules.Amending(
            place=self.place,
            is_mover=row.mover_id == self.me.pk,
            withdrawn=row.withdrawn_at is not None,
            accepted=row.accepted_at is not None,
            supports=row.pk in self.mine,
            to_amendment=row.parent_id is not None,
            moves_the_text=text_of.mover_id == self.me.pk,
            nobodys_text=text_of.mover_id is None,
            text_over=facts.is_over(row.parent) if row.parent else self.draft.withdrawn_at is not None,
            overtaken=overtaken,
            text_version=row.parent.newest if row.parent else self.draft.version,
        )

    def _numbers(self, one: Combination) -> list[int]:
        return sorted(self.here.rows[name].number for name in one.amendments)

    def _proposals(self, row: Amendment) -> list[Proposal]:
        found = []
        for one in self.combinations:
            if one.combined_at or row.pk not in one.amendments:
                continue
            if any(name in self.taken for name in one.amendments):
                continue
            movers = {self.here.rows[name].mover_id for name in one.amendments}
            said_yes = {one.proposed_by_id, *(yes.member_id for yes in one.agreed.all())}
            asked = self.me.pk in movers - said_yes and self._may_put()
            found.append(Proposal(one, self._numbers(one), asked, len(movers & said_yes), len(movers)))
        return found


# --- What somebody typed -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a changed text amounts to: the lines it changes, and by which operation."""

    operation: str
    first: int
    last: int
    text: str
    difference: Difference


def wanted(text: Sequence[str], first: int, last: int, typed: str) -> Wanted | None:
    """What somebody changed in lines `first` to `last` of a text; None where nothing changed.

    The run begins with the first line that differs and ends with the last.
    """
    before = list(text[first - 1 : last])
    if typed.endswith("\n") and not (before and before[-1] == ""):
        typed = typed.rstrip("\n")
    after = amending.lines_of(typed) if typed else []
    if before == after:
        return None
    while before and after and before[0] == after[0]:
        before, after, first = before[1:], after[1:], first + 1
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    last = first + len(before) - 1
    operation = rules.INSERT if not before else rules.REPLACE if after else rules.DELETE
    return Wanted(operation, first, last, amending.text_of(after), of_change(text, first, last, after))


def combinable(page: AmendmentsShown, mine: AmendmentShown) -> list[tuple[str, str]]:
    """The amendments with which one's own could be one alternative, to choose from."""
    return [
        (one.row.pk, _("Amendment %(n)s: %(what)s") % {"n": one.number, "what": one.difference.sentence})
        for one in page.all
        if one.number != mine.number
        and one.state in ("open", "vote")
        and not one.overtaken
        and not one.undone
        and not one.together
        and one.number not in mine.conflicts
        and one.number not in mine.children
        and one.number != mine.parent
    ]
