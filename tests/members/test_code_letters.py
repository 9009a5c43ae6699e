# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has no mail address is let in by a letter with a code, for which two members of their unit vouch."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kollontai.chapters.accounts import paper, tries
from kollontai.chapters.accounts.models import Account, LetterCode
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.members.models import LetterVoucher, Member
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.refusal import Refused
from tests.members.conftest import *  # noqa: F403
from tests.world import World, day, founded, founders

pytestmark = pytest.mark.django_db
AT = day("2026-02-01")
ADA = rules.Person("member", "founding", joined_at=AT)
ROSA = rules.Person("invited", "moving-in", invited_at=AT)
FACTS = rules.Lettering(
    by=ADA, founded_at=AT, oneself=False, person=ROSA, same_unit=True, has_address=False, mine_waits=False,
    had_one=False, firsts=(), letters=(), limits={"J.standing": 90, "J.letters": 3},
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"by": rules.Person("applicant")}, "not-a-member"),
        ({"founded_at": None}, "not-founded-yet"),
        ({"oneself": True}, "not-for-oneself"),
        ({"person": rules.Person()}, "no-letter-for-them"),
        ({"person": rules.Person("left")}, "no-letter-for-them"),
        ({"person": rules.Person("declined")}, "no-letter-for-them"),
        ({"person": rules.Person("applicant")}, None),
        ({"person": rules.Person("member")}, None),
        ({"same_unit": False}, "not-of-their-unit"),
        ({"same_unit": False, "has_address": True}, "not-of-their-unit"),
        ({"by": rules.Person("member", "open", joined_at=AT)}, "vouching-too-new"),
        ({"has_address": True}, "has-an-address"),
        ({"mine_waits": True}, "another-vouches-too"),
        ({"firsts": (AT, AT), "letters": (AT,) * 5}, None),
        ({"firsts": (AT, AT, AT), "letters": (AT, AT, AT)}, "letters-enough"),
        ({"firsts": (AT, AT, AT), "letters": (AT, AT, AT), "has_address": True}, "letters-enough"),
        ({"firsts": (AT, AT, AT), "letters": (AT,) * 5, "had_one": True}, None),
        ({"firsts": (), "letters": (AT,) * 6}, "letters-enough"),
        ({"firsts": (), "letters": (AT,) * 6, "had_one": True}, "letters-enough"),
    ],
)
def test_who_may_vouch_for_a_letter(changes: dict[str, Any], code: str | None) -> None:
    refusal = rules.may_vouch_for_code_letter(replace(FACTS, **changes), at=AT + timedelta(days=1))
    assert (refusal.code if refusal else None) == code


def test_it_is_said_when_one_may_vouch_for_a_letter_again() -> None:
    days = tuple(AT + timedelta(days=number) for number in range(7))
    at = AT + timedelta(days=8)
    refusal = rules.may_vouch_for_code_letter(replace(FACTS, firsts=days[:4], letters=days[:4]), at=at)
    assert refusal is not None
    assert (refusal.until, refusal.facts) == (days[1] + rules.QUARTER, {"most": 3})
    refusal = rules.may_vouch_for_code_letter(replace(FACTS, had_one=True, letters=days), at=at)
    assert refusal is not None
    assert (refusal.until, refusal.facts) == (days[1] + rules.QUARTER, {"most": 6})


@pytest.fixture
def world() -> World:
    return founded(
        listed=(*founders("ada", "ben", "cleo", "dai", "eva"), *founders("gus", "hal", unit="Kiln Lane")),
    )


@pytest.fixture
def rosa(world: World) -> Member:
    """Somebody invited without a mail address."""
    [member] = invite(world.actor("ada"), invitees=[Invitee("Rosa", "", world.unit().pk)]).value
    found: Member = member
    return found


def vouch(world: World, by: str, member: Member) -> str:
    code: str = vouch_for_code_letter(world.actor(by), member_id=member.pk).value.code
    return code


def refused(world: World, by: str, member_id: str) -> str:
    with pytest.raises(Refused) as error:
        vouch_for_code_letter(world.actor(by), member_id=member_id)
    return error.value.refusal.code


def test_two_vouch_and_the_second_is_shown_the_code(world: World, rosa: Member) -> None:
    assert vouch(world, "ada", rosa) == ""
    assert not LetterCode.objects.exists()
    code = vouch(world, "ben", rosa)
    assert [len(part) for part in code.split()] == [4, 4, 4]
    assert world.kinds()[-2:] == ["code_letter.vouched", "code_letter.vouched"]
    assert list(LetterVoucher.objects.order_by("pk").values_list("second", flat=True)) == [False, True]
    kept = LetterCode.objects.get()
    assert code.replace(" ", "")[4:] not in kept.code


def test_with_the_code_they_come_in_and_say_yes_themself(world: World, rosa: Member, now: Any) -> None:
    vouch(world, "ada", rosa)
    account = paper.enter(vouch(world, "ben", rosa).lower(), network="127.0.0.1", at=now.time)
    assert account is not None
    assert account.email is None
    assert queries.member_for(world.organisation, account) == rosa
    accept_invitation(Actor(world.id, rosa.pk, "code"), account_id=account.pk)
    assert Member.objects.get(pk=rosa.pk).standing == "member"


def test_nobody_alone_lets_anybody_in(world: World, rosa: Member) -> None:
    vouch(world, "ada", rosa)
    assert refused(world, "ada", rosa.pk) == "another-vouches-too"
    assert not LetterCode.objects.exists()


def test_the_second_comes_within_thirty_days_or_is_a_first(world: World, rosa: Member, now: Any) -> None:
    vouch(world, "ada", rosa)
    now.pass_to(now.time + rules.LETTER_WAITS)
    assert vouch(world, "ben", rosa) == ""
    assert vouch(world, "ada", rosa) != ""


def test_a_second_letter_takes_two_again_and_the_first_code_opens_nothing(
    world: World, rosa: Member, now: Any
) -> None:
    vouch(world, "ada", rosa)
    first = vouch(world, "ben", rosa)
    now.move(minutes=1)
    assert vouch(world, "ben", rosa) == ""
    second = vouch(world, "cleo", rosa)
    assert Account.objects.filter(email=None).count() == 1
    assert paper.enter(first, network="127.0.0.1", at=now.time) is None
    assert paper.enter(second, network="127.0.0.1", at=now.time) is not None


def test_of_a_first_who_left_the_word_is_over_and_the_next_is_a_first(world: World, rosa: Member) -> None:
    vouch(world, "ada", rosa)
    leave(world.actor("ada"))
    assert vouch(world, "ben", rosa) == ""
    assert vouch(world, "cleo", rosa) != ""


def test_two_units_do_not_let_anybody_in_together(world: World, rosa: Member, now: Any) -> None:
    """Who comes in by a letter, leaves and asks in another unit is not known there by a word from here."""
    account = letter_opened(world, rosa, now)
    now.move(days=1)
    vouch(world, "ada", rosa)
    leave(Actor(world.id, rosa.pk, "code"))
    kiln = world.unit("Kiln Lane").pk
    apply(Actor(world.id, rosa.pk, "code"), unit_id=kiln, name="Rosa", account_id=account.pk)
    assert vouch(world, "gus", rosa) == ""
    assert refused(world, "gus", rosa.pk) == "another-vouches-too"
    assert vouch(world, "hal", rosa) != ""


def letter_opened(world: World, rosa: Member, now: Any) -> Account:
    vouch(world, "ada", rosa)
    account = paper.enter(vouch(world, "ben", rosa), network="127.0.0.1", at=now.time)
    assert account is not None
    accept_invitation(Actor(world.id, rosa.pk, "code"), account_id=account.pk)
    return account


def test_whoever_has_an_address_is_never_let_in_by_a_letter(world: World) -> None:
    assert refused(world, "ada", world.people["ben"]) == "has-an-address"


def test_members_of_another_unit_do_not_vouch(world: World) -> None:
    [member] = invite(world.actor("ada"), invitees=[Invitee("Rosa", "", world.unit("Kiln Lane").pk)]).value
    assert refused(world, "ada", member.pk) == "not-of-their-unit"


def test_nobody_vouches_for_somebody_unknown(world: World) -> None:
    assert refused(world, "ada", "nobodynobodynobo") == "no-letter-for-them"


# --- How many ---


def asked_in(world: World, many: int) -> list[Member]:
    """People invited without a mail address."""
    unit = world.unit().pk
    invitees = [Invitee(f"Somebody {number}", "", unit) for number in range(many)]
    found: list[Member] = invite(world.actor("ada"), invitees=invitees).value
    return found


def test_two_members_do_not_come_in_as_any_number_of_people(world: World, now: Any) -> None:
    first, second, third, fourth = asked_in(world, 4)
    for person in (first, second, third):
        vouch(world, "ada", person)
        assert vouch(world, "ben", person)
    assert refused(world, "ada", fourth.pk) == refused(world, "ben", fourth.pk) == "letters-enough"
    vouch(world, "cleo", fourth)
    assert refused(world, "ben", fourth.pk) == "letters-enough"
    assert vouch(world, "dai", fourth)
    now.pass_to(now.time + rules.QUARTER)
    [fifth] = asked_in(world, 1)
    vouch(world, "ada", fifth)
    assert vouch(world, "ben", fifth)


def test_another_letter_for_the_same_people_counts_nobody_twice(world: World, now: Any) -> None:
    people = asked_in(world, 3)
    for _time in range(3):
        now.move(minutes=1)
        for person in people:
            vouch(world, "ada", person)
            assert vouch(world, "ben", person)


def test_letters_that_were_not_the_first_count_half(world: World, now: Any) -> None:
    lost, own, more = (asked_in(world, 3) for _group in range(3))
    for first, second, some in (("cleo", "dai", lost), ("ada", "ben", own)):
        for person in some:
            vouch(world, first, person)
            assert vouch(world, second, person)
    now.move(minutes=1)
    for person in lost:
        vouch(world, "ada", person)
        assert vouch(world, "ben", person)
    assert refused(world, "ada", more[0].pk) == "letters-enough"
    now.pass_to(now.time + rules.QUARTER - timedelta(minutes=1))
    for person in more:  # the first letters are more than a quarter old, the others are not
        vouch(world, "ada", person)
    [another] = asked_in(world, 1)
    assert refused(world, "ada", another.pk) == "letters-enough"
    assert refused(world, "ada", own[0].pk) == "letters-enough"  # had one, but six others are in the quarter


# --- The code itself -----------------------------------------------------------------------------------


@pytest.fixture
def code(world: World, rosa: Member) -> str:
    vouch(world, "ada", rosa)
    return vouch(world, "ben", rosa)


def enter(code: str, at: datetime) -> Account | None:
    return paper.enter(code, network="127.0.0.1", at=at)


def test_it_opens_once(code: str, now: Any) -> None:
    assert enter(code, now.time) is not None
    assert enter(code, now.time) is None


def test_it_opens_for_thirty_days(code: str, now: Any) -> None:
    made = LetterCode.objects.get().made_at
    assert enter(code, made + paper.GOOD_FOR) is None
    assert enter(code, made + paper.GOOD_FOR - timedelta(minutes=1)) is not None


def test_after_five_tries_it_opens_no_more(code: str, now: Any) -> None:
    for _try in range(paper.MOST_TRIES):
        assert enter(code[:4] + "AAAAAAAA", now.time) is None
    assert enter(code, now.time) is None


def test_a_network_that_guesses_has_to_wait(code: str, now: Any) -> None:
    for _try in range(tries.MISS_BY_NETWORK.most):
        enter("AAAA AAAA AAAA", now.time)
    with pytest.raises(tries.TooMany):
        enter("AAAA AAAA AAAA", now.time)


def test_nothing_typed_opens_nothing(code: str, now: Any) -> None:
    assert enter("", now.time) is None
    assert enter("!!", now.time) is None
