# SPDX-License-Identifier: AGPL-3.0-or-later
"""The state of an organisation, folded from its record entry by entry.

An entry that speaks of something unknown, or makes something twice, is set aside with a sentence; it
stops nothing. The tables below are filled by `folds/`, one file per subject.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from kollontai.auditor import folds
from kollontai.auditor.amendments import Alternative, Amendment, Combination
from kollontai.auditor.folding import FOLDS, Impossible
from kollontai.auditor.lines import Line, LineReader
from kollontai.auditor.things import (
    Admission,
    Archive,
    Attachment,
    Candidacy,
    Changed,
    Claim,
    Committed,
    Contribution,
    Draft,
    DuesSet,
    Election,
    Erasure,
    Form,
    Founding,
    HostChange,
    Issue,
    KeyChange,
    LawNote,
    Letter,
    Mark,
    Merger,
    MergeYes,
    Naming,
    Offer,
    OrderedErasure,
    Person,
    Petition,
    Poll,
    Post,
    QuietSet,
    Release,
    Resolution,
    Restored,
    Shortening,
    SpokenOf,
    Stamp,
    Statement,
    Term,
    Timed,
    Unit,
    UnitChange,
    VotingSet,
    WriteIn,
)
from kollontai.openrecord import entries, facts
from kollontai.openrecord.errors import RecordError


class State:
    """Everything the record says, by id."""

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.size = 0
        self.org = ""
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

        self.moments: list[datetime] = []
        """When entries were made, each moment once."""

        self.spelt: dict[datetime, str] = {}
        """How the record spells its moments."""
        self.founding: Founding | None = None
        self.units: dict[str, Unit] = {}
        self.present: set[str] = set()
        """Who is a member, as far as the record has been read."""
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.claims: list[Claim] = []
        self.terms: dict[str, Term] = {}
        self.elections: dict[str, Election] = {}
        self.offers: defaultdict[str, list[Offer]] = defaultdict(list)
        """Who was asked to act, by the term that had ended."""
        self.petitions: dict[str, Petition] = {}
        self.terms_of_post: defaultdict[str, list[Term]] = defaultdict(list)
        self.terms_of_member: defaultdict[str, list[Term]] = defaultdict(list)
        self.terms_of_poll: defaultdict[str, list[Term]] = defaultdict(list)
        self.elections_of_post: defaultdict[str, list[Election]] = defaultdict(list)
        self.filled_by: defaultdict[str, list[Election]] = defaultdict(list)
        """The elections that fill the seat of a term."""
        self.candidacies_of: defaultdict[str, list[tuple[Election, Candidacy]]] = defaultdict(list)
        self.questions: defaultdict[str, list[Issue]] = defaultdict(list)
        """Issues that the clock put before members, by what they are about."""
        self.issues: dict[str, Issue] = {}
        self.drafts: dict[str, Draft] = {}
        self.amendments: dict[str, Amendment] = {}
        self.combinations: dict[str, Combination] = {}
        self.alternatives: dict[str, Alternative] = {}
        self.contributions: dict[str, Contribution] = {}
        self.covered: dict[str, Contribution] = {}  # of those, whatever somebody asked to have covered
        self.spoken_of: dict[str, SpokenOf] = {}
        """The lines that contributions speak of, by the contribution."""
        self.namings: dict[str, Naming] = {}
        self.write_ins: dict[str, WriteIn] = {}
        self.by_write_in: dict[tuple[str, str], str] = {}
        """The write-in by which somebody stands behind a draft or an amendment, by that and by the member."""
        self.attachments: dict[str, Attachment] = {}
        self.statements: dict[str, Statement] = {}
        self.letters: dict[str, Letter] = {}
        self.archives: dict[str, Archive] = {}
        self.polls: dict[str, Poll] = {}
        self.resolutions: dict[str, Resolution] = {}
        self.erasures: list[Erasure] = []
        self.stamps: list[Stamp] = []
        self.unconfirmed: list[tuple[Mark, str, str, str]] = []
        self.listed: list[str] = []
        """Who was invited as a founder."""
        self.contacts: list[tuple[Mark, str, datetime]] = []
        self.contacts_stopped: list[tuple[Mark, str]] = []
        self.releases: list[Release] = []
        self.restorations: list[Restored] = []
        self.host_changes: list[HostChange] = []
        self.key_changes: list[KeyChange] = []
        self.ordered: list[OrderedErasure] = []
        """Words that a court ordered to be erased."""
        self.changes: list[Changed] = []
        """Every version of the charter after the first."""
        self.unit_changes: list[UnitChange] = []
        self.merge_yeses: list[MergeYes] = []
        self.mergers: list[Merger] = []
        self.dues: list[DuesSet] = []
        self.law_notes: dict[str, LawNote] = {}
        self.quiet_days: list[QuietSet] = []
        self.voting_days: list[VotingSet] = []
        self.shortenings: dict[str, Shortening] = {}

        self.committed: dict[bytes, Committed] = {}
        self.erased: dict[bytes, Mark] = {}
        self.timed: list[Timed] = []
        self.unread: list[tuple[int, str]] = []
        self.impossible: list[tuple[int, str, str]] = []
        self.strangers: list[tuple[Mark, str]] = []
        self.aliases: dict[str, list[tuple[Mark, str, str]]] = {}
        """Protected acts by their alias: the entry, its kind, its petition."""
        self.misplaced: list[tuple[Mark, str, str]] = []
        self.recommitted: list[tuple[int, str]] = []
        self.backwards: list[tuple[int, datetime, datetime]] = []
        self.orgs: list[tuple[int, str]] = []

        self.named: dict[tuple[str, str], set[bytes]] = {}
        self.demo_act: int | None = None
        self.protected_since: int | None = None
        """The first entry of an alias that does not say how its signer came in: earlier releases said so."""
        self.acted: datetime | None = None
        """When a member last acted, as far as the record is read."""

        self.joins: defaultdict[str, list[int]] = defaultdict(list)
        self.leaves: defaultdict[str, list[int]] = defaultdict(list)

    # --- reading ---

    def fold(self, record: Iterable[tuple[int, bytes]]) -> None:
        """Take in every entry, in order."""
        reader = LineReader()
        read, self.spelt = reader.read, reader.spelt
        assert folds.__path__  # importing it has filled FOLDS
        present, committed, moments = self.present, self.committed, self.moments
        by_kind = {
            kind: (FOLDS.get(kind), kind in _BY_MEMBERS, kind in _KEPT_APART, _HELD.get(kind, ""))
            for kind in {*FOLDS, *facts.KINDS}
        }
        last: datetime | None = None
        for position, data in record:
            self.size = position + 1
            try:
                line = read(position, data)
            except RecordError as error:
                self.unread.append((position, str(error)))
                continue
            _, at, actor, auth, kind, org, fields, commitments = line
            fold, by_members, owned, held_by = by_kind[kind]
            if last is None:
                self.first_at = last = at
                self.org = org
                moments.append(at)
            elif at > last:
                last = at
                moments.append(at)
            elif at < last:
                self.backwards.append((position, at, last))
            if org != self.org:
                self.orgs.append((position, org))
            if not (by_members and actor in present and auth in _SIGNED_IN):
                self._look_at_actor(line)
            else:
                self.acted = at
            if commitments:
                if owned:
                    self._commit(line)
                else:
                    held = fields[held_by] if held_by else ""
                    for field, commitment in commitments.items():
                        new = tuple.__new__(Committed, (position, kind, field, actor, actor, held))
                        if committed.setdefault(commitment, new) is not new:
                            self.recommitted.append((position, commitment.hex()))
            if fold is None:
                sentence = "This auditor has no rule for this kind of entry."
                self.impossible.append((position, kind, sentence))
                continue
            try:
                fold(self, line)
            except Impossible as error:
                self.impossible.append((position, error.subject, str(error)))
        self.last_at = last

    def _look_at_actor(self, line: Line) -> None:
        """Keep an entry whose actor could perhaps not act so, for the check that asks who acted."""
        actor, auth = line.actor, line.auth
        if auth == "demo" and self.demo_act is None:
            self.demo_act = line.position
        if auth == entries.PROTECTED and self.protected_since is None:
            self.protected_since = line.position
        mark = Mark(line.position, line.at, actor, auth)
        if line.kind in _PROTECTED and actor not in _NOBODY and auth in _OF_ALIASES:
            self.aliases.setdefault(actor, []).append((mark, line.kind, line.fields.get("petition", "")))
        elif line.kind in _BY_MEMBERS and actor != "clock" and auth in _OF_MEMBERS:
            if actor not in self.present:
                self.strangers.append((mark, line.kind))
        else:
            self.misplaced.append((mark, line.kind, _subject(line)))

    def _commit(self, line: Line) -> None:
        """Keep the words of things that have a name, and whose they are; and those that another put down."""
        kind = line.kind
        if kind in _WRITTEN_FOR:
            whose = line.fields["member"]
            for field, commitment in line.commitments.items():
                new = Committed(line.position, kind, field, whose, whose, "")
                if self.committed.setdefault(commitment, new) is not new:
                    self.recommitted.append((line.position, commitment.hex()))
            return
        thing, keys = _OWNED[kind]
        owner = line.fields["member"] if thing == "member" else line.actor
        subject = "/".join(line.fields[key] for key in keys) or line.org
        for field, commitment in line.commitments.items():
            self.named.setdefault((f"{thing}.{field}", subject), set()).add(commitment)
            new = Committed(line.position, kind, field, line.actor, owner, "")
            if self.committed.setdefault(commitment, new) is not new:
                self.recommitted.append((line.position, commitment.hex()))

    # --- helpers for folds ---

    def time(self, line: Line, due: datetime | None, subject: str) -> None:
        """Remember when the clock should have done this, and when it did."""
        if due is not None:
            self.timed.append(Timed(line.position, line.kind, subject, due, line.at, self.acted))

    def went_on(self, due: datetime) -> datetime:
        """When the record went on at or after a moment: no later did the clock do what was due then."""
        place = bisect_left(self.moments, due)
        return self.moments[place] if place < len(self.moments) else due

    def went_on_after(self, moment: datetime) -> datetime:
        """When the record went on after what was done at a moment; by then the clock saw to what follows."""
        place = bisect_right(self.moments, moment)
        return self.moments[place] if place < len(self.moments) else moment

    # --- who belonged where ---

    def where(self, unit: str, position: int) -> str:
        """What a unit had become part of when the entry at this position was made; itself, if of nothing."""
        for merger in self.mergers:
            if merger.mark.position >= position:
                break
            if merger.unit == unit:
                unit = merger.into
        return unit

    def held_as(self, term: Term) -> Form:
        """What a post is for whoever holds it: as it was when the election of the term opened, also for who
        acts in it; without an election, when the term began. A later change is for later elections."""
        poll = self.polls.get(term.poll)
        election = self.elections.get(poll.subject) if poll is not None else None
        position = (election.opened if election else term.begun).position
        return self.posts[term.post].form_at(position)

    def held_outside_by_law(self, position: int) -> bool:
        """Whether a law note on the form of elections stood when the entry at this position was made."""
        return any(
            (note.article, note.touches) == (1, "form")
            and note.voted.position < position
            and (note.lapsed is None or note.lapsed.position > position)
            for note in self.law_notes.values()
        )

    def within(self, home: str, unit: str, position: int) -> bool:
        """Whether who was of one unit belonged to another, or to one below it, when an entry was made."""
        return self.where(unit, position) in self.line_of(self.where(home, position))

    def over(self, unit: str, position: int) -> set[str]:
        """A unit and the units above it, and all that had become part of it, when an entry was made."""
        now = self.where(unit, position)
        above = set(self.line_of(now))
        return above | {merger.unit for merger in self.mergers if self.where(merger.unit, position) == now}

    def line_of(self, unit: str) -> list[str]:
        """A unit and the units above it, from below."""
        found: list[str] = []
        at: str | None = unit
        while at is not None and at not in found:
            found.append(at)
            above = self.units.get(at)
            at = None if above is None else above.parent
        return found

    def below(self, unit: str, position: int) -> set[str]:
        """A unit and all units below it, with all that had become part of them when an entry was made."""
        return {other for other in self.units if self.within(other, unit, position)}

    def belongs(self, person: Person, unit: str, position: int) -> bool:
        """Whether somebody's unit was this one or lay below it when the entry at this position was made."""
        return self.within(person.home_at(position), unit, position)

    def members_at(self, unit: str, position: int) -> int:
        """How many accepted members a unit had when the entry at this position was made."""
        return sum(self.joins_at(one, position) for one in self.below(unit, position))

    def joins_at(self, unit: str, position: int) -> int:
        """How many accepted members belonged to a unit directly when the entry here was made."""
        return bisect_left(self.joins[unit], position) - bisect_left(self.leaves[unit], position)

    def members_of(self, unit: str, position: int) -> Iterator[tuple[Person, Admission]]:
        """The accepted members of a unit when the entry at this position was made."""
        units = self.below(unit, position)
        for person in self.people.values():
            admission = person.admission_at(position)
            if admission is not None and admission.unit in units:
                yield person, admission

    def members_near(self, position: int) -> Iterator[Person]:
        """People who joined or left within a few dozen entries of this position."""
        for person in self.people.values():
            marks = [*(one.mark for one in person.admissions), *person.departures]
            if any(abs(mark.position - position) < 100 for mark in marks):
                yield person

    @property
    def founded_at(self) -> datetime | None:
        """When the organisation came into being."""
        founding = self.founding
        return None if founding is None or founding.founded is None else founding.founded.at

    @property
    def root(self) -> str | None:
        """The unit that is the whole organisation."""
        return next((unit.id for unit in self.units.values() if unit.parent is None), None)


_OWNED: dict[str, tuple[str, tuple[str, ...]]] = {
    "founding.opened": ("organisation", ()),
    "unit.created": ("unit", ("unit",)),
    "unit.decided": ("unit", ("unit",)),
    "member.invited": ("member", ("member",)),
    "member.applied": ("member", ("member",)),
    "post.created": ("post", ("post",)),
    "post.decided": ("post", ("post",)),
    "post.entered": ("claim", ("post", "member")),
    "issue.raised": ("issue", ("issue",)),
    "question.put": ("issue", ("issue",)),
    "petition.opened": ("petition", ("petition",)),
}
"""Kinds whose words are names of things: what the thing is called, and the fields that say which."""

_WRITTEN_FOR = frozenset({"words.written_in"})
"""Kinds whose words are not their actor's, but those of the member that they name."""

_KEPT_APART = frozenset(_OWNED) | _WRITTEN_FOR

_HELD = {"ballot.cast": "poll", "statement.sealed": "statement"}
"""Kinds whose words stay closed, and the field that says until when."""

_OF_ALIASES = entries.AUTHS - {"clock", "operator"}
_OF_MEMBERS = _OF_ALIASES - {entries.PROTECTED}
_SIGNED_IN = _OF_MEMBERS - {"demo"}
_BY_MEMBERS = frozenset(name for name, cls in facts.KINDS.items() if cls.link == "accountable")
_PROTECTED = frozenset(name for name, cls in facts.KINDS.items() if cls.link == "protected")
_NOBODY = frozenset({"clock", "operator"})


def _subject(line: Line) -> str:
    for name in ("issue", "poll", "member", "post", "unit", "election", "petition", "term", "of"):
        value = line.fields.get(name)
        if value:
            return str(value)
    return line.kind
