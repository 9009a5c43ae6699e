# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words beside the record: they open their commitments, are held, released, and erased without a trace."""

from __future__ import annotations

import pytest

from kollontai.chapters.record.act import Act, FrameError, act
from kollontai.chapters.record.models import Content, EntryRow, Head
from kollontai.openrecord import commitment
from kollontai.openrecord.entries import from_bytes
from kollontai.openrecord.kinds.founding import CharterSigned
from kollontai.openrecord.kinds.members import UnitCreated
from kollontai.openrecord.kinds.polls import BallotCast
from tests.faults import house

pytestmark = pytest.mark.django_db
SECRET = "Words that somebody will want to take back, käse 漢字"


@act
def name_unit(this: Act, *, name: str, author: str | None = None) -> Content:
    return this.record(UnitCreated(unit="uuuuuuuuuuuuuuuu"), name=name, author=author)["name"]


@act
def take_back(this: Act, *, ids: list[int]) -> None:
    this.erase(Content.objects.filter(pk__in=ids), ground="own")


@act
def release(this: Act, *, held_until: str) -> None:
    this.release(held_until)
    this.record(CharterSigned(member=this.actor))


@act
def record_wrongly(this: Act, *, how: str) -> None:
    if how == "unknown":
        this.record(UnitCreated(unit="uuuuuuuuuuuuuuuu"), title="x")
    this.record(BallotCast(poll=house.poll(0)), choice="{}")


def opens(content: Content, place: int) -> bool:
    """Whether a row of words opens the commitment in the entry at this place."""
    entry = from_bytes(bytes(EntryRow.objects.get(position=place).data))
    return commitment.opens(
        entry.commitments[content.field], org=entry.org, kind=entry.fact.kind_name, field=content.field,
        author=content.author, salt=bytes(content.salt or b""), value=bytes(content.value or b""),
    )  # fmt: skip


def test_words_open_the_commitment_in_their_entry(hall):
    done = name_unit(house.member(1), name=SECRET)
    content = Content.objects.get(pk=done.value.pk)
    assert str(content) == SECRET
    assert opens(content, done.positions[0])
    assert SECRET.encode() not in bytes(EntryRow.objects.get(position=done.positions[0]).data)


def test_the_same_words_twice_look_different_on_the_record(hall):
    first, second = (name_unit(house.member(1), name="Same").value for _ in range(2))
    assert first.commitment != second.commitment
    assert bytes(first.salt) != bytes(second.salt)


def test_words_open_for_no_other_author(hall):
    done = name_unit(house.member(1), name=SECRET)
    content = Content.objects.get(pk=done.value.pk)
    content.author = house.member(2).id
    assert not opens(content, done.positions[0])


def test_words_may_belong_to_somebody_else_than_who_acts(hall):
    done = name_unit(house.member(1), name=SECRET, author=house.member(7).id)
    assert Content.objects.get(pk=done.value.pk).author == house.member(7).id
    assert opens(Content.objects.get(pk=done.value.pk), done.positions[0])


def test_erasing_leaves_none_of_the_bytes_in_the_row_and_says_so_on_the_record(hall):
    done = name_unit(house.member(1), name=SECRET)
    before = Content.objects.get(pk=done.value.pk)
    salt, value = bytes(before.salt), bytes(before.value)
    erased = take_back(house.member(1), ids=[before.pk])

    after = Content.objects.get(pk=before.pk)
    assert (after.value, after.salt) == (None, None)
    assert after.erased
    assert str(after) == ""
    assert after.commitment == before.commitment
    whole = repr(list(Content.objects.filter(pk=before.pk).values_list()))
    assert value.decode() not in whole
    assert salt.hex() not in whole
    assert repr(salt) not in whole

    entry = from_bytes(bytes(EntryRow.objects.get(position=erased.positions[0]).data))
    assert entry.fact.kind_name == "content.erased"
    assert entry.fact.commitments == (before.commitment,)
    assert entry.fact.ground == "own"


def test_erasing_twice_is_no_second_act(hall):
    done = name_unit(house.member(1), name=SECRET)
    take_back(house.member(1), ids=[done.value.pk])
    size = Head.objects.get(pk=house.ORG).size
    with pytest.raises(FrameError, match="recorded nothing"):
        take_back(house.member(1), ids=[done.value.pk])
    assert Head.objects.get(pk=house.ORG).size == size


def test_held_words_are_released_all_at_once_and_no_others(hall):
    for number in range(3):
        house.vote(house.member(number), poll=house.poll(0))
    house.vote(house.member(0), poll=house.poll(1))
    assert Content.objects.filter(held_until=house.poll(0)).count() == 3
    release(house.member(0), held_until=house.poll(0))
    assert not Content.objects.filter(held_until=house.poll(0)).exists()
    assert Content.objects.filter(held_until=house.poll(1)).count() == 1


@pytest.mark.parametrize(("how", "why"), [("unknown", "commits to no title"), ("unheld", "until when")])
def test_words_that_no_kind_foresees_are_a_fault_of_the_code(hall, how, why):
    with pytest.raises(FrameError, match=why):
        record_wrongly(house.member(1), how=how)
    assert not Content.objects.filter(author=house.member(1).id).exists()
