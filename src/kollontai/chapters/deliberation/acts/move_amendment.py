# SPDX-License-Identifier: AGPL-3.0-or-later
"""Move to change some lines of a draft."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.deliberation import amending, rules, steps
from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as amendments
from kollontai.chapters.deliberation.amending import Change, Run
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment, the_draft
from kollontai.chapters.deliberation.models import Amendment, AmendmentSupporter, AmendmentVersion, Draft
from kollontai.chapters.record.act import Act, Refusal, Refused, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.amendments import AmendmentMoved


@act(locks=lambda given: on_issue_of(Draft, given["draft_id"]))
def move_amendment(
    this: Act,
    *,
    draft_id: str,
    version: int,
    operation: str,
    first: int,
    last: int,
    text: str = "",
    reasons: str = "",
    parent_id: str = "",
    files: Sequence[Attached] = (),
) -> Amendment:
    """Move to replace, insert or delete lines of a draft; with enough supporters it is voted on. Article 2.

    `version` is the one that was read, `first` to `last` its lines counted from 1; to insert, `last` is
    `first` - 1 and the new lines come before line `first`. `text` holds the new lines. With `parent_id` the
    lines counted are the new ones of that amendment. `files`: pictures and PDF files that show why.
    """
    text, reasons = rules.tidy(text), rules.tidy(reasons)
    draft = the_draft(this, draft_id)
    parent = the_amendment(this, parent_id) if parent_id else None
    if parent is not None and parent.draft_id != draft.pk:
        raise Refused(Refusal("no-such-amendment", rules.ARTICLE))
    member = the_actor(this)
    lines = () if operation == amendments.DELETE else tuple(amending.lines_of(text))
    moving, made = facts.moving(
        draft, member, given=Change(Run(first, last), lines), operation=operation, version=version,
        parent=parent, here=facts.amended([draft])[draft.pk], at=this.at,
    )  # fmt: skip
    require(amendments.may_move(moving, at=this.at))
    require(amendments.usable_lines(text))
    require(rules.usable_text(made))
    if reasons.strip():
        require(rules.usable_text(reasons))
    kept = steps.plain_files(files, member, at=this.at)

    fact = AmendmentMoved(
        amendment=new_id(), issue=draft.issue_id, draft=draft.pk, number=moving.all + 1, operation=operation,
        version=version, first=first, last=last, parent=parent.pk if parent else None,
    )  # fmt: skip
    words = {} if operation == amendments.DELETE else {"text": text}
    said = this.record(fact, **words, **({"reasons": reasons} if reasons.strip() else {}))
    amendment = Amendment.objects.create(
        id=fact.amendment,
        organisation_id=this.organisation_id,
        issue=draft.issue,
        draft=draft,
        parent=parent,
        number=fact.number,
        mover_id=this.actor,
        operation=operation,
        version=version,
        first=first,
        last=last,
        reasons=said.get("reasons"),
        moved_at=this.at,
    )
    AmendmentVersion.objects.create(
        organisation_id=this.organisation_id,
        amendment=amendment,
        version=1,
        text=said.get("text"),
        at=this.at,
    )
    steps.attach(this, draft.issue, "amendment", amendment.pk, kept)
    if not moving.place.leads:
        AmendmentSupporter.objects.create(
            organisation_id=this.organisation_id, amendment=amendment, member_id=this.actor, at=this.at
        )
    return amendment
