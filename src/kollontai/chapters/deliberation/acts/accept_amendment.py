# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take an amendment into one's own text."""

from __future__ import annotations

from kollontai.chapters.deliberation import amending, steps, weighing
from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation.amending import Change
from kollontai.chapters.deliberation.facts import effects_of
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment
from kollontai.chapters.deliberation.models import Amendment, AmendmentVersion
from kollontai.chapters.deliberation.rules import usable_text
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.amendments import AmendmentAccepted, AmendmentRevised


@act(locks=lambda given: on_issue_of(Amendment, given["amendment_id"]))
def accept_amendment(this: Act, *, amendment_id: str) -> Amendment:
    """Take an amendment into one's own draft, or into one's own amendment, as a new version. Article 2.

    The new version is the newest one with the amendment, to the letter, and declares the same effects. Should
    these need the long times by now, it makes the matter a big one as any other version does.
    """
    amendment = the_amendment(this, amendment_id)
    here = facts.amended([amendment.draft])[amendment.draft_id]
    doing = facts.doing(amendment, the_actor(this), at=this.at, here=here)
    require(rules.may_accept(doing, at=this.at))
    motion, texts = here.motions[amendment.pk], here.text_of(amendment)
    settled = amending.settle(motion, texts)
    made = amending.applied(texts.lines(texts.newest), Change(settled.run, motion.lines))
    text = amending.text_of(made)
    require(rules.usable_lines(text) if amendment.parent else usable_text(text))

    amendment.accepted_at, amendment.accepted_as = this.at, doing.text_version + 1
    amendment.save(update_fields=["accepted_at", "accepted_as"])
    this.record(
        AmendmentAccepted(amendment=amendment.pk, issue=amendment.issue_id, version=amendment.accepted_as)
    )
    if amendment.parent is None:
        draft, declared = amendment.draft, effects_of(amendment.draft)
        steps.revise_draft(this, draft, title=str(steps.newest(draft).title), text=text, declared=declared)
        weighing.make_big_when_needed(this, draft.issue, declared)
    else:
        _revise(this, amendment.parent, text)
    return amendment


def _revise(this: Act, parent: Amendment, text: str) -> None:
    parent.newest += 1
    parent.save(update_fields=["newest"])
    fact = AmendmentRevised(amendment=parent.pk, issue=parent.issue_id, version=parent.newest)
    AmendmentVersion.objects.create(
        organisation_id=this.organisation_id,
        amendment=parent,
        version=parent.newest,
        at=this.at,
        **this.record(fact, text=text),
    )
