# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever members do with amendments, the auditor works out the same paper from the record alone."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.models import Alternative, Amendment, Combination, Draft
from kollontai.chapters.record.refusal import Refused
from tests.deliberation.amended import talked
from tests.deliberation.hall import CHAIR, MEMBERS

pytestmark = pytest.mark.django_db
WORDS = ("One.", "Two.", "Three.", "Four.", "", "Five.", "Six.")


class Anybody:
    """Somebody does something, as a die has it."""

    def __init__(self, hall, issue, seed: int) -> None:
        self.hall, self.issue, self.die = hall, issue, random.Random(seed)
        self.done: dict[str, int] = {}

    def text(self, least: int = 1) -> str:
        return "\n".join(self.die.choice(WORDS) for _ in range(self.die.randint(least, 5)))

    def lines(self) -> tuple[int, int, str]:
        first = self.die.randint(1, 5)
        operation = self.die.choice(("replace", "replace", "insert", "delete"))
        last = first - 1 if operation == "insert" else self.die.randint(first, 5)
        return first, last, operation

    def something(self) -> None:
        """One try; what is refused is as if it had not been tried."""
        by = self.hall.world.actor(self.die.choice((*MEMBERS, CHAIR)))
        drafts, moved = list(Draft.objects.order_by("letter")), list(Amendment.objects.order_by("number"))
        draft, die = self.die.choice(drafts), self.die
        first, last, operation = self.lines()
        one = die.choice(moved) if moved else None
        given = {
            "draft_id": draft.pk, "version": die.randint(max(1, draft.version - 1), draft.version),
            "operation": operation, "first": first, "last": last,
            "text": "" if operation == "delete" else self.text(),
        }  # fmt: skip
        mover = self.hall.world.actor(self.name_of(draft.mover_id))
        tries = [
            (move_amendment, by, given),
            (move_amendment, by, given),
            (revise_draft, mover, {"draft_id": draft.pk, "title": "Anew", "text": self.text() + "\nLast."}),
            (put_draft, by, {"issue_id": self.issue.pk, "title": "Mine", "text": self.text() + "\nLast."}),
            (support_draft, by, {"draft_id": draft.pk}),
        ]
        if one is not None:
            others = [row.pk for row in die.sample(moved, min(len(moved), die.randint(1, 2)))]
            theirs, here = self.hall.world.actor(self.name_of(one.mover_id)), {"amendment_id": one.pk}
            text_of = one.parent or one.draft
            taker = self.hall.world.actor(self.name_of(text_of.mover_id))
            tries += [
                (move_amendment, by, {**given, "draft_id": one.draft_id, "version": one.newest,
                                      "first": 1, "last": 0 if operation == "insert" else 1,
                                      "parent_id": one.pk}),
                *[(support_amendment, by, here)] * 4,
                *[(accept_amendment, taker, here)] * 2,
                (propose_combination, theirs, {**here, "with_ids": others}),
            ]  # fmt: skip
            if die.random() < 0.15:
                tries.append((withdraw_amendment, theirs, here))
                tries.append((withdraw_draft, mover, {"draft_id": draft.pk}))
        for proposal in Combination.objects.filter(combined_at=None):
            tries += [(agree_to_combination, by, {"combination_id": proposal.pk})] * 2
        act, who, what = die.choice(tries)
        try:
            act(who, **what)
        except Refused:
            return
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    def name_of(self, member_id: str) -> str:
        return next(name for name, pk in self.hall.world.people.items() if pk == member_id)


@pytest.mark.parametrize("seed", range(4))
def test_the_auditor_agrees_with_whatever_members_do(hall, seed):
    issue, _draft = talked(hall)
    anybody = Anybody(hall, issue, seed)
    for stage, times in (("talk", 45), ("answer", 12), ("reply", 30)):
        for _ in range(times):
            hall.now.move(minutes=2)
            anybody.something()
        assert hall.fresh(issue).stage == stage
        issue = hall.turned(issue)
    assert issue.stage == "vote"
    assert {"move_amendment", "support_amendment", "revise_draft"} <= anybody.done.keys()
    shown = issue.poll.options[:-1] if issue.poll.form == "ranked" else []
    written = Alternative.objects.filter(issue=issue)
    assert written.count() == sum(option in set(written.values_list("pk", flat=True)) for option in shown)
    assert written.count() > 0, "the die was thrown for nothing"
    assert issue.stage_ends_at - issue.stage_began_at > timedelta(days=1)
