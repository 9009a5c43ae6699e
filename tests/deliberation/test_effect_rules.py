# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft may declare that it would change: facts in, a refusal or none out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace

import pytest
from pydantic import TypeAdapter, ValidationError

from kollontai.chapters.bodies.rules import PostWanted
from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import effects, words
from kollontai.chapters.deliberation.effects import Effect, Ground, PostNow

LIMITS = articles.read().defaults("normal")
CHAIR = PostNow("chairrrrrrrrrrrr", "root", False, PostWanted("Chair", True, 1, 365))
CLERK = PostNow("clerkkkkkkkkkkkk", "root", False, PostWanted("Clerk", False, 1, 365, duty="specialist"))
PAID = PostNow("paiddddddddddddd", "root", False, PostWanted("Baker", False, 1, 365, 90_00, "specialist"))
GONE = PostNow("goneeeeeeeeeeeee", "root", True, PostWanted("Herald", False, 1, 365, duty="specialist"))
FERRY = PostNow("ferryyyyyyyyyyyy", "ferry", False, PostWanted("Pilot", False, 1, 365, duty="specialist"))
BY_LAW = PostNow(
    "bylawwwwwwwwwwww", "root", False, PostWanted("Auditor", False, 1, 365, duty="specialist", box="outside")
)
POSTS = (CHAIR, CLERK, PAID, GONE, FERRY, BY_LAW)
SCRIBE = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
TREASURER = Effect("create_post", title="Treasurer", leading=True, seats=1, term_days=365)


def change(post: PostNow, **how) -> Effect:
    return Effect("change_post", post=post.post, **how)


def end(post: PostNow) -> Effect:
    return Effect("end_post", post=post.post)


def refused(*wanted: Effect, weight: str = "ordinary", posts=POSTS, **more) -> str:
    refusal = effects.may_declare(effects.tidied(wanted), Ground("root", weight, posts, LIMITS, **more))
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (SCRIBE, ""),
        (replace(SCRIBE, effect="seat_member"), "effect-unknown"),
        (replace(SCRIBE, title=None), "effect-incomplete"),
        (replace(SCRIBE, term_days=None), "effect-incomplete"),
        (replace(SCRIBE, post=CHAIR.post), "effect-incomplete"),
        (Effect("create_post", title="Board", seats=3, term_days=365), "effect-incomplete"),
        (replace(SCRIBE, title=" \t"), "post-title-unusable"),
        (replace(SCRIBE, title="Two\nlines"), "post-title-unusable"),
        (replace(SCRIBE, title=" clerk "), "post-title-taken"),
        (replace(SCRIBE, title="Herald"), ""),  # its post has ended
        (replace(SCRIBE, title="Pilot"), ""),  # of another unit
        (replace(SCRIBE, seats=0), "seats-unusable"),
        (replace(SCRIBE, seats=51), "seats-unusable"),
        (replace(SCRIBE, seats=50), ""),
        (replace(SCRIBE, seats=50, leading=False, duty=None), ""),
        (replace(SCRIBE, term_days=0), "term-too-long"),
        (replace(SCRIBE, term_days=730), ""),
        (replace(SCRIBE, term_days=731), "term-too-long"),
        (replace(SCRIBE, duty="king"), "duty-unknown"),
        (replace(SCRIBE, duty="", leading=False), "single-post-leads"),
        (replace(SCRIBE, box="bag"), "box-unknown"),
        (replace(SCRIBE, box="outside"), "box-needs-law-note"),
        (change(CLERK, box="outside"), "box-needs-law-note"),
        (change(BY_LAW, title="Notary"), ""),  # its note is over, and its ballots are held here meanwhile
        (replace(SCRIBE, pay=1), "effect-needs-long-times"),
        (TREASURER, "effect-needs-long-times"),
        (change(CLERK, title="Archivist"), ""),
        (change(CLERK, title="Clerk"), "effect-changes-nothing"),
        (change(CLERK), "effect-changes-nothing"),
        (change(CLERK, title="CHAIR"), "post-title-taken"),
        (change(CLERK, title="CLERK"), ""),
        (change(CLERK, leading=True, duty=""), "effect-needs-long-times"),
        (change(CLERK, pay=10_00), "effect-needs-long-times"),
        (change(CLERK, duty="scrutineer"), ""),
        (change(CLERK, duty=""), "single-post-leads"),
        (change(CHAIR, seats=2), "effect-needs-long-times"),
        (change(CHAIR, leading=False, duty="specialist"), "effect-needs-long-times"),
        (change(PAID, pay=0), "effect-needs-long-times"),
        (change(GONE, seats=2), "effect-post-ended"),
        (change(FERRY, seats=2), "effect-of-another-unit"),
        (Effect("change_post", seats=2), "effect-incomplete"),
        (Effect("change_post", post="nothing", seats=2), "effect-post-unknown"),
        (end(CLERK), ""),
        (end(CHAIR), "effect-needs-long-times"),
        (end(PAID), "effect-needs-long-times"),
        (end(GONE), "effect-post-ended"),
        (end(FERRY), "effect-of-another-unit"),
        (Effect("end_post"), "effect-incomplete"),
        (replace(end(CLERK), seats=2), "effect-incomplete"),
        (Effect("end_post", post="nothing"), "effect-post-unknown"),
    ],
)
def test_what_an_ordinary_issue_may_change(wanted, code):
    assert refused(wanted) == code


def test_a_law_note_has_ballots_held_outside():
    for wanted in (replace(SCRIBE, box="outside"), change(CLERK, box="outside")):
        assert refused(wanted, by_law_outside=True) == ""


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (TREASURER, ""),
        (replace(TREASURER, term_days=366), "term-too-long"),
        (replace(TREASURER, leading=None), ""),
        (replace(TREASURER, pay=2_150_00), ""),
        (replace(TREASURER, pay=-1), "pay-unusable"),
        (replace(TREASURER, pay=100_000_001), "pay-unusable"),
        (change(CLERK, leading=True, duty=""), ""),
        (change(CHAIR, seats=2), ""),
        (change(PAID, pay=0), ""),
        (end(CHAIR), ""),
        (end(FERRY), "effect-of-another-unit"),
    ],
)
def test_what_a_big_decision_may_change(wanted, code):
    assert refused(wanted, weight="big") == code


def test_a_draft_touches_each_post_once_and_gives_no_title_twice():
    assert refused(change(CLERK, seats=2), end(CLERK)) == "effect-twice"
    assert refused(SCRIBE, SCRIBE) == "post-title-taken"
    assert refused(SCRIBE, change(CLERK, title="scribe")) == "post-title-taken"


def test_nobody_sheds_terms_served_by_ending_a_post_and_making_it_anew():
    again = replace(SCRIBE, title="Clerk")
    assert refused(end(CLERK), again) == "post-title-taken"
    assert refused(change(CLERK, title="Archivist"), again) == "post-title-taken"


def test_there_is_room_for_so_many_effects_and_posts():
    many = [replace(SCRIBE, title=f"Scribe {number}") for number in range(21)]
    assert refused(*many[:20]) == ""
    assert refused(*many) == "too-many-effects"
    posts = [replace(CLERK, post=f"post{number}", wanted=replace(CLERK.wanted, title=f"P{number}"))
             for number in range(100)]  # fmt: skip
    assert refused(SCRIBE, posts=posts) == "too-many-posts-here"
    assert refused(SCRIBE, posts=posts[1:]) == ""


def test_no_effect_seats_removes_or_names_a_person():
    assert {one.name for one in fields(Effect)} == {
        "effect", "post", "title", "leading", "seats", "term_days", "pay", "duty", "box",
        "key", "value", "of", "joining", "text", "unit_name", "dues",
        "article", "touches", "country", "statute", "section", "adviser", "change", "year", "quiet", "day",
        "from_unit", "into_unit",
    }  # fmt: skip
    assert effects.KINDS == (
        "create_post", "change_post", "end_post", "set_limit", "set_joining", "set_charter_text",
        "law_note", "set_quiet_days", "set_voting_day", "create_unit", "rename_unit", "set_dues",
        "merge_units",
    )  # fmt: skip
    for name in ("member", "holder", "person", "name", "term", "ends_at"):
        with pytest.raises(effects.Unreadable):
            effects.read(json.dumps([{"effect": "create_post", "title": "Scribe", name: "ada"}]))


def test_programs_send_effects_as_objects_and_are_told_of_a_field_too_many():
    shape = TypeAdapter(Sequence[Effect])
    sent = [{"effect": "end_post", "post": CLERK.post}]
    assert shape.validate_python(sent) == [end(CLERK)]
    with pytest.raises(ValidationError):
        shape.validate_python([{**sent[0], "member": "ada"}])


@pytest.mark.parametrize(
    "text",
    ["{}", "[1]", "[", '["end_post"]', '[{"post": "x"}]', '[{"effect": "end_post", "post": 1}]',
     '[{"effect": "create_post", "seats": true}]', '[{"effect": "create_post", "seats": "2"}]',
     '[{"effect": "create_post", "leading": 1}]', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_list_of_effects_is_not_guessed_at(text):
    with pytest.raises(effects.Unreadable):
        effects.read(text)


def test_effects_are_read_as_they_were_written():
    wanted = effects.tidied([SCRIBE, change(CLERK, pay=0, duty=""), end(CHAIR)])
    assert effects.read(effects.write(wanted)) == wanted
    assert effects.read(" ") == ()
    assert json.loads(effects.write([end(CHAIR)])) == [{"effect": "end_post", "post": CHAIR.post}]


def test_a_ballot_paper_says_in_words_what_would_change():
    assert words.would_change(effects.tidied([TREASURER])[0], None) == (
        "A new post, “Treasurer”, filled by election: it leads; 1 seat; a term of 365 days; no pay; its ballots "
        "are secret and held here."
    )
    board = Effect("create_post", title="Board", leading=False, seats=5, term_days=730, duty="juror", pay=5)
    assert (
        "it does not lead; 5 seats; a term of 730 days; a pay of 0.05 a month; its duty is that of a juror"
        in (words.would_change(board, None))
    )
    assert words.would_change(
        change(CLERK, title="Archivist", pay=12_50, box="outside", duty=""), CLERK.wanted
    ) == (
        "The post “Clerk”, for elections that open later: its name is “Archivist” (now: its name is “Clerk”); a pay of "
        "12.50 a month (now: no pay); no special duty (now: its duty is that of a specialist); its ballots are held "
        "outside, by a scrutineer (now: its ballots are secret and held here)."
    )
    assert words.would_change(end(CLERK), CLERK.wanted) == (
        "The post “Clerk” ends: nobody is elected to it any more; whoever holds it stays to the end of their term."
    )
