# SPDX-License-Identifier: AGPL-3.0-or-later
"""One organisation with something of everything in it, built by acts alone: what the abuses are done to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.cover_fact import cover_fact
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.import_archive import import_archive
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_shortening import propose_shortening
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.support_shortening import support_shortening
from kollontai.chapters.deliberation.archives import Thread
from kollontai.chapters.deliberation.models import Draft, Issue
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.members.models import Contact
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.record.act import Actor
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.undo_writing import undo_writing
from kollontai.chapters.writing_in.acts.write_in_support import write_in_support
from kollontai.chapters.writing_in.acts.write_in_words import write_in_words
from kollontai.ids import new_id
from tests.conftest import StandingClock
from tests.deliberation.files import pdf
from tests.world import World, founded, founders, held_by
from tests.writing_in.street import move_in_without_mail

HALL = ("ada", "ben", "cleo", "dai", "eva", "hal")
FERRY = ("finn", "gus", "ida")
KILN = ("kit", "lea", "max")


@dataclass(frozen=True)
class Tidewater:
    """The organisation, and the things in it that abuses reach for, by id."""

    world: World
    ranked: str
    """An issue decided among two drafts."""
    plain: str
    """An issue of a unit, decided by yes and no, in force."""
    talk: str
    """An issue in the members' talk."""
    gathering: str
    """An issue that still needs a supporter."""
    voting: str
    """An issue whose poll is open."""
    question: str
    answer: str
    revised: str
    erased: str
    again: str
    """An issue that asks again what was decided."""

    @property
    def id(self) -> str:
        """The organisation."""
        return self.world.id

    def who(self, name: str) -> str:
        """A member's id by first name."""
        return self.world.people[name]

    def issue(self, issue_id: str) -> Issue:
        """An issue's row."""
        return Issue.objects.get(pk=issue_id)

    def draft(self, issue_id: str, *, first: bool = True) -> Draft:
        """The first draft of an issue, or the one beside it."""
        return Draft.objects.get(issue=issue_id, first=first)

    def poll(self, issue_id: str) -> Poll:
        """The poll on an issue."""
        return Poll.objects.get(about="issue", subject=issue_id)


def _raise(world: World, now: StandingClock, by: str, title: str, *supporters: str, unit: str = "") -> Issue:
    issue = raise_issue(
        world.actor(by), unit_id=world.unit(unit).pk, title=title, text=f"{title}: why it is needed.",
        draft_title=title, draft_text=f"1. {title}.",
    ).value  # fmt: skip
    for name in supporters:
        now.move(minutes=3)
        support_issue(world.actor(name), issue_id=issue.pk)
    return issue


def build(now: StandingClock) -> Tidewater:
    """Found it, let members join and leave, and take issues to every stage there is."""
    world = founded(
        joining="vouched",
        units=("Ferry Crews", "Kiln Lane"),
        listed=(*founders(*HALL), *founders(*FERRY, unit="Ferry Crews"), *founders(*KILN, unit="Kiln Lane")),
        posts=(held_by("hal"), held_by("eva", title="Treasurer")),
    )
    now.move(minutes=5)
    now.pass_days(0.01)
    _confirmations(world)
    _join(world, now)
    now.pass_days(6)
    ranked = _raise(world, now, "ada", "A kettle for the hall", "ben")
    plain = _raise(world, now, "finn", "A roof for the bicycles", "gus", unit="Ferry Crews")
    _talk_over(world, now, ranked.pk)
    now.pass_days(7)
    voting = _raise(world, now, "cleo", "Chairs that stack", "dai")
    now.pass_days(10)
    _vote(world, ranked.pk, plain.pk)
    now.pass_days(9)
    return _present(world, now, ranked.pk, plain.pk, voting.pk)


def _confirmations(world: World) -> None:
    chair, treasurer = Poll.objects.filter(about="confirmation").order_by("opens_at", "id")
    if world.people["eva"] in str(chair.paper):
        chair, treasurer = treasurer, chair
    for name, choice in (("ada", "yes"), ("ben", "yes"), ("cleo", "yes"), ("dai", "no")):
        cast_ballot(world.actor(name), poll_id=chair.pk, choice=choice)
    for name, choice in (("ada", "no"), ("ben", "no"), ("finn", "yes")):
        cast_ballot(world.actor(name), poll_id=treasurer.pk, choice=choice)


def _join(world: World, now: StandingClock) -> None:
    world.move_in(["ned", "ola"], unit="Kiln Lane")
    ferry = world.unit("Ferry Crews").pk
    asked = [Invitee("Pia", "pia@example.org", ferry), Invitee("Quin", "quin@example.org", ferry)]
    for member in invite(world.actor("ada"), invitees=asked).value:
        world.people[Contact.objects.get(member=member).email.partition("@")[0]] = member.pk
    decline_invitation(world.actor("quin"))
    _apply(world, "rosa", ferry)
    for name in ("ada", "ben"):
        now.move(minutes=10)
        vouch(world.actor(name), member_id=world.people["rosa"])


def _apply(world: World, name: str, unit: str) -> None:
    world.people[name] = new_id()
    apply(
        Actor(world.id, world.people[name], "code"),
        unit_id=unit,
        name=name.title(),
        email=f"{name}@example.org",
    )


def _talk_over(world: World, now: StandingClock, issue_id: str) -> None:
    now.move(minutes=20)
    question = speak(
        world.actor("cleo"), issue_id=issue_id, stance="question", text="What does it cost?"
    ).value
    answer_fact(world.actor("hal"), contribution_id=question.pk, text="19.90.", source="The shop's list.")
    speak(
        world.actor("dai"),
        issue_id=issue_id,
        stance="against",
        text="The old one can be mended.",
    )
    seal_statement(world.actor("hal"), issue_id=issue_id, text="I drink tea, and say so.")
    beside = put_draft(
        world.actor("dai"), issue_id=issue_id, title="Mend it", text="1. We mend the kettle."
    ).value
    support_draft(world.actor("ida"), draft_id=beside.pk)


def _vote(world: World, ranked: str, plain: str) -> None:
    """Both votes are on; the leaders have spoken, the members have replied."""
    new, mend = (draft.pk for draft in Draft.objects.filter(issue=ranked).order_by("-first"))
    poll = Poll.objects.get(subject=ranked)
    for name in ("ada", "ben", "cleo", "kit", "hal"):
        cast_ballot(world.actor(name), poll_id=poll.pk, ranking=[[new], [mend], ["status-quo"]])
    for name in ("dai", "ida"):
        cast_ballot(world.actor(name), poll_id=poll.pk, ranking=[[mend], ["status-quo"], [new]])
    poll = Poll.objects.get(subject=plain)
    if poll.state == "open":
        for name, choice in (("finn", "yes"), ("gus", "yes"), ("ida", "no")):
            cast_ballot(world.actor(name), poll_id=poll.pk, choice=choice)


def _neighbours(world: World, now: StandingClock, talk: str, draft: str) -> None:
    """Vic has no mailbox: kit writes in words and support, lea words that are undone."""
    move_in_without_mail(world, ("vic",), by="dai")
    vic = world.people["vic"]
    for name in ("kit", "lea"):
        name_writer(world.actor("vic"), writer_id=world.people[name])
    now.move(minutes=5)
    given = {"issue_id": talk, "member_id": vic, "stance": "for"}
    write_in_words(world.actor("kit"), text="I would sweep on Mondays.", **given)
    write_in_support(world.actor("kit"), member_id=vic, to="draft", of_id=draft)
    gone = write_in_words(world.actor("lea"), text="I would never sweep.", **given).value
    now.move(minutes=5)
    undo_writing(world.actor("vic"), write_in_id=gone.pk)


def _present(world: World, now: StandingClock, ranked: str, plain: str, voting: str) -> Tidewater:
    """What is going on at the end: talk, gathering, an open poll, somebody asking in, somebody gone."""
    talk = _raise(world, now, "ben", "Who sweeps the yard", "cleo").pk
    now.move(minutes=10)
    question = speak(
        world.actor("kit"), issue_id=talk, stance="question", text="How large is the yard?", files=[pdf()]
    ).value
    answer = answer_fact(
        world.actor("hal"), contribution_id=question.pk, text="Ninety metres square.", source="The lease."
    ).value
    cover_fact(world.actor("ida"), contribution_id=answer.pk)
    seal_statement(world.actor("hal"), issue_id=talk, text="I would sweep it myself.")
    letter = post_letter(
        world.actor("ida"), issue_id=talk, sender="The town", text="The yard must be kept clear.",
        received_at=now.time - timedelta(hours=3),
    ).value  # fmt: skip
    import_archive(
        world.actor("ida"), source="loomio", threads=[Thread("A ferry shed", "Shall we?", "Iris", "")]
    )
    proposal = propose_shortening(
        world.actor("kit"), issue_id=talk, letter_id=letter.pk, before=now.time + timedelta(days=9)
    ).value
    support_shortening(world.actor("lea"), shortening_id=proposal.pk)
    erased = speak(world.actor("lea"), issue_id=talk, stance="other", text="Something I take back.").value
    now.move(minutes=5)
    erase_contribution(world.actor("lea"), contribution_id=erased.pk)
    revised = speak(world.actor("ned"), issue_id=talk, stance="for", text="Every week.").value
    speak(
        world.actor("max"),
        issue_id=talk,
        stance="against",
        text="Once is enough.",
        answers=revised.pk,
    )
    now.move(minutes=5)
    revise_contribution(world.actor("ned"), contribution_id=revised.pk, text="Every second week.")
    petition = open_petition(
        world.actor("ada"), about="question", title="The ferry on Sundays", text="Shall it run?"
    ).value
    sign_petition(world.actor("finn"), petition_id=petition.pk)
    beside = put_draft(world.actor("ida"), issue_id=talk, title="By turns", text="1. By turns.").value
    support_draft(world.actor("finn"), draft_id=beside.pk)
    now.move(minutes=5)
    revise_draft(world.actor("ida"), draft_id=beside.pk, title="By turns", text="1. By turns, each week.")
    call_big(world.actor("max"), issue_id=talk)
    gathering = _raise(world, now, "kit", "A bell at the door").pk
    again = _raise(world, now, "lea", "We mend the kettle").pk
    poll = Poll.objects.get(subject=voting)
    for name, choice in (("ada", "yes"), ("ben", "no"), ("kit", "abstain")):
        cast_ballot(world.actor(name), poll_id=poll.pk, choice=choice)
    ferry = world.unit("Ferry Crews").pk
    _apply(world, "sara", ferry)
    now.move(minutes=5)
    vouch(world.actor("cleo"), member_id=world.people["sara"])
    ask_contact_change(world.actor("max"), email="max@example.net")
    invited = invite(world.actor("dai"), invitees=[Invitee("Tom", "tom@example.org", ferry)]).value
    world.people["tom"] = invited[0].pk
    accept_invitation(world.actor("tom"))
    [uma] = invite(world.actor("dai"), invitees=[Invitee("Uma", "", ferry)]).value
    world.people["uma"] = uma.pk
    for name in ("gus", "ida"):
        vouch_for_code_letter(world.actor(name), member_id=uma.pk)
    _neighbours(world, now, talk, beside.pk)
    leave(world.actor("ola"))
    now.move(minutes=30)
    now.pass_days(1.2)
    return Tidewater(
        world, ranked, plain, talk, gathering, voting, question.pk, answer.pk, revised.pk, erased.pk,
        again,
    )  # fmt: skip
