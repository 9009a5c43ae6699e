# SPDX-License-Identifier: AGPL-3.0-or-later
"""Honest stories of questions that come again, of letters that shorten, of quiet days and the voting day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kollontai.chapters.deliberation.words import when_it_came as when_asked
from kollontai.openrecord.kinds import timing

from .charter_stories import CHAIR, asked, counted, open_vote, plainly_counted, talked, with_a_chair
from .stories import begin, story
from .story import HOUR, on
from .town import Town
from .world import DAY, MINUTE, evening, spell

LONG = (
    "We buy the old canteen beside the yard for thirty eight thousand, pay it from the reserve within two "
    "years, and open it for the children of all who work here and for their neighbours."
)


def decided(world: Town, text: str = LONG, needed: int = 2) -> str:
    """A question that was decided."""
    issue = world.raise_issue("m0005", needed=needed, draft=text)
    world.at += HOUR
    for member in ("m0006", "m0007")[: needed - 1]:
        world.support(issue, member)
    plainly_counted(world, issue)
    world.at += DAY
    return issue


@story
def a_question_again(world: Town) -> None:
    """Forty people; one question is decided, and comes again in four ways, with four members behind it."""
    begin(world, 40, ("chair", {"leading": True, "days": 365}))
    world.soon(on(2), "stand", "e0001", CHAIR)
    world.soon(on(18), "vote_in", "e0001", *[(CHAIR,)] * 5)
    world.at = on(30)
    earlier = decided(world, needed=3)
    # At the raising: half of it, padded.
    half = " ".join(LONG.split()[:24])
    again = world.raise_issue("m0007", needed=3, draft=f"{half} {'And so we say it. ' * 3}")
    world.asks_again(world.rows["drafts"][-1]["draft"], "m0007", earlier, needed=4)
    world.at += HOUR
    world.support(again, "m0008")
    world.support(again, "m0009")
    world.support(again, "m0018")
    # Later, on an empty issue, in other signs; it comes to the vote by its own supporters.
    empty = world.raise_issue("m0010", needed=3, draft="Something is to be done.")
    world.at += HOUR
    world.support(empty, "m0011")
    world.support(empty, "m0012")
    put = world.put(empty, "m0013", LONG.upper().replace(",", " –"))
    world.asks_again(put, "m0013", earlier, needed=4)
    world.back(put, "m0014")
    world.redraft("d0003", "m0010", LONG)
    world.asks_again("d0003", "m0010", earlier, needed=4)
    world.back("d0003", "m0017")
    world.at += HOUR
    for member in ("m0015", "m0016", "m0017"):
        world.back(put, member)
    for stage in ("answer", "reply"):
        world.turn(again, stage)
        world.turn(empty, stage)
    world.open_vote(again, ["d0002"])
    world.open_vote(empty, ["d0003", put])


@story
def a_question_after_its_time(world: Town) -> None:
    """After its days the question comes again as any other."""
    with_a_chair(world)
    decided(world)
    world.at += 365 * DAY
    issue = world.raise_issue("m0005", needed=2, draft=LONG)
    world.at += HOUR
    world.support(issue, "m0006")
    talked(world)


@story
def a_clock_that_came_late(world: Town) -> None:
    """The clock comes an hour late to the leaders' stage, which has a day more for it; so has the reply."""
    with_a_chair(world)
    issue = talked(world)
    world.turn(issue, "answer", late=HOUR)
    world.turn(issue, "reply")
    world.open_vote(issue, ["d0001"])


# --- Letters that shorten ---


def propose(world: Town, issue: str, letter: str, before: datetime, by: str) -> str:
    """Somebody proposes to shorten."""
    one = world.new("h")
    world.record(timing.ShorteningProposed(one, issue, letter, before), by)
    world.add(
        "shortenings", shortening=one, issue=issue, letter=letter, proposed_by=by, before=spell(before),
        at=spell(world.at), shortened_at=None, supported=None, needed=None, would_end=None,
    )  # fmt: skip
    world.add("shortening_supporters", shortening=one, member=by, at=spell(world.at))
    return one


def hasten(world: Town, one: str, by: str) -> None:
    """Somebody stands behind it."""
    issue = world.row("shortenings", shortening=one)["issue"]
    world.at += MINUTE
    world.record(timing.ShorteningSupported(one, issue), by)
    world.add("shortening_supporters", shortening=one, member=by, at=spell(world.at))


def shorten(world: Town, one: str, by: str, *, supporters: int = 5, needed: int = 5) -> None:
    """It is shortened, with the last support."""
    row = world.row("shortenings", shortening=one)
    issue = world.row("issues", issue=row["issue"])
    stage, ends = issue["stage"], world.ends(row["issue"])
    would = ends
    for following in STAGES[STAGES.index(stage) + 1 :]:
        would = evening(would, world.days(row["issue"], following))
    now = min(ends, world.at + timedelta(hours=world.limits[f"N.shorten_{stage}"]))
    world.record(timing.IssueShortened(row["issue"], one, supporters, needed, now, would), by)
    row.update(shortened_at=spell(world.at), supported=supporters, needed=needed, would_end=spell(would))
    issue.update(shortened_at=spell(world.at), stage_ends_at=spell(now))
    world.row("stages", issue=row["issue"], stage=stage)["ends_at"] = spell(now)


def when_it_came(world: Town, one: str) -> str:
    """The clock asks afterwards."""
    row = world.row("shortenings", shortening=one)
    letter = world.row("letters", letter=row["letter"])
    times = {
        "received": letter["received_at"], "posted": letter["at"], "before": row["before"],
        "shortened": row["shortened_at"], "would_end": row["would_end"],
    }  # fmt: skip
    words = when_asked(
        world.row("issues", issue=row["issue"])["number"], supporters=row["supported"], needed=row["needed"],
        **{name: world.time(text) for name, text in times.items()},
    )  # fmt: skip
    return world.ask("root", "shortened", row["issue"], words, world.at)


STAGES = ("talk", "answer", "reply", "vote")


@story
def shortened_by_a_letter(world: Town) -> None:
    """A letter names a date; five members shorten; the vote is held in time, and the clock asks about it."""
    with_a_chair(world)
    issue = talked(world)
    world.at += 2 * DAY
    letter = world.letter(issue, CHAIR, world.at - 3 * HOUR)
    world.at += HOUR
    one = propose(world, issue, letter, world.at + 7 * DAY, "m0005")
    for member in ("m0003", "m0004", "m0006", "m0007"):
        hasten(world, one, member)
    shorten(world, one, "m0007")
    world.at += HOUR
    world.speak(issue, "m0008", "I am against it.", "against")
    plainly_counted(world, issue)
    when_it_came(world, one)
    world.at += 2 * HOUR
    world.apply()


# --- Quiet days and the voting day ---

AUGUST = {"effect": "set_quiet_days", "year": 2027, "quiet": "2027-08-01..2027-08-07 2027-12-24"}
FIFTEENTH = {"effect": "set_voting_day", "day": 15}


@story
def quiet_days_and_a_voting_day(world: Town) -> None:
    """The members vote quiet days and a voting day; a year later an issue is talked over in them."""
    begin(world, 9)
    world.at = on(30)
    issue = asked(world, AUGUST)
    draft = counted(world, issue, open_vote(world, issue), yes=6, no=1)
    days = [*(f"2027-08-0{day}" for day in range(1, 8)), "2027-12-24"]
    world.record(timing.QuietDaysSet(1, 2027, tuple(days), issue, draft))
    world.add("quiet_days", number=1, year=2027, days=days, issue=issue, draft=draft, since=spell(world.at))
    world.quiet |= set(days)
    world.at += DAY
    issue = asked(world, FIFTEENTH)
    draft = counted(world, issue, open_vote(world, issue), yes=6, no=0)
    world.record(timing.VotingDaySet(1, 15, issue, draft))
    world.add("voting_days", number=1, day=15, issue=issue, draft=draft, since=spell(world.at))
    world.voting_day = 15
    world.at = datetime(2027, 7, 28, 9, tzinfo=UTC)
    plainly_counted(world, talked(world))
