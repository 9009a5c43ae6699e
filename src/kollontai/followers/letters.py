# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that go out with an act: to founders, to whoever is asked in. Equal words to all."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kollontai import clock
from kollontai.chapters.accounts import post
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.models import Organisation


def ask_founders(organisation: Organisation, site: str, *, but: str) -> int:
    """Ask everybody on the list to read and sign the charter; not whoever wrote the list."""
    listed = Member.objects.filter(organisation=organisation, listed=True).exclude(pk=but)
    text = _(
        "You are listed as a founder of %(name)s.\n\n"
        "Read its charter, and sign it or say no:\n%(site)s%(slug)s/\n\n"
        "Sign in with this mail address. Nobody can sign for you."
    )
    return _send(organisation, site, _("A charter to read and sign"), text, listed)


def ask_in(organisation: Organisation, site: str, invited: Iterable[Member]) -> int:
    """Tell whoever was invited; they belong only by their own yes."""
    text = _(
        "You are asked to join %(name)s.\n\nSay yes or no here:\n%(site)s%(slug)s/\n\n"
        "Sign in with this mail address. If you do nothing, you belong to nothing."
    )
    return _send(organisation, site, _("You are asked in"), text, invited)


def _send(organisation: Organisation, site: str, subject: str, text: str, to: Iterable[Member]) -> int:
    body = text % {"name": str(organisation.name), "site": site, "slug": organisation.slug}
    contacts = Contact.objects.filter(member__in=[member.pk for member in to]).exclude(email="")
    return post.queue_many(((contact.email, subject, body) for contact in contacts), at=clock.now())
