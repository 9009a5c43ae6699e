# SPDX-License-Identifier: AGPL-3.0-or-later
"""Honest stories of big decisions and of the charter."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from kollontai.openrecord.kinds import charter, issues

from .stories import begin, story
from .story import HOUR, on
from .town import Town
from .world import DAY, spell

CHAIR = "m0002"


def with_a_chair(world: Town) -> None:
    """Nine people, one of whom leads."""
    begin(world, 9, ("chair", {"leading": True, "days": 365}))
    world.soon(on(2), "stand", "e0001", CHAIR)
    world.soon(on(18), "vote_in", "e0001", *[(CHAIR,)] * 5)
    world.at = on(30)


def talked(world: Town) -> str:
    """An ordinary issue in the members' talk."""
    issue = world.raise_issue("m0005", needed=2)
    world.at += HOUR
    world.support(issue, "m0006")
    return issue


def call_big(world: Town, issue: str, member: str) -> None:
    """Somebody calls it big."""
    world.at += HOUR
    world.record(charter.IssueCalledBig(issue), member)
    world.add("big_calls", issue=issue, member=member, at=spell(world.at))


def declare(world: Town, draft: str, by: str, *effects: dict[str, Any]) -> None:
    """What the first version of a draft would change."""
    what = tuple(str(one["effect"]) for one in effects)
    made = world.record(issues.EffectsDeclared(draft, 1, what), by, effects=json.dumps(effects))
    world.add("effects", draft=draft, version=1, what=list(what))
    world.point("effects.effects", f"{draft}/1", made["effects"])


def make_big(world: Town, issue: str, why: str, by: str) -> None:
    """It is big from here on, and the talk begins anew."""
    world.record(charter.IssueMadeBig(issue, why, world.limits), by)
    row = world.row("issues", issue=issue)
    row.update(weight="big", made_big_at=spell(world.at), made_big_why=why)
    world.rows["stages"].remove(world.row("stages", issue=issue, stage="talk"))
    world.stage(issue, "talk", by=by)


def brought_to_an_end(world: Town, issue: str, drafts: list[str]) -> None:
    """From the talk to the count, which carries."""
    for stage in ("answer", "reply"):
        world.turn(issue, stage)
    poll = world.open_vote(issue, drafts)
    world.at += DAY
    for member in ("m0001", "m0003", "m0004", "m0005", "m0006"):
        world.vote(poll, member, "yes")
    due = world.ends(issue)
    world.at = due
    world.count(poll, due, "yes", {"yes": 5, "no": 0, "abstain": 0})
    world.decide(issue, poll, drafts[0])


@story
def called_big(world: Town) -> None:
    """Two members call an ordinary issue big; it is talked over anew."""
    with_a_chair(world)
    issue = talked(world)
    world.at += DAY
    call_big(world, issue, "m0007")
    world.at += DAY
    call_big(world, issue, "m0008")
    make_big(world, issue, "members", "m0008")
    brought_to_an_end(world, issue, ["d0001"])


@story
def raised_by_an_effect(world: Town) -> None:
    """A draft declares a new leading post on the last day of the talk; the talk begins anew."""
    with_a_chair(world)
    issue = talked(world)
    world.at += 8 * DAY
    draft = world.put(issue, "m0007", "We want a second chair.")
    effect = {
        "effect": "create_post", "title": "Second chair", "leading": True, "seats": 1, "term_days": 365,
        "pay": 0, "duty": "", "box": "separated",
    }  # fmt: skip
    declare(world, draft, "m0007", effect)
    make_big(world, issue, "effect", "m0007")
    world.at += DAY
    scribe = world.put(issue, "m0003", "We want a scribe.")
    declare(world, scribe, "m0003", SCRIBE)
    world.turn(issue, "answer")


SCRIBE = {
    "effect": "create_post", "title": "Scribe", "leading": False, "seats": 1, "term_days": 365, "pay": 0,
    "duty": "specialist", "box": "separated",
}  # fmt: skip


# --- The charter ---

LONGER = {"effect": "set_limit", "key": "D1.ordinary", "value": 14}


def asked(world: Town, *effects: dict[str, Any], weight: str = "big", earlier: str = "") -> str:
    """An issue that was raised to change the charter, in the members' talk."""
    issue = world.raise_issue("m0005", weight=weight, needed=2)
    draft = world.rows["drafts"][-1]["draft"]
    declare(world, draft, "m0005", *effects)
    if earlier:
        world.asks_again(draft, "m0005", earlier, needed=1)
    world.at += HOUR
    world.support(issue, "m0006")
    return issue


def open_vote(world: Town, issue: str) -> str:
    """Open the vote on it, by the charter's own majority."""
    for stage in ("answer", "reply"):
        world.turn(issue, stage)
    draft = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == issue)
    poll = world.open_vote(issue, [draft])
    quorum = world.row("issues", issue=issue)["limits"]["D9.charter"]
    world.change(world.find("poll.opened", poll=poll), quorum_bp=quorum, majority=(2, 3), more_than=False)
    world.row("polls", poll=poll).update(quorum_bp=quorum, majority=[2, 3], more_than=False)
    return poll


def counted(world: Town, issue: str, poll: str, *, yes: int, no: int, carried: bool = True) -> str:
    """So many vote, and the clock counts; the draft that carried."""
    world.at += DAY
    voters = [row["member"] for row in world.rows["members"] if row["standing"] == "member"]
    for number, member in enumerate(voters[: yes + no]):
        world.vote(poll, member, "yes" if number < yes else "no")
    due = world.ends(issue)
    world.at = due
    world.count(poll, due, "yes" if carried else "no", {"yes": yes, "no": no, "abstain": 0})
    draft: str = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == issue)
    world.decide(issue, poll, draft if carried else None)
    return draft


def change(world: Town, issue: str, draft: str, what: str, text: str = "", **said: Any) -> None:
    """The charter is otherwise from here on."""
    version = len(world.rows["charters"]) + 1
    fact = charter.CharterChanged(version, what, issue, draft, **said)
    made = world.record(fact, **({"text": text} if text else {}))
    was = None
    if "key" in said:
        was = world.limits[said["key"]]
        world.limits = {**world.limits, said["key"]: said["value"]}
    if "joining" in said:
        world.organisation["joining"] = said["joining"]
    world.add(
        "charters", version=version, what=what, key=said.get("key", ""), value=said.get("value"),
        of=said.get("of"), was=was, was_of=None, joining=said.get("joining", ""), issue=issue, draft=draft,
        since=spell(world.at),
    )  # fmt: skip
    if text:
        world.point("charter.text", str(version), made["text"])
    else:
        world.pointers.append(["charter.text", str(version), world.shown("charter.text", str(version - 1))])


@story
def charter_changed(world: Town) -> None:
    """The members move a limit, change how one joins, and give the charter other words."""
    with_a_chair(world)
    issue = asked(world, LONGER)
    draft = counted(world, issue, open_vote(world, issue), yes=6, no=2)
    change(world, issue, draft, "set_limit", key="D1.ordinary", value=14)
    world.at += DAY
    issue = asked(world, {"effect": "set_charter_text", "text": "We share what we have."})
    draft = counted(world, issue, open_vote(world, issue), yes=6, no=0)
    change(world, issue, draft, "set_charter_text", "We share what we have.")
    world.at += DAY
    issue = asked(world, {"effect": "set_joining", "joining": "vouched"})
    draft = counted(world, issue, open_vote(world, issue), yes=5, no=2)
    change(world, issue, draft, "set_joining", joining="vouched")
    world.at += DAY
    talked(world)


# --- Units and dues ---

KILN = {"effect": "create_unit", "unit_name": "Kiln Lane"}
DUES = {"effect": "set_dues", "dues": 600}


def plainly_counted(world: Town, issue: str) -> str:
    """Bring an issue from the talk to a count that carries; its draft."""
    for stage in ("answer", "reply"):
        world.turn(issue, stage)
    draft: str = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == issue)
    poll = world.open_vote(issue, [draft])
    return counted(world, issue, poll, yes=6, no=1)


@story
def units_and_dues(world: Town) -> None:
    """The members make a unit, and set dues; then they raise them a little."""
    with_a_chair(world)
    issue = asked(world, KILN, weight="ordinary")
    draft = plainly_counted(world, issue)
    made = world.record(charter.UnitDecided("kiln", "root", "created", issue, draft), name="Kiln Lane")
    world.add("units", unit="kiln", parent="root", merged_into=None, merged_at=None)
    world.point("unit.name", "kiln", made["name"])
    before = ""
    for number, (amount, weight) in enumerate(((600, "big"), (630, "ordinary")), 1):
        world.at += DAY
        before = issue = asked(world, {**DUES, "dues": amount}, weight=weight, earlier=before)
        draft = plainly_counted(world, issue)
        world.record(charter.DuesSet(number, amount, issue, draft))
        world.add("dues", number=number, amount=amount, issue=issue, draft=draft, since=spell(world.at))
    world.at += DAY
    talked(world)


# --- Law notes ---

LAW = {
    "effect": "law_note", "article": 1, "touches": "term", "country": "Utopia", "statute": "Co-operatives Act",
    "section": "24", "adviser": "The auditing union", "text": "Five years at most.", "change": "Five years.",
}  # fmt: skip


def law_note_carried(world: Town, law: dict[str, Any]) -> datetime:
    """The members vote a law note; until when it stands."""
    issue = asked(world, law)
    draft = counted(world, issue, open_vote(world, issue), yes=6, no=0)
    until = world.at + 730 * DAY
    words = {name: law[name] for name in ("country", "statute", "section", "adviser", "text", "change")}
    fact = charter.LawNoteVoted("n0001", 1, str(law["touches"]), until, issue, draft)
    made = world.record(fact, words=json.dumps(words))
    world.add(
        "law_notes", note="n0001", article=1, touches=law["touches"], issue=issue, draft=draft,
        since=spell(world.at), until=spell(until), lapsed_at=None,
    )  # fmt: skip
    world.point("law_note.words", "n0001", made["words"])
    return until


@story
def law_note(world: Town) -> None:
    """The members vote a law note; it is over on its day. There are no posts, so nothing else happens."""
    begin(world, 9)
    world.at = on(30)
    world.at = until = law_note_carried(world, LAW)
    world.record(charter.LawNoteLapsed("n0001", until))
    world.row("law_notes", note="n0001")["lapsed_at"] = spell(world.at)
    world.at += DAY
    talked(world)
