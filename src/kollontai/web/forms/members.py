# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of joining, inviting, vouching, being reached, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import HouseForm, LineField

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Unit


class YesForm(HouseForm):
    """Nothing to fill in: the button says it all."""


class SoForm(HouseForm):
    """Have something for oneself, or no longer: what is wanted is sent, so that twice is as once."""

    so = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))], widget=forms.HiddenInput)


class _WithUnit(HouseForm):
    unit_id = forms.ChoiceField(label=_("Where"), widget=forms.Select(attrs={"class": "short"}))

    def __init__(self, *args: Any, units: Sequence[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("unit_id", [(unit.pk, str(unit.name)) for unit in units])
        if len(units) == 1:
            self.fields["unit_id"].widget = forms.HiddenInput()
            self.fields["unit_id"].initial = units[0].pk


class JoinForm(_WithUnit):
    """Asking to join."""

    name = LineField(
        label=_("Your name"),
        help_text=_("As members shall read it. You can be known by the name you go by."),
        error_messages={"required": _("Please write your name.")},
    )


class InviteForm(_WithUnit):
    """Asking one person in."""

    name = LineField(label=_("Their name"), error_messages={"required": _("Please write their name.")})
    email = forms.EmailField(
        label=_("Their mail address"),
        max_length=254,
        required=False,
        help_text=_("Who has none comes in by a letter with a code: two members of their unit vouch for it."),
    )


class ListForm(HouseForm):
    """A list of people as a file."""

    file = forms.FileField(
        label=_("A list as CSV"),
        help_text=_(
            "With columns name and email, and branch where there are several. At most 5,000 lines, 5 MB."
        ),
        error_messages={"required": _("Please choose a file."), "empty": _("The file is empty.")},
    )


class AddressForm(HouseForm):
    """Another mail address."""

    email = forms.EmailField(label=_("Your new mail address"), max_length=254)


class SureForm(HouseForm):
    """Something that nobody can take back."""

    sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Tick this to go on, or leave it.")},
    )

    def wanted(self) -> dict[str, Any]:
        """Nothing: that they are sure is all."""
        return {}
