# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lot that breaks ties: added to by anybody, known to nobody beforehand."""

from __future__ import annotations

from hashlib import sha256

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.record.act import Refused
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting import lots
from kollontai.chapters.voting.acts.add_to_lot import add_to_lot
from kollontai.chapters.voting.acts.show_lot import show_lot
from kollontai.chapters.voting.models import LotShare, SecretBox
from kollontai.counting.lots import draw
from kollontai.followers.export import export_to
from tests import prepared
from tests.elections.hall import candidates, holders, house, to_the_count, to_the_vote, treasurer, vote
from tests.voting.polls import opened_poll

pytestmark = pytest.mark.django_db
SENTENCE = "The ferry leaves at seven."


@prepared.once
def at_the_vote(now):
    world = house(treasurer())
    return world, to_the_vote(now, candidates(world, "ada", "ben"))


@pytest.fixture
def voting(now):
    return at_the_vote(now)


@pytest.fixture
def world(now, request):
    return request.getfixturevalue("voting")[0] if "poll" in request.fixturenames else house(treasurer())


@pytest.fixture
def poll(voting):
    return voting[1]


def refused(act, actor, **given) -> str:
    before = (EntryRow.objects.count(), LotShare.objects.count())
    with pytest.raises(Refused) as caught:
        act(actor, **given)
    assert (EntryRow.objects.count(), LotShare.objects.count()) == before
    return caught.value.refusal.code


def test_a_member_adds_a_hash_and_later_shows_the_sentence(world, poll, now):
    hashed = lots.digest(SENTENCE)
    add_to_lot(world.actor("dai"), poll_id=poll.pk, sha256=hashed)
    assert refused(add_to_lot, world.actor("dai"), poll_id=poll.pk, sha256=hashed) == "lot-already-added"
    assert refused(show_lot, world.actor("dai"), poll_id=poll.pk, sentence=SENTENCE) == "lot-shown-too-early"
    now.pass_to(poll.secret_box.lots_until)
    assert refused(add_to_lot, world.actor("eva"), poll_id=poll.pk, sha256=hashed) == "lot-closed"
    assert refused(show_lot, world.actor("eva"), poll_id=poll.pk, sentence=SENTENCE) == "lot-nothing-added"
    assert refused(show_lot, world.actor("dai"), poll_id=poll.pk, sentence="Another.") == "lot-other-sentence"
    show_lot(world.actor("dai"), poll_id=poll.pk, sentence=SENTENCE)
    assert refused(show_lot, world.actor("dai"), poll_id=poll.pk, sentence=SENTENCE) == "lot-already-shown"
    assert world.kinds()[-1] == "lot.shown"


def test_who_has_left_shows_nothing_and_counts_as_silent(world, poll, now, tmp_path):
    add_to_lot(world.actor("finn"), poll_id=poll.pk, sha256=lots.digest(SENTENCE))
    leave(world.actor("finn"))
    now.pass_to(poll.secret_box.lots_until)
    assert refused(show_lot, world.actor("finn"), poll_id=poll.pk, sentence=SENTENCE) == "not-a-member"
    now.pass_to(poll.closes_at)
    counted = EntryRow.objects.get(kind="box.counted", position__gt=0)
    assert world.people["finn"] in bytes(counted.data).decode()
    export_to(world.organisation, tmp_path / "copy")
    assert audit_export(tmp_path / "copy").ok


@pytest.mark.parametrize("hashed", ["", "ab", "A" * 64, "g" * 64, "a" * 65])
def test_only_a_hash_is_added(world, poll, hashed):
    assert refused(add_to_lot, world.actor("dai"), poll_id=poll.pk, sha256=hashed) == "lot-no-hash"


def test_who_is_no_member_adds_nothing_and_open_polls_have_no_lot(world, poll):
    leave(world.actor("finn"))
    hashed = lots.digest(SENTENCE)
    assert refused(add_to_lot, world.actor("finn"), poll_id=poll.pk, sha256=hashed) == "not-a-member"
    plain = opened_poll(world, ["ada", "ben"])
    assert refused(add_to_lot, world.actor("dai"), poll_id=plain.pk, sha256=hashed) == "vote-without-lot"
    assert refused(show_lot, world.actor("dai"), poll_id="nosuchpolllllllll", sentence="x") == "no-such-vote"


def test_after_the_close_nothing_is_shown(world, poll, now):
    add_to_lot(world.actor("dai"), poll_id=poll.pk, sha256=lots.digest(SENTENCE))
    now.move(to=poll.closes_at)
    with pytest.raises(Refused) as caught:
        show_lot(world.actor("dai"), poll_id=poll.pk, sentence=SENTENCE)
    assert caught.value.refusal.code == "vote-closed"


def test_the_seed_is_what_everybody_showed_and_zeros_for_who_did_not():
    secret, shares = bytes(range(32)), {"b": None, "a": SENTENCE}
    whole = b"kollontai/seed/v1\n" + secret + sha256(SENTENCE.encode()).digest() + bytes(32)
    assert lots.seed_of(secret, shares) == sha256(whole).hexdigest()


def test_the_hash_that_fixes_the_secret_is_not_the_seed_although_nobody_added(world, poll, now):
    vote(world, poll, "dai", "ada")
    to_the_count(now, poll)
    box = SecretBox.objects.get(poll=poll)
    assert lots.seed_of(bytes.fromhex(box.secret), {}) != box.lot


def test_a_tie_goes_by_the_lot_and_who_stayed_silent_is_named(world, poll, now):
    for name in ("cleo", "dai"):
        add_to_lot(world.actor(name), poll_id=poll.pk, sha256=lots.digest(f"{SENTENCE} {name}"))
    vote(world, poll, "ada", "ada")
    vote(world, poll, "ben", "ben")
    now.pass_to(poll.secret_box.lots_until)
    show_lot(world.actor("dai"), poll_id=poll.pk, sentence=f"{SENTENCE} dai")
    to_the_count(now, poll)
    box = SecretBox.objects.get(poll=poll)
    shares = {world.people["cleo"]: None, world.people["dai"]: f"{SENTENCE} dai"}
    seed = lots.seed_of(bytes.fromhex(box.secret), shares)
    first = draw(seed, [str(at + 1) for at in range(3)])
    order = [poll.options[int(at) - 1] for at in first]
    loser = min((world.people["ada"], world.people["ben"]), key=order.index)
    winner = ({world.people["ada"], world.people["ben"]} - {loser}).pop()
    assert holders() == [winner], "the first of the lot is excluded, as the rule's words say"
    entry = bytes(EntryRow.objects.get(kind="box.counted").data)
    assert f'"silent":["{world.people["cleo"]}"]'.encode() in entry
