# SPDX-License-Identifier: AGPL-3.0-or-later
"""The charter is changed by the vote of all members, one subject at a time, and never past its bounds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.charter import articles
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.followers.export import export_to
from tests.deliberation.hall import Hall
from tests.web.hall import Hall as Reader

pytestmark = pytest.mark.django_db
LIMITS = articles.read().defaults("normal")
WORDS = {"title": "Another way", "text": "1. Otherwise."}
READY = {"title": "A", "text": "Why.", "draft_title": "B", "draft_text": "1. B."}
LONGER = Effect("set_limit", key="D1.ordinary", value=14)
SCRIBE = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
EVERYBODY = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "kit", "lou", "mia")


def limit(key: str, value: int, of: int | None = None) -> Effect:
    return Effect("set_limit", key=key, value=value, of=of)


def carried(hall: Hall, *effects: Effect, yes: int = 6, no: int = 2, **given: Any) -> Any:
    """An issue with these effects, brought to its count."""
    issue = hall.stood_in("vote", effects=list(effects), **given)
    for number, name in enumerate(EVERYBODY[: yes + no]):
        choice = "yes" if number < yes else "no"
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice=choice)
    return hall.turned(issue)


def test_a_limit_is_moved_by_the_vote_of_all_and_holds_for_what_begins_later(hall):
    running = hall.talked()
    issue = carried(hall, LONGER)
    assert (issue.weight, issue.outcome) == ("big", "carried")
    assert hall.world.kinds()[-3:] == ["issue.decided", "resolution.in_force", "charter.changed"]
    changed = Charter.objects.get(version=2)
    assert (changed.what, changed.key, changed.was, changed.value) == ("set_limit", "D1.ordinary", 10, 14)
    assert (changed.issue, changed.draft) == (issue.pk, issue.drafts.get().pk)
    assert Limit.objects.get(key="D1.ordinary").value == 14
    assert limits_now(hall.world.id)["D1.ordinary"] == 14
    assert hall.fresh(running).limits["D1.ordinary"] == 10
    assert hall.raised().limits["D1.ordinary"] == 14


def test_the_vote_is_counted_by_the_charters_own_majority(hall):
    issue = hall.stood_in("vote", effects=[LONGER])
    poll = issue.poll
    assert (poll.quorum_bp, poll.majority_num, poll.majority_den, poll.more_than) == (
        LIMITS["D9.charter"], 2, 3, False
    )  # fmt: skip
    paper = json.loads(str(poll.paper))["draft"]
    assert paper["would_change"] == [
        "The charter: Members' talk on an ordinary matter: 14 days (now: 10 days), for what begins later."
    ]


@pytest.mark.parametrize(("yes", "no", "outcome"), [(4, 2, "carried"), (5, 3, "not-carried")])
def test_two_thirds_of_yes_and_no_are_needed(hall, yes, no, outcome):
    assert carried(hall, LONGER, yes=yes, no=no).outcome == outcome
    assert Charter.objects.count() == (2 if outcome == "carried" else 1)


def test_a_majority_of_few_is_not_enough(hall):
    assert carried(hall, LONGER, yes=2, no=0).outcome == "not-carried"


def test_joining_and_the_own_words_are_changed_likewise(hall):
    carried(hall, Effect("set_joining", joining="vouched"))
    assert hall.world.organisation.joining == "vouched"
    carried(hall, Effect("set_charter_text", text="We share\r\nwhat we have."), title="Words")
    assert [str(one.text) for one in Charter.objects.order_by("version")][2:] == ["We share\nwhat we have."]
    carried(hall, limit("D1.unit", 9), title="More")
    assert str(Charter.objects.get(version=4).text) == "We share\nwhat we have."


def test_several_drafts_on_one_limit_are_ranked_by_the_same_majority(hall):
    issue = hall.talked(effects=[LONGER])
    other = put_draft(
        hall.world.actor("ben"), issue_id=issue.pk, effects=[limit("D1.ordinary", 12)], **WORDS
    ).value
    for name in ("cleo", "dai"):
        support_draft(hall.world.actor(name), draft_id=other.pk)
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert (issue.poll.majority_num, issue.poll.majority_den) == (2, 3)
    first = issue.drafts.get(first=True).pk
    for name in EVERYBODY[:6]:
        cast_ballot(
            hall.world.actor(name), poll_id=issue.poll_id, ranking=[[other.pk], ["status-quo"], [first]]
        )
    hall.turned(issue)
    assert limits_now(hall.world.id)["D1.ordinary"] == 12
    assert Charter.objects.count() == 2


# --- Refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "code", "bound"),
    [
        (limit("D1.ordinary", 6), "limit-at-its-floor", "7 days"),
        (limit("D9.charter", 2600), "limit-at-its-ceiling", "25 %"),
        (limit("D9.charter", 1400), "limit-at-its-floor", "15 %"),
        (limit("C1.num", 1, 2), "limit-at-its-floor", "3/5"),
        (limit("C1.num", 4, 3), "limit-at-its-ceiling", "1/1"),
        (limit("C1.num", 3, 0), "limit-at-its-ceiling", "1/1"),
        (limit("S6.least", -1), "limit-at-its-floor", "0 members"),
        (limit("C1.num", 1, 1), "limit-at-its-ceiling", "3/4"),
        (limit("D1.big", 3650), "limit-at-its-ceiling", "56 days"),
        (limit("R1.before", 3650), "limit-at-its-ceiling", "60 days"),
        (limit("O4.unpaid", 0), "limit-at-its-floor", "1"),
        (limit("X5.limitation", 0), "limit-at-its-floor", "90 days"),
        (limit("S1.root_divisor", 2**53), "limit-at-its-ceiling", "1000"),
        (limit("C1.num", 3), "limit-both-parts", None),
        (limit("C1.den", 4), "limit-both-parts", None),
        (limit("D1.big", 20, 2), "limit-both-parts", None),
        (limit("N.nominations", 7), "limit-entrenched", None),
        (limit("E2.declare_num", 3, 4), "limit-entrenched", None),
        (limit("D4.big", 6), "limit-below-the-other", None),
        (limit("D3.big", 8), "limit-below-the-other", None),
        (limit("D1.ordinary", 10), "effect-changes-nothing", None),
        (limit("D99", 10), "limit-unknown", None),
        (Effect("set_limit", key="D1.big"), "effect-incomplete", None),
        (Effect("set_limit", key="D1.big", value=20, title="Chair"), "effect-incomplete", None),
        (Effect("set_joining", joining="tied"), "joining-unknown", None),
        (Effect("set_joining", joining="open"), "effect-changes-nothing", None),
        (Effect("set_charter_text", text="a\0b"), "text-unusable", None),
        (Effect("set_charter_text"), "effect-incomplete", None),
        (Effect("end_post", post="x", key="D1.big"), "effect-incomplete", None),
    ],
)
def test_what_no_vote_can_do_is_refused_when_it_is_declared_with_its_bound(hall, effect, code, bound):
    refusal = hall.refusal(raise_issue, "ada", unit_id=hall.world.unit().pk, effects=[effect], **READY)
    assert refusal.code == code
    if bound is not None:
        assert refusal.facts["bound"] == bound


def test_a_section_changes_no_charter(hall):
    ferry = hall.world.unit("Ferry Crews").pk
    assert hall.refused(raise_issue, "kit", unit_id=ferry, effects=[LONGER], **READY) == "charter-is-of-all"


# --- Ways round --------------------------------------------------------------------------------------


def test_a_change_of_the_charter_hidden_among_others_is_refused(hall):
    others = [Effect("create_post", title=f"P{n}", seats=1, term_days=9, duty="juror") for n in range(5)]
    given = {"unit_id": hall.world.unit().pk, **READY}
    hidden = [*others[:3], LONGER, *others[3:]]
    assert hall.refused(raise_issue, "ada", effects=hidden, **given) == "one-subject"
    assert hall.refused(raise_issue, "ada", effects=[LONGER, limit("D1.unit", 9)], **given) == "one-subject"
    assert hall.refused(raise_issue, "ada", effects=[LONGER, LONGER], **given) == "one-subject"


def test_nobody_makes_another_matter_harder_to_carry_by_a_draft_on_the_charter_beside_it(hall):
    issue = hall.talked(effects=[SCRIBE])
    assert hall.refused(put_draft, "ben", issue_id=issue.pk, effects=[LONGER], **WORDS) == "charter-own-issue"
    first = issue.drafts.get().pk
    assert hall.refused(revise_draft, "ada", draft_id=first, effects=[LONGER], **WORDS) == "charter-own-issue"


@pytest.mark.parametrize("goes", ["taken back", "revised"])
def test_nobody_lets_a_draft_fall_to_the_simple_majority_by_leaving_in_the_last_hour(hall, goes):
    issue = hall.talked(effects=[LONGER])
    other = put_draft(hall.world.actor("ben"), issue_id=issue.pk, **WORDS).value
    for name in ("cleo", "dai"):
        support_draft(hall.world.actor(name), draft_id=other.pk)
    issue = hall.turned(hall.turned(issue))
    first = issue.drafts.get(first=True)
    if goes == "taken back":
        hall.now.pass_to(issue.stage_ends_at - timedelta(hours=1))
        withdraw_draft(hall.world.actor("ada"), draft_id=first.pk)
    else:
        revise_draft(hall.world.actor("ada"), draft_id=first.pk, effects=[], **WORDS)
        withdraw_draft(hall.world.actor("ada"), draft_id=first.pk)
    issue = hall.turned(issue)
    poll = issue.poll
    assert (poll.form, poll.majority_num, poll.majority_den, poll.more_than) == ("yes_no", 2, 3, False)
    for number, name in enumerate(EVERYBODY[:7]):
        cast_ballot(hall.world.actor(name), poll_id=poll.pk, choice="yes" if number < 4 else "no")
    assert hall.turned(issue).outcome == "not-carried"


def test_half_of_a_fraction_is_never_changed(hall):
    carried(hall, limit("C1.num", 3, 5))
    limits = limits_now(hall.world.id)
    assert (limits["C1.num"], limits["C1.den"]) == (3, 5)
    given = {"unit_id": hall.world.unit().pk, **READY}
    assert hall.refused(raise_issue, "ada", effects=[limit("C1.num", 2)], **given) == "limit-both-parts"
    assert hall.refused(raise_issue, "ada", effects=[limit("C1.den", 6)], **given) == "limit-both-parts"


def test_two_votes_one_after_the_other_come_to_the_floor_and_not_below(hall):
    carried(hall, limit("D1.ordinary", 8))
    carried(hall, limit("D1.ordinary", 7), title="Again")
    refusal = hall.refusal(
        raise_issue, "ada", unit_id=hall.world.unit().pk, effects=[limit("D1.ordinary", 6)], **READY
    )
    assert (refusal.code, refusal.facts["bound"]) == ("limit-at-its-floor", "7 days")
    assert Charter.objects.count() == 3


def test_of_two_votes_that_fit_each_and_not_together_the_second_is_left_undone(hall, tmp_path):
    """The leaders' time up to that of the reply by one vote, the reply down by the other."""
    carried(hall, limit("D4.big", 9))
    first = hall.talked(effects=[limit("D3.big", 9)])
    second = hall.talked(effects=[limit("D4.big", 7)], title="Shorter")
    while hall.fresh(second).stage != "vote":
        hall.turned(second)
    for issue in (first, second):
        for name in EVERYBODY[:6]:
            cast_ballot(hall.world.actor(name), poll_id=hall.fresh(issue).poll_id, choice="yes")
    hall.turned(second)
    assert hall.fresh(first).outcome == hall.fresh(second).outcome == "carried"
    limits = limits_now(hall.world.id)
    assert (limits["D3.big"], limits["D4.big"]) in ((9, 9), (7, 7))
    assert Charter.objects.count() == 3
    done = Charter.objects.latest("version").issue
    left, right = (second, first) if done == first.pk else (first, second)
    reader, said = Reader(hall.world, hall.now).enter("ada"), "It carried, and this was left undone:"
    for address in (f"issues/{left.number}/", f"votes/{hall.fresh(left).poll_id}/"):
        assert said in reader.get(f"/tidewater/{address}").content.decode()
    for address in (f"issues/{right.number}/", f"votes/{hall.fresh(right).poll_id}/"):
        assert said not in reader.get(f"/tidewater/{address}").content.decode()
    charter = reader.get("/tidewater/charter/").content.decode()
    section = charter[charter.index('id="undone"') : charter.index('id="a1"')]
    assert f"/tidewater/issues/{left.number}/" in section
    assert f"/tidewater/issues/{right.number}/" not in section
    for address in ("", "issues/?show=ended"):
        assert reader.get(f"/tidewater/{address}").content.decode().count("Its change was left undone") == 1
    export_to(hall.world.organisation, tmp_path / "export")
    observed = {one.subject: one.sentence for one in audit_export(tmp_path / "export").observations}
    assert observed[left.pk].startswith(f"{left.pk} carried and was left undone, as the articles say:")
    assert right.pk not in observed


def test_what_became_so_meanwhile_may_stay_in_a_draft_and_changes_nothing(hall):
    first = hall.talked(effects=[LONGER])
    hall.now.pass_days(15)
    second = hall.talked(effects=[LONGER], title="Again")
    while hall.fresh(first).stage != "vote":
        hall.turned(first)
    for name in EVERYBODY[:6]:
        cast_ballot(hall.world.actor(name), poll_id=hall.fresh(first).poll_id, choice="yes")
    hall.turned(first)
    assert hall.fresh(second).stage == "reply"
    revise_draft(hall.world.actor("ada"), draft_id=second.drafts.get().pk, **WORDS)
    hall.turned(second)
    for name in EVERYBODY[:6]:
        cast_ballot(hall.world.actor(name), poll_id=hall.fresh(second).poll_id, choice="yes")
    assert hall.turned(second).outcome == "carried"
    assert Charter.objects.count() == 2


def test_a_shorter_limit_does_not_shorten_what_runs(hall):
    shorter = hall.talked(effects=[limit("D5.other", 5)])
    while hall.fresh(shorter).stage != "vote":
        hall.turned(shorter)
    running = hall.talked(title="Runs")
    for name in EVERYBODY[:6]:
        cast_ballot(hall.world.actor(name), poll_id=hall.fresh(shorter).poll_id, choice="yes")
    hall.turned(shorter)
    assert limits_now(hall.world.id)["D5.other"] == 5
    while hall.fresh(running).stage != "vote":
        hall.turned(running)
    poll = hall.fresh(running).poll
    assert (poll.closes_at - poll.opens_at).days >= LIMITS["D5.other"] - 1
