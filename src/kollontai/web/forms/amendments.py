# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of amending: choosing lines, changing them, combining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import HouseForm, TextField
from kollontai.web.forms.files import FilesField


class LinesField(TextField):
    """Lines as they are: spaces at their beginnings count."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.strip = False


class AmendForm(HouseForm):
    """The chosen lines as they are, to be changed."""

    text = LinesField(
        label=_("The lines with your change"),
        rows=10,
        required=False,
        help_text=_("Line for line the text as it stands; change what you like. Empty means: they go."),
    )
    reasons = TextField(label=_("Why, in a few words"), rows=3, required=False)
    files = FilesField(help_text=_("What shows why. Choose them last, just before you move it."))
    first = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10_000)
    last = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000)


class LinesForm(HouseForm):
    """Which lines somebody wants to change."""

    first = forms.IntegerField(
        label=_("From line"), min_value=1, widget=forms.NumberInput(attrs={"class": "short"})
    )
    last = forms.IntegerField(
        label=_("To line"), min_value=1, widget=forms.NumberInput(attrs={"class": "short"})
    )


class CombineForm(HouseForm):
    """With which others an amendment is to be one alternative."""

    with_ids = forms.MultipleChoiceField(
        label=_("Together with"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to three. Each of their movers is asked; nothing happens until all have said yes."),
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("with_ids", others)
