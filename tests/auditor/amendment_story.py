# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest story of amendments: accepted, combined, overtaken, carried to the vote, in force.

The texts are written out here by hand, so that nobody's rule makes them.
"""

from __future__ import annotations

from dataclasses import replace

from kollontai.openrecord.kinds import amendments, issues

from .stories import begin, story
from .story import HOUR, on
from .town import Town
from .world import spell

LEADER = "m0002"


def move(
    world: Town, by: str, draft: str, first: int, last: int, text: str | None, *, version: int = 1,
    parent: str | None = None, leads: bool = False, reasons: str = "",
) -> str:  # fmt: skip
    one = world.new("a")
    issue = world.row("drafts", draft=draft)["issue"]
    number = 1 + sum(row["issue"] == issue for row in world.rows["amendments"])
    operation = "delete" if text is None else "insert" if last < first else "replace"
    fact = amendments.AmendmentMoved(one, issue, draft, number, operation, version, first, last, parent)
    words = ({} if text is None else {"text": text}) | ({"reasons": reasons} if reasons else {})
    made = world.record(fact, by, **words)
    world.add(
        "amendments", amendment=one, issue=issue, draft=draft, parent=parent or "", number=number, mover=by,
        operation=operation, version=version, first=first, last=last, newest=1, moved_at=spell(world.at),
        withdrawn_at=None, accepted_at=None, accepted_as=0,
    )  # fmt: skip
    if not leads:
        world.add("amendment_supporters", amendment=one, member=by, at=spell(world.at))
    for name, commitment in made.items():
        world.point(f"amendment.{name}", f"{one}/1" if name == "text" else one, commitment)
    return one


def stand_behind(world: Town, one: str, *members: str) -> None:
    for member in members:
        fact = amendments.AmendmentSupported(one, world.row("amendments", amendment=one)["issue"])
        world.record(fact, member)
        world.add("amendment_supporters", amendment=one, member=member, at=spell(world.at))


def take_back(world: Town, one: str, by: str) -> None:
    row = world.row("amendments", amendment=one)
    world.record(amendments.AmendmentWithdrawn(one, row["issue"]), by)
    row["withdrawn_at"] = spell(world.at)


def accept(world: Town, one: str, by: str, text: str) -> None:
    """Take it in; `text` is what the draft, or its parent, says then."""
    row = world.row("amendments", amendment=one)
    parent = row["parent"] and world.row("amendments", amendment=row["parent"])
    version = (parent["newest"] if parent else world.row("drafts", draft=row["draft"])["version"]) + 1
    world.record(amendments.AmendmentAccepted(one, row["issue"], version), by)
    row.update(accepted_at=spell(world.at), accepted_as=version)
    if parent:
        parent["newest"] = version
        fact = amendments.AmendmentRevised(row["parent"], row["issue"], version)
        made = world.record(fact, by, text=text)
        world.point("amendment.text", f"{row['parent']}/{version}", made["text"])
    else:
        world.redraft(row["draft"], by, text)


def combine(world: Town, by: str, *parts: str, agreed: tuple[str, ...]) -> str:
    one = world.new("g")
    row = world.row("amendments", amendment=parts[0])
    world.record(amendments.CombinationProposed(one, row["issue"], row["draft"], parts), by)
    world.add(
        "combinations", combination=one, issue=row["issue"], draft=row["draft"], amendments=list(parts),
        proposed_by=by, proposed_at=spell(world.at), combined_at=None,
    )  # fmt: skip
    for member in agreed:
        world.record(amendments.CombinationAgreed(one, row["issue"]), member)
        world.add("combination_yes", combination=one, member=member, at=spell(world.at))
    world.record(amendments.AmendmentsCombined(one, row["issue"]), agreed[-1] if agreed else by)
    world.row("combinations", combination=one)["combined_at"] = spell(world.at)
    return one


def open_vote(world: Town, issue: str, draft: str, *alternatives: tuple[str, tuple[str, ...]]) -> str:
    """Open the vote on a draft and what amendments make of it: text and parts of each."""
    due = world.ends(issue)
    closes = world.turn(issue, "vote")
    written = []
    for text, parts in alternatives:
        name = world.new("l")
        version = world.row("drafts", draft=draft)["version"]
        made = world.record(amendments.AlternativeWritten(name, issue, draft, version, parts, due), text=text)
        world.add(
            "alternatives", alternative=name, issue=issue, draft=draft, version=version,
            amendments=list(parts), at=spell(world.at),
        )  # fmt: skip
        world.point("alternative.text", name, made["text"])
        written.append(name)
    row = world.row("issues", issue=issue)
    roll = [
        one["member"]
        for one in world.rows["members"]
        if one["standing"] == "member" and one["joined_at"] < row["raised_at"]
    ]
    poll = world.open_poll(
        "issue", issue, "root", roll, closes, due, options=(draft, *written, "status-quo"), quo="status-quo", quorum=world.limits["D9.ordinary"],
    )  # fmt: skip
    row["poll"] = poll
    return poll


def decide(world: Town, issue: str, poll: str, draft: str, alternative: str) -> None:
    """Decide, with the alternative in force."""
    world.decide(issue, poll, draft)
    text = world.shown("alternative.text", alternative)
    decided, in_force = world.chain[-2:]
    world.chain[-2] = replace(decided, fact=replace(decided.fact, alternative=alternative))
    world.chain[-1] = replace(
        in_force, fact=replace(in_force.fact, alternative=alternative, text_commitment=text)
    )
    world.rows["resolutions"][-1].update(alternative=alternative, text_commitment=text)
    assert isinstance(in_force.fact, issues.ResolutionInForce)


@story
def amendments_of_every_kind(world: Town) -> None:
    """A draft of five lines: what members make of it, and what they vote."""
    begin(world, 9, ("desk", {"leading": True, "days": 365}))
    world.soon(on(2), "stand", "e0001", LEADER)
    world.soon(on(18), "vote_in", "e0001", *[(LEADER,)] * 5)
    world.at = on(24)
    issue = world.raise_issue("m0001", needed=2, draft="One.\nTwo.\nThree.\nFour.\nFive.")
    world.at += HOUR
    world.support(issue, "m0003")
    world.at += HOUR
    more = move(world, "m0003", "d0001", 2, 2, "Two at least.", reasons="One is never enough.")  # a0001
    stand_behind(world, more, "m0004")
    half = move(world, "m0005", "d0001", 4, 4, "Four and a half.")  # a0002
    stand_behind(world, half, "m0006")
    world.at += HOUR
    accept(  # a0003
        world, move(world, "m0004", "d0001", 6, 5, "Six."), "m0001",
        "One.\nTwo.\nThree.\nFour.\nFive.\nSix.",
    )  # fmt: skip
    child = move(world, "m0006", "d0001", 2, 1, "And three.", parent=more)  # a0004
    accept(world, child, "m0003", "Two at least.\nAnd three.")
    gone = move(world, "m0007", "d0001", 5, 5, None)  # a0005
    take_back(world, gone, "m0007")
    nought = move(world, "m0008", "d0001", 1, 1, "Nought.", version=2)  # a0006
    stand_behind(world, nought, "m0009")
    world.at += HOUR
    combine(world, "m0005", half, nought, agreed=("m0008",))
    third = move(world, "m0009", "d0001", 1, 1, "Four and a third.", parent=half)  # a0007
    stand_behind(world, third, "m0003")
    world.turn(issue, "answer")
    world.at += HOUR
    perhaps = move(world, LEADER, "d0001", 3, 3, "Three, perhaps.", version=2, leads=True)  # a0008
    stand_behind(world, perhaps, "m0003")
    world.turn(issue, "reply")
    world.at += HOUR
    world.redraft("d0001", "m0001", "One.\nTwo.\nThree in June.\nFour.\nFive.\nSix.")
    poll = open_vote(
        world, issue, "d0001",
        ("One.\nTwo at least.\nAnd three.\nThree in June.\nFour.\nFive.\nSix.", (more,)),
        ("Nought.\nTwo.\nThree in June.\nFour and a half.\nFive.\nSix.", (nought, half)),
        ("One.\nTwo.\nThree in June.\nFour and a third.\nFive.\nSix.", (third,)),
    )  # fmt: skip
    world.at += HOUR
    for voter in ("m0001", "m0003", "m0004", "m0005", "m0006"):
        world.vote(poll, voter, [["l0001"], ["d0001"], ["l0002"], ["l0003"], ["status-quo"]])
    for voter in (LEADER, "m0007"):
        world.vote(poll, voter, [["status-quo"]])
    due = world.ends(issue)
    world.at = due + HOUR / 60
    figures = {f"{one}.{side}": n for one in ("d0001", "l0001", "l0002", "l0003") for side, n in
               (("yes", 5), ("no", 2))}  # fmt: skip
    world.count(poll, due, "l0001", figures)
    decide(world, issue, poll, "d0001", "l0001")


def reword(world: Town, position: int, field: str, text: str) -> int:
    """Let an entry commit to other words, and the row that shows them too."""
    entry = world.chain[position]
    before = entry.commitments[field].hex()
    made = world.commit(entry.fact.kind_name, field, entry.actor, entry.fact.audience, text)
    world.chain[position] = replace(entry, commitments={**entry.commitments, field: made})
    del world.contents[before]
    world.pointers = [
        [label, name, made.hex() if commitment == before else commitment]
        for label, name, commitment in world.pointers
    ]
    return position
