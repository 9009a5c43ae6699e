# SPDX-License-Identifier: AGPL-3.0-or-later
"""My data: everything that points to a person is in it, and nothing that others keep for themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps

from kollontai import clock
from kollontai.chapters.accounts.models import Account, LetterCode, Mail
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.members.models import Member
from kollontai.chapters.petitions.models import SignatureLink
from kollontai.followers import feed
from tests.web.test_whose import Two, both

BY_ENTRIES = frozenset(
    [
        "members.LetterVoucher.by",
        "members.Voucher.by",
        "voting.LotShare.member",
        "voting.OutsideEntry.member",
        "petitions.Sample.scrutineer",
        "elections.Candidacy.by",
        "deliberation.Issue.raised_by",
        "deliberation.Supporter.member",
        "deliberation.BigCall.member",
        "deliberation.Draft.mover",
        "deliberation.DraftSupporter.member",
        "deliberation.Amendment.mover",
        "deliberation.AmendmentSupporter.member",
        "deliberation.Combination.proposed_by",
        "deliberation.CombinationYes.member",
        "deliberation.Contribution.author",
        "deliberation.FactCover.member",
        "deliberation.Statement.author",
        "deliberation.Letter.posted_by",
        "deliberation.Attachment.author",
        "deliberation.Shortening.proposed_by",
        "deliberation.ShorteningSupporter.member",
        "deliberation.ArchivedThread.brought_by",
        "writing_in.Naming.member",
    ]
)
"""What somebody did by an act of their own: it stands under `entries`, its words under `words`."""

NAMED = {
    "accounts.LetterCode.account": "account", "accounts.Passkey.account": "account",
    "accounts.Token.account": "account", "members.Contact.member": "contact", "members.Contact.account": "contact",
    "members.LetterVoucher.member": "vouched_for_my_letter", "members.Voucher.applicant": "vouched_for_me",
    "bodies.Claim.member": "entered_as_holding", "bodies.Term.member": "posts",
    "voting.Voter.member": "on_the_roll_of", "voting.OpenBallot.voter": "voted_in",
    "petitions.SignatureLink.member": "signed", "elections.Candidacy.member": "put_forward",
    "elections.Offer.member": "asked_to_act", "deliberation.Contribution.written_by": "words_by_my_hand",
    "deliberation.FromFile.owner": "waiting_from_files", "deliberation.Reading.owner": "where_in_talks",
    "deliberation.Mute.owner": "muted", "writing_in.Naming.writer": "i_write_in_for",
    "writing_in.WriteIn.member": "written_in_for_me", "writing_in.WriteIn.writer": "written_in_by_me",
    "followers.Wish.owner": "notices", "followers.Feed.owner": "calendar",
}  # fmt: skip
ANOTHERS = frozenset({"deliberation.Mute.muted"})
"""Whom others muted is theirs: nobody learns of it."""


@pytest.fixture
def two(db: None, now: Any) -> Two:
    """A house with something of everything."""
    return both(now)


def data_of(two: Two, name: str) -> Any:
    browser = two.walker("a member")
    browser.force_login(
        account_for(f"{name}@example.org", at=clock.now()),
        backend="kollontai.chapters.accounts.backend.SignedIn",
    )
    return json.loads(browser.get("/tidewater/mine/data/").content)


def test_every_column_that_points_to_a_person_has_its_place(two: Two) -> None:
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in (Member, Account)
    }
    assert pointing == BY_ENTRIES | NAMED.keys() | ANOTHERS
    assert {*NAMED.values(), "voted_in_secret_in", "to_be_told"} <= data_of(two, "ada").keys()


def test_what_is_protected_or_was_done_by_others_is_in_it_too(two: Two) -> None:
    names = {number: name for name, number in two.here.world.people.items()}
    tie = SignatureLink.objects.select_related("petition").first()
    found = data_of(two, names[tie.member_id])
    assert (tie.petition_id, tie.alias) in {(one["petition"], one["alias"]) for one in found["signed"]}
    assert any(data_of(two, name)["posts"] for name in ("hal", "ada", "ben"))


def test_the_ways_in_and_the_letters_are_in_it(two: Two) -> None:
    ada = account_for("ada@example.org", at=clock.now())
    LetterCode.objects.create(account=ada, begins="AAAA", code="x", made_at=clock.now())
    Mail.objects.create(to="ada@example.org", subject="A word", body="Secret.", queued_at=clock.now())
    address = feed.make(two.here.world.member("ada"))
    found = data_of(two, "ada")
    assert found["calendar"] == address
    assert found["account"]["code_on_paper_made_at"]
    assert "A word" in {one["subject"] for one in found["account"]["letters"]}
