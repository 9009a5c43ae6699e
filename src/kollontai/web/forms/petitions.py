# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of asking for a recall, and of putting a question to all members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import HouseForm, LineField, TextField


class RecallForm(HouseForm):
    """Asking whether somebody shall lose a post."""

    title = LineField(
        label=_("In a line"),
        most=200,
        help_text=_("What they did, or did not do."),
        error_messages={"required": _("Please say it in a line.")},
    )
    text = TextField(
        label=_("Why"),
        rows=8,
        help_text=_("Those who are asked to sign read this. Your name stands nowhere beside it."),
        error_messages={"required": _("There are no words in it yet.")},
    )


class QuestionForm(HouseForm):
    """A text that all members shall talk over and vote on."""

    title = LineField(
        label=_("The question, in a line"),
        most=200,
        error_messages={"required": _("Please give it a title.")},
    )
    text = TextField(
        label=_("What would be decided, line by line"),
        rows=8,
        help_text=_("Each line is one thing that would hold. It comes before all members to the letter."),
        error_messages={"required": _("There are no words in it yet.")},
    )


class DrawForm(HouseForm):
    """The words of a scrutineer's lot."""

    sentence = LineField(
        label=_("Some words of yours"),
        most=1000,
        help_text=_("Anything nobody could know before. They stand on the record, and decide the lot."),
        error_messages={"required": _("The lot needs some words.")},
    )


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"required": _("A number, please; 0 if nobody.")},
    )


class SampleForm(HouseForm):
    """What those answered who were drawn."""

    signed = _number(_("Said that they signed"))
    denied = _number(_("Said that they did not"))
    silent = _number(_("Could not be reached, or did not say"))
