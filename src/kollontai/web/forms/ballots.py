# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot as it is typed: one answer, or numbers beside drafts. A clash is named and what was typed kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.voting.choices import OWN_CODE
from kollontai.web.forms.base import HouseForm
from kollontai.web.pages.polls import Option


class YesNoForm(HouseForm):
    """Yes, no, or neither."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
            ("abstain", gettext_lazy("Neither")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three. Not voting at all is also open.")},
    )

    def __init__(self, *args: Any, options: Sequence[Option], **more: Any) -> None:
        super().__init__(*args, **more)

    def choice_in_words(self) -> str:
        """The answer as the paper says it."""
        return str(dict(self.fields["choice"].choices)[self.cleaned_data["choice"]])  # type: ignore[attr-defined]


class RankedForm(HouseForm):
    """Numbers beside drafts: 1 for the first, as far as one likes."""

    def __init__(self, *args: Any, options: Sequence[Option], **more: Any) -> None:
        super().__init__(*args, **more)
        self.options = list(options)
        self.most = self.most_ranks()
        said = {
            "invalid": _("A whole number, please."),
            "min_value": _("Numbers begin with 1."),
            "max_value": self.too_high(),
        }
        for place, option in enumerate(self.options):
            self.fields[f"rank{place}"] = forms.IntegerField(
                label=option.title,
                required=False,
                min_value=1,
                max_value=self.most,
                error_messages=said,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def most_ranks(self) -> int:
        """The highest number there is."""
        return len(self.options)

    def too_high(self) -> str:
        """What is said to a number above it."""
        return _("There are only %(n)s options.") % {"n": self.most}

    def rows(self) -> list[tuple[Option, forms.BoundField]]:
        """Each option with its field."""
        return [(option, self[f"rank{place}"]) for place, option in enumerate(self.options)]

    def clean(self) -> dict[str, Any]:
        """Two options with one number are named; an empty paper is no ballot."""
        found = super().clean() or {}
        by_number: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self.options)):
            number = found.get(f"rank{place}")
            if number is not None:
                by_number[number].append(place)
        for number, places in sorted(by_number.items()):
            if len(places) > 1:
                names = _(" and ").join(f"“{self.options[place].title}”" for place in places)
                for place in places:
                    self.add_error(
                        f"rank{place}",
                        _("%(names)s both carry the number %(n)s. Give each its own; your numbers are kept.")
                        % {"names": names, "n": number},
                    )
        if not by_number and not self.errors:
            raise forms.ValidationError(_("Number at least one of the options."))
        return found

    def ranking(self) -> list[Option]:
        """The numbered options, first choice first."""
        numbered = [
            (self.cleaned_data[f"rank{place}"], option)
            for place, option in enumerate(self.options)
            if self.cleaned_data.get(f"rank{place}") is not None
        ]
        return [option for _number, option in sorted(numbered, key=lambda pair: pair[0])]

    def unnumbered(self) -> list[Option]:
        """What the ballot does not name: last, together."""
        named = {option.id for option in self.ranking()}
        return [option for option in self.options if option.id not in named]


class _Secret(HouseForm):
    """What a secret ballot asks besides: four signs for the check code, or none."""

    code = forms.CharField(
        label=gettext_lazy("Four letters or digits of your own, for your check code"),
        help_text=gettext_lazy(
            "Leave it empty, and the page draws four. They help you know your code again."
        ),
        required=False,
        max_length=8,
        widget=forms.TextInput(
            attrs={
                "class": "codefield",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        """Small letters, as they are published."""
        code = str(self.cleaned_data["code"]).strip().lower()
        if code and not OWN_CODE.fullmatch(code):
            raise forms.ValidationError(_("Four letters from a to z or digits, without spaces; or nothing."))
        return code


class SecretYesNoForm(_Secret, YesNoForm):
    """Yes, no, or neither, in secret."""

    field_order = ("choice", "code")


class ElectionForm(_Secret, RankedForm):
    """Numbers beside candidates, in secret; as many as the paper has ranks."""

    def __init__(self, *args: Any, options: Sequence[Option], ranks: int, **more: Any) -> None:
        self.ranks = ranks
        super().__init__(*args, options=options, **more)

    def most_ranks(self) -> int:
        """As many as the paper says, where there are more candidates."""
        return min(self.ranks, len(self.options))

    def too_high(self) -> str:
        """What is said to a number above it."""
        return _("This paper has %(n)s ranks: number from 1 to %(n)s.") % {"n": self.most}
