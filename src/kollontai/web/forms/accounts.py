# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of coming in, and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import ChoicesField, HouseForm, LineField


class AddressForm(HouseForm):
    """Where a code shall be sent."""

    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please write your mail address."),
            "invalid": _("This is no mail address."),
        },
    )


class CodeForm(HouseForm):
    """The code from the mailbox."""

    code = forms.CharField(
        label=_("The 8 characters from your mailbox"),
        max_length=20,
        help_text=_(
            "The mail is on its way. If nothing comes, look among unwanted mail, or ask for another. "
            "We never say whether an address belongs to a member."
        ),
        widget=forms.TextInput(
            attrs={"class": "codefield", "autocomplete": "one-time-code", "maxlength": "12"}
        ),
        error_messages={"required": _("Please write the code.")},
    )


class LetterCodeForm(HouseForm):
    """The code from a letter on paper."""

    code = forms.CharField(
        label=_("The 12 characters from your letter"),
        max_length=30,
        help_text=_("In three groups of four; small and capital letters are the same. It opens once."),
        widget=forms.TextInput(
            attrs={"class": "codefield long", "autocomplete": "one-time-code", "maxlength": "20"}
        ),
        error_messages={"required": _("Please write the code.")},
    )


class AppearanceForm(HouseForm):
    """How pages look to me."""

    theme = ChoicesField(
        label=_("Paper"),
        choices=[("", _("As this device")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("language", [("", _("As this browser asks")), *settings.LANGUAGES])
        self.fields["language"].widget.attrs["class"] = "short"


class PasskeyForm(HouseForm):
    """A key that a device has just made."""

    label = LineField(
        label=_("A name for this device"),
        most=60,
        help_text=_("So that you know it again: “my phone”, “the office”."),
        initial=_("This device"),
    )
    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class PasskeyAnswerForm(HouseForm):
    """A device says who is at the keyboard."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class TokenForm(HouseForm):
    """A key for a program."""

    label = LineField(label=_("What is it for?"), most=60)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=[
            ("read", _("read what I may read")),
            ("act", _("act for me: speak, support, raise")),
            ("vote", _("vote for me")),
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        error_messages={"required": _("A key that may do nothing is no use; tick one.")},
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        min_value=1,
        max_value=365,
        initial=30,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
