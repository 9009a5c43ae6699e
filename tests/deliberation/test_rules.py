# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what in each stage, and when it becomes possible: tables of facts, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kollontai.chapters.deliberation import rules
from kollontai.chapters.deliberation.rules import Place
from kollontai.chapters.deliberation.stages import MAY, NEXT, TIMED, Doing, Role, Stage, days_key, opens_in

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
END = NOW + timedelta(days=3)
CLOSED = NOW + timedelta(days=1)


def place(stage: Stage, *, leads: bool = False, **more: object) -> Place:
    ends = None if stage in (Stage.DECIDED, Stage.LAPSED) else END
    known = Place(
        is_member=True, concerned=True, leads=leads, stage=stage, ends_at=ends, drafts_close_at=None
    )
    return replace(known, **more)  # type: ignore[arg-type]


def code(refusal: rules.Refusal | None) -> str | None:
    return refusal.code if refusal else None


TALKING = {"speak", "ask"}
DRAFTING = {"put_draft", "support_draft", "revise_draft", "withdraw_draft"}
BY_HAND = {
    "gathering": ({"support", "withdraw_draft", "post_letter"}, {"withdraw_draft", "seal", "post_letter"}),
    "talk": (
        TALKING | DRAFTING | {"post_letter", "cover_fact", "call_big", "shorten"},
        {"withdraw_draft", "state_facts", "seal", "post_letter"},
    ),
    "answer": (
        {"ask", "support_draft", "withdraw_draft", "post_letter", "shorten"},
        TALKING | {"put_draft", "revise_draft", "withdraw_draft", "state_facts", "post_letter"},
    ),
    "reply": (
        TALKING | DRAFTING | {"post_letter", "cover_fact", "shorten"},
        {"withdraw_draft", "state_facts", "post_letter"},
    ),
    "vote": ({"post_letter"}, {"post_letter"}),
    "decided": (set(), set()),
    "lapsed": (set(), set()),
}
"""Article 2 once more: what members may, and what leaders may."""


@pytest.mark.parametrize("stage", list(Stage))
def test_the_table_of_stages_says_what_article_2_says(stage):
    members, leaders = BY_HAND[stage.value]
    assert {doing.value for doing in MAY[stage][Role.MEMBER]} == members
    assert {doing.value for doing in MAY[stage][Role.LEADER]} == leaders


def test_every_stage_leads_to_the_next_and_none_is_left_out():
    way = [Stage.GATHERING]
    while way[-1] in NEXT:
        way.append(NEXT[way[-1]])
    assert way == [Stage.GATHERING, *TIMED, Stage.DECIDED]
    assert set(MAY) == set(Stage)
    assert all(set(roles) == set(Role) for roles in MAY.values())


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("leads", [False, True])
@pytest.mark.parametrize("doing", list(Doing))
def test_the_rule_says_what_the_table_says(stage, leads, doing):
    known = place(stage, leads=leads)
    allowed = doing in MAY[stage][known.role]
    refusal = rules.may(doing, known, at=NOW)
    assert (refusal is None) is allowed
    assert refusal is None or (refusal.article == 2 and refusal.code)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.DECIDED, Stage.LAPSED)])
@pytest.mark.parametrize("doing", list(Doing))
def test_a_stage_is_over_when_its_end_has_passed_whether_or_not_the_clock_came(stage, doing):
    for leads in (False, True):
        assert code(rules.may(doing, place(stage, leads=leads), at=END)) == "stage-just-over"


@pytest.mark.parametrize("doing", list(Doing))
def test_nobody_acts_on_what_is_not_theirs(doing):
    stranger = place(Stage.TALK, is_member=False)
    elsewhere = place(Stage.TALK, concerned=False)
    assert code(rules.may(doing, stranger, at=NOW)) == "not-a-member"
    assert code(rules.may(doing, elsewhere, at=NOW)) == "another-unit"


@pytest.mark.parametrize(
    ("stage", "leads", "doing", "expected", "until"),
    [
        (Stage.GATHERING, True, Doing.SPEAK, "leaders-after-members", None),
        (Stage.TALK, True, Doing.SPEAK, "leaders-after-members", END),
        (Stage.TALK, True, Doing.ASK, "leaders-after-members", END),
        (Stage.TALK, True, Doing.PUT_DRAFT, "leaders-after-members", END),
        (Stage.TALK, True, Doing.REVISE_DRAFT, "leaders-after-members", END),
        (Stage.TALK, True, Doing.SUPPORT_DRAFT, "leaders-do-not-support", None),
        (Stage.GATHERING, True, Doing.SUPPORT, "leaders-do-not-support", None),
        (Stage.REPLY, True, Doing.SPEAK, "members-reply-now", None),
        (Stage.ANSWER, False, Doing.SPEAK, "leaders-answer-now", END),
        (Stage.ANSWER, False, Doing.PUT_DRAFT, "leaders-answer-now", END),
        (Stage.GATHERING, False, Doing.SPEAK, "still-gathering", None),
        (Stage.GATHERING, False, Doing.SEAL, "for-leaders-on-it", None),
        (Stage.TALK, False, Doing.STATE_FACTS, "for-leaders-on-it", None),
        (Stage.VOTE, False, Doing.SPEAK, "vote-is-on", None),
        (Stage.VOTE, True, Doing.SPEAK, "vote-is-on", None),
        (Stage.DECIDED, False, Doing.POST_LETTER, "issue-over", None),
        (Stage.LAPSED, True, Doing.SEAL, "issue-over", None),
    ],
)
def test_a_closed_door_says_why_and_when_it_opens(stage, leads, doing, expected, until):
    refusal = rules.may(doing, place(stage, leads=leads), at=NOW)
    assert refusal is not None
    assert (refusal.code, refusal.until, refusal.article) == (expected, until, 2)


@pytest.mark.parametrize("doing", [Doing.PUT_DRAFT, Doing.SUPPORT_DRAFT, Doing.REVISE_DRAFT])
def test_drafts_close_in_the_middle_of_the_reply_and_movers_may_only_withdraw(doing):
    reply = place(Stage.REPLY, drafts_close_at=CLOSED)
    assert rules.may(doing, reply, at=CLOSED - timedelta(minutes=1)) is None
    assert code(rules.may(doing, reply, at=CLOSED)) == "drafts-closed"
    assert rules.may(Doing.WITHDRAW_DRAFT, reply, at=CLOSED) is None
    assert rules.may(Doing.SPEAK, reply, at=CLOSED) is None


@pytest.mark.parametrize(
    ("weight", "keys"),
    [
        ("big", ["D1.big", "D3.big", "D4.big", "D5.big"]),
        ("ordinary", ["D1.ordinary", "D3.other", "D4.other", "D5.other"]),
        ("unit", ["D1.unit", "D3.other", "D4.other", "D5.other"]),
    ],
)
def test_each_weight_has_its_times(weight, keys):
    assert [days_key(stage, weight) for stage in TIMED] == keys


def test_a_leader_waits_for_the_answer_and_a_member_for_the_reply():
    assert opens_in(Doing.SPEAK, Role.LEADER, Stage.GATHERING) is Stage.ANSWER
    assert opens_in(Doing.SPEAK, Role.LEADER, Stage.ANSWER) is None
    assert opens_in(Doing.SPEAK, Role.MEMBER, Stage.ANSWER) is Stage.REPLY
    assert opens_in(Doing.SEAL, Role.LEADER, Stage.ANSWER) is None


LIMITS = {
    "S1.share": 100,
    "S1.most": 10,
    "S1.least": 3,
    "S1.least_small": 2,
    "S1.small_below": 20,
    "S1.root_divisor": 4,
}


@pytest.mark.parametrize(
    ("members", "needed"),
    [
        (1, 2), (12, 2), (19, 2), (20, 3), (64, 3), (144, 3), (145, 4), (300, 5), (301, 5), (900, 9),
        (1_000, 10), (1_600, 10), (1_601, 11), (1_860, 11), (10_000, 25), (1_000_000, 250),
    ],
)  # fmt: skip
def test_the_number_of_supporters_rounds_up_and_grows_with_the_root(members, needed):
    assert rules.supporters_needed(members, LIMITS) == needed


RAISING = rules.Raising(
    is_member=True, founded=True, concerned=True, leads=False, is_root=True, weight="ordinary",
    raised_today=0, text_length=50_000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"weight": "big"}, None),
        ({"founded": False}, "not-founded-yet"),
        ({"is_member": False}, "not-a-member"),
        ({"concerned": False}, "another-unit"),
        ({"weight": "small"}, "big-is-for-all"),
        ({"is_root": False, "weight": "unit"}, None),
        ({"is_root": False, "weight": "big"}, "big-is-for-all"),
        ({"is_root": False, "weight": "ordinary"}, "big-is-for-all"),
        ({"leads": True}, "leader-raises-briefly"),
        ({"leads": True, "text_length": 2_000}, None),
        ({"leads": True, "text_length": 2_001}, "leader-raises-briefly"),
        ({"raised_today": 5}, "too-many-issues"),
    ],
)
def test_any_member_raises_in_their_unit_and_a_leader_briefly(changes, expected):
    assert code(rules.may_raise(replace(RAISING, **changes))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Words.", None),
        ("One\ttab\nand lines", None),
        ("Ж" * 2_000, None),
        ("Дома, 家, 🫖", None),
        ("", "text-empty"),
        (" \n\t ", "text-empty"),
        ("\u200b\u200d\ufeff", "text-empty"),
        ("\u3164 \u2800", "text-empty"),
        ("a" * 2_001, "lines-too-long"),
        ("a\n" * 2_000, "lines-too-long"),
        ("a\n" * 1_999 + "a", None),
        (("a" * 1_999 + "\n") * 51, "text-too-long"),
        ("Ж" * 1_999 + "\n" + ("Ж" * 1_999 + "\n") * 24 + "Ж" * 13, "text-too-long"),
        ("null\x00byte", "text-unreadable"),
        ("bell\x07", "text-unreadable"),
        ("carriage\rreturn", "text-unreadable"),
        ("next\x85line", "text-unreadable"),
        ("half a pair \ud800", "text-unreadable"),
    ],
)
def test_a_text_has_words_and_a_size_that_others_can_read(text, expected):
    assert code(rules.usable_text(text)) == expected


def test_line_ends_of_every_browser_are_the_same():
    assert rules.tidy("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A kettle", None),
        ("K" * 200, None),
        ("K" * 201, "title-too-long"),
        ("", "title-empty"),
        ("\u200b ", "title-empty"),
        ("two\nlines", "text-unreadable"),
        ("half \udfff", "text-unreadable"),
    ],
)
def test_a_title_is_one_line(title, expected):
    assert code(rules.usable_title(title)) == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (NOW, None),
        (NOW - timedelta(hours=24), None),
        (NOW - timedelta(hours=24, minutes=1), "letter-too-old"),
        (NOW + timedelta(minutes=1), "letter-from-the-future"),
        (NOW.replace(tzinfo=None), "letter-time-unclear"),
    ],
)
def test_a_letter_is_posted_within_a_day(received, expected):
    assert code(rules.may_post_letter(place(Stage.VOTE), received_at=received, today=0, at=NOW)) == expected


def test_the_letter_box_is_the_same_size_for_all():
    for leads in (False, True):
        full = rules.may_post_letter(place(Stage.TALK, leads=leads), received_at=NOW, today=10, at=NOW)
        assert code(full) == "too-many-letters"


def test_drafts_are_lettered_from_a_to_zz():
    assert [rules.letter(number) for number in (0, 25, 26, 51, 52, 701)] == ["A", "Z", "AA", "AZ", "BA", "ZZ"]
