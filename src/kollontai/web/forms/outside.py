# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a scrutineer brings back from a ballot held outside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.elections.rules import LONGEST_BALLOT_FILE
from kollontai.web.forms.base import HouseForm, TextField


class OutsideForm(HouseForm):
    """Report and ballots."""

    report = TextField(
        label=gettext_lazy("The report, whole"),
        rows=10,
        help_text=gettext_lazy("As whoever held the ballot signed it. Everybody can read it."),
        error_messages={"required": gettext_lazy("The report is missing.")},
    )
    file = forms.FileField(
        label=gettext_lazy("The ballots, as a BLT file"),
        help_text=gettext_lazy("Candidates in the order of the paper, re-open nominations last."),
        error_messages={
            "required": gettext_lazy("Please choose the file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> str:
        """The file as the act reads it."""
        file = self.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        if file.size is not None and file.size > LONGEST_BALLOT_FILE:
            raise forms.ValidationError(_("This file is longer than any ballot file here can be."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("This is no text in UTF-8: byte %(n)s is something else.") % {"n": error.start + 1}
            ) from error

    def wanted(self) -> dict[str, Any]:
        """What the act is called with."""
        return {"report": self.cleaned_data["report"], "ballots": self.cleaned_data["file"]}
