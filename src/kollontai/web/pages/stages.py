# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what in which stage of an issue: the table that the rules themselves ask, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.deliberation.stages import CLOSE_IN_REPLY, ENDED, MAY, Doing, Role, Stage
from kollontai.web.pages.issue import STAGE_WORDS

DOING_WORDS: Mapping[Doing, str | Promise] = {
    Doing.SUPPORT: _("stand behind the issue"),
    Doing.CALL_BIG: _("call it a big decision"),
    Doing.SPEAK: _("speak"),
    Doing.ASK: _("ask a question of fact"),
    Doing.PUT_DRAFT: _("put a draft, or amend one"),
    Doing.SUPPORT_DRAFT: _("support a draft or an amendment"),
    Doing.REVISE_DRAFT: _("put one’s own draft anew, accept an amendment"),
    Doing.WITHDRAW_DRAFT: _("take back one’s own draft or amendment"),
    Doing.STATE_FACTS: _("answer or correct a fact"),
    Doing.COVER_FACT: _("say that a leader’s “fact” argues"),
    Doing.SEAL: _("lodge one sealed statement"),
    Doing.POST_LETTER: _("post a letter from outside"),
    Doing.SHORTEN: _("shorten it, because of a date in a letter"),
}
EVERYBODY, MEMBERS, LEADERS, NOBODY = _("everybody"), _("members"), _("leaders"), _("nobody")


@dataclass(frozen=True)
class Cell:
    """Who may do one thing in one stage. `half`: only until the middle of the stage."""

    who: str | Promise
    half: bool = False

    @property
    def nobody(self) -> bool:
        """Whether nobody may."""
        return self.who is NOBODY


@dataclass(frozen=True)
class Line:
    """One thing to do, through all stages."""

    words: str | Promise
    cells: tuple[Cell, ...]


def stages() -> list[str | Promise]:
    """The stages an issue goes through while it is open, in order."""
    return [STAGE_WORDS[stage.value] for stage in _open()]


def table() -> list[Line]:
    """The whole table, a line for each thing to do."""
    return [Line(DOING_WORDS[doing], tuple(_cell(stage, doing) for stage in _open())) for doing in Doing]


def _open() -> list[Stage]:
    return [stage for stage in Stage if stage not in ENDED]


def _cell(stage: Stage, doing: Doing) -> Cell:
    members, leaders = (doing in MAY[stage][role] for role in (Role.MEMBER, Role.LEADER))
    who = EVERYBODY if members and leaders else MEMBERS if members else LEADERS if leaders else NOBODY
    half = stage is Stage.REPLY and doing in CLOSE_IN_REPLY and (members or leaders)
    return Cell(who, half)
