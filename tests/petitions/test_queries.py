# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of petitions: how far they have come, and to each signer their own name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.petitions import facts, queries, rules
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Petition
from tests.world import founded, founders

from .street import FERRY, NAMES, asked, fresh, in_units, recall_vote, seated, signed

pytestmark = pytest.mark.django_db


def test_how_far_a_petition_has_come(now, django_assert_num_queries):
    listed = in_units(whole=["ada"], ferry=["ben", "cleo"], kiln=["dai", "eva"])
    world = founded(listed=listed)
    petition = signed(world, asked(world, by="ben"), "cleo")
    now.move(days=1)
    with django_assert_num_queries(5):
        progress = queries.progress(fresh(petition), at=now.time)
        by_unit = {str(of.unit.name): of.signed for of in progress.by_unit}
    assert by_unit == {"Tidewater Federation": 0, "Ferry Crews": 2, "Kiln Lane": 0}
    assert (progress.signed, progress.missing, progress.units_signed, progress.units_missing) == (2, 0, 1, 2)
    assert progress.days_left == 42
    assert progress.term is None
    assert queries.progress(petition, at=petition.closes_at - timedelta(minutes=1)).days_left == 1
    assert queries.progress(petition, at=petition.closes_at).days_left == 0


def test_of_a_recall_units_are_not_shown(now):
    world, term = seated(now)
    petition = asked(world, term)
    progress = queries.progress(petition, at=now.time)
    assert (progress.term, progress.by_unit, progress.units_missing) == (term, (), 0)
    assert (progress.signed, progress.missing) == (1, 1)


def test_members_see_what_runs_and_what_is_over_and_the_world_does_not(now, django_assert_num_queries):
    world = founded(listed=founders(*NAMES))
    first = asked(world)
    second = signed(world, asked(world, by="dai"), "eva")
    ben = world.member("ben")
    with django_assert_num_queries(1):
        assert [(one.pk, one.signed, str(one.title)) for one in queries.running(ben, at=now.time)] == [
            (first.pk, 1, "What we ask")
        ]
    assert list(queries.running(ben, at=first.closes_at)) == []
    assert [(one.pk, one.signed) for one in queries.ended(ben)] == [(second.pk, 2)]
    other = founded(slug="elsewhere", origin="localhost/elsewhere")
    leave(world.actor("finn"))
    for nobody in (None, other.member("ada"), world.member("finn")):
        assert list(Petition.objects.visible_to(nobody)) == []


def test_what_waits_for_me_is_what_i_may_sign_and_never_have(now):
    listed = in_units(ferry=["ada", "ben", "cleo", "dai"], kiln=["eva"], whole=["finn"])
    from .street import treasurer

    world, term = seated(now, "ada", post=treasurer(unit=FERRY), listed=listed, voters=4)
    recall, question = asked(world, term), asked(world)

    def waiting(name: str) -> set[str]:
        return {one.pk for one in queries.waiting_for(world.member(name), at=now.time)}

    assert waiting("dai") == {recall.pk, question.pk}
    assert waiting("eva") == {question.pk}
    assert waiting("cleo") == set()
    withdraw_signature(world.actor("cleo"), petition_id=recall.pk)
    assert waiting("cleo") == set()


def test_everybody_finds_their_own_signature_and_nobody_elses(now, django_assert_num_queries):
    world = founded(listed=founders(*NAMES))
    first, second = asked(world), asked(world, by="dai")
    now.move(minutes=1)
    signed(world, second, "cleo")
    cleo, ben = world.member("cleo"), world.member("ben")
    with django_assert_num_queries(1):
        assert [one.petition.pk for one in queries.mine(cleo)] == [second.pk, first.pk]
    assert queries.own_signature(first, cleo) == queries.mine(cleo)[1].signature
    assert (queries.mine(ben), queries.mine(None), queries.own_signature(first, ben)) == ([], [], None)


def test_the_page_asks_the_rule_that_the_act_asks(now):
    world = founded(listed=founders(*NAMES))
    petition = asked(world)
    signing = facts.signing(petition, world.member("cleo"))
    refusal = rules.may_sign(signing, at=now.time)
    assert refusal is not None
    assert refusal.code == "petition-signed-already"
    assert rules.may_withdraw(signing, at=now.time) is None
    assert rules.may_sign(facts.signing(petition, None), at=now.time) is not None


def test_a_post_keeps_the_history_of_its_recalls(now):
    world, term = seated(now)
    first = asked(world, term)
    now.pass_to(first.closes_at)
    second = recall_vote(now, world, signed(world, asked(world, term), "dai"), cleo="no", dai="no")
    history = queries.recalls_from(term.post, world.member("ben"))
    assert [(one.pk, one.state, one.outcome) for one in history] == [
        (second.pk, "decided", "kept"),
        (first.pk, "lapsed", ""),
    ]
    assert list(queries.recalls_from(term.post, None)) == []
