# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of this chapter and of higher ones may do to elections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.bodies.rules import Held
from kollontai.chapters.charter.calendar import DAY, next_begins, phase_end
from kollontai.chapters.charter.queries import may_be_held_outside
from kollontai.chapters.elections import facts, nextinline, papers, rules
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.elections.rules import State
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.record.act import Act
from kollontai.chapters.voting import steps as voting
from kollontai.chapters.voting.models import Poll
from kollontai.ids import new_id
from kollontai.openrecord.kinds.elections import (
    ActingOffered,
    CandidacyAccepted,
    CandidacyRevised,
    ElectionAnnulled,
    ElectionDecided,
    ElectionOpened,
    ElectionWidened,
)

# --- Opening -----------------------------------------------------------------------------------------


def open_election(
    this: Act,
    post: Post,
    *,
    why: str,
    seats: int,
    due: datetime,
    fills: Sequence[str] = (),
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    after: Election | None = None,
    half: bool = False,
) -> Election:
    """Open nominations for seats of a post; the clock closes them."""
    limits = limits_now(this.organisation_id)
    founded_at = this.organisation.founded_at
    assert founded_at is not None
    closes_at = phase_end(next_begins(due, this.at), limits["N.nominations"], this.organisation.zone)
    since = rules.members_since(opened_at=this.at, closes_at=closes_at, founded_at=founded_at, limits=limits)
    if since < closes_at:  # in a younger organisation nobody's days are counted
        day = rules.in_unit_since(vote_at=closes_at, since=since, limits=limits)
        since = facts.in_unit_by(post.unit, day, otherwise=since)
    fact = ElectionOpened(
        election=new_id(),
        post=post.pk,
        unit=post.unit_id,
        why=why,
        fills=tuple(fills),
        seats=seats,
        round=after.round + 1 if after else 1,
        half=half,
        closes_at=closes_at,
        members_since=since,
        limits={key: limits[key] for key in rules.KEPT},
        due=due,
        after=after.pk if after else None,
        begins_at=begins_at,
        ends_at=ends_at,
    )
    this.record(fact)
    election = Election.objects.create(
        id=fact.election,
        organisation_id=this.organisation_id,
        post=post,
        why=why,
        fills=list(fills),
        seats=seats,
        round=fact.round,
        half=half,
        opened_at=this.at,
        closes_at=closes_at,
        members_since=fact.members_since,
        limits=dict(fact.limits),
        leading=post.leading,
        pay=post.pay,
        duty=post.duty,
        begins_at=begins_at,
        ends_at=ends_at,
        after=after.pk if after else "",
        state=State.NOMINATIONS,
    )
    this.deadline("elections.end_nominations", subject=election.pk, due=closes_at)
    return election


def fill_with(this: Act, election: Election, term: Term, *, closes_at: datetime, due: datetime) -> None:
    """Let a by-election fill another seat too; nominations last their days for it."""
    since = election.members_since
    fact = ElectionWidened(
        election=election.pk,
        term=term.pk,
        seats=election.seats + 1,
        closes_at=closes_at,
        members_since=closes_at if since == election.closes_at else since,
        due=due,
    )
    this.record(fact)
    election.fills, election.seats = [*election.fills, term.pk], fact.seats
    election.closes_at, election.members_since = closes_at, fact.members_since
    election.save(update_fields=["fills", "seats", "closes_at", "members_since"])
    this.cancel_deadlines("elections.end_nominations", subject=election.pk)
    this.deadline("elections.end_nominations", subject=election.pk, due=closes_at)


def open_again(this: Act, after: Election, *, seats: int, due: datetime) -> None:
    """Open nominations again for seats that an election left, unless nobody is to be elected any more."""
    post = after.post
    if post.ended_at is not None or not rules.is_worth_a_round(
        rest=after.ends_at, at=this.at, limits=after.limits
    ):
        return
    later = after.begins_at if after.begins_at is not None and after.begins_at > this.at else None
    free = facts.free_seats(post, at=this.at) if later is None else facts.room_after(post, later, at=this.at)
    seats = min(seats, free)
    if not seats:
        return  # members have voted fewer
    open_election(
        this,
        post,
        why="again",
        seats=seats,
        due=due,
        fills=after.fills[-seats:],
        begins_at=later,
        ends_at=after.ends_at,
        after=after,
        half=after.state == State.EMPTY,
    )


def earlier_states(election: Election) -> list[str]:
    """How this round and those before it ended, the latest first."""
    states, at = [election.state], election
    while at.after:
        at = Election.objects.get(organisation=election.organisation_id, pk=at.after)
        states.append(at.state)
    return states


# --- Candidates --------------------------------------------------------------------------------------


def put_statement(
    this: Act, candidacy: Candidacy, *, statement: str, picture: str, accepting: bool
) -> CandidacyVersion:
    """Put a candidate's words, and their picture if they want one, on the record."""
    texts = {"statement": statement, **({"picture": picture} if picture else {})}
    fact: CandidacyAccepted | CandidacyRevised
    if accepting:
        fact = CandidacyAccepted(election=candidacy.election_id, half=candidacy.half)
    else:
        fact = CandidacyRevised(election=candidacy.election_id, version=candidacy.version + 1)
    words = this.record(fact, **texts)
    candidacy.version += 1
    return CandidacyVersion.objects.create(
        organisation_id=this.organisation_id,
        candidacy=candidacy,
        version=candidacy.version,
        statement=words["statement"],
        picture=words.get("picture"),
        at=this.at,
    )


# --- Voting ------------------------------------------------------------------------------------------


def open_vote(this: Act, election: Election, *, due: datetime) -> Poll | None:
    """Open the ballot of an election; None where nobody stands any more."""
    unit = election.post.unit
    able = accepted_in(unit).filter(joined_at__lte=election.members_since)
    candidates = list(election.candidacies.standing().filter(member__in=able).order_by("member"))
    if not candidates:
        return None
    poll_id = new_id()
    options = papers.order_on_paper(poll_id, [candidacy.member_id for candidacy in candidates])
    outside = election.post.box == "outside" and may_be_held_outside(this.organisation_id)
    poll = voting.open_poll(
        this,
        poll_id=poll_id,
        about="election",
        subject=election.pk,
        unit=unit,
        form="election",
        options=options,
        status_quo=None,
        paper=papers.election(election, candidates, options),
        roll=sorted(able.values_list("pk", flat=True)),
        quorum_bp=0,
        majority=rules.MAJORITY,
        more_than=True,
        closes_at=phase_end(next_begins(due, this.at), election.limits["D5.other"], this.organisation.zone),
        close_act="" if outside else "elections.conclude",
        due=due,
        secret=None if outside else voting.Secret(rules.rule_for(election.seats), election.seats),
        outside=outside,
    )
    election.poll, election.state = poll.pk, State.VOTING
    election.save(update_fields=["poll", "state"])
    return poll


# --- The count and what follows ----------------------------------------------------------------------


def decide(this: Act, election: Election, counted: voting.Counted, *, due: datetime) -> None:
    """Seat whom the count elected, now or on the day their term begins; open the rest again."""
    unfilled = election.seats - len(counted.elected) - counted.reopened
    this.record(
        ElectionDecided(
            election=election.pk,
            poll=counted.poll.pk,
            elected=counted.elected,
            reopened=counted.reopened,
            unfilled=unfilled,
            due=due,
        )
    )
    election.state = State.DECIDED
    election.elected, election.reopened, election.unfilled = list(counted.elected), counted.reopened, unfilled
    election.save(update_fields=["state", "elected", "reopened", "unfilled"])
    if election.begins_at is None or election.begins_at <= this.at:
        seat(this, election, counted.elected, due=due)
    else:
        this.deadline("elections.seat", subject=election.pk, due=election.begins_at)
    if counted.reopened:
        open_again(this, election, seats=counted.reopened, due=due)
    if unfilled:
        this.deadline(
            "elections.open_round", subject=election.pk, due=this.at + election.limits["N.again"] * DAY
        )


def annul(this: Act, election: Election, lost: Poll, *, due: datetime) -> None:
    """End an election whose box was lost and whose candidates have all gone; open nominations at once.

    It was no round in which nobody stood: who is over the term limit gains nothing by it.
    """
    this.record(ElectionAnnulled(election=election.pk, poll=lost.pk, due=due))
    election.state = State.ANNULLED
    election.save(update_fields=["state"])
    open_again(this, election, seats=election.seats, due=due)


def seat(this: Act, election: Election, elected: Sequence[str], *, due: datetime) -> None:
    """Let the terms of those elected begin; who is no member any more leaves a seat to be filled anew.

    So does who has come to be in paid posts for as long as anybody may be, since they stood.
    """
    if election.post.unit.merged_at is not None:
        return  # the unit is no more, and so are its seats
    half = set(election.candidacies.filter(half=True).values_list("member", flat=True))
    absent = 0
    for member in _members(elected):
        until = facts.paid_until(election, member, at=this.at)
        if member.standing != "member" or (until is not None and until <= this.at):
            absent += 1
            continue
        end = rules.term_end(
            begins_at=this.at,
            term_days=facts.term_days(election),
            rest=election.ends_at,
            half=member.pk in half,
        )
        end = end if until is None else min(end, until)
        if end > this.at:
            _end_acting_of(this, member, election.post, due=due)
            held = Held(election.leading, election.pay, election.duty)
            bodies.begin_term(
                this,
                post=election.post,
                held=held,
                member=member,
                poll_id=election.poll,
                how="elected",
                ends_at=end,
            )
    if len(elected) > absent:
        _end_acting(this, election, due=due)
    if absent:
        open_again(this, election, seats=absent, due=due)


def _members(ids: Sequence[str]) -> Iterable[Member]:
    found = Member.objects.in_bulk(ids)
    return (found[member_id] for member_id in ids)


def _end_acting(this: Act, election: Election, *, due: datetime) -> None:
    """Whoever acted in a seat that is filled now, acts no longer.

    Of several seats that are filled together, as many go on acting as stay empty: the seat that was left
    first is filled first.
    """
    first, line = _line(election)
    seated = Term.objects.filter(poll__in=[one.poll for one in line if one.poll], how="elected").count()
    acting = _acting_for(first.fills, election.post, at=this.at)
    for term in acting[: max(0, len(acting) - max(0, len(first.fills) - seated))]:
        bodies.end_term(this, term, why="seat-filled", due=due)


def _line(election: Election) -> tuple[Election, list[Election]]:
    """The first election for these seats, and all that were for what it left."""
    first = election
    while first.after:
        first = Election.objects.get(organisation=election.organisation_id, pk=first.after)
    line, ahead = [first], [first]
    while ahead:
        left = [one.pk for one in ahead]
        ahead = list(Election.objects.filter(organisation=election.organisation_id, after__in=left))
        line += ahead
    return first, line


def _acting_for(fills: Sequence[str], post: Post, *, at: datetime) -> list[Term]:
    """Who acts in seats of a post that these terms left, in the order in which they were left."""
    accepted = Offer.objects.filter(term__in=fills, state="accepted")
    found: list[Term] = []
    for offer in sorted(accepted, key=lambda offer: (fills.index(offer.term_id), offer.offered_at)):
        acting = Term.objects.filter(
            post=post, member=offer.member_id, poll=offer.poll, how="acting", ended_at=None,
            begins_at__gte=offer.offered_at,
        )  # fmt: skip
        found += [term for term in acting.filter(ends_at__gt=at) if term not in found]
    return found


def _end_acting_of(this: Act, member: Member, post: Post, *, due: datetime) -> None:
    """Who begins to hold a seat of a post acts in no other seat of it any longer."""
    acting = Term.objects.filter(post=post, member=member, how="acting", ended_at=None, ends_at__gt=this.at)
    for term in acting.order_by("begins_at", "pk"):
        bodies.end_term(this, term, why="seat-filled", due=due)


# --- The next in line --------------------------------------------------------------------------------


def ask_next_in_line(this: Act, term: Term, *, due: datetime) -> Offer | None:
    """Ask who is next in line by a recount to act in a seat that fell vacant; None where nobody is."""
    assert term.ended_at is not None
    limits = limits_now(this.organisation_id)
    before = term.offers.order_by("offered_at", "pk").first()  # by the days of the charter at the vacancy
    ends_at = before.ends_at if before else rules.acting_until(
        vacant_at=term.ended_at, term_ends_at=term.ends_at, limits=limits
    )  # fmt: skip
    if term.how != "elected" or term.post.ended_at is not None or ends_at <= this.at:
        return None
    if not facts.seats_to_act_in(term.post, at=this.at):
        return None  # members have voted fewer seats
    aside = list(term.offers.exclude(state="accepted").order_by("offered_at", "pk"))
    recount = nextinline.recount(term, [offer.member_id for offer in aside])
    if recount is None or recount.member is None:
        return None
    fact = ActingOffered(
        term=term.pk,
        post=term.post_id,
        poll=term.poll,
        member=recount.member,
        aside=tuple(offer.member_id for offer in aside),
        until=min(this.at + rules.ASKED_FOR, ends_at),
        ends_at=ends_at,
        due=due,
    )
    words = this.record(fact, count=json.dumps(recount.shown, sort_keys=True, separators=(",", ":")))
    offer = Offer.objects.create(
        organisation_id=this.organisation_id,
        term=term,
        member_id=recount.member,
        poll=term.poll,
        count=words["count"],
        offered_at=this.at,
        until=fact.until,
        ends_at=ends_at,
        state="asked",
    )
    this.deadline("elections.lapse_offer", subject=term.pk, due=fact.until)
    return offer
