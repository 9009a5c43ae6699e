# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a demonstration tells of posts: who stands, who is elected, who gives back, who is to be recalled."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import Poll
from kollontai.demos import portraits
from kollontai.demos.crowd import Ballot, cast, varied
from kollontai.demos.stories import flowing

if TYPE_CHECKING:
    from kollontai.demos.build import Building


class Posts:
    """Elections and recalls of one building."""

    def __init__(self, building: Building) -> None:
        self.b = building
        self.signers: dict[str, list[str]] = {}

    def tell(self) -> None:
        """Put everything that is done to fill and empty posts on the list of happenings."""
        story, before, at = self.b.story, self.b.before, self.b.at
        for one in story.get("stands", []):
            when = before(one["before"])
            if "asked_by" in one:
                at(when - timedelta(hours=12), partial(self._put_forward, one))
            at(when, partial(self._stand, one))
        for paper in story.get("papers", []):
            for number, name in enumerate(paper.get("names", [])):
                at(
                    before(paper["before"]) + timedelta(minutes=7 * number),
                    partial(self._number, paper, name),
                )
            if "many" in paper:
                at(before(paper["before"]), partial(self._number_many, paper))
        for one in story.get("resigns", []):
            at(before(one["before"]), partial(self._resign, one))
        for one in story.get("acts_for_now", []):
            at(before(one["before"]), partial(self._act_for_now, one))
        for one in story.get("recalls", []):
            self._tell_recall(one)

    def _tell_recall(self, one: dict[str, Any]) -> None:
        begun = one["before"]
        self.b.at(self.b.before(begun), partial(self._recall, one))
        for number, name in enumerate(one["signed"], 1):
            self.b.at(self.b.before(begun - 1.7 * number), partial(self._sign, one, [name]))
        for wave in one.get("waves", []):
            do = self._sign_many if "many" in wave else self._take_back
            self.b.at(self.b.before(wave["before"]), partial(do, one, wave))
        for paper in one.get("votes", []):
            self.b.at(self.b.before(paper["before"]), partial(self._say, one, paper))

    # --- Elections ---

    def _post(self, title: str) -> Post:
        posts = Post.objects.filter(organisation=self.b.organisation).select_related("title")
        return next(post for post in posts if str(post.title) == title)

    def _election(self, title: str) -> Election:
        return self._post(title).elections.order_by("-opened_at", "-pk")[0]

    def _put_forward(self, one: dict[str, Any]) -> None:
        election = self._election(one["post"])
        nominate(self.b.actor(one["asked_by"]), election_id=election.pk, nominee=self.b.ids[one["by"]])

    def _stand(self, one: dict[str, Any]) -> None:
        election = self._election(one["post"])
        stand(
            self.b.actor(one["by"]),
            election_id=election.pk,
            statement=flowing(one["statement"]),
            picture=portraits.picture(one["by"]),
        )

    def _ranking(self, order: list[str]) -> list[list[str]]:
        return [[RON if one == "again" else self.b.ids[one]] for one in order]

    def _number(self, paper: dict[str, Any], name: str) -> None:
        ranking = self._ranking(paper["order"])
        cast_ballot(self.b.actor(name), poll_id=self._election(paper["post"]).poll, ranking=ranking)

    def _number_many(self, paper: dict[str, Any]) -> None:
        election = self._election(paper["post"])
        unit = next(
            (one.get("unit", "") for one in self.b.story["posts"] if one["title"] == paper["post"]), ""
        )
        voters = self.b.crowd.draw(f"{paper['post']}/{election.round}", paper["many"], unit=unit)
        ballots = [
            Ballot(self.b.ids[name], ranking=self._ranking(varied(paper["order"], f"{paper['post']}/{name}")))
            for name in voters
        ]
        cast(self.b.organisation, election.poll, ballots)

    def _resign(self, one: dict[str, Any]) -> None:
        terms = self._post(one["post"]).terms.filter(member=self.b.ids[one["name"]], ended_at=None)
        resign(self.b.actor(one["name"]), term_id=terms.get().pk)

    def _act_for_now(self, one: dict[str, Any]) -> None:
        offer = Offer.objects.get(term__post=self._post(one["post"]), member=self.b.ids[one["name"]])
        accept_acting(self.b.actor(one["name"]), term_id=offer.term_id)

    # --- Recalls ---

    def _recall(self, one: dict[str, Any]) -> None:
        open_petition(
            self.b.actor(one["by"]),
            about="recall",
            title=one["title"],
            text=flowing(one["text"]),
            term_id=self._post(one["post"]).terms.get(ended_at=None).pk,
        )

    def _petition(self, one: dict[str, Any]) -> Petition:
        term = self._post(one["post"]).terms.get(ended_at=None)
        return Petition.objects.get(organisation=self.b.organisation, subject=term.pk)

    def _sign(self, one: dict[str, Any], names: list[str]) -> None:
        petition = self._petition(one)
        for name in names:
            sign_petition(self.b.actor(name), petition_id=petition.pk)

    def _sign_many(self, one: dict[str, Any], wave: dict[str, Any]) -> None:
        names = self.b.crowd.draw(one["title"], wave["many"])
        self.signers.setdefault(one["title"], []).extend(names)
        self._sign(one, names)

    def _take_back(self, one: dict[str, Any], wave: dict[str, Any]) -> None:
        petition = self._petition(one)
        for name in self.signers[one["title"]][: wave["took_back"]]:
            withdraw_signature(self.b.actor(name), petition_id=petition.pk)

    def _say(self, one: dict[str, Any], paper: dict[str, Any]) -> None:
        poll = Poll.objects.get(pk=self._petition(one).poll)
        voters = self.b.crowd.draw(f"{one['title']}/vote", paper["many"])
        cast(
            self.b.organisation,
            poll.pk,
            [Ballot(self.b.ids[name], choice=paper["choice"]) for name in voters],
        )
        for name in paper.get("names", []):
            cast_ballot(self.b.actor(name), poll_id=poll.pk, choice=paper["choice"])
