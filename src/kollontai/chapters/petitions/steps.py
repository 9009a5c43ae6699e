# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of this chapter and of higher ones may do to petitions."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.petitions import facts
from kollontai.chapters.petitions.models import Petition, Signature, SignatureLink
from kollontai.chapters.petitions.rules import State
from kollontai.chapters.record.act import Act, FrameError
from kollontai.openrecord.kinds.petitions import PetitionLapsed, PetitionReached, PetitionSigned

FOLLOWS = {"recall": "elections.open_recall", "question": "deliberation.put_question"}
"""What the clock does as soon as enough have signed; it says so through `reached`."""


def sign(this: Act, petition: Petition, member: Member, alias: str) -> Signature:
    """Put a signature under a petition, and tie the alias to its owner; with the last one needed, go on.

    The entry bears the alias in place of the member. The unit stands there only where units are counted.
    """
    unit = member.unit if petition.units_needed > 1 else None
    SignatureLink.objects.get_or_create(
        petition=petition,
        member=member,
        defaults={"organisation_id": this.organisation_id, "alias": alias},
    )
    signature, _ = Signature.objects.update_or_create(
        petition=petition,
        alias=alias,
        defaults={
            "organisation_id": this.organisation_id, "unit": unit, "at": this.at, "withdrawn_at": None
        },
    )  # fmt: skip
    this.record(PetitionSigned(petition=petition.pk, unit=unit.pk if unit else None), actor=alias)
    if facts.has_enough(petition):
        this.deadline(FOLLOWS[petition.about], subject=petition.pk, due=this.at)
    return signature


def running(this: Act, petition_id: str) -> Petition | None:
    """A petition that runs, for the clock: nobody signs it or takes anything back meanwhile."""
    this.lock(f"petition:{petition_id}")
    petitions = Petition.objects.select_related("unit", "title", "text").filter(state=State.RUNNING)
    return petitions.filter(organisation=this.organisation_id, pk=petition_id).first()


def reached(this: Act, petition: Petition, *, due: datetime) -> None:
    """Put it down that enough have signed. What follows, the act of the clock does that called this."""
    if petition.state != State.RUNNING or not facts.has_enough(petition):
        raise FrameError("A petition is reached once, by those who signed it.")
    this.record(PetitionReached(petition=petition.pk, signatures=_standing(petition), due=due))
    _end(this, petition, State.REACHED)


def lapse(this: Act, petition: Petition, *, why: str, due: datetime) -> None:
    """Let a petition end with nothing: too few signed, or the term it was about is over."""
    this.record(PetitionLapsed(petition=petition.pk, signatures=_standing(petition), why=why, due=due))
    _end(this, petition, State.LAPSED)


def put_to_vote(petition: Petition, poll_id: str) -> None:
    """Remember the vote on a recall; the latest, where a lost box made another one needed."""
    petition.poll = poll_id
    petition.save(update_fields=["poll"])


def decided(petition: Petition, outcome: str) -> None:
    """Remember what the electors decided."""
    petition.state, petition.outcome = State.DECIDED, outcome
    petition.save(update_fields=["state", "outcome"])


def _standing(petition: Petition) -> int:
    return petition.signatures.standing().count()


def _end(this: Act, petition: Petition, state: State) -> None:
    petition.state, petition.ended_at = state, this.at
    petition.save(update_fields=["state", "ended_at"])
    this.cancel_deadlines("petitions.lapse", subject=petition.pk)
    days = limits_now(this.organisation_id)["X5.limitation"]
    this.deadline("petitions.destroy_links", subject=petition.pk, due=this.at + days * DAY)
