# SPDX-License-Identifier: AGPL-3.0-or-later
"""A little organisation that keeps a record, written apart from server and auditor alike.

It knows the formats and nothing more: who may do what is decided by the story that calls it. So the
story can be an honest one, or one with an abuse in it.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kollontai.auditor.limits import newest
from kollontai.openrecord import canonical, entries, tiles
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.commitment import commit
from kollontai.openrecord.entries import PROTECTED, Entry
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.kinds import (
    amendments,
    archives,
    charter,
    elections,
    founding,
    issues,
    members,
    polls,
    posts,
    talk,
    timing,
)
from kollontai.openrecord.note import Signature
from kollontai.openrecord.tree import Edge

from .papers import paper

ORIGIN = "records.example/harbour"
ZONE = ZoneInfo("Europe/Berlin")
KEY = SigningKey(ORIGIN, 1, b"k" * 32)
THREAD = '{"at":"","remarks":[],"text":"","title":"The boiler","v":1,"votes":[],"who":"Nobody"}'
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def evening(begins: datetime, days: int) -> datetime:
    """The first eight o'clock in the evening at or after so many days."""
    local = (begins + days * DAY).astimezone(ZONE)
    at_eight = local.replace(hour=20, minute=0, second=0)
    if at_eight < local:
        at_eight = (local + DAY).replace(hour=20, minute=0, second=0)
    return at_eight.astimezone(UTC)


def spell(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def limits(preset: str = "normal") -> dict[str, int]:
    return {key: bound.default for key, bound in newest().limits[preset].items()}


@dataclass
class Content:
    kind: str
    field: str
    author: str
    audience: str
    salt: bytes
    value: str
    held_until: str = ""
    erased: bool = False
    file: bytes | None = None

    def bytes(self) -> bytes:
        if self.file is not None:
            return self.file
        return canonical.encode(
            {
                "kind": self.kind,
                "field": self.field,
                "author": self.author,
                "audience": self.audience,
                "salt": self.salt.hex(),
                "value": self.value,
            }
        )


BY_OWN_HAND: dict[str, dict[str, Any]] = {
    "supporters": {"write_in": ""},
    "draft_supporters": {"write_in": ""},
    "amendment_supporters": {"write_in": ""},
    "contributions": {"written_by": "", "disowned_at": None},
}
"""What rows say where no neighbour wrote anything in."""


def held(row: dict[str, Any]) -> dict[str, Any]:
    """What a post is for whoever holds it, from its row or from that of its election."""
    return {name: row[name] for name in ("leading", "pay", "duty")}


@dataclass
class World:
    """Entries, words and rows, and the hand that signs them."""

    org: str = "harbour"
    at: datetime = START
    chain: list[Entry] = field(default_factory=list)
    raw: dict[int, bytes] = field(default_factory=dict)
    spelt: dict[int, tuple[Entry, bytes]] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pointers: list[list[str]] = field(default_factory=list)
    organisation: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=limits)
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    numbers: dict[str, int] = field(default_factory=dict)
    quiet: set[str] = field(default_factory=set)
    voting_day: int = 0
    keys: list[SigningKey] = field(default_factory=lambda: [KEY])
    """The keys that the record has had, the first one first; the last one signs."""
    nobody_silenced: bool = False
    """Leaders are half or more of the members: nobody speaks as a leader."""

    def __post_init__(self) -> None:
        for name in [
            "units",
            "members",
            "vouchers",
            "letter_vouchers",
            "posts",
            "claims",
            "terms",
            "issues",
            "stages",
            "big_calls",
            "questions_again",
            "quiet_days",
            "voting_days",
            "shortenings",
            "shortening_supporters",
            "charters",
            "dues",
            "law_notes",
            "merge_yeses",
            "attachments",
            "supporters",
            "drafts",
            "draft_supporters",
            "contributions",
            "fact_covers",
            "statements",
            "letters",
            "archives",
            "polls",
            "voters",
            "ballots",
            "resolutions",
            "elections",
            "nominations",
            "candidate_words",
            "offers",
            "boxes",
            "marks",
            "lots",
            "petitions",
            "signatures",
            "ties",
            "samples",
            "outside_entries",
            "effects",
            "amendments",
            "amendment_supporters",
            "combinations",
            "combination_yes",
            "alternatives",
            "spoken_of",
            "namings",
            "write_ins",
        ]:
            self.rows[name] = []

    # --- the bare hand ---

    def new(self, letter: str) -> str:
        self.numbers[letter] = self.numbers.get(letter, 0) + 1
        return f"{letter}{self.numbers[letter]:04d}"

    def commit(self, kind: str, name: str, author: str, audience: str, value: str, held: str = "") -> bytes:
        salt = self.chance.randbytes(32)
        made = commit(org=self.org, kind=kind, field=name, author=author, salt=salt, value=value.encode())
        self.contents[made.hex()] = Content(kind, name, author, audience, salt, value, held)
        return made

    def record(
        self,
        fact: Fact,
        actor: str = "clock",
        auth: str | None = None,
        *,
        author: str | None = None,
        held: str = "",
        at: datetime | None = None,
        **texts: str,
    ) -> dict[str, str]:
        """Put an entry on the record; return its commitments in hex."""
        auth = auth or ("clock" if actor == "clock" else _known(fact))
        made = {
            name: self.commit(fact.kind_name, name, author or actor, fact.audience, text, held)
            for name, text in texts.items()
        }
        self.chain.append(Entry(at or self.at, self.org, actor, auth, self.chance.randbytes(16), fact, made))
        return {name: value.hex() for name, value in made.items()}

    @property
    def here(self) -> int:
        """The position of the last entry."""
        return len(self.chain) - 1

    def row(self, table: str, **keys: Any) -> dict[str, Any]:
        return next(row for row in self.rows[table] if all(row[key] == keys[key] for key in keys))

    def add(self, table: str, **row: Any) -> None:
        self.rows[table].append({**BY_OWN_HAND.get(table, {}), **row})

    def point(self, label: str, subject: str, commitment: str) -> None:
        self.pointers.append([label, subject, commitment])

    def find(self, kind: str, **fields: Any) -> int:
        """The position of the first entry of a kind with these fields."""
        for position, entry in enumerate(self.chain):
            if entry.fact.kind_name == kind and all(
                getattr(entry.fact, name, getattr(entry, name, None)) == value
                for name, value in fields.items()
            ):
                return position
        raise LookupError(kind)

    def change(
        self, position: int, *, actor: str = "", auth: str = "", at: datetime | None = None, **fields: Any
    ) -> None:
        """Forge an entry that stands already."""
        entry = self.chain[position]
        fact = replace(entry.fact, **fields) if fields else entry.fact
        self.chain[position] = replace(
            entry, fact=fact, actor=actor or entry.actor, auth=auth or entry.auth, at=at or entry.at
        )

    # --- founding ---

    def open(
        self, founders: int = 12, preset: str = "normal", joining: str = "open", south: int = 0
    ) -> list[str]:
        self.limits = limits(preset)
        listed = [self.new("m") for _ in range(founders)]
        opener = listed[0]
        made = self.record(
            founding.FoundingOpened(
                ORIGIN,
                "Europe/Berlin",
                preset,
                joining,
                newest().version,
                newest().sha256,
                self.limits,
                tuple(listed),
            ),
            opener,
            name="Harbour Workers",
            unit_word="branch",
            charter="We decide together.",
        )
        self.organisation = {
            "id": self.org,
            "origin": ORIGIN,
            "zone": "Europe/Berlin",
            "preset": preset,
            "joining": joining,
            "opened_at": spell(self.at),
            "founded_at": None,
            "signed": 0,
            "listed": founders,
        }
        self.point("organisation.name", self.org, made["name"])
        self.point("organisation.unit_word", self.org, made["unit_word"])
        self.point("charter.text", "1", made["charter"])
        self.add(
            "charters", version=1, what="founded", key="", value=None, of=None, was=None, was_of=None,
            joining="", issue="", draft="", since=spell(self.at),
        )  # fmt: skip
        self.unit("root", None, opener)
        self.unit("north", "root", opener)
        if south:
            self.unit("south", "root", opener)
        for number, member in enumerate(listed):
            unit = "north" if number >= founders - 4 else "south" if number < south else "root"
            self.invite(member, opener, unit, "founding")
        return listed

    def unit(self, unit: str, parent: str | None, by: str) -> None:
        made = self.record(members.UnitCreated(unit, parent), by, name=f"Branch {unit}")
        self.add("units", unit=unit, parent=parent, merged_into=None, merged_at=None)
        self.point("unit.name", unit, made["name"])

    def invite(self, member: str, by: str, unit: str, ground: str) -> None:
        made = self.record(
            members.MemberInvited(member, unit, ground), by, author=member, name=f"Name of {member}"
        )
        self.add(
            "members", member=member, unit=unit, standing="invited", ground=ground, joined_at=None,
            left_at=None, signed=False, contact=True,
        )  # fmt: skip
        self.point("member.name", member, made["name"])

    def post(
        self, post: str, unit: str, by: str, *, leading: bool, seats: int = 1, duty: str = "",
        days: int = 365, pay: int | None = None,
    ) -> None:  # fmt: skip
        made = self.record(
            posts.PostCreated(post, unit, leading, seats, days, duty or None, pay), by, title=f"Post {post}"
        )
        self.add(
            "posts", post=post, unit=unit, leading=leading, seats=seats, term_days=days, duty=duty,
            pay=pay or 0, box="separated", ended_at=None,
        )  # fmt: skip
        self.point("post.title", post, made["title"])

    def enter(self, post: str, member: str, by: str, old_end: datetime) -> None:
        elected = self.at - 200 * DAY
        made = self.record(
            posts.PostEntered(post, member, elected, old_end), by, minutes="Minutes of that day"
        )
        self.add(
            "claims",
            post=post,
            member=member,
            elected_at=spell(elected),
            old_end=spell(old_end),
            poll="",
            outcome="",
        )
        self.point("claim.minutes", f"{post}/{member}", made["minutes"])

    def sign(self, member: str) -> None:
        self.record(founding.CharterSigned(member), member)
        self.row("members", member=member)["signed"] = True
        self.organisation["signed"] += 1
        signed, listed = self.organisation["signed"], self.organisation["listed"]
        if self.organisation["founded_at"]:
            self.admit(member, "founder", member)
        elif signed >= 3 and 3 * signed >= 2 * listed:
            self.record(founding.OrganisationFounded(signed, listed), member)
            self.organisation["founded_at"] = spell(self.at)
            for row in self.rows["members"]:
                if row["signed"]:
                    self.admit(row["member"], "founder", member)

    def admit(self, member: str, ground: str, by: str, due: datetime | None = None) -> None:
        row = self.row("members", member=member)
        self.record(members.MemberAdmitted(member, row["unit"], ground, due), by)
        row["standing"], row["joined_at"] = "member", spell(self.at)

    def accepted(self, unit: str) -> list[str]:
        return [
            row["member"]
            for row in self.rows["members"]
            if row["standing"] == "member" and unit in ("root", row["unit"])
        ]

    # --- joining and leaving ---

    def apply(self, unit: str = "root", member: str | None = None, vouchers: int = 0) -> str:
        wait = self.at + self.limits["J.wait"] * DAY
        if member is None:
            member = self.new("m")
            made = self.record(
                members.MemberApplied(member, unit, vouchers, wait), member, name=f"Name of {member}"
            )
            self.add(
                "members", member=member, unit=unit, standing="applicant", ground="application",
                joined_at=None, left_at=None, signed=False, contact=True,
            )  # fmt: skip
            self.point("member.name", member, made["name"])
        else:
            self.record(
                members.MemberApplied(member, self.row("members", member=member)["unit"], vouchers, wait),
                member,
            )
            self.row("members", member=member)["standing"] = "applicant"
        return member

    def vouch(self, member: str, by: str) -> None:
        self.record(members.MemberVouched(member), by)
        self.add("vouchers", applicant=member, by=by, at=spell(self.at))

    def vouch_for_letter(self, member: str, by: str, *, second: bool) -> None:
        self.record(members.CodeLetterVouched(member, second), by)
        self.add("letter_vouchers", member=member, by=by, at=spell(self.at), second=second)

    def leave(self, member: str) -> None:
        self.record(members.MemberLeft(member), member)
        row = self.row("members", member=member)
        row["standing"], row["left_at"] = "left", spell(self.at)
        for term in self.rows["terms"]:
            if term["member"] == member and term["ended_at"] is None:
                self.end_term(term, "left", member)

    def end_term(self, term: dict[str, Any], why: str, by: str, due: datetime | None = None) -> None:
        self.record(posts.TermEnded(term["term"], term["post"], term["member"], why, due), by)
        term["ended_at"], term["ended_why"] = spell(self.at), why

    # --- polls ---

    def open_poll(
        self, about: str, subject: str, unit: str, roll: list[str], closes: datetime, due: datetime,
        *, asked: str = "", options: tuple[str, ...] = ("yes", "no", "abstain"), quo: str | None = None,
        quorum: int = 0,
    ) -> str:  # fmt: skip
        poll = self.new("p")
        form = "ranked" if quo else "yes_no"
        fact = polls.PollOpened(
            poll,
            about,
            subject,
            unit,
            form,
            "open",
            options,
            quo,
            self.at,
            closes,
            len(roll),
            quorum,
            (1, 2),
            True,
            due,
        )
        made = self.record(fact, roll=json.dumps(sorted(roll)), paper=paper(self, fact, asked))
        self.add(
            "polls", poll=poll, about=about, subject=subject, unit=unit, form=form, box="open",
            options=list(options), status_quo=quo or "", roll_count=len(roll), quorum_bp=quorum,
            majority=[1, 2], more_than=True, opens_at=spell(self.at), closes_at=spell(closes),
            state="open", closed_at=None, cast=None, outcome="", figures=None,
        )  # fmt: skip
        self.point("poll.roll", poll, made["roll"])
        self.point("poll.paper", poll, made["paper"])
        for member in roll:
            self.add("voters", poll=poll, member=member)
        return poll

    def vote(self, poll: str, member: str, choice: Any) -> None:
        said = {"choice": choice} if type(choice) is str else {"ranking": choice}
        made = self.record(polls.BallotCast(poll), member, held=poll, choice=json.dumps(said))
        self.add("ballots", poll=poll, voter=member, at=spell(self.at))
        self.point("ballot.choice", f"{poll}/{member}", made["choice"])

    def count(
        self, poll: str, due: datetime, outcome: str, figures: dict[str, int], whole: Any = None
    ) -> None:
        cast = sum(row["poll"] == poll for row in self.rows["ballots"])
        made = self.record(
            polls.PollCounted(poll, due, cast, outcome, figures),
            count=json.dumps(whole or {"figures": figures}),
        )
        self.row("polls", poll=poll).update(
            state="counted", closed_at=spell(self.at), cast=cast, outcome=outcome, figures=figures
        )
        self.point("poll.count", poll, made["count"])
        self.release(poll)

    def release(self, held: str) -> None:
        for content in self.contents.values():
            if content.held_until == held:
                content.held_until = ""

    def confirm(self, poll: str, post: str, member: str, *, carried: bool, ends: datetime) -> None:
        claim = self.row("claims", post=post, member=member)
        claim["poll"] = poll
        if not carried:
            self.record(posts.PostUnconfirmed(post, member, poll))
            claim["outcome"] = "unconfirmed"
            return
        claim["outcome"] = "confirmed"
        term = self.new("t")
        self.record(posts.TermBegun(term, post, member, poll, "confirmed", ends))
        self.add(
            "terms", term=term, post=post, member=member, poll=poll, how="confirmed",
            begins_at=spell(self.at), ends_at=spell(ends), ended_at=None, ended_why="",
            **held(self.row("posts", post=post)),
        )  # fmt: skip

    # --- issues ---

    def raise_issue(
        self, by: str, unit: str = "root", weight: str = "ordinary", *, needed: int, leader: bool = False,
        text: str = "Why this matters to us.", draft: str = "", name: str = "",
    ) -> str:  # fmt: skip
        issue = name or self.new("i")
        number = len(self.rows["issues"]) + 1
        lapses = self.at + 90 * DAY
        fact = issues.IssueRaised(issue, number, unit, weight, leader, needed, lapses, self.limits)
        made = self.record(fact, by, title=f"Issue {number}", text=text)
        self.add(
            "issues", issue=issue, number=number, unit=unit, raised_by=by, by_leader=leader, weight=weight,
            limits=self.limits, needed=needed, raised_at=spell(self.at), stage="gathering",
            stage_began_at=spell(self.at), stage_ends_at=spell(lapses), drafts_close_at=None, poll="",
            outcome="", ended_at=None, made_big_at=None, made_big_why="", all_led=None, for_body=None,
            shortened_at=None,
        )  # fmt: skip
        self.point("issue.title", issue, made["title"])
        self.point("issue.text", issue, made["text"])
        if not leader:
            self.add("supporters", issue=issue, member=by, at=spell(self.at), withdrawn_at=None)
        self.put(issue, by, draft or f"We do it: {number}.", first=True, name=name and f"{name}.d")
        return issue

    def support(self, issue: str, by: str) -> None:
        self.record(issues.IssueSupported(issue), by)
        self.add("supporters", issue=issue, member=by, at=spell(self.at), withdrawn_at=None)
        row = self.row("issues", issue=issue)
        needed = max(row["needed"], self.numbers.get(f"talk {issue}", 0))
        if sum(one["issue"] == issue for one in self.rows["supporters"]) == needed:
            self.stage(issue, "talk", by=by)

    def days(self, issue: str, stage: str) -> int:
        weight = self.row("issues", issue=issue)["weight"]
        code = {"talk": "D1", "answer": "D3", "reply": "D4", "vote": "D5"}[stage]
        return self.limits[f"{code}.{weight}" if stage == "talk" or weight == "big" else f"{code}.other"]

    def stage(self, issue: str, stage: str, *, due: datetime | None = None, by: str = "clock") -> datetime:
        begins = due if due and self.at - due <= timedelta(minutes=15) else self.at
        own = ends = self.quietly(begins, evening(begins, self.days(issue, stage)))
        while stage == "reply" and own - begins < self.answered(issue):  # never shorter than the leaders had
            own = ends = self.quietly(begins, own + DAY)
        if stage == "reply" and self.voting_day:
            while ends.day != self.voting_day:
                ends = evening(ends, 1)
        if self.row("issues", issue=issue)["shortened_at"]:
            own = ends = min(ends, begins + timedelta(hours=self.limits[f"N.shorten_{stage}"]))
        closes = None
        if stage == "reply":
            closes = (begins + (own - begins) / 2).replace(second=0, microsecond=0)
        self.record(issues.StageBegun(issue, stage, ends, due, closes), by)
        self.add("stages", issue=issue, stage=stage, began_at=spell(self.at), ends_at=spell(ends))
        row = self.row("issues", issue=issue)
        row.update(stage=stage, stage_began_at=spell(self.at), stage_ends_at=spell(ends))
        if closes:
            row["drafts_close_at"] = spell(closes)
        return ends

    def answered(self, issue: str) -> timedelta:
        """How long the leaders had to answer; no story has quiet days in it."""
        rows = {row["stage"]: row for row in self.rows["stages"] if row["issue"] == issue}
        talk, began, ends = (
            datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
            for text in (rows["talk"]["ends_at"], rows["answer"]["began_at"], rows["answer"]["ends_at"])
        )
        return ends - (talk if began - talk <= timedelta(minutes=15) else began)

    def quietly(self, begins: datetime, ends: datetime) -> datetime:
        """An evening, moved on for every quiet day on the way to it."""
        passed, day = 0, begins.astimezone(ZONE).date()
        wanted = (ends.astimezone(ZONE).date() - day).days
        while passed < wanted:
            day += DAY
            passed += day.isoformat() not in self.quiet
        return datetime(day.year, day.month, day.day, 20, tzinfo=ZONE).astimezone(UTC)

    def ends(self, issue: str) -> datetime:
        text = self.row("issues", issue=issue)["stage_ends_at"]
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

    def turn(self, issue: str, stage: str, late: timedelta = 2 * MINUTE) -> datetime:
        """Let the clock turn an issue to its next stage, a little late as clocks are."""
        due = self.ends(issue)
        self.at = due + late
        ends = self.stage(issue, stage, due=due)
        if stage == "answer":
            for statement in self.rows["statements"]:
                if statement["issue"] == issue:
                    self.record(talk.StatementOpened(statement["statement"], issue, due))
                    statement["opened_at"] = spell(self.at)
                    self.release(statement["statement"])
        return ends

    def speak(self, issue: str, by: str, text: str, stance: str = "for", answers: str | None = None) -> str:
        one = self.new("c")
        stage = self.row("issues", issue=issue)["stage"]
        made = self.record(talk.ContributionMade(one, issue, stage, stance, answers), by, text=text)
        self.add(
            "contributions", contribution=one, issue=issue, author=by, form="voice", stage=stage,
            stance=stance, answers=answers or "", version=1, at=spell(self.at),
        )  # fmt: skip
        self.point("contribution.text", f"{one}/1", made["text"])
        return one

    def revise(self, one: str, by: str, text: str) -> None:
        row = self.row("contributions", contribution=one)
        row["version"] += 1
        made = self.record(talk.ContributionRevised(one, row["issue"], row["version"]), by, text=text)
        self.point("contribution.text", f"{one}/{row['version']}", made["text"])

    def answer(self, issue: str, by: str, question: str, text: str, form: str = "answer") -> str:
        one = self.new("c")
        stage = self.row("issues", issue=issue)["stage"]
        texts = {"text": text} | ({"source": "Ledger, page 4"} if form == "correction" else {})
        made = self.record(talk.FactAnswered(one, issue, stage, form, question), by, **texts)
        self.add(
            "contributions", contribution=one, issue=issue, author=by, form=form, stage=stage, stance="",
            answers=question, version=1, at=spell(self.at),
        )  # fmt: skip
        self.point("contribution.text", f"{one}/1", made["text"])
        if "source" in made:
            self.point("contribution.source", one, made["source"])
        return one

    def seal(self, issue: str, by: str, text: str) -> str:
        one = self.new("s")
        made = self.record(talk.StatementSealed(one, issue), by, held=one, text=text)
        self.add(
            "statements", statement=one, issue=issue, author=by, sealed_at=spell(self.at), opened_at=None
        )
        self.point("statement.text", one, made["text"])
        return one

    def letter(self, issue: str, by: str, received: datetime) -> str:
        one = self.new("l")
        made = self.record(
            talk.LetterPosted(one, issue, received), by, sender="The landlord", text="We sell in May."
        )
        self.add(
            "letters", letter=one, issue=issue, posted_by=by, received_at=spell(received), at=spell(self.at)
        )
        self.point("letter.sender", one, made["sender"])
        self.point("letter.text", one, made["text"])
        return one

    def archive(self, by: str, thread: str = THREAD, source: str = "loomio") -> str:
        """A member brings a thread along from elsewhere."""
        one = self.new("h")
        made = self.record(archives.ArchiveImported(one, source), by, thread=thread)
        self.add("archives", archive=one, brought_by=by, source=source, at=spell(self.at))
        self.point("archive.thread", one, made["thread"])
        return one

    def cover(self, contribution: str, by: str) -> int:
        """A member says that a fact argues."""
        fact = talk.FactCoverAsked(
            contribution, self.row("contributions", contribution=contribution)["issue"]
        )
        self.record(fact, by)
        self.add("fact_covers", contribution=contribution, member=by, at=spell(self.at))
        return self.here

    def put(self, issue: str, by: str, text: str, *, first: bool = False, name: str = "") -> str:
        draft = name or self.new("d")
        letter = chr(ord("A") + sum(row["issue"] == issue for row in self.rows["drafts"]))
        made = self.record(issues.DraftPut(draft, issue, first), by, title=f"Draft {letter}", text=text)
        self.add(
            "drafts", draft=draft, issue=issue, letter=letter, mover=by, first=first, version=1,
            put_at=spell(self.at), withdrawn_at=None,
        )  # fmt: skip
        row = self.row("issues", issue=issue)
        if not (first and row["by_leader"]):
            self.add("draft_supporters", draft=draft, member=by, at=spell(self.at))
        self.point("draft.title", f"{draft}/1", made["title"])
        self.point("draft.text", f"{draft}/1", made["text"])
        return draft

    def asks_again(self, draft: str, by: str, earlier: str, needed: int) -> None:
        """The draft as it stands asks again what an issue decided."""
        row = self.row("drafts", draft=draft)
        self.record(timing.QuestionAgain(row["issue"], draft, row["version"], earlier, needed), by)
        self.add(
            "questions_again", draft=draft, version=row["version"], issue=row["issue"], earlier=earlier,
            needed=needed, at=spell(self.at),
        )  # fmt: skip
        self.numbers[f"talk {row['issue']}"] = needed if row["first"] and row["version"] == 1 else 0

    def redraft(self, draft: str, by: str, text: str) -> None:
        row = self.row("drafts", draft=draft)
        row["version"] += 1
        fact = issues.DraftRevised(draft, row["issue"], row["version"])
        made = self.record(fact, by, title=f"Draft {row['letter']}", text=text)
        self.point("draft.title", f"{draft}/{row['version']}", made["title"])
        self.point("draft.text", f"{draft}/{row['version']}", made["text"])

    def back(self, draft: str, by: str) -> None:
        self.record(issues.DraftSupported(draft, self.row("drafts", draft=draft)["issue"]), by)
        self.add("draft_supporters", draft=draft, member=by, at=spell(self.at))

    def words(self, draft: str, name: str) -> tuple[str, str]:
        """The last words of a draft: their commitment, and the words."""
        version = self.row("drafts", draft=draft)["version"]
        shown = next(one[2] for one in self.pointers if one[:2] == [f"draft.{name}", f"{draft}/{version}"])
        return shown, self.contents[shown].value

    def open_vote(self, issue: str, drafts: list[str], *, roll: list[str] | None = None) -> str:
        due = self.ends(issue)
        row = self.row("issues", issue=issue)
        closes = self.turn(issue, "vote")
        if roll is None:
            roll = [
                one["member"]
                for one in self.rows["members"]
                if one["standing"] == "member"
                and row["unit"] in ("root", one["unit"])
                and one["joined_at"] < row["raised_at"]
            ]
        options = ("yes", "no", "abstain") if len(drafts) == 1 else (*drafts, "status-quo")
        poll = self.open_poll(
            "issue", issue, row["unit"], roll, closes, due, options=options, asked=drafts[0],
            quo=None if len(drafts) == 1 else "status-quo", quorum=self.limits["D9.ordinary"],
        )  # fmt: skip
        row["poll"] = poll
        return poll

    def decide(self, issue: str, poll: str, draft: str | None) -> None:
        outcome = "carried" if draft else "not-carried"
        self.record(issues.IssueDecided(issue, poll, outcome, draft))
        self.row("issues", issue=issue).update(
            stage="decided",
            stage_ends_at=None,
            stage_began_at=spell(self.at),
            outcome=outcome,
            ended_at=spell(self.at),
        )
        if draft:
            one = self.new("r")
            shown = self.words(draft, "text")[0]
            self.record(issues.ResolutionInForce(one, issue, draft, poll, shown))
            self.add(
                "resolutions", resolution=one, issue=issue, draft=draft, alternative="", poll=poll,
                text_commitment=shown, in_force_at=spell(self.at),
            )  # fmt: skip

    def lapse(self, issue: str, why: str, due: datetime) -> None:
        self.record(issues.IssueLapsed(issue, why, due))
        self.row("issues", issue=issue).update(
            stage="lapsed",
            stage_ends_at=None,
            stage_began_at=spell(self.at),
            outcome="lapsed",
            ended_at=spell(self.at),
        )

    def erase(self, by: str, *commitments: str, ground: str = "own") -> None:
        self.record(talk.ContentErased(commitments, ground), by)
        for one in commitments:
            if one in self.contents:
                self.contents[one].erased = True

    def erase_name(self, member: str) -> None:
        """Somebody who is gone has their name erased, and nothing leads to them any more."""
        self.erase(member, self.shown("member.name", member))
        self.record(members.ContactErased(member), member)
        self.row("members", member=member)["contact"] = False

    def shown(self, label: str, subject: str) -> str:
        return next(one[2] for one in self.pointers if one[:2] == [label, subject])

    # --- the export ---

    def data(self) -> list[bytes]:
        return [
            self.raw[position] if position in self.raw else self.spelling(position, entry)
            for position, entry in enumerate(self.chain)
        ]

    def spelling(self, position: int, entry: Entry) -> bytes:
        """Its bytes; an entry that is still the one that was spelt there needs no spelling again."""
        known = self.spelt.get(position)
        if known is None or known[0] is not entry:
            known = self.spelt[position] = entry, entries.to_bytes(entry)
        return known[1]

    def state(self) -> dict[str, Any]:
        claim: dict[str, Any] = {
            "v": 1,
            "level": "members",
            "organisation": self.organisation,
            "record": {"size": len(self.chain)},
            "articles": {"version": newest().version, "sha256": newest().sha256},
            "limits": self.limits,
            "pointers": sorted(self.pointers),
            "contents": [
                {
                    "commitment": key,
                    "kind": one.kind,
                    "field": one.field,
                    "author": one.author,
                    "audience": one.audience,
                    "held_until": one.held_until,
                    "erased": one.erased,
                }
                for key, one in sorted(self.contents.items())
            ],
        }
        for name, rows in {**self.rows, **self.short_lists()}.items():
            claim[name] = sorted(rows, key=lambda row: json.dumps(row))
        return claim

    def short_lists(self) -> dict[str, list[dict[str, Any]]]:
        """Lists that say little more than the entries do."""
        invited: dict[str, dict[str, Any]] = {}
        waiting: dict[str, dict[str, Any]] = {}
        asked: dict[str, dict[str, Any]] = {}
        begun: dict[str, dict[str, Any]] = {}
        revised: list[dict[str, Any]] = []
        said: dict[str, dict[str, Any]] = {}
        for entry in self.chain:
            at = spell(entry.at)
            match entry.fact:
                case members.MemberInvited(member=member):
                    invited[member] = {"member": member, "by": entry.actor, "at": at}
                case members.MemberApplied(member=member, vouchers_needed=needed, admitted_at=end):
                    waiting[member] = {
                        "member": member, "asked_at": at, "admitted_at": spell(end), "vouchers_needed": needed,
                    }  # fmt: skip
                case members.MemberAdmitted(member=member) | members.InvitationDeclined(member=member):
                    waiting.pop(member, None)
                case members.ContactChangeAsked(member=member, effective_at=end):
                    asked[member] = {"member": member, "effective_at": spell(end)}
                case (
                    members.ContactChangeStopped(member=member)
                    | members.ContactChanged(member=member)
                    | members.MemberLeft(member=member)
                ):
                    asked.pop(member, None)
                case (
                    members.UnitCreated(unit=thing)
                    | charter.UnitDecided(unit=thing, what="created")
                    | posts.PostCreated(post=thing)
                    | elections.PostDecided(post=thing, what="created")
                ):
                    begun[thing] = {"thing": thing, "at": at}
                case talk.ContributionRevised(contribution=thing, version=version):
                    revised.append({"thing": thing, "version": version, "at": at})
                case issues.DraftRevised(draft=thing, version=version):
                    revised.append({"thing": thing, "version": version, "at": at})
                case amendments.AmendmentRevised(amendment=thing, version=version):
                    revised.append({"thing": thing, "version": version, "at": at})
                case talk.FactAnswered(contribution=one):
                    said[one] = {"contribution": one}
                case talk.ContributionMade(contribution=one, issue=issue):
                    if self.ever_leads(entry.actor, issue, at or ""):
                        said[one] = {"contribution": one}
        return {
            "invitations": [*invited.values()], "waiting": [*waiting.values()],
            "contact_changes": [*asked.values()], "begun": [*begun.values()], "revisions": revised,
            "said_as_leader": [*said.values()],
        }  # fmt: skip

    def ever_leads(self, member: str, issue: str, at: str) -> bool:
        """Whether somebody held a leading post of the issue's unit or of the whole organisation by then."""
        if self.nobody_silenced:
            return False
        units = {"root", *(row["unit"] for row in self.rows["issues"] if row["issue"] == issue)}
        leading = {row["post"] for row in self.rows["posts"] if row["leading"] and row["unit"] in units}
        return any(
            term["member"] == member and term["post"] in leading and term["begins_at"] <= at
            for term in self.rows["terms"]
        )

    def files(self) -> dict[str, bytes]:
        edge = Edge()
        found = dict(tiles.grow(edge, [], self.data()))
        found["checkpoint"] = Checkpoint(ORIGIN, edge.size, edge.root()).sign(self.keys[-1])
        found["log.vkey"] = f"{self.keys[-1].verifier}\n".encode()
        if len(self.keys) > 1:
            found["log.vkeys"] = "".join(f"{key.verifier}\n" for key in self.keys).encode()
        for key, content in self.contents.items():
            if not content.erased and not content.held_until:
                found[f"content/{key}.json"] = content.bytes()
        found["state.json"] = canonical.encode(self.state()) + b"\n"
        return found

    def export(self, path: Path) -> Path:
        write(path, self.files(), len(self.chain), key=self.keys[-1])
        return path


def write(
    path: Path, files: dict[str, bytes], size: int, *, list_them: bool = True, key: SigningKey = KEY
) -> None:
    """Write an export and its signed list of files."""
    for name, data in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    if list_them:
        (path / "manifest").write_bytes(manifest(files, size, key))


def manifest(files: dict[str, bytes], size: int, key: SigningKey = KEY) -> bytes:
    text = f"kollontai manifest v1\n{ORIGIN}\n{size}\nmembers\n"
    text += "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    line = Signature(key.name, key.verifier.key_id, key.sign(text.encode())).line()
    return text.encode() + b"\n" + line.encode()


def _known(fact: Fact) -> str:
    """How a member who did this was known; an alias does not say."""
    return PROTECTED if fact.link == "protected" else "code"
