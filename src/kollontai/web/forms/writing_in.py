# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of writing in for a neighbour, of its slip, and of undoing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import ChoicesField, HouseForm, TextField
from kollontai.web.forms.issues import NO_WORDS, STANCES
from kollontai.web.forms.letters import OneAddressForm


class _ForSomebody(HouseForm):
    member_id = forms.ChoiceField(
        label=_("For whom"),
        help_text=_("It stands in their name, and everybody reads that you wrote it in."),
        error_messages={"required": _("Please choose for whom you write.")},
    )

    def __init__(self, *args: Any, neighbours: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("member_id", neighbours)


class WordsInForm(_ForSomebody):
    """A neighbour's words."""

    stance = ChoicesField(
        label=_("Where do they stand?"),
        choices=STANCES,
        error_messages={"required": _("Choose one; it is theirs, nobody sorts them.")},
    )
    text = TextField(
        label=_("Their words"),
        rows=6,
        help_text=_("As they said them. They can undo it with the slip, for 28 days."),
        error_messages=NO_WORDS,
    )


class SupportInForm(_ForSomebody):
    """A neighbour's support."""

    behind = forms.ChoiceField(
        label=_("What they stand behind"), error_messages={"required": _("Please choose what they support.")}
    )

    def __init__(self, *args: Any, supported: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("behind", supported)

    def wanted(self) -> dict[str, Any]:
        """Member, kind and id of what is supported."""
        to, _dot, of = self.cleaned_data["behind"].partition(".")
        return {"member_id": self.cleaned_data["member_id"], "to": to, "of_id": of}


class WrittenLetterForm(OneAddressForm):
    """A letter that lists what was written in."""


class SlipForm(WrittenLetterForm):
    """The slip as such a letter."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
    write_in = forms.CharField(widget=forms.HiddenInput, max_length=16)


class UndoBySlipForm(HouseForm):
    """The code from a slip."""

    code = forms.CharField(
        label=_("The 12 characters from the slip"),
        max_length=30,
        help_text=_("In three groups of four; small and capital letters are the same."),
        widget=forms.TextInput(attrs={"class": "codefield long", "autocomplete": "off", "maxlength": "20"}),
        error_messages={"required": _("Please write the code.")},
    )
