# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a charter before founders, and how somebody clever would try to get round its rules."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kollontai.chapters.accounts import paper
from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.bodies.rules import Claimed, Founder, PostGiven
from kollontai.chapters.charter import articles
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.charter.queries import limits_in_force
from kollontai.chapters.members.models import Contact, Member, Unit
from kollontai.chapters.record.act import Actor, Refused
from kollontai.chapters.record.models import Content, Deadline, EntryRow, Organisation
from kollontai.ids import new_id

pytestmark = pytest.mark.django_db

FOUNDERS = (
    Founder("Ada Marsh", "ada@example.org"),
    Founder("Ben Quay", "ben@example.org", unit="Ferry Crews"),
    Founder("Cleo Dock", "cleo@example.org", unit="Ferry Crews"),
    Founder("Dai Lock", "dai@example.org"),
)
CHAIR = PostGiven(
    title="Chair",
    leading=True,
    term_days=365,
    held_before=(
        Claimed(
            "ada@example.org",
            elected_at=datetime(2025, 9, 1, tzinfo=UTC),
            old_end=datetime(2026, 9, 1, tzinfo=UTC),
            minutes="Elected by a show of hands, 31 to 4.",
        ),
    ),
)
PROPOSAL = Proposal(
    slug="tidewater",
    origin="localhost/tidewater",
    name="Tidewater Federation",
    unit_word="branch",
    zone="Europe/Lisbon",
    preset="normal",
    joining="vouched",
    listed=FOUNDERS,
    units=("Ferry Crews",),
    posts=(CHAIR, PostGiven(title="Scrutineers", leading=False, seats=3, term_days=730)),
    words="We work on the water and by it.",
)


def open_it(proposal: Proposal = PROPOSAL, **kwargs):
    return open_founding(Actor(new_id(), new_id(), "code"), proposal=proposal, **kwargs)


def refusal_of(proposal: Proposal, **kwargs) -> str:
    with pytest.raises(Refused) as refused:
        open_it(proposal, **kwargs)
    assert not Organisation.objects.exists()
    assert not Content.objects.exists()
    assert not EntryRow.objects.exists()
    return refused.value.refusal.code


def test_a_founding_puts_everything_before_the_founders_and_nothing_in_force():
    actor = Actor(new_id(), new_id(), "code")
    done = open_founding(actor, proposal=PROPOSAL)
    organisation = Organisation.objects.get()
    assert done.value == organisation
    assert organisation.pk == actor.organisation
    assert str(organisation.name) == "Tidewater Federation"
    assert str(organisation.unit_word) == "branch"
    assert organisation.founded_at is None
    assert [entry.kind for entry in EntryRow.objects.order_by("position")] == [
        "founding.opened",
        "unit.created",
        "unit.created",
        "member.invited",
        "member.invited",
        "member.invited",
        "member.invited",
        "post.created",
        "post.entered",
        "post.created",
    ]
    root = Unit.objects.get(parent=None)
    ferry = Unit.objects.get(parent=root)
    assert (str(root.name), str(ferry.name)) == ("Tidewater Federation", "Ferry Crews")
    assert Member.objects.get(pk=actor.id).contact.email == "ada@example.org"
    assert {member.standing for member in Member.objects.all()} == {"invited"}
    assert Member.objects.filter(unit=ferry).count() == 2
    assert not Term.objects.exists()
    assert not Deadline.objects.filter(act__startswith="elections").exists()
    claim = Claim.objects.get()
    assert (str(claim.post.title), claim.member_id, claim.poll, claim.outcome) == ("Chair", actor.id, "", "")
    charter = Charter.objects.get()
    assert (charter.articles_sha256, str(charter.text)) == (articles.read().sha256, PROPOSAL.words)
    assert Limit.objects.count() == len(articles.read().limits)
    assert limits_in_force(organisation.pk, members=0)["D1.big"] == 21


def test_names_and_addresses_stay_outside_the_record():
    open_it()
    record = b"".join(bytes(entry.data) for entry in EntryRow.objects.all())
    for word in ("Ada", "Ben", "Tidewater Fed", "example.org", "Chair", "show of hands", "branch"):
        assert word.encode() not in record


def test_a_founder_may_erase_their_own_name():
    done = open_it()
    ben = Contact.objects.get(email="ben@example.org").member
    assert ben.name.author == ben.pk
    assert done.value.name.author != ben.pk


@pytest.mark.parametrize("preset", ["normal", "small"])
def test_the_limits_of_the_preset_stand_in_the_first_entry(preset):
    done = open_it(replace(PROPOSAL, preset=preset))
    first = bytes(EntryRow.objects.get(organisation=done.value, position=0).data).decode()
    days = articles.read().limits["D1.big"].bounds(preset).default
    assert f'"D1.big":{days}' in first
    assert articles.read().sha256 in first


def claims(**changes) -> Proposal:
    return replace(PROPOSAL, posts=(replace(CHAIR, held_before=(replace(CHAIR.held_before[0], **changes),)),))


@pytest.mark.parametrize(
    ("proposal", "code"),
    [
        (replace(PROPOSAL, listed=FOUNDERS[:2]), "too-few-founders"),
        (replace(PROPOSAL, listed=(*FOUNDERS, Founder("Ada Again", " ADA@example.org"))), "doubled-founder"),
        (replace(PROPOSAL, listed=(*FOUNDERS, Founder("", "eve@example.org"))), "name-unusable"),
        (replace(PROPOSAL, listed=(*FOUNDERS, Founder("Eve", "eve"))), "email-unusable"),
        (replace(PROPOSAL, listed=(*FOUNDERS, Founder("Eve", "eve@example.org", "Nowhere"))), "unit-unknown"),
        (replace(PROPOSAL, units=("Ferry Crews", "FERRY CREWS")), "doubled-unit"),
        (replace(PROPOSAL, units=("Ferry Crews", " ")), "unit-name-unusable"),
        (replace(PROPOSAL, slug="record"), "slug-reserved"),
        (replace(PROPOSAL, posts=(replace(CHAIR, leading=False),)), "single-post-leads"),
        (replace(PROPOSAL, posts=(replace(CHAIR, leading=False, duty="secretary"),)), "duty-unknown"),
        (replace(PROPOSAL, posts=(replace(CHAIR, term_days=366),)), "term-too-long"),
        (replace(PROPOSAL, posts=(replace(CHAIR, term_days=0),)), "term-too-long"),
        (replace(PROPOSAL, posts=(replace(CHAIR, seats=0),)), "seats-unusable"),
        (replace(PROPOSAL, posts=(CHAIR, replace(CHAIR, title="CHAIR"))), "doubled-post"),
        (
            replace(
                PROPOSAL,
                posts=(CHAIR, replace(CHAIR, title="Counter", leading=False, duty="scrutineer")),
            ),
            "founder-watches-and-leads",
        ),
        (replace(PROPOSAL, posts=(replace(CHAIR, unit="Nowhere"),)), "unit-unknown"),
        (replace(PROPOSAL, posts=(replace(CHAIR, title=""),)), "post-title-unusable"),
        (
            replace(PROPOSAL, posts=(replace(CHAIR, held_before=CHAIR.held_before * 2),)),
            "more-holders-than-seats",
        ),
        (
            replace(PROPOSAL, posts=(replace(CHAIR, seats=2, held_before=CHAIR.held_before * 2),)),
            "doubled-holder",
        ),
        (claims(founder="mallory@example.org"), "holder-not-listed"),
        (claims(elected_at=datetime(2026, 2, 2, tzinfo=UTC)), "elected-in-the-future"),
        (claims(old_end=datetime(2026, 2, 1, 12, tzinfo=UTC)), "term-already-over"),
        (claims(elected_at=datetime(2025, 9, 1)), "date-unusable"),
        (claims(minutes=" \n"), "minutes-missing"),
        (replace(PROPOSAL, posts=(replace(CHAIR, unit="Ferry Crews"),)), "holder-of-another-unit"),
        (
            replace(
                PROPOSAL, posts=tuple(replace(CHAIR, title=title) for title in ("Chair", "Clerk", "Purse"))
            ),
            "too-many-posts-at-once",
        ),
    ],
)
def test_what_is_refused_leaves_nothing_behind(proposal, code):
    assert refusal_of(proposal) == code


def test_nobody_opens_in_the_name_of_another(django_user_model):
    account = django_user_model.objects.create(
        id=new_id(), email="mallory@example.org", created_at=datetime.now(UTC)
    )
    assert refusal_of(PROPOSAL, account_id=account.pk) == "opener-not-first"
    nowhere = paper.without_mailbox(at=datetime.now(UTC))
    assert refusal_of(PROPOSAL, account_id=nowhere.pk) == "opener-not-first", (
        "they would sign as whom they list"
    )


def test_a_taken_address_is_refused():
    open_it()
    with pytest.raises(Refused) as refused:
        open_it(replace(PROPOSAL, origin="localhost/other"))
    assert refused.value.refusal.code == "slug-taken"


def test_a_demonstration_and_a_real_organisation_never_stand_on_one_server():
    open_it(replace(PROPOSAL, demo=True, origin="demo.localhost/tidewater"))
    with pytest.raises(Refused) as refused:
        open_it(replace(PROPOSAL, slug="other", origin="localhost/other"))
    assert refused.value.refusal.code == "demonstrations-stand-apart"
    open_it(replace(PROPOSAL, slug="alder-house", demo=True, origin="demo.localhost/alder-house"))


def test_ids_of_posts_are_never_used_twice():
    open_it()
    open_it(replace(PROPOSAL, slug="other", origin="localhost/other"))
    assert Post.objects.count() == 4
