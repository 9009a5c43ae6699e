# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line, so that it can be found by its words
"""The eight temptations of a General Secretary in words, and what came of them as pages need it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.record import act as frame
from kollontai.web import times

Said = str | Promise


@dataclass(frozen=True)
class Temptation:
    """One temptation. `lead` may name things of the desk; `moral` is said when it has been tried.

    `label`: of the field in which a visitor writes, if there is one; `begins` is what stands there.
    """

    key: str
    title: Said
    lead: Said
    button: Said
    moral: Said
    label: Said = ""
    begins: Said = ""


TEMPTATIONS = (
    Temptation(
        "speak",
        _("Speak early"),
        _("The members talk over “%(talk)s”, and %(critic)s has counted the people in your office. You have an answer. It is even a good one."),
        _("Say it now"),
        _("You keep your answer for two days, and everybody has read theirs first. It may be a better answer by then."),
        _("What you would say"),
        _("With respect: on that Sunday there were two of us. One was buying bread."),
    ),
    Temptation(
        "close",
        _("Close now"),
        _("The vote on “%(vote)s” closes %(closes)s. It is not going well for you. Most of your friends have voted; most of the others are still at work."),
        _("Close the vote now"),
        _("Nobody closes a vote: not you, not the host, not a committee. There is nothing to press, so there is nobody to lean on."),
    ),
    Temptation(
        "roll",
        _("Pad the roll"),
        _("%(voted)s have voted on “%(vote)s”, and there is an hour left. One more vote would help. You know somebody who would do you the favour."),
        _("Bring them to the ballot box"),
        _("They are welcome, and vote on whatever is raised from now on. A hall cannot be filled overnight."),
        _("Whom you bring"),
        _("Cousin Arno"),
    ),
    Temptation(
        "critic",
        _("Edit a critic"),
        _("%(critic)s wrote that one is not even a quorum for lunch. People keep quoting it. A word here and there would be enough."),
        _("Put it better"),
        _("The words are safe from you, and so are yours from everybody else. You may answer them, when it is your turn."),
        _("What it should say"),
        _("I drove past the office on that Sunday, and all was well."),
    ),
    Temptation(
        "friend",
        _("Seat a friend"),
        _("The post “%(vacant)s” is vacant, and %(next)s comes next by the ballots. You would rather have %(friend)s there. It would be only for a few weeks."),
        _("Put my friend there"),
        _("There is no way to appoint anybody to anything: no page, no call, no act. Whoever sits anywhere was counted into the seat."),
    ),
    Temptation(
        "term",
        _("Stay a little longer"),
        _("Your term ends %(ends)s. There is so much left to do, and nobody else knows where the files are."),
        _("Stay"),
        _("The clock opens the election in good time, whoever is busy. You may stand again; somebody should know where the files are."),
    ),
    Temptation(
        "shell",
        _("Change the result"),
        _("Enough of buttons. The members voted down “%(decided)s”, but the machine stands in your office, and you have the password of its database. Here is a shell."),
        _("Run it"),
        _("In the database you can do anything, and you just did. It does not matter: nobody believes the database. Members believe the record, and whoever holds a copy of it sees the line."),
    ),
    Temptation(
        "record",
        _("Rewrite the record"),
        _("Then the record itself. You have the key that signs it. Take out what should never have been, number everything anew, and let the machine sign all of it again. To be thorough, you begin with a fresh copy."),
        _("Rewrite it"),
        _("With everything in your hands you can lie to whoever comes new. You cannot lie to whoever was here before: one old stamp is enough, and it fits on a postcard."),
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in TEMPTATIONS}

EDITS: Mapping[str, Said] = {
    "result": _("Let the car be carried"),
    "count": _("Turn the count itself"),
    "critic": _("Put the critic’s words better"),
    "signature": _("Lose a signature under my recall"),
    "friend": _("Seat my friend"),
    "term": _("Give me five more years"),
    "roll": _("Strike the critic from the roll"),
}
WHY_NOT: Mapping[str, Said] = {
    "too-long": _("That is too long for this shell."),
    "only-rows": _(
        "This shell reads and changes rows of your own copy, one statement at a time: no other files, no settings, no new tables."
    ),
    "too-slow": _("That took too long and was stopped; nothing was changed."),
    "too-much": _("That needs more room than a copy has; nothing was changed."),
    "sql": _("The database did not understand it:"),
}
REWRITES = (
    ("signature", _("Let a signature under my recall never have been")),
    ("critic", _("Let the critic never have spoken")),
)
TABLES = (
    "deliberation_issue", "deliberation_contribution", "voting_poll", "voting_voter", "voting_openballot",
    "bodies_post", "bodies_term", "petitions_petition", "petitions_signature", "members_member",
    "record_content", "record_entryrow",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A temptation on the list: its number, and whether it has been tried."""

    number: int
    temptation: Temptation
    tried: bool


def places(told: Mapping[str, Any]) -> list[Place]:
    """All eight."""
    return [Place(number, one, one.key in told) for number, one in enumerate(TEMPTATIONS, 1)]


def place_of(key: str, told: Mapping[str, Any]) -> Place:
    """One of them."""
    return next(place for place in places(told) if place.temptation.key == key)


def after(place: Place) -> Temptation | None:
    """The temptation that comes next."""
    return TEMPTATIONS[place.number] if place.number < len(TEMPTATIONS) else None


def facts(desk: Mapping[str, Any]) -> dict[str, Any]:
    """The things on the desk, with moments in words."""
    said = dict(desk)
    for name in ("closes", "ends"):
        said[name] = times.moment(datetime.fromisoformat(str(desk[name])))
    return said


ADDRESSES: Mapping[str, tuple[str, str]] = {
    "close": ("votes/%(poll_id)s/close/", "voting/close"),
    "roll": ("votes/%(poll_id)s/roll/", "voting/add_voter"),
    "friend": ("posts/%(post_id)s/appoint/", "bodies/appoint"),
    "term": ("terms/%(term_id)s/extend/", "bodies/extend_term"),
}
"""Where the page and the call of a power would be that nobody has, from the places of those that are there."""
CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "close": ("voting",),
    "roll": ("voting", "members"),
    "friend": ("elections", "bodies"),
    "term": ("bodies",),
}
"""In which chapters one would look for it."""


@dataclass(frozen=True)
class Knock:
    """An address at which a power was looked for. `there`: the router leads somewhere, and should not."""

    address: str
    there: bool


@dataclass(frozen=True)
class Power:
    """An act that there is: its name and its first line."""

    name: str
    words: str


def knocks(which: str, desk: Mapping[str, Any]) -> list[Knock]:
    """Ask this server's own router for the page and the call of a temptation."""
    if which not in ADDRESSES:
        return []
    page, act = ADDRESSES[which]
    addresses = (f"/{desk['slug']}/{page % desk}", f"/api/v1/{desk['slug']}/acts/{act}")
    return [Knock(address, _leads_somewhere(address)) for address in addresses]


def _leads_somewhere(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def powers(which: str) -> list[Power]:
    """Every act that members have in the chapters of a temptation."""
    frame.discover()
    return [
        Power(name, (inspect.getdoc(perform) or "").split("\n")[0].split(". ")[0].rstrip("."))
        for chapter in CHAPTERS.get(which, ())
        for name, perform in sorted(frame.ACTS.items())
        if name.startswith(f"{chapter}.")
    ]


def why_not(told: Mapping[str, Any] | None) -> Said:
    """Why the shell did not do a statement; empty where it did."""
    return WHY_NOT.get(str((told or {}).get("why", "")), "")
