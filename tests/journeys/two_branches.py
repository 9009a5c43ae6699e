# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build a small demonstration with two branches, by acts: `python -m tests.journeys.two_branches`.

It is told where by KOLLONTAI_HOME and DATABASE_URL, like every command. All of it is fictional.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

SLUG = "two-yards"
FERRY = ("Kit Arden", "Lou Barrow", "Mia Corran", "Iva Dunmore")
KILN = ("Ola Esker", "Pam Farlow", "Quin Garrick", "Rhys Holt")
"""The last of each convenes their branch."""


def address(name: str) -> str:
    """Where somebody would get mail."""
    return name.lower().replace(" ", ".") + "@example.org"


def build() -> None:
    """Found it, confirm who convened the branches before, and let ten days go by."""
    os.environ["KOLLONTAI_DEMO"] = "1"
    from kollontai.cli.house import open_house

    open_house()
    from django.conf import settings
    from django.core.management import call_command

    from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
    from kollontai.chapters.bodies.acts.sign_charter import sign_charter
    from kollontai.chapters.bodies.rules import Claimed, Founder, PostGiven
    from kollontai.chapters.members.models import Contact
    from kollontai.chapters.record import tables
    from kollontai.chapters.record.act import Actor
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
    from kollontai.chapters.voting.models import Poll
    from kollontai.demos import standing_clock
    from kollontai.demos.again import keep_copy
    from kollontai.ids import new_id

    tables.bring_up_to_date()
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    (settings.HOME / "demonstration").write_text("This house is a demonstration.\n")
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    standing_clock.put(today - timedelta(days=10))
    organisation = new_id()
    branches = {"Ferry Crews": FERRY, "Kiln Lane": KILN}

    def convenor(unit: str, name: str) -> PostGiven:
        old = Claimed(
            address(name), today - timedelta(days=200), today + timedelta(days=160), "Elected, 4 to 0."
        )
        return PostGiven("Convenor", leading=True, term_days=365, unit=unit, held_before=(old,))

    proposal = Proposal(
        slug=SLUG, origin=f"demo.{settings.ORIGIN_HOST}/{SLUG}", name="Two Yards", unit_word="branch",
        zone="Europe/Lisbon", preset="normal", joining="open", words="We share a quay.", demo=True,
        units=tuple(branches),
        listed=[Founder(name, address(name), unit) for unit, names in branches.items() for name in names],
        posts=[convenor(unit, names[-1]) for unit, names in branches.items()],
    )  # fmt: skip
    open_founding(Actor(organisation, new_id(), "demo"), proposal=proposal)
    ids = dict(Contact.objects.filter(organisation=organisation).values_list("email", "member"))
    for name in (*FERRY, *KILN):
        sign_charter(Actor(organisation, ids[address(name)], "demo"))
    standing_clock.walk_to(standing_clock.read() + timedelta(minutes=2))
    for poll in Poll.objects.filter(about="confirmation", state="open").order_by("pk"):
        for voter in poll.voters.order_by("member"):
            cast_ballot(Actor(organisation, voter.member_id, "demo"), poll_id=poll.pk, choice="yes")
    standing_clock.walk_to(today)
    keep_copy(("tidewater",), small=True)


if __name__ == "__main__":
    build()
