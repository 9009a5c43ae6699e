# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft would change beside being a text: posts, the charter; one row is always empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from kollontai.chapters.bodies.rules import DUTIES
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.effects import CHANGE, CREATE, END, MOST_EFFECTS, Effect
from kollontai.web.forms import changes
from kollontai.web.forms.base import ChoicesField, HouseForm, LineField
from kollontai.web.kinds import duty_word

if TYPE_CHECKING:
    from kollontai.chapters.bodies.models import Post
    from kollontai.chapters.members.models import Unit

SHORT = {"class": "short"}
OF_A_POST = ("effect", "post", "name", "seats", "term_days", "pay", "leading", "duty", "box")
FIELDS = (*OF_A_POST, *changes.FIELDS)


@dataclass(frozen=True)
class Offered:
    """What a draft could change here, by the rule that its act asks (pages/effects.py)."""

    kinds: frozenset[str] = frozenset()
    alone: Mapping[str, str] = field(default_factory=dict)  # of these kinds, which one unit alone may do
    posts: Sequence[Post] = ()
    parts: Sequence[Unit] = ()
    joining: Sequence[str] = ()
    outside: bool = False  # ballots may be held outside
    fixed: Sequence[tuple[tuple[Effect, ...], str]] = ()
    """When the members' talk has ended: all that may still be declared, in words; the first is nothing."""


class WithEffects(HouseForm):
    """A form of a draft that may also change posts, or the charter."""

    offered: Offered

    def add_effects(self, offered: Offered, declared: Sequence[Effect] = ()) -> None:
        """Add a row for each effect there is, and one to fill; or a choice of what may still be declared."""
        self.offered = offered
        self.own = list(self.fields)
        self.many = 0 if offered.fixed else min(MOST_EFFECTS, len(declared) + 1)
        if len(offered.fixed) > 1:
            there = [some for some, _said in offered.fixed].index(tuple(declared))
            self.fields["still"] = ChoicesField(
                label=_("What this would change"), initial=str(there), choices=self._still()
            )
        for row in range(self.many):
            said = declared[row] if row < len(declared) else None
            for name, one in self._row().items():
                one.initial = _initial(said, name)
                one.required = False
                self.fields[f"{name}{row}"] = one

    def _still(self) -> list[tuple[str, str]]:
        said = [words or _("nothing: the text alone") for _some, words in self.offered.fixed]
        return [(str(at), words) for at, words in enumerate(said)]

    def _row(self) -> dict[str, forms.Field]:
        kinds, alone = self.offered.kinds, self.offered.alone
        on_posts = [(CHANGE, _("a post is changed")), (END, _("a post ends"))]
        there = [(kind, words) for kind, words in [*on_posts, *changes.kinds()] if kind in kinds]
        found: dict[str, forms.Field] = {
            "effect": forms.ChoiceField(
                label=_("What is changed?"),
                choices=[
                    ("", _("nothing: the text alone")),
                    (CREATE, _("a new post")),
                    *((kind, words) for kind, words in there if kind not in alone),
                    *_grouped((alone[kind], (kind, words)) for kind, words in there if kind in alone),
                ],
                widget=forms.Select(attrs=SHORT),
            ),
            "post": forms.ChoiceField(
                label=_("Which post, if it is changed or ended"),
                choices=[
                    ("", "–"),
                    *_grouped((str(one.unit.name), (one.pk, str(one.title))) for one in self.offered.posts),
                ],
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
        }
        if not self.offered.posts:
            del found["post"]
        if not self.offered.outside:
            del found["box"]
        return found | changes.fields(kinds, self.offered.parts, self.offered.joining)

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields of the draft itself."""
        return [self[name] for name in self.own]

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each effect."""
        if not self.many:
            return []
        return [[self[f"{name}{row}"] for name in self._row()] for row in range(self.many)]

    def groups(self) -> list[tuple[list[forms.BoundField], list[tuple[str, list[forms.BoundField], bool]]]]:
        """Each effect: the fields that most need, then those of one kind alone, folded while empty."""
        said = dict(changes.kinds())
        folded = {name: kind for kind, names in changes.ALONE.items() for name in names}
        found = []
        for row in self.rows():
            plain: list[forms.BoundField] = []
            kinds: dict[str, list[forms.BoundField]] = {}
            for one in row:
                kind = folded.get(one.name.rstrip("0123456789"))
                (plain if kind is None else kinds.setdefault(kind, [])).append(one)
            within = [(said[kind], some, any(map(_in_use, some))) for kind, some in kinds.items()]
            found.append((plain, within))
        return found

    def opened(self) -> bool:
        """Whether the section has something in it."""
        return self.many > 1 or any(self[f"effect{row}"].value() for row in range(self.many))

    def effects(self) -> tuple[Effect, ...]:
        """What was declared."""
        if "still" in self.fields:
            return self.offered.fixed[int(self.cleaned_data["still"])][0]
        found = []
        for row in range(self.many):
            given = {name: self.cleaned_data.get(f"{name}{row}") for name in FIELDS}
            if given["effect"]:
                found.append(_effect(given))
        return tuple(found)

    def wanted(self) -> dict[str, Any]:
        """What the act is called with."""
        return {**{name: self.cleaned_data[name] for name in self.own}, "effects": self.effects()}


def _in_use(one: forms.BoundField) -> bool:
    return bool(one.errors) or one.value() not in (None, "")


def _grouped(named: Iterable[tuple[str, tuple[str, str]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the name of whose they are."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, choice in named:
        groups.setdefault(name, []).append(choice)
    return list(groups.items())


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
