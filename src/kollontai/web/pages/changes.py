# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts would change of the whole organisation, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.members.models import Unit
from kollontai.web import numbers
from kollontai.web.pages.charter import said


def sentence(one: Effect) -> str:
    """One effect in a sentence."""
    if one.effect == whole.SET_LIMIT:
        return _("The charter: “%(words)s” is %(value)s, for what begins later.") % {
            "words": words_of(str(one.key)),
            "value": value_of(str(one.key), one.value, one.of),
        }
    if one.effect == whole.SET_JOINING:
        return joining_said(str(one.joining))
    if one.effect == whole.LAW_NOTE:
        law = _("%(country)s, %(statute)s, %(section)s") % one.plain()
        said = {"article": one.article, "law": law, "who": one.adviser, "change": one.change}
        return (
            _("A law note at article %(article)s, for two years: %(law)s; %(who)s advises. %(change)s") % said
        )
    if one.effect == whole.SET_QUIET_DAYS:
        return _("Quiet days of %(year)s, which make stages longer: %(days)s.") % {
            "year": one.year, "days": one.quiet or _("none"),
        }  # fmt: skip
    if one.effect == whole.SET_VOTING_DAY:
        if not one.day:
            return _("Votes on issues open whenever the members’ reply is over.")
        return _("Votes on issues open on day %(day)s of a month, at 20:00.") % {"day": one.day}
    if one.effect == whole.CREATE_UNIT:
        return _("A new part of the organisation: “%(name)s”.") % {"name": one.unit_name}
    if one.effect == whole.RENAME_UNIT:
        return _("This part of the organisation is called “%(name)s”.") % {"name": one.unit_name}
    if one.effect == whole.MERGE:
        named = unit_names(str(one.from_unit), str(one.into_unit))
        return _(
            "“%(merged)s” becomes part of “%(into)s”, as soon as both have voted so, each for itself, within "
            "180 days. Members and open issues go along; the posts of “%(merged)s” are over."
        ) % {"merged": named[0], "into": named[1]}
    if one.effect == whole.SET_DUES:
        return _("Dues: %(sum)s a month.") % {"sum": numbers.money(one.dues or 0)}
    return _("The charter gets other words of our own before its articles: %(text)s") % {"text": one.text}


def unit_names(*ids: str) -> list[str]:
    """What these units are called."""
    found = Unit.objects.select_related("name").in_bulk(ids)
    return [str(found[one].name) if one in found else one for one in ids]


def joining_said(joining: str) -> str:
    """How one joins, in a sentence."""
    if joining == "vouched":
        return _("The charter: whoever asks to join from then on is vouched for by members.")
    return _("The charter: whoever asks to join from then on is admitted after the days of waiting.")


def words_of(key: str) -> str:
    """What a limit is called."""
    limit = articles.read().limits.get(key)
    return _(limit.words) if limit else key


def value_of(key: str, value: int | None, of: int | None) -> str:
    """A limit with its unit, or a fraction."""
    if of is not None:
        return f"{value}/{of}"
    limit = articles.read().limits.get(key)
    return said(value or 0, limit.unit) if limit else str(value)
