# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: S608 - these statements are written to be read, and run in a copy that is thrown away
"""What lies on the desk that evening: the state of things, and statements of SQL ready to be run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from kollontai.chapters.deliberation.models import ContributionVersion
from kollontai.chapters.petitions.models import Petition, Signature
from kollontai.chapters.voting.models import Poll
from kollontai.demos.rigit.temptations import Scene
from kollontai.ids import new_id


def desk(scene: Scene) -> dict[str, Any]:
    """The state of things, as plain values; moments in UTC."""
    petition = Petition.objects.select_related("title").get(organisation=scene.id, about="recall")
    poll = Poll.objects.get(pk=scene.vote.poll_id)
    counted = Poll.objects.get(pk=scene.decided.poll_id)
    said = ContributionVersion.objects.select_related("text").get(contribution=scene.critic, version=1)
    return {
        "slug": scene.slug,
        "zone": scene.organisation.zone,
        "secretary": str(scene.secretary.name),
        "ends": scene.term.ends_at.isoformat(),
        "talk": str(scene.talk.title),
        "critic": str(scene.critic.author.name),
        "words": str(said.text),
        "poll_id": poll.pk,
        "post_id": scene.offer.term.post_id,
        "term_id": scene.term.pk,
        "vote": str(scene.vote.title),
        "voted": poll.open_ballots.count(),
        "closes": poll.closes_at.isoformat(),
        "decided": str(scene.decided.title),
        "figures": counted.figures,
        "vacant": str(scene.offer.term.post.title),
        "next": str(scene.offer.member.name),
        "friend": str(scene.friend.name),
        "recall": str(petition.title),
        "signed": petition.signatures.count(),
        "needed": petition.needed,
    }


def edits(scene: Scene, *, member: str) -> dict[str, str]:
    """Statements a General Secretary might think of, by name. `member` signed the recall."""
    petition = Petition.objects.get(organisation=scene.id, about="recall")
    signature = Signature.objects.get(petition=petition, alias=petition.links.get(member=member).alias)
    said = ContributionVersion.objects.get(contribution=scene.critic, version=1).text_id
    vacant, friend = scene.offer.term, scene.friend.pk
    begins, ends = _written(scene.offer.offered_at), _written(vacant.ends_at)
    later = _written(scene.term.ends_at + timedelta(days=1_825))
    return {
        name: statement.strip()
        for name, statement in {
            "result": f"""
UPDATE deliberation_issue
   SET outcome = 'carried'
 WHERE id = '{scene.decided.pk}'""",
            "count": f"""
UPDATE voting_poll
   SET outcome = 'yes'
 WHERE id = '{scene.decided.poll_id}'""",
            "critic": f"""
UPDATE record_content
   SET value = CAST('I drove past the office, and all was well.' AS BLOB)
 WHERE id = {said}""",
            "signature": f"""
DELETE FROM petitions_signature
 WHERE alias = '{signature.alias}'""",
            "friend": f"""
INSERT INTO bodies_term
       (id, organisation_id, post_id, member_id, poll, how, leading, pay, duty,
        begins_at, ends_at, ended_why)
VALUES ('{new_id()}', '{scene.id}', '{vacant.post_id}', '{friend}',
        '{vacant.poll}', 'elected', {int(vacant.leading)}, {vacant.pay}, '{vacant.duty}',
        '{begins}', '{ends}', '')""",
            "term": f"""
UPDATE bodies_term
   SET ends_at = '{later}'
 WHERE id = '{scene.term.pk}'""",
            "roll": f"""
DELETE FROM voting_voter
 WHERE poll_id = '{scene.vote.poll_id}'
   AND member_id = '{scene.critic.author_id}'""",
        }.items()
    }


def _written(moment: object) -> str:
    return str(connection.ops.adapt_datetimefield_value(moment))
