# SPDX-License-Identifier: AGPL-3.0-or-later
"""One audit: an export read, its record folded, its words opened; and every check asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from kollontai.auditor.contents import Contents
from kollontai.auditor.days import day_of, earlier, zone_of
from kollontai.auditor.leaders import Leadership
from kollontai.auditor.limits import Articles, articles, in_force, newest, supporters_needed
from kollontai.auditor.published import Published, published
from kollontai.auditor.read import Export, Manifest
from kollontai.auditor.recount import Recount, recount
from kollontai.auditor.repeats import Papers
from kollontai.auditor.state import State
from kollontai.auditor.things import Code, Election, Issue, LetterGiven, Mark, Petition, Poll
from kollontai.openrecord.checkpoint import Checkpoint, read_checkpoint
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.policy import Policy
from kollontai.openrecord.rotation import Change, chain
from kollontai.openrecord.times import write_time
from kollontai.openrecord.tree import EMPTY_ROOT


class Spelt(dict[datetime, str]):
    """Moments as the claim writes them, each written once."""

    def __missing__(self, moment: datetime) -> str:
        plain = moment.tzinfo is UTC and not moment.microsecond
        text = self[moment] = f"{moment.isoformat()[:19]}Z" if plain else write_time(moment)
        return text


@dataclass
class Audit:
    """What the checks look at. Nothing in it is the server's word but `export` and what comes from it."""

    export: Export
    old: Path | None = None
    policy: Policy | None = None
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        """Fold the record and open the words."""
        self.state.fold(self.export.entries())
        self.manifest: Manifest | None = self.export.manifest
        self.contents = Contents(self.export, self.state, self.manifest)
        self.leadership = Leadership(self.state)
        self.spelt = Spelt(self.state.spelt)
        self._rolls: dict[str, frozenset[str]] = {}
        self._recounts: dict[str, Recount] = {}
        self._published: dict[str, Published] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The organisation's zone; UTC where it names none that is known."""
        founding = self.state.founding
        return (zone_of(founding.zone) if founding else None) or ZoneInfo("UTC")

    @cached_property
    def articles(self) -> Articles:
        """The articles adopted at the founding; the newest where this release does not carry those."""
        founding = self.state.founding
        known = articles().get(founding.articles_sha256) if founding else None
        return known or newest()

    @cached_property
    def founded(self) -> dict[str, int]:
        """The limits as founded."""
        founding = self.state.founding
        preset = self.articles.limits["normal"]
        limits = {key: bound.default for key, bound in preset.items()}
        if founding is not None:
            preset = self.articles.limits.get(founding.preset, preset)
            limits = {key: bound.default for key, bound in preset.items()} | dict(founding.limits)
        return limits

    @cached_property
    def _charters(self) -> list[tuple[int, dict[str, int]]]:
        """The limits of each version of the charter, and since which entry, the latest first."""
        found = [(-1, self.founded)]
        for change in self.state.changes:
            limits = dict(found[-1][1])
            if change.key and change.value is not None:
                limits[change.key] = change.value
                over = self.articles.over.get(change.key)
                if over and change.of is not None:
                    limits[over] = change.of
            found.append((change.mark.position, limits))
        return found[::-1]

    @property
    def charter(self) -> dict[str, int]:
        """The limits as the last vote left them."""
        return self._charters[0][1]

    @property
    def moved(self) -> dict[str, int]:
        """The limits that votes moved, as they stand."""
        keys = {change.key for change in self.state.changes if change.key}
        keys |= {self.articles.over[key] for key in keys if key in self.articles.over}
        return {key: self.charter[key] for key in keys if key in self.charter}

    def charter_at(self, position: int) -> dict[str, int]:
        """The limits of the charter when the entry at this position was made."""
        return next((limits for since, limits in self._charters if since < position), self.founded)

    def joining_at(self, position: int) -> str:
        """The way of joining when the entry at this position was made."""
        found = self.state.founding.joining if self.state.founding else "open"
        for change in self.state.changes:
            if change.joining and change.mark.position < position:
                found = change.joining
        return found

    def quiet_at(self, position: int) -> frozenset[date]:
        """The quiet days as they stood when the entry at this position was made."""
        if not self.state.quiet_days:
            return frozenset()
        found = {one.year: one.days for one in self.state.quiet_days if one.mark.position < position}
        return frozenset(day for days in found.values() for day in map(day_of, days) if day is not None)

    def voting_day_at(self, position: int) -> int:
        """The day of a month on which votes opened then; 0 for none, or for one that no month has."""
        found = [one.day for one in self.state.voting_days if one.mark.position < position]
        return found[-1] if found and 0 <= found[-1] <= 28 else 0

    def limits_at(self, position: int) -> dict[str, int]:
        """The limits for things born with the entry at this position."""
        root = self.state.root
        members = self.state.members_at(root, position) if root else 0
        preset = self.state.founding.preset if self.state.founding else "normal"
        return in_force(self.charter_at(position), preset, members, self.articles)

    def limits_of(self, issue: Issue) -> dict[str, int]:
        """The limits an issue was born with; what it does not name, as the charter had it."""
        limits = self.limits_at(issue.raised.position) | dict(issue.born_limits)
        return limits | dict(issue.limits)

    @cached_property
    def papers(self) -> Papers:
        """What the papers of decided issues asked."""
        return Papers(self)

    def leads(self, member: str, issue: Issue, mark: Mark) -> bool:
        """Whether a member was a leader on an issue when this entry was made."""
        return self.leadership.leads(member, issue, mark)

    def limits_born(self, thing: Election | Petition) -> dict[str, int]:
        """The limits an election or a petition was born with."""
        return self.limits_at(thing.opened.position) | dict(thing.limits)

    def recount(self, poll: Poll) -> Recount:
        """What a poll's choices give."""
        if poll.id not in self._recounts:
            election = self.state.elections.get(poll.subject) if poll.about == "election" else None
            self._recounts[poll.id] = recount(poll, self.contents, election.seats if election else 0)
        return self._recounts[poll.id]

    def published(self, poll: Poll) -> Published:
        """The ballots that a secret box gave."""
        if poll.id not in self._published:
            self._published[poll.id] = published(poll, self.contents)
        return self._published[poll.id]

    def needed(self, issue: Issue) -> int:
        """How many supporters an issue, or a draft on it, needs."""
        if issue.put is None:
            return issue.needed
        members = self.state.members_at(issue.unit, issue.raised.position)
        return supporters_needed(members, self.limits_of(issue))

    def roll(self, poll: Poll) -> frozenset[str]:
        """Who had to be on a poll's roll, by the rules.

        On an issue: members of its unit who belonged before it was raised, on some for days before the vote.
        An election: who was a member by the day it names. A confirmation: all accepted members of the post's
        unit. A recall: those who were so when its petition was opened, in a unit for days before the vote.
        Where that unit has become part of another and a recall is voted on once more: who was on the roll
        before and is a member.
        """
        if poll.id not in self._rolls:
            self._rolls[poll.id] = frozenset(self._roll(poll))
        return self._rolls[poll.id]

    def _roll(self, poll: Poll) -> Iterator[str]:
        issue = self.state.issues.get(poll.subject) if poll.about == "issue" else None
        election = self.state.elections.get(poll.subject) if poll.about == "election" else None
        before = None if issue is None else self._before(poll, issue)
        if poll.about == "recall" and self.state.where(poll.unit, poll.opened.position) != poll.unit:
            yield from self._once_more(poll)
            return
        petition = self.state.petitions.get(poll.subject) if poll.about == "recall" else None
        since = election.members_since if election else None
        since = self._recall_since(poll, petition) if petition else since
        for person, admission in self.state.members_of(poll.unit, poll.opened.position):
            joined = admission.mark.at
            if (before is None or joined < before) and (since is None or joined <= since):
                yield person.id

    def in_unit_by(self, unit_id: str, day: datetime, position: int) -> bool:
        """Whether days in a unit count on its own posts: it is not the first one, it and the organisation are
        older than that, and somebody there has been so long."""
        unit, founded = self.state.units.get(unit_id), self.state.founded_at
        if unit is None or unit.parent is None or founded is None or max(unit.made.at, founded) >= day:
            return False
        return any(joined.mark.at <= day for _, joined in self.state.members_of(unit_id, position))

    def _recall_since(self, poll: Poll, petition: Petition) -> datetime:
        """By when one had come to vote on a recall: to its opening, in a unit some days before the vote."""
        asked, at = petition.opened.at, poll.opened
        day = min(asked, earlier(at.at, self.limits_born(petition)["R1.unit"]))
        return day if self.in_unit_by(poll.unit, day, at.position) else asked

    def _once_more(self, poll: Poll) -> Iterator[str]:
        """Of a unit that is no more: who was on the roll of the vote before this one, and is a member."""
        petition = self.state.petitions.get(poll.subject)
        earlier_ones = petition.polls[: petition.polls.index(poll.id)] if petition else []
        if earlier_ones:
            before = self.roll(self.state.polls[earlier_ones[-1]])
            into = self.state.where(poll.unit, poll.opened.position)
            for person, _ in self.state.members_of(into, poll.opened.position):
                if person.id in before:
                    yield person.id

    def _before(self, poll: Poll, issue: Issue) -> datetime:
        """Since when one had to be a member to vote: before the issue was raised; on the charter, and in a
        unit on a matter of its own, some days before the vote too, unless nobody can have been so long."""
        if poll.majority == (1, 2) and poll.more_than:
            return self._before_in_unit(poll, issue)
        day, founded = earlier(poll.opened.at, self.limits_of(issue)["R1.before"]), self.state.founded_at
        return min(day, issue.raised.at) if founded is not None and founded < day else issue.raised.at

    def _before_in_unit(self, poll: Poll, issue: Issue) -> datetime:
        raised, unit, founded = issue.raised.at, self.state.units.get(poll.unit), self.state.founded_at
        if unit is None or unit.parent is None or founded is None:
            return raised
        day = earlier(poll.opened.at, self.limits_of(issue)["R1.unit"])
        here = (joined.mark.at for _, joined in self.state.members_of(poll.unit, poll.opened.position))
        long = max(unit.made.at, founded) < day and any(at < min(day, raised) for at in here)
        return min(day, raised) if long else raised

    def vouchers_by(self, member: str) -> list[Mark]:
        """Every time a member vouched for somebody."""
        return self._vouchers.get(member, [])

    @cached_property
    def _vouchers(self) -> dict[str, list[Mark]]:
        found: dict[str, list[Mark]] = {}
        for person in self.state.people.values():
            for mark in person.vouchers:
                found.setdefault(mark.actor, []).append(mark)
        return found

    def letters_by(self, member: str) -> list[LetterGiven]:
        """Every time a member vouched for a letter with a code, in order."""
        return self._letters.get(member, [])

    @cached_property
    def _letters(self) -> dict[str, list[LetterGiven]]:
        found: dict[str, list[LetterGiven]] = {}
        for person in self.state.people.values():
            made = False
            for one in person.letter_vouchers:
                found.setdefault(one.mark.actor, []).append(LetterGiven(one.mark, person.id, not made))
                made = made or one.second
        for given in found.values():
            given.sort(key=lambda one: one.mark.position)
        return found

    @cached_property
    def codes(self) -> dict[str, list[Code]]:
        """Each code on paper that was made, by whom it was to let in, in order."""
        found: dict[str, list[Code]] = {}
        for person in self.state.people.values():
            first: Mark | None = None
            for one in person.letter_vouchers:
                if one.second and first is not None:
                    found.setdefault(person.id, []).append(Code(one.mark, (first.actor, one.mark.actor)))
                first = None if one.second else one.mark
        return found

    @property
    def last_at(self) -> datetime:
        """The time of the last entry: what the record knows of the present."""
        return self.state.last_at or datetime.min.replace(tzinfo=UTC)

    @property
    def root(self) -> bytes:
        """The root that was signed."""
        return self.export.checkpoint.root if self.export.checkpoint else EMPTY_ROOT

    @property
    def key(self) -> VerifierKey | None:
        """The record's key."""
        return self.export.key

    @cached_property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The key that signs, and each one the record had, as far as they follow one another."""
        origin = self.state.founding.origin if self.state.founding else ""
        changes = []
        for one in self.state.key_changes:
            try:
                changes.append(Change.read(origin, one.number, one.by, one.public, one.signature, one.proof))
            except RecordError:
                break
        found = tuple(chain(changes))
        return found if self.key is None or self.key in found else (self.key, *found)

    def old_note(self) -> bytes | None:
        """The earlier checkpoint that was given, with its signatures."""
        if self.old is None:
            return None
        path = self.old / "checkpoint" if self.old.is_dir() else self.old
        try:
            return path.read_bytes()
        except OSError:
            return None

    def old_checkpoint(self) -> Checkpoint | None:
        """The earlier checkpoint that was given, unchecked."""
        note = self.old_note()
        try:
            return None if note is None else read_checkpoint(note)
        except RecordError:
            return None
