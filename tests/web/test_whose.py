# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of a house, walked by those it is not for: what is not in the table of open ones stays shut.

The table names what the world may see; whatever is not in it is for members, so that a new page is shut until
somebody writes it down here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kollontai import clock
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.models import Attachment
from kollontai.chapters.record.models import Content, EntryRow, Outbox
from tests import prepared
from tests.tampering.organisation import Tidewater, build
from tests.web.hall import BACKEND
from tests.world import founded, founders

OPEN = {
    "home", "posts", "post", "powers", "charter", "stages", "elections", "election", "votes", "record",
    "receipt", "export", "who-sees-what", "join", "calendar-public", "who-runs-this",
    "slip",
}  # fmt: skip
"""What the world may see: the charter, posts and holders, results, how far the record reaches and how it is
checked. A counted vote is open from ten ballots on (test_pages.py). A receipt's address holds a random ticket, and
leads to an entry that is shut. The page for the code on a slip asks for nothing but the code."""

OPEN_AFTERWARDS = {"my-data", "name", "name-erase", "own-words"}
"""What whoever has left may still do: take what is kept about them, and erase their own words and their name."""

SECRETS = ("why it is needed", "example.org")
"""Words that stand in what members write, and in their addresses."""


@dataclass
class Two:
    """Two organisations on one server, and who walks about in them."""

    here: Tidewater
    there: str

    def walker(self, who: str) -> Client:
        """A browser of somebody."""
        client = Client(raise_request_exception=False)
        email = {"a member": "ada", "of another unit": "kit", "of elsewhere": "rita", "who left": "dai",
                 "nobody's": "nobody"}.get(who)  # fmt: skip
        if email:
            client.force_login(account_for(f"{email}@example.org", at=clock.now()), backend=BACKEND)
        return client


@prepared.once
def both(now: Any) -> Two:
    """Tidewater with something of everything, and another house that has nothing to do with it."""
    here = build(now)
    founded(slug="quarry", origin="localhost/quarry", name="Quarry House", units=(),
            listed=founders("rita", "sam", "tess", "una"))  # fmt: skip
    leave(here.world.actor("dai"))
    return Two(here, "quarry")


@pytest.fixture
def two(db: None, now: Any) -> Two:
    """The two houses."""
    return both(now)


def patterns() -> dict[str, str]:
    """Every address within a house, by its name."""
    found = {}

    def walk(resolver: URLResolver, prefix: str) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                found[str(one.name)] = f"/{prefix}{one.pattern}"
            else:
                walk(one, f"{prefix}{one.pattern}")

    walk(get_resolver("kollontai.web.urls"), "")
    return {name: one for name, one in found.items() if one.startswith("/<slug:slug>/")}


def real(two: Two) -> dict[str, str]:
    """What really stands in each blank of an address."""
    of = {"organisation": two.here.id}
    issue = two.here.issue(two.here.talk)
    attached = Attachment.objects.filter(**of).first()
    assert attached is not None

    def first(label: str) -> str:
        return str(apps.get_model(label).objects.filter(**of).order_by("pk").first().pk)

    return {
        "slug": "tidewater", "number": str(issue.number), "letter": "A", "position": "3", "which": "1",
        "name": "roll", "voice_id": two.here.revised, "what": "contribution", "words_id": two.here.revised,
        "member_id": two.here.who("ben"), "poll_id": two.here.poll(two.here.ranked).pk,
        "post_id": first("bodies.Post"), "term_id": first("bodies.Term"),
        "petition_id": first("petitions.Petition"), "archive_id": first("deliberation.ArchivedThread"),
        "attachment_id": attached.pk, "election_id": first("elections.Election"), "combination_id": "x" * 16,
        "commitment": Content.objects.filter(**of).first().commitment, "ticket": "x" * 16,
        "token": "x" * 32, "naming_id": first("writing_in.Naming"), "write_in_id": first("writing_in.WriteIn"),
    }  # fmt: skip


def at(pattern: str, values: dict[str, str]) -> str:
    """An address with its blanks filled in."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: values[blank[1]], pattern)


def shut(answer: Any) -> bool:
    """Whether a door stayed shut: not for you, not there, no such way in, or come in first."""
    to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")
    return to_sign_in or answer.status_code in (403, 404, 405)


def open_to(who: str) -> set[str]:
    """The pages that open to somebody from outside."""
    return OPEN | OPEN_AFTERWARDS if who == "who left" else OPEN


def words(answer: Any) -> str:
    """All that an answer says."""
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "replace")


def done() -> int:
    """How many entries there are, with a position or on the way to one, those of the clock aside: it does
    what is due whoever comes."""
    return sum(table.objects.exclude(actor="clock").count() for table in (EntryRow, Outbox))


OUTSIDE = ("nobody", "nobody's", "of elsewhere", "who left")


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_is_for_members_is_shut_to_everybody_else(two: Two, who: str) -> None:
    client, values, wrong = two.walker(who), real(two), []
    for name, pattern in patterns().items():
        answer = client.get(at(pattern, values))
        said = words(answer)
        asks_who = name == "join" and who == "nobody"
        if (name in open_to(who) and not asks_who) == shut(answer):
            wrong.append(f"{name}: {answer.status_code}")
        own = {"who left": "dai@example.org", "nobody's": "nobody@example.org"}.get(who, "-")
        wrong += [f"{name}: {word!r}" for word in SECRETS if word in said.replace(own, "")]
    assert not wrong, ", ".join(wrong)


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_is_done_by_those_it_is_not_for(two: Two, who: str) -> None:
    client, values, wrong, before = two.walker(who), real(two), [], done()
    for name, pattern in patterns().items():
        answer = client.post(at(pattern, values), {"text": "x", "form_key": name})
        if name not in open_to(who) | {"join"} and not shut(answer):
            wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, ", ".join(wrong)
    assert done() == before


def test_ids_of_one_house_open_nothing_in_another(two: Two) -> None:
    rita, wrong = two.walker("of elsewhere"), []
    values = {**real(two), "slug": two.there}
    for name, pattern in patterns().items():
        if not set(re.findall(r"<(?:\w+:)?(\w+)>", pattern)) - {"slug", "position", "ticket"}:
            continue
        for answer in (rita.get(at(pattern, values)), rita.post(at(pattern, values), {"text": "x"})):
            if not shut(answer):
                wrong.append(f"{name}: {answer.status_code}")
            wrong += [f"{name}: {word!r}" for word in SECRETS if word in words(answer).replace("rita@", "")]
    assert not wrong, ", ".join(wrong)


def test_another_unit_reads_and_does_not_act(two: Two) -> None:
    """An issue of the ferry crews is read by all members, and moved by none but theirs."""
    kit, issue = two.walker("of another unit"), two.here.issue(two.here.plain)
    at_issue, before = f"/tidewater/issues/{issue.number}", done()
    assert kit.get(f"{at_issue}/").status_code == 200
    for door in ("support/", "big/", "speak/", "drafts/new/", "drafts/A/support/", "drafts/A/revise/"):
        answer = kit.post(f"{at_issue}/{door}", {"text": "x", "stance": "for", "title": "x"})
        assert answer.status_code in (403, 404, 405, 422), door
    assert done() == before


OWN = {
    "voice-revise": {"text": "Not mine."}, "voice-erase": {}, "draft-revise": {"title": "x", "text": "y"},
    "draft-withdraw": {}, "archived-erase": {}, "petition-take-back": {}, "candidacy-revise": {"statement": "x"},
    "candidacy-withdraw": {}, "resign": {}, "acting-yes": {}, "mine-address-stop": {}, "from-file-drop": {},
}  # fmt: skip
"""What only its author, mover, holder or owner does."""


@pytest.mark.parametrize("name", OWN)
def test_what_is_somebody_elses_is_changed_by_nobody_else(two: Two, name: str) -> None:
    """kit is a member, and none of these things are kit's."""
    kit, before = two.walker("of another unit"), done()
    answer = kit.post(at(patterns()[name], real(two)), OWN[name])
    assert answer.status_code in (302, 403, 404, 422)
    assert done() == before


def test_my_data_is_mine_alone(two: Two) -> None:
    said = words(two.walker("of another unit").get("/tidewater/mine/data/"))
    assert "kit@example.org" in said
    assert "ada@example.org" not in said
