# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build the Tidewater Federation through acts: the same people, texts and results every time.

Everything happens by the acts that members have, at its own time on the demonstration's clock; deadlines
on the way are performed when they fall due. Dates are relative to the day of building.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from kollontai import clock
from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.bodies.rules import Claimed, Founder, PostGiven
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Contribution, DraftVersion, Issue
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Contact, Unit
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import Poll
from kollontai.demos import papers, standing_clock
from kollontai.ids import new_id

FOUNDED_BEFORE = 150  # days
Say = Callable[[str], None]


@dataclass(order=True)
class Happening:
    """Something somebody does at a time."""

    when: datetime
    number: int
    do: Callable[[], Any] = field(compare=False)


class Tidewater:
    """One building of the demonstration."""

    def __init__(self, say: Say) -> None:
        text = resources.files("kollontai.demos").joinpath("tidewater.toml").read_text("utf-8")
        self.story = tomllib.loads(text)
        self.say = say
        zone = ZoneInfo(self.story["zone"])
        today = clock.machine_time().astimezone(zone).date()
        self.today = datetime.combine(today, time(9), zone).astimezone(UTC)
        self.organisation = new_id()
        self.ids: dict[str, str] = {}
        self.happenings: list[Happening] = []

    def build(self) -> Organisation:
        """Found it, fill it, let it talk and vote, and stop on the morning of today."""
        standing_clock.put(self.before(FOUNDED_BEFORE))
        self._found()
        self._move_in()
        for issue in self.story["issues"]:
            self._tell(issue)
        self._elect()
        self._live()
        standing_clock.walk_to(self.today)
        return Organisation.objects.get(pk=self.organisation)

    def before(self, days: float) -> datetime:
        """So many days before this morning."""
        return self.today - timedelta(days=days)

    def actor(self, name: str) -> Actor:
        """Somebody, acting in the demonstration."""
        return Actor(self.organisation, self.ids[name], "demo")

    # --- People ---

    def _found(self) -> None:
        names = self.story["people"][: self.story["founders"]]
        posts = [
            PostGiven(
                title=post["title"],
                leading=post.get("leading", True),
                term_days=365,
                seats=post.get("seats", 1),
                duty=post.get("duty", ""),
                held_before=(self._claimed(post),) if "holder" in post else (),
            )
            for post in self.story["posts"]
        ]
        proposal = Proposal(
            slug="tidewater",
            origin=f"demo.{settings.ORIGIN_HOST}/tidewater",
            name=self.story["name"],
            unit_word=self.story["unit_word"],
            zone=self.story["zone"],
            preset="normal",
            joining="open",
            listed=[Founder(name, address(name)) for name in names],
            posts=posts,
            words=flowing(self.story["charter"]),
            demo=True,
        )
        opener = new_id()
        open_founding(Actor(self.organisation, opener, "demo"), proposal=proposal)
        self._learn_ids()
        for number, name in enumerate(names):
            standing_clock.walk_to(self.before(FOUNDED_BEFORE - 0.2 * (number + 1)))
            sign_charter(self.actor(name))
        standing_clock.walk_to(clock.now())
        for poll in Poll.objects.filter(about="confirmation", state="open").order_by("pk"):
            for number, voter in enumerate(poll.voters.order_by("member__signed_at")):
                actor = Actor(self.organisation, voter.member_id, "demo")
                cast_ballot(actor, poll_id=poll.pk, choice="abstain" if number == 4 else "yes")
        self.say(f"{len(names)} founders have signed and confirmed who held a post before")

    def _claimed(self, post: dict[str, Any]) -> Claimed:
        return Claimed(
            founder=address(post["holder"]),
            elected_at=self.before(260),
            old_end=self.before(-105),
            minutes=post["minutes"],
        )

    def _move_in(self) -> None:
        names = self.story["people"][self.story["founders"] :]
        unit = Unit.objects.get(organisation=self.organisation, parent=None)
        standing_clock.walk_to(self.before(FOUNDED_BEFORE - 8))
        for chunk in range(0, len(names), 12):
            invitees = [Invitee(name, address(name), unit.pk) for name in names[chunk : chunk + 12]]
            invite(self.actor("Nadia Okonjo"), invitees=invitees)
        self._learn_ids()
        for number, name in enumerate(names):
            self._at(self.before(FOUNDED_BEFORE - 8 - 0.4 * (number + 1)), partial(self._come_in, name))
        self.say(f"{len(self.story['people'])} members")

    def _come_in(self, name: str) -> None:
        accept_invitation(self.actor(name))

    def _learn_ids(self) -> None:
        by_address = dict(
            Contact.objects.filter(organisation=self.organisation).values_list("email", "member")
        )
        known = [name for name in self.story["people"] if address(name) in by_address]
        self.ids = {name: by_address[address(name)] for name in known}

    # --- Elections ---

    def _elect(self) -> None:
        """Put everything that is done to fill posts on the list of happenings."""
        for one in self.story["stands"]:
            at = self.before(one["before"])
            if "asked_by" in one:
                self._at(at - timedelta(hours=12), partial(self._put_forward, one))
            self._at(at, partial(self._stand, one))
        for paper in self.story["papers"]:
            for number, name in enumerate(paper["names"]):
                at = self.before(paper["before"]) + timedelta(minutes=7 * number)
                self._at(at, partial(self._number, paper, name))
        for one in self.story["resigns"]:
            self._at(self.before(one["before"]), partial(self._resign, one))
        for one in self.story["acts_for_now"]:
            self._at(self.before(one["before"]), partial(self._act_for_now, one))
        for one in self.story["recalls"]:
            self._at(self.before(one["before"]), partial(self._recall, one))
            for number, name in enumerate(one["signed"]):
                self._at(self.before(one["before"] - 1.7 * (number + 1)), partial(self._sign, one, name))

    def _post(self, title: str) -> Post:
        posts = Post.objects.filter(organisation=self.organisation).select_related("title")
        return next(post for post in posts if str(post.title) == title)

    def _election(self, title: str) -> Election:
        return self._post(title).elections.order_by("-opened_at", "-pk")[0]

    def _put_forward(self, one: dict[str, Any]) -> None:
        election = self._election(one["post"])
        nominate(self.actor(one["asked_by"]), election_id=election.pk, nominee=self.ids[one["by"]])

    def _stand(self, one: dict[str, Any]) -> None:
        election = self._election(one["post"])
        stand(self.actor(one["by"]), election_id=election.pk, statement=one["statement"].strip())

    def _number(self, paper: dict[str, Any], name: str) -> None:
        ranking = [[RON if one == "again" else self.ids[one]] for one in paper["order"]]
        cast_ballot(self.actor(name), poll_id=self._election(paper["post"]).poll, ranking=ranking)

    def _resign(self, one: dict[str, Any]) -> None:
        terms = self._post(one["post"]).terms.filter(member=self.ids[one["name"]], ended_at=None)
        resign(self.actor(one["name"]), term_id=terms.get().pk)

    def _act_for_now(self, one: dict[str, Any]) -> None:
        offer = Offer.objects.get(term__post=self._post(one["post"]), member=self.ids[one["name"]])
        accept_acting(self.actor(one["name"]), term_id=offer.term_id)

    def _recall(self, one: dict[str, Any]) -> None:
        open_petition(
            self.actor(one["by"]),
            about="recall",
            title=one["title"],
            text=one["text"].strip(),
            term_id=self._post(one["post"]).terms.get(ended_at=None).pk,
        )

    def _sign(self, one: dict[str, Any], name: str) -> None:
        term = self._post(one["post"]).terms.get(ended_at=None)
        petition = Petition.objects.get(organisation=self.organisation, subject=term.pk)
        sign_petition(self.actor(name), petition_id=petition.pk)

    # --- Issues ---

    def _tell(self, issue: dict[str, Any]) -> None:
        """Put everything that is said and done on an issue on the list of happenings."""
        begun = self.before(issue["raised"])
        at = partial(_after, begun)
        first, *others = issue["drafts"]
        self._at(begun, partial(self._raise, issue, first))
        for number, name in enumerate(issue["supporters"]):
            self._at(at(0.1 + 0.1 * number), partial(self._support, issue["key"], name))
        for draft in others:
            self._at(at(draft["after"]), partial(self._put, issue["key"], draft))
            for number, name in enumerate(draft["supporters"]):
                self._at(at(draft["after"] + 0.4 * (number + 1)), partial(self._back, draft["title"], name))
        for voice in issue.get("voices", []):
            self._at(at(voice["after"]), partial(self._speak, issue["key"], voice))
        self._tell_amendments(issue, at)
        for name, after in issue.get("called_big", []):
            self._at(at(after), partial(self._call_big, issue["key"], name))
        for fact in issue.get("facts", []):
            self._at(at(fact["after"]), partial(self._answer, issue["key"], fact))
        for statement in issue.get("statements", []):
            self._at(at(statement["after"]), partial(self._seal, issue["key"], statement))
        for letter in issue.get("letters", []):
            self._at(at(letter["after"]), partial(self._letter, issue["key"], letter))
        number = 0
        for choice in issue.get("ballots", []):
            second = choice.get("second")
            for wanted, names in choice.items():
                if wanted == "second":
                    continue
                for name in names:
                    number += 1
                    self._at(at(17 + 0.1 * number), partial(self._vote, issue["key"], name, wanted, second))

    def _tell_amendments(self, issue: dict[str, Any], at: Callable[[float], datetime]) -> None:
        """Put amendments, what becomes of them, and who stands behind them on the list of happenings."""
        for number, one in enumerate(issue.get("amendments", []), 1):
            self._at(at(one["after"]), partial(self._amend, issue["key"], one))
            for place, name in enumerate(one["supporters"], 1):
                when = at(one["after"] + 0.1 * place)
                self._at(when, partial(self._stand_behind, issue["key"], number, name))
        for one in issue.get("accepted", []):
            self._at(at(one["after"]), partial(self._accept, issue["key"], one))
        for one in issue.get("combined", []):
            self._at(at(one["after"]), partial(self._combine, issue["key"], one))
            for name, after in one["agreed"]:
                self._at(at(after), partial(self._agree, issue["key"], name))

    def _at(self, when: datetime, do: Callable[[], Any]) -> None:
        self.happenings.append(Happening(when, len(self.happenings), do))

    def _live(self) -> None:
        told = 0
        for happening in sorted(self.happenings):
            if happening.when >= self.today:
                break
            standing_clock.walk_to(happening.when)
            happening.do()
            told += 1
        self.say(f"{len(self.story['issues'])} issues, {told} things said and done")

    def _issue(self, key: str) -> Issue:
        title = next(one["title"] for one in self.story["issues"] if one["key"] == key)
        return next(
            issue
            for issue in Issue.objects.filter(organisation=self.organisation).select_related("title", "unit")
            if str(issue.title) == title
        )

    def _draft_id(self, title: str) -> str:
        return next(
            version.draft_id
            for version in DraftVersion.objects.filter(organisation=self.organisation).select_related("title")
            if str(version.title) == title
        )

    def _raise(self, issue: dict[str, Any], draft: dict[str, Any]) -> None:
        unit = Unit.objects.get(organisation=self.organisation, parent=None)
        raise_issue(
            self.actor(issue["by"]),
            unit_id=unit.pk,
            title=issue["title"],
            text=flowing(issue["text"]),
            draft_title=draft["title"],
            draft_text=draft["text"].strip(),
            big=issue.get("big", False),
        )

    def _support(self, key: str, name: str) -> None:
        support_issue(self.actor(name), issue_id=self._issue(key).pk)

    def _put(self, key: str, draft: dict[str, Any]) -> None:
        put_draft(
            self.actor(draft["by"]),
            issue_id=self._issue(key).pk,
            title=draft["title"],
            text=draft["text"].strip(),
        )

    def _back(self, title: str, name: str) -> None:
        support_draft(self.actor(name), draft_id=self._draft_id(title))

    def _said_by(self, key: str, name: str) -> str:
        said = Contribution.objects.filter(issue=self._issue(key), author=self.ids[name], form="voice")
        return said.order_by("-at")[0].pk

    def _speak(self, key: str, voice: dict[str, Any]) -> None:
        answers = self._said_by(key, voice["answers"]) if "answers" in voice else ""
        speak(
            self.actor(voice["by"]),
            issue_id=self._issue(key).pk,
            stance=voice["stance"],
            text=voice["text"].strip(),
            answers=answers,
            files=[papers.sheet(**voice["paper"])] if "paper" in voice else [],
        )

    # --- Amendments and big decisions ---

    def _amendment(self, key: str, number: int) -> str:
        return self._issue(key).amendments.get(number=number).pk

    def _amend(self, key: str, one: dict[str, Any]) -> None:
        move_amendment(
            self.actor(one["by"]),
            draft_id=self._draft_id(one["draft"]),
            version=one.get("version", 1),
            operation=one["operation"],
            first=one["first"],
            last=one["last"],
            text=one["text"],
            reasons=one["reasons"],
            parent_id=self._amendment(key, one["of"]) if "of" in one else "",
        )

    def _stand_behind(self, key: str, number: int, name: str) -> None:
        support_amendment(self.actor(name), amendment_id=self._amendment(key, number))

    def _accept(self, key: str, one: dict[str, Any]) -> None:
        accept_amendment(self.actor(one["by"]), amendment_id=self._amendment(key, one["number"]))

    def _combine(self, key: str, one: dict[str, Any]) -> None:
        others = [self._amendment(key, number) for number in one["with"]]
        own = self._amendment(key, one["number"])
        propose_combination(self.actor(one["by"]), amendment_id=own, with_ids=others)

    def _agree(self, key: str, name: str) -> None:
        agree_to_combination(self.actor(name), combination_id=self._issue(key).combinations.get().pk)

    def _call_big(self, key: str, name: str) -> None:
        call_big(self.actor(name), issue_id=self._issue(key).pk)

    def _answer(self, key: str, fact: dict[str, Any]) -> None:
        answer_fact(
            self.actor(fact["by"]),
            contribution_id=self._said_by(key, fact["answers"]),
            text=fact["text"],
            source=fact["source"],
        )

    def _seal(self, key: str, statement: dict[str, Any]) -> None:
        seal_statement(self.actor(statement["by"]), issue_id=self._issue(key).pk, text=statement["text"])

    def _letter(self, key: str, letter: dict[str, Any]) -> None:
        post_letter(
            self.actor(letter["by"]),
            issue_id=self._issue(key).pk,
            sender=letter["sender"],
            text=flowing(letter["text"]),
            received_at=clock.now() - timedelta(hours=5),
        )

    def _vote(self, key: str, name: str, wanted: str, second: str | None) -> None:
        poll = self._issue(key).poll
        assert poll is not None
        if poll.form == "yes_no":
            cast_ballot(self.actor(name), poll_id=poll.pk, choice=wanted)
            return
        levels = [wanted] + ([second] if second else [])
        ranking = [[one if one == poll.status_quo else self._draft_id(one)] for one in levels]
        cast_ballot(self.actor(name), poll_id=poll.pk, ranking=ranking)


def address(name: str) -> str:
    """A mailbox that exists nowhere."""
    return f"{name.lower().replace(' ', '.')}@tidewater.example"


def flowing(text: str) -> str:
    """Text as it is told in the file, without the file's line ends."""
    return " ".join(text.split())


def _after(begun: datetime, days: float) -> datetime:
    return begun + timedelta(days=days)
