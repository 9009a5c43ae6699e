# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft would change beside being a text: posts, the charter; one row is always empty."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from kollontai.chapters.bodies.rules import DUTIES
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.effects import CHANGE, CREATE, END, MOST_EFFECTS, Effect
from kollontai.web.forms import changes
from kollontai.web.forms.base import HouseForm, LineField
from kollontai.web.kinds import duty_word

if TYPE_CHECKING:
    from kollontai.chapters.bodies.models import Post
    from kollontai.chapters.members.models import Unit

SHORT = {"class": "short"}


class WithEffects(HouseForm):
    """A form of a draft that may also change posts, or the charter."""

    posts: Sequence[Post]
    parts: Sequence[Unit]

    def add_effects(
        self, posts: Sequence[Post], parts: Sequence[Unit], declared: Sequence[Effect] = ()
    ) -> None:
        """Add a row for each effect there is, and one to fill."""
        self.posts, self.parts = posts, parts
        self.own = list(self.fields)
        self.many = min(MOST_EFFECTS, len(declared) + 1)
        for row in range(self.many):
            there = declared[row] if row < len(declared) else None
            for name, field in self._row().items():
                field.initial = _initial(there, name)
                field.required = False
                self.fields[f"{name}{row}"] = field

    def _row(self) -> dict[str, forms.Field]:
        return {
            "effect": forms.ChoiceField(
                label=_("What is changed?"),
                choices=[
                    ("", _("nothing: the text alone")),
                    (CREATE, _("a new post")),
                    (CHANGE, _("a post is changed")),
                    (END, _("a post ends")),
                    *changes.kinds(),
                ],
                widget=forms.Select(attrs=SHORT),
            ),
            "post": forms.ChoiceField(
                label=_("Which post, if it is changed or ended"),
                choices=[("", "–"), *((one.pk, f"{one.title}, {one.unit.name}") for one in self.posts)],
            ),
            "name": LineField(
                label=_("Its name"), help_text=_("Where it is new, or to be called otherwise.")
            ),
            "seats": forms.IntegerField(label=_("Seats"), min_value=1, max_value=99, widget=_number()),
            "term_days": forms.IntegerField(
                label=_("Length of a term, in days"), min_value=1, max_value=9_999, widget=_number()
            ),
            "pay": forms.DecimalField(
                label=_("Pay, or dues, a month"),
                help_text=_("Nothing in here: unpaid, or as it was."),
                min_value=Decimal(0),
                max_digits=9,
                decimal_places=2,
                widget=_number("decimal"),
            ),
            "leading": forms.ChoiceField(
                label=_("Does its holder lead?"),
                choices=[
                    ("", _("as it was, or as follows from the rest")),
                    ("yes", _("yes")),
                    ("no", _("no")),
                ],
                widget=forms.Select(attrs=SHORT),
            ),
            "duty": forms.ChoiceField(
                label=_("Why a single post need not lead"),
                choices=[("", "–"), *((one, duty_word(one)) for one in sorted(DUTIES))],
                widget=forms.Select(attrs=SHORT),
            ),
            "box": forms.ChoiceField(
                label=_("How it is elected"),
                choices=[
                    ("", _("as it was, or in secret here")),
                    ("separated", _("in secret, here")),
                    ("outside", _("by a ballot held outside, because a law wants it")),
                ],
                widget=forms.Select(attrs=SHORT),
            ),
            **changes.fields(self.parts),
        }

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields of the draft itself."""
        return [self[name] for name in self.own]

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each effect."""
        return [[self[f"{name}{row}"] for name in self._row()] for row in range(self.many)]

    def opened(self) -> bool:
        """Whether the section has something in it."""
        return self.many > 1 or any(self[f"effect{row}"].value() for row in range(self.many))

    def effects(self) -> tuple[Effect, ...]:
        """What was declared."""
        found = []
        for row in range(self.many):
            given = {name: self.cleaned_data.get(f"{name}{row}") for name in self._row()}
            if given["effect"]:
                found.append(_effect(given))
        return tuple(found)

    def wanted(self) -> dict[str, Any]:
        """What the act is called with."""
        return {**{name: self.cleaned_data[name] for name in self.own}, "effects": self.effects()}


def _number(mode: str = "numeric") -> forms.TextInput:
    return forms.NumberInput(attrs={"inputmode": mode, "class": "short", "step": "any"})


def _effect(given: dict[str, Any]) -> Effect:
    kind = str(given["effect"])
    if kind in whole.KINDS:
        return changes.effect(kind, given)
    post = "" if kind == CREATE else str(given["post"] or "")
    if kind == END:
        return Effect(END, post)
    leading = {"yes": True, "no": False}.get(str(given["leading"]))
    return Effect(
        kind,
        post,
        title=given["name"] or None,
        leading=leading,
        seats=given["seats"],
        term_days=given["term_days"],
        pay=None if given["pay"] is None else int(given["pay"] * 100),
        duty=given["duty"] or None,
        box=given["box"] or None,
    )


def _initial(there: Effect | None, name: str) -> Any:
    if there is None:
        return None
    if name in changes.FIELDS:
        return changes.initial(there, name)
    if name == "name":
        return there.title or there.unit_name
    if name == "pay":
        pay = there.dues if there.pay is None else there.pay
        return None if pay is None else Decimal(pay) / 100
    if name == "leading":
        return "" if there.leading is None else "yes" if there.leading else "no"
    return getattr(there, name)
