# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build a demonstration through acts: the same people, texts and results every time.

Everything happens by the acts that members have, at its own time on the demonstration's clock; deadlines
on the way are performed when they fall due. Dates are relative to the day of building.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from kollontai import clock
from kollontai.chapters.accounts import paper
from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.rules import Claimed, Founder, PostGiven
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.members.bulk import accept_many
from kollontai.chapters.members.models import Contact, Unit
from kollontai.chapters.members.queries import accepted_count
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Deadline, Organisation
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.demos import standing_clock
from kollontai.demos.crowd import CHUNK, Crowd
from kollontai.demos.stories import address, flowing
from kollontai.ids import new_id

Say = Callable[[str], None]
STAMPED = (120, 90, 60, 30, 14, 7, 3, 2, 1, 0)
"""How many days before the first morning the record is stamped."""


@dataclass(order=True)
class Happening:
    """Something somebody does at a time."""

    when: datetime
    number: int
    do: Callable[[], Any] = field(compare=False)


class Building:
    """One building of a demonstration."""

    def __init__(self, slug: str, story: dict[str, Any], say: Say) -> None:
        self.slug, self.story, self.say = slug, story, say
        self.today = first_morning(story["zone"])
        self.organisation = new_id()
        self.ids: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.happenings: list[Happening] = []
        self.founders: list[str] = story["founders"]
        self.named = [(name, "") for name in story.get("people", [])]
        self.named += [(name, unit["name"]) for unit in story.get("units", []) for name in unit["people"]]
        self.late: list[dict[str, Any]] = story.get("latecomers", [])
        inside = {name for name, _ in self.named}
        self.named = [(name, "") for name in self.founders if name not in inside] + self.named
        self.crowd = Crowd(
            story, [*self.named, *((one["name"], one["unit"]) for one in self.late if "by" in one)]
        )

    def build(self) -> Organisation:
        """Found it, fill it, let it talk and vote, and stop on the morning of today."""
        from kollontai.demos.of_issues import Issues
        from kollontai.demos.of_posts import Posts

        standing_clock.put(self.before(self.story["founded"]))
        self._found()
        self._move_in()
        self._come_late()
        self._name_writers()
        Issues(self).tell()
        Posts(self).tell()
        self._live()
        standing_clock.walk_to(self.today)
        self.say(f"{self.story['name']}: {accepted_count(self.organisation):,} members")
        return Organisation.objects.get(pk=self.organisation)

    # --- For those who tell a part of it ---

    def before(self, days: float) -> datetime:
        """So many days before this morning."""
        return self.today - timedelta(days=days)

    def at(self, when: datetime, do: Callable[[], Any]) -> None:
        """Put something on the list of what happens."""
        self.happenings.append(Happening(when, len(self.happenings), do))

    def actor(self, name: str) -> Actor:
        """Somebody, acting in the demonstration."""
        return Actor(self.organisation, self.ids[name], "demo")

    # --- People ---

    def _found(self) -> None:
        units = dict(self.named)
        posts = [
            PostGiven(
                title=post["title"],
                leading=post.get("leading", True),
                term_days=post.get("term", 365),
                unit=post.get("unit", ""),
                seats=post.get("seats", 1),
                duty=post.get("duty", ""),
                held_before=(self._claimed(post),) if "holder" in post else (),
            )
            for post in self.story["posts"]
        ]
        proposal = Proposal(
            slug=self.slug,
            origin=f"demo.{settings.ORIGIN_HOST}/{self.slug}",
            name=self.story["name"],
            unit_word=self.story["unit_word"],
            zone=self.story["zone"],
            preset=self.story.get("preset", "normal"),
            joining=self.story.get("joining", "open"),
            listed=[Founder(name, self._address(name), units[name]) for name in self.founders],
            units=[unit["name"] for unit in self.story.get("units", [])],
            posts=posts,
            words=flowing(self.story["charter"]),
            demo=True,
        )
        open_founding(Actor(self.organisation, new_id(), "demo"), proposal=proposal)
        self._learn_ids()
        for number, name in enumerate(self.founders, 1):
            hours = self.story["founding_hours"] * number
            standing_clock.walk_to(self.before(self.story["founded"] - hours / 24))
            sign_charter(self.actor(name))
        standing_clock.walk_to(clock.now())
        for poll in Poll.objects.filter(
            organisation=self.organisation, about="confirmation", state="open"
        ).order_by("pk"):
            for number, voter in enumerate(poll.voters.order_by("member__signed_at")):
                actor = Actor(self.organisation, voter.member_id, "demo")
                cast_ballot(actor, poll_id=poll.pk, choice="abstain" if number == 4 else "yes")

    def _claimed(self, post: dict[str, Any]) -> Claimed:
        return Claimed(
            founder=self._address(post["holder"]),
            elected_at=self.before(post.get("elected", 260)),
            old_end=self.before(-post.get("ends", 105)),
            minutes=post["minutes"],
        )

    def _move_in(self) -> None:
        named = [(name, unit) for name, unit in self.named if name not in self.founders]
        everybody = named + self.crowd.people
        if not everybody:
            return
        moving = self.story["moving_in"]
        standing_clock.walk_to(self.before(moving["invited"]))
        for at in range(0, len(everybody), moving.get("at_once", 12)):
            some = everybody[at : at + moving.get("at_once", 12)]
            invitees = [Invitee(name, self._address(name), self.units[unit]) for name, unit in some]
            invite(self.actor(self.founders[0]), invitees=invitees)
        self._learn_ids()
        for number, (name, _unit) in enumerate(named, 1):
            self.at(self.before(moving["invited"] - moving["each"] * number), partial(self._come_in, name))
        crowd = [name for name, _unit in self.crowd.people]
        for number, at in enumerate(range(0, len(crowd), CHUNK), 1):
            when = self.before(moving["invited"] - moving.get("chunk", 0) * number)
            self.at(when, partial(self._many_come_in, crowd[at : at + CHUNK]))

    def _come_in(self, name: str) -> None:
        accept_invitation(self.actor(name))

    def _many_come_in(self, names: list[str]) -> None:
        accept_many(self.organisation, [self.ids[name] for name in names], auth="demo")

    def _come_late(self) -> None:
        for one in self.late:
            self.at(self.before(one["before"]), partial(self._ask_late, one))

    def _ask_late(self, one: dict[str, Any]) -> None:
        name, unit = one["name"], self.units[one["unit"]]
        if "by" in one:
            address = "" if "letter" in one else self._address(name)
            [member] = invite(self.actor(one["by"]), invitees=[Invitee(name, address, unit)]).value
            self.ids[name] = member.pk
            if "letter" in one:
                self._let_in_by_letter(name, one["letter"])
            accept_invitation(self.actor(name))
            return
        self.ids[name] = new_id()
        apply(self.actor(name), unit_id=unit, name=name, email=self._address(name))
        for voucher in one.get("vouched", []):
            vouch(self.actor(voucher), member_id=self.ids[name])

    def _name_writers(self) -> None:
        """Whoever has no mailbox names who writes in for them."""
        for one in self.story.get("writers", []):
            name = partial(self._name_writer, one["member"], one["writer"])
            self.at(self.before(one["before"]), name)

    def _name_writer(self, member: str, writer: str) -> None:
        name_writer(self.actor(member), writer_id=self.ids[writer])

    def _let_in_by_letter(self, name: str, vouchers: Sequence[str]) -> None:
        """Two vouch for somebody without a mailbox; the code on the letter is used up at once."""
        made = [
            vouch_for_code_letter(self.actor(voucher), member_id=self.ids[name]).value for voucher in vouchers
        ]
        entered = paper.enter(made[-1].code, network="demo", at=clock.now())
        assert entered is not None

    def _learn_ids(self) -> None:
        contacts = Contact.objects.filter(organisation=self.organisation)
        by_address = dict(contacts.values_list("email", "member"))
        everybody = [name for name, _unit in (*self.named, *self.crowd.people)]
        found = {name: by_address.get(self._address(name)) for name in everybody}
        self.ids = {name: member for name, member in found.items() if member}
        units = Unit.objects.filter(organisation=self.organisation).select_related("name")
        self.units = {str(unit.name) if unit.parent_id else "": unit.pk for unit in units}

    def _address(self, name: str) -> str:
        return address(name, self.slug)

    def _live(self) -> None:
        for happening in sorted(self.happenings):
            if happening.when >= self.today:
                break
            self._let_stamps_wait()
            standing_clock.walk_to(happening.when)
            happening.do()

    def _let_stamps_wait(self) -> None:
        """While it is built the clock is late with the daily stamp, which reads the whole record."""
        waiting = Deadline.objects.filter(
            organisation=self.organisation, act="followers.stamp_export", done_at=None
        )
        for due in waiting.values_list("due", flat=True):
            later = min(moment for days in STAMPED if (moment := self.before(days)) >= min(due, self.today))
            if later > due:
                waiting.update(due=later)


def first_morning(zone: str) -> datetime:
    """Nine o'clock on the day of building: there every demonstration begins."""
    here = ZoneInfo(zone)
    today = clock.machine_time().astimezone(here).date()
    return datetime.combine(today, time(9), here).astimezone(UTC)
