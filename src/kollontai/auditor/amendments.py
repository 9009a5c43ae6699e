# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments as the record tells of them, and what they had to bring onto the paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kollontai.auditor.amending import Edit, History, Span, edited
from kollontai.auditor.backing import backers, qualifies
from kollontai.auditor.questions import read_question
from kollontai.auditor.repeats import decided_as, share_of
from kollontai.auditor.things import Draft, Issue, Mark, Version

if TYPE_CHECKING:
    from datetime import datetime

    from kollontai.auditor.audit import Audit

MOST = 12


@dataclass(slots=True)
class Amendment:
    """A change of some lines of a draft, or of another amendment."""

    id: str
    issue: str
    draft: str
    number: int
    operation: str
    version: int
    first: int
    last: int
    parent: str
    moved: Mark
    versions: list[Version]
    reasons: bytes | None = None
    backing: dict[str, Mark] = field(default_factory=dict)
    taken_back: Mark | None = None
    accepted: Mark | None = None
    accepted_as: int = 0

    @property
    def mover(self) -> str:
        """Who moved it."""
        return self.moved.actor

    @property
    def span(self) -> Span:
        """Its lines, counted from nought."""
        return self.first - 1, self.last


@dataclass(slots=True)
class Combination:
    """Amendments that their movers may want as one alternative."""

    id: str
    issue: str
    draft: str
    amendments: tuple[str, ...]
    proposed: Mark
    agreed: dict[str, Mark] = field(default_factory=dict)
    combined: Mark | None = None


@dataclass(slots=True)
class Alternative:
    """A draft as amendments make it, as it was written out."""

    id: str
    issue: str
    draft: str
    version: int
    amendments: tuple[str, ...]
    written: Mark
    text: bytes | None
    due: datetime


class Place(NamedTuple):
    """Where an amendment stands; `done`: it is part of the text it speaks of."""

    edit: Edit
    overtaken: bool
    done: bool


class Option(NamedTuple):
    """What has to stand on a paper: a draft, or with `amendments` an alternative."""

    draft: str
    version: int
    amendments: tuple[str, ...]
    text: str
    effects: bytes
    supporters: int
    first: bool

    @property
    def key(self) -> tuple[str, int, tuple[str, ...]]:
        """What it is made of."""
        return self.draft, self.version, self.amendments


class Table:
    """The drafts and amendments of an issue as they were before an entry, with their words."""

    def __init__(self, audit: Audit, issue: Issue, before: int) -> None:
        """Read everything that stood before this position."""
        self._audit, self._before = audit, before
        state = audit.state
        self.drafts = [state.drafts[one] for one in issue.drafts if state.drafts[one].put.position < before]
        self.amendments = {
            one: state.amendments[one]
            for one in issue.amendments if state.amendments[one].moved.position < before
        }  # fmt: skip
        self.combinations = [
            one for one in map(state.combinations.__getitem__, issue.combinations) if self.was(one.combined)
        ]
        self.history: dict[str, History] = {}
        for draft in self.drafts:
            self._read(draft.id, draft.versions, deletes=False)
        for one in self.amendments.values():
            self._read(one.id, one.versions, deletes=one.operation == "delete")

    def was(self, mark: Mark | None) -> bool:
        """Whether something had happened by then."""
        return mark is not None and mark.position < self._before

    def _read(self, name: str, versions: Iterable[Version], *, deletes: bool) -> None:
        texts = []
        for version in versions:
            if version.mark.position >= self._before:
                break
            value = b"" if deletes else self._audit.contents.value(version.text)
            if value is None:
                return  # not here to be read: content_opens says so where it must be
            texts.append(value.decode("utf-8", "replace"))
        self.history[name] = History(texts)
        if deletes:
            self.history[name].texts = [[] for _ in texts]

    def place(self, one: Amendment) -> Place | None:
        """Where an amendment stands on its draft; None where words are missing or nothing fits."""
        draft, own = self.history.get(one.draft), self.history.get(one.id)
        parent = self.amendments.get(one.parent) if one.parent else None
        if draft is None or own is None or (one.parent and parent is None):
            return None
        new = tuple(own.at(own.last))
        if parent is None:
            return self._within(one, draft, new)
        theirs = self.history.get(parent.id)
        if theirs is None:
            return None
        inner = self._within(one, theirs, new)
        outer = self._within(parent, draft, tuple(theirs.at(theirs.last)))
        if inner is None or outer is None:
            return None
        taken = self.was(parent.accepted)
        if taken and not inner.overtaken and not inner.done:
            into = draft.follow(parent.span, parent.version, parent.accepted_as - 1)
            if into is not None:
                span = into[0] + inner.edit.span[0], into[0] + inner.edit.span[1]
                if not draft.has(parent.accepted_as, span):
                    return None
                now = draft.follow(span, parent.accepted_as, draft.last)
                return Place(
                    Edit(parent.accepted_as if now is None else draft.last, now or span, new),
                    now is None,
                    False,
                )
        lines = tuple(edited(theirs.at(inner.edit.version), [inner.edit]))
        away = outer.overtaken or inner.overtaken or taken
        return Place(outer.edit._replace(lines=lines), away, inner.done)

    def _within(self, one: Amendment, text: History, new: tuple[str, ...]) -> Place | None:
        if not text.has(one.version, one.span):
            return None
        home = Edit(one.version, one.span, new)
        if self.was(one.accepted) and 1 < one.accepted_as <= text.last:
            earlier = one.accepted_as - 1
            span = text.follow(one.span, one.version, earlier)
            if span is None:
                return Place(home, True, False)
            made = text.follow((span[0], span[0] + len(new)), one.accepted_as, text.last)
            return Place(Edit(earlier, span, new), made is None, made is not None)
        span = text.follow(one.span, one.version, text.last)
        return Place(home, True, False) if span is None else Place(Edit(text.last, span, new), False, False)

    def is_over(self, text: Draft | Amendment | None) -> bool:
        """Whether a draft or an amendment was withdrawn by then, or an amendment accepted."""
        if isinstance(text, Draft):
            return self.was(text.withdrawn)
        return text is not None and (self.was(text.taken_back) or self.was(text.accepted))


def taken_back(text: Draft | Amendment) -> Mark | None:
    """When its mover took a draft or an amendment back."""
    return text.withdrawn if isinstance(text, Draft) else text.taken_back


def options(audit: Audit, issue: Issue, opened: Mark) -> list[Option]:
    """What had to stand on the paper of a vote opened by this entry, in order, without the status quo."""
    table = Table(audit, issue, opened.position)
    found: list[Option] = []
    for draft in table.drafts:
        history = table.history.get(draft.id)
        effects = _effects(audit, draft, opened)
        backed = backers(audit, issue, [(draft.mover, draft.put), *draft.backing.items()], opened)
        if not table.was(draft.withdrawn) and qualifies(audit, issue, draft, opened):
            version = draft.version_at(opened.position)
            text = "\n".join(history.at(history.last)) if history else f"\0{draft.id}"
            found.append(Option(draft.id, version.number, (), text, effects, backed, draft.first))
        if history is not None:
            found += _alternatives(audit, issue, table, draft, effects, opened)
    found = _merged(found)
    if len(found) > MOST:
        best = sorted(range(len(found)), key=lambda at: (not found[at].first, -found[at].supporters, at))
        found = [found[at] for at in sorted(best[:MOST])]
    return found


def _effects(audit: Audit, draft: Draft, opened: Mark) -> bytes:
    declared = draft.effects_of(draft.version_at(opened.position).number)
    return (audit.contents.value(declared.effects) or b"") if declared else b""


def _alternatives(
    audit: Audit, issue: Issue, table: Table, draft: Draft, effects: bytes, opened: Mark
) -> list[Option]:
    needed = audit.needed(issue)
    alone: dict[str, tuple[Amendment, Place, int]] = {}
    for one in table.amendments.values():
        place = table.place(one)
        if one.draft == draft.id and place is not None and not place.done and not table.was(one.taken_back):
            marks = [(one.mover, one.moved), *one.backing.items()]
            alone[one.id] = one, place, backers(audit, issue, marks, opened)
    groups: list[list[tuple[Amendment, Place, int]]] = []
    together = [one for one in table.combinations if one.draft == draft.id]
    for combination in sorted(
        together, key=lambda one: (one.combined.at if one.combined else opened.at, one.id)
    ):
        parts = [alone[name] for name in combination.amendments if name in alone]
        if (
            len(parts) == len(combination.amendments)
            and not any(place.overtaken for _, place, _ in parts)
            and min(backed for _, _, backed in parts) >= needed
            and not clash([place.edit for _, place, _ in parts])
        ):
            groups.append(parts)
            for name in combination.amendments:
                del alone[name]
    groups += [[part] for part in alone.values() if part[2] >= needed]
    history = table.history[draft.id]
    made = []
    for parts in sorted(groups, key=lambda parts: min(one.number for one, _, _ in parts)):
        parts = sorted(parts, key=lambda part: part[1].edit.span)
        version = parts[0][1].edit.version
        text = "\n".join(edited(history.at(version), [place.edit for _, place, _ in parts]))
        names = tuple(one.id for one, _, _ in parts)
        backed = min(part[2] for part in parts)
        members = audit.state.members_at(issue.unit, opened.position)
        if backed < share_of(audit, issue, members) and decided_as(
            audit, issue, read_question(text, effects), opened
        ):
            continue  # it asks again what was decided, and too few stand behind it
        made.append(Option(draft.id, version, names, text, effects, backed, False))
    return made


def clash(edits: list[Edit]) -> bool:
    """Whether any two of these clash."""
    return any(one.clashes(other) for at, one in enumerate(edits) for other in edits[:at])


def _merged(found: list[Option]) -> list[Option]:
    """Each text once: a draft stands for alternatives equal to it, an earlier one for later ones."""
    best: dict[tuple[str, bytes], int] = {}
    for one in found:
        best[one.text, one.effects] = max(best.get((one.text, one.effects), 0), one.supporters)
    drafts: dict[tuple[str, bytes], tuple[str, int, tuple[str, ...]]] = {}
    for one in found:
        if not one.amendments:
            drafts.setdefault((one.text, one.effects), one.key)
    left: list[Option] = []
    seen = set()
    for one in found:
        same = one.text, one.effects
        stands_for = drafts.get(same, one.key)
        if one.amendments and (same in drafts or same in seen):
            continue
        seen.add(same)
        left.append(one._replace(supporters=best[same]) if stands_for == one.key else one)
    return left
