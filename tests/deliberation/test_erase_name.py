# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever has left may have their name erased, and nothing leads to them any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.accounts.models import Account, EmailCode, Mail, Passkey, Token
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation import facts, parting
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.erase_name import erase_name
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members import queries as members
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.record.refusal import Refused
from kollontai.ids import new_id
from tests.deliberation.conftest import *  # noqa: F403
from tests.web.hall import LEADER, Hall, built
from tests.world import day

AT = day("2026-02-01")
YEARS = parting.ANSWERS_FOR


def gone(**changes: Any) -> parting.Parting:
    known: dict[str, Any] = {"standing": "left", "erased": False, "on_a_paper": False, "held_until": None}
    return parting.Parting(**{**known, **changes})


@pytest.mark.parametrize(
    ("changes", "code", "until"),
    [
        ({}, None, None),
        ({"standing": "declined"}, None, None),
        ({"standing": "member"}, "name-while-here", None),
        ({"standing": "applicant"}, "name-while-here", None),
        ({"standing": "invited"}, "name-while-here", None),
        ({"standing": ""}, "name-while-here", None),
        ({"erased": True}, "name-erased-already", None),
        ({"on_a_paper": True}, "name-on-a-paper", None),
        ({"held_until": AT}, "name-at-a-post", AT + YEARS),
        ({"held_until": AT - YEARS + timedelta(minutes=1)}, "name-at-a-post", AT + timedelta(minutes=1)),
        ({"held_until": AT - YEARS}, None, None),
    ],
)
def test_who_may_have_their_name_erased(changes: dict[str, Any], code: str | None, until: Any) -> None:
    refusal = parting.may_erase_name(gone(**changes), at=AT)
    assert (refusal.code if refusal else None) == code
    assert (refusal.until if refusal else None) == until


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return built(now)


def refused(hall: Hall, name: str) -> str:
    with pytest.raises(Refused) as error:
        erase_name(hall.world.actor(name))
    return error.value.refusal.code


def test_the_name_goes_and_the_entries_stay(hall: Hall) -> None:
    eva = hall.world.member("eva")
    leave(hall.world.actor("eva"))
    entries = EntryRow.objects.filter(actor=eva.pk).count()
    erase_name(hall.world.actor("eva"))
    assert str(hall.world.member("eva").name) == ""
    assert hall.world.member("eva").name.erased
    assert not Contact.objects.filter(member=eva).exists()
    assert hall.world.kinds()[-2:] == ["content.erased", "contact.erased"]
    assert EntryRow.objects.filter(actor=eva.pk).count() == entries + 2
    assert refused(hall, "eva") == "name-erased-already"


def test_every_name_goes_under_which_somebody_ever_came(hall: Hall, now: Any) -> None:
    leave(hall.world.actor("eva"))
    apply(hall.world.actor("eva"), unit_id=hall.world.unit().pk, name="Eva of the Ferry")
    decline_invitation(hall.world.actor("eva"))
    names = Content.objects.filter(author=hall.world.people["eva"], field="name")
    assert names.filter(erased_at=None).count() == 2
    erase_name(hall.world.actor("eva"))
    assert not names.filter(erased_at=None).exists()


def test_a_member_is_known_by_name(hall: Hall) -> None:
    assert refused(hall, "eva") == "name-while-here"


def test_whoever_was_asked_in_and_said_no_takes_their_name_along(hall: Hall) -> None:
    invitees = [Invitee("Rosa", "rosa@example.org", hall.world.unit().pk)]
    [rosa] = invite(hall.world.actor("ada"), invitees=invitees).value
    hall.world.people["rosa"] = rosa.pk
    assert refused(hall, "rosa") == "name-while-here"
    decline_invitation(hall.world.actor("rosa"))
    erase_name(hall.world.actor("rosa"))
    assert Member.objects.get(pk=rosa.pk).name.erased


def test_nobody_does_it_for_another(hall: Hall) -> None:
    leave(hall.world.actor("eva"))
    erase_name(hall.world.actor("eva"))
    assert not hall.world.member("ben").name.erased
    assert Contact.objects.filter(member=hall.world.people["ben"]).exists()


def test_whoever_held_a_post_answers_for_it_by_name_for_two_years(hall: Hall, now: Any) -> None:
    leave(hall.world.actor(LEADER))
    ended = Term.objects.get(member=hall.world.people[LEADER]).ended_at
    with pytest.raises(Refused) as error:
        erase_name(hall.world.actor(LEADER))
    refusal = error.value.refusal
    assert (refusal.code, refusal.article, refusal.until) == ("name-at-a-post", 11, ended + YEARS)
    now.pass_to(ended + YEARS - timedelta(minutes=1))
    assert refused(hall, LEADER) == "name-at-a-post"
    now.move(minutes=1)
    erase_name(hall.world.actor(LEADER))
    assert Term.objects.filter(member=hall.world.people[LEADER]).exists()


def test_a_candidate_is_known_by_name_until_the_election_is_over(hall: Hall, now: Any) -> None:
    resign(hall.world.actor(LEADER), term_id=Term.objects.get(ended_at=None).pk)
    now.pass_days(0.1)
    election = Election.objects.get()
    stand(hall.world.actor("eva"), election_id=election.pk, statement="I would.")
    nominate(hall.world.actor("ada"), election_id=election.pk, nominee=hall.world.people["finn"])
    leave(hall.world.actor("finn"))
    erase_name(hall.world.actor("finn"))  # who never said yes stands on no paper
    now.pass_to(election.closes_at)
    election.refresh_from_db()
    assert election.state == "voting"
    leave(hall.world.actor("eva"))
    assert refused(hall, "eva") == "name-on-a-paper"
    now.pass_days(10)
    election.refresh_from_db()
    assert election.state not in ("nominations", "voting")
    erase_name(hall.world.actor("eva"))


def test_the_account_goes_where_it_leads_nowhere_else(hall: Hall, now: Any) -> None:
    account = account_for("eva@example.org", at=now.time)
    Passkey.objects.create(
        account=account, credential=b"k", public_key=b"p", label="A key", created_at=now.time
    )
    Token.objects.create(
        account=account, digest="d" * 64, label="A program", scopes="act", created_at=now.time,
        expires_at=now.time + timedelta(days=1),
    )  # fmt: skip
    EmailCode.objects.create(browser="b" * 64, email="eva@example.org", code="c", sent_at=now.time)
    leave(hall.world.actor("eva"))
    before = Mail.objects.filter(to="eva@example.org").count()
    erase_name(hall.world.actor("eva"))
    assert not Account.objects.filter(email="eva@example.org").exists()
    assert not Passkey.objects.exists()
    assert not Token.objects.exists()
    assert not EmailCode.objects.filter(email="eva@example.org").exists()
    assert Mail.objects.filter(to="eva@example.org").count() == before + 1
    assert members.member_for(hall.world.organisation, account_for("eva@example.org", at=now.time)) is None


def test_whoever_comes_back_comes_as_somebody_new(hall: Hall, now: Any) -> None:
    leave(hall.world.actor("eva"))
    erase_name(hall.world.actor("eva"))
    account = account_for("eva@example.org", at=now.time)
    actor = Actor(hall.world.id, new_id(), "code")
    unit = hall.world.unit().pk
    again = apply(actor, unit_id=unit, name="Eva", email="", account_id=account.pk).value
    assert again.pk != hall.world.people["eva"]
    assert members.member_for(hall.world.organisation, account) == again
    with pytest.raises(Refused):  # the number she had leads to nobody, and nobody comes in by it
        apply(hall.world.actor("eva"), unit_id=unit, name="Eva", account_id=account.pk)


def test_what_was_said_is_erased_before_the_name_and_not_after_it(hall: Hall) -> None:
    issue = hall.at_talk()
    first, second = (
        speak(hall.world.actor("eva"), issue_id=issue.pk, stance="for", text=text).value
        for text in ("One word.", "Another word.")
    )
    leave(hall.world.actor("eva"))
    erase_contribution(hall.world.actor("eva"), contribution_id=first.pk)
    erase_name(hall.world.actor("eva"))
    with pytest.raises(Refused) as error:
        erase_contribution(hall.world.actor("eva"), contribution_id=second.pk)
    assert error.value.refusal.code == "not-your-words"


def test_the_facts_are_read_from_the_rows(hall: Hall) -> None:
    assert facts.parting(None) == parting.Parting("", erased=False, on_a_paper=False, held_until=None)
    term = Term.objects.get()
    assert facts.parting(hall.world.member(LEADER)).held_until == term.ends_at
    assert facts.parting(hall.world.member("eva")).held_until is None
