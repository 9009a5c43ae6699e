# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member chooses how notices come."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from kollontai.chapters.accounts import post
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.act import private_write
from kollontai.followers import addresses, hours, wishes
from kollontai.followers.models import News, Place, Wish


def choose(member: Member, how: str, *, at: datetime, from_a_letter: bool = False) -> bool:
    """Want notices in another way from here on; say whether anything changed.

    What waited for a digest is told before the new way begins, so that nothing is told twice or never.
    A mail says that less will come, so that nobody else can make it quiet around somebody: no thief of a
    session, and nobody to whom a letter was passed on (`from_a_letter`).
    """
    if how not in wishes.WAYS:
        raise ValueError(f"There are the ways {', '.join(wishes.WAYS)}.")
    if how == wishes.way_of(member):
        return False
    with private_write():
        locked = Place.objects.filter(organisation=member.organisation_id, follower=hours.NOTICES)
        locked.select_for_update().first()  # no digest is written meanwhile
        was = wishes.way_of(member)
        if was in ("daily", "weekly") and how != "none":
            hours.digest_for(member, was, at=at)
        newest = News.objects.filter(organisation=member.organisation_id).aggregate(it=Max("pk"))["it"]
        Wish.objects.update_or_create(
            owner=member,
            defaults={"organisation_id": member.organisation_id, "how": how, "since": newest or 0},
        )
        if how != "each":
            _say_so(member, how, at=at, from_a_letter=from_a_letter)
    return True


def _say_so(member: Member, how: str, *, at: datetime, from_a_letter: bool) -> None:
    email = Contact.objects.filter(member=member).values_list("email", flat=True).first()
    if not email:
        return
    words = {
        "daily": _("one letter a day, when something happened"),
        "weekly": _("one letter a week, when something happened"),
        "needed": _("only votes that you may take part in, and what you are asked"),
        "none": _("no notices"),
    }
    ended = _(
        "From now on you are sent: %(way)s. The address at the foot of one of your letters was used.\n\nWas"
        " that not you? Then somebody has a letter of yours. Choose anew here:\n%(address)s"
    )
    text = _(
        "From now on you are sent: %(way)s.\n\nWas that not you? Then somebody is signed in as you."
        " Look here, and sign out on every device:\n%(address)s"
    )
    address = addresses.full("mine-notices", member.organisation.slug)
    text = ended if from_a_letter else text
    post.queue(email, _("Your notices"), text % {"way": words[how], "address": address}, at=at)
