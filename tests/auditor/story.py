# SPDX-License-Identifier: AGPL-3.0-or-later
"""The honest story: a harbour branch from its founding to its first resolutions."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from functools import cache

from kollontai.openrecord.kinds import members, talk

from .town import Town
from .world import DAY, MINUTE, START, World, evening

HOUR = timedelta(hours=1)
CHAIR, TREASURER, SCRUTINEER = "m0002", "m0003", "m0004"


def kept(world: Town) -> bytes:
    """A history to begin from again and again, its entries spelt out."""
    world.data()
    return pickle.dumps(world)


def town(told: bytes) -> Town:
    """A fresh copy of a history that was kept."""
    world = pickle.loads(told)
    assert isinstance(world, Town)
    return world


@cache
def _told() -> bytes:
    world = Town()
    found(world)
    foretell(world)
    join(world)
    ranked(world)
    yes_no(world)
    lapsing(world)
    parting(world)
    return kept(world)


def honest() -> Town:
    """A whole history in which nobody did anything wrong; a fresh copy each time."""
    return town(_told())


def found(world: Town) -> None:
    listed = world.open()
    opener = listed[0]
    world.post("chair", "root", opener, leading=True)
    world.post("purse", "root", opener, leading=True)
    world.post("counter", "root", opener, leading=False, duty="scrutineer")
    world.post("steward", "north", opener, leading=False, seats=2)
    world.enter("chair", CHAIR, opener, START + 400 * DAY)
    world.enter("purse", TREASURER, opener, START + 60 * DAY)
    world.enter("counter", SCRUTINEER, opener, START + 400 * DAY)
    for number, member in enumerate(listed):
        world.at += 10 * MINUTE
        if number == 10:
            world.at += DAY  # two sign after the founding
        world.sign(member)
        if world.organisation["founded_at"] and not world.rows["polls"]:
            confirmations(world)
    close_confirmations(world)


def confirmations(world: World) -> None:
    founded = world.at
    world.at += 3 * MINUTE
    roll = world.accepted("root")
    for post in ("chair", "counter", "purse"):
        world.open_poll("confirmation", post, "root", roll, evening(founded, 5), founded)


def close_confirmations(world: Town) -> None:
    founded = START + 80 * MINUTE
    roll = [row["member"] for row in world.rows["voters"] if row["poll"] == "p0001"]
    world.at = START + 2 * DAY
    for voter in roll[:6]:
        world.at += MINUTE
        world.vote("p0001", voter, "yes")
        world.vote("p0002", voter, "no")
        world.vote("p0003", voter, "abstain" if voter == roll[0] else "yes")
    due = evening(founded, 5)
    world.at = due + MINUTE
    half_year = founded + 183 * DAY
    world.count("p0001", due, "yes", {"yes": 6, "no": 0, "abstain": 0})
    world.confirm("p0001", "chair", CHAIR, carried=True, ends=half_year)
    world.count("p0002", due, "no", {"yes": 0, "no": 6, "abstain": 0})
    world.confirm("p0002", "counter", SCRUTINEER, carried=False, ends=half_year)
    world.count("p0003", due, "yes", {"yes": 5, "no": 0, "abstain": 1})
    world.confirm("p0003", "purse", TREASURER, carried=True, ends=START + 60 * DAY)
    world.founding_elections()


def foretell(world: Town) -> None:
    """What people do about posts while everything else goes on; the clock does the rest.

    e0001 counter and e0002 steward from the founding, e0003 purse after the treasurer.
    """
    scrutineer(world)
    purse(world)
    petitions(world)
    editor(world)


def on(day: float) -> datetime:
    return START + day * DAY


def scrutineer(world: Town) -> None:
    """Two stand for counter; one declines, one withdraws. A member adds to the lot, another keeps silent."""
    world.soon(on(7), "stand", "e0001", SCRUTINEER)
    world.soon(on(7.25), "stand", "e0001", "m0005")
    world.soon(on(7.5), "nominate", "e0001", "m0006", "m0007")
    world.soon(on(7.75), "answer_no", "e0001", "m0006")
    world.soon(on(8.5), "nominate", "e0001", "m0008", "m0007")
    world.soon(on(8.75), "accept", "e0001", "m0008")
    world.soon(on(9), "say_anew", "e0001", "m0005")
    world.soon(on(9.25), "answer_no", "e0001", "m0008")
    world.soon(on(21), "add_to_lot", "e0001", "m0009")
    world.soon(on(21.25), "add_to_lot", "e0001", "m0011")
    world.soon(on(25), "show_lot", "e0001", "m0009")
    both = ("m0005", SCRUTINEER)
    world.soon(
        on(22), "vote_in", "e0001", *[(SCRUTINEER,)] * 4, *[both] * 3, (SCRUTINEER, "ron"), ("ron",), ()
    )


def purse(world: Town) -> None:
    """The treasurer stands again and loses; the new one resigns; the next in line acts until she is elected."""
    for day, member in ((36, TREASURER), (36.5, "m0010"), (37, "m0011")):
        world.soon(on(day), "stand", "e0003", member)
    votes = [("m0010", "m0011")] * 5 + [(TREASURER,)] * 2 + [("m0011", "m0010", TREASURER)] * 2 + [("ron",)]
    world.soon(on(52), "vote_in", "e0003", *votes)
    world.soon(on(75), "resign", "t0004")
    world.soon(on(76), "not_act", "t0004", "m0011")
    world.soon(on(76.5), "act", "t0004", TREASURER)
    world.soon(on(78), "stand", "e0005", "m0011")
    world.soon(on(78.5), "stand", "e0005", "m0013")
    world.soon(on(92), "vote_in", "e0005", *[("m0011", "m0013")] * 6, *[("m0013",)] * 3)


def petitions(world: Town) -> None:
    """A question to all; the chair kept, after a box that was lost; the scrutineer recalled."""
    world.soon(on(61), "petition", "question", "root", None, "a01")
    world.soon(on(62), "sign_petition", "pt0001", "a02")
    world.soon(on(77), "petition", "recall", "root", "t0005", "a05")
    world.soon(on(100), "petition", "recall", "root", "t0001", "a10")
    world.soon(on(100.5), "take_back", "pt0003", "a10")
    world.soon(on(100.75), "sign_petition", "pt0003", "a11")
    world.soon(on(101), "sign_petition", "pt0003", "a12")
    world.soon(on(102), "lose_box", "b0012")
    world.soon(on(110), "vote_recall", "pt0003", "yes", "yes", "no")
    world.soon(on(111), "petition", "recall", "root", "t0003", "a20")
    world.soon(on(112), "sign_petition", "pt0004", "a21")
    world.soon(on(115), "vote_recall", "pt0004", *["yes"] * 6, *["no"] * 3, "abstain")


def editor(world: Town) -> None:
    """Members vote a paid post; somebody is elected to it."""
    effect = {
        "effect": "create_post", "post": "editor", "leading": True, "seats": 1, "term_days": 365,
        "pay": 80_000, "box": "separated", "title": "Editor",
    }  # fmt: skip
    world.soon(on(56), "raise_editor", effect)
    world.soon(on(57), "support", "x0001", "m0006")
    world.soon(on(57.25), "follow", "x0001")
    world.soon(on(97), "vote_for", "x0001", "m0001", "m0005", "m0006", "m0007", "m0008", "m0009")
    world.soon(on(106), "stand", "e0007", "m0014")
    world.soon(on(107), "stand", "e0007", "m0013")
    world.soon(on(120), "vote_in", "e0007", *[("m0013",)] * 4, *[("m0014", "m0013")] * 3, ("ron", "m0014"))


def join(world: World) -> None:
    world.at = START + 8 * DAY
    first = world.apply()
    world.invite(world.new("m"), "m0001", "north", "moving-in")
    world.at += 5 * MINUTE
    world.admit("m0014", "moving-in", "m0014")
    world.invite(world.new("m"), "m0001", "root", "invitation")
    world.invite(world.new("m"), "m0001", "root", "invitation")
    world.at += HOUR
    world.apply(member="m0015")
    world.record(members.InvitationDeclined("m0016"), "m0016")
    world.row("members", member="m0016")["standing"] = "declined"
    world.record(members.ContactChangeAsked("m0001", world.at + 7 * DAY), "m0001")
    asked = world.at
    world.at = START + 15 * DAY + MINUTE
    world.admit(first, "open", "clock", START + 15 * DAY)
    world.at = asked + 7 * DAY + MINUTE
    world.admit("m0015", "open", "clock", asked + 7 * DAY)
    world.record(members.ContactChanged("m0001", asked + 7 * DAY))


def ranked(world: World) -> None:
    """An ordinary issue with two drafts, a question, a letter and a sealed statement."""
    world.at = START + 16 * DAY
    issue = world.raise_issue("m0005", needed=2)
    late = world.apply()  # asks to join after the raising, and so is not on the roll
    wait = world.at + 7 * DAY
    world.at += HOUR
    world.seal(issue, CHAIR, "The committee thinks otherwise.")
    world.at += HOUR
    world.support(issue, "m0006")
    world.at += HOUR
    asked = world.speak(issue, "m0006", "How much is in the purse?", "question")
    world.speak(issue, "m0007", "I am for it, whatever it costs.")
    gone = world.speak(issue, "m0008", "Something I regret.", "against")
    world.revise(gone, "m0008", "Something I regret a little less.")
    world.at += HOUR
    world.answer(issue, TREASURER, asked, "Four thousand.")
    world.answer(issue, CHAIR, asked, "It was in May.", "correction")
    other = world.put(issue, "m0008", "We do it later.")
    world.at += HOUR
    world.back(other, "m0009")
    world.letter(issue, "m0010", world.at - 3 * HOUR)
    world.archive("m0010")
    world.erase(
        "m0008", world.shown("contribution.text", f"{gone}/1"), world.shown("contribution.text", f"{gone}/2")
    )
    world.at = wait + MINUTE
    world.admit(late, "open", "clock", wait)
    world.turn(issue, "answer")
    world.at += HOUR
    world.speak(issue, CHAIR, "We cannot afford it this year.", "against")
    world.speak(issue, "m0006", "And next year?", "question")
    world.turn(issue, "reply")
    world.at += HOUR
    world.speak(issue, "m0007", "We can afford it now.")
    world.redraft("d0001", "m0005", "We do it in June.")
    poll = world.open_vote(issue, ["d0001", "d0002"])
    roll = [row["member"] for row in world.rows["voters"] if row["poll"] == poll]
    world.at += HOUR
    for voter in roll[:7]:
        world.vote(poll, voter, [["d0001"], ["d0002"], ["status-quo"]])
    for voter in roll[7:10]:
        world.vote(poll, voter, [["status-quo"], ["d0002"]])
    due = world.ends(issue)
    world.at = due + MINUTE
    world.count(poll, due, "d0001", {"d0001.yes": 7, "d0001.no": 3, "d0002.yes": 7, "d0002.no": 3})
    world.decide(issue, poll, "d0001")


def yes_no(world: World) -> None:
    """A matter of one unit, one draft; everybody votes, and the poll closes early."""
    world.at += DAY
    issue = world.raise_issue("m0009", "north", "unit", needed=2)
    world.at += HOUR
    world.support(issue, "m0010")
    world.at += HOUR
    for number in range(3):
        world.speak(issue, "m0011", f"A word on it, the {number}th.", "other")
    world.turn(issue, "answer")
    world.turn(issue, "reply", late=3 * HOUR)  # the server was down; nobody loses time
    draft = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == issue)
    poll = world.open_vote(issue, [draft])
    roll = [row["member"] for row in world.rows["voters"] if row["poll"] == poll]
    for voter in roll:
        world.at += MINUTE
        world.vote(poll, voter, "no" if voter == roll[0] else "yes")
    yes = len(roll) - 1
    world.count(poll, world.at, "yes", {"yes": yes, "no": 1, "abstain": 0})
    world.decide(issue, poll, draft)


def lapsing(world: World) -> None:
    """An issue nobody stands behind, and a treasurer whose term is over."""
    world.at = max(world.at, START + 50 * DAY)
    issue = world.raise_issue(CHAIR, needed=2, leader=True)
    raised = world.at
    world.at = START + 60 * DAY + MINUTE
    world.record(talk.ExportStamped(world.here + 1, "0" * 64))
    world.at = raised + 90 * DAY + MINUTE
    world.lapse(issue, "no-supporters", raised + 90 * DAY)


def parting(world: World) -> None:
    """A member leaves and takes their name along; an issue is being talked over."""
    world.at += DAY
    world.leave("m0012")
    world.at += HOUR
    world.erase_name("m0012")
    world.at += HOUR
    issue = world.raise_issue("m0001", weight="big", needed=2)
    world.support(issue, "m0005")
    world.at += HOUR
    world.speak(issue, "m0006", "Let us talk it over.", "other")
    world.seal(issue, CHAIR, "Sealed until we may speak.")
