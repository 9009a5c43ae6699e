# SPDX-License-Identifier: AGPL-3.0-or-later
"""How each member wants notices: a private setting, changed on a page or, to nothing, by one click in a mail.

What must arrive (codes, and word of a changed address) is no notice and cannot be ended.
"""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Organisation
from kollontai.followers import addresses
from kollontai.followers.models import Wish

WAYS = ("each", "daily", "weekly", "needed", "none")
"""Each as it happens; one letter a day, a week; what waits for oneself, a vote or a question; nothing."""
ANY = tuple(way for way in WAYS if way != "none")
DEFAULT = "each"


def way_of(member: Member) -> str:
    """How a member wants notices."""
    return Wish.objects.filter(owner=member).values_list("how", flat=True).first() or DEFAULT


# --- Ending them from a mail ---------------------------------------------------------------------------


def address_to_stop(organisation: Organisation, member_id: str) -> str:
    """The address that ends somebody's notices, for the head and foot of each."""
    return addresses.full("notices-stop", organisation.slug, _token(organisation.pk, member_id))


def member_of_token(organisation: Organisation, token: str) -> Member | None:
    """Whose notices an address ends; nobody's where it is not one of ours."""
    member_id = token.partition("-")[0]
    if not constant_time_compare(token, _token(organisation.pk, member_id)):
        return None
    return Member.objects.filter(organisation=organisation, pk=member_id).first()


def _token(organisation_id: str, member_id: str) -> str:
    made = salted_hmac("kollontai.notices.stop", f"{organisation_id}/{member_id}", algorithm="sha256")
    return f"{member_id}-{made.hexdigest()[:32]}"
