# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of amendments (article 2).

Who may put a draft may move an amendment, who may support a draft supports one, in the same stages and
until the same middle of the reply. The mover of a draft accepts an amendment where they may revise: then it
stands in the text. What was not accepted goes to the vote when as many members stand behind it as behind an
issue. Movers may combine, each by their own yes.

An amendment is refused when the lines it speaks of have moved on already: whoever moves it reads the text as
it stands. So nobody brings an old text onto the ballot by amending it after the fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.deliberation.rules import ARTICLE, MOST_VERSIONS, OWN_WORDS, Place, may, usable_text
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.record.refusal import Refusal

REPLACE, INSERT, DELETE = "replace", "insert", "delete"
OPERATIONS = (REPLACE, INSERT, DELETE)
AMENDMENTS_EACH = 10  # of one mover on one issue
MOST_AMENDMENTS = 300  # on one issue
COMBINED = (2, 4)  # how many make one alternative, at least and at most
COMBINATIONS_EACH = 10


def usable_lines(text: str) -> Refusal | None:
    """New lines may be blank; what they hold others can read."""
    return usable_text(text) if text.strip(" \t\n") else None


@dataclass(frozen=True)
class Moving:
    """What is known when somebody moves an amendment."""

    place: Place
    operation: str
    version_known: bool
    fits: bool  # there are such lines in that version, and they suit the operation
    carried: bool  # they are still there in the newest version
    changes: bool  # the text is another one afterwards
    own: int
    all: int
    draft_withdrawn: bool = False
    to_amendment: bool = False
    parent_is_child: bool = False
    parent_over: bool = False  # withdrawn or accepted
    parent_deletes: bool = False
    empties_parent: bool = False
    newest: int = 1


def may_move(facts: Moving, *, at: datetime) -> Refusal | None:
    """A change of some lines of a draft, or of an amendment that is none to an amendment itself."""
    refusal = may(Doing.PUT_DRAFT, facts.place, at=at)
    if refusal is not None:
        return refusal
    if facts.draft_withdrawn:
        return Refusal("draft-withdrawn", ARTICLE)
    if facts.own >= AMENDMENTS_EACH:
        return Refusal("too-many-amendments", OWN_WORDS, facts={"most": AMENDMENTS_EACH})
    if facts.all >= MOST_AMENDMENTS:
        return Refusal("no-amendments-left", ARTICLE, facts={"most": MOST_AMENDMENTS})
    if facts.operation not in OPERATIONS:
        return Refusal("operation-unknown", ARTICLE)
    if facts.to_amendment:
        refusal = _of_parent(facts)
        if refusal is not None:
            return refusal
    if not facts.version_known:
        return Refusal("version-unknown", ARTICLE, facts={"newest": facts.newest})
    if not facts.fits:
        return Refusal("lines-not-there", ARTICLE)
    if not facts.carried:
        return Refusal("lines-moved-on", ARTICLE, facts={"newest": facts.newest})
    if facts.empties_parent:
        return Refusal("empties-amendment", ARTICLE)
    if not facts.changes:
        return Refusal("changes-nothing", ARTICLE)
    return None


def _of_parent(facts: Moving) -> Refusal | None:
    if facts.parent_is_child:
        return Refusal("one-level-deep", ARTICLE)
    if facts.parent_over:
        return Refusal("amendment-over", ARTICLE)
    if facts.parent_deletes:
        return Refusal("nothing-to-amend", ARTICLE)
    return None


@dataclass(frozen=True)
class Amending:
    """What is known when somebody does something with an amendment."""

    place: Place
    is_mover: bool = False
    withdrawn: bool = False
    accepted: bool = False
    supports: bool = False
    to_amendment: bool = False
    moves_the_text: bool = False  # the draft is theirs, or the amendment that it speaks of
    nobodys_text: bool = False
    text_over: bool = False  # the draft is withdrawn; that amendment withdrawn or accepted
    overtaken: bool = False
    text_version: int = 1


def may_support_amendment(facts: Amending, *, at: datetime) -> Refusal | None:
    """A member who is no leader on it stands behind an amendment, once.

    Behind an accepted one too: should it be revised away again, it comes to the vote with this support.
    """
    if facts.withdrawn:
        return Refusal("amendment-withdrawn", ARTICLE)
    refusal = may(Doing.SUPPORT_DRAFT, facts.place, at=at)
    if refusal is None and facts.supports:
        return Refusal("already-supports", ARTICLE)
    return refusal


def may_withdraw_amendment(facts: Amending, *, at: datetime) -> Refusal | None:
    """The mover, until the vote opens; what was accepted is the text's."""
    if not facts.is_mover:
        return Refusal("not-your-amendment", OWN_WORDS)
    return _open(facts) or may(Doing.WITHDRAW_DRAFT, facts.place, at=at)


def may_accept(facts: Amending, *, at: datetime) -> Refusal | None:
    """The mover of the text, where they may revise it: it then says what the amendment says."""
    if facts.nobodys_text:
        return Refusal("nobodys-draft", ARTICLE)
    if not facts.moves_the_text:
        return Refusal("not-your-amendment" if facts.to_amendment else "not-your-draft", OWN_WORDS)
    if facts.text_over:
        return Refusal("amendment-over" if facts.to_amendment else "draft-withdrawn", ARTICLE)
    refusal = _open(facts) or may(Doing.REVISE_DRAFT, facts.place, at=at)
    if refusal is not None:
        return refusal
    if facts.overtaken:
        return Refusal("amendment-overtaken", ARTICLE)
    if facts.text_version >= MOST_VERSIONS:
        return Refusal("too-many-versions", OWN_WORDS, facts={"most": MOST_VERSIONS})
    return None


def _open(facts: Amending) -> Refusal | None:
    if facts.withdrawn:
        return Refusal("amendment-withdrawn", ARTICLE)
    return Refusal("amendment-accepted", ARTICLE) if facts.accepted else None


@dataclass(frozen=True)
class Combining:
    """What is known when somebody proposes to combine amendments, or agrees to it."""

    place: Place
    several: int  # how many different amendments
    one_draft: bool
    own: bool  # one of them is theirs
    over: bool  # one of them is withdrawn, accepted or overtaken
    combined: bool  # one of them is in another combination already
    conflict: bool
    proposals: int = 0
    asked: bool = True
    agreed: bool = False


def may_propose_combination(facts: Combining, *, at: datetime) -> Refusal | None:
    """The mover of one of them, for two to four of one draft that do not conflict."""
    refusal = may(Doing.PUT_DRAFT, facts.place, at=at)
    if refusal is not None:
        return refusal
    least, most = COMBINED
    if not least <= facts.several <= most:
        return Refusal("two-to-four", ARTICLE, facts={"least": least, "most": most})
    if not facts.one_draft:
        return Refusal("another-draft", ARTICLE)
    if not facts.own:
        return Refusal("not-your-amendment", OWN_WORDS)
    if facts.proposals >= COMBINATIONS_EACH:
        return Refusal("too-many-combinations", OWN_WORDS, facts={"most": COMBINATIONS_EACH})
    return _can_be_one(facts)


def may_agree(facts: Combining, *, at: datetime) -> Refusal | None:
    """Each other mover, once, for themselves alone."""
    refusal = may(Doing.PUT_DRAFT, facts.place, at=at)
    if refusal is not None:
        return refusal
    if not facts.asked:
        return Refusal("not-asked-to-combine", OWN_WORDS)
    if facts.agreed:
        return Refusal("agreed-already", ARTICLE)
    return _can_be_one(facts)


def _can_be_one(facts: Combining) -> Refusal | None:
    if facts.over:
        return Refusal("amendment-over", ARTICLE)
    if facts.combined:
        return Refusal("combined-already", ARTICLE)
    return Refusal("amendments-conflict", ARTICLE) if facts.conflict else None
