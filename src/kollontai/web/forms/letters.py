# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses for letters and labels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import HouseForm, TextField
from kollontai.web.pages.letters import MOST_ADDRESSES, MOST_LINES, addresses_in


class AddressesForm(HouseForm):
    """One or many addresses, typed and kept nowhere."""

    addresses = TextField(
        label=_("Addresses"),
        rows=8,
        help_text=_(
            "As they stand on an envelope; an empty line between two of them. They are kept nowhere."
        ),
        error_messages={"required": _("Please write an address.")},
    )

    def clean_addresses(self) -> list[list[str]]:
        """Addresses as lists of lines, each short enough for a window."""
        found = addresses_in(self.cleaned_data["addresses"])
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(_("At most %(n)s addresses at once.") % {"n": MOST_ADDRESSES})
        if any(len(lines) > MOST_LINES or max(map(len, lines)) > 60 for lines in found):
            raise forms.ValidationError(
                _("An address has at most %(n)s lines of 60 characters, or the window cuts it off.")
                % {"n": MOST_LINES}
            )
        return found


class OneAddressForm(AddressesForm):
    """A letter to one person; without an address the name stands in the window."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["addresses"].required = False
        self.fields["addresses"].widget.attrs["rows"] = MOST_LINES
        self.fields["addresses"].label = _("Their address, for a window envelope")
        self.fields["addresses"].help_text = _("May stay empty, if you hand it over. It is kept nowhere.")


class CodeLetterForm(OneAddressForm):
    """The letter with a code."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
    who = forms.CharField(widget=forms.HiddenInput, max_length=16)
