# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections as pages need them: where one stands in dates and words, who stands, what one may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.elections import facts, queries, rules
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.elections.queries import PutForward
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.voting.models import Poll
from kollontai.counting.lots import draw
from kollontai.web.house import House
from kollontai.web.pages import polls
from kollontai.web.pages.polls import election_title
from kollontai.web.times import day_of, full_day

FOLDED_FROM = 9  # candidates: then all statements are folded alike


@dataclass(frozen=True)
class Listed:
    """An election in a list."""

    election: Election
    title: str
    words: str
    until: datetime | None
    calls: bool = False
    post_over: bool = False


@dataclass(frozen=True)
class Stood:
    """What somebody was put forward for, and what came of it."""

    candidacy: Candidacy
    title: str
    words: str
    tag: str  # how the words look: as something held, something that calls, something over, or plainly


@dataclass(frozen=True)
class Step:
    """A stage of an election, with its dates."""

    words: str
    state: str  # done, here, ahead
    begins: datetime | None
    ends: datetime | None
    note: str = ""
    day: int = 0
    of: int = 0


def stood(member: Member) -> list[Stood]:
    """Everything a member was put forward for, the latest first."""
    found = queries.candidacies_of(member)
    return [Stood(one, election_title(one.election), *came_of(one)) for one in found]


def came_of(candidacy: Candidacy) -> tuple[str, str]:
    """What came of a candidacy, in words, and how they look."""
    election, runs = candidacy.election, candidacy.election.state in rules.RUNNING
    match candidacy.state:
        case "asked":
            return (_("Put forward"), "calls") if runs else (_("Did not answer"), "over")
        case "stands" if runs:
            return _("Stands"), "held"
        case "stands" if election.state == rules.State.DECIDED:
            elected = candidacy.member_id in election.elected
            return (_("Elected"), "force") if elected else (_("Not elected"), "over")
        case "stands":
            return _("Stood; the vote came to nothing"), "over"
        case "declined":
            return _("Said no"), ""
    return _("Stands no longer"), ""


@dataclass(frozen=True)
class ElectionPage:
    """One election for one reader."""

    election: Election
    title: str
    why: str
    terms: str
    steps: list[Step]
    candidates: list[PutForward]
    asked: list[PutForward]
    gone: list[PutForward]
    folded: bool
    mine: Candidacy | None
    poll: Poll | None
    after: Election | None
    next_round: Election | None
    rounds_again_at: datetime | None
    post_over: bool
    why_not_nominate: Refusal | None
    why_not_stand: Refusal | None
    shows_result: bool  # to the reader: the world is shown no sums of few ballots
    why_not_decline: Refusal | None
    why_not_withdraw: Refusal | None  # nor put the statement anew

    @property
    def nominating(self) -> bool:
        """Whether names may be put forward now."""
        return self.election.state == rules.State.NOMINATIONS

    @property
    def rounds(self) -> int:
        """After how many rounds without anybody the members are asked about the post."""
        return int(self.election.limits["N.rounds"])

    @property
    def asks_me(self) -> bool:
        """Whether the reader was put forward and has not answered."""
        return self.mine is not None and self.mine.state == "asked"

    @property
    def i_stand(self) -> bool:
        """Whether the reader stands."""
        return self.mine is not None and self.mine.state == "stands"


def find(house: House, election_id: str) -> Election:
    """One election, if whoever looks may see it."""
    found = Election.objects.visible_to(house.member).filter(organisation=house.organisation)
    return get_object_or_404(
        found.select_related("post__title", "post__unit__name", "organisation"), pk=election_id
    )


def running(house: House) -> list[Listed]:
    """Elections under way, what ends first on top."""
    found = list(queries.elections_of(house.id).running())
    closes = dict(Poll.objects.filter(pk__in=[one.poll for one in found]).values_list("pk", "closes_at"))
    listed = [
        Listed(
            one,
            election_title(one),
            _("Vote") if one.state == rules.State.VOTING else _("Nominations"),
            closes.get(one.poll) or one.closes_at,
            calls=one.state == rules.State.VOTING,
            post_over=post_over(one),
        )
        for one in found
    ]
    return sorted(listed, key=lambda one: (one.until or house.now, one.election.pk))


def over(house: House, *, most: int = 100) -> list[Listed]:
    """Elections that are over, the latest first, each in a sentence."""
    found = list(queries.elections_of(house.id).exclude(state__in=rules.RUNNING)[:most])
    people = Member.objects.select_related("name").in_bulk([one for some in found for one in some.elected])
    return [
        Listed(one, election_title(one), outcome(one, people), None, post_over=post_over(one))
        for one in found
    ]


def post_over(election: Election) -> bool:
    """Whether nobody is voted on because the post ended, at the latest before another round."""
    ended = election.post.ended_at
    if ended is None or election.state not in (rules.State.NOMINATIONS, rules.State.EMPTY):
        return False
    return ended < election.closes_at + timedelta(days=election.limits["N.again"])


def ended_with(poll: Poll) -> bool:
    """Whether an election ended when the box of this vote was lost."""
    return Election.objects.filter(poll=poll.pk, state=rules.State.ANNULLED).exists()


def outcome(election: Election, people: dict[str, Member]) -> str:
    """How an election ended, in a sentence."""
    from kollontai.web.pages.counts import listed

    if election.state == rules.State.EMPTY:
        return _("The post has ended; nobody was voted on.") if post_over(election) else _("Nobody stood.")
    if election.state == rules.State.ANNULLED:
        return _("The ballots were lost, and nobody who stood is left.")
    parts = []
    names = [str(people[one].name) or _("erased name") for one in election.elected if one in people]
    if names:
        parts.append(_("Elected: %(names)s.") % {"names": listed(names)})
    if election.reopened:
        parts.append(
            ngettext(
                "%(n)s seat opens again, because the members wanted that.",
                "%(n)s seats open again, because the members wanted that.",
                election.reopened,
            )
            % {"n": election.reopened}
        )
    if election.unfilled:
        parts.append(
            ngettext(
                "%(n)s seat stays empty; nominations open again.",
                "%(n)s seats stay empty; nominations open again.",
                election.unfilled,
            )
            % {"n": election.unfilled}
        )
    return " ".join(parts)


def _apart(election: Election) -> bool:
    """Whether a seat fell vacant when the vote on another seat of its post, for the same rest, had begun."""
    if election.why != "vacancy":
        return False
    others = Election.objects.filter(post=election.post_id, ends_at=election.ends_at).exclude(pk=election.pk)
    voted_on = Poll.objects.filter(subject__in=others.values("pk"), opens_at__lte=election.opened_at)
    return voted_on.exclude(closed_at__lte=election.opened_at).exists()


def why_opened(election: Election, holders: Sequence[str], *, apart: bool = False) -> str:
    """Why the clock opened an election, in a sentence; `apart`: another seat of its post was at the vote."""
    whose = ", ".join(name for name in holders if name)
    if election.why == "term-over":
        assert election.begins_at is not None
        return _("The term of %(names)s ends on %(day)s; this election fills what comes after.") % {
            "names": whose or _("whoever holds it"),
            "day": full_day(election.begins_at),
        }
    if election.why == "vacancy":
        assert election.ends_at is not None
        said = _(
            "%(names)s left before the end of the term; this election is for the rest, until %(day)s."
        ) % {
            "names": whose or _("Whoever held it"),
            "day": full_day(election.ends_at),
        }
        if election.seats > 1:
            said += " " + _(
                "Their seats are filled together, and nominations last their days from the last of them on."
            )
        if apart:
            said += " " + _("The vote on another seat had begun by then, so the two are counted apart.")
        return said
    if election.why == "again":
        if election.half:
            return _("Nobody stood in the round before, so nominations opened again.")
        return _("The round before left a seat without anybody, so nominations opened again.")
    if election.why == "created":
        return _("The members voted that this post, or another seat of it, shall be; it is filled at once.")
    return _("Nobody held it when the organisation began; so it is filled by election.")


def terms_in_words(election: Election) -> str:
    """From when and until when the new terms last."""
    begins = (
        _("from %(day)s") % {"day": full_day(election.begins_at)}
        if election.begins_at
        else _("from the count on")
    )
    if election.ends_at:
        return _("%(begins)s until %(day)s, the rest of the term") % {
            "begins": begins,
            "day": full_day(election.ends_at),
        }
    days = facts.term_days(election)
    return ngettext("%(begins)s, for %(n)s day", "%(begins)s, for %(n)s days", days) % {
        "begins": begins,
        "n": days,
    }


def election_page(house: House, election: Election) -> ElectionPage:
    """One election for one reader."""
    me, at = house.member, house.now
    forward = queries.put_forward(election, me)
    mine = next((one.candidacy for one in forward if me and one.candidacy.member_id == me.pk), None)
    poll = Poll.objects.filter(pk=election.poll).first() if election.poll else None
    around = Election.objects.filter(organisation=house.organisation).select_related("post__title")
    standing = [one for one in forward if one.stands]
    holders = Member.objects.filter(terms__in=election.fills).select_related("name").distinct()
    next_round = around.filter(after=election.pk).first()
    again_at = None
    left_open = election.state == rules.State.EMPTY or election.unfilled
    if next_round is None and left_open and election.post.ended_at is None:
        ended = poll.closed_at if poll and poll.closed_at else election.closes_at
        again_at = ended + timedelta(days=election.limits["N.again"])
    return ElectionPage(
        election=election,
        title=election_title(election),
        why=why_opened(election, [str(one.name) for one in holders], apart=_apart(election)),
        terms=terms_in_words(election),
        steps=_steps(election, poll, house),
        candidates=_in_order(standing, election, poll),
        asked=[one for one in forward if one.candidacy.state == "asked"],
        gone=[one for one in forward if one.candidacy.state in ("declined", "withdrawn")],
        folded=len(standing) >= FOLDED_FROM,
        mine=mine,
        poll=poll,
        after=around.filter(pk=election.after).first() if election.after else None,
        next_round=next_round,
        rounds_again_at=again_at,
        post_over=post_over(election),
        why_not_nominate=queries.may_nominate(election, me, at=at),
        why_not_stand=queries.may_stand(election, me, mine, at=at),
        shows_result=poll is not None and polls.seen_by(house).filter(pk=poll.pk).exists(),
        why_not_decline=queries.may_decline(election, mine, at=at),
        why_not_withdraw=queries.may_withdraw(election, mine, at=at),
    )


def _in_order(standing: list[PutForward], election: Election, poll: Poll | None) -> list[PutForward]:
    """As on the paper; before there is one, as a lot of the election's own id draws."""
    by_id = {one.candidacy.member_id: one for one in standing}
    order = poll.options if poll else draw(election.pk, sorted(by_id))
    return [by_id[member] for member in order if member in by_id]


def _steps(election: Election, poll: Poll | None, house: House) -> list[Step]:
    """Nominations, vote, count, the new terms: with the dates that were, that are, and that are to come."""
    state, now = election.state, house.now
    nominating = state == rules.State.NOMINATIONS
    day, of = day_of(election.opened_at, election.closes_at, now) if nominating else (0, 0)
    first = Step(
        _("Nominations"),
        "here" if nominating else "done",
        election.opened_at,
        election.closes_at,
        day=day,
        of=of,
    )
    if nominating and election.post.ended_at is not None:
        return [
            first,
            Step(_("Closed without a vote, for the post has ended"), "ahead", election.closes_at, None),
        ]
    if state == rules.State.EMPTY:
        said = _("The post had ended") if post_over(election) else _("Nobody stood")
        return [first, Step(said, "done", election.closes_at, None)]
    if state == rules.State.ANNULLED:
        lost = poll.closed_at if poll else None
        return [first, Step(_("The ballots were lost, and nobody who stood is left"), "done", lost, None)]
    begins = poll.opens_at if poll else election.closes_at
    ends = poll.closes_at if poll else facts.expected_close(election)
    voting = state == rules.State.VOTING
    day, of = day_of(begins, ends, now) if voting else (0, 0)
    second = Step(
        _("Vote"), "here" if voting else "ahead" if nominating else "done", begins, ends, day=day, of=of
    )
    decided = state == rules.State.DECIDED
    third = Step(_("Counted"), "done" if decided else "ahead", poll.closed_at if poll else None, None)
    seated = election.begins_at or (poll.closed_at if poll else None)
    begun = decided and seated is not None and seated <= now
    last = Step(
        _("Terms begin"),
        "done" if begun else "ahead",
        seated,
        None,
        "" if election.begins_at else _("with the count"),
    )
    return [first, second, third, last]


def candidate(house: House, election: Election, member_id: str) -> Candidacy:
    """Somebody who was put forward in an election, for members."""
    found = Candidacy.objects.visible_to(house.member).filter(election=election)
    return get_object_or_404(found.select_related("member__name", "member__unit__name", "by__name"),
                             member=member_id)  # fmt: skip


def picture(house: House, election: Election, commitment: str) -> Content:
    """A picture that a candidate put beside their words, for members; 404 where it is erased."""
    seen = Candidacy.objects.visible_to(house.member).filter(election=election)
    found = CandidacyVersion.objects.filter(candidacy__in=seen).exclude(picture__value=None)
    shown = get_object_or_404(found.select_related("picture"), picture__commitment=commitment)
    assert shown.picture is not None
    return shown.picture


def offer(house: House, term_id: str) -> Offer:
    """The latest time somebody was asked to act in the seat of a term that ended."""
    found = queries.offers_of(house.id).filter(term=term_id).first()
    if found is None:
        raise Http404
    return found
