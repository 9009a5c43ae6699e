# SPDX-License-Identifier: AGPL-3.0-or-later
"""Show what one added to the lot of a secret poll."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.voting import lots, queries
from kollontai.chapters.voting.finding import the_secret_poll
from kollontai.chapters.voting.models import LotShare
from kollontai.openrecord.kinds.boxes import LotShown


@act(locks=lambda given: [f"lot:{given['poll_id']}"])
def show_lot(this: Act, *, poll_id: str, sentence: str) -> LotShare:
    """Show the sentence behind what one added to a lot; who does not counts as zeros, by name. Article 1."""
    poll = the_secret_poll(this, poll_id)
    require(lots.may_show(queries.adding(poll, here(this.organisation_id, this.actor)), sentence, at=this.at))

    share = LotShare.objects.get(poll=poll, member=this.actor)
    share.sentence = this.record(LotShown(poll=poll.pk), sentence=sentence)["sentence"]
    share.save(update_fields=["sentence"])
    return share
