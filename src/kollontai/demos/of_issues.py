# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a demonstration tells of issues: who raises them, what is said, moved, amended and voted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from kollontai import clock
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Contribution, DraftVersion, Issue
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.writing_in.acts.write_in_words import write_in_words
from kollontai.demos import papers
from kollontai.demos.crowd import Ballot, cast
from kollontai.demos.stories import flowing

if TYPE_CHECKING:
    from kollontai.demos.build import Building


class Issues:
    """The issues of one building."""

    def __init__(self, building: Building) -> None:
        self.b = building

    def tell(self) -> None:
        """Put everything that is said and done on issues on the list of happenings."""
        for issue in self.b.story["issues"]:
            self._tell(issue)

    def _tell(self, issue: dict[str, Any]) -> None:
        """Put everything that is said and done on an issue on the list of happenings."""
        begun = self.b.before(issue["raised"])
        at = partial(_after, begun)
        first, *others = issue["drafts"]
        self.b.at(begun, partial(self._raise, issue, first))
        for number, name in enumerate(issue["supporters"]):
            self.b.at(at(0.1 + 0.1 * number), partial(self._support, issue["key"], name))
        if "more_supporters" in issue:
            self.b.at(at(0.35), partial(self._support_many, issue, issue["more_supporters"]))
        for draft in others:
            self.b.at(at(draft["after"]), partial(self._put, issue["key"], draft))
            for number, name in enumerate(draft["supporters"]):
                self.b.at(at(draft["after"] + 0.4 * (number + 1)), partial(self._back, draft["title"], name))
            if "more_supporters" in draft:
                self.b.at(at(draft["after"] + 1.3), partial(self._back_many, issue, draft))
        for voice in issue.get("voices", []):
            self.b.at(at(voice["after"]), partial(self._speak, issue["key"], voice))
        self._tell_amendments(issue, at)
        for name, after in issue.get("called_big", []):
            self.b.at(at(after), partial(self._call_big, issue["key"], name))
        for fact in issue.get("facts", []):
            self.b.at(at(fact["after"]), partial(self._answer, issue["key"], fact))
        for statement in issue.get("statements", []):
            self.b.at(at(statement["after"]), partial(self._seal, issue["key"], statement))
        for letter in issue.get("letters", []):
            self.b.at(at(letter["after"]), partial(self._letter, issue["key"], letter))
        number = 0
        for choice in issue.get("ballots", []):
            second = choice.get("second")
            for wanted, names in choice.items():
                if wanted == "second":
                    continue
                for name in names:
                    number += 1
                    when = at(issue.get("votes", 17) + 0.1 * number)
                    self.b.at(when, partial(self._vote, issue["key"], name, wanted, second))
        for ballots in issue.get("many", []):
            self.b.at(at(ballots["after"]), partial(self._vote_many, issue, ballots))

    def _tell_amendments(self, issue: dict[str, Any], at: Callable[[float], datetime]) -> None:
        """Put amendments, what becomes of them, and who stands behind them on the list of happenings."""
        for number, one in enumerate(issue.get("amendments", []), 1):
            self.b.at(at(one["after"]), partial(self._amend, issue["key"], one))
            for place, name in enumerate(one["supporters"], 1):
                when = at(one["after"] + 0.1 * place)
                self.b.at(when, partial(self._stand_behind, issue["key"], number, name))
            if "more_supporters" in one:
                self.b.at(at(one["after"] + 0.5), partial(self._stand_behind_many, issue, number, one))
        for one in issue.get("accepted", []):
            self.b.at(at(one["after"]), partial(self._accept, issue["key"], one))
        for one in issue.get("combined", []):
            self.b.at(at(one["after"]), partial(self._combine, issue["key"], one))
            for name, after in one["agreed"]:
                self.b.at(at(after), partial(self._agree, issue["key"], name))

    def _issue(self, key: str) -> Issue:
        title = next(one["title"] for one in self.b.story["issues"] if one["key"] == key)
        return next(
            issue
            for issue in Issue.objects.filter(organisation=self.b.organisation).select_related(
                "title", "unit"
            )
            if str(issue.title) == title
        )

    def _draft_id(self, title: str) -> str:
        return next(
            version.draft_id
            for version in DraftVersion.objects.filter(organisation=self.b.organisation).select_related(
                "title"
            )
            if str(version.title) == title
        )

    def _raise(self, issue: dict[str, Any], draft: dict[str, Any]) -> None:
        raise_issue(
            self.b.actor(issue["by"]),
            unit_id=self.b.units[issue.get("unit", "")],
            title=issue["title"],
            text=flowing(issue["text"]),
            draft_title=draft["title"],
            draft_text=draft["text"].strip(),
            big=issue.get("big", False),
            effects=self._effects(draft),
        )

    def _effects(self, draft: dict[str, Any]) -> list[Effect]:
        """What a draft would change, with ids in place of names."""
        posts = Post.objects.filter(organisation=self.b.organisation).select_related("title")
        effects = []
        for told in draft.get("effects", []):
            known = dict(told)
            for place in known.keys() & {"from_unit", "into_unit"}:
                known[place] = self.b.units[known[place]]
            if "post" in known:
                known["post"] = next(post.pk for post in posts if str(post.title) == known["post"])
            effects.append(Effect(**known))
        return effects

    def _support(self, key: str, name: str) -> None:
        support_issue(self.b.actor(name), issue_id=self._issue(key).pk)

    def _support_many(self, issue: dict[str, Any], many: int) -> None:
        for name in self.b.crowd.draw(f"{issue['key']}/support", many, unit=issue.get("unit", "")):
            if self._issue(issue["key"]).stage == Stage.GATHERING.value:
                self._support(issue["key"], name)

    def _put(self, key: str, draft: dict[str, Any]) -> None:
        put_draft(
            self.b.actor(draft["by"]),
            issue_id=self._issue(key).pk,
            title=draft["title"],
            text=draft["text"].strip(),
            effects=self._effects(draft),
        )

    def _back(self, title: str, name: str) -> None:
        support_draft(self.b.actor(name), draft_id=self._draft_id(title))

    def _back_many(self, issue: dict[str, Any], draft: dict[str, Any]) -> None:
        key, unit = f"{issue['key']}/{draft['title']}", issue.get("unit", "")
        for name in self.b.crowd.draw(key, draft["more_supporters"], unit=unit):
            self._back(draft["title"], name)

    def _said_by(self, key: str, name: str) -> str:
        said = Contribution.objects.filter(issue=self._issue(key), author=self.b.ids[name], form="voice")
        return said.order_by("-at")[0].pk

    def _speak(self, key: str, voice: dict[str, Any]) -> None:
        answers = self._said_by(key, voice["answers"]) if "answers" in voice else ""
        if "hand" in voice:  # said on the stairs, and written in by a neighbour
            write_in_words(
                self.b.actor(voice["hand"]),
                issue_id=self._issue(key).pk,
                member_id=self.b.ids[voice["by"]],
                stance=voice["stance"],
                text=voice["text"].strip(),
                answers=answers,
            )
            return
        speak(
            self.b.actor(voice["by"]),
            issue_id=self._issue(key).pk,
            stance=voice["stance"],
            text=voice["text"].strip(),
            answers=answers,
            files=[papers.sheet(**voice["paper"])] if "paper" in voice else [],
        )

    # --- Amendments and big decisions ---

    def _amendment(self, key: str, number: int) -> str:
        return self._issue(key).amendments.get(number=number).pk

    def _amend(self, key: str, one: dict[str, Any]) -> None:
        move_amendment(
            self.b.actor(one["by"]),
            draft_id=self._draft_id(one["draft"]),
            version=one.get("version", 1),
            operation=one["operation"],
            first=one["first"],
            last=one["last"],
            text=one["text"],
            reasons=one["reasons"],
            parent_id=self._amendment(key, one["of"]) if "of" in one else "",
        )

    def _stand_behind(self, key: str, number: int, name: str) -> None:
        support_amendment(self.b.actor(name), amendment_id=self._amendment(key, number))

    def _stand_behind_many(self, issue: dict[str, Any], number: int, one: dict[str, Any]) -> None:
        key, unit = f"{issue['key']}/amendment {number}", issue.get("unit", "")
        for name in self.b.crowd.draw(key, one["more_supporters"], unit=unit):
            self._stand_behind(issue["key"], number, name)

    def _accept(self, key: str, one: dict[str, Any]) -> None:
        accept_amendment(self.b.actor(one["by"]), amendment_id=self._amendment(key, one["number"]))

    def _combine(self, key: str, one: dict[str, Any]) -> None:
        others = [self._amendment(key, number) for number in one["with"]]
        own = self._amendment(key, one["number"])
        propose_combination(self.b.actor(one["by"]), amendment_id=own, with_ids=others)

    def _agree(self, key: str, name: str) -> None:
        agree_to_combination(self.b.actor(name), combination_id=self._issue(key).combinations.get().pk)

    def _call_big(self, key: str, name: str) -> None:
        call_big(self.b.actor(name), issue_id=self._issue(key).pk)

    def _answer(self, key: str, fact: dict[str, Any]) -> None:
        answer_fact(
            self.b.actor(fact["by"]),
            contribution_id=self._said_by(key, fact["answers"]),
            text=fact["text"],
            source=fact["source"],
        )

    def _seal(self, key: str, statement: dict[str, Any]) -> None:
        seal_statement(self.b.actor(statement["by"]), issue_id=self._issue(key).pk, text=statement["text"])

    def _letter(self, key: str, letter: dict[str, Any]) -> None:
        post_letter(
            self.b.actor(letter["by"]),
            issue_id=self._issue(key).pk,
            sender=letter["sender"],
            text=flowing(letter["text"]),
            received_at=clock.now() - timedelta(hours=5),
        )

    # --- Votes ---

    def _poll(self, key: str) -> Poll:
        poll = self._issue(key).poll
        assert poll is not None
        return poll

    def _ranking(self, poll: Poll, order: list[str]) -> list[list[str]]:
        return [[one if one == poll.status_quo else self._draft_id(one)] for one in order]

    def _vote(self, key: str, name: str, wanted: str, second: str | None) -> None:
        poll = self._poll(key)
        if poll.form == "yes_no":
            cast_ballot(self.b.actor(name), poll_id=poll.pk, choice=wanted)
            return
        ranking = self._ranking(poll, [wanted] + ([second] if second else []))
        cast_ballot(self.b.actor(name), poll_id=poll.pk, ranking=ranking)

    def _vote_many(self, issue: dict[str, Any], told: dict[str, Any]) -> None:
        poll = self._poll(issue["key"])
        voters = self.b.crowd.draw(f"{issue['key']}/vote", told["many"], unit=issue.get("unit", ""))
        choice = told.get("choice")
        ranking = None if choice else self._ranking(poll, told["order"])
        cast(
            self.b.organisation,
            poll.pk,
            [Ballot(self.b.ids[name], choice=choice, ranking=ranking) for name in voters],
        )


def _after(begun: datetime, days: float) -> datetime:
    return begun + timedelta(days=days)
