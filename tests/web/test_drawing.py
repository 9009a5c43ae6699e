# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields that we draw ourselves are what Django would have drawn."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from kollontai.web.forms.drawing import _DRAWN, Drawn

HOSTILE = "\"'><script>&amp; <b>Ö"


class Everything(forms.Form):
    """A form with each kind of field, and words that want to be more than words."""

    line = forms.CharField(
        label="Line",
        widget=forms.TextInput(
            attrs={"class": HOSTILE, "size": 1234, "data-x": True, "data-y": False, "data-z": None}
        ),
    )
    mail = forms.EmailField()
    number = forms.DecimalField(widget=forms.NumberInput(attrs={"step": 0.5, "inputmode": "decimal"}))
    own = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 1000, "cols": None}))
    choice = forms.ChoiceField(
        choices=[("", "–"), (HOSTILE, HOSTILE), ("safe", mark_safe("<i>meant</i>")), (1234, 1234),
            ("lazy", gettext_lazy("Yes")), ("Group <1>", [("a", "A"), ("b", "B")])],
    )  # fmt: skip
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    ticked = forms.BooleanField()
    day = forms.DateField()


VALUES = [
    {},
    {
        "line": HOSTILE,
        "mail": HOSTILE,
        "own": HOSTILE,
        "text": f"\n{HOSTILE}\r\n",
        "choice": HOSTILE,
        "several": ["a", "b"],
    },
    {
        "number": Decimal("1234.50"),
        "choice": 1234,
        "day": date(2026, 3, 9),
        "line": 12345,
        "text": 0,
        "own": None,
    },
    {"choice": "b", "several": ["b"], "one": "a", "ticked": True, "text": mark_safe("<i>x</i>"), "line": ""},
]


def normal(html: str) -> str:
    """Without the white space between the tags of a list of choices: there Django's templates leave some."""
    return re.sub(r">\s+<", "><", html) if html.startswith("<select") else html


@pytest.mark.parametrize("values", VALUES, ids=["nothing", "hostile", "numbers", "chosen"])
@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_a_field_is_drawn_as_django_draws_it(values, bound, language):
    with translation.override(language):
        how = {"data": values} if bound else {"initial": values}
        ours, theirs = Everything(renderer=Drawn(), **how), Everything(renderer=DjangoTemplates(), **how)
        for name in ours.fields:
            assert normal(str(ours[name])) == normal(str(theirs[name])), name


def test_a_line_break_at_the_beginning_of_a_text_is_kept():
    form = Everything(initial={"text": "\nsecond line"}, renderer=Drawn())
    assert ">\n\nsecond line</textarea>" in str(form["text"])


def test_every_template_that_is_passed_over_is_one_of_djangos():
    for name in _DRAWN:
        assert DjangoTemplates().get_template(name)
