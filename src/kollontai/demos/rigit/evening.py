# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build the evening: a small organisation, by acts alone, up to the hour before a vote closes.

What one member carries home in her pocket lies beside the house, not in it: a copy of the record, the
receipt of her signature, and the check code of her secret ballot.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kollontai import clock
from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.bodies.rules import Founder, PostGiven
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Contact, Unit
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.demos import standing_clock
from kollontai.followers.export import export_to
from kollontai.ids import new_id
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.receipt import Carried, make_receipt

FOUNDED_BEFORE = 40  # days
HOUR = time(18, 40)
SLUG = "tidewater"
Happening = tuple[datetime, int, Callable[[], Any]]


class Evening:
    """One building of it."""

    def __init__(self) -> None:
        text = resources.files("kollontai.demos.rigit").joinpath("evening.toml").read_text("utf-8")
        self.story = tomllib.loads(text)
        zone = ZoneInfo(self.story["zone"])
        today = clock.machine_time().astimezone(zone).date()
        self.now = datetime.combine(today, HOUR, zone).astimezone(UTC)
        self.organisation = new_id()
        self.ids: dict[str, str] = {}
        self.pocket: dict[str, Any] = {}
        self.happenings: list[Happening] = []

    def build(self, pocket: Path) -> None:
        """Found it, let it elect, talk and vote, and stop at the hour; fill the pocket."""
        self._found()
        for issue in self.story["issues"]:
            self._tell(issue)
        recall = self.story["recall"]
        self._at(recall["before"], partial(self._ask_for_recall, recall))
        for number, name in enumerate(recall["signed"], 1):
            self._at(recall["before"] - 1.3 * number, partial(self._sign, name))
        resigned = self.story["resigns"]
        self._at(resigned["before"], partial(self._resign, resigned))
        for when, _number, do in sorted(self.happenings, key=lambda one: one[:2]):
            standing_clock.walk_to(when)
            do()
        standing_clock.walk_to(self.now)
        self._fill(pocket)

    def _before(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _at(self, before: float, do: Callable[[], Any]) -> None:
        self.happenings.append((self._before(before), len(self.happenings), do))

    def _actor(self, name: str) -> Actor:
        return Actor(self.organisation, self.ids[name], "demo")

    # --- Founding and elections ---

    def _found(self) -> None:
        standing_clock.put(self._before(FOUNDED_BEFORE))
        proposal = Proposal(
            slug=SLUG,
            origin=f"demo.practice/{SLUG}",
            name=self.story["name"],
            unit_word=self.story["unit_word"],
            zone=self.story["zone"],
            preset="small",
            joining="open",
            listed=[Founder(name, address(name)) for name in self.story["people"]],
            posts=[
                PostGiven(title=post["title"], leading=True, term_days=365, seats=1)
                for post in self.story["posts"]
            ],
            words=" ".join(self.story["charter"].split()),
            demo=True,
        )
        open_founding(Actor(self.organisation, new_id(), "demo"), proposal=proposal)
        by_address = dict(
            Contact.objects.filter(organisation=self.organisation).values_list("email", "member")
        )
        self.ids = {name: by_address[address(name)] for name in self.story["people"]}
        for name in self.story["people"]:
            sign_charter(self._actor(name))
        for number, one in enumerate(self.story["stands"], 1):
            self._at(FOUNDED_BEFORE - 0.5 * number, partial(self._stand, one))
        for paper in self.story["papers"]:
            for number, name in enumerate(paper["names"], 1):
                self._at(FOUNDED_BEFORE - 15.2 - 0.1 * number, partial(self._cast_secretly, paper, name))

    def _post(self, title: str) -> Post:
        posts = Post.objects.filter(organisation=self.organisation).select_related("title")
        return next(post for post in posts if str(post.title) == title)

    def _election(self, title: str) -> Election:
        return self._post(title).elections.order_by("opened_at")[0]

    def _stand(self, one: dict[str, str]) -> None:
        election = self._election(one["post"])
        stand(self._actor(one["by"]), election_id=election.pk, statement=one["statement"])

    def _cast_secretly(self, paper: dict[str, Any], name: str) -> None:
        ranking = [[self.ids[one]] for one in paper["order"]]
        poll = self._election(paper["post"]).poll
        done = cast_ballot(self._actor(name), poll_id=poll, ranking=ranking)
        if name == self.story["other"]["name"]:
            self.pocket |= {"poll": poll, "code": done.value.code, "ranking": paper["order"]}

    def _resign(self, one: dict[str, str]) -> None:
        term = Term.objects.get(member=self.ids[one["by"]], ended_at=None)
        resign(self._actor(one["by"]), term_id=term.pk)

    # --- Issues ---

    def _tell(self, issue: dict[str, Any]) -> None:
        self._at(issue["raised"], partial(self._raise, issue))
        for number, name in enumerate(issue["supporters"], 1):
            self._at(issue["raised"] - 0.1 * number, partial(self._support, issue, name))
        for one in issue["voices"]:
            self._at(issue["raised"] - one["after"], partial(self._say, issue, one))
        for number, (choice, name) in enumerate((c, n) for c in ("yes", "no") for n in issue[c]):
            self._at(issue["raised"] - 6.4 - 0.01 * number, partial(self._vote, issue, choice, name))

    def _raise(self, issue: dict[str, Any]) -> None:
        root = Unit.objects.get(organisation=self.organisation, parent=None)
        raised = raise_issue(
            self._actor(issue["by"]), unit_id=root.pk, title=issue["title"], text=issue["text"],
            draft_title=issue["title"], draft_text=issue["draft"].strip(),
        )  # fmt: skip
        self.ids[issue["key"]] = raised.value.pk

    def _support(self, issue: dict[str, Any], name: str) -> None:
        if Issue.objects.get(pk=self.ids[issue["key"]]).stage == "gathering":
            support_issue(self._actor(name), issue_id=self.ids[issue["key"]])

    def _say(self, issue: dict[str, Any], one: dict[str, str]) -> None:
        where, said = self.ids[issue["key"]], one["text"].strip()
        speak(self._actor(one["by"]), issue_id=where, stance=one["stance"], text=said)

    def _vote(self, issue: dict[str, Any], choice: str, name: str) -> None:
        poll = Issue.objects.get(pk=self.ids[issue["key"]]).poll
        assert poll is not None
        cast_ballot(self._actor(name), poll_id=poll.pk, choice=choice)

    # --- The recall, and what one of its signers has at home ---

    def _ask_for_recall(self, one: dict[str, Any]) -> None:
        term = Term.objects.get(post__in=[self._post("General Secretary")], ended_at=None)
        open_petition(
            self._actor(one["by"]), about="recall", title=one["title"], text=one["text"], term_id=term.pk
        )

    def _sign(self, name: str) -> None:
        petition = Petition.objects.get(organisation=self.organisation)
        done = sign_petition(self._actor(name), petition_id=petition.pk)
        if name == self.story["other"]["name"]:
            self.pocket |= {"entry": done.positions[0]}

    def _fill(self, pocket: Path) -> None:
        """Give her a copy of the record of this hour, and the receipt of her signature."""
        copy = pocket / "copy"
        export_to(Organisation.objects.get(pk=self.organisation), copy)
        record, entry = RecordDirectory(copy), self.pocket["entry"]
        tree = record.tree(record.unchecked().size)
        receipt = make_receipt(tree, entry, record.note(), Carried(record.raw_entry(entry)).pack())
        (pocket / "signature.tlog-proof").write_bytes(receipt.format())
        self.pocket |= {"member": self.ids[self.story["other"]["name"]]}
        (pocket / "pocket.json").write_text(json.dumps(self.pocket))
        assert Poll.objects.filter(organisation=self.organisation, state="open", about="issue").exists()


def address(name: str) -> str:
    """A mailbox that exists nowhere."""
    return f"{name.lower().replace(' ', '.')}@practice.example"
