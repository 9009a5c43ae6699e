# SPDX-License-Identifier: AGPL-3.0-or-later
"""How notices come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import ChoicesField, HouseForm


class NoticesForm(HouseForm):
    """One way among five."""

    how = ChoicesField(
        label=_("How shall notices come?"),
        choices=[
            ("each", _("Each as it happens")),
            ("daily", _("One letter a day, at 8 in the morning, if something happened")),
            ("weekly", _("One letter a week, on Monday at 8, if something happened")),
            (
                "needed",
                _(
                    "Only that a vote opens in which I may vote, its last day if I have not, and what I am"
                    " asked"
                ),
            ),
            ("none", _("None")),
        ],
        help_text=_(
            "Codes to sign in, and word of a changed address, come always. Whoever wants one letter a day or"
            " a week is told at once what they are asked, and of a vote that ends too soon for the next."
        ),
        error_messages={
            "required": _("Please choose one."),
            "invalid_choice": _("Please choose one of these."),
        },
    )
