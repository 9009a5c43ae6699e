# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that is kept about one person, as a file for them: what they did, and what others did to them.

What they did themself stands under `entries` and `words`; what an alias of theirs did, under `signed`. All
else that points to them has a name of its own here (`tests/web/test_my_data.py` goes through every table).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from kollontai.chapters.accounts.models import Account, LetterCode, Mail, Passkey, Token
from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies.models import Claim
from kollontai.chapters.deliberation import fromfile, reading
from kollontai.chapters.deliberation.models import Contribution, Mute
from kollontai.chapters.elections.models import Candidacy, Offer
from kollontai.chapters.members.models import Contact, LetterVoucher, Member, Voucher
from kollontai.chapters.petitions import queries as petitions
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting.models import OpenBallot, Voter
from kollontai.chapters.writing_in import queries as writing
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.followers import feed, wishes
from kollontai.followers.models import News
from kollontai.web.house import House


def my_data(house: House, account: Any) -> bytes:
    """Everything that is kept about whoever looks."""
    me = house.someone
    assert me is not None
    contact = Contact.objects.filter(member=me).first()
    found = {
        "organisation": {"slug": house.slug, "name": house.name, "origin": house.organisation.origin},
        "member": _member(me),
        "contact": {
            "email": contact.email if contact else "",
            "pending_email": contact.pending_email if contact else "",
            "pending_from": _time(contact.pending_from) if contact else None,
        },
        **_done(me),
        **_votes(me),
        **_by_others(me),
        **_private(me),
    }
    if getattr(account, "is_authenticated", False):
        found["account"] = _account(account)
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _member(me: Member) -> dict[str, Any]:
    return {
        "id": me.pk,
        "name": str(me.name),
        "standing": me.standing,
        "unit": str(me.unit.name),
        "ground": me.ground,
        "invited_by": me.invited_by,
        "invited_at": _time(me.invited_at),
        "signed_at": _time(me.signed_at),
        "applied_at": _time(me.applied_at),
        "joined_at": _time(me.joined_at),
        "left_at": _time(me.left_at),
    }


def _done(me: Member) -> dict[str, Any]:
    """What they did: entries, words, signatures; the words of a petition that they opened are an alias's."""
    signed = petitions.mine(me)
    entries = EntryRow.objects.filter(organisation=me.organisation_id, actor=me.pk).order_by("position")
    aliases = [one.signature.alias for one in signed]
    own = Content.objects.filter(organisation=me.organisation_id, author__in=[me.pk, *aliases])
    return {
        "entries": [
            {"position": row["position"], "kind": row["kind"], "at": _time(row["at"])}
            for row in entries.values("position", "kind", "at")
        ],
        "words": [
            {
                "kind": content.kind,
                "field": content.field,
                "commitment": content.commitment,
                "erased": content.erased,
                "value": str(content),
                "salt": bytes(content.salt).hex() if content.salt else "",
            }
            for content in own.order_by("pk")
        ],
        "signed": [
            {
                "petition": one.petition.pk,
                "alias": one.signature.alias,
                "at": _time(one.signature.at),
                "taken_back_at": _time(one.signature.withdrawn_at),
            }
            for one in signed
        ],
    }


def _votes(me: Member) -> dict[str, Any]:
    rolls = Voter.objects.filter(member=me).order_by("poll")
    return {
        "on_the_roll_of": list(rolls.values_list("poll", flat=True)),
        "voted_in": list(OpenBallot.objects.filter(voter=me).order_by("poll").values_list("poll", flat=True)),
        "voted_in_secret_in": list(rolls.filter(marked=True).values_list("poll", flat=True)),
    }


def _by_others(me: Member) -> dict[str, Any]:
    """What others did that points to them, and what counts gave them."""
    return {
        "vouched_for_me": _when(Voucher.objects.filter(applicant=me).values("by", "at")),
        "vouched_for_my_letter": _when(LetterVoucher.objects.filter(member=me).values("by", "at")),
        "entered_as_holding": list(Claim.objects.filter(member=me).order_by("pk").values("post", "outcome")),
        "posts": [
            {
                "post": one.post_id,
                "how": one.how,
                "pay": one.pay,
                "begins_at": _time(one.begins_at),
                "ends_at": _time(one.ends_at),
                "ended_at": _time(one.ended_at),
                "ended_why": one.ended_why,
            }
            for one in bodies.terms_of(me)
        ],
        "put_forward": _when(Candidacy.objects.filter(member=me).values("election", "by", "at", "state")),
        "asked_to_act": _when(Offer.objects.filter(member=me).values("term", "offered_at", "state")),
        "writes_in_for_me": [{"by": one.writer_id, "at": _time(one.at)} for one in writing.writers_of(me)],
        "i_write_in_for": _when(Naming.objects.filter(writer=me).values("member", "at", "ended_at")),
        "written_in_for_me": [
            {
                "by": one.writer_id,
                "issue": one.issue.number,
                "to": one.to,
                "at": _time(one.at),
                "undone_at": _time(one.undone_at),
            }
            for one in writing.written_for(me)
        ],
        "written_in_by_me": _when(
            WriteIn.objects.filter(writer=me).values("member", "to", "at", "undone_at")
        ),
        "words_by_my_hand": list(
            Contribution.objects.filter(written_by=me).order_by("pk").values_list("pk", flat=True)
        ),
    }


def _private(me: Member) -> dict[str, Any]:
    """What they keep for themself alone, and what waits to be told them."""
    return {
        "muted": list(Mute.objects.filter(owner=me).order_by("muted").values_list("muted", flat=True)),
        "notices": wishes.way_of(me),
        "calendar": feed.address_of(me),
        "to_be_told": _when(News.objects.filter(member=me.pk).values("what", "at")),
        "where_in_talks": reading.of(me),
        "waiting_from_files": [{**one, "at": _time(one["at"])} for one in fromfile.of(me)],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "language": account.language,
        "read_in": account.read_in,
        "theme": account.theme,
        "hints": account.hints,
        "created_at": _time(account.created_at),
        "passkeys": _when(Passkey.objects.filter(account=account).values("label", "created_at", "used_at")),
        "keys_for_programs": _when(
            Token.objects.filter(account=account).values(
                "label", "scopes", "created_at", "expires_at", "used_at"
            )
        ),
        "code_on_paper_made_at": _when(LetterCode.objects.filter(account=account).values("made_at")),
        "letters": _when(Mail.objects.filter(to=account.email).values("subject", "queued_at", "sent_at"))
        if account.email
        else [],
    }


def _when(rows: Any) -> list[dict[str, Any]]:
    """Rows in their order, their times as they are written elsewhere in the file."""
    return [
        {name: _time(value) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows.order_by("pk")
    ]


def _time(value: Any) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None
