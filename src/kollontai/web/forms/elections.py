# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of putting forward, standing, and adding to the lot."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.elections.pictures import LARGEST_FILE
from kollontai.chapters.elections.rules import LONGEST_STATEMENT
from kollontai.web import numbers
from kollontai.web.forms.base import ChoicesField, HouseForm, LineField, TextField

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member


class PutForwardForm(HouseForm):
    """Choosing a member, among those whose name was looked for."""

    q = forms.CharField(required=False, widget=forms.HiddenInput)
    nominee = ChoicesField(
        label=gettext_lazy("Whom?"),
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )

    def __init__(self, *args: Any, found: Sequence[Member], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("nominee", [(one.pk, f"{one.name}, {one.unit.name}") for one in found])

    def wanted(self) -> dict[str, Any]:
        """Whom; the words that were looked for are nobody's business."""
        return {"nominee": self.cleaned_data["nominee"]}


class StandForm(HouseForm):
    """What a candidate says for themself."""

    statement = TextField(
        label=gettext_lazy("Your statement"),
        rows=10,
        help_text=gettext_lazy(
            "Who you are, what you want to do. Everybody who stands has the same room: 5,000 signs. "
            "A line between paragraphs; *stars* make words lean."
        ),
        error_messages={"required": gettext_lazy("Say something for yourself; a few lines are enough.")},
    )
    picture = forms.FileField(
        label=gettext_lazy("A picture of you, if you like"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, at most 5 MB. It is cut to a square, made small, and everything else in the "
            "file (place, time, device) is thrown away."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    def clean_statement(self) -> str:
        """The same room for everybody."""
        statement = str(self.cleaned_data["statement"])
        if len(statement) > LONGEST_STATEMENT:
            raise forms.ValidationError(
                _("These are %(n)s signs; there is room for %(most)s, the same for everybody.")
                % {"n": numbers.whole(len(statement)), "most": numbers.whole(LONGEST_STATEMENT)}
            )
        return statement

    def clean_picture(self) -> str:
        """The file as the act takes it."""
        file = self.cleaned_data.get("picture")
        if not isinstance(file, UploadedFile):
            return ""
        if file.size is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This picture is larger than 5 MB; a smaller one will do."))
        return base64.b64encode(file.read()).decode()


class ReviseForm(StandForm):
    """One's statement anew; the picture stays unless another one is chosen, or none is wanted."""

    without = forms.BooleanField(label=gettext_lazy("Without a picture"), required=False)

    def __init__(self, *args: Any, kept: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept = kept
        if not kept:
            del self.fields["without"]
        else:
            self.fields["picture"].label = _("Another picture, if you like")

    def wanted(self) -> dict[str, Any]:
        """What the act is called with."""
        picture = self.cleaned_data["picture"]
        if not picture and not self.cleaned_data.get("without"):
            picture = self.kept
        return {"statement": self.cleaned_data["statement"], "picture": picture}


class LotForm(HouseForm):
    """The hash of a sentence that one keeps."""

    sha256 = LineField(
        label=gettext_lazy("The SHA-256 of your sentence"),
        most=64,
        help_text=gettext_lazy(
            "64 signs, 0 to 9 and a to f. Only this is sent; the sentence stays with you."
        ),
        error_messages={"required": gettext_lazy("There is no hash in it yet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-lot-hash": ""}),
    )

    def clean_sha256(self) -> str:
        """In small letters, as hashes are written here."""
        return str(self.cleaned_data["sha256"]).strip().lower()


class ShowLotForm(HouseForm):
    """The sentence behind a hash, to the letter."""

    sentence = forms.CharField(
        label=gettext_lazy("Your sentence"),
        strip=False,
        max_length=500,
        help_text=gettext_lazy("To the letter, as you wrote it then: with its blanks, points and capitals."),
        error_messages={"required": gettext_lazy("There are no words in it yet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
