# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that go out with an act: to founders, to whoever is asked in. Equal words to all."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from kollontai import clock
from kollontai.chapters.accounts import post, steps
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.models import Organisation
from kollontai.followers import addresses


def ask_founders(organisation: Organisation, *, but: str) -> int:
    """Ask everybody on the list to read and sign the charter; not whoever wrote the list."""
    listed = Member.objects.filter(organisation=organisation, listed=True).exclude(pk=but)
    text = _(
        "You are listed as a founder of %(name)s.\n\n"
        "Read its charter, and sign it or say no:\n%(page)s\n\n"
        "Sign in with this mail address. Nobody can sign for you."
    )
    return _send(organisation, _("A charter to read and sign"), text, listed)


def ask_in(organisation: Organisation, invited: Iterable[Member]) -> int:
    """Tell whoever was invited; they belong only by their own yes."""
    text = _(
        "You are asked to join %(name)s.\n\nSay yes or no here:\n%(page)s\n\n"
        "Sign in with this mail address. If you do nothing, you belong to nothing."
    )
    return _send(organisation, _("You are asked in"), text, invited)


def _send(organisation: Organisation, subject: Promise, text: Promise, to: Iterable[Member]) -> int:
    """Send one letter to all, each in the language of their account, else in that of whoever causes it."""
    facts = {"name": str(organisation.name), "page": addresses.full("home", organisation.slug)}
    contacts = Contact.objects.filter(member__in=[member.pk for member in to]).exclude(email="")
    chosen = steps.languages_of(contact.email for contact in contacts)
    said = {}
    for language in {get_language(), *chosen.values()}:
        with override(language):
            said[language] = (str(subject), str(text) % facts)
    letters = ((one.email, *said[chosen.get(one.email, get_language())]) for one in contacts)
    return post.queue_many(letters, at=clock.now())
