# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads of another program, to be read: their shape, their limits, and the rules of bringing them along.

Plain Python. Articles 13 (nobody starts anew without their own past) and 7 (what it may hold). A name in
a thread is a plain text; nothing here knows members.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from kollontai.chapters.record.refusal import Refusal

ARTICLE = 13
SOURCES = ("loomio", "mbox")
MOST_AT_ONCE = 200
MOST_A_DAY = 500
THREAD_BYTES = 500_000
MOST_COMMENTS = 2_000
MOST_VOTES = 100
MOST_OPTIONS = 100
LONGEST_NAME = 200
LONGEST_TITLE = 300
LEFT_OUT = "[left out]"


@dataclass(frozen=True)
class Remark:
    """Something said in a thread. `answers`: the number of the remark above it, from 1; 0 for none.

    `at`: a moment as the file spells it, in UTC; empty where it names none.
    """

    who: str
    at: str
    text: str
    answers: int = 0


@dataclass(frozen=True)
class Choice:
    """An option of a vote, with the figures of the file; None where it has none."""

    name: str
    votes: int | None = None
    score: int | None = None


@dataclass(frozen=True)
class Vote:
    """A vote held in a thread, with its options and what was said of its outcome."""

    title: str
    text: str
    who: str
    form: str
    closed_at: str
    voters: int | None = None
    options: Sequence[Choice] = ()
    outcomes: Sequence[Remark] = ()


@dataclass(frozen=True)
class Thread:
    """A thread as it was elsewhere."""

    title: str
    text: str
    who: str
    at: str
    remarks: Sequence[Remark] = ()
    votes: Sequence[Vote] = ()


def write(thread: Thread) -> str:
    """A thread as the one text that is committed to: JSON, keys sorted, UTF-8 not escaped."""
    return json.dumps({"v": 1, **asdict(thread)}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> Thread:
    """The thread of such a text, which `write` has written."""
    found = json.loads(text)
    return Thread(
        title=found["title"],
        text=found["text"],
        who=found["who"],
        at=found["at"],
        remarks=tuple(Remark(**one) for one in found["remarks"]),
        votes=tuple(
            Vote(
                **{key: value for key, value in one.items() if key not in ("options", "outcomes")},
                options=tuple(Choice(**option) for option in one["options"]),
                outcomes=tuple(Remark(**outcome) for outcome in one["outcomes"]),
            )
            for one in found["votes"]
        ),
    )


def without(thread: Thread, names: Sequence[str]) -> Thread:
    """A thread without what these people said, and without their names, however they are spelt."""
    gone = {fold(name) for name in names if name.strip()}
    if not gone:
        return thread

    def left(one: Remark) -> Remark:
        return replace(one, who=LEFT_OUT, text=LEFT_OUT) if fold(one.who) in gone else one

    def vote(one: Vote) -> Vote:
        ours = fold(one.who) in gone
        return replace(
            one,
            who=LEFT_OUT if ours else one.who,
            text=LEFT_OUT if ours else one.text,
            outcomes=tuple(left(outcome) for outcome in one.outcomes),
        )

    ours = fold(thread.who) in gone
    return replace(
        thread,
        who=LEFT_OUT if ours else thread.who,
        text=LEFT_OUT if ours else thread.text,
        remarks=tuple(left(one) for one in thread.remarks),
        votes=tuple(vote(one) for one in thread.votes),
    )


def fold(name: str) -> str:
    """A name, or a text, as it is compared: without case, accents and doubled spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


# --- The rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bringing:
    """What is known when somebody brings threads along."""

    is_member: bool
    founded: bool
    leads_somewhere: bool  # on an issue that is on its way
    given: int
    last_day: int


def may_bring(facts: Bringing) -> Refusal | None:
    """Any member who leads on no open issue, as many as anybody."""
    if not facts.founded:
        return Refusal("not-founded-yet", 1)
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if facts.leads_somewhere:
        return Refusal("leaders-bring-nothing", 2)
    if not facts.given:
        return Refusal("no-threads", ARTICLE)
    if facts.given > MOST_AT_ONCE:
        return Refusal("too-many-threads", ARTICLE, facts={"most": MOST_AT_ONCE})
    if facts.last_day + facts.given > MOST_A_DAY:
        return Refusal("too-many-threads-today", ARTICLE, facts={"most": MOST_A_DAY})
    return None


def usable(source: str, thread: Thread) -> Refusal | None:
    """A thread has a title, a source that is known, signs that can be read, and a size that can."""
    if source not in SOURCES:
        return Refusal("source-unknown", ARTICLE)
    if not thread.title.strip():
        return Refusal("title-empty", ARTICLE)
    said = write(thread)
    if len(said.encode("utf-8", "surrogatepass")) > THREAD_BYTES:
        return Refusal("thread-too-long", ARTICLE, facts={"most": THREAD_BYTES})
    if len(thread.remarks) > MOST_COMMENTS or len(thread.votes) > MOST_VOTES:
        return Refusal("thread-too-long", ARTICLE, facts={"most": THREAD_BYTES})
    if any(one.answers < 0 or one.answers >= number for number, one in enumerate(thread.remarks, 1)):
        return Refusal("answers-nothing-here", ARTICLE)
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in _every_text(thread)):
        return Refusal("text-unreadable", ARTICLE)
    return None


def _every_text(thread: Thread) -> str:
    parts = [thread.title, thread.text, thread.who, thread.at]
    for one in thread.remarks:
        parts += [one.who, one.at, one.text]
    for vote in thread.votes:
        parts += [vote.title, vote.text, vote.who, vote.form, vote.closed_at]
        parts += [option.name for option in vote.options]
        for one in vote.outcomes:
            parts += [one.who, one.at, one.text]
    return "".join(parts).translate({10: None, 9: None})


@dataclass(frozen=True)
class Erasing:
    """What is known when somebody takes a thread away again."""

    own: bool
    erased: bool


def may_erase(facts: Erasing) -> Refusal | None:
    """Whoever brought it along, at any time."""
    if not facts.own:
        return Refusal("not-brought-by-you", 7)
    if facts.erased:
        return Refusal("erased-already", 7)
    return None
