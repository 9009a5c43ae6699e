# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the record tells of: people, posts, issues, polls, as their entries say it happened.

These hold what entries *say*. Whether it was right is asked by the checks. Every thing keeps the
positions of the entries that made it, so that a finding can point at them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Mark(NamedTuple):
    """An entry about something: where it stands, when, by whom, and how they were known."""

    position: int
    at: datetime
    actor: str
    auth: str = ""


class Committed(NamedTuple):
    """A content that an entry ties to the record."""

    position: int
    kind: str
    field: str
    actor: str
    owner: str
    """Whose words or name these are, and who may erase them."""
    held: str
    """The poll or statement whose end releases it, or nothing."""


@dataclass(slots=True)
class Founding:
    """How the organisation began."""

    opened: Mark
    origin: str
    zone: str
    preset: str
    joining: str
    articles_version: int
    articles_sha256: str
    limits: Mapping[str, int]
    listed: tuple[str, ...]
    signed: dict[str, Mark] = field(default_factory=dict)
    founded: Mark | None = None
    founded_signed: int = 0
    founded_listed: int = 0


@dataclass(slots=True)
class Unit:
    """A unit of members."""

    id: str
    parent: str | None
    made: Mark
    merged: Merger | None = None
    """How it became part of another, if it did."""


class MergeYes(NamedTuple):
    """A unit's yes to a merger, as its entry says it."""

    mark: Mark
    unit: str
    merged: str
    into: str
    until: datetime
    issue: str
    draft: str


class Merger(NamedTuple):
    """A unit that became part of another, as its entry says it."""

    mark: Mark
    unit: str
    into: str
    members: int
    issues: int
    issue: str
    draft: str
    agreed_before: str


@dataclass(slots=True)
class Application:
    """Somebody's wish to join, by their own act."""

    mark: Mark
    unit: str
    vouchers_needed: int
    admitted_at: datetime


@dataclass(slots=True)
class Admission:
    """The moment somebody became a member."""

    mark: Mark
    unit: str
    ground: str
    due: datetime | None


class LetterVoucher(NamedTuple):
    """A member's word that somebody gets a letter with a code, as its entry says it."""

    mark: Mark
    second: bool
    unit_let_in: str
    """The unit of whoever is let in."""
    unit_vouching: str
    """The unit of the voucher; empty where they were no member."""


class LetterGiven(NamedTuple):
    """The same word, seen from whoever gave it."""

    mark: Mark
    person: str
    """Who is let in."""
    first: bool
    """Whether no code had been made for them before."""


class Code(NamedTuple):
    """A code on paper that two members let somebody in by."""

    made: Mark
    by: tuple[str, str]


@dataclass(slots=True)
class Person:
    """Somebody invited, asking, belonging, or gone; and perhaps back again, under the same id."""

    id: str
    unit: str
    invited: Mark | None = None
    invited_ground: str = ""
    invited_unit: str = ""
    asked_by_self: bool = False
    """Whether the last time they came of themselves, not by saying yes to an invitation."""
    applications: list[Application] = field(default_factory=list)
    vouchers: list[Mark] = field(default_factory=list)
    letter_vouchers: list[LetterVoucher] = field(default_factory=list)
    admissions: list[Admission] = field(default_factory=list)
    departures: list[Mark] = field(default_factory=list)
    declined: Mark | None = None
    refusals: list[Mark] = field(default_factory=list)
    """Each time they said no, or took back that they had asked; also where they asked again since."""
    contact_asked: tuple[Mark, datetime] | None = None
    contact_erased: Mark | None = None
    """Since when no account leads to them."""
    reached: list[tuple[int, int | None]] = field(default_factory=list)
    """From which entry until which an address was on its way, or theirs; None: it took effect, or may yet."""

    @property
    def admission(self) -> Admission | None:
        """The last time they became a member."""
        return self.admissions[-1] if self.admissions else None

    def reached_at(self, position: int) -> bool:
        """Whether the record says that they were, or were to be, reached by mail when this entry was made."""
        return any(asked < position and (over is None or over > position) for asked, over in self.reached)

    @property
    def application(self) -> Application | None:
        """The last time they asked to join."""
        return self.applications[-1] if self.applications else None

    @property
    def left(self) -> Mark | None:
        """When they left, if they are gone."""
        return self.departures[-1] if self.departures and not self.belongs else None

    @property
    def belongs(self) -> bool:
        """Whether they are a member, as far as the record has been read."""
        return len(self.admissions) > len(self.departures)

    @property
    def waiting(self) -> bool:
        """Whether they have asked to join and are not in yet."""
        if not self.applications or self.declined is not None:
            return False
        asked = self.applications[-1].mark.position
        return not self.belongs and all(one.mark.position < asked for one in self.admissions)

    def vouchers_for(self, application: Application) -> list[Mark]:
        """Who vouched since they asked so; the record knows minutes, and what was said in that one counts."""
        return [one for one in self.vouchers if one.at >= application.mark.at]

    def admission_at(self, position: int) -> Admission | None:
        """The membership they had when the entry at this position was made."""
        for number, admission in enumerate(self.admissions):
            left = self.departures[number].position if number < len(self.departures) else None
            if admission.mark.position < position and (left is None or position <= left):
                return admission
        return None

    def gone_at(self, position: int) -> bool:
        """Whether they had left, or said no, and not come back since, when the entry there was made."""
        ways_in = [self.invited] if self.invited else []
        ways_in += [one.mark for one in self.applications]
        ways_in += [one.mark for one in self.admissions]
        ways_out = [*self.departures, *self.refusals]
        came = max((one.position for one in ways_in if one.position < position), default=-1)
        went = max((one.position for one in ways_out if one.position < position), default=-1)
        return went > came

    def home_at(self, position: int) -> str:
        """The unit into which they had last been admitted when an entry was made; or the first since."""
        before = [one.unit for one in self.admissions if one.mark.position < position]
        return before[-1] if before else self.admissions[0].unit if self.admissions else self.unit

    def member_at(self, position: int) -> bool:
        """Whether they were a member when the entry at this position was made."""
        return self.admission_at(position) is not None


@dataclass(slots=True)
class Claim:
    """What was entered at founding: somebody was elected to a post before."""

    made: Mark
    post: str
    member: str
    elected_at: datetime
    old_end: datetime
    poll: str = ""
    outcome: str = ""
    settled: Mark | None = None


class Form(NamedTuple):
    """What a post is like from an entry on."""

    mark: Mark
    what: str
    """"created", "changed" or "ended"."""
    leading: bool
    seats: int
    term_days: int
    duty: str
    pay: int
    box: str
    title: bytes | None
    unit: str
    issue: str = ""
    """The issue that made it so; none at the founding."""
    draft: str = ""


@dataclass(slots=True)
class Post:
    """A post in a unit, and every form it has had."""

    id: str
    unit: str
    forms: list[Form]
    gone: Mark | None = None
    """The merger with which its unit was no more."""

    @property
    def made(self) -> Mark:
        """The entry by which it came into being."""
        return self.forms[0].mark

    @property
    def form(self) -> Form:
        """What it is like now."""
        return self.forms[-1]

    @property
    def ended(self) -> Mark | None:
        """The entry since which nobody is elected to it any more."""
        return next((form.mark for form in self.forms if form.what == "ended"), self.gone)

    def form_at(self, position: int) -> Form:
        """What it was like when the entry at this position was made; a change there counts already."""
        found = self.forms[0]
        for form in self.forms:
            if form.mark.position <= position:
                found = form
        return found

    def ended_at(self, position: int) -> bool:
        """Whether it had been ended when the entry at this position was made."""
        return self.ended is not None and self.ended.position < position


@dataclass(slots=True)
class Term:
    """A member holding a post."""

    id: str
    post: str
    member: str
    poll: str
    how: str
    begun: Mark
    ends_at: datetime
    ended: Mark | None = None
    ended_why: str = ""
    ended_due: datetime | None = None

    @property
    def over_at(self) -> datetime:
        """When it was over: by the clock or before; whoever forgot to say so changes nothing."""
        return self.ends_at if self.ended is None else min(self.ended.at, self.ends_at)


@dataclass(slots=True)
class Candidacy:
    """A member who was put forward for an election."""

    member: str
    made: Mark
    """The first nomination."""
    versions: list[Words] = field(default_factory=list)
    half: bool = False
    accepted: Mark | None = None
    """When they said that they stand; the last time, where they had taken it back."""
    declined: Mark | None = None
    withdrawn: Mark | None = None
    later: list[Mark] = field(default_factory=list)
    """Nominations after the first."""

    @property
    def answered(self) -> Mark | None:
        """When they last said yes or no."""
        return self.withdrawn or self.accepted or self.declined

    @property
    def state(self) -> str:
        """Asked, stands, declined or withdrawn."""
        if self.withdrawn:
            return "withdrawn"
        return "stands" if self.accepted else "declined" if self.declined else "asked"

    def stands_at(self, position: int) -> bool:
        """Whether they stood when the entry at this position was made."""
        accepted, withdrawn = self.accepted, self.withdrawn
        return (
            accepted is not None
            and accepted.position < position
            and (withdrawn is None or withdrawn.position > position)
        )


class Words(NamedTuple):
    """What a candidate says of themself at one time."""

    number: int
    mark: Mark
    statement: bytes | None
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class Widening:
    """One more seat of a by-election, and what had been said of it before."""

    mark: Mark
    term: str
    seats: int
    closes_at: datetime
    members_since: datetime
    due: datetime
    before: tuple[tuple[str, ...], int, datetime, datetime]
    """Fills, seats, when nominations were to close, since when one must be a member."""


@dataclass(slots=True)
class Election:
    """How seats of a post are filled, from the first nomination to the count."""

    id: str
    post: str
    unit: str
    why: str
    fills: tuple[str, ...]
    seats: int
    round: int
    half: bool
    closes_at: datetime
    members_since: datetime
    limits: Mapping[str, int]
    due: datetime
    after: str
    begins_at: datetime | None
    ends_at: datetime | None
    opened: Mark
    candidacies: dict[str, Candidacy] = field(default_factory=dict)
    polls: list[str] = field(default_factory=list)
    emptied: Mark | None = None
    annulled: Mark | None = None
    annulled_poll: str = ""
    decided: Mark | None = None
    decided_poll: str = ""
    decided_due: datetime | None = None
    elected: tuple[str, ...] = ()
    reopened: int = 0
    unfilled: int = 0
    followers: list[str] = field(default_factory=list)
    """Elections that opened after this one for seats it left."""
    widened: list[Widening] = field(default_factory=list)

    def first(self) -> tuple[tuple[str, ...], int, datetime, datetime]:
        """What its opening said: fills, seats, the close of nominations, since when one must be a member."""
        if self.widened:
            return self.widened[0].before
        return self.fills, self.seats, self.closes_at, self.members_since

    def closing_at(self, position: int) -> datetime:
        """When nominations were to close, as it was known at an entry."""
        for one in self.widened:
            if one.mark.position > position:
                return one.before[2]
        return self.closes_at

    def seats_at(self, position: int) -> int:
        """How many seats it was to fill, as it was known at an entry."""
        for one in self.widened:
            if one.mark.position > position:
                return one.before[1]
        return self.seats

    @property
    def ended(self) -> Mark | None:
        """The entry that ended it."""
        return self.decided or self.emptied or self.annulled

    @property
    def state(self) -> str:
        """Nominations, voting, empty, annulled or decided."""
        if self.ended:
            return "decided" if self.decided else "empty" if self.emptied else "annulled"
        return "voting" if self.polls else "nominations"

    def running_at(self, position: int) -> bool:
        """Whether it ran when the entry at this position was made."""
        return self.opened.position < position and (self.ended is None or self.ended.position >= position)


@dataclass(slots=True)
class Offer:
    """The next in line, asked whether they act."""

    mark: Mark
    term: str
    post: str
    poll: str
    member: str
    aside: tuple[str, ...]
    until: datetime
    ends_at: datetime
    due: datetime
    count: bytes | None
    state: str = "asked"
    answered: Mark | None = None


@dataclass(slots=True)
class Signature:
    """Who signed a petition, by an alias."""

    alias: str
    mark: Mark
    unit: str
    withdrawn: Mark | None = None

    def stands_at(self, position: int) -> bool:
        """Whether it stood when the entry at this position was made."""
        return self.mark.position < position and (
            self.withdrawn is None or self.withdrawn.position > position
        )


@dataclass(slots=True)
class Sample:
    """The signatures that a scrutineer drew by lot, and what those answered."""

    mark: Mark
    member: str
    aliases: tuple[str, ...]
    sentence: bytes | None
    reported: Mark | None = None
    answers: tuple[int, int, int] = (0, 0, 0)
    """Signed, denied, silent."""
    again: list[Mark] = field(default_factory=list)
    """Reports after the first."""


@dataclass(slots=True)
class Petition:
    """A petition and its signatures."""

    id: str
    about: str
    subject: str
    unit: str
    base: int
    needed: int
    units_needed: int
    closes_at: datetime
    limits: Mapping[str, int]
    opened: Mark
    title: bytes | None
    text: bytes | None
    signatures: dict[str, Signature] = field(default_factory=dict)
    again: list[tuple[str, Mark]] = field(default_factory=list)
    """Who signed although their name stood there."""
    taken: list[Signature] = field(default_factory=list)
    """Signatures that were taken back and given anew."""
    reached: Mark | None = None
    reached_with: int = 0
    reached_due: datetime | None = None
    lapsed: Mark | None = None
    lapsed_with: int = 0
    lapsed_why: str = ""
    lapsed_due: datetime | None = None
    polls: list[str] = field(default_factory=list)
    decided: Recall | None = None
    links_gone: Mark | None = None
    samples: list[Sample] = field(default_factory=list)

    @property
    def ended(self) -> Mark | None:
        """The entry since which nobody signs any more."""
        return self.reached or self.lapsed

    @property
    def state(self) -> str:
        """Running, reached, lapsed or decided."""
        if self.decided:
            return "decided"
        return "reached" if self.reached else "lapsed" if self.lapsed else "running"

    def every_signature(self) -> list[Signature]:
        """All of them, those that were taken back too."""
        return [*self.taken, *self.signatures.values()]

    def standing_at(self, position: int) -> list[Signature]:
        """The signatures that stood when the entry at this position was made."""
        return [one for one in self.every_signature() if one.stands_at(position)]


class Recall(NamedTuple):
    """What the electors decided on a recall, as its entry says it."""

    mark: Mark
    term: str
    poll: str
    outcome: str
    cast: int
    roll: int
    electing_cast: int
    electing_roll: int
    due: datetime


@dataclass(slots=True)
class Stage:
    """A stage of an issue, as its entry says it."""

    name: str
    mark: Mark
    ends_at: datetime
    due: datetime | None
    drafts_close_at: datetime | None
    cut_from: datetime | None = None
    """When it was to end before members shortened the issue."""

    @property
    def said_ends_at(self) -> datetime:
        """When it was to end, as its own entry says."""
        return self.cut_from or self.ends_at


@dataclass(slots=True)
class Shortening:
    """A proposal to shorten an issue, by a letter and a date."""

    id: str
    issue: str
    letter: str
    before: datetime
    proposed: Mark
    backing: dict[str, Mark] = field(default_factory=dict)


class Shortened(NamedTuple):
    """How an issue was shortened, as its entry says it."""

    mark: Mark
    shortening: str
    supporters: int
    needed: int
    ends_at: datetime
    would_end: datetime


@dataclass(slots=True)
class Backing:
    """A member's support for an issue or a draft."""

    mark: Mark
    withdrawn: Mark | None = None
    write_in: str = ""
    """The write-in by which it came, if another's hand put it down."""


@dataclass(slots=True)
class Naming:
    """A member without a mail address lets another write in for them."""

    id: str
    member: str
    writer: str
    named: Mark
    ended: Mark | None = None


@dataclass(slots=True)
class WriteIn:
    """Something a writer put down in another's name; the actor of its mark is the writer."""

    id: str
    mark: Mark
    member: str
    issue: str
    to: str
    of: str
    undone: Mark | None = None
    how: str = ""


class Changed(NamedTuple):
    """A version of the charter after the first, as its entry says it."""

    mark: Mark
    version: int
    what: str
    issue: str
    draft: str
    key: str
    value: int | None
    of: int | None
    joining: str
    text: bytes | None


class UnitChange(NamedTuple):
    """A unit that a vote made or renamed, as its entry says it."""

    mark: Mark
    unit: str
    parent: str
    what: str
    issue: str
    draft: str
    name: bytes | None


class DuesSet(NamedTuple):
    """A figure of the dues, as its entry says it."""

    mark: Mark
    number: int
    amount: int
    issue: str
    draft: str


class QuietSet(NamedTuple):
    """The quiet days of a year, as an entry says them."""

    mark: Mark
    number: int
    year: int
    days: tuple[str, ...]
    issue: str
    draft: str


class VotingSet(NamedTuple):
    """The voting day, as an entry says it."""

    mark: Mark
    number: int
    day: int
    issue: str
    draft: str


@dataclass(slots=True)
class LawNote:
    """What a law compels beside an article, as its entries say it."""

    id: str
    article: int
    touches: str
    until: datetime
    issue: str
    draft: str
    voted: Mark
    words: bytes | None
    lapsed: Mark | None = None
    lapsed_due: datetime | None = None


class MadeBig(NamedTuple):
    """How an issue became a big decision after it was raised, and what it was before."""

    mark: Mark
    why: str
    weight_before: str
    limits_before: Mapping[str, int]
    limits: Mapping[str, int]


class Put(NamedTuple):
    """Why the clock put an issue before members, about what, with which draft."""

    why: str
    subject: str
    draft: str
    title: bytes | None
    text: bytes | None
    due: datetime


@dataclass(slots=True)
class Issue:
    """A matter on its way to a decision."""

    id: str
    number: int
    unit: str
    weight: str
    by_leader: bool
    needed: int
    lapses_at: datetime
    limits: Mapping[str, int]
    raised: Mark
    text: bytes | None
    stages: list[Stage] = field(default_factory=list)
    backing: dict[str, Backing] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)
    contributions: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    polls: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """Where its stages begin, in the order of the record."""
    lapsed: Mark | None = None
    lapsed_why: str = ""
    lapsed_due: datetime | None = None
    decided: Mark | None = None
    outcome: str = ""
    decided_poll: str = ""
    decided_draft: str | None = None
    decided_alternative: str | None = None
    amendments: list[str] = field(default_factory=list)
    combinations: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    put: Put | None = None
    """Where the clock put it before members; none where a member raised it."""
    big_calls: dict[str, Mark] = field(default_factory=dict)
    """Who called it a big decision."""
    made_big: MadeBig | None = None
    raised_for: tuple[Mark, str] | None = None
    """The body in whose name it was raised, and where that is said."""
    shortenings: list[str] = field(default_factory=list)
    shortened: Shortened | None = None

    @property
    def ended(self) -> Mark | None:
        """The entry that ended it."""
        return self.decided or self.lapsed

    def stage(self, name: str) -> Stage | None:
        """Its stage of this name, if it came so far; a talk that began anew, as it began the second time."""
        return next((stage for stage in reversed(self.stages) if stage.name == name), None)

    @property
    def born_weight(self) -> str:
        """The weight it was raised with."""
        return self.made_big.weight_before if self.made_big else self.weight

    @property
    def born_limits(self) -> Mapping[str, int]:
        """The limits it was raised with."""
        return self.made_big.limits_before if self.made_big else self.limits

    def weight_at(self, position: int) -> str:
        """Its weight when the entry at this position was made."""
        made = self.made_big
        return self.weight if made is None or made.mark.position < position else made.weight_before

    def stages_that_stand(self) -> list[Stage]:
        """Its stages without a talk that was begun anew."""
        return [stage for stage in self.stages if stage is self.stage(stage.name)]

    def stage_at(self, position: int) -> Stage | None:
        """The last stage begun before this position; None while it gathers supporters."""
        before = bisect_left(self.begins, position)
        return self.stages[before - 1] if before else None


class Effects(NamedTuple):
    """What a version of a draft would change by itself if it carried."""

    mark: Mark
    version: int
    what: tuple[str, ...]
    effects: bytes | None


class Again(NamedTuple):
    """That a version of a draft asks again what was decided, as its entry says it."""

    mark: Mark
    version: int
    earlier: str
    needed: int


class Version(NamedTuple):
    """The words of something at one time."""

    number: int
    mark: Mark
    title: bytes | None
    text: bytes | None


@dataclass(slots=True)
class Draft:
    """A whole text that may come to the vote."""

    id: str
    issue: str
    mover: str
    first: bool
    put: Mark
    versions: list[Version]
    backing: dict[str, Mark] = field(default_factory=dict)
    withdrawn: Mark | None = None
    effects: list[Effects] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)

    def again_of(self, version: int) -> Again | None:
        """Whether a version says that it asks again what was decided."""
        return next((one for one in self.again if one.version == version), None)

    def effects_of(self, version: int) -> Effects | None:
        """What a version would change, if it says so."""
        return next((one for one in self.effects if one.version == version), None)

    def version_at(self, position: int) -> Version:
        """The last version put before this position."""
        found = self.versions[0]
        for version in self.versions:
            if version.mark.position < position:
                found = version
        return found


class Attachment(NamedTuple):
    """A file that came with words, as its entry says it."""

    made: Mark
    id: str
    issue: str
    to: str
    """"contribution", "letter", "draft", "version" or "amendment"."""
    of: str
    form: str
    size: int
    name: bytes | None
    file: bytes | None
    version: int
    """Of a draft that was put anew: which version it came with; else 0."""

    @property
    def host(self) -> str:
        """What its words belong to: a version is a draft's."""
        return "draft" if self.to == "version" else self.to


class SpokenOf(NamedTuple):
    """Lines of a version of a draft that a contribution speaks of."""

    mark: Mark
    contribution: str
    draft: str
    version: int
    first: int
    last: int


@dataclass(slots=True)
class Contribution:
    """Somebody's words on an issue; `form` is voice, answer or correction."""

    id: str
    issue: str
    author: str
    form: str
    stage: str
    stance: str
    answers: str | None
    versions: list[Version]
    source: bytes | None = None
    covers: dict[str, Mark] = field(default_factory=dict)  # by whom, of a "fact" that argues
    written_by: str = ""
    """Whose hand put it down, where not the author's own."""
    disowned: Mark | None = None
    """When the author said that what another put down is not theirs."""

    @property
    def made(self) -> Mark:
        """The entry by which they were first said."""
        return self.versions[0].mark


@dataclass(slots=True)
class Statement:
    """A leader's statement, sealed until the leaders answer."""

    id: str
    issue: str
    author: str
    sealed: Mark
    text: bytes | None
    opened: Mark | None = None
    opened_due: datetime | None = None


@dataclass(slots=True)
class Letter:
    """A document from outside."""

    id: str
    issue: str
    posted: Mark
    received_at: datetime
    sender: bytes | None
    text: bytes | None


@dataclass(slots=True)
class Archive:
    """A thread that was brought along from another program."""

    id: str
    source: str
    brought: Mark
    thread: bytes | None


class Ballot(NamedTuple):
    """One vote: where, when, and what it commits to."""

    position: int
    at: datetime
    choice: bytes | None


@dataclass(slots=True)
class Addition:
    """What a member added to a lot: the hash of a sentence, and later the sentence."""

    mark: Mark
    sha256: str
    shown: Mark | None = None
    sentence: bytes | None = None


@dataclass(slots=True)
class Box:
    """A secret box: how it was sealed, and what came out of it."""

    opened: Mark
    key: str
    size: int
    seats: int
    rule: str
    most_ranks: int
    lot: str
    lots_until: datetime
    added: dict[str, Addition] = field(default_factory=dict)
    counted: Mark | None = None
    cast: int = 0
    secret: str = ""
    silent: tuple[str, ...] = ()
    sealed: bytes | None = None
    """The hashes of the sealed ballots."""
    ballots: bytes | None = None
    lost: Mark | None = None
    lost_why: str = ""

    @property
    def state(self) -> str:
        """Open, counted or lost."""
        return "lost" if self.lost else "counted" if self.counted else "open"


@dataclass(slots=True)
class Entered:
    """What a scrutineer entered of a ballot held outside."""

    mark: Mark
    member: str
    cast: int
    sha256: str
    report: bytes | None
    ballots: bytes | None
    back: Mark | None = None


@dataclass(slots=True)
class Poll:
    """A vote as it was frozen, the ballots as they came, the count as it was announced."""

    id: str
    about: str
    subject: str
    unit: str
    form: str
    box: str
    options: tuple[str, ...]
    status_quo: str | None
    opens_at: datetime
    closes_at: datetime
    roll_count: int
    quorum_bp: int
    majority: tuple[int, ...]
    more_than: bool
    due: datetime | None
    opened: Mark
    roll: bytes | None
    paper: bytes | None
    ballots: dict[str, Ballot] = field(default_factory=dict)
    again: list[tuple[str, Ballot]] = field(default_factory=list)
    counted: Mark | None = None
    counted_due: datetime | None = None
    cast: int = 0
    outcome: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    count: bytes | None = None
    secret: Box | None = None
    entered: list[Entered] = field(default_factory=list)
    links_gone: Mark | None = None

    @property
    def lost(self) -> Mark | None:
        """The entry by which it was annulled."""
        return self.secret.lost if self.secret else None

    @property
    def voters(self) -> int:
        """How many voted, as far as the record says: by name, or as the count of a box tells."""
        return len(self.ballots) if self.box == "open" else self.cast


@dataclass(slots=True)
class Resolution:
    """A text in force."""

    id: str
    issue: str
    draft: str
    poll: str
    text_commitment: str
    mark: Mark
    alternative: str | None = None


class Erasure(NamedTuple):
    """An entry by which bytes were deleted."""

    mark: Mark
    commitments: tuple[str, ...]
    ground: str


class Stamp(NamedTuple):
    """The hash of an export, kept in the record."""

    mark: Mark
    size: int
    manifest_sha256: str


class Release(NamedTuple):
    """Another release of the software keeps the record."""

    mark: Mark
    version: str
    articles_version: int
    articles_sha256: str


class Restored(NamedTuple):
    """The record goes on from a backup."""

    mark: Mark
    root: str
    size: int
    taken_at: datetime
    witnesses: int
    copies: int


class HostChange(NamedTuple):
    """The house goes to another host; who leaves and who comes is committed to."""

    mark: Mark
    box: str
    leaving: bytes | None
    coming: bytes | None


class KeyChange(NamedTuple):
    """The record gets another key."""

    mark: Mark
    number: int
    public: str
    by: str
    signature: str
    proof: str


class OrderedErasure(NamedTuple):
    """Words that a court ordered to be erased."""

    mark: Mark
    commitments: tuple[str, ...]
    review_by: datetime
    order: bytes | None


class Timed(NamedTuple):
    """Something the clock did: when it was due and when it was done."""

    position: int
    kind: str
    subject: str
    due: datetime
    at: datetime
    acted: datetime | None = None
    """When a member had last acted before it was done."""
