# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of files that people bring along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import HouseForm, TextField

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Unit

NO_FILE = {"required": _("Please choose a file."), "empty": _("The file is empty.")}


class IssueFileForm(HouseForm):
    """An issue as Markdown, and its amendments as a table where they stand apart."""

    file = forms.FileField(
        label=_("The issue, as Markdown"),
        help_text=_(
            "A title, why, one draft or several, and amendments. UTF-8 or Windows-1252, at most 2 MB."
        ),
        error_messages=NO_FILE,
    )
    table = forms.FileField(
        label=_("Amendments to its first draft, as CSV"),
        required=False,
        help_text=_("With columns number, first line, last line, operation, new text, mover, reasons."),
        error_messages=NO_FILE,
    )


class RaiseFromFileForm(HouseForm):
    """Where an issue that was read is raised."""

    unit_id = forms.ChoiceField(
        label=_("Whom does it concern?"), widget=forms.Select(attrs={"class": "short"})
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("unit_id", [(unit.pk, str(unit.name)) for unit in units])


class TableForm(HouseForm):
    """Amendments to a draft, as a table."""

    file = forms.FileField(
        label=_("Amendments as CSV"),
        help_text=_(
            "With columns number, first line, last line, operation, new text, mover, reasons; and draft."
        ),
        error_messages=NO_FILE,
    )


class ArchiveFileForm(HouseForm):
    """The export of another program."""

    file = forms.FileField(
        label=_("The export of a Loomio group, or an archive of mails"),
        help_text=_("The JSON or mbox file, as it came. At most 20 MB; larger ones by the command."),
        error_messages=NO_FILE,
    )


class BringForm(HouseForm):
    """Which of the threads are brought along, and whom they leave out."""

    which = forms.TypedMultipleChoiceField(
        label=_("Bring these along"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    without = TextField(
        label=_("Names to leave out"),
        rows=3,
        required=False,
        help_text=_("One a line, as the file spells them. Their names and words do not come along."),
    )

    def __init__(self, *args: Any, threads: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("which", threads)
