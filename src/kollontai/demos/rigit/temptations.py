# SPDX-License-Identifier: AGPL-3.0-or-later
"""The six temptations that stay within the software: by the acts that there are.

Each is tried for real, as the General Secretary of the copy, by the acts that come closest. What comes back
is what the rules said; nothing here decides anything. The page itself knocks at the addresses where one
would look for a power that has no act (`web/pages/rigit.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Contribution, Issue
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.models import Offer
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Unit
from kollontai.chapters.record.act import Actor, Done, tick
from kollontai.chapters.record.models import Deadline, Organisation
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.web import times
from kollontai.web.words import explain

SECRETARY = "General Secretary"
FIVE_YEARS = 1_825  # days


@dataclass(frozen=True)
class Attempt:
    """One thing that was tried, and what came back.

    `came`: "refused" (by a rule, with `code`, `article`, `sentence`, `more`, `until`), "nothing" (the clock
    had nothing to do), "allowed" (it is anybody's right), or "through": it went through and should not have.
    """

    tried: str
    came: str
    sentence: str = ""
    more: str = ""
    article: int = 0
    code: str = ""
    until: str = ""


class Scene:
    """The people and things of the copy, found by their posts and stages, never by name."""

    def __init__(self) -> None:
        self.organisation = Organisation.objects.get()
        self.id = self.organisation.pk
        self.slug = self.organisation.slug
        posts = Post.objects.filter(organisation=self.id).select_related("title", "unit")
        self.post = next(post for post in posts if str(post.title) == SECRETARY)
        self.term = Term.objects.get(post=self.post, ended_at=None)
        self.secretary = self.term.member
        self.talk = self._issue("talk")
        self.vote = self._issue("vote")
        self.decided = self._issue("decided")
        voices = Contribution.objects.filter(issue=self.talk, form="voice").exclude(author=self.secretary)
        self.critic = voices.select_related("author__name").order_by("at")[0]
        self.offer = Offer.objects.select_related("term__post__title", "member__name").get(state="asked")
        self.friend = self.decided.raised_by  # whoever wanted the office to have more
        self.me = Actor(self.id, self.secretary.pk, "demo")

    def _issue(self, stage: str) -> Issue:
        return Issue.objects.filter(organisation=self.id, stage=stage).order_by("-number")[0]


def speak_early(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Speak while the members talk."""
    said = given.get("words", "").strip() or _("With respect, this is how it was.")
    return [
        by_act(
            _("You say it on “%(title)s”, where the members talk.") % {"title": scene.talk.title},
            lambda: speak(scene.me, issue_id=scene.talk.pk, stance="against", text=said[:2_000]),
        )
    ]


def close_now(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Close a vote before its hour."""
    poll = scene.vote.poll_id
    due = Deadline.objects.get(act="deliberation.conclude", subject=poll, done_at=None).due
    attempts = [_ask_the_clock(due)]
    if Issue.objects.get(pk=scene.vote.pk).stage != "vote":
        attempts.append(Attempt(_("The vote."), "through"))
    return attempts


def _ask_the_clock(due: Any) -> Attempt:
    tried = _("You ask the clock to look whether anything is due.")
    if tick():
        return Attempt(tried, "through")
    words = _("It looked. It closes this vote %(when)s, and not for anybody.") % {"when": times.moment(due)}
    return Attempt(tried, "nothing", words)


def pad_roll(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Bring a friend to the ballot box."""
    poll, root = scene.vote.poll_id, Unit.objects.get(organisation=scene.id, parent=None)
    name = given.get("words", "").strip()[:60] or _("Cousin Arno")
    someone = Invitee(name, f"{secrets.token_hex(4)}@practice.example", root.pk)
    asked = invite(scene.me, invitees=[someone]).value[0]
    newcomer = Actor(scene.id, asked.pk, "demo")
    accept_invitation(newcomer)
    return [
        Attempt(
            _("So you invite %(name)s, who accepts at once.") % {"name": name},
            "allowed",
            _("Welcome, %(name)s. Any member may invite, and whoever accepts is a member.") % {"name": name},
        ),
        by_act(
            _("%(name)s goes straight to the ballot box.") % {"name": name},
            lambda: cast_ballot(newcomer, poll_id=poll or "", choice="no"),
        ),
    ]


def edit_critic(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Put a critic's words better."""
    said = given.get("words", "").strip() or _("I counted the people in the office, and all was well.")
    who, which = str(scene.critic.author.name), scene.critic.pk
    return [
        by_act(
            _("You put the words of %(name)s better.") % {"name": who},
            lambda: revise_contribution(scene.me, contribution_id=which, text=said[:2_000]),
        ),
        by_act(
            _("You erase them, to spare everybody the embarrassment."),
            lambda: erase_contribution(scene.me, contribution_id=which),
        ),
    ]


def seat_friend(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Fill a vacant post."""
    post, friend = scene.offer.term.post, scene.friend
    names = {"name": friend.name, "post": post.title}
    return [
        by_act(
            _("%(name)s simply begins to act as %(post)s.") % names,
            lambda: accept_acting(Actor(scene.id, friend.pk, "demo"), term_id=scene.offer.term_id),
        ),
    ]


def extend_term(scene: Scene, given: dict[str, str]) -> list[Attempt]:
    """Stay a little longer."""
    root = Unit.objects.get(organisation=scene.id, parent=None)
    longer = Effect("set_limit", key="O1.leading", value=FIVE_YEARS)
    said = _("A term of five years gives the work the calm it needs.")
    return [
        by_act(
            _("Then properly: you move that the charter give leading posts five years."),
            lambda: raise_issue(
                scene.me, unit_id=root.pk, title=_("Calm"), text=said, draft_title=_("Calm"), draft_text=said,
                big=True, effects=[longer],
            ),
        ),
    ]  # fmt: skip


TEMPTATIONS: dict[str, Callable[[Scene, dict[str, str]], list[Attempt]]] = {
    "speak": speak_early,
    "close": close_now,
    "roll": pad_roll,
    "critic": edit_critic,
    "friend": seat_friend,
    "term": extend_term,
}


def yield_to(which: str, given: dict[str, str]) -> dict[str, Any]:
    """Try one of them; return what came back as plain values."""
    return {"attempts": [asdict(one) for one in TEMPTATIONS[which](Scene(), given)]}


def by_act(tried: str, perform: Callable[[], Done[Any]]) -> Attempt:
    """Try an act, and say how it was refused."""
    try:
        perform()
    except Refused as refused:
        words = explain(refused.refusal)
        until = times.moment(words.until) if words.until else ""
        return Attempt(tried, "refused", words.sentence, words.more, words.article, words.code, until)
    return Attempt(tried, "through")
