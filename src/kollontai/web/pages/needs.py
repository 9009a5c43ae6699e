# SPDX-License-Identifier: AGPL-3.0-or-later
"""What needs a member now: votes, nominations, talk, supporters, vouchers. The clock orders it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import reading
from kollontai.chapters.deliberation.models import Issue, Shortening, Supporter
from kollontai.chapters.elections import queries as elections
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.members import queries as members
from kollontai.chapters.members.models import MergeYes
from kollontai.chapters.petitions import queries as petitions
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.voting import queries as voting
from kollontai.chapters.voting.models import LotShare, Poll
from kollontai.web.house import House
from kollontai.web.pages import people, polls, shortening


@dataclass(frozen=True)
class Need:
    """One thing that is open to a member, and until when."""

    kind: str
    where: str
    title: str
    text: str
    address: str
    button: str
    until: datetime | None
    word: str = "until"
    weighty: bool = False
    quiet: bool = False  # open to them, and no more than that: a line below


def of(house: House) -> list[Need]:
    """Everything that is open to this member, what ends first on top; of what ends together, by its title."""
    found = [*_calling(house), *_quiet(house)]
    return sorted(
        found, key=lambda need: (need.quiet, need.until is None, need.until or house.now, need.title)
    )


def how_many(house: House) -> int:
    """How many things are open; counted anew when the record has grown or five minutes have passed.

    Votes are asked for each time: a ballot cast in secret leaves no entry by which the record would grow.
    """
    when = int(house.now.timestamp()) // 300
    others = people.kept(
        house.stands, f"needs:{house.me.pk}:{when}", lambda: calls(list(_calling_besides(house)))
    )
    return len(_waiting_votes(house)) + others


def calls(needs: Sequence[Need]) -> int:
    """How many of them call; what is only open to somebody does not."""
    return sum(not need.quiet for need in needs)


def _calling(house: House) -> Iterator[Need]:
    """What calls this member."""
    yield from _votes(house)
    yield from _calling_besides(house)


def _calling_besides(house: House) -> Iterator[Need]:
    """What calls this member but votes; of things that are open to nobody, nothing is asked."""
    alive, asked = _alive(house), _asked(house)
    if house.me.pk in asked["sentences"]:
        yield from _sentences(house)
    if house.me.pk in asked["put forward"]:
        yield from _put_forward(house)
    if house.me.pk in asked["offers"]:
        yield from _offers(house)
    if "shortenings" in alive:
        yield from _shortenings(house)
    if "issues" in alive:
        yield from _talks(house)
    if "vouching" in alive:
        yield from _vouching(house)


def _quiet(house: House) -> Iterator[Need]:
    """What is open to this member besides."""
    alive = _alive(house)
    if "nominations" in alive:
        yield from _nominations(house)
    if "petitions" in alive:
        yield from _petitions(house)
    if house.me.unit_id in _asked(house)["units"]:
        yield from _mergers(house)
    yield from _followed(house)


def _alive(house: House) -> frozenset[str]:
    """Of which kinds anything at all runs in the organisation: the same for every member."""
    return people.kept(
        house.stands,
        "alive",
        lambda: frozenset(name for name, rows in _kinds_of_calls(house.id).items() if rows.exists()),
    )


def _kinds_of_calls(here: str) -> dict[str, QuerySet[Any]]:
    return {
        "nominations": elections.elections_of(here).filter(state="nominations"),
        "issues": Issue.objects.filter(organisation=here, stage__in=_STAGES),
        "shortenings": Shortening.objects.filter(organisation=here, issue__shortened_at=None),
        "petitions": Petition.objects.filter(organisation=here, state="running"),
        "vouching": members.who_needs_vouchers(here),
    }


def _asked(house: House) -> Mapping[str, frozenset[str]]:
    """Which members, and which units, are asked by name: the same for every reader, and few."""
    here = house.id

    def read() -> Mapping[str, frozenset[str]]:
        lots = LotShare.objects.filter(organisation=here, sentence=None, poll__state="open")
        put_forward = Candidacy.objects.filter(organisation=here, state="asked")
        offers = elections.offers_of(here).filter(state="asked")
        mergers = MergeYes.objects.filter(organisation=here, over_at=None).values_list("merged", "into")
        return {
            "sentences": frozenset(lots.values_list("member", flat=True)),
            "put forward": frozenset(put_forward.values_list("member", flat=True)),
            "offers": frozenset(offers.values_list("member", flat=True)),
            "units": frozenset(unit for both in mergers for unit in both),
        }

    return people.kept(house.stands, "asked", read)


def _mergers(house: House) -> Iterator[Need]:
    """The other unit has agreed to a merger; this one has not said anything yet."""
    for yes in members.yeses_that_wait_for(house.me.unit, at=house.now):
        yield Need(
            kind=_("A merger"),
            where=str(house.me.unit.name),
            title=_("“%(merged)s” is to become part of “%(into)s”")
            % {"merged": yes.merged.name, "into": yes.into.name},
            text=_("The others have voted for it. It happens when you vote so too, and else not."),
            address=reverse("issue-new", args=[house.slug]),
            button=_("Put it before us"),
            until=yes.until,
            quiet=True,
        )


def _open_votes(house: House) -> list[Poll]:
    """Every vote here that takes ballots, what closes first on top: the same for every member."""

    def read() -> list[Poll]:
        rows = Poll.objects.filter(organisation=house.id, state="open").exclude(box="outside")
        return list(rows.select_related("unit__name").order_by("closes_at", "pk"))

    return people.kept(house.stands, "open votes", read)


def _waiting_votes(house: House) -> list[Poll]:
    """Those of them that wait for this member, judged by time."""
    running = [poll for poll in _open_votes(house) if poll.opens_at <= house.now < poll.closes_at]
    waiting = voting.waiting_among(house.me, [poll.pk for poll in running])
    return [poll for poll in running if poll.pk in waiting]


def _votes(house: House) -> Iterator[Need]:
    waiting = _waiting_votes(house)
    titles = people.kept(
        house.stands, f"titles of open votes:{get_language()}", lambda: polls.titles_of(_open_votes(house))
    )
    for poll in waiting:
        words = {
            "ranked": _("Number the drafts in your order. One vote, no change."),
            "election": _("Number those who stand in your order, in secret. One vote, no change."),
        }
        yield Need(
            kind=_("Recall") if poll.about == "recall" else _("Vote"),
            where=str(poll.unit.name),
            title=titles[poll.pk],
            text=words.get(poll.form, _("Yes, no, or neither. One vote, no change.")),
            address=reverse("poll", args=[house.slug, poll.pk]),
            button=_("Number them") if poll.form in words else _("Read and vote"),
            until=poll.closes_at,
            word="closes",
            weighty=True,
        )


def _titles(house: House, some: Sequence[Poll]) -> dict[str, str]:
    """What votes are about: the same for everybody who reads the same language."""
    which = ",".join(sorted(poll.pk for poll in some))
    return people.kept(house.stands, f"titles:{which}:{get_language()}", lambda: polls.titles_of(some))


def _put_forward(house: House) -> Iterator[Need]:
    for candidacy in elections.waiting_for_answer(house.me, at=house.now):
        election = candidacy.election
        yield Need(
            kind=_("Put forward"),
            where=str(election.post.unit.name),
            title=polls.election_title(election),
            text=_("%(who)s has put you forward. You stand only by your own yes.")
            % {"who": candidacy.by.name or _("A member")},
            address=reverse("election", args=[house.slug, election.pk]),
            button=_("Yes or no"),
            until=election.closes_at,
            word="closes",
        )


def _offers(house: House) -> Iterator[Need]:
    for offer in elections.asked_to_act(house.id, at=house.now).filter(member=house.me):
        post = offer.term.post
        yield Need(
            kind=_("Next in line"),
            where=str(post.unit.name),
            title=str(post.title),
            text=_("It is vacant, and by the last election’s ballots you come next. It would be you, until "
                   "members have elected. No answer counts as no."),
            address=reverse("post", args=[house.slug, post.pk]),
            button=_("Yes or no"),
            until=offer.until,
        )  # fmt: skip


def _sentences(house: House) -> Iterator[Need]:
    waiting = list(voting.sentences_to_show(house.me, at=house.now))
    titles = _titles(house, waiting)
    for poll in waiting:
        yield Need(
            kind=_("The lot"),
            where=str(poll.unit.name),
            title=titles[poll.pk],
            text=_("You added to its lot. Show your sentence; whoever does not counts as zeros, by name."),
            address=reverse("lot", args=[house.slug, poll.pk]),
            button=_("Show your sentence"),
            until=poll.closes_at,
            word="closes",
        )


def _nominations(house: House) -> Iterator[Need]:
    """Nominations that are open around somebody, in one quiet line."""
    me = house.me
    around = people.kept(
        house.stands,
        f"nominations:{me.unit_id}",
        lambda: list(elections.nominating_around(me, at=house.now)),
    )
    open_ones = [
        one for one in around
        if one.closes_at > house.now and me.joined_at is not None and me.joined_at <= one.members_since
    ]  # fmt: skip
    if not open_ones:
        return
    answered = set(
        Candidacy.objects.filter(member=me, election__in=open_ones).values_list("election", flat=True)
    )
    found = [one for one in open_ones if one.pk not in answered]
    if not found:
        return
    single = len(found) == 1
    yield Need(
        kind=_("Nominations"),
        where=str(found[0].post.unit.name) if single else house.name,
        title=polls.election_title(found[0])
        if single
        else ngettext("%(n)s post is to be filled", "%(n)s posts are to be filled", len(found))
        % {"n": len(found)},
        text=_("Anybody may stand, or put somebody forward."),
        address=reverse("election", args=[house.slug, found[0].pk])
        if single
        else reverse("elections", args=[house.slug]),
        button=_("Who shall it be?"),
        until=found[0].closes_at,
        word="closes",
        quiet=True,
    )


def _talks(house: House) -> Iterator[Need]:
    me = house.me
    running = [
        one for one in _running_issues(house) if one.stage_ends_at is None or one.stage_ends_at > house.now
    ]
    gathering = [issue.pk for issue in running if issue.stage == "gathering"]
    supported = (
        set(Supporter.objects.filter(issue__in=gathering, member=me, withdrawn_at=None).values_list(
            "issue", flat=True
        ))
        if gathering
        else set()
    )  # fmt: skip
    for issue in running:
        leads = me.pk in people.leading(house, issue)
        words = _STAGES[issue.stage].get(leads)
        if words is None or (issue.stage == "gathering" and issue.pk in supported):
            continue
        yield Need(
            kind=words[0],
            where=str(issue.unit.name),
            title=str(issue.title),
            text=words[1],
            address=reverse("issue", args=[house.slug, issue.number]),
            button=words[2],
            until=issue.stage_ends_at,
        )


def _running_issues(house: House) -> list[Issue]:
    """What runs where somebody belongs: the same for everybody of their unit."""

    def read() -> list[Issue]:
        mine = Q(unit=house.me.unit_id) | Q(unit__parent=None)
        rows = Issue.objects.filter(mine, organisation=house.organisation, stage__in=_STAGES)
        return list(rows.select_related("title", "unit__name").order_by("number"))

    return people.kept(house.stands, f"running:{house.me.unit_id}", read)


def _shortenings(house: House) -> Iterator[Need]:
    for row in shortening.waiting_for(house, house.me):
        yield Need(
            kind=_("A date from outside"),
            where=str(row.issue.unit.name),
            title=str(row.issue.title),
            text=_("Somebody proposes to shorten it, because a letter names a date. Read the letter first."),
            address=reverse("shorten-support", args=[house.slug, row.issue.number, row.pk]),
            button=_("Look at it"),
            until=row.issue.stage_ends_at,
        )


def _vouching(house: House) -> Iterator[Need]:
    waiting = len(members.may_vouch_for(house.organisation, house.me, at=house.now))
    if waiting:
        yield Need(
            kind=_("Vouch"),
            where=house.name,
            title=ngettext("%(n)s person asks to join", "%(n)s people ask to join", waiting) % {"n": waiting},
            text=_("Whoever knows them may say so; two of you are needed for each."),
            address=reverse("members", args=[house.slug]) + "#waiting",
            button=_("See who"),
            until=None,
        )


def _petitions(house: House) -> Iterator[Need]:
    """Petitions that somebody may sign: quiet lines, for nobody has to."""
    for petition in petitions.waiting_for(house.me, at=house.now):
        yield Need(
            kind=_("Recall petition") if petition.about == "recall" else _("Petition"),
            where=str(petition.unit.name),
            title=str(petition.title),
            text=_("%(n)s of %(of)s have signed.") % {"n": petition.signed, "of": petition.needed},
            address=reverse("petition", args=[house.slug, petition.pk]),
            button=_("Read it"),
            until=petition.closes_at,
            word="closes",
            quiet=True,
        )


def _followed(house: House) -> Iterator[Need]:
    """What is new on issues that somebody follows, in one quiet line."""
    found = reading.new_on_followed(house.me)
    if not found:
        return
    issue = found[0][0]
    single = len(found) == 1
    titles = ", ".join(str(one.title) for one, _many in found[:3])
    yield Need(
        kind=_("You follow"),
        where=str(issue.unit.name) if single else house.name,
        title=str(issue.title) if single else titles,
        text=ngettext("%(n)s new contribution.", "%(n)s new contributions.", sum(n for _one, n in found))
        % {"n": sum(n for _one, n in found)},
        address=reverse("issue", args=[house.slug, issue.number]) + "?stance=new#talk",
        button=_("Read it"),
        until=issue.stage_ends_at if single else None,
        quiet=True,
    )


class _Lazy:
    """Words by stage, and by whether one leads on the issue; said in the reader's language when read."""

    def __init__(self, members: tuple[str, str, str] | None, leaders: tuple[str, str, str] | None) -> None:
        self._said = {False: members, True: leaders}

    def get(self, leads: bool) -> tuple[str, ...] | None:
        said = self._said[leads]
        return tuple(_(part) for part in said) if said else None


_STAGES = {
    "gathering": _Lazy(
        (
            gettext_noop("Stand behind"),
            gettext_noop("It needs supporters before the talk begins."),
            gettext_noop("Read it"),
        ),
        None,
    ),
    "talk": _Lazy(
        (
            gettext_noop("Talk"),
            gettext_noop("The floor is the members’; whoever leads speaks later."),
            gettext_noop("Join the talk"),
        ),
        None,
    ),
    "answer": _Lazy(
        None,
        (
            gettext_noop("Answer"),
            gettext_noop("The members have talked; now you may answer."),
            gettext_noop("Answer them"),
        ),
    ),
    "reply": _Lazy(
        (
            gettext_noop("Reply"),
            gettext_noop("The leaders have answered; the last word is yours."),
            gettext_noop("Reply"),
        ),
        None,
    ),
}
