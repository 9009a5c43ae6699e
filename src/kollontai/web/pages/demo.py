# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom one can be in a demonstration, and what its clock will do next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.members.models import Member, Standing
from kollontai.chapters.record.models import Deadline, Organisation

ACTS = {
    "bodies.end_term": gettext_lazy("a term ends"),
    "charter.lapse_law_note": gettext_lazy("a law note lapses"),
    "deliberation.advance": gettext_lazy("an issue turns to its next stage"),
    "deliberation.ask_when_it_came": gettext_lazy("members are asked when a letter came"),
    "deliberation.conclude": gettext_lazy("a vote closes and is counted"),
    "deliberation.lapse": gettext_lazy("an issue without supporters lapses"),
    "deliberation.put_nobody_stands": gettext_lazy("members are asked whether a post is needed"),
    "deliberation.put_question": gettext_lazy("a question goes to all members"),
    "deliberation.put_what_waited": gettext_lazy("a question goes to all members"),
    "elections.ask_next": gettext_lazy("the next in line is asked"),
    "elections.conclude": gettext_lazy("an election closes and is counted"),
    "elections.conclude_confirmation": gettext_lazy("a vote on whoever held a post before is counted"),
    "elections.conclude_recall": gettext_lazy("a vote on a recall closes and is counted"),
    "elections.end_nominations": gettext_lazy("nominations close, and the election opens"),
    "elections.fill_vacancy": gettext_lazy("the next in line is asked to act in an empty seat"),
    "elections.lapse_offer": gettext_lazy(
        "whoever did not answer is passed over, and the next in line is asked"
    ),
    "elections.open_before_end": gettext_lazy("nominations open for a term that ends soon"),
    "elections.open_confirmations": gettext_lazy("votes on whoever held a post before open"),
    "elections.open_for_new_seats": gettext_lazy("nominations open for empty seats"),
    "elections.open_recall": gettext_lazy("a vote on a recall opens"),
    "elections.open_round": gettext_lazy("nominations open again"),
    "elections.seat": gettext_lazy("whoever was elected takes the seat"),
    "members.admit": gettext_lazy("somebody who asked to join is admitted"),
    "members.change_contact": gettext_lazy("a member’s other address takes effect"),
    "petitions.destroy_links": gettext_lazy("it is forgotten who signed a petition"),
    "petitions.lapse": gettext_lazy("a petition without enough signatures lapses"),
    "petitions.lapse_with_term": gettext_lazy("a petition ends with the term it was about"),
    "voting.destroy_links": gettext_lazy("it is forgotten who voted in a secret vote"),
}
"""What the clock does by itself, in words: all that it stops for."""


MOST_FOUND = 60
"""So many are offered at once; whoever looks for somebody else types more of the name."""


@dataclass(frozen=True)
class Person:
    """Somebody to look through the eyes of."""

    id: str
    name: str
    unit: str
    what: str


@dataclass(frozen=True)
class People:
    """Who can be entered as: some groups of them, and how many more there are."""

    groups: Sequence[tuple[str, Sequence[Person]]]
    more: int

    @property
    def found(self) -> int:
        """How many are offered."""
        return sum(len(people) for _name, people in self.groups)


@dataclass(frozen=True)
class Suggested:
    """Somebody worth being first, and why."""

    id: str
    name: str
    why: str


def everybody(organisation: Organisation) -> QuerySet[Member]:
    """Everybody of a demonstration, to be entered as."""
    return Member.objects.filter(organisation=organisation).select_related("name")


def people_of(organisation: Organisation, *, at: datetime, words: str = "", unit_id: str = "") -> People:
    """Members, whoever holds a post first; those of a unit, or whose name or unit begins with these words."""
    holding = {
        term.member_id: str(term.post.title)
        for term in Term.objects.filter(
            organisation=organisation, ended_at=None, ends_at__gt=at
        ).select_related("post__title")
    }
    found = Member.objects.filter(organisation=organisation)
    if unit_id:
        found = found.filter(unit=unit_id)
    found = found.exclude(standing__in=(Standing.LEFT, Standing.DECLINED))
    wanted = words.casefold().split()
    rows = found.values_list("pk", "name__value", "unit__name__value", "standing")  # there may be thousands
    people = []
    for pk, name, unit, standing in rows:
        person = Person(pk, _said(name), _said(unit), _what(pk, standing, holding))
        if _answers(person, wanted):
            people.append(person)
    people.sort(key=lambda person: (person.name, person.id))
    first = [person for person in people if person.what]
    others = [person for person in people if not person.what]
    many = len(people) > MOST_FOUND and not unit_id
    shown = others[: max(0, MOST_FOUND - len(first)) if wanted else 0] if many else others
    groups = [(_("Hold a post, or wait"), first), (_("Members"), shown)]
    return People([group for group in groups if group[1]], len(others) - len(shown))


def _what(member_id: str, standing: str, holding: Mapping[str, str]) -> str:
    """What somebody is beside a member: the holder of a post, or somebody who waits."""
    waits = "" if standing == Standing.MEMBER else str(Standing(standing).label)
    return holding.get(member_id, waits)


def _said(value: bytes | memoryview | None) -> str:
    return "" if value is None else bytes(value).decode()


def _answers(person: Person, wanted: Sequence[str]) -> bool:
    """Whether each word that was typed begins a word of somebody's name, unit or post."""
    said = f"{person.name} {person.unit} {person.what}".casefold().split()
    return all(any(word.startswith(one) for word in said) for one in wanted)


def suggested(organisation: Organisation) -> list[Suggested]:
    """A dozen people worth being first, each with one line why."""
    from kollontai.demos import stories

    if organisation.slug not in stories.FILES:
        return []
    told = stories.suggested(organisation.slug, small=stories.shown_small())
    ids = _called(organisation, [name for name, _why in told])
    return [Suggested(ids[name], name, _(why)) for name, why in told if name in ids]


@dataclass(frozen=True)
class Refused:
    """Somebody who may not speak yet, and the form that would send what they would say."""

    id: str
    name: str
    post: str
    issue: Issue
    stance: str
    text: str


def refused(organisation: Organisation, *, at: datetime) -> Refused | None:
    """Who must wait just now until the members have talked, where the story tells of somebody.

    The rule itself is asked, the same that the act asks.
    """
    from kollontai.demos import stories

    if organisation.slug not in stories.FILES:
        return None
    told = stories.tempted(organisation.slug, small=stories.shown_small())
    issues = Issue.objects.filter(organisation=organisation).select_related("title")
    issue = next((one for one in issues if told and str(one.title) == told.issue), None)
    if told is None or issue is None:
        return None
    member = everybody(organisation).filter(pk=_called(organisation, [told.name]).get(told.name, "")).first()
    if member is None:
        return None
    refusal = rules.may(Doing.SPEAK, facts.place(issue, member, at=at), at=at)
    if refusal is None or refusal.code != "leaders-after-members":
        return None
    held = Term.objects.filter(organisation=organisation, member=member, ended_at=None)
    post = held.select_related("post__title").order_by("begins_at").first()
    return Refused(member.pk, told.name, str(post.post.title) if post else "", issue, told.stance, told.text)


def _called(organisation: Organisation, names: Sequence[str]) -> dict[str, str]:
    """Members of a demonstration by their names, of which no two are the same."""
    found = Member.objects.filter(organisation=organisation, name__value__in=[one.encode() for one in names])
    return {_said(name): pk for pk, name in found.values_list("pk", "name__value")}


def leads(organisations: Iterable[Organisation]) -> dict[str, str]:
    """What each demonstration is, in one line, by its short name."""
    from kollontai.demos import stories

    small = stories.shown_small()
    known = [one.slug for one in organisations if one.demo and one.slug in stories.FILES]
    return {slug: _(stories.lead(slug, small=small)) for slug in known}


MOST_HAPPENED = 5
"""So many things that happened by themselves are told, the last first."""


@dataclass(frozen=True)
class Happened:
    """Something that the clock did: what, to which issue if to one, where.

    `address`: of the issue, for whoever may read it.
    """

    what: str
    title: str
    house: str
    address: str


def next_words(act: str) -> str:
    """What happens by itself the next time."""
    return str(ACTS[act]) if act in ACTS else _("nothing is due")


def happened(after: datetime, *, entered: Collection[str]) -> list[Happened]:
    """What the clock did since a moment, the last first.

    `entered`: the organisations that are looked at through a member's eyes.
    """
    done = Deadline.objects.filter(done_at__gt=after, act__in=ACTS).order_by("-done_at", "-id")
    rows = list(done.select_related("organisation__name")[:MOST_HAPPENED])
    subjects = [row.subject for row in rows]
    found = Issue.objects.filter(Q(pk__in=subjects) | Q(poll__in=subjects)).select_related("title")
    issues = {key: issue for issue in found for key in (issue.pk, issue.poll_id)}
    told = []
    for row in rows:
        house, issue = row.organisation, issues.get(row.subject)
        may_read = issue is not None and house.pk in entered
        address = reverse("issue", args=[house.slug, issue.number]) if issue and may_read else ""
        told.append(Happened(str(ACTS[row.act]), str(issue.title) if issue else "", str(house.name), address))
    return told


def stand_in(organisation: Organisation | None) -> None:
    """Say times in this organisation's zone."""
    if organisation is not None:
        timezone.activate(ZoneInfo(organisation.zone))
