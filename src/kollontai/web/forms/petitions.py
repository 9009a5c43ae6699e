# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of asking for a recall, and of putting a question to all members."""

from __future__ import annotations

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
