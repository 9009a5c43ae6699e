# SPDX-License-Identifier: AGPL-3.0-or-later
"""Votes as pages need them: what a vote is about, its options with their words, its result."""

from __future__ import annotations

import hashlib
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.bodies.models import Claim
from kollontai.chapters.deliberation.models import DraftVersion, Issue
from kollontai.chapters.elections import models as elections
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.choices import RON, Choice
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.voting.querysets import PollQuerySet
from kollontai.counting.yesno import share_rounded_up
from kollontai.web.house import House
from kollontai.web.pages import people
from kollontai.web.pages.counts import listed
from kollontai.web.pages.versions import Difference, compare

WORLD_SEES_FROM = 10  # ballots


def seen_by(house: House) -> PollQuerySet:
    """The votes a reader may look at; a stranger, those in whose sums nobody is seen."""
    seen = Poll.objects.filter(organisation=house.organisation).visible_to(house.member)
    if house.member is None:
        seen = seen.filter(cast__gte=WORLD_SEES_FROM)
    return seen.select_related("unit__name", "paper", "count", "secret_box")


def one_seen(house: House, poll_id: str) -> Poll | None:
    """A vote a reader may look at. While it is open it is the same for all members, and kept with its paper.

    Marks and ballots are no part of it: casting in secret leaves no entry, so they are read each time.
    """
    return people.kept(
        house.stands,
        f"poll:{poll_id}:{'members' if house.member else 'world'}",
        lambda: seen_by(house).filter(pk=poll_id).first(),
        worth=lambda poll: poll is not None and poll.state == "open",
    )


def is_here(house: House, poll_id: str) -> bool:
    """Whether there is such a vote, whoever may look at it: posts and elections name it to everybody."""
    return Poll.objects.filter(organisation=house.organisation, pk=poll_id).exists()


def issue_of(poll: Poll) -> Issue | None:
    """The issue a vote is about."""
    return Issue.objects.filter(pk=poll.subject).first() if poll.about == "issue" else None


def titles_of(polls: Iterable[Poll]) -> dict[str, str]:
    """What each vote is about, in a line."""
    polls = list(polls)
    issues = {
        issue.pk: str(issue.title)
        for issue in Issue.objects.filter(pk__in=_subjects(polls, "issue")).select_related("title")
    }
    claims = {
        claim.poll: _("%(name)s as %(post)s: shall that stand?")
        % {"name": claim.member.name, "post": claim.post.title}
        for claim in Claim.objects.filter(
            poll__in=[poll.pk for poll in polls if poll.about == "confirmation"]
        ).select_related("post__title", "member__name")
    }
    named = {**claims, **_elections(polls), **_recalls(polls)}
    return {poll.pk: issues.get(poll.subject) or named.get(poll.pk) or _("A vote") for poll in polls}


def title_of(poll: Poll) -> str:
    """What one vote is about, in a line."""
    return titles_of([poll])[poll.pk]


def _elections(polls: Iterable[Poll]) -> dict[str, str]:
    wanted = _subjects(polls, "election")
    found = elections.Election.objects.filter(pk__in=wanted).select_related("post__title") if wanted else ()
    titles = {one.pk: election_title(one) for one in found}
    return {poll.pk: titles[poll.subject] for poll in polls if poll.subject in titles}


def election_title(election: elections.Election) -> str:
    """What an election fills, in a line."""
    if election.seats == 1:
        return str(election.post.title)
    return _("%(post)s, %(n)s seats") % {"post": election.post.title, "n": election.seats}


def _recalls(polls: Iterable[Poll]) -> dict[str, str]:
    papers = {poll.pk: queries.paper_of(poll) for poll in polls if poll.about == "recall"}
    found = Member.objects.select_related("name").in_bulk([one["member"] for one in papers.values()])
    return {
        poll: _("%(name)s as %(post)s: recalled?") % {"name": found[one["member"]].name, "post": one["title"]}
        for poll, one in papers.items()
    }


def _subjects(polls: Iterable[Poll], about: str) -> list[str]:
    return [poll.subject for poll in polls if poll.about == about]


@dataclass(frozen=True)
class Option:
    """One option on a ballot paper, as it was frozen."""

    id: str
    title: str
    text: str
    letter: str = ""
    statement: Content | None = None  # a candidate's own words
    picture: str = ""  # the commitment of a candidate's picture
    changes: tuple[str, ...] = ()  # what a draft would change by itself, as the paper has it
    of: str = ""  # of an alternative: which draft, with which amendments
    difference: Difference | None = None  # of an alternative, against its draft
    half: bool = False  # a candidate who has served their terms, for half a term


@dataclass(frozen=True)
class Paper:
    """A ballot paper as it was frozen when the vote opened."""

    options: list[Option]
    draft: Option | None = None  # what a yes/no vote on an issue is about
    minutes: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def candidates(self) -> int:
        """How many stand, re-open nominations aside."""
        return sum(option.id != RON for option in self.options)


def paper_of(poll: Poll, reader: Member | None = None) -> Paper:
    """The options with their words, in the order of the paper."""
    found = queries.paper_of(poll)
    if poll.form == "election":
        return Paper(options=_candidates(poll, found, reader), raw=found)
    by_id = {str(one.get("id", "")): one for one in found.get("options", []) if isinstance(one, dict)}
    asked = found.get("draft")
    texts = _amended_texts([*by_id.values(), *([asked] if isinstance(asked, dict) else [])])
    return Paper(
        options=[_option(option, by_id.get(option, {}), poll, texts) for option in poll.options],
        draft=_option(str(asked.get("id", "")), asked, poll, texts) if isinstance(asked, dict) else None,
        minutes=str(found.get("minutes", "")),
        raw=found,
    )


def _candidates(poll: Poll, found: Mapping[str, Any], reader: Member | None) -> list[Option]:
    """Everybody who stands, in the order of the paper, re-open nominations last. Who stood and was not
    elected is known to members; the world reads their place on the paper."""
    said = {str(one["id"]): one for one in found["options"]}
    stand = Member.objects.filter(pk__in=[option for option in poll.options if option != RON])
    if reader is None:
        elected = elections.Election.objects.filter(poll=poll.pk).values_list("elected", flat=True)
        stand = stand.filter(pk__in=[one for some in elected for one in some])
    names = _told_apart(stand.select_related("name", "unit__name"), poll)
    statements = (
        {}
        if reader is None
        else {
            content.commitment: content
            for content in Content.objects.filter(
                organisation=poll.organisation_id,
                commitment__in=[one["statement"] for one in said.values() if "statement" in one],
            )
        }
    )
    return [
        Option(RON, _("Re-open nominations"), "")
        if option == RON
        else Option(
            option,
            names.get(option) or _("Number %(n)s on the paper") % {"n": place},
            "",
            statement=statements.get(said[option]["statement"]),
            picture=str(said[option]["picture"] or "") if reader else "",
            half=bool(said[option]["half"]),
        )
        for place, option in enumerate(poll.options, 1)
    ]


def _told_apart(people: Iterable[Member], poll: Poll) -> dict[str, str]:
    """Their names; of people with one name also the unit and the place on the paper, so that nobody takes the
    votes of another by calling themself so."""
    found = list(people)
    alike = Counter(_as_read(str(one.name)) for one in found)
    return {
        one.pk: str(one.name)
        if alike[_as_read(str(one.name))] < 2 or not str(one.name)
        else ", ".join(
            [
                str(one.name),
                str(one.unit.name),
                _("Number %(n)s on the paper") % {"n": poll.options.index(one.pk) + 1},
            ]
        )
        for one in found
    }


def _as_read(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def in_order_for(paper: Paper, poll: Poll, member: Member) -> list[Option]:
    """The drafts in an order drawn for each voter, so that none is first for all; the status quo last.

    Candidates stand as the lot of the paper put them, for everybody alike.
    """
    if poll.form == "election":
        return paper.options
    drawn = random.Random(hashlib.sha256(f"{poll.pk}:{member.pk}".encode()).digest())  # noqa: S311 - no secret
    drafts = [option for option in paper.options if option.id != poll.status_quo]
    drawn.shuffle(drafts)
    return drafts + [option for option in paper.options if option.id == poll.status_quo]


def _amended_texts(options: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """The texts of drafts that alternatives on a paper were made of, by draft and version."""
    amended = [one for one in options if "amendments" in one]
    rows = (
        DraftVersion.objects.filter(draft__in=[str(one["draft"]) for one in amended]).select_related("text")
        if amended
        else ()
    )
    wanted = {(str(one["draft"]), one["version"]) for one in amended}
    return {
        (row.draft_id, row.version): str(row.text) for row in rows if (row.draft_id, row.version) in wanted
    }


def _option(option: str, raw: dict[str, Any], poll: Poll, texts: Mapping[tuple[str, int], str]) -> Option:
    own = {"yes": _("Yes"), "no": _("No"), "abstain": _("Neither"), poll.status_quo: _("Leave it as it is")}
    title = str(raw.get("title") or own.get(option, option))
    changes = tuple(str(one) for one in raw.get("would_change", []))
    text, letter = str(raw.get("text", "")), str(raw.get("letter", ""))
    if "amendments" not in raw:
        return Option(option, title, text, letter, changes=changes)
    numbers = raw["amendments"]
    said = {"title": title, "letter": letter, "numbers": listed([str(one) for one in numbers])}
    before = texts.get((str(raw["draft"]), raw["version"]))
    return Option(
        option,
        ngettext(
            "%(title)s, with amendment %(numbers)s", "%(title)s, with amendments %(numbers)s", len(numbers)
        ) % said,
        text,
        letter,
        changes=changes,
        of=ngettext(
            "draft %(letter)s with amendment %(numbers)s", "draft %(letter)s with amendments %(numbers)s",
            len(numbers),
        ) % said,
        difference=None if before is None else compare(before, text),
    )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A number and its share of the largest, for a bar that only repeats it."""

    title: str
    number: int
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """One option against every other."""

    title: str
    won: bool
    cells: list[tuple[int, bool] | None]  # votes, whether they win the pair; None against itself


@dataclass(frozen=True)
class Result:
    """What came out, in a sentence, in figures, and, where drafts were ranked, in a matrix."""

    sentence: str
    carried: bool
    bars: list[Bar]
    most: int
    needed: int
    rows: list[Row]
    heads: list[str]
    steps: list[str]


def result_of(poll: Poll, paper: Paper) -> Result:
    """A counted vote as members read it."""
    count = queries.count_of(poll) or {}
    return _yes_no(poll, count) if poll.form == "yes_no" else _ranked(poll, paper, count)


def _yes_no(poll: Poll, count: Mapping[str, Any]) -> Result:
    said = poll.figures or {}
    carried = poll.outcome == "yes"
    sentence = _("%(yes)s said yes and %(no)s said no; %(abstain)s took neither side.") % said
    steps = []
    if count.get("yes_needed_for_quorum"):
        steps.append(
            _("At least %(n)s yes were needed, by the number of those who could vote.")
            % {"n": count["yes_needed_for_quorum"]}
        )
    steps.append(_("More yes than no were needed; who took neither side is not counted there."))
    bars = [
        Bar(_("Yes"), said.get("yes", 0), "good" if carried else ""),
        Bar(_("No"), said.get("no", 0)),
        Bar(_("Neither"), said.get("abstain", 0)),
    ]
    most = max(1, *(bar.number for bar in bars), count.get("yes_needed_for_quorum", 0))
    return Result(sentence, carried, bars, most, _needed(poll), [], [], steps)


def _needed(poll: Poll) -> int:
    """How many must at least be for it, by the number of those who could vote."""
    return share_rounded_up(Fraction(poll.quorum_bp, 10_000), poll.roll_count)


def _ranked(poll: Poll, paper: Paper, count: Mapping[str, Any]) -> Result:
    names = {option.id: option.title for option in paper.options}
    matrix, ids = count.get("matrix", []), count.get("options", [])
    carried = poll.outcome != poll.status_quo
    rows = [
        Row(
            names.get(one, one),
            one == poll.outcome,
            [None if i == j else (matrix[i][j], matrix[i][j] > matrix[j][i]) for j in range(len(ids))],
        )
        for i, one in enumerate(ids)
    ]
    winner = names.get(poll.outcome, poll.outcome)
    sentence = (
        _("“%(winner)s” is chosen: set against each other option in turn, none beats it.")
        % {"winner": winner}
        if carried
        else _("No draft came before leaving it as it is; so it stays.")
    )
    figures = poll.figures or {}
    bars = [
        Bar(names.get(one, one), figures.get(f"{one}.yes", 0), "good" if one == poll.outcome else "")
        for one in ids
        if one != poll.status_quo
    ]
    steps = [_dropped(gone, names) for gone in count.get("dropped", [])]
    if count.get("decided_by") == "status-quo":
        steps.append(_("Options were tied and leaving it as it is was among them; a tie keeps it."))
    most = max(1, *(bar.number for bar in bars))
    return Result(
        sentence, carried, bars, most, _needed(poll), rows, [names.get(one, one) for one in ids], steps
    )


def _dropped(gone: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return _("“%(name)s” drops out: %(yes)s prefer it to leaving things as they are, %(no)s do not.") % {
        "name": names.get(str(gone["option"]), gone["option"]),
        "yes": gone["yes"],
        "no": gone["no"],
    }


def choice_in_words(choice: Choice, paper: Paper) -> str:
    """What somebody voted, in words."""
    names = {option.id: option.title for option in paper.options}
    if choice.ranking is None:
        return names.get(choice.option or "", choice.option or "")
    return " › ".join(_(" and ").join(names.get(one, one) for one in level) for level in choice.ranking)
