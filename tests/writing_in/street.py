# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hall, with four members who have no mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.writing_in.acts.end_naming import end_naming
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.undo_writing import undo_writing
from kollontai.chapters.writing_in.acts.write_in_support import write_in_support
from kollontai.chapters.writing_in.acts.write_in_words import write_in_words
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.chapters.writing_in.written import WrittenIn
from kollontai.openrecord.entries import Entry, from_bytes
from tests import prepared
from tests.deliberation.hall import Hall, opened_hall
from tests.world import World

NEIGHBOURS = ("rosa", "sam", "tess", "uli")


@dataclass
class Street(Hall):
    """The hall, with short ways to what neighbours do."""

    def who(self, name: str) -> str:
        """A member's id."""
        return self.world.people[name]

    def name(self, member: str, writer: str) -> Naming:
        """Somebody names a writer."""
        made: Naming = name_writer(self.world.actor(member), writer_id=self.who(writer)).value
        return made

    def end(self, by: str, naming: Naming) -> None:
        """One of the two ends it."""
        end_naming(self.world.actor(by), naming_id=naming.pk)

    def words(
        self, by: str, member: str, issue: Any, stance: str = "for", text: str = "It is cold.", **more: Any
    ) -> WrittenIn:
        """A writer speaks for somebody."""
        made: WrittenIn = write_in_words(
            self.world.actor(by),
            issue_id=issue.pk,
            member_id=self.who(member),
            stance=stance,
            text=text,
            **more,
        ).value
        return made

    def support(self, by: str, member: str, to: str, what: Any) -> WrittenIn:
        """A writer puts somebody behind something."""
        made: WrittenIn = write_in_support(
            self.world.actor(by), member_id=self.who(member), to=to, of_id=what.pk
        ).value
        return made

    def undo(self, by: str, made: WrittenIn, slip: str = "") -> WriteIn:
        """Somebody undoes it."""
        gone: WriteIn = undo_writing(self.world.actor(by), write_in_id=made.pk, slip=slip).value
        return gone

    def refused_words(self, by: str, member: str, issue: Any, stance: str = "for", **more: Any) -> str:
        """The code with which words are refused."""
        given = {"issue_id": issue.pk, "member_id": self.who(member), "stance": stance, "text": "It is cold."}
        return self.refused(write_in_words, by, **{**given, **more})

    def refused_support(self, by: str, member: str, to: str, what: Any) -> str:
        """The code with which support is refused."""
        return self.refused(write_in_support, by, member_id=self.who(member), to=to, of_id=what.pk)

    def last(self) -> Entry:
        """The newest entry."""
        row = EntryRow.objects.filter(organisation=self.world.id).order_by("-position").first()
        assert row is not None
        return from_bytes(bytes(row.data))


def move_in_without_mail(world: World, names: tuple[str, ...], *, unit: str = "", by: str = "ada") -> None:
    """Let people in who have no mail address, by invitation and their own yes."""
    invitees = [Invitee(name.title(), "", world.unit(unit).pk) for name in names]
    for name, member in zip(names, invite(world.actor(by), invitees=invitees).value, strict=True):
        world.people[name] = member.pk
        accept_invitation(world.actor(name))


@prepared.once
def opened_street(now: Any) -> Street:
    """The hall with its four neighbours."""
    hall = opened_hall(now)
    move_in_without_mail(hall.world, NEIGHBOURS)
    now.move(minutes=1)
    return Street(hall.world, now)
