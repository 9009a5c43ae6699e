# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a petition: for a recall or a question, signed in the same act, by an alias."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.charter.calendar import phase_end
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Petition, Signature, SignatureLink
from kollontai.chapters.record.act import Actor, Refused, tick
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.ids import new_id
from tests.world import founded, founders, held_by

from .street import FERRY, NAMES, asked, fresh, in_units, recall_vote, seated, signed, treasurer

pytestmark = pytest.mark.django_db
WORDS = {"title": "What we ask", "text": "And why."}


def refused(actor, **given) -> str:
    opened = EntryRow.objects.filter(kind="petition.opened")
    before = opened.count(), Petition.objects.count(), SignatureLink.objects.count()
    with pytest.raises(Refused) as caught:
        open_petition(actor, **{**WORDS, **given})
    after = opened.count(), Petition.objects.count(), SignatureLink.objects.count()
    assert after == before, "a refusal leaves nothing behind"
    return caught.value.refusal.code


def test_a_petition_is_opened_and_signed_in_one_act(now):
    world, term = seated(now)
    done = open_petition(world.actor("cleo"), about="recall", term_id=term.pk, **WORDS)
    petition = fresh(done.value)
    assert (petition.about, petition.subject, petition.unit) == ("recall", term.pk, world.unit())
    assert (petition.base, petition.needed, petition.units_needed) == (6, 2, 0)
    assert (petition.state, petition.ended_at, petition.poll, petition.outcome) == ("running", None, "", "")
    assert petition.closes_at == phase_end(petition.opened_at, 42, "Europe/Lisbon")
    assert petition.limits == {
        "S5.share": 1000, "S5.within": 42, "S5.grace": 0, "S5.vote": 30, "D5.other": 7,
        "R1.unit": 30,
    }  # fmt: skip
    assert world.kinds()[-2:] == ["petition.opened", "petition.signed"]
    signature, link = Signature.objects.get(), SignatureLink.objects.get()
    assert (signature.alias, signature.unit, signature.withdrawn_at) == (link.alias, None, None)
    assert link.member == world.member("cleo")


def test_who_opened_it_stands_nowhere_but_in_the_one_tie(now):
    world, term = seated(now)
    asked(world, term)
    alias = SignatureLink.objects.get().alias
    rows = EntryRow.objects.filter(kind__startswith="petition.")
    assert {row.actor for row in rows} == {alias}
    assert not any(world.people["cleo"].encode() in bytes(row.data) for row in rows)
    words = Content.objects.filter(kind="petition.opened")
    assert {(content.author, content.audience) for content in words} == {(alias, "members")}


def test_each_petition_has_an_alias_of_its_own(now):
    world, _ = seated(now)
    asked(world)
    asked(world)
    assert SignatureLink.objects.values("alias").distinct().count() == 2


def test_a_question_is_put_to_all_by_any_member_whatever_their_unit(now):
    world = founded(listed=in_units(whole=["ada", "ben"], ferry=["cleo", "dai"]))
    petition = asked(world)
    assert (petition.about, petition.subject, petition.unit) == ("question", "", world.unit())
    assert (petition.base, petition.needed, petition.units_needed) == (4, 2, 0)
    assert petition.limits == {"S3.share": 500, "S3.units": 3, "S5.within": 42}


def test_where_units_are_counted_the_opener_signs_for_their_own(now):
    world = founded(listed=in_units(whole=["ada"], ferry=["cleo"], kiln=["dai"]))
    petition = asked(world)
    assert petition.units_needed == 3
    assert Signature.objects.get().unit == world.unit(FERRY)
    said = json.loads(bytes(EntryRow.objects.get(kind="petition.signed").data))
    assert world.unit(FERRY).pk in json.dumps(said)


def test_only_members_open_one(now):
    world, term = seated(now)
    leave(world.actor("finn"))
    recall = {"about": "recall", "term_id": term.pk}
    for actor in (
        world.actor("finn"),
        Actor(world.id, new_id(), "code"),
        Actor(world.id, "operator", "operator"),
        Actor(world.id, "clock", "clock"),
    ):
        assert refused(actor, **recall) == "not-a-member"
        assert refused(actor, about="question") == "not-a-member"


def test_nobody_opens_one_for_another(now):
    world, term = seated(now)
    with pytest.raises(TypeError):
        open_petition(world.actor("cleo"), about="recall", term_id=term.pk, by=world.people["ben"], **WORDS)


def test_it_asks_for_a_recall_or_puts_a_question(now):
    world, term = seated(now)
    assert refused(world.actor("cleo"), about="praise") == "petition-about-nothing"
    assert refused(world.actor("cleo"), about="recall") == "petition-about-nothing"
    assert refused(world.actor("cleo"), about="question", term_id=term.pk) == "petition-about-nothing"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"title": " "}, "title-empty"),
        ({"title": "x" * 201}, "title-too-long"),
        ({"title": "two\nlines"}, "text-unreadable"),
        ({"text": " \n"}, "text-empty"),
        ({"text": "x" * 100_001}, "text-too-long"),
        ({"text": "x" * 2_001}, "lines-too-long"),
        ({"text": "a\x00b"}, "text-unreadable"),
    ],
)
def test_its_words_can_be_read(now, words, code):
    assert refused(founded().actor("ada"), about="question", **words) == code


def test_only_a_term_that_runs_is_recalled(now):
    world, term = seated(now)
    other = founded(slug="elsewhere", origin="localhost/elsewhere")
    assert refused(world.actor("cleo"), about="recall", term_id="nothing") == "no-such-term"
    assert refused(other.actor("ada"), about="recall", term_id=term.pk) == "no-such-term"
    resign(world.actor("ada"), term_id=term.pk)
    assert refused(world.actor("cleo"), about="recall", term_id=term.pk) == "term-already-ended"


def test_a_term_is_over_by_time_whether_or_not_the_clock_has_run(now, monkeypatch):
    world, term = seated(now)
    now.pass_to(term.ends_at - timedelta(minutes=1))
    with monkeypatch.context() as late:
        late.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
        now.move(minutes=1)
        assert refused(world.actor("cleo"), about="recall", term_id=term.pk) == "term-already-ended"
    now.pass_to(term.ends_at)


def test_the_members_of_a_unit_recall_their_own_posts_and_nobody_elses(now):
    world, term = seated(
        now,
        "ada",
        post=treasurer(unit=FERRY),
        listed=in_units(ferry=["ada", "ben", "cleo", "dai"], kiln=["eva", "finn"]),
        voters=4,
    )
    assert refused(world.actor("eva"), about="recall", term_id=term.pk) == "petition-of-another-unit"
    petition = asked(world, term)
    assert (petition.unit, petition.base, petition.needed) == (world.unit(FERRY), 4, 2)


def test_within_the_grace_of_a_term_nobody_is_recalled(now, monkeypatch):
    world, term = seated(now)
    from kollontai.chapters.petitions import facts

    limits = {**facts.limits_now(world.id), "S5.grace": 30}
    with monkeypatch.context() as patched:
        patched.setattr(facts, "limits_now", lambda organisation: limits)
        now.pass_to(term.begins_at + timedelta(days=30, minutes=-1))
        assert refused(world.actor("cleo"), about="recall", term_id=term.pk) == "recall-in-grace"


def test_who_was_elected_before_the_founding_is_recallable_at_once(now):
    world = founded(posts=(held_by("ada"),))
    tick()
    confirmation = Poll.objects.get()
    for name in ("ada", "ben", "cleo"):  # those with whose names it was founded
        cast_ballot(world.actor(name), poll_id=confirmation.pk, choice="yes")
    tick()
    term = Term.objects.get()
    assert term.how == "confirmed"
    petition = signed(world, asked(world, term), "ben")
    assert recall_vote(now, world, petition, ben="yes", cleo="yes", dai="abstain").outcome == "recalled"
    assert Term.objects.get().ended_why == "recalled"


def test_one_recall_of_a_term_at_a_time(now):
    world, term = seated(now)
    petition = asked(world, term)
    again = {"about": "recall", "term_id": term.pk}
    assert refused(world.actor("dai"), **again) == "recall-under-way"
    signed(world, petition, "dai")
    assert refused(world.actor("dai"), **again) == "recall-under-way", "the vote runs"
    assert recall_vote(now, world, petition, cleo="no").outcome == "kept"
    asked(world, term, by="dai")


def test_after_one_that_lapsed_another_may_be_tried(now):
    world, term = seated(now)
    petition = asked(world, term)
    now.pass_to(petition.closes_at)
    assert fresh(petition).state == "lapsed"
    asked(world, term)


def test_a_day_has_so_many_petitions_of_one_member_and_no_more(now):
    world = founded(listed=founders(*NAMES))
    for _ in range(3):
        petition = asked(world)
    assert refused(world.actor("cleo"), about="question") == "too-many-petitions"
    withdraw_signature(world.actor("cleo"), petition_id=petition.pk)
    assert refused(world.actor("cleo"), about="question") == "too-many-petitions"
    asked(world, by="dai")
    now.move(days=1)
    asked(world)


def test_where_one_signature_is_enough_the_vote_opens_with_it(now):
    world, term = seated(now, "ada", listed=founders("ada", "ben", "cleo"), voters=3)
    petition = asked(world, term)
    assert (petition.base, petition.needed) == (3, 1)
    tick()
    assert fresh(petition).state == "reached"


def test_the_holder_and_leaders_open_petitions_as_anybody(now):
    world, term = seated(now)
    petition = asked(world, term, by="ada")
    assert signed(world, petition, "ben").state == "reached"


def test_the_base_is_frozen_while_people_come_and_go(now):
    world, term = seated(now)
    petition = asked(world, term)
    world.move_in(["gus", "hal"])
    leave(world.actor("finn"))
    assert (fresh(petition).base, fresh(petition).needed) == (6, 2)
    now.move(days=1)
    assert petition.opened_at == now.time - timedelta(days=1)
