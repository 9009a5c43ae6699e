# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all our forms share: label, hint, error and field in this order, and a key of their own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 100_000  # bytes
MOST_LINES = 2_000
LONGEST_LINE = 2_000


def new_key() -> str:
    """A key that makes one form count once."""
    return secrets.token_urlsafe(12)


class HouseForm(forms.Form):
    """A form of the house."""

    required_css_class = "required"
    use_required_attribute = False  # the server explains better than the browser's bubble

    @classmethod
    def of(cls, request: HttpRequest, **more: Any) -> HouseForm:
        """The form as it was sent, or empty."""
        if request.method == "POST":
            return cls(request.POST, request.FILES, **more)
        return cls(**more)

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Fill a field of choices with what there is to choose from."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def key(self) -> str:
        """A key that makes this very form count once; one that was sent keeps its own."""
        return self.data.get("form_key", "") or new_key()

    def wanted(self) -> dict[str, Any]:
        """What the act is called with."""
        return dict(self.cleaned_data)


class TextField(forms.CharField):
    """A longer text: line ends as \\n, at most 100 kB and 2,000 lines of 2,000 characters."""

    def __init__(self, *, rows: int = 6, **more: Any) -> None:
        more.setdefault("widget", forms.Textarea(attrs={"rows": rows, "cols": None}))
        super().__init__(strip=True, **more)

    def to_python(self, value: Any) -> str:
        """Bring line ends into one form and drop signs that do not show."""
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)

    def validate(self, value: str) -> None:
        """Refuse what is too long to be read on a page."""
        super().validate(value)
        lines = value.split("\n")
        if len(value.encode()) > LONGEST_TEXT or len(lines) > MOST_LINES:
            raise forms.ValidationError(_("This is longer than a page can hold (100 kB, 2,000 lines)."))
        if any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(_("One line is longer than 2,000 characters. Break it somewhere."))


class LineField(forms.CharField):
    """A title or a name: one line."""

    def __init__(self, *, most: int = 120, **more: Any) -> None:
        super().__init__(max_length=most, strip=True, **more)

    def to_python(self, value: Any) -> str:
        """Make one line of it."""
        text = " ".join((super().to_python(value) or "").split())
        return "".join(sign for sign in text if sign.isprintable())


class ChoicesField(forms.ChoiceField):
    """One of a few, as round buttons."""

    widget = forms.RadioSelect
