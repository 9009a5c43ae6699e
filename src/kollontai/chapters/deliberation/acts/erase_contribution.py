# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erase own words."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_contribution
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_issue_of(Contribution, given["contribution_id"]))
def erase_contribution(this: Act, *, contribution_id: str) -> None:
    """Erase one's own words, every version of them, and what came with them. Article 7.

    That something was said here stays.
    """
    contribution = the_contribution(this, contribution_id)
    require(rules.may_erase(facts.erasing(contribution, the_actor(this))))

    versions = contribution.versions.select_related("text").order_by("version")
    files = contribution.attachments.select_related("name", "file").order_by("at", "pk")
    with_them = [said for one in files for said in (one.name, one.file)]
    this.erase([*(version.text for version in versions), *with_them], ground="own")
