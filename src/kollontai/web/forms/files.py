# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that come with words: a field that takes several and says at once what cannot be kept."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.deliberation import attaching
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.record.refusal import Refused
from kollontai.web.words import explain

LARGEST = 5 * 1024 * 1024


class _SeveralFiles(forms.FileInput):
    """A control for several files."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        accepted = "image/jpeg,image/png,image/webp,application/pdf"
        super().__init__(attrs={"accept": accepted, "multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All the files that were chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.Field):
    """Pictures and PDF files, as the acts take them."""

    widget = _SeveralFiles

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", gettext_lazy("Pictures or PDF files, if you like"))
        more.setdefault(
            "help_text",
            gettext_lazy(
                "Up to four: JPEG, PNG or WebP up to 5 MB, PDF up to 4 MB. Pictures are made smaller, and "
                "place, time and device in them are thrown away."
            ),
        )
        super().__init__(required=False, **more)

    def clean(self, value: Any) -> tuple[Attached, ...]:
        """The files as the act takes them; what cannot be kept is said here, and the words stay."""
        sent = [one for one in value or [] if isinstance(one, UploadedFile)]
        if any((one.size or 0) > LARGEST for one in sent):
            raise forms.ValidationError(_("One of these files is larger than 5 MB; a smaller one will do."))
        files = tuple(Attached(str(one.name), base64.b64encode(one.read()).decode()) for one in sent)
        try:
            attaching.tidy(files)
        except Refused as refused:
            said = explain(refused.refusal)
            raise forms.ValidationError(f"{said.sentence} {said.more}") from None
        return files
