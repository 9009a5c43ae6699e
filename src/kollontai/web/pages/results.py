# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results: who voted what; of secret votes who is seated, whether all voted alike, files, codes."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.elections import outside as held_outside
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Member
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import LotShare, Poll
from kollontai.counting.ballots import Ballots
from kollontai.counting.files import blt, own_json
from kollontai.web.house import House
from kollontai.web.pages import people
from kollontai.web.pages.counts import CountShown, count_shown, listed
from kollontai.web.pages.polls import Paper, choice_in_words

RULES = {
    "irv": gettext_lazy("alternative vote"),
    "scottish-stv": gettext_lazy("single transferable vote, by the Scottish rules"),
}
NAMED_PER_PAGE = 50
NAMED_IN_HEADING = 3
MOST_CODES = 1_500
"""On one page. Above that, codes are read by their first sign."""


def election_of(house: House, poll: Poll) -> Election | None:
    """The election a vote decides: the same for everybody."""
    if poll.about != "election":
        return None

    def read() -> Election | None:
        found = Election.objects.select_related("post__title", "post__unit__name")
        return found.filter(pk=poll.subject).first()

    return people.kept(house.stands, f"election:{poll.subject}", read)


def named(poll: Poll, reader: Member | None, paper: Paper, *, page: str) -> Page[tuple[Member, str]]:
    """Who voted what in an open vote, in words, part by part; empty for whoever may not see it."""
    turn = Paginator(range(queries.how_many_named(poll, reader)), NAMED_PER_PAGE).get_page(page)
    part = slice(turn.object_list.start, turn.object_list.stop)
    words = functools.cache(lambda choice: choice_in_words(choice, paper))
    shown = [(one.voter, words(one.choice)) for one in queries.named_ballots(poll, reader, part)]
    return Page(shown, turn.number, turn.paginator)


# --- The result of an election -----------------------------------------------------------------------


@dataclass(frozen=True)
class LotShown:
    """What was added to the lot: the server's secret, and each member's sentence or silence."""

    secret: str
    seed: str
    shares: list[LotShare]

    @property
    def silent(self) -> list[str]:
        """Who added and did not show."""
        return [str(one.member.name) or _("erased name") for one in self.shares if one.sentence is None]


@dataclass(frozen=True)
class ElectionResult:
    """Everything that came out of an election."""

    election: Election
    heading: str
    count: CountShown | None
    rule: str
    terms: list[Term]
    begins_at: datetime | None
    next_round: Election | None
    alike: str
    lot: LotShown | None
    command: str


def election_result(house: House, poll: Poll, paper: Paper) -> ElectionResult:
    """Read the result of an election's vote: every ballot is looked at, but for many readers once."""
    seen = f"result:{poll.pk}:{'members' if house.member else 'world'}:{get_language()}"
    return people.kept(house.stands, seen, lambda: _read_result(house, poll, paper))


def _read_result(house: House, poll: Poll, paper: Paper) -> ElectionResult:
    election = Election.objects.select_related("post__title", "post__unit__name").get(poll=poll.pk)
    names = {option.id: option.title for option in paper.options}
    count = count_shown(queries.count_of(poll) or {}, names)
    secret = poll.secret_box.secret if poll.box == "separated" else ""
    seed = queries.lot_seed(poll, bytes.fromhex(secret)) if secret else ""
    if outside := held_outside.counted_ballots(poll):
        seed = outside[1]
    rule = (queries.count_of(poll) or {}).get("rule", "")
    later = Election.objects.filter(organisation=house.organisation, after=election.pk).first()
    return ElectionResult(
        election=election,
        heading=_heading(election),
        count=count,
        rule=str(RULES.get(rule, rule)),
        terms=list(
            Term.objects.filter(post=election.post, poll=poll.pk, how="elected").select_related(
                "member__name"
            )
        ),
        begins_at=election.begins_at,
        next_round=later,
        alike=all_alike(poll),
        lot=LotShown(secret, seed, queries.shares_of(poll)) if secret and house.member else None,
        command=f"kollontai count {house.slug}-{poll.pk}-count.json --rule {rule}"
        + (f" --seed {seed}" if seed else ""),
    )


def _heading(election: Election) -> str:
    people = Member.objects.select_related("name").in_bulk(election.elected)
    names = [str(people[one].name) or _("erased name") for one in election.elected]
    if not names:
        return _("Nobody is elected")
    if len(names) > NAMED_IN_HEADING:  # all of them stand below
        return ngettext("%(n)s person is elected", "%(n)s people are elected", len(names)) % {"n": len(names)}
    return ngettext("%(names)s is elected", "%(names)s are elected", len(names)) % {"names": listed(names)}


def all_alike(poll: Poll) -> str:
    """A warning where a secret vote hides nothing, because all who voted said the same."""
    if poll.box != "separated" or not poll.cast:
        return ""
    said = Counter(ballot.choice for ballot in queries.shown_ballots(poll))
    if len(said) != 1:
        return ""
    if poll.cast == poll.roll_count:
        return _("All who could vote did, and all voted alike. So everybody knows how each of them voted.")
    return _("All who voted said the same. So whoever is known to have voted, their vote is known too.")


# --- Files -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """Something to take home."""

    name: str
    type: str
    text: str


COUNTED = ("count.json", "count.blt")
"""The ballots as they were counted: how often each came, without codes, and in no order of theirs."""


def file_of(poll: Poll, name: str, paper: Paper, title: str) -> File:
    """The published ballots and what goes with them, under a name; 404 for any other."""
    if poll.box == "outside":
        return _count_file(name, _ballots_from_outside(poll, paper, title), poll)
    box = getattr(poll, "secret_box", None)
    if poll.state != "counted" or box is None or box.ballots is None or box.ballots.value is None:
        raise Http404
    if name == "ballots.json":
        return File(name, "application/json", str(box.ballots))
    if name == "sealed.json":
        return File(name, "application/json", str(box.sealed))
    if poll.form != "election":
        raise Http404
    return _count_file(name, _ballots(poll, paper, title), poll)


def _count_file(name: str, ballots: Ballots, poll: Poll) -> File:
    if name not in COUNTED:
        raise Http404
    reopen = poll.options.index(RON)
    if name == "count.blt":
        return File(name, "text/plain; charset=utf-8", blt.write(ballots))
    return File(name, "application/json", own_json.write(ballots, reopen) + "\n")


def _ballots_from_outside(poll: Poll, paper: Paper, title: str) -> Ballots:
    """What two scrutineers entered alike, with the names of the paper in place of ids."""
    counted = held_outside.counted_ballots(poll)
    if counted is None:
        raise Http404
    names = tuple(option.title for option in paper.options)
    return Ballots(names, counted[0].seats, counted[0].papers, title)


def _ballots(poll: Poll, paper: Paper, title: str) -> Ballots:
    number = {option: at for at, option in enumerate(poll.options)}
    papers = Counter(
        tuple(number[name] for level in ballot.choice.ranking or () for name in level)
        for ballot in queries.shown_ballots(poll)
    )
    return Ballots(
        tuple(option.title for option in paper.options),
        poll.secret_box.seats,
        tuple(sorted(papers.items())),
        title,
    )


# --- Check codes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodesPage:
    """Ballots beside their codes, by code; where there are many, those that begin with one sign."""

    rows: list[tuple[str, str]]
    all: int
    signs: list[str]
    sign: str


def codes_of(poll: Poll, paper: Paper, *, sign: str) -> CodesPage:
    """Read the list of codes; nobody but the reader knows which one they look for."""
    all_there_are = queries.published(poll)
    if not all_there_are:
        raise Http404
    signs = sorted({code[0] for code, _said in all_there_are}) if len(all_there_are) > MOST_CODES else []
    sign = sign if sign in signs else (signs[0] if signs else "")
    shown = queries.shown_among(poll, (one for one in all_there_are if one[0].startswith(sign)))
    words = functools.cache(lambda choice: choice_in_words(choice, paper))
    return CodesPage([(one.code, words(one.choice)) for one in shown], len(all_there_are), signs, sign)
