# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a charter before founders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kollontai.chapters.bodies import rules
from kollontai.chapters.bodies.models import Claim, Post
from kollontai.chapters.bodies.rules import Founder, PostGiven
from kollontai.chapters.charter import articles
from kollontai.chapters.charter import queries as charter_queries
from kollontai.chapters.charter import rules as charter_rules
from kollontai.chapters.charter import steps as charter
from kollontai.chapters.members import queries as people
from kollontai.chapters.members import steps as members
from kollontai.chapters.members.emails import tidy
from kollontai.chapters.members.models import Contact, Member, Standing, Unit
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.record.models import Organisation
from kollontai.ids import new_id
from kollontai.openrecord.kinds.founding import FoundingOpened
from kollontai.openrecord.kinds.members import MemberInvited, UnitCreated
from kollontai.openrecord.kinds.posts import PostCreated, PostEntered

OPERATOR = "operator"


@dataclass(frozen=True)
class Proposal:
    """What somebody puts before founders: who, what for, in which units, with which posts.

    `words` are the organisation's own, before the articles. The first of `listed` is who opens.
    """

    slug: str
    origin: str
    name: str
    unit_word: str
    zone: str
    preset: str
    joining: str
    listed: Sequence[Founder]
    units: Sequence[str] = ()
    posts: Sequence[PostGiven] = ()
    words: str = ""
    demo: bool = False
    limits: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", articles.read().defaults(self.preset))


@act(founding=True)
def open_founding(this: Act, *, proposal: Proposal, account_id: str | None = None) -> Organisation:
    """Put a charter before founders. Nothing is in force until enough of them have signed. Article 13.

    Whoever runs the server may lay it before them too, and gets nothing by it: only founders sign.
    """
    proved = None if account_id is None else people.email_of(account_id) or ""
    require(rules.may_open_as(account_email=proved, listed=proposal.listed))
    require(charter_rules.may_open(_facts(proposal)))
    require(rules.may_list(proposal.listed, proposal.units, limits=proposal.limits))
    require(
        rules.may_create_posts(
            proposal.posts, proposal.listed, proposal.units, limits=proposal.limits, at=this.at
        )
    )

    ids = [new_id() for _ in proposal.listed]
    if this.actor != OPERATOR:
        ids[0] = this.actor
    organisation = _begin(this, proposal, ids)
    units = _create_units(this, proposal)
    founders = _list_founders(this, proposal, ids, units)
    members.link_account(founders[tidy(proposal.listed[0].email)], account_id)
    for given in proposal.posts:
        _create_post(this, given, units[given.unit], founders)
    return organisation


def _facts(proposal: Proposal) -> charter_rules.Opening:
    return charter_rules.Opening(
        slug=proposal.slug,
        origin=proposal.origin,
        demo=proposal.demo,
        name=proposal.name,
        unit_word=proposal.unit_word,
        words=proposal.words,
        zone=proposal.zone,
        preset=proposal.preset,
        joining=proposal.joining,
        slug_taken=Organisation.objects.filter(slug=proposal.slug).exists(),
        origin_taken=Organisation.objects.filter(origin=proposal.origin).exists(),
        stands_beside=charter_queries.what_stands_beside(demo=proposal.demo),
        listed=len(proposal.listed),
        small_below=articles.read().small_below,
    )


def _begin(this: Act, proposal: Proposal, ids: Sequence[str]) -> Organisation:
    organisation = Organisation(
        id=this.organisation_id,
        slug=proposal.slug,
        origin=proposal.origin,
        zone=proposal.zone,
        preset=proposal.preset,
        joining=proposal.joining,
        demo=proposal.demo,
        opened_at=this.at,
    )
    this.begin(organisation)
    adopted = articles.read()
    texts = this.record(
        FoundingOpened(
            origin=proposal.origin,
            zone=proposal.zone,
            preset=proposal.preset,
            joining=proposal.joining,
            articles_version=adopted.version,
            articles_sha256=adopted.sha256,
            limits=proposal.limits,
            listed=tuple(ids),
        ),
        name=proposal.name,
        unit_word=proposal.unit_word,
        charter=proposal.words,
    )
    organisation.name, organisation.unit_word = texts["name"], texts["unit_word"]
    organisation.save(force_insert=True)
    charter.adopt(this, text=texts["charter"], limits=proposal.limits)
    return organisation


def _create_units(this: Act, proposal: Proposal) -> dict[str, Unit]:
    """Create the whole organisation as the first unit, known by the empty name, and the others in it."""
    units: dict[str, Unit] = {}
    root: Unit | None = None
    for name in ("", *proposal.units):
        unit_id = new_id()
        fact = UnitCreated(unit=unit_id, parent=root.pk if root else None)
        content = this.record(fact, name=name or proposal.name)["name"]
        units[name] = members.create_unit(this, unit_id=unit_id, parent=root, name=content)
        root = root or units[name]
    return units


def _list_founders(
    this: Act, proposal: Proposal, ids: Sequence[str], units: dict[str, Unit]
) -> dict[str, Member]:
    founders: dict[str, Member] = {}
    for member_id, founder in zip(ids, proposal.listed, strict=True):
        unit = units[founder.unit]
        fact = MemberInvited(member=member_id, unit=unit.pk, ground="founding")
        founders[tidy(founder.email)] = Member(
            id=member_id,
            organisation_id=this.organisation_id,
            unit=unit,
            name=this.record(fact, author=member_id, name=founder.name)["name"],
            standing=Standing.INVITED,
            ground="founding",
            invited_by=this.actor,
            invited_at=this.at,
            listed=True,
        )
    Member.objects.bulk_create(founders.values(), batch_size=500)
    Contact.objects.bulk_create(
        [
            Contact(member=member, organisation_id=this.organisation_id, email=email)
            for email, member in founders.items()
        ],
        batch_size=500,
    )
    return founders


def _create_post(this: Act, given: PostGiven, unit: Unit, founders: dict[str, Member]) -> None:
    fact = PostCreated(
        post=new_id(),
        unit=unit.pk,
        leading=given.leading,
        seats=given.seats,
        term_days=given.term_days,
        duty=given.duty or None,
    )
    post = Post.objects.create(
        id=fact.post,
        organisation_id=this.organisation_id,
        unit=unit,
        title=this.record(fact, title=given.title)["title"],
        leading=given.leading,
        duty=given.duty,
        seats=given.seats,
        term_days=given.term_days,
        created_at=this.at,
    )
    for claim in given.held_before:
        member = founders[tidy(claim.founder)]
        elected_at, old_end = (day.replace(microsecond=0) for day in (claim.elected_at, claim.old_end))
        entered = PostEntered(post=post.pk, member=member.pk, elected_at=elected_at, old_end=old_end)
        Claim.objects.create(
            organisation_id=this.organisation_id,
            post=post,
            member=member,
            elected_at=elected_at,
            old_end=old_end,
            minutes=this.record(entered, minutes=claim.minutes)["minutes"],
        )
