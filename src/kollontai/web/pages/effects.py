# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts would change, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation import effects, facts, whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft, DraftEffects
from kollontai.chapters.members.models import Unit
from kollontai.web import numbers
from kollontai.web.house import House
from kollontai.web.kinds import duty_word
from kollontai.web.pages import changes


def posts_to_choose(house: House) -> list[Post]:
    """The posts that a draft of this member's could touch."""
    found = Post.objects.filter(organisation=house.organisation, ended_at=None)
    return list(found.select_related("title", "unit__name").order_by("unit__created_at", "created_at", "pk"))


def parts_to_choose(house: House) -> list[Unit]:
    """The units that could merge: all but the first."""
    return list(Unit.objects.of(house.id).exclude(parent=None).select_related("name"))


def declared_by(draft: Draft) -> tuple[Effect, ...]:
    """What a draft would change as it stands."""
    return facts.effects_of(draft)


def of_drafts(drafts: Iterable[str]) -> dict[str, list[str]]:
    """What each of these drafts would change as it stands, in sentences; in at most two queries."""
    rows = DraftEffects.objects.filter(draft__in=list(drafts), version=F("draft__version"))
    declared = {row.draft_id: effects.read(str(row.effects)) for row in rows.select_related("effects")}
    named = {one.post for some in declared.values() for one in some if one.post}
    posts = Post.objects.select_related("title").in_bulk(named) if named else {}
    return {draft: [sentence(one, posts) for one in some] for draft, some in declared.items() if some}


def sentence(one: Effect, posts: Mapping[str, Post]) -> str:
    """One effect in a sentence."""
    if one.effect in whole.KINDS:
        return changes.sentence(one)
    post = posts.get(one.post)
    title = str(post.title) if post else one.title or ""
    if one.effect == effects.END:
        return _(
            "The post “%(title)s” ends: nobody is elected to it any more; whoever holds it stays to the end "
            "of their term."
        ) % {"title": title}
    said = "; ".join(
        _said(name, value)
        for name, value in one.sets().items()
        if one.effect == effects.CHANGE or name not in ("title", "duty") or (name == "duty" and value)
    )
    if one.effect == effects.CREATE:
        return _("A new post, “%(title)s”, filled by election: %(said)s.") % {"title": title, "said": said}
    return _("The post “%(title)s”, for elections that open later: %(said)s.") % {
        "title": title,
        "said": said,
    }


def _said(name: str, value: Any) -> str:
    if name == "title":
        return _("its name is “%(name)s”") % {"name": value}
    if name == "leading":
        return _("it leads") if value else _("it does not lead")
    if name == "seats":
        return ngettext("%(n)s seat", "%(n)s seats", value) % {"n": value}
    if name == "term_days":
        return ngettext("a term of %(n)s day", "a term of %(n)s days", value) % {"n": value}
    if name == "pay":
        return _("a pay of %(pay)s a month") % {"pay": numbers.money(value)} if value else _("no pay")
    if name == "duty":
        return _("its duty: %(duty)s") % {"duty": duty_word(str(value))} if value else _("no special duty")
    return (
        _("its ballots are held outside, by a scrutineer")
        if value == "outside"
        else _("its ballots are secret and held here")
    )
