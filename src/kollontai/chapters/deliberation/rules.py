# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of deliberation (article 2, and of 7 what concerns one's own words).

Any member raises an issue in their unit. When enough members who are no leaders on it stand behind it, the
members talk; leaders on it are silent, but for answers of fact, one sealed statement ahead, and letters from
outside. Then the leaders answer. Then the members reply, never shorter than the leaders had. Then all vote.
Stages follow each other by the clock alone; what the vote carries is in force by itself.

Drafts are put, supported and revised until the middle of the reply; afterwards a mover may only withdraw.
Nobody alters another's words. One's own may be put anew as a visible version where one may speak, and erased
at any time, except what stands on a ballot or is in force, and what a leader said as a leader.

Judging is by time as well as by stage: when the end of a stage has passed, that stage is over, whether or
not the clock has turned it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kollontai.chapters.charter import texts
from kollontai.chapters.deliberation.stages import (
    CLOSE_IN_REPLY,
    ENDED,
    FIXED_WHEN_SHORTENED,
    MAY,
    Doing,
    Role,
    Stage,
    opens_in,
)
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 2
OWN_WORDS = texts.OWN_WORDS
tidy = texts.tidy
usable_text = texts.usable_text
usable_title = texts.usable_title

LEADERS_TEXT = 2_000
LETTER_WITHIN = timedelta(hours=24)
MOST_ON_BALLOT = 12
DRAFTS_EACH = 3  # of one mover on one issue: nobody fills the table before others come
MOST_DRAFTS = 26 * 27  # letters A to ZZ
CONTRIBUTIONS_AN_HOUR = 30
ISSUES_A_DAY = 5
LETTERS_A_DAY = 10
STANCES = ("for", "against", "other", "question")


# --- Raising and supporting --------------------------------------------------------------------------


@dataclass(frozen=True)
class Raising:
    """What is known when somebody raises an issue."""

    is_member: bool
    founded: bool
    concerned: bool  # belongs to the unit
    leads: bool
    is_root: bool
    weight: str
    raised_today: int
    text_length: int  # of the reasons and the first draft together
    long_times: bool = False  # its effects need the times of a big decision
    body: Body | None = None  # in whose name it is raised


@dataclass(frozen=True)
class Body:
    """A post in whose name somebody would raise an issue."""

    exists: bool
    seats: int = 0
    of_unit: bool = False  # of the issue's unit, or of one above
    held: bool = False  # by who raises it, now


def may_speak_for(body: Body) -> Refusal | None:
    """Whoever holds a post in a body of the unit, or of one above, raises something in its name."""
    if not body.exists or body.seats < 2:
        return Refusal("no-such-body", ARTICLE)
    if not body.held:
        return Refusal("not-of-this-body", ARTICLE)
    if not body.of_unit:
        return Refusal("body-of-another-unit", ARTICLE)
    return None


def may_raise(facts: Raising) -> Refusal | None:
    """Any member raises an issue in their unit; a leader briefly, and with members to stand behind it."""
    if not facts.founded:
        return Refusal("not-founded-yet", 1)
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.concerned:
        return Refusal("another-unit", ARTICLE)
    own = ("big", "ordinary") if facts.is_root else ("unit", "big") if facts.long_times else ("unit",)
    if facts.weight not in own:
        return Refusal("big-is-for-all", ARTICLE)
    refusal = may_speak_for(facts.body) if facts.body is not None else None
    if refusal is not None:
        return refusal
    if facts.body is not None and facts.text_length > LEADERS_TEXT:
        return Refusal("body-raises-briefly", ARTICLE, facts={"most": LEADERS_TEXT})
    if facts.leads and facts.text_length > LEADERS_TEXT:
        return Refusal("leader-raises-briefly", ARTICLE, facts={"most": LEADERS_TEXT})
    if facts.raised_today >= ISSUES_A_DAY:
        return Refusal("too-many-issues", OWN_WORDS, facts={"most": ISSUES_A_DAY})
    return None


def supporters_needed(members: int, limits: Mapping[str, int]) -> int:
    """How many stand behind an item before it is talked over; counts round up."""
    share = -(-members * limits["S1.share"] // 10_000)
    least = limits["S1.least_small"] if members < limits["S1.small_below"] else limits["S1.least"]
    return max(min(limits["S1.most"], share), least, _root_share(members, limits["S1.root_divisor"]))


def _root_share(members: int, divisor: int) -> int:
    """The square root of the members divided by this, rounded up, without any fraction."""
    needed = 0
    while (needed * divisor) ** 2 < members:
        needed += 1
    return needed


# --- Doing something on an issue ---------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where an issue stands, and as what somebody meets it."""

    is_member: bool
    concerned: bool
    leads: bool
    stage: Stage
    ends_at: datetime | None
    drafts_close_at: datetime | None
    shortened: bool = False

    @property
    def role(self) -> Role:
        """Member, or leader on this issue."""
        return Role.LEADER if self.leads else Role.MEMBER


def may(doing: Doing, place: Place, *, at: datetime) -> Refusal | None:
    """Everything on an issue goes through here: the table of stages, by time."""
    if not place.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not place.concerned:
        return Refusal("another-unit", ARTICLE)
    if place.stage in ENDED:
        return Refusal("issue-over", ARTICLE)
    if place.ends_at is not None and at >= place.ends_at:
        return Refusal("stage-just-over", ARTICLE)
    if doing not in MAY[place.stage][place.role]:
        return _not_now(doing, place)
    if place.shortened and doing in FIXED_WHEN_SHORTENED:
        return Refusal("shortened-already" if doing is Doing.SHORTEN else "shortened-text-is-fixed", ARTICLE)
    late = place.stage is Stage.REPLY and place.drafts_close_at is not None and at >= place.drafts_close_at
    if late and doing in CLOSE_IN_REPLY:
        return Refusal("drafts-closed", ARTICLE, facts={"closed": place.drafts_close_at})
    return None


def _not_now(doing: Doing, place: Place) -> Refusal:
    # The end of gathering is no beginning: an issue then lapses. The talk begins with the last supporter.
    ahead = opens_in(doing, place.role, place.stage)
    until = place.ends_at if ahead is not None and place.stage is not Stage.GATHERING else None
    facts = {"stage": place.stage.value}
    if doing in (Doing.STATE_FACTS, Doing.SEAL) and not place.leads:
        return Refusal("for-leaders-on-it", ARTICLE, facts=facts)
    if doing in (Doing.SUPPORT, Doing.SUPPORT_DRAFT) and place.leads:
        return Refusal("leaders-do-not-support", ARTICLE, facts=facts)
    if place.leads and place.stage in (Stage.GATHERING, Stage.TALK):
        return Refusal("leaders-after-members", ARTICLE, until=until, facts=facts)
    if place.leads and place.stage is Stage.REPLY:
        return Refusal("members-reply-now", ARTICLE, until=until, facts=facts)
    if place.stage is Stage.GATHERING:
        return Refusal("still-gathering", ARTICLE, facts=facts)
    if place.stage is Stage.ANSWER and doing in (Doing.SPEAK, Doing.PUT_DRAFT, Doing.REVISE_DRAFT):
        return Refusal("leaders-answer-now", ARTICLE, until=until, facts=facts)
    if place.stage is Stage.VOTE:
        return Refusal("vote-is-on", ARTICLE, facts=facts)
    return Refusal("not-in-this-stage", ARTICLE, until=until, facts=facts)


@dataclass(frozen=True)
class Supporting:
    """What is known when somebody stands behind an issue, or steps back."""

    place: Place
    supports: bool


def may_support(facts: Supporting, *, at: datetime) -> Refusal | None:
    """A member who is no leader on it stands behind an issue, once."""
    refusal = may(Doing.SUPPORT, facts.place, at=at)
    if refusal is None and facts.supports:
        return Refusal("already-supports", ARTICLE)
    return refusal


def may_withdraw_support(facts: Supporting, *, at: datetime) -> Refusal | None:
    """A supporter may step back while the issue still gathers."""
    place = facts.place
    if place.is_member and place.leads and facts.supports and place.stage is Stage.GATHERING:
        return None  # who became a leader meanwhile may still step back
    refusal = may(Doing.SUPPORT, place, at=at)
    if refusal is None and not facts.supports:
        return Refusal("supports-not", ARTICLE)
    return refusal


# --- Speaking ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Speaking:
    """What is known when somebody speaks."""

    place: Place
    stance: str
    answers_here: bool  # what it answers stands on this issue, or it answers nothing
    last_hour: int
    lines_here: bool = True  # the lines it speaks of are in that version of a draft here, or it names none


def may_speak(facts: Speaking, *, at: datetime) -> Refusal | None:
    """Each in their stage; as often as anybody."""
    if facts.stance not in STANCES:
        return Refusal("stance-unknown", ARTICLE)
    refusal = may(Doing.ASK if facts.stance == "question" else Doing.SPEAK, facts.place, at=at)
    if refusal is not None:
        return refusal
    if not facts.answers_here:
        return Refusal("answers-nothing-here", ARTICLE)
    if not facts.lines_here:
        return Refusal("lines-not-there", ARTICLE)
    if facts.last_hour >= CONTRIBUTIONS_AN_HOUR:
        return Refusal("too-many-contributions", OWN_WORDS, facts={"most": CONTRIBUTIONS_AN_HOUR})
    return None


@dataclass(frozen=True)
class Revising:
    """What is known when somebody puts own words anew."""

    place: Place
    own: bool
    erased: bool
    form: str
    stance: str
    as_leader: bool  # whether the words stand there as those of a leader
    version: int
    disowned: bool = False  # a writer put them down, and they were said not to be one's own
    said_now: bool = True  # in the stage in which the issue stands


MOST_VERSIONS = 50


def may_revise(facts: Revising, *, at: datetime) -> Refusal | None:
    """One's own words, as a visible new version, in the stages in which one may say such words."""
    if not facts.own:
        return Refusal("not-your-words", OWN_WORDS)
    if facts.erased:
        return Refusal("erased-already", OWN_WORDS)
    if facts.disowned:
        return Refusal("said-not-to-be-yours", OWN_WORDS)
    if facts.version >= MOST_VERSIONS:
        return Refusal("too-many-versions", OWN_WORDS, facts={"most": MOST_VERSIONS})
    if facts.form != "voice":
        return may(Doing.STATE_FACTS, facts.place, at=at) or _fact_stays(facts)
    refusal = may(Doing.ASK if facts.stance == "question" else Doing.SPEAK, facts.place, at=at)
    if refusal is None and facts.place.leads and not facts.as_leader:
        # What somebody said as a member stays so: no leader writes it anew among the members' words.
        return Refusal("said-as-a-member", ARTICLE)
    return refusal


def _fact_stays(facts: Revising) -> Refusal | None:
    # Members cover only what is stated in the present stage: no older fact becomes an argument in the reply.
    if facts.place.stage is Stage.REPLY and not facts.said_now:
        return Refusal("fact-stays-as-stated", ARTICLE)
    return None


@dataclass(frozen=True)
class Erasing:
    """What is known when somebody erases own words."""

    own: bool
    erased: bool
    as_leader: bool


def may_erase(facts: Erasing) -> Refusal | None:
    """One's own words, at any time; but what a leader said as a leader stays."""
    if not facts.own:
        return Refusal("not-your-words", OWN_WORDS)
    if facts.erased:
        return Refusal("erased-already", OWN_WORDS)
    if facts.as_leader:
        return Refusal("leaders-words-stay", OWN_WORDS)
    return None


@dataclass(frozen=True)
class ErasingText:
    """What is known when somebody erases an own draft or amendment."""

    own: bool
    wordless: bool = False  # an amendment that only deletes, without reasons
    erased: bool = False
    as_leader: bool = False  # some version was put as a leader
    for_body: bool = False
    on_ballot: bool = False  # it, or what was made of it, came to a vote
    accepted: bool = False  # an amendment that is part of a text which has not ended
    stands: bool = False
    built_on: bool = False  # amendments of others to it may still come to the vote


def may_erase_text(facts: ErasingText) -> Refusal | None:
    """One's own draft or amendment, when it is over and never came to a vote; what others rest on waits."""
    refusal = may_erase(Erasing(own=facts.own, erased=facts.erased, as_leader=facts.as_leader))
    if refusal is not None:
        return refusal
    if facts.wordless:
        return Refusal("nothing-to-erase", OWN_WORDS)
    if facts.for_body:
        return Refusal("bodys-words-stay", OWN_WORDS)
    if facts.on_ballot:
        return Refusal("words-on-the-ballot", OWN_WORDS)
    if facts.accepted:
        return Refusal("amendment-accepted", OWN_WORDS)
    if facts.stands:
        return Refusal("take-it-back-first", OWN_WORDS)
    if facts.built_on:
        return Refusal("others-rest-on-it", OWN_WORDS)
    return None


@dataclass(frozen=True)
class StatingFacts:
    """What is known when a leader answers a question of fact or corrects something."""

    place: Place
    form: str  # answer, correction
    to_question: bool
    to_voice: bool
    by_member: bool  # what is answered was said by a member who is no leader on it
    has_source: bool
    has_stated: bool  # this leader has already answered or corrected these very words
    last_hour: int


def may_state_facts(facts: StatingFacts, *, at: datetime) -> Refusal | None:
    """A leader answers a question that a member put, or corrects a date, a sum, a quotation by its source."""
    refusal = may(Doing.STATE_FACTS, facts.place, at=at)
    if refusal is not None:
        return refusal
    if not facts.to_voice:
        return Refusal("answers-nothing-here", ARTICLE)
    if facts.form == "answer" and not facts.to_question:
        return Refusal("only-to-a-question", ARTICLE)
    if not facts.by_member:
        return Refusal("only-to-a-member", ARTICLE)
    if facts.form == "correction" and not facts.has_source:
        return Refusal("source-needed", ARTICLE)
    if facts.has_stated:
        return Refusal("fact-stated-already", ARTICLE)
    if facts.last_hour >= CONTRIBUTIONS_AN_HOUR:
        return Refusal("too-many-contributions", OWN_WORDS, facts={"most": CONTRIBUTIONS_AN_HOUR})
    return None


def usable_fact(text: str) -> Refusal | None:
    """A fact is short: a date, a sum, a quotation, an answer to what was asked."""
    if len(text) > LEADERS_TEXT:
        return Refusal("facts-are-short", ARTICLE, facts={"most": LEADERS_TEXT})
    return usable_text(text)


MEMBERS_TO_COVER = 3


@dataclass(frozen=True)
class Covering:
    """What is known when a member says that a "fact" argues."""

    place: Place
    is_fact: bool  # an answer of fact or a correction, not words of another kind
    said_now: bool  # in the stage in which the issue stands
    erased: bool
    covers: bool


def may_cover_fact(facts: Covering, *, at: datetime) -> Refusal | None:
    """A member who is no leader on it, once, in the stage in which the "fact" was stated."""
    if facts.place.leads and facts.place.is_member:
        return Refusal("leaders-cover-nothing", ARTICLE)
    refusal = may(Doing.COVER_FACT, facts.place, at=at)
    if refusal is not None:
        return refusal
    if not facts.is_fact:
        return Refusal("only-facts-are-covered", ARTICLE)
    if facts.erased:
        return Refusal("erased-already", OWN_WORDS)
    if not facts.said_now:
        return Refusal("fact-of-another-stage", ARTICLE)
    if facts.covers:
        return Refusal("covers-already", ARTICLE)
    return None


def may_seal(place: Place, *, has_sealed: bool, at: datetime) -> Refusal | None:
    """One sealed statement for each leader and issue, before the leaders answer."""
    refusal = may(Doing.SEAL, place, at=at)
    if refusal is None and has_sealed:
        return Refusal("sealed-already", ARTICLE)
    return refusal


def to_the_minute(moment: datetime) -> datetime:
    """A moment that somebody typed, as the record keeps it: whole minutes, in UTC where its zone is known."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole.tzinfo is None else whole.astimezone(UTC)


def may_post_letter(place: Place, *, received_at: datetime, today: int, at: datetime) -> Refusal | None:
    """A document from outside, within a day of coming in, whole and without comment."""
    refusal = may(Doing.POST_LETTER, place, at=at)
    if refusal is not None:
        return refusal
    if received_at.tzinfo is None:
        return Refusal("letter-time-unclear", ARTICLE)
    if received_at > at:
        return Refusal("letter-from-the-future", ARTICLE)
    if at - received_at > LETTER_WITHIN:
        return Refusal("letter-too-old", ARTICLE)
    if today >= LETTERS_A_DAY:
        return Refusal("too-many-letters", OWN_WORDS, facts={"most": LETTERS_A_DAY})
    return None


# --- Drafts ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drafting:
    """What is known when somebody does something with a draft."""

    place: Place
    is_mover: bool = False
    nobodys: bool = False  # the clock put it
    withdrawn: bool = False
    supports: bool = False
    drafts: int = 0
    own_drafts: int = 0
    version: int = 1


def may_put_draft(facts: Drafting, *, at: datetime) -> Refusal | None:
    """A whole draft of one's own, beside the others."""
    refusal = may(Doing.PUT_DRAFT, facts.place, at=at)
    if refusal is None and facts.own_drafts >= DRAFTS_EACH:
        return Refusal("too-many-drafts", OWN_WORDS, facts={"most": DRAFTS_EACH})
    if refusal is None and facts.drafts >= MOST_DRAFTS:
        return Refusal("no-letters-left", ARTICLE, facts={"most": MOST_DRAFTS})
    return refusal


def letter(number: int) -> str:
    """What a draft is called: A to Z, then AA to ZZ."""
    name = chr(ord("A") + number % 26)
    return name if number < 26 else chr(ord("A") + number // 26 - 1) + name


def may_revise_draft(facts: Drafting, *, at: datetime) -> Refusal | None:
    """The mover, in the open, as a new version; each earlier one stays readable."""
    return (
        _of_mover(facts)
        or may(Doing.REVISE_DRAFT, facts.place, at=at)
        or (
            Refusal("too-many-versions", OWN_WORDS, facts={"most": MOST_VERSIONS})
            if facts.version >= MOST_VERSIONS
            else None
        )
    )


def may_withdraw_draft(facts: Drafting, *, at: datetime) -> Refusal | None:
    """The mover, until the vote opens."""
    return _of_mover(facts) or may(Doing.WITHDRAW_DRAFT, facts.place, at=at)


def may_support_draft(facts: Drafting, *, at: datetime) -> Refusal | None:
    """A member who is no leader on it wants this draft on the ballot; once."""
    if facts.withdrawn:
        return Refusal("draft-withdrawn", ARTICLE)
    refusal = may(Doing.SUPPORT_DRAFT, facts.place, at=at)
    if refusal is None and facts.supports:
        return Refusal("already-supports", ARTICLE)
    return refusal


def _of_mover(facts: Drafting) -> Refusal | None:
    if facts.nobodys:
        return Refusal("nobodys-draft", ARTICLE)
    if not facts.is_mover:
        return Refusal("not-your-draft", OWN_WORDS)
    if facts.withdrawn:
        return Refusal("draft-withdrawn", ARTICLE)
    return None


def middle(begins: datetime, ends: datetime) -> datetime:
    """The middle of a stage, in whole minutes."""
    half = begins + (ends - begins) / 2
    return half.replace(second=0, microsecond=0)
