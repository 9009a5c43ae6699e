# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions as pages need them: how far one has come, one's own signature, what came of it. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.petitions import facts, queries, rules
from kollontai.chapters.petitions.models import Petition, Sample, Signature
from kollontai.chapters.petitions.queries import Progress
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.voting.models import Poll
from kollontai.openrecord.entries import read_core
from kollontai.web.house import House


@dataclass(frozen=True)
class PetitionPage:
    """One petition for one reader."""

    petition: Petition
    progress: Progress
    own: Signature | None
    entry: int | None  # where one's own signature stands on the record
    why_not_sign: Refusal | None
    why_not_withdraw: Refusal | None
    poll: Poll | None
    issue: Issue | None
    words: str
    samples: list[Sample]
    drew_mine: list[Sample]  # where one's own signature was drawn
    why_not_draw: Refusal | None
    why_not_report: Refusal | None
    beside: str  # what would stand beside the reader's signature

    @property
    def running(self) -> bool:
        """Whether it can be signed."""
        return self.petition.state == rules.State.RUNNING

    @property
    def signed(self) -> bool:
        """Whether one's own signature stands under it."""
        return self.own is not None and self.own.withdrawn_at is None

    @property
    def scale(self) -> int:
        """How long the bar is."""
        return max(self.progress.signed, self.petition.needed) + max(1, self.petition.needed // 5)


def beside(house: House) -> str:
    """What stands beside a signature where they are counted by units; in a small one it points at few."""
    many = accepted_in(house.me.unit).count()
    said = ngettext(
        "Where you belong stands beside it, for signatures are counted by it: %(unit)s, with %(n)s member.",
        "Where you belong stands beside it, for signatures are counted by it: %(unit)s, with %(n)s members.",
        many,
    )
    return said % {"unit": house.me.unit.name, "n": many}


def beside_a_question(house: House) -> str:
    """The same for whoever opens a question to all, and signs it first."""
    units = accepted_in(Unit.objects.root(house.id)).values("unit").distinct().count()
    counted = rules.units_needed("question", units=units, limits=limits_now(house.id)) > 1
    return beside(house) if counted else ""


def lists(house: House) -> tuple[list[Petition], list[tuple[Petition, str]]]:
    """Petitions that run, and those that are over with what came of them."""
    running = list(queries.running(house.me, at=house.now))
    return running, [(one, outcome(one)) for one in queries.ended(house.me)[:100]]


def outcome(petition: Petition) -> str:
    """What came of a petition, in a word."""
    if petition.state == rules.State.LAPSED:
        return _("Lapsed")
    if petition.outcome == "recalled":
        return _("Recalled")
    if petition.outcome == "kept":
        return _("Not recalled")
    return _("At the vote") if petition.about == "recall" else _("Before the members")


def find(house: House, petition_id: str) -> Petition:
    """One petition, for members."""
    found = Petition.objects.visible_to(house.member).select_related("title", "text", "unit__name")
    return get_object_or_404(found, pk=petition_id)


def one(house: House, petition: Petition) -> PetitionPage:
    """One petition for one reader."""
    signing = facts.signing(petition, house.me)
    own = queries.own_signature(petition, house.me)
    return PetitionPage(
        petition=petition,
        progress=queries.progress(petition, at=house.now),
        own=own,
        entry=_entry_of(petition, own) if own else None,
        why_not_sign=rules.may_sign(signing, at=house.now),
        why_not_withdraw=rules.may_withdraw(signing, at=house.now),
        poll=Poll.objects.filter(pk=petition.poll).first() if petition.poll else None,
        issue=_issue_of(petition),
        words="" if petition.state == rules.State.RUNNING else outcome(petition),
        samples=queries.samples_of(petition),
        drew_mine=queries.drew_own(petition, house.me),
        why_not_draw=queries.may_draw(petition, house.me, at=house.now),
        why_not_report=queries.may_report(petition, house.me, at=house.now),
        beside=beside(house) if petition.units_needed > 1 else "",
    )


def _entry_of(petition: Petition, own: Signature) -> int | None:
    """Where the latest act of one's alias stands: an entry that nobody else can tell whose it is."""
    entries = EntryRow.objects.filter(organisation=petition.organisation_id, actor=own.alias)
    return entries.order_by("-position").values_list("position", flat=True).first()


def _issue_of(petition: Petition) -> Issue | None:
    """The issue that a question became: the entry that put it names its petition."""
    if petition.about != "question" or petition.state != rules.State.REACHED:
        return None
    put = EntryRow.objects.filter(organisation=petition.organisation_id, kind="question.put")
    for row in put.filter(at__gte=petition.ended_at).order_by("position"):
        if read_core(bytes(row.data))["f"].get("subject") == petition.pk:
            return Issue.objects.filter(pk=row.subject).first()
    return None


def may_open_recall(house: House, term: Term) -> Refusal | None:
    """Why whoever looks may not ask for the recall of a holder; None where they may."""
    asked = facts.opening(house.id, house.me, about="recall", term_id=term.pk, term=term, at=house.now)
    return rules.may_open(asked, at=house.now)


def may_open_recalls(house: House, terms: Sequence[Term]) -> dict[str, Refusal | None]:
    """The same for each of several holders; for members."""
    if house.member is None:
        return {}
    asked = facts.recalling(house.id, house.member, terms, at=house.now)
    return {term: rules.may_open(one, at=house.now) for term, one in asked.items()}


def may_open_question(house: House) -> Refusal | None:
    """Why whoever looks may not put a question to all; None where they may."""
    asked = facts.opening(house.id, house.me, about="question", term_id="", term=None, at=house.now)
    return rules.may_open(asked, at=house.now)


def recalls_of(house: House, post: Post) -> list[tuple[Petition, str]]:
    """Every petition to recall a holder of a post, with what came of it; for members."""
    return [
        (one, "" if one.state == rules.State.RUNNING else outcome(one))
        for one in queries.recalls_from(post, house.member)
    ]


def recalls_running(house: House) -> dict[str, Petition]:
    """Recalls under way, by the term they are about; for members."""
    found = Petition.objects.visible_to(house.member).filter(about="recall")
    return {one.subject: one for one in found.filter(state__in=("running", "reached"))}


@dataclass(frozen=True)
class Recall:
    """What the vote on a recall is about, and its double test in figures."""

    petition: Petition
    term: Term
    poll: Poll
    electing: Poll

    @property
    def name(self) -> str:
        """Who would lose the post."""
        return str(self.term.member.name) or _("erased name")

    @property
    def needed(self) -> int:
        """How many must vote at least: half as large a part of those who may as when they were elected."""
        roll = max(1, self.electing.roll_count)
        return -(-(self.electing.cast or 0) * self.poll.roll_count // (2 * roll))

    @property
    def recalled(self) -> bool:
        """Whether they lost it."""
        return self.petition.outcome == "recalled"


def recall_of(poll: Poll) -> Recall | None:
    """What the vote on a recall is about."""
    if poll.about != "recall":
        return None
    petition = Petition.objects.select_related("title", "text").get(pk=poll.subject)
    term = Term.objects.select_related("member__name", "post__title").get(pk=petition.subject)
    return Recall(petition, term, poll, Poll.objects.get(pk=term.poll))


def recall_steps(recall: Recall) -> list[str]:
    """How the double test came out, in sentences."""
    figures, cast = recall.poll.figures or {}, recall.poll.cast or 0
    said = [
        _("More yes than no were needed: there were %(yes)s yes and %(no)s no.") % figures,
        _(
            "At least %(n)s of %(roll)s had to vote: half as large a part as elected %(name)s (%(electing)s "
            "of %(of)s)."
        )
        % {
            "n": recall.needed,
            "roll": recall.poll.roll_count,
            "name": recall.name,
            "electing": recall.electing.cast or 0,
            "of": recall.electing.roll_count,
        },
    ]
    if cast < recall.needed:
        said.append(_("Only %(cast)s did, so nothing changes.") % {"cast": cast})
    return said
