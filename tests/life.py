# SPDX-License-Identifier: AGPL-3.0-or-later
"""A life at random: anybody tries any act there is on anything there is, and time passes.

What an act asks for is found by the name of what it asks: an `issue_id` is one of the issues, a `text` is
some words. So every act takes part from the day it is written; one that asks for something unknown here
fails the test of it. Refusals are part of life; every other error is a fault.
"""

from __future__ import annotations

import inspect
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.archives import Thread
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import (
    Amendment,
    ArchivedThread,
    Combination,
    Contribution,
    Draft,
    Issue,
    Letter,
    Shortening,
)
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.acts.invite import Invitee
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import ACTS, Actor, discover
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting.models import OpenBallot, Poll, Voter
from kollontai.chapters.writing_in.models import Naming, WriteIn
from tests.deliberation.hall import Hall

LEFT_OUT = {
    "bodies.open_founding": "there is an organisation already",
    "bodies.sign_charter": "it is signed already",
}
"""Acts that no member of a standing organisation comes to."""

OFTEN = {
    "voting.cast_ballot": 16, "deliberation.raise_issue": 3, "deliberation.support_issue": 12, "deliberation.support_draft": 4,
    "deliberation.support_amendment": 4, "petitions.sign_petition": 4, "deliberation.move_amendment": 3,
    "deliberation.speak": 3, "elections.stand": 3, "elections.accept_acting": 3, "members.accept_invitation": 3,
    "bodies.leave": 0.1, "bodies.resign": 0.3, "deliberation.import_archive": 0.3,
    "members.ask_contact_change": 0.3, "voting.show_lot": 0.3, "elections.enter_outside_count": 0.2,
    "elections.take_back_outside_count": 0.2, "members.apply": 0.2, "members.vouch": 0.3,
    "petitions.open_petition": 0.3, "writing_in.name_writer": 3, "writing_in.write_in_words": 3,
    "writing_in.write_in_support": 4,
}  # fmt: skip
"""What people do more or less often than other things."""

STANDINGS = {
    "members.accept_invitation": "invited", "members.decline_invitation": "invited",
    "members.apply": "left", "deliberation.erase_name": "left",
}  # fmt: skip
"""Whose act something mostly is, where it is no member's."""

THEIRS = (
    ("deliberation.withdraw_draft", Draft, "mover_id", "draft_id"),
    ("deliberation.revise_draft", Draft, "mover_id", "draft_id"),
    ("deliberation.revise_contribution", Contribution, "author_id", "contribution_id"),
    ("deliberation.erase_contribution", Contribution, "author_id", "contribution_id"),
    ("deliberation.withdraw_amendment", Amendment, "mover_id", "amendment_id"),
    ("deliberation.erase_archive", ArchivedThread, "brought_by_id", "archive_id"),
    ("bodies.resign", Term, "member_id", "term_id"),
    ("writing_in.end_naming", Naming, "member_id", "naming_id"),
    ("writing_in.undo_writing", WriteIn, "member_id", "write_in_id"),
    ("elections.accept_acting", Term, "member_id", "term_id"),
    ("elections.decline_acting", Term, "member_id", "term_id"),
)
"""Acts on something of one's own: the act, what it is, and who it belongs to."""

LINES = (
    "We buy a kettle.", "It stands in the hall.", "Whoever empties it fills it.", "Nobody pays for tea.",
    "Costs are shared.", "It is looked at once a year.", "", "Milk is brought in turns.",
)  # fmt: skip


class Life:
    """An organisation that lives by a die."""

    def __init__(self, hall: Hall, seed: int) -> None:
        discover()
        self.hall, self.die = hall, random.Random(seed)
        self.organisation = hall.world.id
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        ours = {name: act for name, act in sorted(ACTS.items()) if act.__module__.startswith("kollontai.")}
        self.acts = {name: act for name, act in ours.items() if name not in LEFT_OUT}
        self.weights = [OFTEN.get(name, 1) for name in self.acts]
        self.story: list[str] = []

    def live(self, acts: int) -> None:
        """Let things be tried until so many are done; time passes now and then."""
        while self.done.total() < acts:
            if self.die.random() < 0.04:
                hours = self.die.choice((1, 5, 24, 60, 100))
                self.hall.now.pass_to(self.hall.now.time + timedelta(hours=hours))
            self.try_something()

    def try_something(self) -> None:
        """Somebody tries an act."""
        (name,) = self.die.choices(list(self.acts), self.weights)
        who = self.somebody(name)
        given = self.whatever(name, who)
        if given is None:
            return
        if name == "voting.cast_ballot":
            who = self.voter(given["poll_id"]) or who
        for own, rows, field, parameter in THEIRS:
            if name == own:
                who = self.owner(rows, field, given, parameter) or who
        self.story.append(f"{self.hall.now.time:%d %H:%M} {name} {who.id} {given}")
        try:
            self.acts[name](who, **given)
        except Refused as refused:
            self.refused[refused.refusal.code] += 1
        except Exception as error:
            raise AssertionError("\n".join(self.story[-8:])) from error
        else:
            self.done[name] += 1

    def somebody(self, name: str) -> Actor:
        """Anybody, whatever their standing; more often members, and for some acts those who can do them."""
        everybody = Member.objects.filter(organisation=self.organisation).order_by("pk")
        people = everybody
        if name == "writing_in.name_writer":
            people = people.filter(contact__email="")
        elif name.startswith("writing_in.write_in") and self.die.random() < 0.9:
            people = people.filter(pk__in=Naming.objects.standing().values("writer"))
        found = list(people.values_list("pk", "standing")) or list(everybody.values_list("pk", "standing"))
        wanted = STANDINGS.get(name, "member") if self.die.random() < 0.95 else ""
        some = [one for one in found if one[1] == wanted] or found
        return Actor(self.organisation, self.die.choice(some)[0], "code")

    def owner(self, rows: Any, field: str, given: dict[str, Any], name: str) -> Actor | None:
        """Mostly whoever a row belongs to, since most acts on it are theirs."""
        row = rows.objects.filter(pk=given[name]).first()
        member = row and getattr(row, field)
        return Actor(self.organisation, member, "code") if member and self.die.random() < 0.8 else None

    def one_of(self, rows: Any) -> Any:
        """One of these rows; the later ones more often, since more is open there."""
        rows = list(rows)
        if not rows:
            return None
        return (
            rows[-1 - min(int(self.die.expovariate(0.35)), len(rows) - 1)]
            if len(rows) > 3
            else self.die.choice(rows)
        )

    # --- what acts ask for ---

    def whatever(self, name: str, who: Actor) -> dict[str, Any] | None:
        """Something for everything an act asks for; None where there is nothing of the kind yet."""
        signature = inspect.signature(self.acts[name].__wrapped__)  # type: ignore[attr-defined]
        given: dict[str, Any] = {}
        for parameter in list(signature.parameters.values())[1:]:
            always = name == "voting.cast_ballot"
            if parameter.default is not parameter.empty and not always and self.die.random() < 0.5:
                continue
            found = self.finder(name, parameter.name)(who, given)
            if found is None:
                if parameter.default is parameter.empty:
                    return None
                continue
            given[parameter.name] = found
        return given

    def finder(self, name: str, parameter: str) -> Callable[[Actor, dict[str, Any]], Any]:
        """How to find what an act asks for by this name."""
        own = f"{name.rpartition('.')[2]}_{parameter}"
        found = FINDERS.get(own) or FINDERS.get(parameter)
        assert found is not None, f"Nobody here knows what {name} wants as {parameter}."
        return lambda who, given: found(self, who, given)

    def row(self, model: Any, **wanted: Any) -> str | None:
        """The id of one of the rows."""
        one = self.one_of(model.objects.filter(organisation=self.organisation, **wanted).order_by("pk"))
        return None if one is None else one.pk

    def newest(self, model: Any, order: str) -> str | None:
        """The id of one of the rows, by when they came."""
        one = self.one_of(model.objects.filter(organisation=self.organisation).order_by(order, "pk"))
        return None if one is None else one.pk

    def voter(self, poll_id: str) -> Actor | None:
        """Mostly somebody on the roll who has not voted yet."""
        voted = OpenBallot.objects.filter(poll=poll_id).values_list("voter", flat=True)
        left = Voter.objects.filter(poll=poll_id, marked=False).exclude(member__in=voted)
        people = sorted(left.values_list("member", flat=True))
        return Actor(self.organisation, self.die.choice(people), "code") if people else None

    def open_issue(self) -> str | None:
        """Mostly an issue that is on its way."""
        issues = Issue.objects.filter(organisation=self.organisation).order_by("number")
        under_way = issues.exclude(stage__in=("decided", "lapsed"))
        one = self.one_of(under_way if self.die.random() < 0.9 else issues) or self.one_of(issues)
        return None if one is None else one.pk

    def words(self, most: int = 4) -> str:
        """Some lines."""
        return "\n".join(self.die.choice(LINES) for _ in range(self.die.randint(1, most)))

    def ranking(self, given: dict[str, Any]) -> list[list[str]] | None:
        """Options of the poll in some order."""
        poll = Poll.objects.get(pk=given["poll_id"])
        if poll.form == "yes_no":
            return None
        options = self.die.sample(poll.options, self.die.randint(1, len(poll.options)))
        return [[option] for option in options]

    def choice(self, given: dict[str, Any]) -> str | None:
        """Yes, mostly, where that is asked."""
        poll = Poll.objects.get(pk=given["poll_id"])
        return self.die.choice(("yes", "yes", "yes", "no", "abstain")) if poll.form == "yes_no" else None

    def effects(self) -> list[Effect]:
        """What a draft would change by itself: mostly nothing."""
        post = self.row(Post) or ""
        some = [
            [Effect(effect="create_post", title=f"Post {self.die.randint(1, 99)}", seats=1, term_days=365)],
            [Effect(effect="end_post", post=post)],
            [Effect(effect="change_post", post=post, seats=2)],
            [Effect(effect="set_dues", dues=self.die.choice((500, 510, 800)))],
            [Effect(effect="create_unit", unit_name=f"Unit {self.die.randint(1, 99)}")],
            [Effect(effect="set_limit", key="S1.most", value=self.die.randint(5, 12))],
        ]
        return self.die.choice([[], [], [], *some])


def _poll(life: Life, who: Actor, given: dict[str, Any]) -> str | None:
    is_open = {"state": "open"} if life.die.random() < 0.9 else {}
    return life.row(Poll, **is_open) or life.row(Poll)


def _version(life: Life, who: Actor, given: dict[str, Any]) -> int | None:
    draft = Draft.objects.filter(pk=given.get("draft_id", "")).first()
    return draft and max(1, draft.version - life.die.choice((0, 0, 0, 1)))


def _last(life: Life, who: Actor, given: dict[str, Any]) -> int:
    operation = given.get("operation", "replace")
    return given.get("first", 1) + (-1 if operation == "insert" else life.die.choice((0, 0, 1)))


def _gathering(life: Life, who: Actor, given: dict[str, Any]) -> str | None:
    return life.row(Issue, stage="gathering") if life.die.random() < 0.9 else life.open_issue()


def _neighbour(life: Life, who: Actor, given: dict[str, Any]) -> str | None:
    named = Naming.objects.standing().filter(writer=who.id).order_by("at", "pk")
    one = life.one_of(named) if life.die.random() < 0.9 else None
    return one.member_id if one else life.row(Member)


def _supported(life: Life, who: Actor, given: dict[str, Any]) -> str | None:
    model = {"issue": Issue, "draft": Draft, "amendment": Amendment}[given["to"]]
    return _gathering(life, who, given) if model is Issue else life.row(model, issue=life.open_issue())


FINDERS: dict[str, Callable[[Life, Actor, dict[str, Any]], Any]] = {
    "support_issue_issue_id": _gathering,
    "write_in_words_member_id": _neighbour,
    "write_in_support_member_id": _neighbour,
    "writer_id": lambda life, who, given: life.row(Member),
    "naming_id": lambda life, who, given: life.newest(Naming, "at"),
    "to": lambda life, who, given: life.die.choice(("issue", "draft", "amendment")),
    "of_id": _supported,
    "write_in_id": lambda life, who, given: life.newest(WriteIn, "at"),
    "slip": lambda life, who, given: None,
    "issue_id": lambda life, who, given: life.open_issue(),
    "unit_id": lambda life, who, given: life.row(Unit),
    "draft_id": lambda life, who, given: life.row(Draft, issue=life.open_issue()),
    "amendment_id": lambda life, who, given: life.row(Amendment, issue=life.open_issue()),
    "parent_id": lambda life, who, given: (
        life.row(Amendment, issue=life.open_issue()) if life.die.random() < 0.4 else None
    ),
    "with_ids": lambda life, who, given: (
        [one] if (one := life.row(Amendment, issue=life.open_issue())) else None
    ),
    "combination_id": lambda life, who, given: life.newest(Combination, "pk"),
    "contribution_id": lambda life, who, given: life.row(Contribution, issue=life.open_issue()),
    "answers": lambda life, who, given: life.row(Contribution, issue=given["issue_id"]),
    "letter_id": lambda life, who, given: life.row(Letter, issue=given["issue_id"]),
    "before": lambda life, who, given: life.hall.now.time + timedelta(days=life.die.choice((6, 8, 12))),
    "shortening_id": lambda life, who, given: life.row(Shortening, issue=life.open_issue()),
    "archive_id": lambda life, who, given: life.row(ArchivedThread),
    "threads": lambda life, who, given: [Thread(life.words(1) or "Tea", life.words(), "Iris", "")],
    "import_archive_source": lambda life, who, given: "loomio",
    "term_id": lambda life, who, given: life.row(Term),
    "election_id": lambda life, who, given: life.newest(Election, "opened_at"),
    "petition_id": lambda life, who, given: life.newest(Petition, "opened_at"),
    "poll_id": _poll,
    "member_id": lambda life, who, given: life.row(Member),
    "nominee": lambda life, who, given: life.row(Member),
    "account_id": lambda life, who, given: None,
    "title": lambda life, who, given: life.words(1) or "A kettle",
    "draft_title": lambda life, who, given: life.words(1) or "Buy one",
    "text": lambda life, who, given: life.words(),
    "draft_text": lambda life, who, given: life.words(6),
    "reasons": lambda life, who, given: life.words(1),
    "statement": lambda life, who, given: life.words(2),
    "picture": lambda life, who, given: "",
    "source": lambda life, who, given: "The minutes of March.",
    "sender": lambda life, who, given: "The water works",
    "received_at": lambda life, who, given: (
        life.hall.now.time - timedelta(hours=life.die.choice((0, 3, 20, 30)))
    ),
    "stance": lambda life, who, given: life.die.choice(("for", "against", "other", "question")),
    "big": lambda life, who, given: True,
    "effects": lambda life, who, given: life.effects(),
    "files": lambda life, who, given: (),
    "body_id": lambda life, who, given: life.row(Post),
    "version": _version,
    "operation": lambda life, who, given: life.die.choice(("replace", "replace", "insert", "delete")),
    "first": lambda life, who, given: life.die.randint(1, 4),
    "last": _last,
    "cast_ballot_code": lambda life, who, given: None,
    "choice": lambda life, who, given: life.choice(given),
    "ranking": lambda life, who, given: life.ranking(given),
    "code": lambda life, who, given: "K3N7",
    "about": lambda life, who, given: life.die.choice(("recall", "question")),
    "name": lambda life, who, given: "Somebody",
    "email": lambda life, who, given: f"new{life.die.randint(1, 10**6)}@example.org",
    "invitees": lambda life, who, given: [
        Invitee(
            "Somebody",
            life.die.choice(("", f"new{life.die.randint(1, 10**6)}@example.org")),
            life.row(Unit) or "",
        )
    ],
    "sha256": lambda life, who, given: sha256(b"a sentence").hexdigest(),
    "show_lot_sentence": lambda life, who, given: "a sentence",
    "sentence": lambda life, who, given: "a long sentence that nobody can guess",
    "report": lambda life, who, given: "Counted by hand.",
    "ballots": lambda life, who, given: "1 1\n1 1 0\n0\n",
    "signed": lambda life, who, given: life.die.randint(0, 3),
    "denied": lambda life, who, given: 0,
    "silent": lambda life, who, given: 0,
}
