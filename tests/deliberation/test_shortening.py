# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members alone shorten an issue, by a letter and a date; and the ways somebody may try round it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation import hastening, shortening
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_shortening import propose_shortening
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_shortening import support_shortening
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue, Letter, Shortening, StageRow
from kollontai.chapters.deliberation.rules import Place
from kollontai.chapters.deliberation.shortening import Backing, Matter, Proposing
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.record.models import Deadline
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.hall import Hall

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORDS = {"title": "Buy two", "text": "1. We buy two kettles."}

# --- The rule, without a database --------------------------------------------------------------------

TALK = Place(True, True, False, Stage.TALK, AT + 5 * DAY, None)
MATTER = Matter("ordinary", 1, True, False, 0, 4, AT + 19 * DAY, AT + 5 * DAY)
PROPOSING = Proposing(TALK, MATTER, True, False, AT + 6 * DAY)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (PROPOSING, None),
        (replace(PROPOSING, place=replace(TALK, is_member=False)), "not-a-member"),
        (replace(PROPOSING, place=replace(TALK, concerned=False)), "another-unit"),
        (replace(PROPOSING, place=replace(TALK, leads=True)), "leaders-do-not-shorten"),
        (replace(PROPOSING, place=replace(TALK, stage=Stage.GATHERING)), "still-gathering"),
        (replace(PROPOSING, place=replace(TALK, stage=Stage.VOTE)), "vote-is-on"),
        (replace(PROPOSING, place=replace(TALK, stage=Stage.DECIDED)), "issue-over"),
        (replace(PROPOSING, place=replace(TALK, ends_at=AT)), "stage-just-over"),
        (replace(PROPOSING, place=replace(TALK, shortened=True)), "shortened-already"),
        (replace(PROPOSING, matter=replace(MATTER, weight="big")), "big-keeps-its-times"),
        (replace(PROPOSING, matter=replace(MATTER, effects=True)), "effects-keep-their-times"),
        (replace(PROPOSING, matter=replace(MATTER, texts=2)), "one-text-to-shorten"),
        (replace(PROPOSING, matter=replace(MATTER, texts=0)), "one-text-to-shorten"),
        (replace(PROPOSING, matter=replace(MATTER, a_draft=False)), "one-text-to-shorten"),
        (replace(PROPOSING, matter=replace(MATTER, lately=4)), "shortened-often-enough"),
        (replace(PROPOSING, proposed=True), "shortening-proposed-already"),
        (replace(PROPOSING, letter_here=False), "no-such-letter"),
        (replace(PROPOSING, before=AT + 19 * DAY), "date-not-pressing"),
        (replace(PROPOSING, before=AT + 5 * DAY), None),
        (replace(PROPOSING, before=AT + 5 * DAY - timedelta(minutes=1)), "too-late-to-shorten"),
        (replace(PROPOSING, before=datetime(2026, 3, 8)), "letter-time-unclear"),
    ],
)
def test_who_may_propose_to_shorten_and_when(facts: Proposing, code: str | None) -> None:
    refusal = shortening.may_propose(facts, at=AT)
    assert (refusal.code if refusal else None) == code


def test_who_stands_behind_it_does_so_once_and_in_time() -> None:
    facts = Backing(TALK, MATTER, False, AT + 6 * DAY)
    assert shortening.may_back(facts, at=AT) is None
    refused = [
        shortening.may_back(replace(facts, supports=True), at=AT),
        shortening.may_back(replace(facts, before=AT), at=AT),
        shortening.may_back(replace(facts, place=replace(TALK, leads=True)), at=AT),
    ]
    codes = [one.code for one in refused if one]
    assert codes == ["already-supports", "too-late-to-shorten", "leaders-do-not-shorten"]


@pytest.mark.parametrize(("members", "needed"), [(3, 5), (50, 5), (51, 6), (1860, 186)])
def test_a_tenth_of_them_and_five_at_the_least(members: int, needed: int) -> None:
    limits = {"N.shorten_share": 1000, "N.shorten_least": 5}
    assert shortening.needed(members, limits) == needed


# --- By acts -----------------------------------------------------------------------------------------


def letter(hall: Hall, issue: Issue, by: str = "hal") -> Letter:
    given = {"sender": "The landlord", "text": "We sell on Friday.", "received_at": hall.now.time - HOUR}
    made: Letter = post_letter(hall.world.actor(by), issue_id=issue.pk, **given).value
    return made


def proposed(hall: Hall, issue: Issue, *, days: float = 6, by: str = "ada") -> Shortening:
    before = hall.now.time + days * DAY
    given = {"issue_id": issue.pk, "letter_id": letter(hall, issue).pk, "before": before}
    made: Shortening = propose_shortening(hall.world.actor(by), **given).value
    return made


def shortened(hall: Hall, issue: Issue, *names: str, **given: Any) -> Issue:
    proposal = proposed(hall, issue, **given)
    for name in names or ("ben", "cleo", "dai", "eva"):
        support_shortening(hall.world.actor(name), shortening_id=proposal.pk)
    return hall.fresh(issue)


@pytest.mark.django_db
def test_five_members_shorten_an_issue_to_its_hours_and_the_clock_asks_about_it(hall: Hall) -> None:
    issue = hall.talked()
    hall.now.pass_days(1)
    began = hall.now.time
    issue = shortened(hall, issue)
    assert hall.world.kinds()[-2:] == ["shortening.supported", "issue.shortened"]
    assert (issue.stage, issue.stage_ends_at, issue.shortened_at) == ("talk", began + 48 * HOUR, began)
    assert StageRow.objects.get(issue=issue).ends_at == issue.stage_ends_at
    assert Deadline.objects.get(subject=issue.pk, done_at=None).due == issue.stage_ends_at
    hall.said("finn", issue)
    hours = [48]
    for stage, lasts in (("answer", 12), ("reply", 12), ("vote", 48)):
        issue = hall.turned(issue)
        hours.append(lasts)
        assert (issue.stage, issue.stage_ends_at) == (stage, began + sum(hours) * HOUR)
    assert issue.poll.form == "yes_no"
    for name in ("ada", "ben", "cleo"):
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice="yes")
    issue = hall.turned(issue)
    assert issue.outcome == "carried"
    review = Issue.objects.get(number=2)
    assert (review.raised_by, review.stage, review.weight, review.unit) == (
        None,
        "talk",
        "ordinary",
        issue.unit,
    )
    text = str(review.drafts.get().versions.get().text)
    proposal = Shortening.objects.get()
    for moment in (
        proposal.letter.received_at,
        proposal.letter.at,
        proposal.before,
        began,
        proposal.would_end,
    ):
        assert f"{moment:%Y-%m-%d %H:%M} UTC" in text
    assert "by 5 members who do not lead on it; 5 were needed" in text


@pytest.mark.django_db
@pytest.mark.parametrize(("stage", "hours"), [("answer", 12), ("reply", 12)])
def test_a_later_stage_is_shortened_from_that_moment_and_what_is_past_is_past(
    hall: Hall, stage: str, hours: int
) -> None:
    issue = hall.stood_in(stage)
    began, closes = hall.now.time, issue.drafts_close_at
    issue = shortened(hall, issue)
    assert (issue.stage_ends_at, issue.drafts_close_at) == (began + hours * HOUR, closes)


@pytest.mark.django_db
def test_no_stage_gets_longer(hall: Hall) -> None:
    issue = hall.stood_in("reply")
    hall.now.pass_to(issue.stage_ends_at - HOUR)
    assert shortened(hall, issue, days=3).stage_ends_at == issue.stage_ends_at


@pytest.mark.django_db
def test_a_withdrawn_text_ends_it_and_the_clock_asks_all_the_same(hall: Hall) -> None:
    issue = shortened(hall, hall.talked())
    withdraw_draft(hall.world.actor("ada"), draft_id=issue.drafts.get().pk)
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert issue.outcome == "lapsed"
    assert Issue.objects.get(number=2).raised_by is None


@pytest.mark.django_db
def test_leaders_have_no_part_in_it_and_count_for_nothing(hall: Hall) -> None:
    issue = hall.talked()
    given = {"issue_id": issue.pk, "letter_id": letter(hall, issue).pk, "before": hall.now.time + 6 * DAY}
    assert hall.refused(propose_shortening, "hal", **given) == "leaders-do-not-shorten"
    proposal = proposed(hall, issue)
    assert hall.refused(support_shortening, "hal", shortening_id=proposal.pk) == "leaders-do-not-shorten"
    assert hall.refused(support_shortening, "ada", shortening_id=proposal.pk) == "already-supports"
    assert hall.refused(support_shortening, "ada", shortening_id="nothing") == "no-such-shortening"
    assert hastening.standing(proposal, {hall.world.people["ada"]}) == 0
    for name in ("ben", "cleo", "dai"):
        support_shortening(hall.world.actor(name), shortening_id=proposal.pk)
    assert hall.fresh(issue).shortened_at is None


@pytest.mark.django_db
def test_its_text_is_fixed_and_no_other_comes_beside_it(hall: Hall) -> None:
    issue = hall.talked()
    beside = hall.drafted("finn", issue)
    issue = shortened(hall, issue)
    draft = issue.drafts.get(first=True)
    fixed = "shortened-text-is-fixed"
    assert hall.refused(put_draft, "gus", issue_id=issue.pk, **WORDS) == fixed
    assert hall.refused(revise_draft, "ada", draft_id=draft.pk, **WORDS) == fixed
    assert hall.refused(support_draft, "gus", draft_id=beside.pk) == fixed
    assert hall.refused(call_big, "gus", issue_id=issue.pk) == fixed
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 1, "last": 1}
    assert hall.refused(move_amendment, "gus", **given) == fixed
    again = {"issue_id": issue.pk, "letter_id": issue.letters.get().pk, "before": hall.now.time + 6 * DAY}
    assert hall.refused(propose_shortening, "gus", **again) == "shortened-already"


@pytest.mark.django_db
def test_what_keeps_its_times(hall: Hall) -> None:
    scribe = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
    for issue, code in (
        (hall.talked(big=True), "big-keeps-its-times"),
        (hall.talked(effects=[scribe]), "effects-keep-their-times"),
    ):
        given = {"issue_id": issue.pk, "letter_id": letter(hall, issue).pk, "before": hall.now.time + 6 * DAY}
        assert hall.refused(propose_shortening, "ada", **given) == code
    issue = hall.talked()
    hall.drafted("ben", issue, "cleo")
    given = {"issue_id": issue.pk, "letter_id": letter(hall, issue).pk, "before": hall.now.time + 6 * DAY}
    assert hall.refused(propose_shortening, "ada", **given) == "one-text-to-shorten"


@pytest.mark.django_db
def test_a_letter_of_another_issue_is_no_letter_and_a_second_proposal_none_either(hall: Hall) -> None:
    issue, other = hall.talked(), hall.talked()
    given = {"issue_id": issue.pk, "letter_id": letter(hall, other).pk, "before": hall.now.time + 6 * DAY}
    assert hall.refused(propose_shortening, "ada", **given) == "no-such-letter"
    proposed(hall, issue)
    again = {**given, "letter_id": letter(hall, issue).pk}
    assert hall.refused(propose_shortening, "ada", **again) == "shortening-proposed-already"


@pytest.mark.django_db
def test_a_proposal_that_came_too_late_is_over(hall: Hall) -> None:
    issue = hall.talked()
    proposal = proposed(hall, issue)
    hall.now.pass_days(1.5)
    assert hall.refused(support_shortening, "ben", shortening_id=proposal.pk) == "too-late-to-shorten"


@pytest.mark.django_db
def test_a_unit_shortens_four_times_within_a_year(hall: Hall) -> None:
    issues = [hall.talked() for _ in range(5)]
    for issue in issues[:4]:
        shortened(hall, issue)
    last = issues[4]
    given = {"issue_id": last.pk, "letter_id": letter(hall, last).pk, "before": hall.now.time + 6 * DAY}
    assert hall.refused(propose_shortening, "ada", **given) == "shortened-often-enough"
    ferry = hall.talked("kit", "Ferry Crews")
    assert proposed(hall, ferry, days=5.5, by="kit").shortened_at is None
