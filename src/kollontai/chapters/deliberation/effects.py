# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft would change by itself if it carried, beside being a resolution. Articles 1 and 2.

1. The list is closed: a post is created, changed or ended; and what whole.py lists. No effect fills a post,
   empties it or names a person; there is no field for one.
2. A unit edits its own posts, and nobody else's: the centre does not reach into a section, nor a section
   into the centre.
3. What leads or is paid, before or after, needs the times of a big decision; so does turning the leading
   mark. See classes.py for how a matter gets them.
4. The ballots of a post are held outside where a law note says so, as long as it stands.
5. A post that ended stays ended, and its id is never used again. A post that goes on keeps its id, whatever
   it is called. A title that a draft sets free is not given to another post by the same draft: nobody sheds
   terms served by ending a post and making it anew.
6. What carried is done by the clock, in order, with the count. Each effect is then asked the same rules with
   the posts as they stand; one that has become impossible is passed over, and the rest is done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from kollontai.chapters.bodies.rules import MOST_POSTS, PostWanted, usable_post
from kollontai.chapters.charter import texts
from kollontai.chapters.deliberation import whole
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 1
CREATE, CHANGE, END = "create_post", "change_post", "end_post"
ON_POSTS = (CREATE, CHANGE, END)
KINDS = (*ON_POSTS, *whole.KINDS)
OF_POSTS = frozenset({"title", "leading", "seats", "term_days", "pay", "duty", "box"})
BOXES = ("separated", "outside")
MOST_EFFECTS = 20
MOST_PAY = 100_000_000  # a month, in hundredths


@dataclass(frozen=True)
class Effect:
    """One thing that a draft would change. What is left out stays as it is.

    `effect`: "create_post", "change_post" or "end_post". `post`: which one is changed or ended. The other
    fields say how the post is to be: `leading` needs no word where `duty` gives one; `pay` is a month, in
    hundredths of the currency; `box` is "separated", or "outside" where a law note says so.

    Or "set_limit" (`key`, `value`, and `of` for the number below the line of a fraction), "set_joining"
    (`joining`: "open" or "vouched"), "set_charter_text" (`text`: the organisation's own words),
    "create_unit" (`unit_name`), "rename_unit" (`unit_name`, for the unit of the issue itself), "set_dues"
    (`dues`: a month, in hundredths), "merge_units" (`from_unit` becomes part of `into_unit`),
    "law_note" (`article`, `touches`, `country`, `statute`, `section`, `adviser`, `text`: the section's, and
    `change`), "set_quiet_days" (`year`, `quiet`: days as 2030-08-01 or runs as 2030-08-01..2030-08-14),
    "set_voting_day" (`day` of a month, or 0).
    """

    __pydantic_config__: ClassVar = {
        "extra": "forbid"
    }  # whoever sends another field is told, not passed over

    effect: str
    post: str = ""
    title: str | None = None
    leading: bool | None = None
    seats: int | None = None
    term_days: int | None = None
    pay: int | None = None
    duty: str | None = None
    box: str | None = None
    key: str | None = None
    value: int | None = None
    of: int | None = None
    joining: str | None = None
    text: str | None = None
    unit_name: str | None = None
    dues: int | None = None
    article: int | None = None
    touches: str | None = None
    country: str | None = None
    statute: str | None = None
    section: str | None = None
    adviser: str | None = None
    change: str | None = None
    from_unit: str | None = None
    into_unit: str | None = None
    year: int | None = None
    quiet: str | None = None
    day: int | None = None

    def sets(self) -> dict[str, Any]:
        """The fields of a post that it sets."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name in OF_POSTS and getattr(self, one.name) is not None
        }

    def said(self) -> frozenset[str]:
        """The names of all fields in which it says something, but for its kind and its post."""
        return frozenset(self.plain()) - {"effect", "post"}

    def plain(self) -> dict[str, Any]:
        """How it stands on the record."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        said = {name: value for name, value in given.items() if name not in ("effect", "post")}
        said = {name: value for name, value in said.items() if value is not None}
        return {"effect": self.effect, **({"post": self.post} if self.post else {}), **said}


class Unreadable(ValueError):
    """Something that should have been a list of effects and is not."""


_SHAPES: Mapping[str, type] = {
    "effect": str, "post": str, "title": str, "leading": bool, "seats": int, "term_days": int, "pay": int,
    "duty": str, "box": str, "key": str, "value": int, "of": int, "joining": str, "text": str,
    "unit_name": str, "dues": int, "article": int, "touches": str, "country": str, "statute": str,
    "section": str, "adviser": str, "change": str, "from_unit": str, "into_unit": str, "year": int,
    "quiet": str, "day": int,
}  # fmt: skip


def read(text: str) -> tuple[Effect, ...]:
    """Read effects from the JSON in which they stand on the record; Unreadable where it is something else."""
    try:
        listed = json.loads(text) if text.strip() else []
    except (ValueError, RecursionError) as error:
        raise Unreadable("Effects are a JSON list.") from error
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Unreadable("Effects are a JSON list of objects.")
    for one in listed:
        for name, value in one.items():
            if name not in _SHAPES or type(value) is not _SHAPES[name]:
                raise Unreadable(f"An effect sets no {name} like that.")
        if "effect" not in one:
            raise Unreadable("An effect says what it does.")
    return tuple(Effect(**one) for one in listed)


def write(effects: Sequence[Effect]) -> str:
    """The JSON in which effects stand on the record."""
    return json.dumps([one.plain() for one in effects], ensure_ascii=False, sort_keys=True)


def tidied(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Effects with everything said that can be: a new post is whole, a title has no space around it."""
    return tuple(_tidied(one) for one in effects)


def _tidied(one: Effect) -> Effect:
    if one.effect in whole.KINDS:
        called = None if one.unit_name is None else one.unit_name.strip()
        return replace(one, unit_name=called, text=None if one.text is None else texts.tidy(one.text))
    title = None if one.title is None else one.title.strip()
    if one.effect != CREATE:
        return replace(one, title=title)
    leading = one.leading
    if leading is None and (one.duty or one.seats in (None, 1)):  # then there is but one way
        leading = not one.duty
    return replace(
        one,
        title=title,
        leading=leading,
        seats=1 if one.seats is None else one.seats,
        pay=one.pay or 0,
        duty=one.duty or "",
        box=one.box or "separated",
    )


# --- The rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostNow:
    """A post as it stands. `post` is empty for one that the same draft creates."""

    post: str
    unit: str
    ended: bool
    wanted: PostWanted


@dataclass(frozen=True)
class Ground:
    """What effects rest on: the unit and weight of their issue, the posts as they stand, the limits."""

    unit: str
    weight: str
    posts: Sequence[PostNow]
    limits: Mapping[str, int]
    whole: whole.Whole | None = None  # where something beside posts is declared
    by_law_outside: bool = False  # a law note stands by which ballots are held outside

    def post(self, post_id: str) -> PostNow | None:
        """A post by its id."""
        return next((one for one in self.posts if post_id and one.post == post_id), None)


def may_declare(effects: Sequence[Effect], ground: Ground) -> Refusal | None:
    """A draft may carry effects that could all be done if it carried today."""
    if len(effects) > MOST_EFFECTS:
        return Refusal("too-many-effects", ARTICLE, facts={"most": MOST_EFFECTS})
    named = [one.post for one in effects if one.post]
    if len(set(named)) < len(named):
        return Refusal("effect-twice", ARTICLE)
    refusal = whole.one_subject(effects)
    if refusal is not None:
        return refusal
    made: list[PostNow] = []
    for one in effects:
        refusal = may_take_effect(one, replace(ground, posts=[*ground.posts, *made]))
        if refusal is not None:
            return refusal
        if one.effect in (CREATE, CHANGE):  # the title it had before stays taken until the draft has carried
            made.append(PostNow("", ground.unit, False, after(one, ground.post(one.post))))
    return None


def may_take_effect(one: Effect, ground: Ground) -> Refusal | None:
    """Whether one effect is possible with the posts as they stand. Asked when declared, and at the count."""
    if one.effect in whole.KINDS:
        return _on_the_whole(one, ground)
    before = ground.post(one.post)
    refusal = _well_formed(one) or (None if one.effect == CREATE else may_touch(before, ground.unit))
    if refusal is not None:
        return refusal
    facts = {"title": one.title or (before.wanted.title if before else "")}
    if needs_long_times(one, before) and ground.weight != "big":
        return Refusal("effect-needs-long-times", 2, facts=facts)
    return None if one.effect == END else _as_wanted(one, before, ground)


def _on_the_whole(one: Effect, ground: Ground) -> Refusal | None:
    """Whether an effect on the charter, on units or on dues is possible."""
    if not whole.well_formed(one) or ground.whole is None:
        return Refusal("effect-incomplete", ARTICLE)
    refusal = whole.may_take_effect(one, ground.whole)
    if refusal is None and whole.needs_long_times(one, ground.whole) and ground.weight != "big":
        return Refusal("effect-needs-long-times", 2, facts={"title": one.effect})
    return refusal


def _as_wanted(one: Effect, before: PostNow | None, ground: Ground) -> Refusal | None:
    """Whether a post could be as an effect wants it."""
    wanted = after(one, before)
    facts = {"title": wanted.title}
    refusal = usable_post(wanted, limits=ground.limits)
    if refusal is not None:
        return refusal
    if not 0 <= wanted.pay <= MOST_PAY:
        return Refusal("pay-unusable", ARTICLE, facts=facts)
    if wanted.box not in BOXES:
        return Refusal("box-unknown", 12, facts=facts)
    new = before is None or before.wanted.box != wanted.box
    if wanted.box == "outside" and new and not ground.by_law_outside:
        return Refusal("box-needs-law-note", 12, facts=facts)
    if before is not None and wanted == before.wanted:
        return Refusal("effect-changes-nothing", ARTICLE, facts=facts)
    others = [
        post for post in ground.posts
        if post.unit == ground.unit and not post.ended and (before is None or post.post != before.post)
    ]  # fmt: skip
    if wanted.title.casefold() in {post.wanted.title.casefold() for post in others}:
        return Refusal("post-title-taken", ARTICLE, facts=facts)
    if before is None and len(others) >= MOST_POSTS:
        return Refusal("too-many-posts-here", ARTICLE, facts={"most": MOST_POSTS})
    return None


def _well_formed(one: Effect) -> Refusal | None:
    """Whether an effect is on the list, and says what it needs and nothing more."""
    if one.effect not in KINDS:
        return Refusal("effect-unknown", ARTICLE)
    if one.said() - OF_POSTS:
        complete = False
    elif one.effect == CREATE:
        complete = not one.post and None not in (one.title, one.leading, one.seats, one.term_days)
    else:
        complete = bool(one.post) and (one.effect == CHANGE or not one.sets())
    return None if complete else Refusal("effect-incomplete", ARTICLE)


def may_touch(before: PostNow | None, unit: str) -> Refusal | None:
    """Whether the unit of an issue may touch a post; asked by the page too, before it offers one."""
    if before is None:
        return Refusal("effect-post-unknown", ARTICLE)
    if before.unit != unit:
        return Refusal("effect-of-another-unit", ARTICLE, facts={"title": before.wanted.title})
    if before.ended:
        return Refusal("effect-post-ended", ARTICLE, facts={"title": before.wanted.title})
    return None


def after(one: Effect, before: PostNow | None) -> PostWanted:
    """How a post is to be: as the effect says, and else as it was."""
    if before is not None:
        return replace(before.wanted, **one.sets())
    return PostWanted(**one.sets())


def needs_long_times(one: Effect, before: PostNow | None) -> bool:
    """Whether a leading or paid post is touched, as it is or as it is to be."""
    touched = [before.wanted] if before is not None else []
    if one.effect == CREATE or (one.effect == CHANGE and before is not None):
        touched.append(after(one, before))
    return any(post.leading or post.pay for post in touched)


def any_needs_long_times(effects: Sequence[Effect], ground: Ground) -> bool:
    """Whether one of these effects needs the times of a big decision."""
    return any(_needs(one, ground) for one in effects)


def _needs(one: Effect, ground: Ground) -> bool:
    if one.effect in whole.KINDS:
        return whole.well_formed(one) and whole.needs_long_times(one, ground.whole)
    return _well_formed(one) is None and needs_long_times(one, ground.post(one.post))
