# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts would change, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.charter.changing import other_ways_to_join
from kollontai.chapters.charter.queries import may_be_held_outside
from kollontai.chapters.deliberation import classes, effects, facts, weighing, whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft, DraftEffects, Issue
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.members.models import Unit
from kollontai.web import numbers
from kollontai.web.forms.effects import Offered
from kollontai.web.house import House
from kollontai.web.kinds import duty_word
from kollontai.web.pages import changes

MOST_TO_COMBINE = 3
"""Of so many changes that stood together each part is offered; of more, all of them or one."""


def to_raise(house: House, units: Sequence[Unit]) -> Offered:
    """What the first draft of an issue could change that is raised in one of these units."""
    found: dict[str, list[str]] = {}  # for whom a kind is possible
    for unit in units:
        for kind in _kinds(unit, for_charter=True):
            found.setdefault(kind, []).append(str(unit.name))
    alone = {kind: names[0] for kind, names in found.items() if len(names) == 1 < len(units)}
    return _offered(house, set(found), units, alone=alone)


def to_draft(house: House, issue: Issue, declared: Sequence[Effect] = ()) -> Offered:
    """What a draft on an issue could change; `declared`: what it did so far, which stays to be seen."""
    if Stage(issue.stage) in classes.FIXED:
        return Offered(fixed=_fixed(issue, declared))
    kinds = _kinds(issue.unit, for_charter=facts.for_charter(issue))
    return _offered(house, kinds, [issue.unit], declared)


def _kinds(unit: Unit, *, for_charter: bool) -> set[str]:
    """Which kinds a draft of this unit could carry; whether there is a post to touch is asked elsewhere."""
    of_all = unit.parent_id is None
    of_whole = {
        kind
        for kind in whole.KINDS
        if whole.within_reach(kind, of_all=of_all, for_charter=for_charter) is None
    }
    return {*effects.ON_POSTS, *of_whole}


def _offered(
    house: House,
    kinds: set[str],
    units: Sequence[Unit],
    declared: Sequence[Effect] = (),
    *,
    alone: Mapping[str, str] | None = None,
) -> Offered:
    """What can be chosen from in these units, and what a draft says already."""
    named, kinds = {one.post for one in declared}, kinds | {one.effect for one in declared}
    posts = Post.objects.filter(Q(unit__in=units) | Q(pk__in=named), organisation=house.organisation)
    touched = [
        post
        for post in posts.select_related("title", "unit__name").order_by(
            "unit__created_at", "created_at", "pk"
        )
        if post.pk in named or effects.may_touch(facts.post_now(post), post.unit_id) is None
    ]
    parts = _parts(house) if whole.MERGE in kinds else []
    if len(parts) < 2:
        kinds.discard(whole.MERGE)
    if not touched:
        kinds -= {effects.CHANGE, effects.END}
    by_law = may_be_held_outside(house.id) or any(one.box == "outside" for one in declared)
    joining = other_ways_to_join(house.organisation.joining)
    return Offered(frozenset(kinds), alone or {}, touched, parts, joining, outside=by_law)


def _parts(house: House) -> list[Unit]:
    """The units that could merge: all but the first."""
    return list(Unit.objects.of(house.id).exclude(parent=None).select_related("name"))


def _fixed(issue: Issue, declared: Sequence[Effect]) -> list[tuple[tuple[Effect, ...], str]]:
    """What a draft may still declare once the members' talk has ended, each with its words."""
    sets = {(): "", **({tuple(declared): ""} if declared else {})}
    for standing in weighing.fixed_effects(issue):
        sizes = range(1, len(standing) + 1) if len(standing) <= MOST_TO_COMBINE else (1, len(standing))
        sets |= {some: "" for size in sizes for some in combinations(standing, size)}
    named = {one.post for some in sets for one in some if one.post}
    posts = Post.objects.select_related("title").in_bulk(named) if named else {}
    return [(some, " ".join(sentence(one, posts) for one in some)) for some in sets]


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
