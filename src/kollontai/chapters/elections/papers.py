# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on ballot papers about posts: no name is given more room than another's."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kollontai.chapters.bodies.models import Claim
from kollontai.chapters.elections.models import Candidacy, Election
from kollontai.chapters.voting.choices import RON
from kollontai.counting.lots import draw


def confirmation(claim: Claim) -> str:
    """The paper of a confirmation: who, for which post, elected when, until when, by which minutes."""
    return _text(
        {
            "about": "confirmation",
            "post": claim.post_id,
            "title": str(claim.post.title),
            "member": claim.member_id,
            "elected_at": f"{claim.elected_at:%Y-%m-%dT%H:%M:%SZ}",
            "old_end": f"{claim.old_end:%Y-%m-%dT%H:%M:%SZ}",
            "minutes": str(claim.minutes),
            "options": [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}],
        }
    )


def order_on_paper(poll_id: str, candidates: Sequence[str]) -> list[str]:
    """Candidates in the order that the poll's own id draws, re-open nominations last."""
    return [*draw(poll_id, candidates), RON]


def election(election: Election, candidates: Sequence[Candidacy], options: Sequence[str]) -> str:
    """The paper of an election: the post, how many seats, and each candidate with their own words."""
    said = {candidacy.member_id: candidacy for candidacy in candidates}
    shown: list[dict[str, object]] = []
    for option in options:
        if option == RON:
            shown.append({"id": RON})
            continue
        candidacy = said[option]
        words = candidacy.versions.get(version=candidacy.version)
        shown.append(
            {
                "id": option,
                "half": candidacy.half,
                "statement": words.statement.commitment,
                "picture": words.picture.commitment if words.picture is not None else None,
            }
        )
    return _text(
        {
            "about": "election",
            "election": election.pk,
            "post": election.post_id,
            "title": str(election.post.title),
            "seats": election.seats,
            "options": shown,
        }
    )


def recall(*, post_id: str, title: str, member: str, petition: str) -> str:
    """The paper of a recall: whether somebody loses a post."""
    return _text(
        {
            "about": "recall",
            "post": post_id,
            "title": title,
            "member": member,
            "petition": petition,
            "options": [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}],
        }
    )


def _text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
