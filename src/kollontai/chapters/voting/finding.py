# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ids an act was given to polls of its own organisation, or a kind refusal."""

from __future__ import annotations

from kollontai.chapters.record.act import Act, Refusal, Refused
from kollontai.chapters.record.rows import one_of
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.voting.rules import ARTICLE


def the_poll(this: Act, poll_id: str) -> Poll:
    """A poll of this organisation."""
    found = one_of(Poll, this.organisation_id, poll_id)
    if found is None:
        raise Refused(Refusal("no-such-vote", ARTICLE))
    return found


def the_secret_poll(this: Act, poll_id: str) -> Poll:
    """A poll with a secret box."""
    poll = the_poll(this, poll_id)
    if poll.box != "separated":
        raise Refused(Refusal("vote-without-lot", ARTICLE))
    return poll
