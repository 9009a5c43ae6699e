# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of raising, speaking, drafting, and what goes with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kollontai.web.forms.base import ChoicesField, HouseForm, LineField, TextField
from kollontai.web.forms.effects import Offered, WithEffects
from kollontai.web.forms.files import FilesField

if TYPE_CHECKING:
    from kollontai.chapters.bodies.models import Post
    from kollontai.chapters.deliberation.effects import Effect
    from kollontai.chapters.deliberation.models import Letter
    from kollontai.chapters.members.models import Unit

STANCES = (
    ("for", _("For")),
    ("against", _("Against")),
    ("other", _("Another way")),
    ("question", _("A question")),
)
NO_WORDS = {"required": _("There are no words in it yet.")}
NO_TITLE = {"required": _("Please give it a title.")}


class RaiseForm(WithEffects):
    """Putting something before the members, with a first draft."""

    unit_id = forms.ChoiceField(
        label=_("Whom does it concern?"), widget=forms.Select(attrs={"class": "short"})
    )
    title = LineField(
        label=_("Title"),
        most=200,
        help_text=_("As you would say it to a colleague."),
        error_messages=NO_TITLE,
    )
    text = TextField(label=_("Why"), rows=6, error_messages=NO_WORDS)
    draft_title = LineField(
        label=_("The first draft, in a line"),
        most=200,
        help_text=_("What would be decided. Others can put drafts beside it."),
        error_messages=NO_TITLE,
    )
    draft_text = TextField(
        label=_("The first draft, line by line"),
        rows=6,
        help_text=_("Each line is one thing that would hold. This is what will be voted on, to the letter."),
        error_messages=NO_WORDS,
    )
    big = forms.BooleanField(
        label=_("This is a big decision: it should have the long times"),
        required=False,
        help_text=_("Only for what concerns all members. Nobody can ask for shorter times."),
    )

    body_id = forms.ChoiceField(
        label=_("In whose name?"),
        required=False,
        help_text=_("You answer for it either way. A committee raises a matter in 2,000 signs at most."),
        widget=forms.Select(attrs={"class": "short"}),
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        offered: Offered,
        bodies: Sequence[Post] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        if bodies:
            self.offer("body_id", [("", _("my own")), *((one.pk, str(one.title)) for one in bodies)])
        else:
            del self.fields["body_id"]
        self.offer("unit_id", [(unit.pk, str(unit.name)) for unit in units])
        self.add_effects(offered)


class SpeakForm(HouseForm):
    """Saying something."""

    stance = ChoicesField(
        label=_("Where do you stand?"),
        choices=STANCES,
        error_messages={"required": _("Choose one; it is yours, nobody sorts you.")},
    )
    text = TextField(
        label=_("Your words"),
        rows=6,
        help_text=_("As you would say it in the canteen. You can erase it again at any time."),
        error_messages=NO_WORDS,
    )
    files = FilesField()


class SpeakOfLinesForm(SpeakForm):
    """Saying something of lines of a draft."""

    first = forms.IntegerField(
        label=_("From line"),
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    last = forms.IntegerField(
        label=_("To line"), min_value=1, max_value=10_000, widget=forms.NumberInput(attrs={"class": "short"})
    )
    field_order = ("first", "last", "stance", "text", "files")


class WordsForm(HouseForm):
    """Putting own words anew."""

    text = TextField(label=_("Your words"), rows=8, error_messages=NO_WORDS)


class AnswerFactForm(HouseForm):
    """Answering a question of fact."""

    text = TextField(
        label=_("The fact"),
        rows=4,
        help_text=_(
            "Facts only, please: your view has its turn when the leaders answer. "
            "It stays; it is said as a leader."
        ),
        error_messages=NO_WORDS,
    )
    source = LineField(label=_("Where can others look it up?"), most=200, required=False)


class CorrectFactForm(AnswerFactForm):
    """Correcting a date, a sum, a quotation."""

    source = LineField(
        label=_("Where can others look it up?"),
        most=200,
        error_messages={"required": _("A correction names its source.")},
    )


class SealForm(HouseForm):
    """One statement ahead, sealed."""

    text = TextField(
        label=_("Your statement"),
        rows=10,
        help_text=_("The clock opens it when the leaders answer. You can’t change it or take it back."),
        error_messages=NO_WORDS,
    )


class LetterForm(HouseForm):
    """A document from outside."""

    sender = LineField(label=_("From whom, and what about"), most=200, error_messages=NO_TITLE)
    received_at = forms.DateTimeField(
        label=_("When did it come in?"),
        help_text=_("Within the last 24 hours."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    text = TextField(
        label=_("The whole of it, without comment"),
        rows=10,
        required=False,
        help_text=_("Or its pages below, as pictures or PDF; or both."),
    )
    files = FilesField(label=_("Its pages, as pictures or PDF"))

    def clean(self) -> dict[str, Any]:
        """A letter is a text, or comes as files."""
        given = super().clean() or {}
        if "text" in given and "files" in given and not given["text"] and not given["files"]:
            self.add_error("text", NO_WORDS["required"])
        return given


class ShortenForm(HouseForm):
    """Proposing to shorten, by a letter and its date."""

    letter_id = ChoicesField(
        label=_("Which letter names the date?"), error_messages={"required": _("Choose the letter.")}
    )
    before = forms.DateTimeField(
        label=_("Which date does it name?"),
        help_text=_("The vote has to end before it."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M"
        ),
    )

    def __init__(self, *args: Any, letters: Sequence[Letter], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer(
            "letter_id", [(one.pk, f"{number}. {one.sender}") for number, one in enumerate(letters, 1)]
        )


class DraftForm(WithEffects):
    """A whole draft."""

    title = LineField(label=_("The draft, in a line"), most=200, error_messages=NO_TITLE)
    text = TextField(
        label=_("The draft, line by line"),
        rows=8,
        help_text=_("This is what will be voted on, to the letter."),
        error_messages=NO_WORDS,
    )
    files = FilesField(help_text=_("What shows why: drawings, offers, plans. Nobody votes on them."))

    def __init__(
        self,
        *args: Any,
        offered: Offered,
        declared: Sequence[Effect] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.add_effects(offered, declared)
