# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about amendments: the texts of drafts through their versions, and where each amendment stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.deliberation import amending, facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation.amending import Change, Motion, Run, Standing, Versions
from kollontai.chapters.deliberation.models import (
    Amendment,
    AmendmentSupporter,
    AmendmentVersion,
    Combination,
    Draft,
    DraftVersion,
    Issue,
)
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content


@dataclass(frozen=True)
class Amended:
    """A draft with its amendments: rows, motions and where they stand, each by id.

    `erased`: of which versions, of the draft or an amendment, the words are gone.
    """

    draft: Draft
    texts: Versions
    rows: dict[str, Amendment]
    motions: dict[str, Motion]
    standing: dict[str, Standing]
    erased: dict[tuple[str, int], Content]

    def text_of(self, row: Amendment) -> Versions:
        """The text that an amendment speaks of: the draft, or its parent's new lines."""
        return self.motions[row.parent_id].texts if row.parent_id else self.texts


def amended(drafts: Iterable[Draft]) -> dict[str, Amended]:
    """Drafts of one issue with all their amendments, in three queries, by the draft's id."""
    wanted = {draft.pk: draft for draft in drafts}
    texts: dict[str, list[list[str]]] = {draft: [] for draft in wanted}
    erased: dict[tuple[str, int], Content] = {}
    versions = DraftVersion.objects.filter(draft__in=wanted).select_related("text").order_by("version")
    for version in versions:
        texts[version.draft_id].append(amending.lines_of(str(version.text)))
        if version.text.erased:
            erased[version.draft_id, version.version] = version.text
    rows: dict[str, dict[str, Amendment]] = {draft: {} for draft in wanted}
    for row in (
        Amendment.objects.filter(draft__in=wanted).select_related("mover__name", "reasons").order_by("number")
    ):
        rows[row.draft_id][row.pk] = row
    own: dict[str, list[list[str]]] = {}
    said = AmendmentVersion.objects.filter(amendment__draft__in=wanted).select_related("text")
    for one in said.order_by("version"):
        own.setdefault(one.amendment_id, []).append(
            [] if one.text is None else amending.lines_of(str(one.text))
        )
        if one.text is not None and one.text.erased:
            erased[one.amendment_id, one.version] = one.text
    return {
        draft.pk: _amended(draft, Versions(texts[draft.pk]), rows[draft.pk], own, erased)
        for draft in wanted.values()
    }


def _amended(
    draft: Draft,
    texts: Versions,
    rows: dict[str, Amendment],
    own: dict[str, list[list[str]]],
    erased: dict[tuple[str, int], Content],
) -> Amended:
    motions = {
        row.pk: Motion(
            id=row.pk,
            number=row.number,
            version=row.version,
            run=Run(row.first, row.last),
            texts=Versions(own[row.pk]),
            parent=row.parent_id or "",
            withdrawn=row.withdrawn_at is not None,
            accepted=row.accepted_as,
        )
        for row in rows.values()
    }
    standing = {one.motion.id: one for one in amending.stand_all(list(motions.values()), texts)}
    return Amended(draft, texts, rows, motions, standing, erased)


def backed(issue: Issue, leaders: Collection[str]) -> dict[str, int]:
    """How many who are no leaders stand behind each amendment of an issue."""
    counts = dict.fromkeys(issue.amendments.values_list("pk", flat=True), 0)
    found = AmendmentSupporter.objects.filter(amendment__issue=issue).exclude(member__in=leaders)
    for amendment in found.values_list("amendment", flat=True):
        counts[amendment] += 1
    return counts


def moving(
    draft: Draft,
    member: Member | None,
    *,
    given: amending.Change,
    operation: str,
    version: int,
    parent: Amendment | None,
    here: Amended,
    at: datetime,
) -> tuple[rules.Moving, str]:
    """Facts for moving an amendment; and the draft's text as it would make it."""
    issue, run = draft.issue, given.run
    texts = here.motions[parent.pk].texts if parent else here.texts
    known = 1 <= version <= texts.newest
    suits = known and run.fits(texts.lines(version)) and run.is_place == (operation == rules.INSERT)
    there = texts.carried(run, version, texts.newest) if suits else None
    result, changes, empties = "", False, False
    if there is not None:
        motion = Motion(
            id="new", number=0, version=version, run=run, texts=Versions([given.lines]),
            parent=parent.pk if parent else "",
        )  # fmt: skip
        stands = amending.stand(motion, here.texts, here.motions[parent.pk] if parent else None)
        newest = texts.lines(texts.newest)
        made = amending.applied(newest, Change(there, given.lines))
        changes, empties = made != newest, parent is not None and not made
        result = amending.text_of(amending.applied(here.texts.lines(stands.version), stands.change))
    return (
        rules.Moving(
            place=facts.place(issue, member, at=at),
            operation=operation,
            version_known=known,
            fits=suits,
            carried=there is not None,
            changes=changes,
            own=issue.amendments.filter(mover=member).count() if member else 0,
            all=issue.amendments.count(),
            draft_withdrawn=draft.withdrawn_at is not None,
            to_amendment=parent is not None,
            parent_is_child=parent is not None and parent.parent_id is not None,
            parent_over=parent is not None and is_over(parent),
            parent_deletes=parent is not None and parent.operation == rules.DELETE,
            empties_parent=empties,
            newest=texts.newest,
        ),
        result,
    )


def is_over(row: Amendment) -> bool:
    """Whether an amendment was withdrawn or accepted."""
    return row.withdrawn_at is not None or row.accepted_at is not None


def doing(
    row: Amendment,
    member: Member | None,
    *,
    at: datetime,
    here: Amended | None = None,
    leaders: set[str] | None = None,
    supports: bool | None = None,
) -> rules.Amending:
    """Facts for doing something with an amendment; `here` is needed for accepting it."""
    member_id = member.pk if member else ""
    text_of = row.parent or row.draft
    settled = amending.settle(here.motions[row.pk], here.text_of(row)) if here else None
    if supports is None:
        supports = row.supporters.filter(member=member_id).exists()
    return rules.Amending(
        place=facts.place(row.issue, member, at=at, leaders=leaders),
        is_mover=row.mover_id == member_id,
        withdrawn=row.withdrawn_at is not None,
        accepted=row.accepted_at is not None,
        supports=supports,
        to_amendment=row.parent is not None,
        moves_the_text=text_of.mover_id == member_id,
        nobodys_text=text_of.mover_id is None,
        text_over=is_over(row.parent) if row.parent else row.draft.withdrawn_at is not None,
        overtaken=settled is not None and settled.overtaken,
        text_version=row.parent.newest if row.parent else row.draft.version,
    )


def combining(
    issue: Issue,
    member: Member | None,
    wanted: Sequence[Amendment],
    *,
    proposal: Combination | None = None,
    at: datetime,
) -> rules.Combining:
    """Facts for making one alternative of several amendments, as they stand now."""
    member_id = member.pk if member else ""
    drafts = {row.draft_id: row.draft for row in wanted}
    over = conflict = False
    if len(drafts) == 1:
        here = amended(drafts.values())[wanted[0].draft_id]
        parts = [here.standing[row.pk] for row in wanted]
        over = any(is_over(row) for row in wanted) or any(part.overtaken for part in parts)
        conflict = amending.clash(parts)
    taken = combined_in(issue)
    return rules.Combining(
        place=facts.place(issue, member, at=at),
        several=len({row.pk for row in wanted}),
        one_draft=len(drafts) == 1,
        own=any(row.mover_id == member_id for row in wanted),
        over=over,
        combined=any(row.pk in taken for row in wanted),
        conflict=conflict,
        proposals=issue.combinations.filter(proposed_by=member).count() if member else 0,
        asked=proposal is None
        or (proposal.proposed_by_id != member_id and any(row.mover_id == member_id for row in wanted)),
        agreed=proposal is not None and proposal.agreed.filter(member=member_id).exists(),
    )


def combined_in(issue: Issue) -> set[str]:
    """The ids of amendments on an issue that stand in a combination already."""
    lists = issue.combinations.exclude(combined_at=None).values_list("amendments", flat=True)
    return {amendment for names in lists for amendment in names}
