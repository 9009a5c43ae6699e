# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steps of founding: a name, the founders, units and posts, words of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.bodies.rules import DUTIES, Claimed, Founder, PostGiven
from kollontai.web.forms.base import ChoicesField, HouseForm, LineField, TextField

POSTS_AT_FIRST = 2
MOST_POSTS = 40

DUTY_WORDS = {
    "scrutineer": _("scrutineer: counts votes"),
    "juror": _("juror"),
    "delegate": _("delegate with a mandate"),
    "specialist": _("specialist: advises, does not decide"),
}


class NameForm(HouseForm):
    """What it is called, where it is, how large, how one joins."""

    name = LineField(label=_("What is it called?"), most=120)
    slug = forms.RegexField(
        label=_("Its address here"),
        regex=r"^[a-z0-9][a-z0-9-]*[a-z0-9]$",
        max_length=40,
        required=False,
        help_text=_("Small letters, digits and hyphens. Leave it empty and we make it from the name."),
        error_messages={"invalid": _("Small letters, digits and hyphens only.")},
    )
    unit_word = LineField(
        label=_("What do you call a part of it?"),
        most=40,
        initial=_("branch"),
        help_text=_("Branch, house, workplace, section: your own word."),
    )
    zone = forms.ChoiceField(
        label=_("Whose clock?"),
        help_text=_("Stages and votes end at 20:00 by this clock."),
        initial="Europe/London",
    )
    preset = ChoicesField(
        label=_("How many will you be?"),
        choices=[("normal", _("Fifty or more: full times")), ("small", _("Fewer than fifty: shorter times"))],
        initial="normal",
    )
    joining = ChoicesField(
        label=_("How does one join?"),
        choices=[
            ("open", _("Open: whoever asks is a member after a week")),
            ("vouched", _("Vouched: two members say that they know them")),
        ],
        initial="open",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.offer("zone", [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)])

    def clean(self) -> dict[str, Any]:
        """Make the address from the name where none was given."""
        found = super().clean() or {}
        if not found.get("slug") and found.get("name") and "slug" not in self.errors:
            found["slug"] = slugify(found["name"])[:40].strip("-")
            if len(found["slug"]) < 2:
                self.add_error("slug", _("We could not make one from the name. Please write one."))
        return found


class FoundersForm(HouseForm):
    """Who is asked to sign."""

    founders = TextField(
        label=_("The founders, one on each line: name, mail address"),
        rows=8,
        help_text=_(
            "You come first. At least three, and two thirds of those listed must sign before it exists. With "
            "units, add the unit after a second comma."
        ),
    )

    def clean_founders(self) -> str:
        """Look at each line."""
        text: str = self.cleaned_data["founders"]
        for number, line in enumerate(_lines(text), start=1):
            parts = [part.strip() for part in line.split(",")]
            if not 2 <= len(parts) <= 3 or "@" not in parts[1]:
                raise forms.ValidationError(
                    _("Line %(number)s reads “%(line)s”. It should read: name, mail address."),
                    params={"number": number, "line": line[:80]},
                )
        return text


class UnitsForm(HouseForm):
    """The parts of it, if it has parts."""

    units = TextField(
        label=_("The parts of it, one on each line"),
        rows=5,
        required=False,
        help_text=_("Leave it empty if all of you are one. More can come later, by a vote."),
    )


class PostForm(HouseForm):
    """One post, and who held it before."""

    title = LineField(
        label=_("Post"), most=120, required=False, help_text=_("Treasurer, chair, press officer …")
    )
    unit = forms.ChoiceField(label=_("Of"), required=False)
    duty = ChoicesField(
        label=_("Does its holder lead?"),
        required=False,
        help_text=_("Who leads speaks after the members. A single post leads, unless it is one of these."),
        choices=[("", _("leads")), *((duty, DUTY_WORDS[duty]) for duty in sorted(DUTIES))],
        widget=forms.Select(attrs={"class": "short"}),
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=50, initial=1, required=False)
    term_days = forms.IntegerField(
        label=_("Days of one term"), min_value=1, max_value=730, initial=365, required=False
    )
    holder = forms.ChoiceField(
        label=_("Elected before?"),
        required=False,
        help_text=_("Members confirm or do not confirm it by vote, within days of the founding."),
    )
    elected_on = forms.DateField(label=_("Elected on"), required=False, help_text=_("Like 2025-10-22"))
    ends_on = forms.DateField(label=_("Until"), required=False, help_text=_("Like 2026-10-21"))
    minutes = TextField(label=_("What the minutes of that day say"), rows=3, required=False)

    def __init__(self, *args: Any, units: Sequence[str], founders: Sequence[Founder], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer("unit", [("", _("the whole organisation")), *((unit, unit) for unit in units)])
        self.offer(
            "holder",
            [("", _("nobody: it is vacant")), *((founder.email, founder.name) for founder in founders)],
        )
        for name in ("unit", "holder", "seats", "term_days", "elected_on", "ends_on"):
            self.fields[name].widget.attrs["class"] = "short"

    def clean(self) -> dict[str, Any]:
        """Whoever held it before was elected on a day, until a day, by minutes."""
        found = super().clean() or {}
        if found.get("title") and found.get("holder"):
            for name in ("elected_on", "ends_on", "minutes"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("Please fill this in for whoever held it before."))
        return found


class WordsForm(HouseForm):
    """The organisation's own words before the articles."""

    words = TextField(
        label=_("Your own words, before the articles"),
        rows=6,
        required=False,
        help_text=_("What you are there for. It may be empty; the fourteen articles follow it."),
    )


class AgreeForm(HouseForm):
    """The last step has nothing to fill in."""


def founders_in(text: str) -> list[Founder]:
    """The founders of a list."""
    found = []
    for line in _lines(text):
        parts = [part.strip() for part in line.split(",")]
        if len(parts) >= 2:
            found.append(Founder(name=parts[0], email=parts[1], unit=parts[2] if len(parts) > 2 else ""))
    return found


def units_in(text: str) -> list[str]:
    """The units of a list."""
    return _lines(text)


def post_given(raw: dict[str, Any], zone: str) -> PostGiven:
    """A post as the act is given it, from what a session kept."""
    held: tuple[Claimed, ...] = ()
    if raw.get("holder"):
        held = (
            Claimed(
                founder=raw["holder"],
                elected_at=_noon(raw["elected_on"], zone),
                old_end=_noon(raw["ends_on"], zone),
                minutes=raw["minutes"],
            ),
        )
    return PostGiven(
        title=raw["title"],
        leading=not raw.get("duty"),
        duty=raw.get("duty", ""),
        term_days=raw.get("term_days") or 365,
        unit=raw.get("unit", ""),
        seats=raw.get("seats") or 1,
        held_before=held,
    )


def _noon(day: str, zone: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), time(12), ZoneInfo(zone)).astimezone(UTC)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
