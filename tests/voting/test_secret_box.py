# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secret ballots: once, sealed, unseen, counted by the clock, and tied to nobody afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from nacl.public import PrivateKey, SealedBox

from kollontai.chapters.record import keys
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.record.models import Content, EntryRow, Outbox
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.keeping import sweep_keys
from kollontai.chapters.voting.models import Poll, SealedBallot, SecretBox, Voter
from kollontai.clock import machine_time
from kollontai.openrecord.note import open_note
from tests import prepared
from tests.elections.hall import (
    candidates,
    council,
    election,
    holders,
    house,
    to_the_count,
    to_the_vote,
    treasurer,
    vote,
)

pytestmark = pytest.mark.django_db


@prepared.once
def at_the_vote(now):
    world = house()
    return world, to_the_vote(now, candidates(world, "ada", "ben", "cleo"))


@pytest.fixture
def voting(now):
    return at_the_vote(now)


@pytest.fixture
def world(now, request):
    return request.getfixturevalue("voting")[0] if "poll" in request.fixturenames else house()


@pytest.fixture
def poll(voting):
    return voting[1]


def refused(actor, **given) -> str:
    before = (
        EntryRow.objects.count(),
        SealedBallot.objects.count(),
        Voter.objects.filter(marked=True).count(),
    )
    with pytest.raises(Refused) as caught:
        cast_ballot(actor, **given)
    after = (
        EntryRow.objects.count(),
        SealedBallot.objects.count(),
        Voter.objects.filter(marked=True).count(),
    )
    assert after == before, "a refusal leaves nothing behind"
    return caught.value.refusal.code


# --- Casting -----------------------------------------------------------------------------------------


def test_a_vote_is_a_mark_and_a_sealed_ballot_and_no_entry(world, poll):
    entries = EntryRow.objects.count()
    done = vote(world, poll, "dai", "ben", "ada")
    assert done.positions == ()
    assert EntryRow.objects.count() == entries
    assert Outbox.objects.count() == 0
    assert Voter.objects.get(poll=poll, marked=True).member_id == world.people["dai"]
    sealed = bytes(SealedBallot.objects.get().sealed)
    assert world.people["ben"].encode() not in sealed
    assert len(sealed) == poll.secret_box.size + 48


def test_every_sealed_ballot_is_of_one_length(world, poll):
    vote(world, poll, "ada", "ben")
    vote(world, poll, "ben", "ada", "ben", "cleo", "ron")
    vote(world, poll, "cleo", "ron", code="ab12")
    assert len({len(bytes(one.sealed)) for one in SealedBallot.objects.all()}) == 1


def test_the_voter_takes_home_a_code_and_the_keys_word(world, poll):
    receipt = vote(world, poll, "dai", "ben", code="q7x2").value
    assert receipt.code.startswith("q7x2")
    assert len(receipt.code) == 9
    sealed = bytes(SealedBallot.objects.get().sealed)
    assert receipt.commitment == sha256(sealed).hexdigest()
    note = open_note(receipt.promise.encode(), [keys.load(world.organisation).verifier])
    assert note.text.decode().splitlines() == [
        "kollontai/promise/v1", world.organisation.origin, poll.pk, receipt.commitment,
    ]  # fmt: skip


def test_what_the_voter_takes_home_is_kept_nowhere(world, poll, own_home):
    from django.db import connection

    receipt = vote(world, poll, "dai", "ben", code="q7x2").value
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    told = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                    assert receipt.code.encode() not in told, table
    for path in own_home.rglob("*"):
        if path.is_file():
            assert receipt.code.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(("given", "code"), [
    ({"ranking": []}, "nothing-numbered"),
    ({"choice": "yes"}, "numbers-needed"),
    ({"ranking": [["ron", "ron"]]}, "numbered-twice"),
    ({"ranking": [["somebodyelseeeee"]]}, "not-on-the-paper"),
    ({"ranking": [["ron"]], "code": "AB12"}, "code-unusable"),
    ({"ranking": [["ron"]], "code": "abc"}, "code-unusable"),
    ({"ranking": [["ron"]], "code": "ab 1"}, "code-unusable"),
])  # fmt: skip
def test_a_ballot_says_what_its_paper_asks(world, poll, given, code):
    assert refused(world.actor("dai"), poll_id=poll.pk, **given) == code


def test_no_two_share_a_number(world, poll):
    two = [[world.people["ada"], world.people["ben"]]]
    assert refused(world.actor("dai"), poll_id=poll.pk, ranking=two) == "same-number"


def test_where_few_vote_a_ballot_has_five_ranks(now):
    world = house(council(seats=5))
    poll = to_the_vote(now, candidates(world, *world.people))
    assert poll.secret_box.most_ranks == 5
    six = [[world.people[name]] for name in world.people]
    assert refused(world.actor("dai"), poll_id=poll.pk, ranking=six) == "too-many-ranks"
    cast_ballot(world.actor("dai"), poll_id=poll.pk, ranking=six[:5])


def test_one_votes_once_and_changes_nothing(world, poll):
    vote(world, poll, "dai", "ben")
    assert refused(world.actor("dai"), poll_id=poll.pk, ranking=[["ron"]]) == "already-voted"
    assert not queries.open_to(world.member("dai"), at=poll.opens_at).exists()
    assert queries.voted_by(world.member("dai"), at=poll.opens_at).get() == poll
    assert queries.open_to(world.member("eva"), at=poll.opens_at).get() == poll


def test_two_windows_at_once_leave_one_ballot(world, poll, monkeypatch):
    vote(world, poll, "dai", "ben")
    real = queries.at_the_box

    def before_the_other_window(*asked):
        found = real(*asked)
        return found._replace(facts=replace(found.facts, has_voted=False))

    monkeypatch.setattr(queries, "at_the_box", before_the_other_window)
    assert refused(world.actor("dai"), poll_id=poll.pk, ranking=[["ron"]]) == "already-voted"


def test_after_the_hour_nothing_is_taken_whether_the_clock_came_or_not(world, poll, now):
    now.move(to=poll.closes_at)
    with pytest.raises(Refused) as caught:
        vote(world, poll, "dai", "ben")
    assert caught.value.refusal.code == "vote-closed"


def test_nobody_sees_more_than_how_many_have_voted(world, poll):
    vote(world, poll, "dai", "ben")
    vote(world, poll, "eva", "ron")
    assert queries.turnout(poll) == 2
    assert queries.shown_ballots(poll) == []
    assert list(Voter.objects.own(world.member("ada")).values_list("marked", flat=True)) == [False]


# --- The key -----------------------------------------------------------------------------------------


def test_the_key_lies_among_the_keys_and_opens_the_box_until_the_count(world, poll, now):
    vote(world, poll, "dai", "ben", "ada", code="q7x2")
    path = sealing.folder(world.organisation) / poll.pk
    assert path.stat().st_mode & 0o777 == 0o600
    key = sealing.load(world.organisation, poll.pk)
    code, said = sealing.unseal(key, bytes(SealedBallot.objects.get().sealed))
    assert said == {"ranking": [world.people["ben"], world.people["ada"]]}
    assert "private" not in repr(key)
    to_the_count(now, poll)
    assert not path.exists()
    assert sealing.load(world.organisation, poll.pk) is None
    assert SealedBallot.objects.count() == 0
    assert code.startswith("q7x2")


def test_keys_that_a_crash_left_are_swept_and_those_in_use_are_not(world, poll, now):
    import os

    counted = sealing.create(world.organisation, "pollofacrasheddd")
    assert counted.public
    assert sweep_keys(at=machine_time()) == 0, "a box may be just opening"
    yesterday = (sealing.folder(world.organisation) / "pollofacrasheddd").stat().st_mtime - 90_000
    os.utime(sealing.folder(world.organisation) / "pollofacrasheddd", (yesterday, yesterday))
    assert sweep_keys(at=machine_time()) == 1
    assert list(sealing.lying(world.organisation)) == [poll.pk]
    kept = (sealing.folder(world.organisation) / poll.pk).read_bytes()
    vote(world, poll, "dai", "ben")
    to_the_count(now, poll)
    (sealing.folder(world.organisation) / poll.pk).write_bytes(kept)  # it died before it came to destroying
    assert sweep_keys(at=machine_time()) == 1
    assert sealing.lying(world.organisation) == {}


def test_the_rows_of_the_roll_stand_in_no_order(now):
    names = [f"m{n:02}" for n in range(30)]
    world = house(treasurer(), names=names)
    poll = to_the_vote(now, candidates(world, "m00"))
    rows = list(Voter.objects.filter(poll=poll).order_by("pk").values_list("member", flat=True))
    assert sorted(rows) == sorted(world.people.values())
    assert rows != sorted(rows)


# --- The count ---------------------------------------------------------------------------------------


def test_ballots_are_shown_by_their_codes_and_anybody_counts_them_again(world, poll, now):
    taken = {name: vote(world, poll, name, "ben", "ada").value for name in ("dai", "eva", "finn")}
    taken["ada"] = vote(world, poll, "ada", "cleo", "ron").value
    done = to_the_count(now, poll)
    poll.refresh_from_db()
    box = SecretBox.objects.select_related("sealed", "ballots").get(poll=poll)
    shown = {ballot.code: ballot.choice for ballot in queries.shown_ballots(poll)}
    assert sorted(shown) == list(shown) == sorted(receipt.code for receipt in taken.values())
    assert shown[taken["ada"].code].ranking == ((world.people["cleo"],), ("ron",))
    assert json.loads(str(box.sealed)) == sorted(receipt.commitment for receipt in taken.values())
    assert (poll.cast, poll.outcome, box.state) == (4, "counted", "counted")
    assert poll.figures == {
        f"{world.people['ben']}.first": 3, f"{world.people['cleo']}.first": 1,
        f"{world.people['ada']}.first": 0, "ron.first": 0,
    }  # fmt: skip
    assert sha256(bytes.fromhex(box.secret)).hexdigest() == box.lot
    assert done.elected[0] == world.people["ben"]


def test_nothing_that_is_left_ties_a_ballot_to_a_voter(world, poll, now):
    vote(world, poll, "dai", "ben")
    key = sealing.load(world.organisation, poll.pk)
    sealed = bytes(SealedBallot.objects.get().sealed)
    assert SealedBox(PrivateKey(key.private)).decrypt(sealed), "before the close, who has both can look"
    to_the_count(now, poll)
    for row in EntryRow.objects.all():
        assert bytes(row.data).count(world.people["dai"].encode()) == 0 or row.kind.split(".")[0] not in (
            "ballot", "box", "poll", "election",
        )  # fmt: skip
    for content in Content.objects.filter(kind__in=("box.counted", "poll.counted")):
        assert world.people["dai"].encode() not in bytes(content.value)


def test_when_everybody_has_voted_the_clock_closes_at_once(world, poll):
    for name in world.people:
        vote(world, poll, name, "ben", "ada", "cleo")
    assert tick() >= 1
    assert len(holders()) == 3


@pytest.mark.parametrize(("spoil", "why"), [
    ("key", "key-missing"), ("other-key", "key-missing"), ("ballot-gone", "ballots-differ"),
    ("mark-gone", "ballots-differ"), ("ballot-bent", "unreadable"), ("ballot-of-another-paper", "unreadable"),
])  # fmt: skip
def test_a_box_that_cannot_be_counted_is_annulled_in_public_and_the_vote_opens_anew(
    world, poll, now, spoil, why
):
    from kollontai.chapters.record.guard import opened_for

    for name in ("dai", "eva"):
        vote(world, poll, name, "ben")
    with opened_for("all"):
        if spoil in ("key", "other-key"):
            sealing.destroy(world.organisation, poll.pk)
            if spoil == "other-key":
                sealing.create(world.organisation, poll.pk)
        elif spoil == "ballot-gone":
            SealedBallot.objects.first().delete()
        elif spoil == "mark-gone":
            Voter.objects.filter(marked=True).first().delete()
        elif spoil == "ballot-bent":
            SealedBallot.objects.update(sealed=bytes(100))
        else:
            strange = sealing.seal(poll.secret_box.key, poll.secret_box.size, "aaaabbbbb", {"ranking": ["x"]})
            SealedBallot.objects.update(sealed=strange)
    now.pass_to(poll.closes_at)
    poll.refresh_from_db()
    assert (poll.state, SecretBox.objects.get(poll=poll).state) == ("lost", "lost")
    of = election()
    assert (of.state, of.poll != poll.pk) == ("voting", True)
    fresh = Poll.objects.get(pk=of.poll)
    assert sorted(fresh.options) == sorted(poll.options)
    if spoil != "mark-gone":
        assert set(fresh.voters.values_list("member", flat=True)) == set(
            poll.voters.values_list("member", flat=True)
        )
    assert holders() == []
    lost = bytes(EntryRow.objects.get(kind="box.lost").data)
    assert f'"why":"{why}"'.encode() in lost
    for name in ("dai", "eva", "finn"):
        vote(world, Poll.objects.select_related("secret_box").get(pk=of.poll), name, "ben", "ada")
    to_the_count(now, fresh)
    assert world.people["ben"] in holders()


def test_who_took_part_is_forgotten_when_nobody_may_be_charged_any_more(world, poll, now):
    vote(world, poll, "dai", "ben")
    to_the_count(now, poll)
    now.pass_days(182)
    if Voter.objects.filter(poll=poll, marked=True).exists():
        now.pass_days(3)
    assert not Voter.objects.filter(poll=poll, marked=True).exists()
    assert SecretBox.objects.get(poll=poll).links_destroyed
    assert world.kinds().count("links.destroyed") == 1
